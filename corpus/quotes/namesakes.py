"""Whether two forms of a name may belong to one person."""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
from corpus.quotes.given_names import is_given_name

if TYPE_CHECKING:
    from collections.abc import Iterable


_NICKNAMES = (
    "robert bob bobby rob robbie",
    "william bill billy will liam",
    "richard dick rick ricky rich",
    "james jim jimmy jamie",
    "john jack johnny jon",
    "michael mike mick mickey",
    "thomas tom tommy",
    "edward ed eddie ted teddy",
    "charles charlie chuck",
    "joseph joe joey",
    "daniel dan danny",
    "david dave davey",
    "stephen steven steve",
    "matthew matt",
    "anthony tony",
    "andrew andy drew",
    "christopher chris",
    "alexander alex sandy",
    "nicholas nick",
    "samuel sam",
    "benjamin ben",
    "elizabeth liz lizzie beth betty eliza",
    "katherine catherine kathryn kate katie kathy cathy",
    "margaret maggie meg peggy",
    "jennifer jen jenny",
    "susan sue suzie",
    "patricia pat patty tricia",
    "rebecca becky",
    "victoria vicky",
    "deborah debbie deb",
    "barbara barb",
    "gregory greg",
    "timothy tim",
    "kenneth ken",
    "ronald ron",
    "donald don",
    "lawrence larry",
    "gerald gerry jerry",
    "francis frank",
    "frederick fred freddie",
    "christine chris chrissy christina",
)
_GIVEN_GROUPS: dict[str, set[int]] = defaultdict(set)
for _number, _group in enumerate(_NICKNAMES):
    for _name in _group.split():
        _GIVEN_GROUPS[_name].add(_number)


def form_of(words: Iterable[str]) -> tuple[str, ...]:
    """A name as it is compared: folded, without "Jr" and the like."""
    folded = tuple(lexicon.plain(word) for word in words)
    kept = tuple(word for word in folded if word.rstrip(".") not in ("jr", "sr"))
    return kept or folded


def same_name(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two forms may name one person: "Oops" and "Allie Oops", "J. Smith", "Bob"."""
    short, long = sorted((one, other), key=len)
    body = not lexicon.ORGANISATION_WORDS.isdisjoint(long)
    if len(short) == 1 < len(long) and body and not is_given_name(long[0]):
        return False  # "Sydney" is not short for the Sydney Morning Herald
    if long[-len(short) :] == short or long[: len(short)] == short:
        return True
    return short[-1] == long[-1] and len(short) > 1 and _same_given(short[0], long[0])


def _same_given(one: str, other: str) -> bool:
    if _GIVEN_GROUPS.get(one, set()) & _GIVEN_GROUPS.get(other, set()):
        return True
    short, long = sorted((one.rstrip("."), other.rstrip(".")), key=len)
    if len(short) <= 2:
        return long.startswith(short[:1])
    return len(short) >= 5 and one_apart(short, long)


def one_apart(one: str, other: str) -> bool:
    """Whether two words differ by one letter added, dropped or changed (long ones by two)."""
    if min(len(one), len(other)) >= 8 and SequenceMatcher(None, one, other).ratio() > 0.87:
        return True
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at:] == long[at + 1 :] or short[at + 1 :] == long[at + 1 :]
