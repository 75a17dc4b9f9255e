"""EPUB books: a ZIP archive of XHTML chapters, put in order by its package file (EPUB 3.3).

A small reader on the readers of ZIP, XML and HTML that exist: the kept library for it, EbookLib,
is under the AGPL.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from corpus.article import Metadata
from corpus.errors import UnreadableError
from corpus.formats.archive import Archive
from corpus.formats.decoding import decode
from corpus.formats.document import About
from corpus.formats.markup import read_markup
from corpus.formats.xml import local_name, parse_xml, text_of
from corpus.text import canonicalize_block

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from corpus.formats.document import RawBlock

_CONTAINER = "META-INF/container.xml"
# DRM leaves this file; fonts alone may be listed in it, so it is looked into.
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = ("application/xhtml+xml", "text/html")


def read(data: bytes) -> tuple[list[RawBlock], About]:
    """The blocks of all chapters of a book in reading order, and what it says of itself.

    Raises:
        UnsafeFileError: if it unpacks to too much, or its XML declares entities.
        UnreadableError: if it is damaged or locked.
    """
    archive = Archive(data)
    container = parse_xml(archive.read(_CONTAINER), _CONTAINER)
    path = next((e.get("full-path") for e in container.iter() if local_name(e) == "rootfile"), None)
    if not path:
        raise UnreadableError("is a damaged EPUB file: it names no package")
    package = parse_xml(archive.read(path), path)
    blocks: list[RawBlock] = []
    for chapter in _chapters(package, posixpath.dirname(path)):
        if _is_locked(archive, chapter):
            raise UnreadableError("is locked by its seller (DRM) and cannot be read")
        found = read_markup(decode(archive.read(chapter)))
        blocks += [one.block for one in found if not one.beside]
    return blocks, _about(package)


def _chapters(package: Element, folder: str) -> Iterator[str]:
    """The names of the chapters in the archive, in the order of the spine."""
    items = {
        element.get("id"): element.get("href", "")
        for element in package.iter()
        if local_name(element) == "item"
        and element.get("media-type") in _CHAPTERS
        and "nav" not in element.get("properties", "").split()
    }
    for element in package.iter():
        if local_name(element) == "itemref" and element.get("idref") in items:
            href = unquote(items[element.get("idref")].partition("#")[0])
            yield posixpath.normpath(posixpath.join(folder, href))


def _is_locked(archive: Archive, chapter: str) -> bool:
    if _ENCRYPTION not in archive:
        return False
    return any(
        unquote(element.get("URI", "")) == chapter
        for element in parse_xml(archive.read(_ENCRYPTION), _ENCRYPTION).iter()
    )


def _about(package: Element) -> About:
    names = ("title", "creator", "publisher", "language")
    title, author, outlet, language = (_line(text_of(package, name)) for name in names)
    published = (text_of(package, "date") or "")[:10] or None
    metadata = Metadata(author=author, outlet=outlet, language=language, published=published)
    return About(title=title, metadata=metadata)


def _line(value: str | None) -> str | None:
    return canonicalize_block(value or "").text or None
