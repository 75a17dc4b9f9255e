"""From what a person names to what comes in: a file, a folder, an archive, a page, a list of pages.

Each piece gives an outcome of its own; one that fails never stops the others.
"""

from __future__ import annotations

import os
import re
import stat
import time
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from corpus.errors import ArticleError, FetchError, UnreadableError, WrongEncodingError
from corpus.formats.archive import Archive
from corpus.formats.sniffing import Kind, kind_of
from corpus.intake.outcome import Outcome, Status
from corpus.intake.reading import Incoming
from corpus.web.feeds import Listing, decompressed, read_listing
from corpus.web.robots import Robots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from corpus.intake.adding import Adder
    from corpus.web.feeds import Listed
    from corpus.web.fetching import Fetched, Fetcher

MAX_FILE = 50 * 2**20
"""Bytes of one file."""
MAX_PAGES = 200
"""Pages of one feed or sitemap that are read at a time."""
MAX_SITEMAPS = 50
MAX_DEPTH = 3
"""Of indexes of sitemaps."""
_FAILURES = 5
"""Pages in a row that cannot be fetched, after which a site is left alone."""


@dataclass(slots=True)
class Gatherer:
    """Gathers and adds.

    Attributes:
        adder: takes each piece in.
        fetcher: fetches what has an address.
        pages: of one list that are read at most.
        sleep: waits so many seconds between two pages of one site.
    """

    adder: Adder
    fetcher: Fetcher
    pages: int = MAX_PAGES
    sleep: Callable[[float], None] = time.sleep
    robots: Robots = field(init=False)

    def __post_init__(self) -> None:
        self.robots = Robots(self.fetcher)

    def add(self, source: str) -> Iterator[Outcome]:
        """Take in what ``source`` names: an address, or the path of a file or a folder."""
        if is_address(source):
            yield from self.add_address(source)
            return
        path = Path(source).expanduser()
        if path.is_dir():
            yield from self._add_folder(path, source)
        else:
            yield from self._add_path(path, source)

    def add_data(self, data: bytes, name: str, source: str = "") -> Iterator[Outcome]:
        """Take in a file that was sent: an article, or an archive of them."""
        source = source or name
        try:
            kind = kind_of(data)
            if kind is Kind.ZIP:
                yield from self._add_archive(data, name, source)
            elif kind in (Kind.FEED, Kind.SITEMAP):
                raise UnreadableError(f"is a {kind}; add its address, so that its pages are read")
            else:
                yield self.adder.add(Incoming(data, name, source), kind)
        except ArticleError as error:
            yield _refused(source, str(error))

    def add_address(self, url: str) -> Iterator[Outcome]:
        """Take in the page at ``url``, or the pages that the feed or sitemap there lists."""
        try:
            found = self.fetcher.fetch(url)
            data = decompressed(found.data)
            kind = _kind(found, data)
            if kind in (Kind.FEED, Kind.SITEMAP):
                yield from self.add_listed(self.listed(read_listing(data, found.url)), url)
            elif kind is Kind.ZIP:
                yield from self._add_archive(data, _name(found.url), url)
            else:
                yield self._add_fetched(found, url, kind)
        except ArticleError as error:
            yield _refused(url, str(error))

    def listed(self, listing: Listing) -> list[Listed]:
        """All pages of a feed or sitemap, those of the sitemaps included that it names."""
        pages = list(listing.pages)
        pending = [(one.url, 1) for one in reversed(listing.sitemaps)]
        read = 0
        while pending and read < MAX_SITEMAPS:
            url, depth = pending.pop()
            read += 1
            try:
                found = self.fetcher.fetch(url)
                inner = read_listing(found.data, found.url)
            except ArticleError:
                continue  # one of many; the others are of use without it
            pages += inner.pages
            if depth < MAX_DEPTH:
                pending += [(one.url, depth + 1) for one in reversed(inner.sitemaps)]
        return list({page.url: page for page in pages}.values())

    def add_listed(self, pages: Iterable[Listed], source: str) -> Iterator[Outcome]:
        """Take in pages that a list names, politely: as robots.txt allows, not too fast."""
        pages = list(pages)
        if not pages:
            yield _refused(source, "lists no pages")
        failures = 0
        for at, page in enumerate(pages[: self.pages]):
            if failures == _FAILURES:
                yield _refused(
                    source,
                    f"was left alone after {_FAILURES} pages in a row could not be fetched; "
                    f"{len(pages) - at} of {len(pages)} were not read",
                )
                return
            outcome, failed = self._add_listed_page(page, wait=at > 0)
            failures = failures + 1 if failed else 0
            yield outcome
        if len(pages) > self.pages:
            yield _refused(
                source,
                f"lists {len(pages):,} pages, of which {self.pages:,} were read, as at a time no "
                "more are; add the addresses of further pages, or a smaller list",
            )

    def _add_listed_page(self, page: Listed, *, wait: bool) -> tuple[Outcome, bool]:
        if not self.robots.allow(page.url):
            reason = "was not fetched: the site's robots.txt does not let programs read it"
            return _refused(page.url, reason), False
        if wait:
            self.sleep(self.robots.delay(page.url))
        try:
            found = self.fetcher.fetch(page.url)
            data = decompressed(found.data)
            return self._add_fetched(found, page.url, _kind(found, data)), False
        except FetchError as error:
            return replace(_refused(page.url, str(error)), again=error.passes), True
        except ArticleError as error:
            return _refused(page.url, str(error)), False

    def _add_fetched(self, found: Fetched, source: str, kind: Kind) -> Outcome:
        incoming = Incoming(found.data, _name(found.url), source, found.url, found.charset)
        return self.adder.add(incoming, kind)

    def _add_folder(self, folder: Path, source: str) -> Iterator[Outcome]:
        files = sorted(_files_below(folder))
        if not files:
            yield _refused(source, "has no files in it")
        for path in files:
            yield from self._add_path(path, str(path))

    def _add_path(self, path: Path, source: str) -> Iterator[Outcome]:
        try:
            yield from self.add_data(_read(path), path.name, source)
        except ArticleError as error:
            yield _refused(source, str(error))
        except OSError as error:
            yield _refused(source, f"cannot be read ({error.strerror or error})")

    def _add_archive(self, data: bytes, name: str, source: str) -> Iterator[Outcome]:
        archive = Archive(data)
        entries = list(archive.entries())
        if not entries:
            yield _refused(source, "has no files in it")
        for entry in entries:
            told = f"{source}: {_shown(entry.name)}"
            try:
                if entry.fault:
                    raise UnreadableError(entry.fault)
                inner = archive.read(entry.name)
                kind = kind_of(inner)
                if kind is Kind.ZIP:
                    raise UnreadableError("is an archive in an archive; unpack it and add that")
                place = PurePosixPath(entry.name)
                yield self.adder.add(Incoming(inner, f"{name}/{place}", told), kind)
            except ArticleError as error:
                yield _refused(told, str(error))


def is_address(source: str) -> bool:
    """Whether ``source`` is an address and not a path; those of other schemes are refused later."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source) is not None


def _kind(found: Fetched, data: bytes) -> Kind:
    """By its content; HTML without any sign of it may be what its server says it is."""
    if found.content_type in ("text/html", "application/xhtml+xml"):
        try:
            kind = kind_of(data)
        except WrongEncodingError:
            return Kind.PAGE  # it may declare its encoding
        return Kind.PAGE if kind is Kind.TEXT else kind
    return kind_of(data)


def _name(url: str) -> str:
    """The last part of an address, as the name of a file."""
    return unquote(next((part for part in reversed(urlsplit(url).path.split("/")) if part), "page"))


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in name)[:200]


def _files_below(folder: Path) -> Iterator[Path]:
    """All files but hidden ones; links are not followed."""
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(root, name) for name in files if not name.startswith("."))


def _read(path: Path) -> bytes:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError("is not a regular file (a pipe or a device, say)")
    if status.st_size > MAX_FILE:
        raise UnreadableError(
            f"has more than {MAX_FILE // 2**20} MB, the limit for one file; split it into parts"
        )
    return path.read_bytes()


def _refused(source: str, reason: str) -> Outcome:
    return Outcome(source, Status.REFUSED, reason=reason)
