"""Looking at watched feeds and sitemaps: what is new in them comes in, what fails is paused."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from corpus.errors import ArticleError, FetchError
from corpus.intake.shelf import utc_now
from corpus.web.feeds import read_listing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from corpus.intake.gathering import Gatherer
    from corpus.intake.outcome import Outcome
    from corpus.intake.watches import Watch, WatchStore
    from corpus.web.feeds import Listed

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a watched list gave.

    Attributes:
        watch: as it is afterwards.
        outcomes: of the pages that were new or changed.
    """

    watch: Watch
    outcomes: tuple[Outcome, ...] = ()

    @property
    def paused(self) -> bool:
        """Whether the watch was paused by this look, which is to be told to the admins."""
        return bool(self.watch.paused)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Looks at what is due.

    Attributes:
        store: the watches.
        gatherer: a new one for each look, so that robots.txt is read anew.
        now: tells the time.
    """

    store: WatchStore
    gatherer: Callable[[], Gatherer]
    now: Callable[[], datetime] = utc_now

    def run_due(self, stop: Callable[[], bool] = lambda: False) -> list[Look]:
        """Look at all that is due, one after the other; blocks. Ends early once ``stop`` says."""
        looks: list[Look] = []
        for watch in self.store.all().values():
            if watch.is_due(self.now()) and not stop():
                look = self.look(watch)
                self.store.update(look.watch)
                looks.append(look)
        return looks

    def look(self, watch: Watch) -> Look:
        """Look at one list and take in what is new in it."""
        gatherer = self.gatherer()
        try:
            return self._look(watch, gatherer)
        except ArticleError as error:
            return Look(watch.failed(str(error), self.now()))
        except Exception:  # noqa: BLE001 - one odd list must not stop the others
            _log.exception("cannot look at %s", watch.url)
            return Look(watch.failed("cannot be read; the log tells more", self.now()))

    def _look(self, watch: Watch, gatherer: Gatherer) -> Look:
        if not gatherer.robots.allow(watch.url):
            raise FetchError("was not fetched: the site's robots.txt does not let programs read it")
        found = gatherer.fetcher.fetch(
            watch.url, etag=watch.etag, last_modified=watch.last_modified
        )
        after = replace(
            watch, failures=0, next=self.now() + timedelta(hours=watch.hours), paused=""
        )
        if not found.modified:
            return Look(after)
        listing = read_listing(found.data, found.url)
        pages = gatherer.listed(listing)
        news = [page for page in pages if watch.seen.get(page.url) != _mark(page)]
        taken = news[: gatherer.pages]
        outcomes = tuple(gatherer.add_listed(taken, watch.url)) if taken else ()
        # An index says nothing of what changed in the sitemaps that it names; and what was left
        # for the next look has to be seen then.
        whole = not listing.sitemaps and len(taken) == len(news) and not _any_again(outcomes)
        return Look(
            replace(
                after,
                etag=found.etag if whole else "",
                last_modified=found.last_modified if whole else "",
                seen=_seen(watch, taken, outcomes),
            ),
            outcomes,
        )


def _any_again(outcomes: tuple[Outcome, ...]) -> bool:
    return any(outcome.again for outcome in outcomes)


def _seen(watch: Watch, taken: list[Listed], outcomes: tuple[Outcome, ...]) -> dict[str, str]:
    """The pages read so far, but for those to try again."""
    done = {outcome.source for outcome in outcomes if not outcome.again}
    return watch.seen | {page.url: _mark(page) for page in taken if page.url in done}


def _mark(page: Listed) -> str:
    """What tells that a page changed, as the list gives it."""
    return page.changed or "seen"
