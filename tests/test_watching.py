"""Watched feeds are read politely again and again; what fails is paused and told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.audit import Audit
from bot.collections import Collection
from bot.intake import Intake
from bot.ledger import Ledger
from bot.watching import Watching
from corpus.errors import ArticleError
from corpus.intake import Adder, Gatherer, Look, Shelf, Watch, Watcher, WatchStore
from corpus.web import Fetcher, Limits
from tests.discord_world import settings_in
from tests.web_site import SENTENCES, Site, page, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        found.pages["/robots.txt"] = "User-agent: *\nAllow: /"
        yield found


class World:
    """A watched site, a shelf, and a clock that is set by hand."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.site = site
        self.now = NOW
        self.shelf = Shelf(folder / "articles")
        self.store = WatchStore(folder)
        self.pages = 200

    def watcher(self) -> Watcher:
        return Watcher(self.store, self._gatherer, lambda: self.now)

    def _gatherer(self) -> Gatherer:
        fetcher = Fetcher(frozenset({self.site.host}), Limits(seconds=5))
        return Gatherer(Adder(self.shelf), fetcher, self.pages, lambda seconds: None)

    def watch(self, path: str = "/feed.xml") -> Watch:
        self.store.put(Watch(self.site.url(path), 6, told="discord:1"))
        return self.store.all()[self.site.url(path)]

    def look(self) -> list[Look]:
        return self.watcher().run_due()

    def statuses(self) -> list[str]:
        return [outcome.status.value for look in self.look() for outcome in look.outcomes]


@pytest.fixture
def here(tmp_path: Path, site: Site) -> World:
    return World(tmp_path, site)


def feed(site: Site, **dates: str) -> None:
    """A feed of pages, each with the date that the feed gives it."""
    for name in dates:
        sentences = tuple(f"{one} So says {name}." for one in SENTENCES)
        site.pages[f"/{name}"] = page(name.capitalize(), sentences)
    entries = "".join(
        f'<entry><title>{n}</title><link href="/{n}"/><updated>{date}</updated></entry>'
        for n, date in dates.items()
    )
    site.pages["/feed.xml"] = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'


def test_what_is_new_or_changed_in_a_feed_comes_in(here: World) -> None:
    feed(here.site, one="2026-01-01", two="2026-01-02")
    here.watch()
    assert here.statuses() == ["added", "added"]
    assert here.look() == []
    here.now += 6 * HOUR
    feed(here.site, one="2026-01-01", two="2026-02-02", three="2026-02-03")
    here.site.pages["/two"] = page("Two", ("It is all otherwise.", *SENTENCES[1:]))
    here.site.asked.clear()
    assert here.statuses() == ["changed", "added"]
    assert "/one" not in here.site.paths()


def test_a_feed_that_did_not_change_is_not_sent_again(here: World) -> None:
    feed(here.site, one="2026-01-01")
    body = here.site.pages["/feed.xml"]

    async def conditional(request: web.Request) -> web.StreamResponse:
        same = request.headers.get("If-None-Match") == '"7"'
        text = "" if same else str(body)
        status = 304 if same else 200
        return web.Response(status=status, text=text, headers={"ETag": '"7"'})

    here.site.pages["/feed.xml"] = conditional
    here.watch()
    assert here.statuses() == ["added"]
    here.now += 6 * HOUR
    [look] = here.look()
    assert (look.outcomes, look.watch.failures, look.watch.next) == ((), 0, here.now + 6 * HOUR)


def test_what_did_not_fit_or_failed_is_read_the_next_time(here: World) -> None:
    feed(here.site, one="2026-01-01", two="2026-01-02", three="2026-01-03")
    two = here.site.pages["/two"]
    here.site.pages["/two"] = web.Response(status=503)
    here.watch()
    here.pages = 2
    assert here.statuses() == ["added", "refused"]
    here.now += 6 * HOUR
    here.site.pages["/two"] = two
    assert here.statuses() == ["added", "added"]


def test_an_article_that_was_removed_does_not_come_back_by_itself(here: World) -> None:
    feed(here.site, one="2026-01-01")
    here.watch()
    here.look()
    with here.shelf.locked():
        here.shelf.remove(here.shelf.articles()["one"], "me")
    here.now += 6 * HOUR
    assert here.statuses() == []


def test_a_watch_that_fails_waits_longer_and_is_paused_with_its_reason(here: World) -> None:
    here.watch()
    here.site.pages["/feed.xml"] = web.Response(status=500)
    waits = []
    for _ in range(3):
        [look] = here.look()
        waits.append((look.watch.next - here.now) / HOUR)
        here.now = look.watch.next
    assert waits == [12, 24, 48]
    assert look.paused
    assert "status 500" in look.watch.paused
    assert here.look() == []
    here.store.put(look.watch.resumed(here.now))
    feed(here.site, one="2026-01-01")
    assert here.statuses() == ["added"]


def test_a_feed_that_robots_may_not_read_is_not_read(here: World) -> None:
    feed(here.site, one="2026-01-01")
    here.site.pages["/robots.txt"] = "User-agent: *\nDisallow: /feed"
    here.watch()
    [look] = here.look()
    assert look.watch.failures == 1
    assert here.site.paths() == ["/robots.txt"]


def test_a_site_whose_rules_cannot_be_read_is_left_alone(here: World) -> None:
    feed(here.site, one="2026-01-01")
    here.site.pages["/robots.txt"] = web.Response(status=500)
    here.watch()
    [look] = here.look()
    assert look.watch.failures == 1


def test_a_site_without_rules_may_be_read(here: World) -> None:
    feed(here.site, one="2026-01-01")
    del here.site.pages["/robots.txt"]
    here.watch()
    assert here.statuses() == ["added"]


def test_a_fault_of_the_reader_is_a_failure_like_any_other(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.watch()
    monkeypatch.setattr(Gatherer, "listed", lambda *_: 1 / 0)
    feed(here.site, one="2026-01-01")
    [look] = here.look()
    assert look.watch.failures == 1


def test_a_watch_taken_away_meanwhile_stays_away(here: World) -> None:
    watch = here.watch()
    assert here.store.remove(watch.url)
    assert not here.store.remove(watch.url)
    here.store.update(watch)
    assert here.store.all() == {}


def test_watches_outlive_the_process_and_a_broken_file_holds_none(
    here: World, tmp_path: Path
) -> None:
    watch = here.watch()
    assert WatchStore(tmp_path).all() == {watch.url: watch}
    (tmp_path / "watches.json").write_text('[{"url": 1')
    assert WatchStore(tmp_path).all() == {}


async def test_the_bot_looks_at_what_is_due_and_tells(tmp_path: Path, site: Site) -> None:
    feed(site, one="2026-01-01")
    settings = settings_in(tmp_path).model_copy(update={"fetch_hosts": site.host})
    papers = Collection.of(settings, "papers")
    papers.make()
    ledger = Ledger(tmp_path / "ledger.db")
    audit = Audit(ledger)
    intake = Intake(settings, papers, audit)
    await asyncio.to_thread(intake.watch, site.url("/feed.xml"), 6)
    told: list[tuple[str, list[str]]] = []

    heard = asyncio.Event()

    async def tell(collection: Collection, look: Look) -> None:
        heard.set()
        told.append((collection.name, [outcome.status.value for outcome in look.outcomes]))

    def all_collections() -> list[Collection]:
        return [Collection.of(settings, "gone"), papers]

    watching = Watching(settings, audit, all_collections, tell, every=0.01)
    running = asyncio.create_task(watching.run())
    await heard.wait()
    running.cancel()
    await asyncio.wait((running,))
    assert told == [("papers", ["added"])]
    assert [(act.what, act.result) for act in audit.acts("papers")] == [
        ("watch", "1 added"),
        ("watch", "every 6 hours"),
    ]
    ledger.close()


def test_only_a_feed_or_a_sitemap_can_be_watched(tmp_path: Path, site: Site) -> None:
    settings = settings_in(tmp_path).model_copy(update={"fetch_hosts": site.host})
    ledger = Ledger(tmp_path / "ledger.db")
    intake = Intake(settings, Collection.of(settings, "main"), Audit(ledger))
    site.pages["/page"] = page()
    for path in ("/page", "/nowhere"):
        with pytest.raises(ArticleError):
            intake.watch(site.url(path), 6)
    assert intake.watches.all() == {}
    ledger.close()
