"""Quotations on Discord: seen by who asks for them, and by all once they are shared.

A lookup is often one of several until the right words are found, and may turn out to be a
mistake; nobody but the asker needs to see those. What is shared stands in the channel like an
answer, with the buttons of one.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.adapters.discord.delivery import follow_up, respond, sentence
from bot.adapters.discord.members import user_of
from bot.adapters.discord.pages import private_buttons, public_buttons
from bot.adapters.discord.problems import told
from bot.desk import Inquiry
from bot.localization import phrases
from bot.rendering.discord_quotes import render_lookup
from bot.rendering.paging import Place
from index.source import Shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bot.adapters.discord.limits import Limits
    from bot.desk import Desk
    from bot.ledger import Entry, Sent
    from bot.localization import Phrases
    from bot.lookups import LookedUp, Lookups, Request
    from bot.rendering.paging import Leaf

MOST = 5
"""Quotations on a page at most; fewer where they do not fit into one message."""
MOST_SPEAKERS = 15
_REMEMBERED = 10_000
"""Shared pages that are remembered, in case somebody clicks twice."""


class Looking:
    """Looks up quotations for the members of servers.

    Args:
        desk: keeps what was shown.
        lookups: finds it.
        limits: where and how often.
        counted: within it a lookup is finished before the bot stops.
    """

    def __init__(
        self,
        desk: Desk,
        lookups: Lookups,
        limits: Limits,
        counted: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._desk = desk
        self._lookups = lookups
        self._limits = limits
        self._counted = counted
        self._shared: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def command(self, interaction: discord.Interaction, request: Request) -> None:
        """Answer a command, for nobody but the member who uses it."""
        words = phrases(interaction.locale.value)
        async with told(interaction, words):
            with self._counted():
                await interaction.response.defer(ephemeral=True, thinking=True)
                await self._command(interaction, request, words)

    async def turn(self, interaction: discord.Interaction, answer: str, place: Place) -> None:
        """Show another page in place of the one with the button."""
        words = phrases(interaction.locale.value)
        async with told(interaction, words):
            with self._counted():
                await interaction.response.defer()
                await self._turn(interaction, answer, place, words)

    async def share(self, interaction: discord.Interaction, answer: str, place: Place) -> None:
        """Show a page to all who see the channel."""
        words = phrases(interaction.locale.value)
        async with told(interaction, words):
            with self._counted():
                await interaction.response.defer()
                await self._share(interaction, answer, place, words)

    async def speakers(
        self, interaction: discord.Interaction, typed: str
    ) -> tuple[tuple[str, str, int], ...]:
        """The speakers to offer to a member while they type; none where they may not ask."""
        if await self._is_closed(interaction):
            return ()
        return await self._lookups.speakers(typed, str(interaction.guild_id or ""))

    async def articles(
        self, interaction: discord.Interaction, typed: str
    ) -> tuple[tuple[str, str], ...]:
        """The articles to offer to a member while they type; none where they may not ask."""
        if await self._is_closed(interaction):
            return ()
        return await self._lookups.articles(typed, str(interaction.guild_id or ""))

    async def _is_closed(self, interaction: discord.Interaction) -> bool:
        wishes = await self._desk.wishes(str(interaction.guild_id or ""))
        return self._limits.closes(wishes, user_of(interaction))

    async def _command(
        self, interaction: discord.Interaction, request: Request, words: Phrases
    ) -> None:
        inquiry = _inquiry(interaction)
        if refusal := await self._refusal(interaction, inquiry, words):
            await respond(interaction, sentence(refusal), words, ephemeral=True)
            return
        self._limits.count(inquiry)
        found = await self._lookups.look_up(request, inquiry)
        leaf = render_lookup(found.reply, words, Place())
        if not found.is_kept:
            await respond(interaction, (leaf.part,), words, ephemeral=True)
            return
        view = private_buttons(found.id, leaf, words)
        await self._lookups.keep(found, inquiry, leaf.sources, private=True)
        sent: list[Sent] = []
        try:
            sent = await respond(interaction, (leaf.part,), words, view=view, ephemeral=True)
        finally:
            await self._desk.sent(found.id, sent)

    async def _turn(
        self, interaction: discord.Interaction, answer: str, place: Place, words: Phrases
    ) -> None:
        entry = await self._own(interaction, answer, words)
        if entry is None:
            return
        found, leaf = await self._page(entry, place, interaction.user.display_name, words)
        if not found.is_kept:
            await follow_up(interaction, leaf.part, words, ephemeral=True)
            return
        buttons = private_buttons if entry.private else public_buttons
        view = buttons(entry.id, leaf, words)
        (sent,) = await respond(
            interaction, (leaf.part,), words, view=view, ephemeral=entry.private
        )
        shown = [Shown.of(source) for source in leaf.sources if source.number in sent.numbers]
        await self._desk.turned(entry.id, sent.message, shown, sent)

    async def _page(
        self, entry: Entry, place: Place, name: str, words: Phrases
    ) -> tuple[LookedUp, Leaf]:
        """A page of what ``entry`` asked, as it is now."""
        most = MOST_SPEAKERS if '"speakers"' in entry.lookup else MOST
        found = await self._lookups.again(entry, *place.window(most))
        heading = "" if entry.private else words("shared_by", name=name)
        return found, render_lookup(found.reply, words, place, heading)

    async def _share(
        self, interaction: discord.Interaction, answer: str, place: Place, words: Phrases
    ) -> None:
        entry = await self._own(interaction, answer, words)
        if entry is None:
            return
        inquiry, name = _inquiry(interaction), interaction.user.display_name
        refusal = await self._refusal(interaction, inquiry, words)
        if not refusal and not _may_post(interaction):
            refusal = words("may_not_post")
        if not refusal and not self._is_new(answer, place):
            refusal = words("already_shared")
        if refusal:
            await self._say(interaction, refusal, words)
            return
        self._limits.count(inquiry)
        found, leaf = await self._page(replace(entry, private=False), place, name, words)
        if not found.is_kept:
            await follow_up(interaction, leaf.part, words, ephemeral=True)
            return
        await self._publish(interaction, found, inquiry, leaf, words)
        view = private_buttons(answer, leaf, words, shared=True)
        await interaction.edit_original_response(view=view)

    async def _publish(
        self,
        interaction: discord.Interaction,
        found: LookedUp,
        inquiry: Inquiry,
        leaf: Leaf,
        words: Phrases,
    ) -> None:
        found = replace(found, id=secrets.token_hex(8))
        view = public_buttons(found.id, leaf, words)
        await self._lookups.keep(found, inquiry, leaf.sources, private=False)
        sent: list[Sent] = []
        try:
            sent = [await follow_up(interaction, leaf.part, words, view=view)]
        finally:
            await self._desk.sent(found.id, sent)

    async def _own(
        self, interaction: discord.Interaction, answer: str, words: Phrases
    ) -> Entry | None:
        """The entry of a lookup, if the member who clicks made it; else they are told."""
        entry = await self._desk.entry(answer, str(interaction.guild_id or ""))
        if entry is None:
            await self._say(interaction, words("unknown_answer"), words)
        elif entry.asker != str(interaction.user.id):
            said = words("not_yours", asker=f"<@{entry.asker}>")
            await self._say(interaction, said, words)
        elif await self._is_closed(interaction):
            await self._say(
                interaction,
                await self._refusal(interaction, _inquiry(interaction), words),
                words,
            )
        else:
            return entry
        return None

    async def _refusal(
        self, interaction: discord.Interaction, inquiry: Inquiry, words: Phrases
    ) -> str:
        wishes = await self._desk.wishes(inquiry.server)
        return self._limits.refusal(inquiry, wishes, user_of(interaction), words)

    async def _say(self, interaction: discord.Interaction, text: str, words: Phrases) -> None:
        await follow_up(interaction, sentence(text)[0], words, ephemeral=True)

    def _is_new(self, answer: str, place: Place) -> bool:
        """Whether a page was not shared yet; from now on it was."""
        key = (answer, place.code)
        if key in self._shared:
            return False
        self._shared[key] = None
        if len(self._shared) > _REMEMBERED:
            self._shared.popitem(last=False)
        return True


def _inquiry(interaction: discord.Interaction) -> Inquiry:
    return Inquiry(
        text="",
        asker=str(interaction.user.id),
        server=str(interaction.guild_id or ""),
        channel=str(interaction.channel_id or ""),
        asked_in=str(interaction.id),
    )


def _may_post(interaction: discord.Interaction) -> bool:
    """Whether the member may write where they are; Discord sends their permissions along."""
    if interaction.guild_id is None:
        return True
    channel, may = interaction.channel, interaction.permissions
    if not isinstance(channel, discord.Thread):
        return may.send_messages
    return may.send_messages_in_threads and (not channel.locked or may.manage_threads)
