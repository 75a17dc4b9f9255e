"""What somebody means who gives words that may be a quotation: the words, and whose they say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.quotes import extract
from corpus.quotes.lexicon import FEMALE_PRONOUNS, MALE_PRONOUNS, SUBJECT_PRONOUNS, words
from corpus.quotes.marks import quoted
from corpus.span import Span
from corpus.text import folded
from corpus.wording import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.wording import Word

SCRAP = 4
"""Words below which a text is not judged: shorter ones are said by everybody."""

_PRONOUNS = FEMALE_PRONOUNS | MALE_PRONOUNS | SUBJECT_PRONOUNS
_CALLS = words(
    "look listen hear hey hi hello see watch read note notice remember recall consider imagine "
    "guess check think wow oh ok okay well so yes no now today update breaking question quote "
    "quotation source context fact claim caption headline title reminder again also please"
)
"""What stands before a colon without being anybody's name."""
_NAME = r"(?:(?:[A-Z][\w.’'-]*|de|van|von|der|den|la|le|el|al|bin)\s+){0,4}[A-Z][\w.’'-]*"
_ROLE = r"[Tt]he\s+[a-z]+(?:\s+[a-z]+)?"
_BEFORE = re.compile(rf"^\W*(?P<name>{_NAME}|{_ROLE})\s*:\s*\W*$")
_AFTER = re.compile(rf"^\W*[-–—~(]\s*(?P<name>{_NAME}|{_ROLE})(?:\s*[,(].*)?\W*$", re.DOTALL)
_UNMARKED_BEFORE = re.compile(rf"^(?P<name>{_NAME}|{_ROLE})\s*:\s+(?P<words>.+)$", re.DOTALL)
_UNMARKED_AFTER = re.compile(
    rf"^(?P<words>.+?)\s+(?:--?|[–—~])\s*(?P<name>{_NAME})(?:\s*,[^,.!?]{{1,40}})?\s*$", re.DOTALL
)
_SAID_BEFORE = re.compile(
    rf"^(?P<name>{_NAME}|{_ROLE})\s+(?:said|says|wrote|stated|remarked)(?:\s+that\b)?[,:]?\s+"
    r"(?P<words>.+)$",
    re.DOTALL,
)
_SAID_AFTER = re.compile(
    rf"^(?P<words>.+?)[,.!?…]\s+(?:said|says|according\s+to)\s+(?P<name>{_NAME}|{_ROLE})\W*$",
    re.DOTALL,
)
_UNMARKED = (_UNMARKED_BEFORE, _SAID_BEFORE, _SAID_AFTER, _UNMARKED_AFTER)


@dataclass(frozen=True, slots=True)
class Asked:
    """The words asked about.

    Attributes:
        text: as the asker wrote them, without the marks and the name.
        words: of ``text``.
        named: whom the asker says they are by; empty if nobody, or only "she".
        unjudged: other quotations in what was given.
    """

    text: str
    words: tuple[Word, ...]
    named: str = ""
    unjudged: tuple[str, ...] = ()


def read_asked(given: str) -> Asked:
    """The quotation in ``given`` and the speaker it names.

    Quoted words go before the words around them, where there are enough of them to be judged.
    """
    stretches = [one.span for one in quoted(given, [Span.whole(given)])[0]]
    spoken = [one for one in stretches if len(wording(given, one)) >= SCRAP]
    if not spoken:
        return _unmarked(given)
    groups = _utterances(given, spoken)
    longest = max(groups, key=lambda group: sum(map(len, group)))
    text = " ".join(one.of(given) for one in longest)
    others = [" ".join(one.of(given) for one in group) for group in groups if group is not longest]
    return Asked(text, wording(text), _speaker(given, longest), tuple(others))


def _utterances(given: str, spoken: Sequence[Span]) -> list[list[Span]]:
    """``spoken`` in groups of one utterance each, split by a clause such as “…,” she said, “…”."""
    numbers = {quote.span: quote.utterance for quote in extract(given)}
    groups: dict[int, list[Span]] = {}
    for at, span in enumerate(spoken):
        groups.setdefault(numbers.get(span, -1 - at), []).append(span)
    return list(groups.values())


def _speaker(given: str, group: Sequence[Span]) -> str:
    """Who is named as the speaker of ``group``, in the words of ``given``."""
    before, after = given[: group[0].start], given[group[-1].end :]
    for pattern, rest in ((_AFTER, after.lstrip("\"'”’»“ ")), (_BEFORE, before.rstrip("\"'“‘«„ "))):
        found = pattern.match(rest)
        if found and folded(found["name"]) not in _CALLS:
            return _named(found["name"])
    for quote in extract(given):
        if quote.span in group and quote.speaker_span is not None:
            return _named(quote.speaker_span.of(given))
    return ""


def _unmarked(given: str) -> Asked:
    for pattern in _UNMARKED:
        found = pattern.match(given.strip())
        if found and folded(found["name"]) in _CALLS:
            return _unmarked(found["words"])
        if found and len(kept := wording(found["words"])) >= SCRAP:
            return Asked(found["words"], kept, _named(found["name"]))
    return Asked(given, wording(given))


def _named(words: str) -> str:
    return "" if folded(words) in _PRONOUNS else words.strip()
