"""Which quotation marks and brackets of a paragraph belong together."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.span import Span

_MARK = re.compile(r"""["“”„‟«»‘’‚'()\[\]]""")
_OPENING = {"“": '"', "„": '"', "‟": '"', "«": '"', "‘": "'", "‚": "'", "(": ")", "[": "]"}
_CLOSING = {"”": '"', "»": '"', ")": ")", "]": "]"}
# Begins a word that has lost its first letters: ’90s, ’em, ’til.
_ELIDED = re.compile(r"(?:\d|em\b|til\b|tis\b|twas\b|cause\b|n\b|round\b)", re.IGNORECASE)


def enclosed(text: str, part: Span) -> tuple[list[int], list[int]]:
    """Where quotations and brackets open, and where they close, each list in order.

    Only marks that have a partner in ``part`` count: a quotation that runs on into the next
    paragraph is not closed here, and an apostrophe or a sign for inches is no quotation mark.
    """
    opened: list[int] = []
    closed: list[int] = []
    waiting: list[tuple[str, int]] = []
    kinds: Counter[str] = Counter()
    for found in _MARK.finditer(text, part.start, part.end):
        at = found.start()
        kind, opens = _role(text, part, at, kinds)
        if opens:
            waiting.append((kind, at))
            kinds[kind] += 1
        elif kind and kinds[kind]:
            opened.append(_partner(waiting, kinds, kind))
            closed.append(at)
    return sorted(opened), closed


def _partner(waiting: list[tuple[str, int]], kinds: Counter[str], kind: str) -> int:
    """Take the last waiting mark of this kind; those after it never found theirs."""
    while True:
        last, at = waiting.pop()
        kinds[last] -= 1
        if last == kind:
            return at


def _role(text: str, part: Span, at: int, kinds: Counter[str]) -> tuple[str, bool]:
    """The kind of the mark at ``at`` ("" for none) and whether it opens."""
    mark = text[at]
    before = text[at - 1] if at > part.start else " "
    after = text[at + 1] if at + 1 < part.end else " "
    if mark in "‘'’":
        return _single(text, at, before, after)
    if mark == '"':
        return _straight(before, after, already=kinds['"'] > 0)
    if mark == "“" and kinds['"'] and not before.isspace() and after.isspace():
        return '"', False  # German „so“, or a mark set the wrong way round
    return (_OPENING[mark], True) if mark in _OPENING else (_CLOSING.get(mark, ""), False)


def _single(text: str, at: int, before: str, after: str) -> tuple[str, bool]:
    if before.isalnum() and after.isalnum():
        return "", False
    if after.isspace() or before.isalnum() or not (before.isspace() or before in '“"([—–-…'):
        return ("'", text[at] == "‘" and not after.isspace())
    if text[at] == "’" or _ELIDED.match(text, at + 1):
        return ("", False) if before.isspace() else ("'", False)
    return "'", True


def _straight(before: str, after: str, *, already: bool) -> tuple[str, bool]:
    """A straight double mark closes what is open, unless it stands as only an opening one can."""
    opening = (before.isspace() or before in "([—–-‘'“") and not after.isspace()
    if already:
        return '"', opening and before.isspace()
    return ('"', True) if opening or before.isspace() else ("", False)
