"""What becomes of words that are said to be a quotation: the verdict and its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest
from typing import TYPE_CHECKING

from corpus.wording import keys_of
from index.comparison import (
    Change,
    Difference,
    Match,
    compare,
    likeness,
    may_be_like,
    text_of,
    weigh,
)
from index.splice import PIECE, splice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.wording import Word
    from index.comparison import Spoken

ALTERED = 0.6
"""Share of the words, by weight, that an altered quotation has in common with its original."""
LIKE = 0.4
"""Likeness from which on a quotation that is not the one asked about is worth naming as near."""
_COMPARED = 4
"""Utterances that are laid beside the words, those that share most words with them."""


class Verdict(StrEnum):
    """How words that were asked about relate to the quotations of a corpus."""

    EXACT = "exact"
    ALTERED = "altered"
    SPLICED = "spliced"
    ANOTHER = "real, but said by another"
    PARAPHRASE = "paraphrase of"
    ABSENT = "not in this corpus"
    SCRAP = "not judged"


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
    return len(words) > PIECE and sorted(keys_of(words)) == sorted(spoken.keys)


def _rank(match: Match) -> tuple[float, int]:
    return (-match.likeness, match.spoken.row)


def _overlap(words: Sequence[Word], spoken: Spoken) -> float:
    """The words of both, in whatever order, as a share of the words asked and of these."""
    held = set(spoken.keys)
    shared = weigh(word.key for word in words if word.key in held)
    # A long utterance may hold many words by chance.
    return shared / (len(words) + 0.1 * len(spoken.keys))


def _holds(line: str, part: str) -> bool:
    return f" {part} " in f" {line} "


def _contained(text: str, words: Sequence[Word], spoken: Spoken, part: str) -> Match:
    padded = f" {spoken.line} "
    first = padded.count(" ", 0, padded.index(f" {part} "))
    last = first + len(words) - 1
    same = Difference(
        Change.SAME, text_of(text, words), text_of(spoken.text, spoken.words[first : last + 1])
    )
    return Match(spoken, first, last, (same,), 1.0)
