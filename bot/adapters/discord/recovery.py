"""Surviving the gateway: events that make no sense, and messages that were missed."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import discord

from bot.adapters.discord import permissions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bot.adapters.discord.client import OnRecordBot

_Channel: TypeAlias = discord.TextChannel | discord.VoiceChannel | discord.Thread

_MOST = 500
"""Messages of one channel that are looked through."""
_MOST_DIRECT = 50
"""Channels of direct messages that are looked through."""
_DIRECT_SHARD = 0
"""The shard that direct messages come to."""
_LONGEST = timedelta(days=1)
"""How far back is looked: nobody waits longer for an answer."""
_UNNOTICED = timedelta(minutes=2)
"""How long a connection may be dead before that is noticed: longer than a heartbeat takes."""
_LEFT = "left"
"""The fact from when on a process has to look for what the one before it missed."""

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

    A session that is resumed gets what it missed from Discord; a new one, or another process, does
    not. Direct messages are looked up where there were some before: Discord does not list them.
    """

    def __init__(self, client: OnRecordBot) -> None:
        self._client = client
        self._lost: dict[int, datetime] = {}
        self._before: datetime | None = None
        self._connected = False
        self._looked_up: set[int] = set()

    async def started(self) -> None:
        """A process begins: the one before it may have missed something.

        It noted from when on, or it broke off; then nothing is known after its last answer.
        """
        if noted := await self._client.desk.fact(_LEFT):
            self._before = datetime.fromisoformat(noted)
        elif answered := await self._client.desk.last_at():
            self._before = answered.replace(tzinfo=UTC)

    async def stopped(self) -> None:
        """This process ends: note from when on the next one has to look."""
        if not self._connected:
            return  # it never came as far as to take over from the one before
        waiting = [self._before] if self._before and not self._is_done() else []
        since = min([*self._lost.values(), *waiting], default=discord.utils.utcnow())
        await self._client.desk.note(_LEFT, since.isoformat())

    def connected(self) -> None:
        """From now on what is said comes to this process."""
        self._connected = True

    def lost(self, shard_id: int) -> None:
        """A shard lost its connection."""
        self._lost.setdefault(shard_id, discord.utils.utcnow())

    def resumed(self, shard_id: int) -> None:
        """A shard goes on where it stopped."""
        self._lost.pop(shard_id, None)

    async def look_up(self, shard_id: int) -> None:
        """Answer what was asked while a shard was away, if it was."""
        since = self._lost.get(shard_id, None if shard_id in self._looked_up else self._before)
        if since is None:
            return
        self._lost.setdefault(shard_id, since)
        self._looked_up.add(shard_id)
        oldest = discord.utils.utcnow() - _LONGEST
        await self._answer_all(shard_id, max(since - _UNNOTICED, oldest))
        if self._client.answering.is_stopping:
            return  # what is left is noted for the next process
        if self._lost.get(shard_id) == since:
            del self._lost[shard_id]
        if not self._lost and self._is_done():
            await self._client.desk.note(_LEFT, "")

    def _is_done(self) -> bool:
        """Whether all shards have looked up what the process before missed."""
        return len(self._looked_up) == len(self._client.shard_ids or ())

    async def _answer_all(self, shard_id: int, since: datetime) -> None:
        for channel in list(self._channels(shard_id, since)):
            await self._attempt(channel.id, self._answer(channel, since))
        if shard_id == _DIRECT_SHARD:
            for channel_id in await self._client.desk.direct_channels(_MOST_DIRECT):
                await self._attempt(channel_id, self._answer_direct(int(channel_id), since))

    async def _attempt(self, channel_id: object, looking: Awaitable[None]) -> None:
        try:
            await looking
        except discord.HTTPException as error:
            _log.warning("could not look up channel %s: %s", channel_id, error)

    def _channels(self, shard_id: int, since: datetime) -> Iterator[_Channel]:
        """The channels and threads in which something was said since, where history is open."""
        for guild in self._client.guilds:
            if guild.shard_id != shard_id:
                continue
            channels: list[_Channel]
            channels = [*guild.text_channels, *guild.voice_channels, *guild.threads]
            for channel in channels:
                readable = not permissions.to_answer(channel) and permissions.can_refer(channel)
                if readable and _is_newer(channel.last_message_id, since):
                    yield channel

    async def _answer_direct(self, channel_id: int, since: datetime) -> None:
        channel = await self._client.fetch_channel(channel_id)
        if isinstance(channel, discord.DMChannel):
            await self._answer(channel, since)

    async def _answer(self, channel: _Channel | discord.DMChannel, since: datetime) -> None:
        said = [one async for one in channel.history(after=since, limit=_MOST, oldest_first=True)]
        replied_to = {_replied_to(one) for one in said if one.author == self._client.user}
        for message in said:
            if self._client.answering.is_stopping:
                return
            if message.id not in replied_to and await self._is_open(message):
                await self._client.answering.message(message)

    async def _is_open(self, message: discord.Message) -> bool:
        """Whether a message asks the bot something and nothing is known of an answer."""
        if not self._client.addresses_me(message):
            return False
        if message.guild is not None and message.created_at < _joined(message.guild):
            return False
        if message.thread is not None and message.thread.owner_id == self._client.user.id:  # type: ignore[union-attr]
            return False
        return not await self._client.desk.is_answered(str(message.id))


def _is_newer(message_id: int | None, since: datetime) -> bool:
    return (message_id or 0) >= discord.utils.time_snowflake(since)


def _replied_to(message: discord.Message) -> int | None:
    return message.reference.message_id if message.reference else None


def _joined(guild: discord.Guild) -> datetime:
    """When the bot came to a server: what was said before was not said to it."""
    joined = guild.me.joined_at if guild.me else None
    return joined or datetime.min.replace(tzinfo=UTC)
