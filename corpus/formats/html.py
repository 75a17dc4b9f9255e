"""HTML pages: trafilatura says what on a page is the article, its words come from the source.

trafilatura rewrites text and gives no places, so the page is cut into blocks with their places
(``corpus.formats.markup``) and those are kept that occur, in the same order, in what it found.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from corpus.article import Metadata
from corpus.formats.document import About, RawBlock
from corpus.formats.markup import read_markup
from corpus.text import canonicalize_block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from corpus.formats.markup import FoundBlock

_log = logging.getLogger(__name__)

# A shorter block may occur by chance inside a sentence, so it has to begin where one of the
# pieces of the extracted text begins.
CERTAIN_LETTERS = 25
# A short block that occurs more often than this is chosen among its first occurrences.
OCCURRENCES = 50

_LANGUAGE = re.compile(r"<html\b[^>]*?\slang\s*=\s*[\"']?([A-Za-z-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Extracted:
    """What trafilatura takes for the article.

    Attributes:
        letters: its letters and digits, in lower case, nothing between them.
        starts: where in ``letters`` its pieces begin.
        about: what the page's head says.
    """

    letters: str
    starts: frozenset[int]
    about: About


def read(source: str, start: int = 0) -> tuple[list[RawBlock], About]:
    """The article's blocks on the page ``source[start:]``, and what the page says of it.

    Offsets count from the start of ``source``. Where trafilatura finds no article, as on a page
    of a few words, everything is taken that stands outside of navigation and footers.
    """
    found = read_markup(source, start)
    extracted = _extract(source[start:]) if found else None
    kept = _in_article(found, extracted) if extracted else []
    if not kept:
        kept = [at for at, block in enumerate(found) if not block.beside]
    kept = _with_headings(found, kept)
    return [found[at].block for at in kept], extracted.about if extracted else About()


@cache
def _extractor() -> Callable[..., Any]:
    from trafilatura import bare_extraction  # takes a quarter of a second to import

    # It warns of every small page, on stderr where logging is not set up; see `read` for those.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    return bare_extraction  # type: ignore[no-any-return]


def _extract(page: str) -> _Extracted | None:
    try:
        document = _extractor()(
            page,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # noqa: BLE001 - on odd pages it fails in many ways; see `read` for those
        _log.warning("trafilatura failed on a page; it is taken whole", exc_info=True)
        return None
    if document is None or document.body is None:
        return None
    pieces = [_letters(piece) for piece in document.body.itertext()]
    starts, length = set(), 0
    for piece in pieces:
        starts.add(length)
        length += len(piece)
    about = About(
        title=_line(document.title),
        metadata=Metadata(
            url=_line(document.url),
            outlet=_line(document.sitename),
            author=_line(document.author),
            published=_line(document.date),
            language=_line(language[1] if (language := _LANGUAGE.search(page)) else None),
        ),
    )
    return _Extracted("".join(pieces), frozenset(starts), about)


def _line(value: str | None) -> str | None:
    return canonicalize_block(value or "").text or None


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _in_article(found: Sequence[FoundBlock], extracted: _Extracted) -> list[int]:
    """Which of the blocks make up the longest text that occurs in order in the extracted one."""
    places: list[tuple[int, int, int]] = []
    for number, block in enumerate(found):
        letters = _letters(block.block.content.text)
        if letters:
            # Later places first, so that no chain takes two places of one block.
            occurrences = sorted(_occurrences(letters, extracted), reverse=True)
            places += [(number, at, at + len(letters)) for at in occurrences]
    return heaviest_chain(places)


def _occurrences(letters: str, extracted: _Extracted) -> Iterable[int]:
    at = extracted.letters.find(letters)
    count = 0
    while at >= 0 and count < OCCURRENCES:
        if len(letters) >= CERTAIN_LETTERS or at in extracted.starts:
            yield at
            count += 1
        at = extracted.letters.find(letters, at + 1)


def heaviest_chain(places: Sequence[tuple[int, int, int]]) -> list[int]:
    """The blocks of the chain of places, each after the one before, that has most letters.

    ``places`` are ``(block, start, end)`` in order of block. Dynamic programming over the ends,
    kept as a staircase of ever longer chains, in O(n log n).
    """
    ends: list[int] = [0]
    weights: list[int] = [0]
    chains: list[tuple[int, object]] = [(-1, None)]
    for block, start, end in places:
        before = bisect_left(ends, start + 1) - 1
        weight = weights[before] + end - start
        at = bisect_left(ends, end)
        if at < len(ends) and ends[at] == end and weights[at] >= weight:
            continue
        if weights[at - 1] >= weight:
            continue
        stop = at
        while stop < len(ends) and weights[stop] <= weight:
            stop += 1
        chain = (block, chains[before])
        ends[at:stop], weights[at:stop], chains[at:stop] = [end], [weight], [chain]
    blocks: list[int] = []
    link: object = chains[-1]
    while isinstance(link, tuple) and link[0] >= 0:
        blocks.append(link[0])
        link = link[1]
    return blocks[::-1]


def _with_headings(found: Sequence[FoundBlock], kept: list[int]) -> list[int]:
    """``kept`` with the headings right above its blocks, and the headline above it all.

    trafilatura takes the headline for metadata, and on small pages drops headings.
    """
    chosen = set(kept)
    for at in range(len(found) - 2, -1, -1):
        if found[at].block.level and not found[at].beside and at + 1 in chosen:
            chosen.add(at)
    if not any(found[at].block.level == 1 for at in chosen):
        headlines = [at for at in range(min(chosen, default=0)) if found[at].block.level == 1]
        chosen.update(headlines[-1:])
    return sorted(chosen)
