"""What becomes of words that are said to be a quotation: the verdict and its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from heapq import nlargest
from itertools import groupby
from typing import TYPE_CHECKING

from corpus.quotes import lexicon
from corpus.wording import keys_of
from index.alignment import align

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from corpus.wording import Word
    from index.alignment import Pair

ALTERED = 0.6
"""Share of the words, by weight, that an altered quotation has in common with its original."""
LIKE = 0.4
"""Likeness from which on a quotation that is not the one asked about is worth naming as near."""
_PIECE = 3
"""Words in a row that make a piece of a splice."""
_EXPLAINS = 3
"""Words that a second quotation must account for beyond the first, for a splice of both."""
_COMPARED = 4
"""Utterances that are laid beside the words, those that share most words with them."""
_SPLICED = 0.8
"""Share of the words that the quotations of a splice account for together."""
_LIGHT = 0.35
"""Weight of a function word beside that of any other."""
_HIDES = 3
"""Words left out at an ellipsis up to which a negation among them counts as dropped."""
_DENYING = ("un", "in", "im", "ir", "il", "dis", "non")
_SHORTEST_DENIED = 3
_FUNCTION_WORDS = (
    lexicon.ARTICLES
    | lexicon.PREPOSITIONS
    | lexicon.CONJUNCTIONS
    | lexicon.AUXILIARIES
    | lexicon.SUBJECT_PRONOUNS
    | lexicon.POSSESSIVES
    | lexicon.words("me him them us so that this there its im its thats")
)


class Verdict(StrEnum):
    """How words that were asked about relate to the quotations of a corpus."""

    EXACT = "exact"
    ALTERED = "altered"
    SPLICED = "spliced"
    ANOTHER = "real, but said by another"
    PARAPHRASE = "paraphrase of"
    ABSENT = "not in this corpus"
    SCRAP = "not judged"


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


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the words alone say: ``EXACT``, ``ALTERED``, ``SPLICED`` or, if nothing, ``ABSENT``.

    Attributes:
        verdict: one of these.
        matches: the originals: every one of an exact quotation, the best of an altered one, the
            pieces of a splice in the order asked; the likest of words that are absent, if any.
        comparison: of the words asked with the first match, or with all pieces of a splice.
    """

    verdict: Verdict
    matches: tuple[Match, ...] = ()
    comparison: tuple[Difference, ...] = ()


def rule(text: str, words: Sequence[Word], candidates: Sequence[Spoken]) -> Ruling:
    """What ``candidates`` say of the ``words`` of ``text``, which are at least one.

    Args:
        text: what the spans of ``words`` count in.
        words: asked about.
        candidates: utterances, the likeliest first.
    """
    line = " ".join(keys_of(words))
    exact = [one for one in candidates if _holds(one.line, line)]
    if exact:
        matches = tuple(_contained(text, words, one, line) for one in exact)
        return Ruling(Verdict.EXACT, matches, matches[0].comparison)
    alike = [one for one in candidates if may_be_like(words, one, LIKE)]
    near = nlargest(_COMPARED, alike, key=lambda one: _overlap(words, one))
    ranked = sorted(((likeness(words, one), -at) for at, one in enumerate(near)), reverse=True)
    likest = [near[-at] for like, at in ranked if like >= ALTERED or (like, at) == ranked[0]]
    matches = tuple(sorted((compare(text, words, one) for one in likest), key=_rank))
    whole = tuple(match for match in matches if match.is_exact)
    if whole:
        return Ruling(Verdict.EXACT, whole, whole[0].comparison)
    spliced = splice(text, words, candidates)
    best = matches[:1]
    if spliced and len(spliced.rows) > 1 and not (best and best[0].likeness > spliced.likeness):
        return Ruling(Verdict.SPLICED, spliced.pieces, spliced.comparison)
    if best and best[0].likeness >= ALTERED:
        return Ruling(Verdict.ALTERED, best, best[0].comparison)
    if spliced and len(spliced.rows) == 1:  # its words in another order
        moved = compare(text, words, spliced.pieces[0].spoken)
        return Ruling(Verdict.ALTERED, (moved,), moved.comparison)
    shuffled = tuple(match for match in matches if _is_shuffled(words, match.spoken))[:1]
    if shuffled:
        return Ruling(Verdict.ALTERED, shuffled, shuffled[0].comparison)
    return Ruling(Verdict.ABSENT, best)


def _is_shuffled(words: Sequence[Word], spoken: Spoken) -> bool:
    """Whether the words are those of the utterance, all of them, in whatever order."""
    return len(words) > _PIECE and sorted(keys_of(words)) == sorted(spoken.keys)


def _rank(match: Match) -> tuple[float, int]:
    return (-match.likeness, match.spoken.row)


def _overlap(words: Sequence[Word], spoken: Spoken) -> float:
    """The words of both, in whatever order, as a share of the words asked and of these."""
    held = set(spoken.keys)
    shared = _weight(word.key for word in words if word.key in held)
    # A long utterance may hold many words by chance.
    return shared / (len(words) + 0.1 * len(spoken.keys))


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


def _holds(line: str, part: str) -> bool:
    return f" {part} " in f" {line} "


def _contained(text: str, words: Sequence[Word], spoken: Spoken, part: str) -> Match:
    padded = f" {spoken.line} "
    first = padded.count(" ", 0, padded.index(f" {part} "))
    last = first + len(words) - 1
    same = Difference(
        Change.SAME, _said(text, words), _said(spoken.text, spoken.words[first : last + 1])
    )
    return Match(spoken, first, last, (same,), 1.0)


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
            total = _weight(keys_of(asked)) + _weight(keys_of(source))
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
    said, meant = _said(text, asked), _said(original, source)
    matter = _matter(asked, source)
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


def _matter(asked: Sequence[Word], source: Sequence[Word]) -> Matter:
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
    return sorted(word.key for word in part if word.is_number)


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


def _said(text: str, words: Sequence[Word]) -> str:
    """The characters from the first of ``words`` to the last."""
    return text[words[0].span.start : words[-1].span.end] if words else ""


def _weight(keys: Iterable[str]) -> float:
    return sum(map(_weight_of, keys))


def _weight_of(key: str) -> float:
    return _LIGHT if key in _FUNCTION_WORDS else 1.0


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
    share = _weight(words[at].key for at in owner) / _weight(keys_of(words))
    if not chosen or share < _SPLICED:
        return None
    pieces, comparison = _pieced(text, words, owner)
    return Splice(pieces, comparison, share)


def _tells(words: Sequence[Word], gained: Sequence[int]) -> bool:
    """Whether these words are more than a turn of phrase: four of them, or two of substance."""
    substance = [at for at in gained if words[at].key not in _FUNCTION_WORDS]
    return len(substance) > 1 or (len(gained) > _EXPLAINS and bool(substance))


def _covered(words: Sequence[Word], spoken: Spoken) -> dict[int, int]:
    """The words that stand in runs of ``spoken``, the longest first found; each with its place."""
    keys = keys_of(words)
    starts: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(spoken.keys) - _PIECE + 1):
        starts.setdefault(spoken.keys[at : at + _PIECE], []).append(at)
    covered: dict[int, int] = {}
    at = 0
    while at <= len(keys) - _PIECE:
        places = starts.get(keys[at : at + _PIECE], [])
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
            comparison.append(Difference(Change.ADDED, _said(text, said), "", _matter(said, ())))
            continue
        spoken, first = owner[run[0]]
        last = owner[run[-1]][1]
        same = Difference(
            Change.SAME, _said(text, said), _said(spoken.text, spoken.words[first : last + 1])
        )
        comparison.append(same)
        pieces.append(Match(spoken, min(first, last), max(first, last), (same,), 1.0))
    return tuple(pieces), tuple(comparison)
