"""What the bot may do where, and the names that Discord's own windows give to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from discord.abc import MessageableChannel

_TO_ANSWER = ("view_channel", "send_messages")
_TO_ANSWER_IN_THREADS = ("view_channel", "send_messages_in_threads")
_TO_OPEN_THREADS = ("create_public_threads", "send_messages_in_threads")


def to_answer(channel: MessageableChannel | discord.abc.GuildChannel) -> list[str]:
    """Names of the permissions that the bot lacks to answer in ``channel``."""
    in_thread = isinstance(channel, discord.Thread)
    return _missing(channel, _TO_ANSWER_IN_THREADS if in_thread else _TO_ANSWER)


def can_refer(channel: MessageableChannel | discord.abc.GuildChannel) -> bool:
    """Whether the bot may reply to a message in ``channel``, and look up earlier ones."""
    return not _missing(channel, ("read_message_history",))


def to_open_threads(channel: MessageableChannel | discord.abc.GuildChannel) -> list[str]:
    """Names of the permissions that the bot lacks to open a thread in ``channel``."""
    return _missing(channel, _TO_OPEN_THREADS)


def _missing(
    channel: MessageableChannel | discord.abc.GuildChannel, needed: tuple[str, ...]
) -> list[str]:
    guild = getattr(channel, "guild", None)
    if guild is None or guild.me is None:
        return []
    try:
        granted = channel.permissions_for(guild.me)
    except discord.ClientException:  # a thread whose parent channel is not known
        return []
    return [name.replace("_", " ").title() for name in needed if not getattr(granted, name)]
