"""Telling people something that they did not just ask for, on whichever platform they are."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Teller = Callable[[str, str, Mapping[str, object]], Awaitable[None]]

_log = logging.getLogger(__name__)


class Notices:
    """Hands notices to the platform that a place belongs to, such as ``discord:<channel>``."""

    def __init__(self) -> None:
        self._tellers: dict[str, Teller] = {}

    def register(self, platform: str, teller: Teller) -> None:
        """Let ``teller`` take what is to be told on ``platform``.

        It gets the id of the channel, the key of the sentence in ``bot.localization``, and the
        values to put in.
        """
        self._tellers[platform] = teller

    async def tell(self, place: str, key: str, **values: object) -> bool:
        """Tell a sentence at ``place``; returns whether that was possible."""
        platform, _, channel = place.partition(":")
        teller = self._tellers.get(platform)
        if teller is None:
            _log.warning("nobody to tell at %r: %s %s", place, key, values)
            return False
        try:
            await teller(channel, key, values)
        except Exception:  # noqa: BLE001 - a channel may be gone; the log has what was to be told
            _log.exception("could not tell at %r: %s %s", place, key, values)
            return False
        return True
