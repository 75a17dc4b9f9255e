"""Adding and removing articles, the same for every place it is asked from, each act recorded."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from bot.audit import TERMINAL, Act
from bot.errors import NoArticleError
from bot.settings import SHIPPED_ARTICLES
from corpus.intake import Adder, Gatherer, Shelf, Status, Watch, Watcher, WatchStore
from corpus.intake.gathering import MAX_PAGES
from corpus.intake.shelf import utc_now
from corpus.loader import load_file
from corpus.web import Fetcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from bot.audit import Audit
    from bot.collections import Collection
    from bot.settings import Settings
    from corpus.article import Article
    from corpus.intake import Event, Outcome
    from corpus.intake.catalogue import Known

_ENGLISH_MODEL = "all-MiniLM-L6-v2"
_HIDDEN = ".*"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for the record.

    Attributes:
        name: as people know them.
        platform: where they are.
        id: theirs there.
        server: id of their server or workspace; empty for none.
    """

    name: str = ""
    platform: str = TERMINAL
    id: str = ""
    server: str = ""

    @property
    def shown(self) -> str:
        """As the history of the articles names them."""
        return f"{self.platform}:{self.name or self.id}".rstrip(":")


@dataclass(frozen=True, slots=True)
class Past:
    """An article and what was done to it.

    Attributes:
        article: as it is now.
        path: of its file.
        events: oldest first.
    """

    article: Article
    path: Path
    events: tuple[Event, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What ``onrecord corpus show --json`` prints."""
        article = self.article
        about = article.metadata
        return {
            "id": article.id,
            "title": article.title,
            "file": str(self.path),
            "outlet": about.outlet,
            "author": about.author,
            "published": about.published,
            "language": about.language,
            "url": about.url,
            "retrieved": about.retrieved,
            "words": len(article.text.split()),
            "content_hash": article.content_hash,
            "history": [event.as_json() for event in self.events],
            "text": article.text,
        }


@dataclass(slots=True)
class Intake:
    """Keeps the articles of one collection.

    Attributes:
        settings: which hosts may be fetched from, which languages the model knows.
        collection: whose articles.
        audit: where acts are recorded.
        actor: who acts.
        pages: of one list that are read at a time.
        now: tells the time.
        sleep: waits so many seconds between two pages of one site.
    """

    settings: Settings
    collection: Collection
    audit: Audit
    actor: Actor = field(default_factory=Actor)
    pages: int = MAX_PAGES
    now: Callable[[], datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep

    def add(self, source: str, *, force: bool = False) -> Iterator[Outcome]:
        """Take in an address, or a path of this computer, which no chat may name.

        Raises:
            CorpusError: if the folder cannot be written.
        """
        return self._recorded(source, lambda gatherer: gatherer.add(source), force)

    def add_address(self, url: str, *, force: bool = False) -> Iterator[Outcome]:
        """Take in a page, or the pages of a feed or sitemap; never a path."""
        return self._recorded(url, lambda gatherer: gatherer.add_address(url), force)

    def add_data(self, data: bytes, name: str, *, force: bool = False) -> Iterator[Outcome]:
        """Take in a file that was sent."""
        return self._recorded(name, lambda gatherer: gatherer.add_data(data, name), force)

    def articles(self) -> list[Known]:
        """All articles, in order of their titles."""
        found = Shelf(self.collection.articles).articles().values()
        return sorted(found, key=lambda article: article.title.casefold())

    def find(self, name: str) -> Known:
        """The article of that id, file, address or title.

        Raises:
            NoArticleError: if there is none, naming some that are like it.
        """
        articles = {article.id: article for article in self.articles()}
        name = name.strip()
        if name in articles:
            return articles[name]
        for article in articles.values():
            names = (article.source, article.title, article.url)
            if name.casefold() in map(str.casefold, names):
                return article
        raise NoArticleError(name, get_close_matches(name.casefold(), articles, 3, 0.5))

    def show(self, name: str) -> Past:
        """An article and its past.

        Raises:
            NoArticleError: if there is none of that name.
        """
        shelf = Shelf(self.collection.articles)
        path = shelf.path_of(self.find(name))
        article = load_file(path, shelf.folder)
        return Past(article, path, tuple(shelf.history(article.id)))

    def remove(self, name: str) -> Event:
        """Take an article out; it is kept in the history.

        Raises:
            NoArticleError: if there is none of that name.
        """
        article_id = self.find(name).id
        shelf = self._own_shelf()
        with shelf.locked():
            event = shelf.remove(self.find(article_id), self.actor.shown)
        self._record("remove", event.id, "removed")
        return event

    def restore(self, article_id: str, revision: str = "") -> Event:
        """Bring back an article that was removed, or an earlier revision of one.

        Raises:
            CorpusError: if there is no such revision.
        """
        shelf = self._own_shelf()
        with shelf.locked():
            event = shelf.restore(article_id, self.actor.shown, revision)
        self._record("restore", event.id, "restored")
        return event

    def history(self, article_id: str | None = None) -> list[Event]:
        """What was done to one article, or to all, oldest first."""
        return Shelf(self.collection.articles).history(article_id)

    @property
    def watches(self) -> WatchStore:
        """The watched feeds and sitemaps."""
        return WatchStore(self.collection.folder)

    def watch(self, url: str, hours: float, told: str = "") -> Watch:
        """Watch a feed or sitemap; one that is watched already is resumed.

        Raises:
            ArticleError: if there is none, or nothing may be read there. Nothing is watched then.
        """
        from corpus.web.feeds import read_listing

        found = self.fetcher.fetch(url)
        read_listing(found.data, found.url)
        known = self.watches.all().get(url)
        watch = Watch(url, hours, told=told, seen=known.seen if known else {})
        self.watches.put(watch)
        self._record("watch", url, f"every {hours:g} hours")
        return watch

    def unwatch(self, url: str) -> bool:
        """Watch ``url`` no longer; tells whether it was watched."""
        was = self.watches.remove(url)
        if was:
            self._record("unwatch", url, "done")
        return was

    def watcher(self) -> Watcher:
        """Looks at what is watched and due."""
        return Watcher(self.watches, lambda: self._gatherer(force=False), self.now)

    @property
    def fetcher(self) -> Fetcher:
        """Fetches as the settings allow."""
        return Fetcher(allowed_hosts(self.settings))

    def _gatherer(self, *, force: bool) -> Gatherer:
        shelf = self._own_shelf()
        adder = Adder(shelf, known_languages(self.settings), self.actor.shown, force)
        return Gatherer(adder, self.fetcher, self.pages, self.sleep)

    def _own_shelf(self) -> Shelf:
        make_own(self.collection)
        return Shelf(self.collection.articles, self.now)

    def _recorded(
        self, source: str, add: Callable[[Gatherer], Iterable[Outcome]], force: bool
    ) -> Iterator[Outcome]:
        outcomes: list[Outcome] = []
        try:
            for outcome in add(self._gatherer(force=force)):
                outcomes.append(outcome)
                yield outcome
        finally:
            self._record("add", source, summary(outcomes))

    def _record(self, what: str, details: str, result: str) -> None:
        actor = self.actor
        act = Act(
            self.collection.name,
            what,
            result,
            details,
            actor.platform,
            actor.server,
            actor.id,
            actor.name,
        )
        self.audit.add(act)


def summary(outcomes: Iterable[Outcome]) -> str:
    """What became of all, in a few words: ``2 added, 1 refused``."""
    counts = dict.fromkeys(Status, 0)
    for outcome in outcomes:
        counts[outcome.status] += 1
    told = ", ".join(f"{count} {status.value}" for status, count in counts.items() if count)
    return told or "nothing"


def known_languages(settings: Settings) -> frozenset[str] | None:
    """Codes of the languages that the model knows; ``None`` where any may be."""
    listed = frozenset(settings.languages.replace(",", " ").split())
    if listed:
        return None if "any" in listed else listed
    return frozenset({"en"}) if settings.model == _ENGLISH_MODEL else None


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Hosts that may be fetched from wherever they are."""
    return frozenset(settings.fetch_hosts.lower().replace(",", " ").split())


def make_own(collection: Collection) -> bool:
    """Give a collection that has the shipped articles a copy of its own, to change.

    Nothing is ever written into the installed package. Returns whether it was done.
    """
    if collection.articles != SHIPPED_ARTICLES:
        return False
    collection.folder.mkdir(parents=True, exist_ok=True)
    stage = collection.folder / ".copying"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(SHIPPED_ARTICLES, stage, ignore=shutil.ignore_patterns(_HIDDEN))
    stage.rename(collection.own_articles)
    return True
