"""Reindexing by itself: at set times, and when a folder of articles has changed."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import TYPE_CHECKING

from bot import messages
from bot.audit import SCHEDULE, Act
from bot.collection_settings import CollectionSettings, check_schedule, next_time
from bot.corpus_admin import indexed_listing
from bot.errors import BotError, BuildRunningError, ScheduleError
from bot.versioning import held
from corpus.errors import CorpusError
from corpus.loader import listing

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.app import App
    from bot.audit import Audit
    from bot.collections import Collection

_log = logging.getLogger(__name__)


class Schedule:
    """Reindexes the collections that are set to be, while the bot serves.

    Args:
        app: the running bot.
        audit: where each build is recorded.
        clock: the local time.
    """

    def __init__(
        self,
        app: App,
        audit: Audit,
        clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self._app = app
        self._audit = audit
        self._clock = clock
        self._since = clock()
        self._seen: dict[str, str] = {}
        self._tried: dict[str, str] = {}

    async def run(self) -> None:
        """Look every few seconds, as set, until it is cancelled."""
        while True:
            await asyncio.sleep(self._app.settings.reindex_check)
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a fault here must not end the bot
                _log.exception("scheduled reindexing failed")

    async def look(self) -> list[str]:
        """Reindex what is due now; returns the names of those collections."""
        now = self._clock()
        due = [name for name in self._app.collections.names() if await self._is_due(name, now)]
        self._since = now
        for name in due:
            await self._build(name)
        return due

    async def _is_due(self, name: str, now: datetime) -> bool:
        collection = self._app.collections.get(name)
        wanted = CollectionSettings.of(collection, self._app.settings)
        timed = self._is_time(name, wanted.schedule, now)
        changed = wanted.on_change and await asyncio.to_thread(self._has_changed, collection)
        if not (timed or changed):
            return False
        if version := held(collection):
            _log.warning("%s", messages.held_back(name, version))
            return False
        return True

    def _is_time(self, name: str, schedule: str, now: datetime) -> bool:
        if not schedule:
            return False
        try:
            check_schedule(schedule)
            return next_time(schedule, self._since) <= now
        except ScheduleError as error:
            _log.error("%s: %s", name, error)
            return False

    def _has_changed(self, collection: Collection) -> bool:
        """Whether the folder differs from what is indexed, and has come to rest.

        Somebody may be copying files into it: it has to be the same twice. One state is tried
        once, so that a folder that cannot be indexed is not tried for ever.
        """
        try:
            now = listing(collection.articles)
        except CorpusError:
            return False
        at_rest = self._seen.get(collection.name) == now
        self._seen[collection.name] = now
        if not at_rest or now in (indexed_listing(collection), self._tried.get(collection.name)):
            return False
        self._tried[collection.name] = now
        return True

    async def _build(self, name: str) -> None:
        try:
            built = await self._app.builds.build(name, SCHEDULE)
            told = messages.built(built)
        except BuildRunningError:
            return  # somebody was quicker
        except BotError as error:
            _log.error("scheduled reindexing of %s: %s", name, error)
            told = str(error)
        act = Act(name, "reindex", told, platform=SCHEDULE)
        await asyncio.to_thread(self._audit.add, act)
