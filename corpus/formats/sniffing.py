"""What kind of file some bytes are, by their content; a name decides nothing."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from enum import StrEnum

from corpus.errors import UnreadableError
from corpus.formats.archive import Archive
from corpus.formats.decoding import MARKS, decode

_HEAD = 4096
# Some writers put a line or two before the mark (PDF 1.7, implementation note 13).
_PDF_HEAD = 1024
_ROOT = re.compile(
    r"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^\[>]*>\s*)*<([\w:.-]+)", re.DOTALL
)
_ROOTS = {
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
}


class Kind(StrEnum):
    """The kinds of file that are told apart."""

    PDF = "PDF"
    DOCX = "DOCX"
    EPUB = "EPUB"
    ZIP = "ZIP"
    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "HTML"
    TEXT = "text"

    @property
    def suffix(self) -> str:
        """How files of this kind usually end."""
        special = {Kind.PAGE: ".html", Kind.TEXT: ".txt", Kind.FEED: ".xml", Kind.SITEMAP: ".xml"}
        return special.get(self, f".{self.value.lower()}")


def kind_of(data: bytes) -> Kind:
    """The kind of file that ``data`` is; Markdown is text.

    Raises:
        ArticleError: if it is none of them, in words that say what it is and what to do.
    """
    if b"%PDF-" in data[:_PDF_HEAD]:
        return Kind.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(data)
    head = _head(data)
    root = _ROOT.match(head)
    name = root[1].lower().rpartition(":")[2] if root else ""
    if name in _ROOTS:
        return Kind(_ROOTS[name])
    if name == "html" or re.search(r"<!doctype\s+html", head[:1024], re.IGNORECASE):
        return Kind.PAGE
    if head.lstrip("\ufeff \t\r\n").startswith("<?xml"):
        raise UnreadableError(
            f"is XML of an unknown kind ({name or 'no element'}); save it as text"
        )
    if _is_json(decode(data)):
        raise UnreadableError("is data in JSON, not an article; save its text as plain text")
    return Kind.TEXT


def _is_json(text: str) -> bool:
    """Whether ``text`` is JSON, or its first line is, as in JSON lines."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    for part in (text, text.strip().partition("\n")[0]):
        with suppress(ValueError, RecursionError):
            return isinstance(json.loads(part), dict | list)
    return False


def _kind_of_archive(data: bytes) -> Kind:
    archive = Archive(data)
    if "word/document.xml" in archive:
        return Kind.DOCX
    if "META-INF/container.xml" in archive:
        return Kind.EPUB
    office = {"xl/workbook.xml": "a spreadsheet", "ppt/presentation.xml": "a slide show"}
    for part, what in office.items():
        if part in archive:
            raise UnreadableError(f"is {what}; save its text as a document, PDF or plain text")
    if "content.xml" in archive and "mimetype" in archive:
        raise UnreadableError("is an OpenDocument file; save it as DOCX or PDF")
    return Kind.ZIP


def _head(data: bytes) -> str:
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "latin-1")
    return data[:_HEAD].decode(encoding, "ignore")
