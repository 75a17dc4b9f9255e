"""Questions that ask for quotations: who is to have said something, to whom, and about what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.quotes.lexicon import words
from corpus.quotes.marks import quoted
from corpus.span import Span
from corpus.text import folded
from corpus.wording import wording
from index.asked import SCRAP

_AUXILIARY = r"(?:did|does|do|has|have|had|would)"
# Asked for in lower case, since "the Islamic State" states nothing.
_SAY = (
    r"(?:say|said|saying|says|tell|told|telling|tells|think|thinks|remark|remarked|remarks|comment|"
    r"commented|comments|write|wrote|written|tweet|tweeted|state|stated|states|explain|explained|"
    r"explains|note|noted|notes|respond|responded|reply|replied|argue|argued|argues|claim|claimed|"
    r"claims|describe|described|describes|admit|admitted|recall|recalled|recalls|"
    r"declare|declared|announce|announced|mention|mentioned|quip|quipped|joke|joked)"
)
_TELL = re.compile(r"^(?:tell|told|telling|tells)$", re.IGNORECASE)
_ADVERB = r"(?:(?:actually|really|also|exactly|ever|once|publicly|later|then|have|been|quoted)\s+)*"
_ABOUT = r"(?:about|on|regarding|concerning|of)"
_WHO = r"(?P<who>[^?]{2,60}?)"
_QUOTES = r"(?:quotes?|quotations?|words|statements?|comments?|remarks?)"
_VIEWS = rf"(?:{_QUOTES}|views?|opinions?|stance|position|take|reaction|response|thoughts?)"
_PLEASE = r"(?:(?:please|and|so|(?:can|could) you|(?:show|give|find|tell)(?:\s+me)?)\s+)*"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"\b(?:what(?:\s+\w+){{0,2}}?|how)\s+{_AUXILIARY}\s+{_WHO}\s+{_ADVERB}"
            rf"(?P<verb>(?-i:{_SAY}))\b(?P<rest>.*)$"
        ),
        rf"\bwhat\s+(?:is|are|was|were)\s+{_WHO}\s+{_ADVERB}(?P<verb>saying|telling)\b(?P<rest>.*)$",
        rf"^{_PLEASE}what\s+{_WHO}\s+{_ADVERB}(?P<verb>(?-i:{_SAY}))\b(?P<rest>.*)$",
        rf"\bwhat\s+(?:is|was|are|were)\s+{_WHO}['’]s?\s+{_VIEWS}\b(?P<rest>.*)$",
        rf"\b{_QUOTES}\s+(?:by|from|of)\s+{_WHO}(?P<rest>\s+(?:{_ABOUT}|to)\s.*)?$",
        rf"^according\s+to\s+{_WHO}\s*,\s*(?P<rest>.+)$",
        rf"^(?P<rest>.+?)\s*,?\s+according\s+to\s+{_WHO}$",
        rf"^{_PLEASE}quote\s+{_WHO}(?P<rest>\s+{_ABOUT}\s.*)?$",
        rf"^{_PLEASE}(?:the\s+)?{_WHO}['’]s?\s+{_QUOTES}\b(?P<rest>.*)$",
    )
)
_WHO_SAID = re.compile(
    rf"^\W*who\s+(?:was\s+it\s+(?:that|who)\s+|is\s+it\s+that\s+)?{_ADVERB}"
    rf"(?:said|says|claimed|stated|declared|remarked|wrote\s+that|tweeted\s+that)\b"
    r"(?:\s+(?:on|in|at|to|during)\s+[^?]{2,40}?(?=\s+that\b))?(?:\s+that\b)?[\s,:]*(?P<words>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_WHOSE = re.compile(r"\bwho(?:se|m|\s+said|\s+is\s+quoted)\b", re.IGNORECASE)
_ADDRESSED = re.compile(
    rf"^\s+(?:to\s+)?(?P<to>(?!{_ABOUT}\b)[^?]*?)(?P<rest>\s+(?:{_ABOUT}|that|when|in)\b.*)?$",
    re.IGNORECASE,
)
_LEADING = re.compile(
    rf"^\W*(?:{_ABOUT}|to|in\s+regard\s+to|when\s+asked\s+about)\s+", re.IGNORECASE
)
_CLAUSE = re.compile(r"\b(?:when|that|which|who|what|if|whether|because)\b", re.IGNORECASE)
_NOBODY = words(
    "me us him her them you everybody everyone people reporters journalists the press media "
    "audience fans anyone anybody so it that this"
)


@dataclass(frozen=True, slots=True)
class QuoteQuestion:
    """What a question for quotations says.

    Attributes:
        who: whom it names as the speaker.
        to: to whom or where it was said, as it says; empty if it does not.
        topic: what about; empty if anything will do.
    """

    who: str
    to: str = ""
    topic: str = ""


def quote_questions(question: str) -> list[QuoteQuestion]:
    """The ways to read ``question`` as one for what somebody said; none for other questions."""
    text = question.strip().rstrip("?!. ")
    readings = []
    for pattern in _PATTERNS:
        if found := pattern.search(text):
            who, rest = found["who"].strip(" ,"), found["rest"] or ""
            if _CLAUSE.search(who):
                continue
            told = "verb" in found.groupdict() and _TELL.match(found["verb"]) is not None
            readings.append(_reading(who, rest, told or rest.startswith(" to ")))
    return readings


def _reading(who: str, rest: str, told: bool) -> QuoteQuestion:
    to = ""
    if told and (found := _ADDRESSED.match(rest)):
        to, rest = found["to"].strip(" ,"), found["rest"] or ""
    if not set(folded(to).split()) - _NOBODY:
        to = ""
    return QuoteQuestion(who, to, _LEADING.sub("", rest).strip(" ,"))


def words_asked(question: str) -> str:
    """The words whose speaker ``question`` asks for; empty if it asks for something else.

    ``Who said "…"?``, ``Whose words are these: "…"?`` and ``Who said that …?``, as it gives them.
    """
    stretches = quoted(question, [Span.whole(question)])[0]
    if _WHOSE.search(question):
        for one in stretches:
            if len(wording(question, one.span)) >= SCRAP:
                return one.outer.of(question)
    found = _WHO_SAID.match(question)
    asked = found["words"].strip().rstrip("?") if found else ""
    return asked if len(wording(asked)) >= SCRAP else ""
