"""One quoted stretch on its way to being a quotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.quotes.resolve import UNRESOLVED, Resolution

if TYPE_CHECKING:
    from corpus.quotes.clauses import Clause
    from corpus.quotes.marks import Quoted
    from corpus.quotes.mentions import Mention

#: How often each rule names the right speaker, rounded from own annotated cases; multiplied with
#: the certainty of the resolution.
CONFIDENCE = {
    "after": 0.98,
    "inverted-after": 0.98,
    "before": 0.96,
    "according-to": 0.95,
    "is-how": 0.93,
    "split": 0.97,
    "continued": 0.96,
    "line": 0.93,
    "colon": 0.88,
    "partial": 0.85,
    "shared-subject": 0.9,
    "judging": 0.85,
    "same-paragraph": 0.88,
    "next-in-paragraph": 0.85,
    "following-paragraph": 0.87,
    "sentence-before": 0.84,
    "sentence-after": 0.75,
    "paragraph-before": 0.75,
    "alternating": 0.8,
    "open": 0.0,
}


@dataclass(slots=True)
class Turn:
    """One outermost quoted stretch on its way to being a quotation.

    Attributes:
        item: the stretch.
        paragraph: the number of its paragraph.
        index: its token in the narration.
        clause: the clause that reports it, if any.
        mention: the words that name its speaker, its own or those of an earlier part.
        cue: the tokens of the words that report it.
        speaker: whom these words mean.
        rule: the sieve that hit.
        before: the turn it goes on from, as a part of one utterance.
        speech: whether it is a quotation at all.
    """

    item: Quoted
    paragraph: int
    index: int
    clause: Clause | None = None
    mention: Mention | None = None
    cue: tuple[int, int] | None = None
    speaker: Resolution = UNRESOLVED
    rule: str = "open"
    before: Turn | None = None
    speech: bool = True
