"""Reporting clauses that follow a quotation: "…," said Tom Ashby."""

from __future__ import annotations

from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
from corpus.quotes.addressees import addressee_after, addressee_beside
from corpus.quotes.clauses import (
    CLAUSE_SPAN,
    CUES,
    REPORTS,
    Clause,
    asserts,
    chain_start,
    is_passive,
    is_verb_here,
    passive,
)
from corpus.quotes.mentions import is_adverb
from corpus.quotes.subjects import subject_after, subject_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotes.mentions import Mention
    from corpus.quotes.tokens import Token


_SHORT_SUBJECT = 6  # tokens of a name with its title, and the verb
_OPENING_MARKS = frozenset(",—–-)(;") | {"--"}

_QUOTING = frozenset({"quotes", "quoted", "cites", "cited"})
_BEFORE_SUBJECT = lexicon.TIME_WORDS | lexicon.CONJUNCTIONS | {"as", "the", "a"}


def clause_after(tokens: Sequence[Token], start: int, end: int) -> Clause | None:
    """The reporting clause with which ``tokens[start:end]``, what follows a quotation, begins."""
    first = start
    while first < end and tokens[first].text in _OPENING_MARKS:
        first += 1
    if first >= end:
        return None
    return (
        _according(tokens, first, end)
        or _is_how(tokens, first, end)
        or _verb_first(tokens, first, end)
        or _subject_first(tokens, first, end)
    )


def any_clause_after(tokens: Sequence[Token], start: int, end: int) -> Clause | None:
    """A clause of somebody and whatever they did, after a quotation that a comma ends.

    “It is over,” Roe frowned: no list has all the verbs that writers let report.
    """
    for verb in range(start + 1, min(start + _SHORT_SUBJECT, end)):
        low = tokens[verb].low
        if low.endswith("ed") and not is_passive(tokens, verb) and is_verb_here(tokens, verb):
            subject = subject_before(tokens, verb, start)
            if subject is None or subject.kind == "nominal" or subject.last != verb:
                return None
            named = _begins_at(tokens, subject, start)
            return Clause("after", (verb, verb + 1), subject) if named else None
    return None


def _according(tokens: Sequence[Token], first: int, end: int) -> Clause | None:
    if first + 2 >= end or (tokens[first].low, tokens[first + 1].low) != ("according", "to"):
        return None
    subject = subject_after(tokens, first + 1, end)
    return Clause("according-to", (first, first + 2), subject)


def _is_how(tokens: Sequence[Token], first: int, end: int) -> Clause | None:
    """The clause after "how" in “…” is how Alan Grant described it."""
    how = next((i for i in range(first, min(first + 3, end)) if tokens[i].low == "how"), None)
    if how is None or tokens[how - 1].low not in ("is", "was", "'s", "’s"):
        return None
    for verb in range(how + 2, min(how + CLAUSE_SPAN, end)):
        if tokens[verb].low in REPORTS | {"put", "puts", "sees", "saw", "remembers"}:
            subject = subject_before(tokens, verb, how + 1)
            return Clause("is-how", (verb, verb + 1), subject) if subject is not None else None
    return None


def _verb_first(tokens: Sequence[Token], first: int, end: int) -> Clause | None:
    verb = first
    while verb < end - 1 and _leads_to_verb(tokens[verb]):
        verb += 1
    token = tokens[verb]
    if token.low not in CUES or token.low.endswith("ing") or token.is_capital:
        return None
    subject = subject_after(tokens, verb, end)
    if subject is None:
        return None
    return Clause(
        "inverted-after",
        (verb, verb + 1),
        subject,
        addressee=addressee_after(tokens, verb, subject.last, end)
        or addressee_beside(tokens, subject.last, end),
    )


def _leads_to_verb(token: Token) -> bool:
    """Whether a reporting verb may follow: "So says Mr Bean."."""
    return token.low in ("so", "thus") or (is_adverb(token) and token.low not in CUES)


def _subject_first(tokens: Sequence[Token], first: int, end: int) -> Clause | None:
    for verb in range(first + 1, min(first + CLAUSE_SPAN, end)):
        if tokens[verb].low not in CUES or not is_verb_here(tokens, verb):
            continue
        if tokens[verb].low in _QUOTING:
            return _quoted_by(tokens, verb, end)
        if tokens[verb].low in lexicon.ADDRESSED and is_passive(tokens, verb):
            return passive(tokens, verb, end, "direct")  # “Why?” Lawson was asked
        governing = chain_start(tokens, verb, first)
        subject = subject_before(tokens, governing, first)
        if subject is None or not _begins_at(tokens, subject, first):
            if tokens[verb].low in lexicon.SPEECH and tokens[verb].low in lexicon.COMMON_VERBS:
                return None
            continue
        if tokens[verb].low.endswith("ing") and governing == verb:
            continue
        asserted = asserts(tokens, subject, verb)
        cue = (verb, verb + 1)
        return Clause(
            "after",
            cue,
            subject,
            asserted=asserted,
            addressee=addressee_after(tokens, verb, verb + 1, end)
            or addressee_beside(tokens, verb + 1, end),
        )
    return None


def _quoted_by(tokens: Sequence[Token], verb: int, end: int) -> Clause | None:
    """Of "The Times quoted Ann Doe as saying", Ann Doe."""
    found = subject_after(tokens, verb, end)
    if found is None or found.last + 1 >= end or tokens[found.last].low != "as":
        return None
    return Clause("after", (found.last + 1, found.last + 2), found)


def _begins_at(tokens: Sequence[Token], subject: Mention, first: int) -> bool:
    """Whether ``subject`` is the first phrase at ``first``, adverbs and time words aside."""
    return all(
        is_adverb(token) or token.low in _BEFORE_SUBJECT for token in tokens[first : subject.first]
    )
