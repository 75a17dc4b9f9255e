"""Where and how often the bot answers; whoever is refused hears why."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import discord

from bot.cooldown import Cooldown

if TYPE_CHECKING:
    from bot.desk import Inquiry
    from bot.ledger import Wishes
    from bot.localization import Phrases
    from bot.settings import Settings

_NAMED = 10
"""Channels that are named to somebody who asked in another one."""


class Limits:
    """Decides whether a question is taken.

    Args:
        settings: how many questions a minute.

    Attributes:
        stopping: whether the bot takes no more questions.
    """

    def __init__(self, settings: Settings) -> None:
        self._members = Cooldown(settings.member_questions, _time)
        self._servers = Cooldown(settings.server_questions, _time)
        self.stopping = False

    def refusal(self, inquiry: Inquiry, wishes: Wishes, channel: object, words: Phrases) -> str:
        """Why a question is not taken; empty if it is."""
        if self.stopping:
            return words("stopping")
        if wishes.channels and inquiry.server and not _is_in(channel, wishes.channels):
            named = ", ".join(f"<#{one}>" for one in wishes.channels[:_NAMED])
            return words("not_here", channels=named)
        for cooldown, key, sentence in (
            (self._members, inquiry.asker, "cooldown_member"),
            (self._servers, inquiry.server, "cooldown_server"),
        ):
            if key and (seconds := cooldown.wait(key)):
                return words(sentence, count=cooldown.limit, seconds=ceil(seconds))
        return ""

    def count(self, inquiry: Inquiry) -> None:
        """A question was taken."""
        self._members.count(inquiry.asker)
        if inquiry.server:
            self._servers.count(inquiry.server)


def _is_in(channel: object, allowed: tuple[str, ...]) -> bool:
    """Whether a channel is allowed, or the channel or category that it belongs to."""
    ids = {str(getattr(channel, name, "")) for name in ("id", "parent_id", "category_id")}
    return not ids.isdisjoint(allowed)


def _time() -> float:
    return discord.utils.utcnow().timestamp()
