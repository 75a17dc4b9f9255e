"""The boundary for what fails between Discord and the service: it is said and logged."""

from __future__ import annotations

import logging
import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import discord

from bot.adapters.discord import permissions
from bot.adapters.discord.delivery import NO_PINGS, send, sentence, to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.localization import Phrases

_GONE = (10003, 10008, 10015, 10062)
"""Codes for an unknown channel, message, webhook and interaction: nobody is left to be told."""

_REFUSED = (50001, 50013)
"""Codes for missing access and missing permissions."""
_LOCKED = (50083, 160005)
"""Codes for a thread that is archived and locked, and for one that is locked."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def told(interaction: discord.Interaction, phrases: Phrases) -> AsyncIterator[None]:
    """Whatever fails inside is logged under an id, and the member is told that id."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the boundary: no member is left waiting
        sentence = phrases("unexpected", id=logged(error))
        if not is_gone(error):
            await _tell(interaction, sentence)


def logged(error: BaseException) -> str:
    """Log ``error`` with its traceback; returns the id it is logged under."""
    problem_id = secrets.token_hex(4)
    _log.error("problem %s", problem_id, exc_info=error)
    return problem_id


def is_gone(error: BaseException) -> bool:
    """Whether what was to be answered is no longer there."""
    return isinstance(error, discord.HTTPException) and error.code in _GONE


async def _tell(interaction: discord.Interaction, sentence: str) -> None:
    try:
        if interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=NO_PINGS)
        else:
            await interaction.response.send_message(
                sentence, ephemeral=True, allowed_mentions=NO_PINGS
            )
    except discord.HTTPException as error:
        _log.warning("could not tell a member about a problem: %s", error)


def lacking(channel: object, missing: list[str], phrases: Phrases) -> str:
    """Which permissions the bot lacks in a channel."""
    names = ", ".join(map(phrases, missing))
    return phrases("missing", channel=_named(channel), permission=names)


def locked(channel: object, phrases: Phrases) -> str:
    """That a thread is locked."""
    return phrases("locked", channel=_named(channel))


async def explain(message: discord.Message, error: Exception, phrases: Phrases) -> None:
    """Tell whoever asked in ``message`` why there is no answer: there, or else by themselves."""
    if is_gone(error):
        _log.info("nobody is left to answer in channel %s: %s", message.channel.id, error)
        return
    code = error.code if isinstance(error, discord.HTTPException) else 0
    if code in _REFUSED:
        missing = permissions.to_answer(message.channel) or ["send_messages"]
        await tell_asker(message, lacking(message.channel, missing, phrases))
    elif code in _LOCKED:
        await tell_asker(message, locked(message.channel, phrases))
    else:
        said = phrases("unexpected", id=logged(error))
        try:
            await send(message.channel, sentence(said), phrases, reference=to(message))
        except discord.HTTPException:
            await tell_asker(message, said)


async def tell_asker(message: discord.Message, said: str) -> None:
    """Tell somebody by direct message what could not be said where they asked."""
    _log.warning("told by direct message: %s", said)
    try:
        await message.author.send(said, allowed_mentions=NO_PINGS)
    except discord.HTTPException as error:
        _log.warning("could not reach %s either: %s", message.author.id, error)


def _named(channel: object) -> str:
    return str(getattr(channel, "mention", channel))
