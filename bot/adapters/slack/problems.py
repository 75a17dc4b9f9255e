"""The boundary for what fails between Slack and the service: it is said and logged."""

from __future__ import annotations

import logging
import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from bot.adapters.slack.calls import CLOSED, DEAD, GONE, code, scope
from bot.adapters.slack.delivery import Spot
from bot.rendering.slack import sentence

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.adapters.slack.delivery import Delivery
    from bot.localization import Phrases

_log = logging.getLogger(__name__)


class Problems:
    """Tells people why there is no answer, wherever Slack lets the bot say it.

    Args:
        delivery: says it.
        dead: told when Slack no longer knows the bot's token.
    """

    def __init__(self, delivery: Delivery, dead: Callable[[str], None]) -> None:
        self._delivery = delivery
        self._dead = dead

    @asynccontextmanager
    async def told(
        self, spot: Spot, user: str, words: Phrases, url: str = ""
    ) -> AsyncIterator[None]:
        """Whatever fails inside is logged, and whoever asked is told what they can do about it.

        Args:
            spot: where they asked.
            user: who asked.
            words: of their language.
            url: to answer their command or click, empty for a message.
        """
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the boundary: no member is left waiting
            if told := self.explained(error, spot, words):
                await self._tell(told, error, spot, user, url)

    def explained(self, error: Exception, spot: Spot, words: Phrases) -> str:
        """What to say about ``error``; empty if there is nobody to say it to."""
        why = code(error)
        if why in DEAD:
            self._dead(why)
            return ""
        if why in GONE:
            _log.info("nobody is left to answer in %s: %s", spot.place, why)
            return ""
        if needed := scope(error):
            _log.error("Slack refuses a call: the app lacks the scope %s", needed)
            return words("slack_scope", scope=needed)
        if why in CLOSED:
            _log.warning("could not answer in %s: %s", spot.place, why)
            key = "slack_archived" if why == "is_archived" else "slack_closed"
            return words(key, channel=f"<#{spot.channel}>")
        return words("unexpected", id=logged(error))

    async def _tell(self, told: str, error: Exception, spot: Spot, user: str, url: str) -> None:
        """Say it by the address of the command, where it was asked, or to the asker directly."""
        messages = sentence(told)
        if url and await self._delivery.respond(url, messages, thread=spot.thread):
            return
        here = [] if code(error) in CLOSED else [spot]
        for where in (*here, Spot(user)):
            try:
                for message in messages:
                    await self._delivery.say(where, message)
            except SlackApiError as again:
                _log.warning("could not tell %s about a problem: %s", where.place, code(again))
            else:
                return


def logged(error: BaseException) -> str:
    """Log ``error`` with its traceback; returns the id it is logged under."""
    problem_id = secrets.token_hex(4)
    _log.error("problem %s", problem_id, exc_info=error)
    return problem_id
