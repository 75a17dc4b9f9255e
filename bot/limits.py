"""Where and how often the bot answers; whoever is refused hears why."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from bot.cooldown import Cooldown
from bot.rights import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk import Inquiry
    from bot.ledger import Wishes
    from bot.localization import Phrases
    from bot.rights import Member, Rights
    from bot.settings import Settings

_NAMED = 10
"""Channels that are named to somebody who asked in another one."""


class Limits:
    """Decides whether a question is taken.

    Args:
        settings: how many questions a minute.
        rights: who may ask.
        clock: the time in seconds.

    Attributes:
        stopping: whether the bot takes no more questions.
    """

    def __init__(self, settings: Settings, rights: Rights, clock: Callable[[], float]) -> None:
        self._members = Cooldown(settings.member_questions, clock)
        self._servers = Cooldown(settings.server_questions, clock)
        self.stopping = False
        self._rights = rights

    def refusal(self, inquiry: Inquiry, wishes: Wishes, member: Member, words: Phrases) -> str:
        """Why a question is not taken; empty if it is."""
        if self.stopping:
            return words("stopping")
        if refusal := self._rights.to_ask(member, wishes):
            return refused(refusal, wishes, words)
        for cooldown, key, sentence in (
            (self._members, inquiry.asker, "cooldown_member"),
            (self._servers, inquiry.server, "cooldown_server"),
        ):
            if key and (seconds := cooldown.wait(key)):
                return words(sentence, count=cooldown.limit, seconds=ceil(seconds))
        return ""

    def closes(self, wishes: Wishes, member: Member) -> bool:
        """Whether ``member`` gets nothing here, however seldom they ask."""
        return self.stopping or self._rights.to_ask(member, wishes) is not None

    def count(self, inquiry: Inquiry) -> None:
        """A question was taken."""
        self._members.count(inquiry.asker)
        if inquiry.server:
            self._servers.count(inquiry.server)


def refused(refusal: Refusal, wishes: Wishes, words: Phrases) -> str:
    """Why somebody may not do something, in their language."""
    if refusal is Refusal.NOT_HERE:
        named = ", ".join(f"<#{one}>" for one in wishes.channels[:_NAMED])
        return words("not_here", channels=named)
    return words(refusal.value)
