"""Threads under messages."""

from __future__ import annotations

import logging
from typing import Literal

import discord

from bot.adapters.discord import permissions
from bot.rendering.discord import shortened

_EXISTS = 160004
TOO_MANY_THREADS = 160006
"""Discord's code where so many threads are open that there can be no more."""
_A_DAY: Literal[1440] = 1440
"""Minutes until an idle thread is archived."""
_LONGEST_NAME = 90
"""Characters of a question in a thread's name, of which Discord takes 100."""

_log = logging.getLogger(__name__)


async def open_thread(
    message: discord.PartialMessage, question: str
) -> tuple[discord.Thread, bool]:
    """The thread of ``message``, and whether it had to be opened.

    Two members may click at once; the second finds the first one's thread.

    Raises:
        discord.HTTPException: if Discord refuses.
    """
    if message.thread is not None:
        return message.thread, False
    try:
        name = shortened(question, _LONGEST_NAME)
        return await message.create_thread(name=name, auto_archive_duration=_A_DAY), True
    except discord.HTTPException as error:
        if error.code != _EXISTS or message.guild is None:
            raise
    found = message.guild.get_thread(message.id) or await message.guild.fetch_channel(message.id)
    assert isinstance(found, discord.Thread)  # a message's thread has the message's id
    return found, False


def has_threads(channel: object) -> bool:
    """Whether threads can be opened in ``channel``, and the bot may."""
    return isinstance(channel, discord.TextChannel) and not permissions.to_open_threads(channel)


async def thread_for(message: discord.PartialMessage, question: str) -> discord.Thread | None:
    """A thread for the answer to ``message``; ``None`` where it has to go into the channel."""
    if not has_threads(message.channel):
        return None
    try:
        thread, _ = await open_thread(message, question)
    except discord.HTTPException as error:  # such as too many that are open
        _log.warning("no thread for message %s: %s", message.id, error)
        return None
    return thread
