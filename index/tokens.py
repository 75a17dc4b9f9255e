"""What is kept of a sentence's words, so that no text is read again when a question comes."""

from __future__ import annotations

import re
from enum import IntFlag
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from index.terms import term_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TOKENS = "2:crc32-30"
"""Changes whenever ``mark`` or ``traits`` may answer differently; older indexes are stale."""

NAME = np.uint32(1)
"""Mark of a token that is capitalised where a sentence would not demand it."""
NUMBER = np.uint32(2)
"""Mark of a token that holds a digit."""
_MARKS = np.uint32(3)


class Trait(IntFlag):
    """What a sentence holds that some kinds of question ask for."""

    NUMBER = 1
    DATE = 2
    AMOUNT = 4
    NAME = 8
    PLACE = 16
    REASON = 32
    QUOTATION = 64
    SPEECH = 128
    DEPENDENT = 256


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Mon|Tues|Wednes|Thurs|Fri|Satur|Sun"
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|"
    "sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|half|twice|third|quarter"
)
_JOINING = (
    "and|but|so|yet|however|nonetheless|still|also|then|instead|moreover|meanwhile|in addition|"
    "for example|for instance"
)
_POINTING_BACK = (
    "he|she|they|it|his|her|hers|their|theirs|its|this|that|these|those|such|the former|"
    "the latter|the same|the two|both|neither|here|there"
)


def _either_case(listed: str) -> str:
    """A pattern of the words in ``listed``, each with its first letter in upper or lower case."""
    return "|".join(f"[{word[0]}{word[0].upper()}]{word[1:]}" for word in listed.split("|"))


_PATTERNS = {
    Trait.NUMBER: re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE),
    Trait.DATE: re.compile(
        rf"\b(?:1\d{{3}}|20\d\d)s?\b|\b(?:{_MONTHS}|(?:{_DAYS})day)\b|\byesterday\b"
        r"|\b(?:century|decade|years? (?:ago|later|earlier)|last (?:year|month|week))\b"
    ),
    Trait.AMOUNT: re.compile(
        r"[$£€¥%]\s?\d|\d\s?(?:%|per cent|percent|dollars|pounds|euros)"
        r"|\b(?:wages?|salar(?:y|ies))\b"
    ),
    Trait.PLACE: re.compile(r"\b(?:in|at|from|near|to|of|outside) (?:the )?[A-Z][a-z]"),
    Trait.REASON: re.compile(
        r"\b(?:because|since|due to|so that|in order to|therefore|as a result|thanks to|owing to|"
        r"reasons?|caus(?:e[sd]?|ing)|led to|thus|to (?:avoid|ensure|protect|prevent|help))\b",
        re.IGNORECASE,
    ),
    Trait.QUOTATION: re.compile("[“”„«»\"]|(?:^|\\s)[‘'].+[’'](?:\\W|$)"),
    Trait.SPEECH: re.compile(
        r"\b(?:sa(?:id|ys)|told|tells|ask(?:ed|s)|not(?:ed|es)|add(?:ed|s)|explain(?:ed|s)|"
        r"repl(?:ied|ies)|remark(?:ed|s)|argu(?:ed|es)|stat(?:ed|es)|wr(?:ote|ites)|"
        r"clarif(?:ied|ies)|confess(?:ed|es)|claim(?:ed|s)|admit(?:ted|s)|insist(?:ed|s)|"
        r"acknowledg(?:ed|es)|believ(?:ed|es)|suggest(?:ed|s)|announc(?:ed|es)|"
        r"according to|contend(?:ed|s)|recall(?:ed|s)|describ(?:ed|es)|call(?:ed|s))\b"
    ),
    Trait.DEPENDENT: re.compile(
        rf"^[“\"‘']?(?:(?:{_either_case(_JOINING)}),? )?"
        rf"(?:{_either_case(_POINTING_BACK)})(?:’|'|\b)"
    ),
}


def traits(sentence: str) -> Trait:
    """The traits of one sentence. The patterns are English; other languages get the few that fit.

    ``DEPENDENT`` marks a sentence whose opening points back to an earlier one.
    """
    found = Trait(0)
    for trait, pattern in _PATTERNS.items():
        if pattern.search(sentence):
            found |= trait
    return found


def mark(sentence: str) -> NDArray[np.uint32]:
    """One number a term of ``sentence``: 30 bits of its CRC-32, whether a name, whether a number.

    Two of the terms that meet in one question collide about once in a million questions, and
    then a score is off by one word.
    """
    spans = term_spans(sentence)
    marked = np.empty(len(spans), np.uint32)
    for at, (term, span) in enumerate(spans):
        word = span.of(sentence)
        is_number = any(char.isdigit() for char in word)
        is_name = word[:1].isupper() and (at > 0 or word[1:2].isupper())
        marked[at] = (crc32(term.encode()) & ~3) | is_name | is_number << 1
    return marked


def identify(terms: Sequence[str]) -> NDArray[np.uint32]:
    """The numbers that ``mark`` gives to ``terms``, without marks."""
    return np.array([crc32(term.encode()) & ~3 for term in terms], np.uint32)


def bare(marked: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Marked tokens without their marks, to be compared with ``identify``."""
    return marked & ~_MARKS
