"""From a message or command to an answer in its place: one, or a reason why there is none."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import discord

from bot.adapters.discord import permissions
from bot.adapters.discord.addressing import question_of, referenced
from bot.adapters.discord.buttons import buttons
from bot.adapters.discord.delivery import plain, respond, send, sentence, to
from bot.adapters.discord.members import author_of, user_of
from bot.adapters.discord.problems import explain, lacking, locked, tell_asker, told
from bot.adapters.discord.threads import has_threads, thread_for
from bot.asking import whole
from bot.desk import Inquiry
from bot.localization import phrases
from bot.rendering.discord import render

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from bot.adapters.discord.limits import Limits
    from bot.desk import Desk, Outcome
    from bot.ledger import Sent
    from bot.localization import Phrases

    Sending = Callable[[discord.ui.View | None], Awaitable[list[Sent]]]

_REMEMBERED = 10_000
"""Messages whose answering is remembered, in case Discord sends them twice."""
_MOST_EDITS = 3
"""How often a question may be edited while it is answered; the answer is to what it was then."""

_LONGEST_TYPING = 600.0
"""Seconds for which typing is shown at most: no answer may take longer."""


@dataclass(slots=True)
class _Running:
    """A question that is being answered.

    Attributes:
        message: as it is now.
        deleted: whether it is gone.
    """

    message: discord.Message
    deleted: bool = False


class Answering:
    """Answers what is asked on Discord.

    Args:
        desk: answers.
        limits: where and how often.
        me: the bot itself, known once it is logged in.
    """

    def __init__(self, desk: Desk, limits: Limits, me: Callable[[], discord.ClientUser]) -> None:
        self._desk = desk
        self._limits = limits
        self._me = me
        self._running: dict[int, _Running] = {}
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._tasks: set[asyncio.Task[object]] = set()

    async def message(self, message: discord.Message) -> None:
        """Answer a message that is addressed to the bot, once."""
        if not self._is_new(message.id):
            return
        running = self._running[message.id] = _Running(message)
        words = phrases(message.guild.preferred_locale.value if message.guild else "")
        try:
            with self.counted():
                await self._message(running, words)
        except Exception as error:  # noqa: BLE001 - the boundary: no member is left waiting
            await explain(message, error, words)
        finally:
            del self._running[message.id]

    async def command(self, interaction: discord.Interaction, text: str) -> None:
        """Answer a command."""
        words = phrases(interaction.locale.value)
        async with told(interaction, words):
            with self.counted():
                await self._command(interaction, text, words)

    def edited(self, message: discord.Message) -> None:
        """A message was edited: if it is being answered, its new words count."""
        if message.id in self._running:
            self._running[message.id].message = message

    def deleted(self, message_id: int) -> None:
        """A message was deleted: if it is being answered, it no longer needs to be."""
        if message_id in self._running:
            self._running[message_id].deleted = True

    @property
    def is_stopping(self) -> bool:
        """Whether no more questions are taken."""
        return self._limits.stopping

    async def stop(self, seconds: float) -> None:
        """Take no more questions; the running ones have so many seconds to be answered."""
        self._limits.stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _is_new(self, message_id: int) -> bool:
        """Whether a message was not answered yet; from now on it was."""
        if message_id in self._seen:
            return False
        self._seen[message_id] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return True

    @contextmanager
    def counted(self) -> Iterator[None]:
        """A question is being answered, for whoever wants to stop the bot."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    # Messages

    async def _message(self, running: _Running, words: Phrases) -> None:
        message = running.message
        if missing := permissions.to_answer(message.channel):
            await tell_asker(message, lacking(message.channel, missing, words))
            return
        if permissions.is_locked(message.channel):
            await tell_asker(message, locked(message.channel, words))
            return
        inquiry = self._inquiry(message)
        wishes = await self._desk.wishes(inquiry.server)
        refusal = self._limits.refusal(inquiry, wishes, author_of(message), words)
        if not refusal and not inquiry.text:
            refusal = words("how_to_ask" if self._could_read(message) else "unreadable")
        if refusal:
            await send(message.channel, sentence(refusal), words, reference=to(message))
            return
        self._limits.count(inquiry)
        async with _typing(message.channel):
            outcome, inquiry = await self._ask(running, inquiry)
        if not running.deleted:
            await self._deliver(running.message, inquiry, outcome, words)

    def _inquiry(self, message: discord.Message) -> Inquiry:
        pointed = referenced(message)
        return Inquiry(
            text=question_of(message, self._me()),
            asker=str(message.author.id),
            server=str(message.guild.id if message.guild else ""),
            channel=str(message.channel.id),
            asked_in=str(message.id),
            replied_to=str(pointed.id) if pointed else "",
            starter=_starter(message.channel),
        )

    def _could_read(self, message: discord.Message) -> bool:
        """Whether Discord showed what was said: nobody can send a message with nothing in it."""
        shown = message.content or message.attachments or message.stickers
        return message.guild is None or bool(shown)

    async def _ask(self, running: _Running, inquiry: Inquiry) -> tuple[Outcome, Inquiry]:
        """The reply to the question as it stands when the reply is ready."""
        for edits in range(_MOST_EDITS + 1):
            outcome = await self._desk.ask(inquiry)
            now = question_of(running.message, self._me())
            if running.deleted or now in ("", inquiry.text) or edits == _MOST_EDITS:
                break
            inquiry = replace(inquiry, text=now)
        return outcome, inquiry

    async def _deliver(
        self, message: discord.Message, inquiry: Inquiry, outcome: Outcome, words: Phrases
    ) -> None:
        wishes = await self._desk.wishes(inquiry.server)
        channel: discord.abc.Messageable = message.channel
        place, reference = inquiry.channel, to(message)
        if wishes.threads and (thread := await thread_for(message, inquiry.text)):
            channel, place, reference = thread, str(thread.id), None
        parts = render(outcome.reply, words)
        await self._keep(
            inquiry,
            outcome,
            place,
            words,
            lambda view: send(channel, parts, words, view=view, reference=reference),
        )

    # Commands

    async def _command(self, interaction: discord.Interaction, text: str, words: Phrases) -> None:
        inquiry = Inquiry(
            text=whole(text),
            asker=str(interaction.user.id),
            server=str(interaction.guild_id or ""),
            channel=str(interaction.channel_id or ""),
            asked_in=str(interaction.id),
            starter=_starter(interaction.channel),
        )
        wishes = await self._desk.wishes(inquiry.server)
        if refusal := self._limits.refusal(inquiry, wishes, user_of(interaction), words):
            await interaction.response.defer(ephemeral=True, thinking=True)
            await respond(interaction, sentence(refusal), words, ephemeral=True)
            return
        self._limits.count(inquiry)
        await interaction.response.defer(thinking=True)
        outcome = await self._desk.ask(inquiry)
        await self._respond(interaction, inquiry, outcome, words)

    async def _respond(
        self, interaction: discord.Interaction, inquiry: Inquiry, outcome: Outcome, words: Phrases
    ) -> None:
        name = interaction.user.display_name
        heading = words("asked_by", name=name, question=inquiry.text)
        wishes = await self._desk.wishes(inquiry.server)
        if wishes.threads and (thread := await self._thread(interaction, heading, inquiry, words)):
            place, parts = str(thread.id), render(outcome.reply, words)
            await self._keep(
                inquiry, outcome, place, words, lambda view: send(thread, parts, words, view=view)
            )
            return
        parts = render(outcome.reply, words, heading)
        await self._keep(
            inquiry,
            outcome,
            inquiry.channel,
            words,
            lambda view: respond(interaction, parts, words, view=view),
        )

    async def _thread(
        self, interaction: discord.Interaction, heading: str, inquiry: Inquiry, words: Phrases
    ) -> discord.Thread | None:
        """A thread under the response, which says who asked what; ``None`` if there can be none."""
        channel = interaction.channel
        if not isinstance(channel, discord.TextChannel) or not has_threads(channel):
            return None
        sent = await respond(interaction, plain(heading), words)
        return await thread_for(channel.get_partial_message(int(sent[-1].message)), inquiry.text)

    # Both

    async def _keep(
        self, inquiry: Inquiry, outcome: Outcome, place: str, words: Phrases, sending: Sending
    ) -> None:
        """Send an answer and keep what it showed; nothing is kept of one that was not sent."""
        if not await self._desk.keep(inquiry, outcome, place):
            await sending(None)
            return
        reply = outcome.reply
        more = bool(reply.answer and reply.answer.more)
        sent: list[Sent] = []
        try:
            sent = await sending(buttons(outcome.id, words, shown=bool(reply.sources), more=more))
        finally:
            await self._desk.sent(outcome.id, sent)


def _starter(channel: object) -> str:
    """The message that a thread began with: it has the thread's id."""
    return str(channel.id) if isinstance(channel, discord.Thread) else ""


@asynccontextmanager
async def _typing(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Show that an answer is on its way, where Discord lets the bot show it.

    The answer does not wait for it: Discord may hold back who shows it in a channel too often.
    """
    showing = asyncio.create_task(_show_typing(channel))
    try:
        yield
    finally:
        showing.cancel()


async def _show_typing(channel: discord.abc.Messageable) -> None:
    with suppress(discord.HTTPException):
        async with channel.typing():
            await asyncio.sleep(_LONGEST_TYPING)
