"""Half-open character ranges: the one place where offset arithmetic is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters ``[start, end)`` of some text, counted in Unicode code points.

    Spans order by start, then by end. An empty span is allowed.

    Raises:
        ValueError: if ``start`` is negative or greater than ``end``.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    @classmethod
    def whole(cls, text: str) -> Span:
        """The span of all of ``text``."""
        return cls(0, len(text))

    @classmethod
    def covering(cls, spans: Iterable[Span]) -> Span:
        """The smallest span that contains each of ``spans`` (at least one)."""
        first, *rest = spans
        start, end = first.start, first.end
        for span in rest:
            start, end = min(start, span.start), max(end, span.end)
        return cls(start, end)

    def __len__(self) -> int:
        return self.end - self.start

    def __bool__(self) -> bool:
        # Without this an empty span would be falsy through __len__, a trap in `if span:`.
        return True

    def of(self, text: str) -> str:
        """The characters of ``text`` in this span.

        Raises:
            IndexError: if the span reaches past the end of ``text``; a slice would shorten it.
        """
        if self.end > len(text):
            raise IndexError(f"span ends at {self.end}, the text at {len(text)}")
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return max(self.start, other.start) < min(self.end, other.end)

    def shared(self, other: Span) -> int:
        """How many characters the two share."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def shifted(self, by: int) -> Span:
        """This span moved by ``by`` characters."""
        return Span(self.start + by, self.end + by)

    def stripped(self, text: str) -> Span:
        """This span without the white space at its two ends in ``text``."""
        words = self.of(text)
        start = self.start + len(words) - len(words.lstrip())
        return Span(start, max(start, self.end - len(words) + len(words.rstrip())))
