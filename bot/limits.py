"""Where and how often the bot answers; whoever is refused hears why."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from bot.cooldown import Cooldown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

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
        clock: the time in seconds.

    Attributes:
        stopping: whether the bot takes no more questions.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._members = Cooldown(settings.member_questions, clock)
        self._servers = Cooldown(settings.server_questions, clock)
        self.stopping = False

    def refusal(
        self, inquiry: Inquiry, wishes: Wishes, places: Collection[str], words: Phrases
    ) -> str:
        """Why a question is not taken; empty if it is.

        Args:
            inquiry: the question.
            wishes: of the server it was asked on.
            places: ids of the channel and of what the channel belongs to.
            words: of the asker's language.
        """
        if self.stopping:
            return words("stopping")
        if wishes.channels and inquiry.server and not set(places) & set(wishes.channels):
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
