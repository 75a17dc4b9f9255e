"""``/reindex`` and ``/corpus …``: running the corpus from Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.adapters.discord.delivery import plain, respond
from bot.adapters.discord.members import user_of
from bot.adapters.discord.naming import name_of, text_of
from bot.adapters.discord.problems import told
from bot.errors import BotError
from bot.localization import phrases
from bot.rendering.corpus import act_line, problem_line, version_line
from corpus.errors import CorpusError
from index.errors import SearchIndexError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.adapters.discord.client import OnRecordBot
    from bot.keeping import Keeping
    from bot.localization import Phrases
    from bot.rights import Member

    Telling = Callable[[Keeping, Member, Phrases], Awaitable[str]]

_OFFERED = 25
"""Choices that Discord shows at most."""


@app_commands.command(name=name_of("reindex"), description=text_of("reindex"))
@app_commands.guild_only()
async def reindex(interaction: discord.Interaction[OnRecordBot]) -> None:
    """Show what would change, and offer to do it."""
    await interaction.client.reindexing.propose(interaction)


class Corpus(app_commands.Group):
    """The articles, their versions and what was done to them.

    Anybody sees these commands, for the role that may run the corpus is the server's choice; the
    right to is checked at each call.
    """

    def __init__(self) -> None:
        super().__init__(name=name_of("corpus"), description=text_of("corpus"), guild_only=True)

    @app_commands.command(name=name_of("corpus_versions"), description=text_of("corpus_versions"))
    async def versions(self, interaction: discord.Interaction[OnRecordBot]) -> None:
        """List the versions."""
        await tell(interaction, _versions)

    @app_commands.command(name=name_of("corpus_rollback"), description=text_of("corpus_rollback"))
    @app_commands.rename(version=name_of("corpus_rollback_version"))
    @app_commands.describe(version=text_of("corpus_rollback_version"))
    async def rollback(
        self, interaction: discord.Interaction[OnRecordBot], version: str = ""
    ) -> None:
        """Go back to one of them."""

        async def go(keeping: Keeping, member: Member, words: Phrases) -> str:
            chosen = await keeping.roll_back(member, version.strip())
            return words("rolled_back", version=chosen.name)

        await tell(interaction, go)

    @rollback.autocomplete("version")
    async def _offer_versions(
        self, interaction: discord.Interaction[OnRecordBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        try:
            found = await interaction.client.keeping.versions(user_of(interaction))
        except BotError:
            return []  # whoever may not run the corpus learns nothing of it
        return [
            app_commands.Choice(name=version_line(one)[:100], value=one.name)
            for one in found
            if typed in one.name and not one.current
        ][:_OFFERED]

    @app_commands.command(name=name_of("corpus_history"), description=text_of("corpus_history"))
    async def history(self, interaction: discord.Interaction[OnRecordBot]) -> None:
        """Show what was done."""
        await tell(interaction, _history)


async def tell(interaction: discord.Interaction[OnRecordBot], telling: Telling) -> None:
    """Answer a command with what ``telling`` gives, or with the reason why it cannot be had."""
    words = phrases(interaction.locale.value)
    async with told(interaction, words):
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            text = await telling(interaction.client.keeping, user_of(interaction), words)
        except (BotError, CorpusError, SearchIndexError) as error:
            text = problem_line(error, words)
        await respond(interaction, plain(text), words, ephemeral=True)


async def _versions(keeping: Keeping, member: Member, words: Phrases) -> str:
    found = await keeping.versions(member)
    if not found:
        return words("versions_none")
    name = await keeping.collection(member)
    return "\n".join([words("versions_title", name=name), *map(version_line, found)])


async def _history(keeping: Keeping, member: Member, words: Phrases) -> str:
    acts = await keeping.history(member)
    if not acts:
        return words("history_none")
    name = await keeping.collection(member)
    return "\n".join([words("history_title", name=name), *map(act_line, acts)])
