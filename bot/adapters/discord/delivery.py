"""Sending: every message without pings, and compared with what Discord made of it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import discord

from bot.adapters.discord import permissions
from bot.ledger import Sent
from bot.rendering.discord import LIMIT, pieces, said
from bot.rendering.splitting import Part, pack

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from discord.abc import Messageable

    from bot.localization import Phrases

T = TypeVar("T")

NO_PINGS = discord.AllowedMentions.none()
_SERVER_ERROR = 500
_TRIES = 3
_PAUSE = 1.0
"""Seconds before a message that Discord could not take is sent again; doubled each time."""

_log = logging.getLogger(__name__)


def plain(text: str) -> tuple[Part, ...]:
    """The bot's own words as messages, however long, with nothing in them read as markup."""
    return pack(said(text), LIMIT)


def sentence(text: str) -> tuple[Part, ...]:
    """A sentence of the bot's own, in which it may name channels as Discord does."""
    return (Part(text),)


def to(message: discord.Message) -> discord.MessageReference | None:
    """What makes an answer a reply; nothing where the bot may not read what came before."""
    if not permissions.can_refer(message.channel):
        return None
    return discord.MessageReference.from_message(message, fail_if_not_exists=False)


async def send(
    channel: Messageable,
    parts: Sequence[Part],
    phrases: Phrases,
    *,
    view: discord.ui.View | None = None,
    reference: discord.MessageReference | None = None,
) -> list[Sent]:
    """Send ``parts`` one after the other, the first as a reply, the last with buttons.

    Raises:
        discord.HTTPException: if Discord refuses; see ``explain``.
    """
    sent: list[Sent] = []
    for part, options in _with_options(parts, view):
        if reference is not None and not sent:
            options["reference"] = reference
        # The nonce keeps a message that was taken after all from being sent twice.
        options |= {"suppress_embeds": True, "nonce": secrets.randbits(53)}
        message = await retried(
            lambda part=part, options=options: channel.send(  # type: ignore[misc]
                part.content, allowed_mentions=NO_PINGS, **options
            )
        )
        sent.append(await compared(message, part, phrases))
    return sent


async def respond(
    interaction: discord.Interaction,
    parts: Sequence[Part],
    phrases: Phrases,
    *,
    view: discord.ui.View | None = None,
    ephemeral: bool = False,
) -> list[Sent]:
    """Fill the deferred response with the first of ``parts``; the others follow it."""
    sent: list[Sent] = []
    for part, options in _with_options(parts, view):
        if not sent:
            message: discord.Message = await retried(
                lambda part=part, options=options: interaction.edit_original_response(  # type: ignore[misc]
                    content=part.content, allowed_mentions=NO_PINGS, **options
                )
            )
            sent.append(await compared(message, part, phrases, ephemeral=ephemeral))
        else:
            sent.append(await follow_up(interaction, part, phrases, ephemeral=ephemeral, **options))
    return sent


async def follow_up(
    interaction: discord.Interaction,
    part: Part,
    phrases: Phrases,
    *,
    ephemeral: bool = False,
    **options: Any,
) -> Sent:
    """Send another message after the response to an interaction."""
    message = await interaction.followup.send(
        part.content,
        allowed_mentions=NO_PINGS,
        suppress_embeds=True,
        ephemeral=ephemeral,
        wait=True,
        **options,
    )
    return await compared(message, part, phrases, ephemeral=ephemeral)


def _with_options(
    parts: Sequence[Part], view: discord.ui.View | None
) -> list[tuple[Part, dict[str, Any]]]:
    last = len(parts) - 1
    return [(part, {"view": view} if view and at == last else {}) for at, part in enumerate(parts)]


async def retried(call: Callable[[], Awaitable[T]]) -> T:
    """The result of ``call``, tried again where Discord itself failed.

    discord.py tries again too, some seconds long; this outlasts a restart at Discord's end.
    """
    for attempt in range(1, _TRIES):
        try:
            return await call()
        except discord.HTTPException as error:
            if error.status < _SERVER_ERROR:
                raise
            _log.warning("Discord failed (%s); trying again", error)
            await asyncio.sleep(_PAUSE * attempt)
    return await call()


async def compared(
    message: discord.Message, part: Part, phrases: Phrases, *, ephemeral: bool = False
) -> Sent:
    """What was sent, after looking whether Discord altered an article's words.

    Altered words are sent once more; if they are altered again they are taken back.
    """
    sent = Sent(
        message=str(message.id),
        channel=str(message.channel.id),
        numbers=part.numbers,
        pieces=pieces(part),
        language=phrases.language,
        ephemeral=ephemeral or message.flags.ephemeral,
    )
    if not is_altered(message.content, part):
        return sent
    _log.error("Discord altered a quotation in message %s: %r", message.id, part.content)
    again = await message.edit(content=part.content, allowed_mentions=NO_PINGS)
    if not is_altered(again.content, part):
        return sent
    _log.error("taking back the quotation in message %s", message.id)
    await message.edit(content=_taken_back(part, phrases), allowed_mentions=NO_PINGS)
    return replace(sent, numbers=(), pieces=())


def is_altered(received: str, part: Part) -> bool:
    """Whether a quotation of ``part`` does not stand in ``received`` as it was sent."""
    if received != part.content.strip():
        _log.warning("Discord altered a message: sent %r, kept %r", part.content, received)
    at = 0
    for quotation in part.quotations:
        found = received.find(quotation, at)
        if found < 0:
            return True
        at = found + len(quotation)
    return False


def _taken_back(part: Part, phrases: Phrases) -> str:
    """The message without its quotations: what stays is where to read the words."""
    lines = part.content.split("\n")
    kept = [line for line in lines if line and not line.startswith(">")]
    return "\n".join([*(chunk.text for chunk in said(phrases("altered"))), *kept])[:LIMIT]
