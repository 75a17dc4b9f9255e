"""Quotation marks as signs: of which family each is, and whether it may open or close."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.span import Span

_MARK = re.compile("[\"'“”„‟‘’‚‛«»‹›]")
_DOUBLE = '"“”„‟'
_SINGLE = "'‘’‚‛"
#: The marks that can open and close one another.
FAMILY = {
    **dict.fromkeys(_DOUBLE, "double"),
    **dict.fromkeys(_SINGLE, "single"),
    **dict.fromkeys("«»", "guillemet"),
    **dict.fromkeys("‹›", "angle"),
}
_BOUNDARY_LEFT = set(" \t\n\r\v\f\u00a0\u202f([{<>—–-−/*_…|~#") | set('"“„‟«‹‘‚')
_BOUNDARY_RIGHT = set(" \t\n\r\v\f\u00a0\u202f)]}<>—–-−/*_…|~.,;:!?") | set("\"”“»›’'")


class Mark(NamedTuple):
    """A quotation mark at a place of some text, and what its two sides let it do."""

    at: int
    char: str
    can_open: bool
    can_close: bool


def marks_in(text: str, window: Span) -> list[Mark]:
    """The quotation marks of ``text`` in ``window``, in order."""
    marks = []
    for match in _MARK.finditer(text, window.start, window.end):
        at = match.start()
        left = text[at - 1] if at > window.start else " "
        right = text[at + 1] if at + 1 < window.end else " "
        marks.append(_mark(match.group(), at, left, right))
    return marks


def _mark(char: str, at: int, left: str, right: str) -> Mark:
    opens = left in _BOUNDARY_LEFT and not right.isspace()
    closes = not left.isspace() and left not in "([{" and right in _BOUNDARY_RIGHT
    if char in "“‘„‟‚":
        # A raised-six mark closes a German low one, and stands for a closing mark in slips.
        return Mark(at, char, left in _BOUNDARY_LEFT, closes and char in "“‘")
    if char in "”’":
        return Mark(at, char, opens and not closes, not left.isspace())
    if char in "«»‹›":
        # French sets a space inside; German sets them the other way round.
        inner_space = left.isspace() and right in _BOUNDARY_RIGHT
        opens = opens or (char in "«‹" and left in _BOUNDARY_LEFT)
        return Mark(at, char, opens, closes or (inner_space and char in "»›"))
    return Mark(at, char, opens, closes)


def next_of_family(marks: Sequence[Mark]) -> list[int | None]:
    """For each mark the number of the next one of its family."""
    found: list[int | None] = [None] * len(marks)
    latest: dict[str, int] = {}
    for number in range(len(marks) - 1, -1, -1):
        family = FAMILY[marks[number].char]
        found[number] = latest.get(family)
        latest[family] = number
    return found
