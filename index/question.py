"""What a question asks for, as far as its words tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from index.terms import term_spans
from index.tokens import identify

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus.span import Span


def words(listed: str) -> frozenset[str]:
    """The words in ``listed``."""
    return frozenset(listed.split())


class Asks(StrEnum):
    """The kind of answer that a question's form calls for."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how many"
    HOW_MUCH = "how much"
    WHY = "why"
    HOW = "how"
    SAID = "said"
    WHETHER = "whether"
    WHAT = "what"


_AUXILIARY = (
    r"(?:did|does|do|has|have|had|is|are|was|were|can|could|will|would|should|may|might|must)"
)
_SAYING = (
    r"(?:say|said|tell|told|respond|reply|replied|think|thought|call|called|describe|claim|argue)"
)
_BODY = r"(?:company|outlet|magazine|newspaper|group|organi[sz]ation)"
_PERSON = (
    r"(?:person|actor|actress|director|president|king|queen|author|writer|scientist|man|woman)"
)
# Tried in this order: the first that matches the question decides.
_FORMS: tuple[tuple[Asks, str], ...] = (
    (
        Asks.HOW_MUCH,
        (
            rf"\bhow much\b|\bwhat {_AUXILIARY} (?:the )?\w+(?: \w+)? (?:cost|pay)\b"
            r"|\b(?:paid|salary|salaries|pay rate|wages?|percentage|percent)\b"
        ),
    ),
    (
        Asks.HOW_MANY,
        r"\bhow (?:many|long|old|often|far|large|big|tall)\b|\bwhat number\b",
    ),
    (
        Asks.SAID,
        (
            rf"\bquotes?\b|\b(?:what|how) (?:\w+ )?{_AUXILIARY}\b.*\b{_SAYING}\b"
            r"|\bsaid about\b|\baccording to\b"
        ),
    ),
    (
        Asks.WHEN,
        r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b",
    ),
    (
        Asks.WHERE,
        r"\bwhere\b|\b(?:what|which) (?:city|country|place|state|town|region|location)\b",
    ),
    (
        Asks.WHO,
        (
            rf"\bwho(?:m|se|['’]s)?\b|\b(?:what|which) (?:\w+ )?(?:{_PERSON}|{_BODY})\b"
            r"|\bname of\b|\bnamed\b"
        ),
    ),
    (
        Asks.WHY,
        r"\bwhy\b|\bhow come\b|\bwhat \w+ the (?:reason|cause|purpose)\b|\bfor what reason\b",
    ),
    (Asks.HOW, r"\bhow\b"),
    (Asks.WHETHER, rf"^(?:\w+[,:] )?{_AUXILIARY}\b"),
)
_PATTERNS = tuple((asks, re.compile(pattern, re.IGNORECASE)) for asks, pattern in _FORMS)

# Words that shape a question and say nothing of its subject, as terms.
_SHAPING = words(
    """
    a about accord actual actually all also am an and ani anyon anyth are articl as at be been befor
    but by can could d did do doe dure either els ever exact exactli find for from get give had has
    have he her hers him his how i if in into is it me mean most much mani my myself name no not of
    off on one onli or our out pleas quot quotat right s said say she should show so some someon
    someth t tell than that the their them then there these they thing this those through to told
    too under up us use veri was we were what when where which while who whom whose whi will with
    would you your
    """
)


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """The words of a question that carry its subject, and the kind of answer it wants.

    Attributes:
        text: the question.
        terms: the terms that carry meaning, in order, each once; all its terms if none does.
        spans: where each stands in ``text`` first.
        ids: ``index.tokens.identify`` of ``terms``, shape ``(n,)``.
        names: which of them are written like names, shape ``(n,)``.
        numbers: which of them hold a digit, shape ``(n,)``.
        asks: the kind of answer called for.
    """

    text: str
    terms: tuple[str, ...]
    spans: tuple[Span, ...]
    ids: NDArray[np.uint32]
    names: NDArray[np.bool_]
    numbers: NDArray[np.bool_]
    asks: Asks

    @classmethod
    def of(cls, text: str) -> QuestionForm:
        """Read the form of ``text``."""
        spans = term_spans(text)
        found: dict[str, Span] = {}
        for term, span in [pair for pair in spans if pair[0] not in _SHAPING] or spans:
            found.setdefault(term, span)
        words = [span.of(text) for span in found.values()]
        names = [
            word[:1].isupper() and (span.start > 0 or word[1:2].isupper())
            for word, span in zip(words, found.values(), strict=True)
        ]
        numbers = [any(char.isdigit() for char in word) for word in words]
        return cls(
            text=text,
            terms=tuple(found),
            spans=tuple(found.values()),
            ids=identify(list(found)),
            names=np.array(names, np.bool_),
            numbers=np.array(numbers, np.bool_),
            asks=_asks(text),
        )


def _asks(text: str) -> Asks:
    for asks, pattern in _PATTERNS:
        if pattern.search(text):
            return asks
    return Asks.WHAT
