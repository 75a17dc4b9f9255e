"""What the bot may do where; each permission by the key of its name in Discord's own windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from discord.abc import MessageableChannel

_TO_ANSWER = ("view_channel", "send_messages")
_TO_ANSWER_IN_THREADS = ("view_channel", "send_messages_in_threads")
_TO_OPEN_THREADS = ("view_channel", "create_public_threads", "send_messages_in_threads")


def to_answer(channel: MessageableChannel | discord.abc.GuildChannel) -> list[str]:
    """Keys of the permissions that the bot lacks to answer in ``channel``."""
    in_thread = isinstance(channel, discord.Thread)
    return _missing(channel, _TO_ANSWER_IN_THREADS if in_thread else _TO_ANSWER)


def can_refer(channel: MessageableChannel | discord.abc.GuildChannel) -> bool:
    """Whether the bot may reply to a message in ``channel``, and look up earlier ones."""
    return not _missing(channel, ("read_message_history",))


def to_open_threads(channel: MessageableChannel | discord.abc.GuildChannel) -> list[str]:
    """Keys of the permissions that the bot lacks to open a thread in ``channel``."""
    return _missing(channel, _TO_OPEN_THREADS)


def is_locked(channel: object) -> bool:
    """Whether ``channel`` is a thread in which only those may write who manage threads."""
    if not isinstance(channel, discord.Thread) or not channel.locked:
        return False
    return bool(_missing(channel, ("manage_threads",)))


def _missing(
    channel: MessageableChannel | discord.abc.GuildChannel, needed: tuple[str, ...]
) -> list[str]:
    guild = getattr(channel, "guild", None)
    if guild is None or guild.me is None or isinstance(channel, discord.PartialMessageable):
        return []  # a thread that was archived before the bot came is known by its id only
    try:
        granted = channel.permissions_for(guild.me)
    except discord.ClientException:  # a thread whose parent channel is not known
        return []
    return [name for name in needed if not getattr(granted, name)]
