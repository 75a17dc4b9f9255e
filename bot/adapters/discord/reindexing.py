"""A reindex on Discord: the plan, its confirmation, a bar that moves, and the result."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.adapters.discord.delivery import NO_PINGS, plain, respond
from bot.adapters.discord.members import user_of
from bot.adapters.discord.problems import told
from bot.errors import BotError
from bot.localization import phrases
from bot.rendering.corpus import built_lines, plan_lines, problem_line, progress_line
from bot.rendering.discord import LIMIT, said, shortened
from bot.rendering.splitting import pack

if TYPE_CHECKING:
    import re

    from bot.adapters.discord.client import OnRecordBot
    from bot.keeping import Keeping
    from bot.localization import Phrases
    from index.build import Progress

    Interaction = discord.Interaction[OnRecordBot]

_PAUSE = 2.5
"""Seconds between two edits of a bar: Discord takes five in five seconds in a channel."""
_STOPPING = 3.0
"""Seconds that running builds have to say that they were stopped."""
_LABELS = {
    "start": ("plan_confirm", discord.ButtonStyle.primary),
    "leave": ("plan_discard", discord.ButtonStyle.secondary),
    "cancel": ("build_cancel", discord.ButtonStyle.danger),
}

_log = logging.getLogger(__name__)


class ReindexButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"onrecord:reindex:(?P<action>start|leave|cancel):(?P<collection>[a-z0-9_-]{1,40})",
):
    """A button under a plan or a bar; its id says what it does, so it outlives a restart.

    Args:
        action: one of ``_LABELS``.
        collection: the one that was planned for.
        words: for its label; not needed where it only takes a click.
    """

    def __init__(self, action: str, collection: str, words: Phrases | None = None) -> None:
        key, style = _LABELS[action]
        super().__init__(
            discord.ui.Button(
                label=words(key) if words else None,
                style=style,
                custom_id=f"onrecord:reindex:{action}:{collection}",
            )
        )
        self.action = action
        self.collection = collection

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, __: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """The button that was clicked, from the id that came back."""
        return cls(match["action"], match["collection"])

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Hand the click on."""
        await interaction.client.reindexing.take(interaction, self.action, self.collection)


def _buttons(collection: str, words: Phrases, *actions: str) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for action in actions:
        view.add_item(ReindexButton(action, collection, words))
    return view


class Reindexing:
    """Plans, confirms and shows builds.

    Args:
        keeping: does it, and checks who may.
    """

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping
        self._tasks: set[asyncio.Task[None]] = set()

    async def propose(self, interaction: Interaction) -> None:
        """Show what a reindex would change, with a button to do it."""
        words = phrases(interaction.locale.value)
        async with told(interaction, words):
            await interaction.response.defer(ephemeral=True, thinking=True)
            view = None
            try:
                plan = await self._keeping.plan(user_of(interaction))
            except BotError as error:
                text = problem_line(error, words)
            else:
                text = "\n".join(plan_lines(plan, words, titled=True))
                if not plan.is_empty:
                    view = _buttons(plan.collection, words, "start", "leave")
            await respond(interaction, plain(text), words, view=view, ephemeral=True)

    async def take(self, interaction: Interaction, action: str, collection: str) -> None:
        """Do what a button is for."""
        words = phrases(interaction.locale.value)
        async with told(interaction, words):
            await interaction.response.defer()
            if action == "start":
                await self._build(interaction, collection, words)
            elif action == "cancel":
                await self._cancel(interaction, collection, words)
            else:
                await _Board(interaction).show(words("plan_discarded"))

    async def stop(self) -> None:
        """Wait a moment until the builds that were ended have said so."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_STOPPING)

    async def _cancel(self, interaction: Interaction, collection: str, words: Phrases) -> None:
        try:
            if await self._keeping.cancel(user_of(interaction), collection):
                return  # whoever shows the bar shows what came of it
            text = words("build_none")
        except BotError as error:
            text = problem_line(error, words)
        await interaction.followup.send(text, ephemeral=True, allowed_mentions=NO_PINGS)

    async def _build(self, interaction: Interaction, collection: str, words: Phrases) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        board = _Board(interaction)
        bar = asyncio.create_task(self._bar(board, collection, words))
        try:
            member = user_of(interaction)
            built = await self._keeping.reindex(member, board.take, collection)
            lines = built_lines(built, words)
            corrector, version = interaction.client.corrector, built["index_version"]
            if summary := await corrector.after(collection, version, member.server):
                lines.append(words.corrections(summary))
            text = "\n".join(lines)
        except BotError as error:
            text = problem_line(error, words)
        finally:
            bar.cancel()
            await asyncio.wait((bar,))
            self._tasks.discard(task)
        await board.show(text)

    async def _bar(self, board: _Board, collection: str, words: Phrases) -> None:
        """Show how far it is, as often as Discord takes edits, where that has changed."""
        view = _buttons(collection, words, "cancel")
        shown = 0
        await board.show(progress_line(shown, words), view)
        since = time.monotonic()
        while True:
            await board.moved.wait()
            board.moved.clear()
            if board.percent != shown and time.monotonic() - since >= _PAUSE:
                shown = board.percent
                await board.show(progress_line(shown, words), view)
                since = time.monotonic()


class _Board:
    """The one message in which a reindex is shown.

    Discord lets an answer to a command be edited for 15 minutes. A build that takes longer goes
    on in a message of its own in the channel.
    """

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._own: discord.Message | None = None
        self.percent = 0
        self.moved = asyncio.Event()

    def take(self, progress: Progress) -> None:
        """Keep how far the build is."""
        self.percent = 100 * progress.done // progress.total if progress.total else 0
        self.moved.set()

    async def show(self, text: str, view: discord.ui.View | None = None) -> None:
        """Replace what the message says; what cannot be shown is logged."""
        part = pack(said(text), LIMIT)[0]
        content = part.content if text else ""
        try:
            await self._show(content, view)
        except discord.HTTPException as error:
            _log.warning("could not show a reindex (%s): %s", error, shortened(text, 200))

    async def _show(self, content: str, view: discord.ui.View | None) -> None:
        if self._own is not None:
            await self._own.edit(content=content, view=view, allowed_mentions=NO_PINGS)
            return
        interaction = self._interaction
        try:
            await interaction.edit_original_response(
                content=content, view=view, allowed_mentions=NO_PINGS
            )
        except discord.HTTPException:
            channel = interaction.channel
            if not interaction.is_expired() or not isinstance(channel, discord.abc.Messageable):
                raise
            options: dict[str, Any] = {"view": view} if view else {}
            self._own = await channel.send(content, allowed_mentions=NO_PINGS, **options)
