"""PDF files by pypdf: the text of their pages as running text.

A PDF knows places on paper, neither paragraphs nor words. So gaps between lines tell paragraphs
apart, running heads and page numbers are left out, words cut at the end of a line are joined, and
the reader of plain text does the rest.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from corpus.article import Metadata
from corpus.errors import ArticleError, UnreadableError
from corpus.formats import plain
from corpus.formats.confined import written
from corpus.formats.document import About
from corpus.text import canonicalize_block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_PAGES = 2_000
MAX_CHARACTERS = 4 * 2**20
SCAN_LETTERS = 25
"""A page with fewer letters has a picture of text at most: a page number, a stamp."""
_GAP = 1.35
"""Paragraphs stand apart where lines do so by this much more than usual."""
_RUNNING = 3
"""Running heads and feet stand within so many lines of the edge of a page."""
_JUNK_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)\b.*|untitled\b.*|(?:un)?document\d*|slide 1|print\b.*"
    r"|\S*\.(?:docx?|pdf|indd|qxd|rtf|odt|txt|html?|tex|dvi))",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:p(?:age|\.)?|seite|página|s\.)? ?[-–|]? ?#(?: ?(?:/|of|von|de|sur) ?#)? ?[-–|]?",
    re.IGNORECASE,
)
_CUT = re.compile(r"([^\W\d_]+)-\n([^\W\d_A-ZÀ-Þ]+)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text and how high it stands on its page."""

    text: str
    height: float


def described(data: bytes) -> dict[str, Any]:
    """What is in a PDF, as JSON; called in the process of its own.

    Raises:
        UnreadableError: if it is locked, damaged, too long, or a scan without text.
    """
    pages, pictures, about = _read(data)
    _check_text(pages)
    reason = (
        f"has pictures and no text on {pictures} of its {len(pages)} pages, as scanned pages have "
        "none; recognise their text first, for example with `ocrmypdf`"
    )
    doubts = [["scan", reason]] if pictures else []
    return {**written(plain.read(_joined(pages)), about), "doubts": doubts}


def _read(data: bytes) -> tuple[list[list[_Line]], int, About]:
    """The lines of each page, how many pages are pictures alone, and what the file says."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("is protected by a password; save a copy without one")
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise UnreadableError(
                f"has {count:,} pages, and at most {MAX_PAGES:,} are read; split it into parts"
            )
        pages = _pages(reader.pages)
        shown = zip(reader.pages, pages, strict=True)
        pictures = sum(_is_empty(lines) and _has_picture(page) for page, lines in shown)
        about = _about(reader.metadata)
    except (ArticleError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(f"is a damaged PDF ({_brief(error)}); save it anew") from error
    return pages, pictures, about


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"


def _pages(pages: Iterable[Any]) -> list[list[_Line]]:
    found: list[list[_Line]] = []
    length = 0
    for page in pages:
        found.append(_lines(page))
        length += sum(len(line.text) for line in found[-1])
        if length > MAX_CHARACTERS:
            raise UnreadableError(
                f"has more than {MAX_CHARACTERS // 2**20} MB of text; split it into parts"
            )
    return found


def _lines(page: Any) -> list[_Line]:
    pieces: list[tuple[str, float]] = []

    def note(text: str, matrix: Any, place: Any, _font: object, _size: object) -> None:
        height = place[4] * matrix[1] + place[5] * matrix[3] + matrix[5]
        pieces.append((text, float(height)))

    page.extract_text(visitor_text=note)
    return list(_split(pieces))


def _split(pieces: Iterable[tuple[str, float]]) -> Iterator[_Line]:
    """Cut pieces of text, each with its height, where lines end."""
    text, height = "", None
    for piece, at in pieces:
        first, *others = piece.split("\n")
        text += first
        height = at if height is None and first.strip() else height
        for other in others:
            if text.strip():
                yield _Line(text.strip(), height or 0.0)
            text, height = other, at if other.strip() else None
    if text.strip():
        yield _Line(text.strip(), height or 0.0)


def _check_text(pages: Sequence[Sequence[_Line]]) -> None:
    empty = sum(map(_is_empty, pages))
    if not pages:
        raise UnreadableError("is a PDF without pages")
    if empty * 2 > len(pages):
        raise UnreadableError(
            f"has no text on {empty} of its {len(pages)} pages, as a scan has none; recognise "
            "its text first, for example with `ocrmypdf`, and add the result"
        )


def _is_empty(page: Sequence[_Line]) -> bool:
    return sum(len(line.text) for line in page) < SCAN_LETTERS


def _has_picture(page: Any) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    found = objects.get_object().values() if objects is not None else ()
    return any(one.get_object().get("/Subtype") == "/Image" for one in found)


def _joined(pages: list[list[_Line]]) -> str:
    """The pages as one text with a blank line between paragraphs, as far as one can see them."""
    pages = _without_running(pages)
    text = ""
    for page in pages:
        part = _with_gaps(page)
        if text and part:
            text += "\n" if _goes_on(text, part) else "\n\n"
        text += part
    return _with_whole_words(text)


def _goes_on(text: str, part: str) -> bool:
    """Whether the paragraph at the end of a page goes on at the top of the next one."""
    return text[-1] in ",-–—" or (text[-1].isalnum() and part[0].islower())


def _with_gaps(page: Sequence[_Line]) -> str:
    drops = [above.height - below.height for above, below in pairwise(page)]
    usual = _usual(drops)
    parts = [page[0].text] if page else []
    for line, drop in zip(page[1:], drops, strict=True):
        apart = usual > 0 and drop > _GAP * usual
        parts += ["\n\n" if apart else "\n", line.text]
    return "".join(parts)


def _usual(drops: Sequence[float]) -> float:
    """How far lines stand apart within paragraphs: rather less than most, but no superscript."""
    down = sorted(drop for drop in drops if drop > 0)
    lines = [drop for drop in down if drop > 0.4 * median(down)]
    return lines[len(lines) // 4] if lines else 0.0


def _without_running(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Leave out what stands at the top or bottom of most pages, whatever the numbers in it."""
    counts = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    running = {key for key, count in counts.items() if count >= 2 and count * 2 > len(pages)}

    def keep(page: list[_Line], at: int) -> bool:
        edge = at < _RUNNING or at >= len(page) - _RUNNING
        key = _key(page[at])
        return not edge or (key not in running and not _NUMBER.fullmatch(key))

    return [[line for at, line in enumerate(page) if keep(page, at)] for page in pages]


def _edges(page: list[_Line]) -> list[_Line]:
    return page[:_RUNNING] + page[-_RUNNING:]


def _key(line: _Line) -> str:
    return re.sub(r"\d+", "#", " ".join(line.text.split()))


def _with_whole_words(text: str) -> str:
    """Join the words that a line's end cuts, but for those that have a hyphen elsewhere too."""
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text))

    def join(cut: re.Match[str]) -> str:
        hyphened = words[f"{cut[1]}-{cut[2]}"] > words[cut[1] + cut[2]]
        return f"{cut[1]}-{cut[2]}" if hyphened else cut[1] + cut[2]

    return _CUT.sub(join, text)


def _about(found: Any) -> About:
    if found is None:
        return About()
    title, author = _line(found.title), _line(found.author)
    created = found.creation_date
    return About(
        title=None if title and _JUNK_TITLE.fullmatch(title) else title,
        metadata=Metadata(author=author, published=created.date().isoformat() if created else None),
    )


def _line(value: object) -> str | None:
    return canonicalize_block(value).text or None if isinstance(value, str) else None
