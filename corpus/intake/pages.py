"""Reading HTML pages, large ones in a process of its own: it can take their size squared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.article import Metadata
from corpus.formats import html, parse_text
from corpus.formats.confined import Limits, laid, run, written
from corpus.formats.document import About, assemble
from corpus.intake.quality import Doubt, page_doubts

if TYPE_CHECKING:
    from corpus.formats import Document

SMALL = 200_000
"""Characters of a page that is read here: the worst of that size takes about two seconds."""


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page, read.

    Attributes:
        document: its article.
        doubts: why it may be none.
    """

    document: Document
    doubts: tuple[Doubt, ...]


def read_page(source: str, limits: Limits | None = None) -> Page:
    """Read the page ``source``.

    Raises:
        ArticleError: if there is no text on it, or it takes too long to be read.
    """
    if len(source) <= SMALL:
        document = parse_text(source, ".html")
        return Page(document, tuple(page_doubts(document, source)))
    said = run(__name__, source.encode(), limits or Limits())
    about = About(title=said["title"], metadata=Metadata(**said["metadata"]))
    doubts = tuple(Doubt(kind, reason) for kind, reason in said["doubts"])
    return Page(assemble(laid(said["blocks"]), about), doubts)


def described(data: bytes) -> dict[str, Any]:
    """What is on a page in UTF-8, as JSON; called in the process of its own."""
    source = data.decode()
    blocks, about = html.read(source)
    doubts = page_doubts(assemble(blocks, about), source)
    found = [[doubt.kind, doubt.reason] for doubt in doubts]
    return {**written(blocks, about), "doubts": found}
