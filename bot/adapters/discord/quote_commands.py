"""The commands for quotations: who said what, who said this, and who is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.adapters.discord.looking import MOST, MOST_SPEAKERS
from bot.adapters.discord.naming import name_of, text_of
from bot.adapters.discord.quoted_words import words_of
from bot.conversation import QuoteRequest, SpeakersRequest, WhosaidRequest
from bot.quoting import LONGEST_QUOTATION, LONGEST_TOPIC
from bot.rendering.discord import shortened

if TYPE_CHECKING:
    from bot.adapters.discord.client import OnRecordBot

_LONGEST = 100
"""Characters of a choice's name and of its value."""
_LONGEST_SAID = LONGEST_QUOTATION
_LONGEST_ABOUT = LONGEST_TOPIC
_ROOM = 90
"""Characters of a name, with room for how often it is quoted."""


def add_quote_commands(tree: app_commands.CommandTree[Any]) -> None:
    """Register the commands."""
    tree.add_command(_quote)
    tree.add_command(_whosaid)
    tree.add_command(_speakers)
    tree.add_command(app_commands.ContextMenu(name=name_of("who_said"), callback=_who_said))


async def _complete_speaker(
    interaction: discord.Interaction[OnRecordBot], typed: str
) -> list[app_commands.Choice[str]]:
    """The speakers of the server's articles, by any of their names, most quoted first."""
    return [
        app_commands.Choice(name=f"{shortened(called, _ROOM)} ({quotes})", value=value)
        for id_, called, quotes in await interaction.client.looking.speakers(interaction, typed)
        if (value := _value(id_, called))
    ]


async def _complete_article(
    interaction: discord.Interaction[OnRecordBot], typed: str
) -> list[app_commands.Choice[str]]:
    """The server's articles, by words of their titles."""
    return [
        app_commands.Choice(name=shortened(title, _LONGEST) or value, value=value)
        for id_, title in await interaction.client.looking.articles(interaction, typed)
        if (value := _value(id_, title))
    ]


def _value(id_: str, called: str) -> str:
    """What stands for a choice: its id, or as much of its name as a choice holds."""
    return id_ if len(id_) <= _LONGEST else called[:_LONGEST].strip()


@app_commands.command(name=name_of("quote"), description=text_of("quote"))
@app_commands.rename(
    speaker=name_of("quote_speaker"), about=name_of("quote_about"), article=name_of("quote_article")
)
@app_commands.describe(
    speaker=text_of("quote_speaker"), about=text_of("quote_about"), article=text_of("quote_article")
)
@app_commands.autocomplete(speaker=_complete_speaker, article=_complete_article)
async def _quote(
    interaction: discord.Interaction[OnRecordBot],
    speaker: app_commands.Range[str, 1, _LONGEST] = "",
    about: app_commands.Range[str, 1, _LONGEST_ABOUT] = "",
    article: app_commands.Range[str, 1, _LONGEST] = "",
) -> None:
    request = QuoteRequest(speaker, about, article, limit=MOST)
    await interaction.client.looking.command(interaction, request)


@app_commands.command(name=name_of("whosaid"), description=text_of("whosaid"))
@app_commands.rename(said=name_of("whosaid_words"))
@app_commands.describe(said=text_of("whosaid_words"))
async def _whosaid(
    interaction: discord.Interaction[OnRecordBot],
    said: app_commands.Range[str, 1, _LONGEST_SAID],
) -> None:
    await interaction.client.looking.command(interaction, WhosaidRequest(said))


@app_commands.command(name=name_of("speakers"), description=text_of("speakers"))
async def _speakers(interaction: discord.Interaction[OnRecordBot]) -> None:
    await interaction.client.looking.command(interaction, SpeakersRequest(limit=MOST_SPEAKERS))


async def _who_said(
    interaction: discord.Interaction[OnRecordBot], message: discord.Message
) -> None:
    request = WhosaidRequest(words_of(message))
    await interaction.client.looking.command(interaction, request)
