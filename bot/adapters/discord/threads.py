"""Threads under messages."""

from __future__ import annotations

from typing import Literal

import discord

from bot.rendering.discord import shortened

_EXISTS = 160004
_A_DAY: Literal[1440] = 1440
"""Minutes until an idle thread is archived."""
_LONGEST_NAME = 90
"""Characters of a question in a thread's name, of which Discord takes 100."""


async def open_thread(message: discord.Message, question: str) -> tuple[discord.Thread, bool]:
    """The thread of ``message``, and whether it had to be opened.

    Two members may click at once; the second finds the first one's thread.
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
