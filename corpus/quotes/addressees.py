"""To whom or where something was said, where the article states it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
from corpus.quotes.roles import looks_like_verb
from corpus.quotes.subjects import subject_after
from corpus.quotes.tokens import span_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotes.tokens import Token
    from corpus.span import Span


_PLACES = frozenset({"in", "on", "at", "during", "via"})
_TALKS = frozenset({"interview", "conversation", "chat", "talk", "call", "discussion", "podcast"})
_NOT_ADDRESSED = frozenset({"question", "questions", "truth", "story", "lie", "lies"})


def addressee_after(tokens: Sequence[Token], verb: int, start: int, end: int) -> Span | None:
    """Whom or where the speaker addressed, read after the clause's core at ``start``."""
    if tokens[verb].low in lexicon.ADDRESSING and start == verb + 1:
        found = _phrase(tokens, verb, end)
        asked = tokens[verb + 1 : verb + 4]
        return None if any(token.low in _NOT_ADDRESSED for token in asked) else found
    for index in range(start, min(start + 6, end)):
        low = tokens[index].low
        near = index == start or tokens[start].low in _PLACES
        if low == "with":
            near = any(token.low in _TALKS for token in tokens[start:index])
        if low in ("to", "with") and index + 1 < end and near:
            found = _phrase(tokens, index, end)
            return found if found is None or not looks_like_verb(tokens[index + 1]) else None
        if index == start and low in _PLACES:
            place = _phrase(tokens, index, end)
            reach = range(index, min(index + 7, end))
            later = next((i for i in reach if tokens[i].low in ("with", "to")), None)
            if later is not None:
                return _phrase(tokens, later, end)
            if (
                place is None
                or tokens[index + 1].low in lexicon.TIME_WORDS
                or (tokens[index + 1].text[0].isdigit())
            ):
                return None
            return place
    return None


def _phrase(tokens: Sequence[Token], before: int, end: int) -> Span | None:
    """The noun phrase right after token ``before``."""
    found = subject_after(tokens, before, end)
    if found is not None:
        inside = range(found.first + 1, found.last)
        cut = (i for i in inside if tokens[i].low in lexicon.PREPOSITIONS - {"of"})
        return span_of(tokens[found.first : next(cut, found.last)])
    last = before + 1
    while (
        last < end
        and tokens[last].is_word
        and tokens[last].low
        not in (
            lexicon.PREPOSITIONS | lexicon.SUBORDINATORS | lexicon.CONJUNCTIONS | lexicon.TIME_WORDS
        )
        and not tokens[last].low.endswith("ly")
    ):
        last += 1
    return span_of(tokens[before + 1 : last]) if last > before + 1 else None
