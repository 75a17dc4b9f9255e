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
_TALKING = frozenset({"speaking", "talking", "writing", "posting", "tweeting"})
_STATEMENTS = _TALKS | {
    *("statement", "letter", "email", "e-mail", "post", "essay", "column", "op-ed", "message"),
    *("note", "memo", "tweet", "speech", "remarks", "testimony", "profile", "video", "appearance"),
}
_LEADS = frozenset({"to", "with", "for", "on", "at", "in", "published"})
#: What "speaking on …" and the like may go on with that is nobody and nowhere.
_MANNERS = frozenset(
    {"condition", "behalf", "general", "particular", "public", "private", "person", "support"}
)
_LANGUAGES = frozenset(
    {
        *("english", "french", "german", "spanish", "italian", "portuguese", "dutch", "welsh"),
        *("irish", "gaelic", "russian", "polish", "arabic", "hindi", "urdu", "mandarin", "korean"),
        *("cantonese", "chinese", "japanese", "turkish", "ukrainian", "swedish", "greek", "latin"),
    }
)
_MEDIA = frozenset(
    {
        *("radio", "television", "tv", "magazine", "newspaper", "podcast", "news", "website"),
        *("programme", "program", "show", "journalists", "reporters", "media", "audiences"),
    }
)
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
                or tokens[index + 1].low in lexicon.TIME_WORDS | _LANGUAGES | _MANNERS
                or (tokens[index + 1].text[0].isdigit())
            ):
                return None
            return place
    return None


def addressee_beside(tokens: Sequence[Token], start: int, end: int) -> Span | None:
    """Whom or where the words in ``tokens[start:end]``, an aside of the clause, say it was said to.

    "Speaking to the BBC", "in a statement to Deadline".
    """
    for index in range(start, end - 2):
        talks = tokens[index].low in _TALKING
        states = tokens[index].low in _STATEMENTS and not tokens[index].is_capital
        if not (talks or states) or tokens[index + 1].low not in _LEADS:
            continue
        before = index + 2 if tokens[index + 2].low in ("in", "on", "by", "with") else index + 1
        following = tokens[before + 1] if before + 1 < end else None
        if following is None or following.text[0].isdigit():
            continue
        if following.low not in lexicon.TIME_WORDS | _LANGUAGES | _MANNERS:
            return _phrase(tokens, before, end)
    return None


def _phrase(tokens: Sequence[Token], before: int, end: int) -> Span | None:
    """The noun phrase right after token ``before``."""
    found = subject_after(tokens, before, end)
    if found is not None:
        inside = range(found.first + 1, found.last)
        cut = next((i for i in inside if tokens[i].low in lexicon.PREPOSITIONS - {"of"}), None)
        last = found.last if cut is None else cut
        while cut is None and last < end and tokens[last].low in _MEDIA:
            last += 1  # "Australian radio"
        return span_of(tokens[found.first : last])
    last = before + 1
    while last < end and tokens[last].is_word and not _ends_phrase(tokens, last):
        last += 1
    return span_of(tokens[before + 1 : last]) if last > before + 1 else None


def _ends_phrase(tokens: Sequence[Token], at: int) -> bool:
    low = tokens[at].low
    if low in ("last", "next", "this") and at + 1 < len(tokens):
        return tokens[at + 1].low in ("week", "month", "year", "night", "morning", "summer")
    if low in lexicon.TIME_WORDS:
        return tokens[at - 1].low != "the"  # "the Today programme"
    others = lexicon.PREPOSITIONS | lexicon.SUBORDINATORS | lexicon.CONJUNCTIONS
    return low in others or low.endswith("ly")
