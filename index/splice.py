"""Words put together from several utterances."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from corpus.wording import keys_of
from index.comparison import FUNCTION_WORDS, Change, Difference, Match, matter_of, text_of, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.wording import Word
    from index.comparison import Spoken

PIECE = 3
"""Words in a row that make a piece of a splice."""
_EXPLAINS = 3
"""Words that a second quotation must account for beyond the first, for a splice of both."""
_SPLICED = 0.8
"""Share of the words that the quotations of a splice account for together."""


@dataclass(frozen=True, slots=True)
class Splice:
    """Words that are put together from several utterances.

    Attributes:
        pieces: where each comes from, in the order asked.
        comparison: of the words asked with all pieces.
        likeness: share of the words that the pieces account for, by weight.
    """

    pieces: tuple[Match, ...]
    comparison: tuple[Difference, ...]
    likeness: float

    @property
    def rows(self) -> set[int]:
        """The utterances, by row."""
        return {piece.spoken.row for piece in self.pieces}


def splice(text: str, words: Sequence[Word], candidates: Sequence[Spoken]) -> Splice | None:
    """The utterances that ``words`` are put together from, or one if it is one in another order."""
    covers = [(one, _covered(words, one)) for one in candidates]
    left = set(range(len(words)))
    chosen: list[Spoken] = []
    owner: dict[int, tuple[Spoken, int]] = {}
    while covers:
        spoken, cover = max(covers, key=lambda item: len(left & item[1].keys()))
        gained = sorted(left & cover.keys())
        if len(gained) < _EXPLAINS or not _tells(words, gained):
            break
        owner |= {at: (spoken, cover[at]) for at in gained}
        left -= cover.keys()
        chosen.append(spoken)
    share = weigh(words[at].key for at in owner) / weigh(keys_of(words))
    if not chosen or share < _SPLICED:
        return None
    pieces, comparison = _pieced(text, words, owner)
    return Splice(pieces, comparison, share)


def _tells(words: Sequence[Word], gained: Sequence[int]) -> bool:
    """Whether these words are more than a turn of phrase: four of them, or two of substance."""
    substance = [at for at in gained if words[at].key not in FUNCTION_WORDS]
    return len(substance) > 1 or (len(gained) > _EXPLAINS and bool(substance))


def _covered(words: Sequence[Word], spoken: Spoken) -> dict[int, int]:
    """The words that stand in runs of ``spoken``, the longest first found; each with its place."""
    keys = keys_of(words)
    starts: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(spoken.keys) - PIECE + 1):
        starts.setdefault(spoken.keys[at : at + PIECE], []).append(at)
    covered: dict[int, int] = {}
    at = 0
    while at <= len(keys) - PIECE:
        places = starts.get(keys[at : at + PIECE], [])
        length, place = max(
            ((_run(keys, at, spoken.keys, to), to) for to in places), default=(0, 0)
        )
        covered |= {at + step: place + step for step in range(length)}
        at += length or 1
    return covered


def _run(keys: Sequence[str], at: int, source: Sequence[str], to: int) -> int:
    length = 0
    for one, other in zip(keys[at:], source[to:], strict=False):
        if one != other:
            break
        length += 1
    return length


def _pieced(
    text: str, words: Sequence[Word], owner: dict[int, tuple[Spoken, int]]
) -> tuple[tuple[Match, ...], tuple[Difference, ...]]:
    """The pieces of a splice, and the words asked against them."""
    pieces: list[Match] = []
    comparison: list[Difference] = []
    owners = ((owner[at][0].row if at in owner else None, at) for at in range(len(words)))
    for row, group in groupby(owners, key=lambda item: item[0]):
        run = [at for _, at in group]
        said = [words[at] for at in run]
        if row is None:
            comparison.append(
                Difference(Change.ADDED, text_of(text, said), "", matter_of(said, ()))
            )
            continue
        spoken, first = owner[run[0]]
        last = owner[run[-1]][1]
        same = Difference(
            Change.SAME, text_of(text, said), text_of(spoken.text, spoken.words[first : last + 1])
        )
        comparison.append(same)
        pieces.append(Match(spoken, min(first, last), max(first, last), (same,), 1.0))
    return tuple(pieces), tuple(comparison)
