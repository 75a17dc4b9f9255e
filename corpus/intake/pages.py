"""Reading HTML pages, large ones in a process of its own: it can take their size squared."""

from __future__ import annotations

from typing import Any

from corpus.formats import html, parse_text
from corpus.formats.confined import Limits, Reading, run, written
from corpus.formats.document import assemble
from corpus.intake.quality import page_doubts

SMALL = 200_000
"""Characters of a page that is read here: the worst of that size takes about two seconds."""


def read_page(source: str, limits: Limits | None = None) -> Reading:
    """Read the page ``source``.

    Raises:
        ArticleError: if there is no text on it, or it takes too long to be read.
    """
    if len(source) <= SMALL:
        document = parse_text(source, ".html")
        return Reading(document, tuple(page_doubts(document, source)))
    return Reading.of(run(__name__, source.encode(), limits or Limits()))


def described(data: bytes) -> dict[str, Any]:
    """What is on a page in UTF-8, as JSON; called in the process of its own."""
    source = data.decode()
    blocks, about = html.read(source)
    doubts = page_doubts(assemble(blocks, about), source)
    return {**written(blocks, about), "doubts": list(doubts)}
