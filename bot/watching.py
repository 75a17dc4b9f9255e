"""Looking at watched feeds and sitemaps in the background, and telling admins what came of it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from bot.audit import SCHEDULE, Act
from bot.intake import Actor, Intake, summary

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.app import App
    from bot.audit import Audit
    from bot.collections import Collection
    from bot.settings import Settings
    from corpus.intake import Look

EVERY = 60.0
"""Seconds between two rounds; which list is due is kept with the list."""

_log = logging.getLogger(__name__)


def watching_for(app: App, audit: Audit) -> Watching:
    """What looks at all that is watched in ``app`` and tells in the channel that each names."""

    def collections() -> list[Collection]:
        return [app.collections.get(name) for name in app.collections.names()]

    async def tell(_: Collection, look: Look) -> None:
        watch = look.watch
        if look.paused:
            reason = watch.paused
            await app.notices.tell(watch.told, "corpus_watch_stopped", url=watch.url, reason=reason)

    return Watching(app.settings, audit, collections, tell)


@dataclass(slots=True)
class Watching:
    """Looks at what is due in all collections, round after round.

    Attributes:
        settings: which hosts may be fetched from.
        audit: where acts are recorded.
        collections: all that there are, asked for at each round.
        tell: told of each look.
        every: seconds between two rounds.
    """

    settings: Settings
    audit: Audit
    collections: Callable[[], list[Collection]]
    tell: Callable[[Collection, Look], Awaitable[None]]
    every: float = EVERY
    _stop: Event = field(default_factory=Event, init=False)

    async def run(self) -> None:
        """Go on until cancelled; what is being fetched then is given up at the next page."""
        try:
            while True:
                await self.round()
                await asyncio.sleep(self.every)
        finally:
            self._stop.set()

    async def round(self) -> None:
        """Look at all that is due once; a fault of one collection never stops the others."""
        for collection in await asyncio.to_thread(self.collections):
            try:
                looks = await asyncio.to_thread(self._look, collection)
                for look in looks:
                    await self.tell(collection, look)
            except Exception:  # noqa: BLE001 - the next round may go well
                _log.exception("cannot look at what is watched in %s", collection.name)

    def _look(self, collection: Collection) -> list[Look]:
        if not collection.exists():
            return []
        actor = Actor("watch", SCHEDULE)
        intake = Intake(self.settings, collection, self.audit, actor)
        if not any(watch.is_due(intake.now()) for watch in intake.watches.all().values()):
            return []
        looks = intake.watcher().run_due(self._stop.is_set)
        for look in looks:
            result = f"paused: {look.watch.paused}" if look.paused else summary(look.outcomes)
            if look.paused or look.outcomes:
                self.audit.add(
                    Act(collection.name, "watch", result, look.watch.url, SCHEDULE, name="watch")
                )
        return looks
