"""``/reindex``, ``/corpus versions`` and ``/corpus rollback``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.adapters.discord.corpus_commands import Corpus
from bot.adapters.discord.delivery import plain, respond
from bot.adapters.discord.members import user_of
from bot.adapters.discord.naming import name_of, text_of
from bot.adapters.discord.problems import told
from bot.errors import BotError
from bot.localization import phrases
from bot.rendering.corpus import problem_line, version_line
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


@app_commands.command(name=name_of("corpus_versions"), description=text_of("corpus_versions"))
async def versions(interaction: discord.Interaction[OnRecordBot]) -> None:
    """List the versions."""
    await tell(interaction, _versions)


async def _offered(
    interaction: discord.Interaction[OnRecordBot], typed: str
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


@app_commands.command(name=name_of("corpus_rollback"), description=text_of("corpus_rollback"))
@app_commands.rename(version=name_of("corpus_rollback_version"))
@app_commands.describe(version=text_of("corpus_rollback_version"))
@app_commands.autocomplete(version=_offered)
async def rollback(interaction: discord.Interaction[OnRecordBot], version: str = "") -> None:
    """Go back to an earlier version."""

    async def go(keeping: Keeping, member: Member, words: Phrases) -> str:
        chosen = await keeping.roll_back(member, version.strip())
        return words("rolled_back", version=chosen.name)

    await tell(interaction, go)


def corpus_group() -> Corpus:
    """``/corpus`` with all its commands."""
    group = Corpus()
    group.add_command(versions)
    group.add_command(rollback)
    return group


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
