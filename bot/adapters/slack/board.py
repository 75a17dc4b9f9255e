"""A message in somebody's direct messages that tells how far something is."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.adapters.slack.calls import code
from bot.adapters.slack.delivery import Spot
from bot.rendering.slack import plain

if TYPE_CHECKING:
    from bot.adapters.slack.delivery import Delivery
    from bot.localization import Phrases
    from index.build import Progress

_log = logging.getLogger(__name__)


class Board:
    """The one message in which something is shown as it goes on.

    Args:
        delivery: sends and edits it.
        user: in whose direct messages.
        words: of their language.
    """

    def __init__(self, delivery: Delivery, user: str, words: Phrases) -> None:
        self._delivery = delivery
        self._words = words
        self._spot = Spot(user)
        self._timestamp = ""
        self._lock = asyncio.Lock()
        self.percent = 0
        self.moved = asyncio.Event()

    def at(self, channel: str, timestamp: str) -> None:
        """Show it in a message that is there already."""
        self._spot, self._timestamp = Spot(channel), timestamp

    def take(self, progress: Progress) -> None:
        """Keep how far the build is."""
        self.percent = 100 * progress.done // progress.total if progress.total else 0
        self.moved.set()

    async def show(self, text: str, *controls: dict[str, Any]) -> None:
        """Replace what the message says; what cannot be shown is logged."""
        # A message that is being sent for the first time must be known before it is changed.
        try:
            await asyncio.shield(self._show(text, controls))
        except SlackApiError as error:
            _log.warning("could not show (%s): %s", code(error), text)

    async def _show(self, text: str, controls: tuple[dict[str, Any], ...]) -> None:
        message = plain(text, *controls)[-1 if controls else 0]
        async with self._lock:
            if self._timestamp:
                await self._delivery.turn(self._spot, self._timestamp, message, self._words)
                return
            kept = await self._delivery.say(self._spot, message)
            self.at(str(kept.get("channel") or self._spot.channel), str(kept.get("ts", "")))
