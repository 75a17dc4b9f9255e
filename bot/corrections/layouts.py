"""Where the articles' words stand in a message, so that it can be written with a correction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.corrections.model import Quoted
from corpus.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.corrections.model import Layout
    from bot.ledger import Sent


def layouts(messages: Sequence[Sent], texts: Mapping[int, str]) -> list[Layout | None]:
    """The layouts of an answer's messages: which words of which marker stand where.

    Words follow one another in the order of their markers; ``None`` for a message in which
    something else is quoted.
    """
    number, at = min(texts, default=0), 0
    layouts: list[Layout | None] = []
    for one in messages:
        layout: list[str | Quoted] | None = [] if one.pieces else None
        for text, is_quotation in one.pieces:
            if layout is None or not is_quotation:
                if layout is not None:
                    layout.append(text)
                continue
            place = _next_place(text, number, at, texts)
            if place is None:
                layout = None
                continue
            layout.append(place)
            number, at = place.number, place.span.end
        layouts.append(tuple(layout) if layout is not None else None)
    return layouts


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
    if layout is None:
        return ""
    parts = [
        part if isinstance(part, str) else [part.number, part.span.start, part.span.end]
        for part in layout
    ]
    return json.dumps(parts)


def read(written: str) -> Layout | None:
    """What ``written`` gave."""
    if not written:
        return None
    return tuple(
        part if isinstance(part, str) else Quoted(part[0], Span(part[1], part[2]))
        for part in json.loads(written)
    )
