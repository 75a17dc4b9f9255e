"""Where and how often the bot answers on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot import limits

if TYPE_CHECKING:
    from bot.desk import Inquiry
    from bot.ledger import Wishes
    from bot.localization import Phrases
    from bot.settings import Settings


class Limits(limits.Limits):
    """Decides whether a question is taken.

    Args:
        settings: how many questions a minute.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, _time)

    def refusal(self, inquiry: Inquiry, wishes: Wishes, channel: object, words: Phrases) -> str:
        """Why a question is not taken; empty if it is.

        A channel is allowed too where the channel or category that it belongs to is.
        """
        names = ("id", "parent_id", "category_id")
        places = {str(getattr(channel, name, "")) for name in names}
        return super().refusal(inquiry, wishes, places, words)


def _time() -> float:
    return discord.utils.utcnow().timestamp()
