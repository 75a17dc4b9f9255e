"""Telling corrections on Discord: in the message itself, or else in a reply to it."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import discord

from bot.adapters.discord import permissions
from bot.adapters.discord.delivery import NO_PINGS, is_altered, send
from bot.adapters.discord.problems import is_gone
from bot.corrections.model import GoneError, PausedError, RefusedError
from bot.localization import phrases
from bot.rendering.corrections import render_edit, render_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.corrections.model import Correction
    from bot.rendering.splitting import Part

_REFUSED = 403
_NOT_FOUND = 404
_TOO_MANY = 429
_CANNOT = (50083, 160005, 50024, 50035)
"""Codes where a request makes no sense there: the thread is archived or locked, the channel takes
no such message, the message has no room."""
_PAUSE = 60.0
"""Seconds to leave Discord alone where it does not say how many."""
_LOOKED_THROUGH = 100
"""Messages after the one to correct in which an earlier reply to it is looked for."""

_log = logging.getLogger(__name__)


class DiscordDelivery:
    """The ``Delivery`` of Discord.

    Args:
        client: the bot, logged in.
    """

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def edit(self, correction: Correction) -> bool:
        """Put the correction into the message. See ``Delivery``."""
        edited = render_edit(correction, phrases(correction.language))
        message = self._channel(correction).get_partial_message(int(correction.message))
        with _understood():
            if edited.part is None:
                await message.fetch()  # who deleted it wants no reply to it either
                raise RefusedError("there is no room in the message")
            await _edit(message, edited.part)
        return not edited.further

    async def reply(self, correction: Correction, *, again: bool) -> None:
        """Tell the correction below the message. See ``Delivery``."""
        words = phrases(correction.language)
        channel = self._channel(correction)
        with _understood():
            if again and await self._was_told(correction):
                return
            if permissions.can_refer(channel):
                reference = discord.MessageReference(
                    message_id=int(correction.message),
                    channel_id=int(correction.channel),
                    fail_if_not_exists=False,
                )
                await send(channel, render_reply(correction, words), words, reference=reference)
            else:
                parts = render_reply(correction, words, _link(correction))
                await send(channel, parts, words)

    def _channel(self, correction: Correction) -> discord.TextChannel | discord.PartialMessageable:
        """The channel or thread; known or not, it can be written to."""
        channel = self._client.get_channel(int(correction.channel))
        if isinstance(channel, discord.TextChannel | discord.Thread | discord.VoiceChannel):
            return channel  # type: ignore[return-value]
        return self._client.get_partial_messageable(int(correction.channel))

    async def _was_told(self, correction: Correction) -> bool:
        """Whether the bot has replied to the message, if it may look."""
        channel = self._channel(correction)
        after = discord.Object(int(correction.message))
        try:
            async for message in channel.history(after=after, limit=_LOOKED_THROUGH):
                if self._tells(message, correction):
                    return True
        except discord.Forbidden as error:
            _log.warning("cannot look whether message %s was corrected: %s", after.id, error)
            return True  # rather not at all than twice
        return False

    def _tells(self, message: discord.Message, correction: Correction) -> bool:
        """Whether a message is the bot's own and tells this correction."""
        if message.author.id != getattr(self._client.user, "id", None):
            return False
        words = phrases(correction.language)
        linked = render_reply(correction, words, _link(correction))
        parts = (*render_reply(correction, words), *linked)
        return any(message.content == part.content.strip() for part in parts)


async def _edit(message: discord.PartialMessage, part: Part) -> None:
    """Edit ``message``; where Discord alters the articles' words, once more.

    Raises:
        RefusedError: if they are altered again.
    """
    for _ in range(2):
        edited = await message.edit(content=part.content, allowed_mentions=NO_PINGS)
        if not is_altered(edited.content, part):
            return
    _log.error("Discord altered a quotation in message %s: %r", message.id, part.content)
    raise RefusedError("Discord alters the words")


@contextmanager
def _understood() -> Iterator[None]:
    """Discord's refusals as what they mean for a correction."""
    try:
        yield
    except discord.HTTPException as error:
        if error.status == _TOO_MANY:
            raise PausedError(_seconds(error)) from error
        if is_gone(error) or error.status == _NOT_FOUND:
            raise GoneError(str(error)) from error
        if error.status == _REFUSED or error.code in _CANNOT:
            raise RefusedError(str(error)) from error
        raise


def _seconds(error: discord.HTTPException) -> float:
    headers = getattr(error.response, "headers", {})
    try:
        return float(headers["Retry-After"])
    except (KeyError, ValueError):
        return _PAUSE


def _link(correction: Correction) -> str:
    place = correction.server or "@me"
    return f"https://discord.com/channels/{place}/{correction.channel}/{correction.message}"
