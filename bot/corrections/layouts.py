"""Where the articles' words stand in a message, so that it can be written with a correction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.corrections.model import Quoted, Words
from corpus.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.corrections.model import Layout
    from bot.ledger import Sent


def layouts(messages: Sequence[Sent], texts: Mapping[int, str]) -> list[Layout | None]:
    """The layouts of an answer's messages: which words of which marker stand where.

    Cited words follow one another in the order of their markers. A message of which no pieces are
    known has no layout.
    """
    number, at = min(texts, default=0), 0
    found: list[Layout | None] = []
    for one in messages:
        parts: list[str | Quoted | Words] = []
        for text, is_quotation in one.pieces:
            place = _next_place(text, number, at, texts) if is_quotation else None
            if place is not None:
                number, at = place.number, place.span.end
            parts.append(place or (Words(text) if is_quotation else text))
        found.append(tuple(parts) if parts else None)
    return found


def _next_place(text: str, number: int, at: int, texts: Mapping[int, str]) -> Quoted | None:
    """Where ``text`` goes on in the cited words, or begins the ones that follow."""
    for candidate in sorted(one for one in texts if one >= number):
        start = texts[candidate].find(text, at if candidate == number else 0)
        between = texts[candidate][at if candidate == number else 0 : max(start, 0)]
        if start >= 0 and not between.strip():
            return Quoted(candidate, Span(start, start + len(text)))
    return None


def written(layout: Layout | None) -> str:
    """A layout as it is kept."""
    return json.dumps([_part_written(part) for part in layout]) if layout else ""


def _part_written(part: str | Quoted | Words) -> object:
    match part:
        case Quoted(number, span):
            return [number, span.start, span.end]
        case Words(text):
            return {"words": text}
    return part


def read(written: str) -> Layout | None:
    """What ``written`` gave."""
    return tuple(map(_part_read, json.loads(written))) if written else None


def _part_read(part: Any) -> str | Quoted | Words:
    match part:
        case [number, start, end]:
            return Quoted(number, Span(start, end))
        case {"words": text}:
            return Words(text)
    return str(part)
