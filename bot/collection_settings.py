"""The settings that a collection has for itself, in a file of its folder."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cronsim import CronSim, CronSimError

from bot.errors import ScheduleError
from bot.settings import DEFAULT_COLLECTION

if TYPE_CHECKING:
    from bot.collections import Collection
    from bot.settings import Settings

_FILE = "settings.json"


@dataclass(frozen=True, slots=True)
class CollectionSettings:
    """What is set for one collection.

    Attributes:
        schedule: when it is reindexed, in cron form and local time; empty for never.
        on_change: whether it is reindexed when its folder of articles changes.
        servers: keys (``discord:1234``) of the servers that may be tied to it; ``main`` is open
            to all.
    """

    schedule: str = ""
    on_change: bool = False
    servers: tuple[str, ...] = ()

    @classmethod
    def of(cls, collection: Collection, settings: Settings) -> CollectionSettings:
        """What is kept in the collection's folder; what is not, as the bot's settings say."""
        kept: dict[str, Any] = {}
        with suppress(OSError, ValueError):
            kept = json.loads((collection.folder / _FILE).read_text("utf-8"))
        return cls(
            schedule=str(kept.get("schedule", settings.reindex_schedule)),
            on_change=bool(kept.get("on_change", settings.reindex_on_change)),
            servers=tuple(map(str, kept.get("servers", ()))),
        )

    def write(self, collection: Collection) -> None:
        """Keep them.

        Raises:
            ScheduleError: if the schedule is not in cron form.
        """
        check_schedule(self.schedule)
        collection.folder.mkdir(parents=True, exist_ok=True)
        partial = collection.folder / f"{_FILE}.new"
        partial.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")
        partial.replace(collection.folder / _FILE)

    def admits(self, collection: Collection, server: str) -> bool:
        """Whether a server (``discord:1234``) may be tied to ``collection``."""
        return collection.name == DEFAULT_COLLECTION or server in self.servers

    def admitting(self, server: str) -> CollectionSettings:
        """The same with one more server."""
        return replace(self, servers=tuple(dict.fromkeys((*self.servers, server))))


def check_schedule(schedule: str) -> None:
    """Make sure that a schedule is in cron form, or empty.

    Raises:
        ScheduleError: if it is not.
    """
    if schedule:
        next_time(schedule, datetime.now(UTC))


def next_time(schedule: str, after: datetime) -> datetime:
    """When a schedule is due next after a point in time.

    Raises:
        ScheduleError: if it is not in cron form, or never due.
    """
    try:
        return next(CronSim(schedule, after))
    except (CronSimError, StopIteration) as error:
        raise ScheduleError(schedule) from error
