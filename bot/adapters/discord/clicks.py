"""What the buttons under an answer do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.adapters.discord import permissions
from bot.adapters.discord.buttons import WHY, custom_id, reason_in, reason_modal
from bot.adapters.discord.delivery import plain, respond, send, sentence
from bot.adapters.discord.members import refused, user_of
from bot.adapters.discord.problems import lacking, told
from bot.adapters.discord.threads import TOO_MANY_THREADS, open_thread
from bot.conversation import Kind, Reply
from bot.localization import phrases
from bot.rendering.discord import render, render_contexts

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.ledger import Entry
    from bot.localization import Phrases
    from bot.rights import Rights


class Clicks:
    """Takes clicks on buttons and windows that were filled in.

    Args:
        desk: knows the answers that the buttons belong to.
        rights: who may use them.
    """

    def __init__(self, desk: Desk, rights: Rights) -> None:
        self._desk = desk
        self._rights = rights

    async def take(self, interaction: discord.Interaction, action: str, answer: str) -> None:
        """Do what a button is for; say so where it cannot be done."""
        words = phrases(interaction.locale.value)
        async with told(interaction, words):
            if refusal := await self._refusal(interaction, words):
                await interaction.response.defer(ephemeral=True, thinking=True)
                await self._say(interaction, refusal, words)
                return
            if action == "down":
                # A window has to be the first response, and within 3 s.
                await interaction.response.send_modal(reason_modal(answer, words))
                await self._rate(interaction, answer, helpful=False)
                return
            await interaction.response.defer(ephemeral=True, thinking=True)
            entry = await self._desk.entry(answer, str(interaction.guild_id or ""))
            if entry is None:
                await self._say(interaction, words("unknown_answer"), words)
            elif entry.private and entry.asker != str(interaction.user.id):
                await self._say(interaction, words("not_yours", asker=f"<@{entry.asker}>"), words)
            elif action == "up":
                await self._rate(interaction, answer, helpful=True)
                await self._say(interaction, words("thanks"), words)
            elif action == "thread":
                said = await self._follow_up(interaction, entry, words)
                await self._say(interaction, said, words)
            else:
                shows = self._context if action == "context" else self._more
                await shows(interaction, entry, words)

    async def submitted(self, interaction: discord.Interaction) -> None:
        """Keep the reason that somebody gave in a window."""
        words = phrases(interaction.locale.value)
        async with told(interaction, words):
            await interaction.response.defer(ephemeral=True, thinking=True)
            if refusal := await self._refusal(interaction, words):
                await self._say(interaction, refusal, words)
                return
            answer = custom_id(interaction).removeprefix(WHY)
            reason = reason_in(interaction.data).strip()
            known = await self._rate(interaction, answer, helpful=False, reason=reason)
            await self._say(interaction, words("thanks" if known else "unknown_answer"), words)

    async def _refusal(self, interaction: discord.Interaction, words: Phrases) -> str:
        """Why a member may not use what an answer offers; empty if they may."""
        member = user_of(interaction)
        wishes = await self._desk.wishes(member.server)
        refusal = self._rights.to_ask(member, wishes)
        return refused(refusal, wishes, words) if refusal else ""

    async def _rate(
        self, interaction: discord.Interaction, answer: str, *, helpful: bool, reason: str = ""
    ) -> bool:
        server, member = str(interaction.guild_id or ""), str(interaction.user.id)
        return await self._desk.rate(answer, server, member, helpful=helpful, reason=reason)

    async def _context(
        self, interaction: discord.Interaction, entry: Entry, words: Phrases
    ) -> None:
        contexts = await self._desk.contexts(entry)
        parts = render_contexts(contexts, words) if contexts else plain(words("gone"))
        await respond(interaction, parts, words, ephemeral=True)

    async def _more(self, interaction: discord.Interaction, entry: Entry, words: Phrases) -> None:
        sources = await self._desk.more(entry)
        if sources:
            parts = render(Reply(Kind.ANSWER, sources=sources), words, words("more"))
        else:
            parts = plain(words("no_more"))
        sent = await respond(interaction, parts, words, ephemeral=True)
        if sources:
            await self._desk.shown_privately(entry.id, sent)

    async def _follow_up(
        self, interaction: discord.Interaction, entry: Entry, words: Phrases
    ) -> str:
        """Open a thread under the answer, or find it; says where to ask."""
        channel, message = interaction.channel, interaction.message
        if isinstance(channel, discord.Thread):
            return words("follow_up_here")
        if interaction.guild_id is None:
            return words("follow_up_dm")
        if not isinstance(channel, discord.TextChannel) or message is None:
            return words("follow_up_reply")
        if missing := permissions.to_open_threads(channel):
            return lacking(channel, missing, words)
        try:
            thread, is_new = await open_thread(message, entry.question)
        except discord.HTTPException as error:
            if error.code != TOO_MANY_THREADS:
                raise
            return words("follow_up_no_thread")
        if is_new:
            await send(thread, plain(words("follow_up_here")), words)
        return words("follow_up_in", thread=thread.mention)

    async def _say(self, interaction: discord.Interaction, text: str, words: Phrases) -> None:
        await respond(interaction, sentence(text), words, ephemeral=True)
