"""Where and how often the bot answers on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot import limits

if TYPE_CHECKING:
    from bot.rights import Rights
    from bot.settings import Settings


class Limits(limits.Limits):
    """Decides whether a question is taken.

    Args:
        settings: how many questions a minute.
        rights: who may ask.
    """

    def __init__(self, settings: Settings, rights: Rights) -> None:
        super().__init__(settings, rights, _time)


def _time() -> float:
    return discord.utils.utcnow().timestamp()
