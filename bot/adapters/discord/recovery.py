"""Surviving the gateway: events that make no sense, and messages that were missed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord

from bot.adapters.discord import permissions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.adapters.discord.client import OnRecordBot

_MOST = 100
"""Messages of one channel that are looked through."""

_log = logging.getLogger(__name__)


def guard_parsers(client: discord.Client) -> None:
    """Let a malformed event be logged and skipped; discord.py would end the whole client."""
    parsers = client._connection.parsers
    for name, parse in parsers.items():
        parsers[name] = _guarded(name, parse)


def _guarded(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def guarded(data: Any) -> None:
        try:
            parse(data)
        except Exception:  # noqa: BLE001 - whatever a parser makes of nonsense
            _log.exception("skipped a gateway event %s that makes no sense", name)

    return guarded


class Missed:
    """Looks up what was said to the bot while it was not connected.

    A session that is resumed gets what it missed from Discord; a new one does not.
    """

    def __init__(self, client: OnRecordBot) -> None:
        self._client = client
        self._lost: dict[int, datetime] = {}

    def lost(self, shard_id: int) -> None:
        """A shard lost its connection."""
        self._lost.setdefault(shard_id, discord.utils.utcnow())

    def resumed(self, shard_id: int) -> None:
        """A shard goes on where it stopped."""
        self._lost.pop(shard_id, None)

    async def look_up(self, shard_id: int) -> None:
        """Answer what was asked while a shard was away, if it was."""
        since = self._lost.pop(shard_id, None)
        if since is None:
            return
        for channel in list(self._channels(shard_id, since)):
            try:
                await self._answer(channel, since)
            except discord.HTTPException as error:
                _log.warning("could not look up channel %s: %s", channel.id, error)

    def _channels(
        self, shard_id: int, since: datetime
    ) -> Iterator[discord.TextChannel | discord.VoiceChannel | discord.Thread]:
        """The channels and threads in which something was said since, where history is open."""
        oldest = discord.utils.time_snowflake(since)
        for guild in self._client.guilds:
            if guild.shard_id != shard_id:
                continue
            channels: list[discord.TextChannel | discord.VoiceChannel | discord.Thread]
            channels = [*guild.text_channels, *guild.voice_channels, *guild.threads]
            for channel in channels:
                is_new = (channel.last_message_id or 0) >= oldest
                if is_new and not permissions.to_answer(channel) and permissions.can_refer(channel):
                    yield channel

    async def _answer(
        self,
        channel: discord.TextChannel | discord.VoiceChannel | discord.Thread,
        since: datetime,
    ) -> None:
        async for message in channel.history(after=since, limit=_MOST, oldest_first=True):
            if not self._client.addresses_me(message):
                continue
            if not await self._client.desk.is_answered(str(message.id)):
                await self._client.answering.message(message)
