"""What feeds (RSS, Atom) and sitemaps list: the addresses of pages, each with its date."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from corpus.errors import UnreadableError, UnsafeFileError
from corpus.formats.sniffing import Kind, kind_of
from corpus.formats.xml import local_name, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

MAX_LISTED = 50_000
"""As sitemaps.org allows for one file."""
MAX_XML = 50 * 2**20
"""As sitemaps.org allows, decompressed."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that a feed or a sitemap lists.

    Attributes:
        url: its address, absolute.
        changed: when it last changed, as the list says; empty if it does not.
    """

    url: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or a sitemap holds.

    Attributes:
        pages: in the order of the list, each once.
        sitemaps: further sitemaps that an index names.
    """

    pages: tuple[Listed, ...] = ()
    sitemaps: tuple[Listed, ...] = ()


def read_listing(data: bytes, base: str) -> Listing:
    """Read a feed or a sitemap, compressed or not, that was found at ``base``.

    Raises:
        ArticleError: if it is neither, damaged, or declares entities.
    """
    data = decompressed(data)
    kind = kind_of(data)
    if kind is Kind.FEED:
        return Listing(_clean(_in_feed(data), base))
    if kind is Kind.SITEMAP:
        root = parse_xml(data, "the sitemap")
        found = _clean(_in_sitemap(root), base)
        return Listing(sitemaps=found) if local_name(root) == "sitemapindex" else Listing(found)
    raise UnreadableError("is neither a feed (RSS, Atom) nor a sitemap")


def decompressed(data: bytes) -> bytes:
    """``data``, unpacked if it is gzip, as sitemaps often are whatever the server says.

    Raises:
        ArticleError: if it is damaged or unpacks to too much.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    unpack = zlib.decompressobj(31)
    try:
        unpacked = unpack.decompress(data, MAX_XML + 1)
    except zlib.error as error:
        raise UnreadableError(f"is a damaged gzip file ({error})") from None
    if len(unpacked) > MAX_XML:
        raise UnsafeFileError(f"unpacks to more than {MAX_XML // 2**20} MB and was not read")
    return unpacked


def _in_feed(data: bytes) -> Iterator[Listed]:
    import feedparser  # takes a tenth of a second to import

    if b"<!ENTITY" in data.replace(b"\0", b"").upper():
        raise UnsafeFileError("declares entities, which can make a small feed unpack without end")
    # A stream, as feedparser would open a string as a file of that name or an address.
    found = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    for entry in found.entries:
        if link := entry.get("link"):
            # Not by its own `get`, which warns where one date would stand in for the other.
            changed = dict.get(entry, "updated") or dict.get(entry, "published") or ""
            yield Listed(link, changed)


def _in_sitemap(root: Element) -> Iterator[Listed]:
    for entry in root:
        values = {local_name(part): (part.text or "").strip() for part in entry}
        if values.get("loc"):
            yield Listed(values["loc"], values.get("lastmod", ""))


def _clean(found: Iterable[Listed], base: str) -> tuple[Listed, ...]:
    """With whole addresses of the web, each once, at most as many as one list may have."""
    pages: dict[str, Listed] = {}
    for one in found:
        try:
            url = urljoin(base, one.url.strip())
            scheme = urlsplit(url).scheme
        except ValueError:
            continue
        if scheme in ("http", "https") and len(pages) < MAX_LISTED:
            pages.setdefault(url, Listed(url, one.changed))
    return tuple(pages.values())
