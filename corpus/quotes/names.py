"""Capitalised runs in the narration, and which part of one is a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
from corpus.quotes.given_names import is_given_name
from corpus.quotes.lexicon import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.quotes.tokens import Token

_PARTICLES = words(
    "de van von der den del della di da dos du la le el al bin ibn ben ter af av e y"
)
_SYLLABLES = re.compile(r"[A-Z][a-z]+-[a-z]+")
_SUFFIXES = words("jr jr. sr sr. ii iii iv")
_STOP = (
    lexicon.DETERMINERS
    | lexicon.PREPOSITIONS
    | lexicon.SUBORDINATORS
    | lexicon.CONJUNCTIONS
    | lexicon.SUBJECT_PRONOUNS
    | lexicon.FEMALE_PRONOUNS
    | lexicon.MALE_PRONOUNS
    | words(
        "however moreover meanwhile therefore nevertheless nonetheless instead also later earlier "
        "then there here yes no not now today yesterday tomorrow tonight still even just only "
        "perhaps maybe them me us ourselves themselves it's that's he's she's they're we're i'm "
        "i've more most many much such image video audio file photo photograph picture caption "
        "sources source for if let last next first second third recent other others another "
        "according asked among born being having writing speaking discussing citing finally "
        "eventually despite besides although ten eleven twelve hundreds thousands dozens both "
        "neither either whatever whenever nothing something everything anything someone is are was "
        "were do does did has have had can could will would should may might must please thanks "
        "hello hi dear ok okay well oh why who what how"
    )
)
_DATES = lexicon.MONTHS_AND_DAYS - {"may", "april", "june", "august"}
_PREFIXED = re.compile(r"(?:al|el|ad|an|as|ash|at|ul|d|l|bin)[-'’][A-ZÀ-Þ]")
_BODY_LINKS = words("of for")
#: Peoples and places used before a role: "American academic", "the Swedish captain".
_DEMONYM_ENDS = ("ian", "ish", "ese", "can")
_DEMONYMS = words(
    "french dutch welsh greek turkish thai czech british swiss afghan iraqi israeli saudi"
)


def is_name_word(token: Token) -> bool:
    """Whether ``token`` may be part of a name: a capital and not a word of grammar."""
    if not token.text[0].isupper():
        return _PREFIXED.match(token.text) is not None
    return token.low not in _STOP and token.low not in _DATES


def runs(tokens: Sequence[Token], first: int, last: int) -> Iterator[tuple[int, int]]:
    """The capitalised runs among ``tokens[first:last]``, as token ranges.

    Particles ("de", "van"), initials, "&" and a nickname in marks stand inside a run.
    """
    index = first
    while index < last:
        if not is_name_word(tokens[index]):
            index += 1
            continue
        end = _run_end(tokens, index, last)
        yield index, end
        index = end


def _run_end(tokens: Sequence[Token], index: int, last: int) -> int:
    end = index + 1
    while end < last:
        if is_name_word(tokens[end]):
            end += 1
            continue
        step = 1
        while end + step < last and step < 3 and tokens[end + step].low in _PARTICLES:
            step += 1
        if _continues_body(tokens, end, last):
            end += 2 if is_name_word(tokens[end + 1]) else 3
            continue
        joins = (
            tokens[end].low in _PARTICLES or tokens[end].text == "&" or _is_nickname(tokens, end)
        )
        if joins and end + step < last and is_name_word(tokens[end + step]):
            end += step + 1
            continue
        break
    if end + 1 < last and tokens[end].text == "," and tokens[end + 1].low in _SUFFIXES:
        end += 2
    return end


def _continues_body(tokens: Sequence[Token], end: int, last: int) -> bool:
    """Whether "of" or "for" at ``end`` goes on with a body's name: "Department of the Interior"."""
    if tokens[end].low not in _BODY_LINKS or end + 1 >= last:
        return False
    head = tokens[end - 1].low
    if head not in lexicon.ORGANISATION_WORDS | lexicon.BODIES or head in lexicon.TITLES:
        return False
    if tokens[end + 1].low == "the":
        return end + 2 < last and is_name_word(tokens[end + 2])
    return is_name_word(tokens[end + 1])


def _is_nickname(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    return token.is_quote and token.end - token.start <= 24


def is_demonym(low: str) -> bool:
    """Whether a lower-cased word looks like the name of a people ("American")."""
    if is_given_name(low) or low in lexicon.ORGANISATION_WORDS:
        return False
    return low in _DEMONYMS or low.endswith(_DEMONYM_ENDS)


def person_part(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int] | None:
    """The tokens of the person's name that ends the run ``tokens[first:last]``.

    Titles, offices, peoples and bodies before it are left out: "Afghan Ambassador Hamdullah
    Mohib" gives the last two. ``None`` where nothing is left, or a body's name ends the run.
    """
    start = first
    link = next((i for i in range(last - 1, first, -1) if tokens[i].low in _BODY_LINKS), None)
    if link is not None:
        begin = _from_given_name(tokens, link + 1, last)
        return (begin, last) if begin > link + 1 else None
    while last - start > 1 and tokens[last - 1].low.rstrip(".") in lexicon.POSTNOMINALS:
        last -= 1
    for index in range(first, last):
        if index > start and _names_person(tokens, start, index):
            continue
        low = tokens[index].low.rstrip(".")
        rest = last - index - 1
        titled = low in lexicon.TITLES and not (rest == 0 and index > first and start == index)
        if (
            (titled and (rest or index == first))
            or (low in lexicon.ORGANISATION_WORDS and rest >= 1 and not _is_surname(tokens, index))
            or (rest and index == start and is_demonym(low))
        ):
            start = index + 1
    if start >= last:
        return None
    if tokens[last - 1].low in lexicon.ORGANISATION_WORDS and not (
        is_given_name(tokens[start].text)
        or (start > first and tokens[start - 1].low.rstrip(".") in lexicon.TITLES)
    ):
        return None
    return _from_given_name(tokens, start, last), last


def _is_surname(tokens: Sequence[Token], index: int) -> bool:
    """Whether a given name of two syllables follows, as in "Park Chan-wook"."""
    return _SYLLABLES.fullmatch(tokens[index + 1].text) is not None


def _names_person(tokens: Sequence[Token], start: int, index: int) -> bool:
    """Whether a name began before ``index``: "King" is no title in "Martin Luther King Jr."."""
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    return is_given_name(tokens[start].text) and not is_given_name(following)


def _from_given_name(tokens: Sequence[Token], start: int, last: int) -> int:
    """Skip words before the given name: "Islamic Relations Alia Salem"."""
    if last - start <= 3 and (last - start <= 2 or is_given_name(tokens[start].text)):
        return start
    if is_given_name(tokens[start].text):
        return start
    for index in range(last - 2, start, -1):
        previous = tokens[index - 1].text
        if is_given_name(tokens[index].text) and not is_given_name(previous):
            return index
    return start


def name_words(tokens: Sequence[Token], first: int, last: int) -> tuple[str, ...]:
    """The words of a name as written, without nicknames and suffixes set off by a comma."""
    return tuple(
        token.text for token in tokens[first:last] if not token.is_quote and token.text not in ',"'
    )
