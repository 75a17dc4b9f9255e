"""Canonical text, text folded for matching, and the way back from either to its source."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable


class OffsetMap:
    """Where each character of a derived text stands in its source.

    Character ``i`` of the derived text was made from ``source[starts[i]:ends[i]]``; both
    sequences never decrease. Characters of the source that were dropped belong to none.
    """

    __slots__ = ("_ends", "_starts", "is_identity")

    def __init__(self, starts: array[int], ends: array[int]) -> None:
        if len(starts) != len(ends):
            raise ValueError("an offset map needs one start and one end for each character")
        self._starts = starts
        self._ends = ends
        self.is_identity = False
        """Whether the text is known to be its own source, so that its spans need no map."""

    @classmethod
    def identity(cls, length: int) -> OffsetMap:
        """The map of a text that is its own source."""
        made = cls(array("q", range(length)), array("q", range(1, length + 1)))
        made.is_identity = True
        return made

    def __len__(self) -> int:
        return len(self._starts)

    def to_source(self, span: Span) -> Span:
        """The source characters from which ``span`` of the derived text was made."""
        if not len(span):
            at = self._starts[span.start] if span.start < len(self) else self._source_end()
            return Span(at, at)
        return Span(self._starts[span.start], self._ends[span.end - 1])

    def from_source(self, span: Span) -> Span:
        """The derived characters made from any part of ``span`` of the source.

        Empty, at the place where they would stand, when all of them were dropped.
        """
        start = bisect_right(self._ends, span.start)
        end = bisect_left(self._starts, span.end)
        return Span(start, max(start, end))

    def after(self, first: OffsetMap) -> OffsetMap:
        """This map applied to the derived text of ``first``: a map to the source of ``first``."""
        lasts = (end - 1 for end in self._ends)
        return OffsetMap(
            array("q", map(first._starts.__getitem__, self._starts)),
            array("q", map(first._ends.__getitem__, lasts)),
        )

    def _source_end(self) -> int:
        return self._ends[-1] if self._ends else 0


class MappedBuilder:
    """Collects the characters of a derived text with their places in the source."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._starts = array("q")
        self._ends = array("q")

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, text: str, start: int, end: int) -> None:
        """Append ``text``, all of it made from ``source[start:end]`` as one unit."""
        self._parts.append(text)
        self._starts.extend([start] * len(text))
        self._ends.extend([end] * len(text))

    def copy(self, text: str, start: int) -> None:
        """Append ``text``, which stands letter for letter at ``start`` in the source."""
        self._parts.append(text)
        self._starts.extend(range(start, start + len(text)))
        self._ends.extend(range(start + 1, start + len(text) + 1))

    def extend(self, part: Mapped) -> None:
        """Append a text that has a map to the same source, which it continues."""
        self._parts.append(part.text)
        self._starts.extend(part.map._starts)
        self._ends.extend(part.map._ends)

    def build(self) -> Mapped:
        """The collected text with its map."""
        return Mapped("".join(self._parts), OffsetMap(self._starts, self._ends))


@dataclass(frozen=True, slots=True)
class Mapped:
    """A derived text and the map back to its source."""

    text: str
    map: OffsetMap


def _composes(piece: str, char: str) -> bool:
    normal = unicodedata.normalize("NFC", piece)
    return unicodedata.normalize("NFC", piece + char) != normal + char


def _clusters(source: str) -> list[tuple[str, int]]:
    """Cut ``source`` into the smallest pieces that NFC treats on their own, with their starts."""
    pieces: list[tuple[str, int]] = []
    for at, char in enumerate(source):
        if pieces and char >= "\u0300":  # nothing below composes with what stands before it
            piece, start = pieces[-1]
            # Marks join their base; conjoining jamo and the like compose without being marks.
            if unicodedata.combining(char) or _composes(piece, char):
                pieces[-1] = (piece + char, start)
                continue
        pieces.append((char, at))
    return pieces


def compose(source: str) -> Mapped:
    """``source`` in Unicode normalisation form C."""
    if unicodedata.is_normalized("NFC", source):
        return Mapped(source, OffsetMap.identity(len(source)))
    builder = MappedBuilder()
    for piece, start in _clusters(source):
        normal = unicodedata.normalize("NFC", piece)
        if normal == piece:
            builder.copy(piece, start)
        else:
            builder.add(normal, start, start + len(piece))
    return builder.build()


# Characters that show nothing and say nothing: controls other than tab and newline, the soft
# hyphen, zero-width space and word joiner, direction marks, the byte order mark, unassigned
# "noncharacters". The zero-width joiner and non-joiner stay: emoji and several scripts need them.
_INVISIBLE = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
)
_UNSEEN = rf"[\s{_INVISIBLE}]"
# Runs that do not stay as they are: all but a single space between words.
_SPACING = re.compile(rf"\A{_UNSEEN}+|{_UNSEEN}+\Z|{_UNSEEN}{{2,}}|(?! ){_UNSEEN}")
_DROPPED = re.compile(rf"[{_INVISIBLE}]+")


def canonicalize(source: str, *, keep_lines: bool = False) -> Mapped:
    """The canonical form of plain ``source``: what all spans of an article count characters in.

    NFC; characters that cannot be seen are dropped; a run of white space becomes one space, or
    two newlines where it holds a blank line, which is where paragraphs meet; none at either end.
    A single newline is white space like any other unless ``keep_lines`` is set.
    """
    return _canonical(source, lambda spacing: _gap(spacing, keep_lines=keep_lines))


def canonicalize_block(source: str) -> Mapped:
    """The canonical form of one heading or paragraph: as ``canonicalize``, but on one line.

    A blank line inside of it, as code or an HTML element may hold, is a space too.
    """
    return _canonical(source, lambda spacing: " " if spacing else "")


def _canonical(source: str, gap_for: Callable[[str], str]) -> Mapped:
    builder = MappedBuilder()
    done = 0
    for run in _SPACING.finditer(source):
        builder.copy(source[done : run.start()], done)
        done = run.end()
        gap = gap_for(_DROPPED.sub("", run.group()))
        if gap and len(builder) and done < len(source):
            builder.add(gap, run.start(), run.end())
    builder.copy(source[done:], done)
    spaced = builder.build()
    # Composed last: a dropped character may have stood between a letter and its accent.
    if unicodedata.is_normalized("NFC", spaced.text):
        return spaced
    composed = compose(spaced.text)
    return Mapped(composed.text, composed.map.after(spaced.map))


def _gap(spacing: str, *, keep_lines: bool) -> str:
    """What stands in canonical text for a run of white space."""
    lines = len(re.findall(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", spacing))
    if lines > 1 or "\u2029" in spacing:
        return "\n\n"
    if lines:
        return "\n" if keep_lines else " "
    return " " if spacing else ""


_PLAIN = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("‘’‚‛′‹›`´ʼ", "'"),
    **dict.fromkeys("“”„‟″«»〝〞＂", '"'),
    "…": "...",
}


class _Folding(dict[int, str]):
    """What each character folds to, for ``str.translate``; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    if char.isspace():
        return " "
    decomposed = unicodedata.normalize("NFKD", char.casefold())
    kept = "".join(part for part in decomposed if not unicodedata.combining(part))
    return "".join(_PLAIN.get(part, part) for part in kept).casefold()


_FOLDING = _Folding()

# Anything but the characters of most Western text that fold one to one: without these, the folded
# text is as long as its source, and the map is trivial.
_UNEVEN = re.compile(r"[^\x00-\x7f£€‘’“”–—àáâäåçèéêëìíîïñòóôöùúûüÀÁÂÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜ]")


def fold(source: str) -> Mapped:
    """``source`` with the differences removed that do not change which words it says.

    Case, accents and compatibility forms, kinds of dash, quotation mark and white space. Meant
    for comparing and finding; what is shown is always the source, through the map.
    """
    if not _UNEVEN.search(source):
        return Mapped(folded(source), OffsetMap.identity(len(source)))
    builder = MappedBuilder()
    for piece, start in _clusters(source):
        builder.add(piece.translate(_FOLDING), start, start + len(piece))
    return builder.build()


def folded(source: str) -> str:
    """The text of ``fold(source)`` without the way back, some twenty times as fast."""
    return source.translate(_FOLDING)
