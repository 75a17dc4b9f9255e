"""Words beside other words: what is the same, what differs, and how much that matters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from corpus.quotes import lexicon
from corpus.wording import keys_of
from index.alignment import align

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from corpus.wording import Word
    from index.alignment import Pair

_LIGHT = 0.35
"""Weight of a function word beside that of any other."""
_HIDES = 3
"""Words left out at an ellipsis up to which a negation among them counts as dropped."""
_DENYING = ("un", "in", "im", "ir", "il", "dis", "non")
_SHORTEST_DENIED = 3
FUNCTION_WORDS = (
    lexicon.ARTICLES
    | lexicon.PREPOSITIONS
    | lexicon.CONJUNCTIONS
    | lexicon.AUXILIARIES
    | lexicon.SUBJECT_PRONOUNS
    | lexicon.POSSESSIVES
    | lexicon.words("me him them us so that this there its im its thats")
)


class Change(StrEnum):
    """How a run of words differs from the original."""

    SAME = "same"
    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"
    LEFT_OUT = "left out"


class Matter(StrEnum):
    """Why a difference matters more than others."""

    NONE = ""
    NUMBER = "number"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Difference:
    """A run of words, as asked and in the original. Runs in reading order make up both texts.

    Attributes:
        change: what was done to the original; ``LEFT_OUT`` where an ellipsis says so.
        asked: the words as asked, empty if dropped or left out.
        original: the words of the article, empty if added.
        matter: whether a number or a negation is concerned.
    """

    change: Change
    asked: str
    original: str
    matter: Matter = Matter.NONE


@dataclass(frozen=True)
class Spoken:
    """An utterance, or a sentence, that words may come from.

    Attributes:
        row: names it.
        line: the keys of its words, all parts one after another, a space between.
        read: gives the text it stands in and its words there; called when they are needed.
    """

    row: int
    line: str
    read: Callable[[], tuple[str, tuple[Word, ...]]]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Of ``words``."""
        return tuple(self.line.split())

    @cached_property
    def _standing(self) -> tuple[str, tuple[Word, ...]]:
        return self.read()

    @property
    def text(self) -> str:
        """What the spans of ``words`` count in."""
        return self._standing[0]

    @property
    def words(self) -> tuple[Word, ...]:
        """Its words, of all parts."""
        return self._standing[1]


@dataclass(frozen=True, slots=True)
class Match:
    """Words asked about beside an utterance.

    Attributes:
        spoken: the utterance.
        first: number of its first word that belongs.
        last: number of its last word that belongs.
        comparison: runs of words in reading order; one of equal words for an exact match.
        likeness: share of the words that are equal, by weight, 0 to 1.
    """

    spoken: Spoken
    first: int
    last: int
    comparison: tuple[Difference, ...]
    likeness: float

    @property
    def is_exact(self) -> bool:
        """Whether nothing differs but what an ellipsis says is left out."""
        kinds = {one.change for one in self.comparison}
        return kinds <= {Change.SAME, Change.LEFT_OUT}

    @property
    def is_whole(self) -> bool:
        """Whether the words reach from the first of the utterance to the last."""
        return self.first == 0 and self.last == len(self.spoken.keys) - 1


def may_be_like(words: Sequence[Word], spoken: Spoken, least: float) -> bool:
    """Whether ``likeness`` may reach ``least``, told from what words both have, in any order.

    If words of weight ``s`` are in both, of all words asked of weight ``a``, it is ``2s / (a + s)``
    at most: any more of the source only adds to what differs. An editor's words may stand for
    any others.
    """
    held = set(spoken.keys)
    shared = asked = 0.0
    for word in words:
        weight = _weight_of(word.key)
        asked += weight
        shared += weight if word.bracketed or word.key in held else 0.0
    return 2 * shared >= least * (asked + shared)


def likeness(words: Sequence[Word], spoken: Spoken) -> float:
    """About ``Match.likeness``, told from keys alone: brackets and letters are not looked at."""
    keys, weight, equal, after_gap = spoken.keys, 0.0, 0.0, False
    for at, to in _aligned(words, spoken):
        if at is None and to is not None:
            weight += 0.0 if after_gap else _weight_of(keys[to])
            continue
        assert at is not None
        after_gap = words[at].gap
        weight += _weight_of(words[at].key)
        if to is not None:
            weight += _weight_of(keys[to])
            equal += 2 * _weight_of(keys[to]) if words[at].key == keys[to] else 0.0
    return equal / weight


def _aligned(words: Sequence[Word], spoken: Spoken) -> list[Pair]:
    return align(keys_of(words), spoken.keys, [word.gap for word in words])


def compare(text: str, words: Sequence[Word], spoken: Spoken) -> Match:
    """The ``words`` of ``text`` beside the run of words of ``spoken`` that is likest them."""
    pairs = _aligned(words, spoken)
    comparison, equal, weight = [], 0.0, 0.0
    for change, run in _runs(pairs, words, spoken):
        asked = [words[at] for at, _ in run if at is not None]
        source = [spoken.words[at] for _, at in run if at is not None]
        found = _difference(change, text, asked, spoken.text, source)
        comparison.append(found)
        if found.change is not Change.LEFT_OUT:
            total = weigh(keys_of(asked)) + weigh(keys_of(source))
            weight += total
            equal += total if found.change is Change.SAME else 0.0
    places = [at for _, at in pairs if at is not None]
    bounds = (places[0], places[-1]) if places else (0, -1)
    return Match(spoken, *bounds, tuple(comparison), equal / weight if weight else 0.0)


def _runs(
    pairs: Sequence[Pair], words: Sequence[Word], spoken: Spoken
) -> list[tuple[Change, list[Pair]]]:
    """``pairs`` in runs: of equal words, of words left out at an ellipsis, of anything else."""
    kinds: list[Change] = []
    after_gap = False
    for at, to in pairs:
        if at is not None:
            equal = to is not None and words[at].key == spoken.words[to].key
            kinds.append(Change.SAME if equal else Change.CHANGED)
            after_gap = words[at].gap
        else:
            kinds.append(Change.LEFT_OUT if after_gap else Change.CHANGED)
    runs = groupby(zip(kinds, pairs, strict=True), key=lambda item: item[0])
    return [(kind, [pair for _, pair in run]) for kind, run in runs]


def _difference(
    change: Change, text: str, asked: Sequence[Word], original: str, source: Sequence[Word]
) -> Difference:
    said, meant = text_of(text, asked), text_of(original, source)
    matter = matter_of(asked, source)
    if change is Change.LEFT_OUT and len(source) <= _HIDES and matter is Matter.NEGATION:
        change = Change.CHANGED
    if change is not Change.CHANGED:
        return Difference(change, said, meant)
    if _same_letters(asked, source) or (matter is Matter.NONE and _is_editorial(asked, source)):
        return Difference(Change.SAME, said, meant)
    if not source:
        change = Change.ADDED
    elif not asked:
        change = Change.DROPPED
    return Difference(change, said, meant, matter)


def _same_letters(asked: Sequence[Word], source: Sequence[Word]) -> bool:
    """Whether only a dash or a space tells ``asked`` from ``source``: co-ordinator, coordinator."""
    return bool(asked) and "".join(keys_of(asked)) == "".join(keys_of(source))


def _is_editorial(asked: Sequence[Word], source: Sequence[Word]) -> bool:
    """Whether square brackets say that words are an editor's."""
    return any(part and all(word.bracketed for word in part) for part in (asked, source))


def matter_of(asked: Sequence[Word], source: Sequence[Word]) -> Matter:
    """Why it matters that ``source`` became ``asked``."""
    for matter, values in ((Matter.NEGATION, _denials), (Matter.NUMBER, _figures)):
        if values(source) != values(asked):
            return matter
    if _are_opposites(keys_of(asked), keys_of(source)):
        return Matter.NEGATION
    return Matter.NONE


def _denials(part: Sequence[Word]) -> list[str]:
    """The negations of ``part``: "wouldn't" denies as "would not" does."""
    keys = [word.key for word in part if word.is_negation]
    return sorted("not" if key.endswith(("nt", "cannot")) else key for key in keys)


def _figures(part: Sequence[Word]) -> list[str]:
    """The numbers of ``part``: "nineteen" is 19."""
    return sorted(word.amount or word.key for word in part if word.is_number)


def _are_opposites(one: Iterable[str], other: Sequence[str]) -> bool:
    """Whether a word on one side denies one on the other: important, unimportant."""
    pairs = ((a, b) for a in one for b in other)
    return any(
        long.removeprefix(prefix) == short and len(short) > _SHORTEST_DENIED
        for pair in pairs
        for short, long in (sorted(pair, key=len),)
        for prefix in _DENYING
        if long.startswith(prefix)
    )


def ordered(comparison: Iterable[Difference]) -> tuple[Difference, ...]:
    """The differences of a comparison, those of numbers and negations first."""
    found = [one for one in comparison if one.change is not Change.SAME]
    return tuple(sorted(found, key=lambda one: one.matter is Matter.NONE))


def text_of(text: str, words: Sequence[Word]) -> str:
    """The characters from the first of ``words`` to the last."""
    return text[words[0].span.start : words[-1].span.end] if words else ""


def weigh(keys: Iterable[str]) -> float:
    """The weight of words together: function words count less."""
    return sum(map(_weight_of, keys))


def _weight_of(key: str) -> float:
    return _LIGHT if key in FUNCTION_WORDS else 1.0
