"""Where quotation marks open and close: a stack machine, paragraph by paragraph.

Marks of every style are read by what stands on their two sides. An apostrophe, a possessive
plural, a decade, inches and a stray mark open or close nothing; a mark that is never closed ends
with its paragraph at the latest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from corpus.quotes.signs import FAMILY, Mark, marks_in, next_of_family
from corpus.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARAGRAPH_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_ELISION = re.compile(
    r"(?:em|til|tis|twas|twill|cause|cos|bout|n|round|neath|ere|un|uns|kay|fraid|nother)\b"
    r"|\d\d(?:s\b|\b(?!\d))",
    re.IGNORECASE,
)
_DROPPED_G = re.compile(r"\w\win$")
#: A reporting clause: where one stands inside, the closing mark was forgotten before it.
_REPORTED = re.compile(
    r"[,.?!]\s+(?:[\w.’'-]+\s+){1,5}(?:said|says|told|asked|added|wrote|explained)\b"
    r"|\b(?:said|says|added)\s+(?:[A-Z]|the\b)"
)
_SENTENCE_END = ".!?…"
# So that no text takes more than linear time; in no article that was read do they matter.
_DEEPEST = 16  # stretches inside one another
_FARTHEST = 64  # single marks looked at beyond one to tell whether it is an apostrophe


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch between quotation marks.

    Attributes:
        span: its characters without the marks, and without white space at the ends.
        outer: its characters with the marks.
        children: the stretches inside it, in reading order.
        closed: whether its closing mark stands in the text.
        continues: whether the next quoted paragraph goes on with it (no closing mark here,
            an opening mark there, as is the custom for long quotations).
        truncated: whether the text ends before it does.
    """

    span: Span
    outer: Span
    children: tuple[Quoted, ...] = ()
    closed: bool = True
    continues: bool = False
    truncated: bool = False


@dataclass(slots=True)
class _Open:
    """An opening mark on the stack, with what was found inside so far."""

    mark: Mark
    children: list[Quoted] = field(default_factory=list)


def paragraphs_of(text: str) -> tuple[Span, ...]:
    """The paragraphs of plain ``text``: what stands between blank lines."""
    spans = []
    start = 0
    for gap in [*_PARAGRAPH_GAP.finditer(text), None]:
        end = gap.start() if gap else len(text)
        span = Span(start, end).stripped(text)
        if len(span):
            spans.append(span)
        start = gap.end() if gap else end
    return tuple(spans)


def quoted(text: str, paragraphs: Sequence[Span]) -> tuple[tuple[Quoted, ...], ...]:
    """The outermost quoted stretches of each paragraph, in reading order.

    A stretch that opens in one paragraph and closes in a later one, with no mark between, belongs
    to the first.
    """
    found: list[tuple[Quoted, ...]] = []
    skip_to = 0
    for number, paragraph in enumerate(paragraphs):
        start = max(paragraph.start, skip_to)
        if start >= paragraph.end:
            found.append(())
            continue
        scanner = _Scanner(text, Span(start, paragraph.end))
        scanner.run()
        if scanner.pending is not None:
            skip_to = _settle(text, scanner, paragraphs[number + 1 : number + 3])
        found.append(tuple(sorted(scanner.found, key=lambda item: item.span)))
    return tuple(found)


def _settle(text: str, scanner: _Scanner, following: Sequence[Span]) -> int:
    """Decide what an unclosed mark means; the place from which reading goes on.

    ``following`` are the next two paragraphs, as far as there are any.
    """
    pending = scanner.pending
    assert pending is not None
    end = scanner.window.end
    if not following:
        said = _REPORTED.search(text, pending.mark.at, end)
        if said is None and _looks_cut_off(text, scanner.window, pending.mark.at):
            scanner.keep(pending, end, truncated=True)
        else:
            scanner.drop(pending)
        return end
    if any(_opens_like(text, span, pending.mark) for span in following):
        scanner.keep(pending, end, continues=True)
        return end
    closing = _closing_later(text, following, pending.mark)
    if closing is not None:
        scanner.close_at(pending, closing)
        return closing + 1
    kept = text[pending.mark.at : end]
    if _stands_as_speech(text, scanner.window, pending.mark.at) and not _REPORTED.search(kept):
        scanner.keep(pending, end)
    else:
        scanner.drop(pending)
    return end


def _looks_cut_off(text: str, window: Span, at: int) -> bool:
    """Whether a mark that the text never closes opens a quotation that was cut off."""
    ends_mid_sentence = text[window.end - 1] not in _SENTENCE_END + ")]*_"
    return ends_mid_sentence or _stands_as_speech(text, window, at)


def _stands_as_speech(text: str, window: Span, at: int) -> bool:
    """Whether the mark at ``at`` opens its paragraph or follows a comma or colon."""
    before = text[window.start : at].rstrip(" *_")
    return not before or before[-1] in ",:"


def _opens_like(text: str, paragraph: Span, mark: Mark) -> bool:
    first = text[paragraph.start : paragraph.start + 4].lstrip(" *_>")[:1]
    return first in FAMILY and FAMILY[first] == FAMILY[mark.char] and first not in "’»›"


def _closing_later(text: str, following: Sequence[Span], opener: Mark) -> int | None:
    """Where the first mark of the next paragraphs stands, if it can only close ``opener``."""
    for paragraph in following:
        marks = [
            mark for mark in marks_in(text, paragraph) if FAMILY[mark.char] == FAMILY[opener.char]
        ]
        if FAMILY[opener.char] == "single":
            marks = [mark for mark in marks if mark.can_open or text[mark.at - 1] in ",.!?"]
        if marks:
            first = marks[0]
            return first.at if first.can_close and not first.can_open else None
    return None


class _Scanner:
    """Reads the marks of one paragraph, left to right."""

    def __init__(self, text: str, window: Span) -> None:
        self.text = text
        self.window = window
        self.marks = marks_in(text, window)
        self._following = next_of_family(self.marks)
        self.found: list[Quoted] = []
        self.stack: list[_Open] = []
        self.pending: _Open | None = None

    def run(self) -> None:
        """Fill ``found``; what stays open at the end becomes ``pending``."""
        for number, mark in enumerate(self.marks):
            if FAMILY[mark.char] == "single":
                self._read_single(number, mark)
            else:
                self._read(number, mark)
        while len(self.stack) > 1:
            self._abandon()
        if self.stack:
            self.pending = self.stack.pop()

    # Double marks and guillemets

    def _read(self, number: int, mark: Mark) -> None:
        depth = self._depth_of(FAMILY[mark.char])
        if depth is None:
            if self._may_open(number, mark):
                self._open(mark)
        elif self._closes(number, mark, self.stack[depth].mark):
            self._close(depth, mark)
        elif mark.can_open:
            same = self.stack[depth].mark.char == mark.char
            if same and not self._closed_twice(number):
                while len(self.stack) > depth:  # the mark before was never closed: start again
                    self._abandon()
            self._open(mark)

    def _may_open(self, number: int, mark: Mark) -> bool:
        if mark.can_open:
            return True
        # `said," and then` with the space on the wrong side: an opening mark where the next
        # one can only close as well.
        if mark.char != '"' or self.text[mark.at - 1].isdigit():
            return False
        following = self._next(number)
        return following is not None and following.can_close and not following.can_open

    def _closes(self, number: int, mark: Mark, opener: Mark) -> bool:
        if not mark.can_close:
            return False
        if mark.char == "“" and mark.can_open:
            return False
        if mark.char in "«»‹›" and opener.char == mark.char:
            return False
        if mark.char in '"”' and self.text[mark.at - 1].isdigit():
            following = self._next(number)
            inches = following is not None and following.can_close and not following.can_open
            return not inches
        return True

    def _closed_twice(self, number: int) -> bool:
        """Whether the next two marks of the family both close, so that the stretches nest."""
        first = self._following[number]
        second = self._following[first] if first is not None else None
        if first is None or second is None:
            return False
        after = (self.marks[first], self.marks[second])
        return all(mark.can_close and not mark.can_open for mark in after)

    # Single marks, which are apostrophes most of the time

    def _read_single(self, number: int, mark: Mark) -> None:
        depth = self._depth_of("single")
        if depth is not None:
            if self._closes_single(number, mark):
                self._close(depth, mark)
            elif mark.char in "‘‚" and mark.can_open and not self._elided(mark):
                if not self._closed_twice(number):
                    while len(self.stack) > depth:
                        self._abandon()
                self._open(mark)
        elif self._opens_single(number, mark):
            self._open(mark)

    def _opens_single(self, number: int, mark: Mark) -> bool:
        if mark.char == "’" or not mark.can_open or self.text[mark.at + 1 : mark.at + 2].isspace():
            return False
        closable = any(self._closing_strength(later) for later in self._reach(number))
        if self._elided(mark):
            return closable and self._whole_single(number, mark)
        if closable:
            return True
        # A quotation may go on beyond this paragraph; a lone straight mark hardly ever does.
        return _stands_as_speech(self.text, self.window, mark.at) or mark.char in "‘‚"

    def _whole_single(self, number: int, mark: Mark) -> bool:
        """Whether a mark before "cause" or "90s" opens speech rather than standing for letters."""
        starts = mark.at == self.window.start or self.text[mark.at - 2 : mark.at - 1] in ".,:!?"
        strong = any(self._closing_strength(later) == 3 for later in self._reach(number))
        return starts and strong and not self.text[mark.at + 1].isdigit()

    def _closes_single(self, number: int, mark: Mark) -> bool:
        if self._is_possessive(mark):
            return False
        strength = self._closing_strength(mark)
        if strength != 1:
            return strength > 1
        return not any(self._closing_strength(later) > 1 for later in self._reach(number))

    def _is_possessive(self, mark: Mark) -> bool:
        """Whether the closing mark stands behind the one at hand, as in ‘Not the actors’.’ here."""
        singles = sum(FAMILY[item.mark.char] == "single" for item in self.stack)
        after = self.text[mark.at + 1 : min(mark.at + 3, self.window.end)]
        ends = after[:1] in ".,!?…" and after[1:] in ("’", "'")
        return singles == 1 and self.text[mark.at - 1] in "sS" and len(after) == 2 and ends

    def _closing_strength(self, mark: Mark) -> int:
        """How surely a single mark closes: 3 after punctuation, 2 after a word, 1 if in doubt."""
        if mark.char not in "'’‘›" or not mark.can_close:
            return 0
        left = self.text[mark.at - 1]
        right = self.text[mark.at + 1 : mark.at + 2]
        if right.isalnum() or (mark.char == "‘" and mark.can_open):
            return 0
        if self.text[max(mark.at - 2, 0) : mark.at] in ("’n", "'n", "‘n"):
            return 0  # rock ’n’ roll
        if not left.isalnum():
            return 3
        if left in "sSzx" and right == " ":
            return 1
        if _DROPPED_G.search(self.text, max(0, mark.at - 12), mark.at):
            return 1
        return 2

    def _elided(self, mark: Mark) -> bool:
        return _ELISION.match(self.text, mark.at + 1, self.window.end) is not None

    def _reach(self, number: int) -> list[Mark]:
        """The single marks before the next one that opens and before an outer mark closes."""
        outer = {FAMILY[item.mark.char] for item in self.stack} - {"single"}
        reach = []
        for mark in islice(self.marks, number + 1, number + 1 + _FARTHEST):
            family = FAMILY[mark.char]
            if family == "single":
                opening = mark.can_open and mark.char != "’" and not self._elided(mark)
                if opening and not mark.can_close:
                    break
                reach.append(mark)
            elif family in outer and mark.can_close and not mark.can_open:
                break
        return reach

    # The stack

    def _next(self, number: int) -> Mark | None:
        """The next mark of the same family."""
        following = self._following[number]
        return self.marks[following] if following is not None else None

    def _open(self, mark: Mark) -> None:
        if len(self.stack) < _DEEPEST:
            self.stack.append(_Open(mark))

    def _depth_of(self, family: str) -> int | None:
        for depth in range(len(self.stack) - 1, -1, -1):
            if FAMILY[self.stack[depth].mark.char] == family:
                return depth
        return None

    def _close(self, depth: int, mark: Mark) -> None:
        while len(self.stack) > depth + 1:
            self._abandon()
        item = self.stack.pop()
        self._add(self._quoted(item, mark.at, mark.at + 1))

    def _abandon(self) -> None:
        item = self.stack.pop()
        for child in item.children:
            self._add(child)

    def _add(self, item: Quoted) -> None:
        if len(item.span):
            (self.stack[-1].children if self.stack else self.found).append(item)

    def _quoted(self, item: _Open, end: int, outer_end: int) -> Quoted:
        span = Span(item.mark.at + 1, end).stripped(self.text)
        return Quoted(span, Span(item.mark.at, outer_end), tuple(item.children))

    # An unclosed mark

    def keep(
        self, item: _Open, end: int, *, continues: bool = False, truncated: bool = False
    ) -> None:
        """Take the stretch from ``item`` to ``end`` although no mark closes it."""
        span = Span(item.mark.at + 1, end).stripped(self.text)
        outer = Span(item.mark.at, end)
        if len(span):
            children = tuple(item.children)
            self.found.append(Quoted(span, outer, children, False, continues, truncated))

    def close_at(self, item: _Open, at: int) -> None:
        """Take the stretch from ``item`` to the mark at ``at`` in a later paragraph."""
        self.found.append(self._quoted(item, at, at + 1))

    def drop(self, item: _Open) -> None:
        """Forget a stray mark, keeping what was found after it."""
        self.found.extend(item.children)
