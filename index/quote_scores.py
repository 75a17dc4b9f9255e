"""How well quotations and their speakers were found, against quotations judged by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.quotes.lexicon import HONORIFICS
from corpus.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotes import Quote
    from corpus.span import Span

MIN_IOU = 0.8  # a quotation counts as found where it shares this much of the union


@dataclass(frozen=True, slots=True)
class JudgedQuote:
    """A quotation as judged by hand.

    Attributes:
        span: its characters, without the marks.
        speaker: canonical name; ``None`` where the judge left it open.
        speaker_text: the words that name the speaker, or "".
        attributed: whether the judge told who says it; where not, its speaker is not scored.
        pronoun: whether the words that name the speaker are a pronoun.
    """

    span: Span
    speaker: str | None
    speaker_text: str = ""
    attributed: bool = True
    pronoun: bool = False


@dataclass(frozen=True, slots=True)
class QuoteScores:
    """Shares between 0 and 1; 0 where there was nothing to divide by.

    Attributes:
        quote_precision, quote_recall, quote_f1: quotations found, one to one, by overlap.
        quote_exact_f1: the same with equal spans only.
        speaker_surface: of all judged quotations, those found with the right words.
        speaker_canonical: of all judged quotations, those found with the right person.
        speaker_precision: of the found ones that show a speaker, those with the right one.
        speaker_coverage: of the found ones, those that show a speaker.

    Precision counts every quotation that was found, listed or not; where a file does not list every
    one it is a lower bound, and so is F1. The last two leave out the found ones of which the judge
    does not say who speaks.
    """

    quote_precision: float
    quote_recall: float
    quote_f1: float
    quote_exact_f1: float
    speaker_surface: float
    speaker_canonical: float
    speaker_precision: float
    speaker_coverage: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A judged quotation and the found one that was matched with it, in one text."""

    judged: JudgedQuote
    found: Quote
    text: str

    @property
    def right_person(self) -> bool:
        """Whether the found speaker is the judged one.

        By name (see ``same_speaker``), or because it is the words that the judge marked: all of
        them ("one poster" for one who is known), or a run of them where the judge had no other
        name ("Mu Li" for "Senior researcher Mu Li, of the university").
        """
        judged, found = self.judged, self.found.speaker
        if same_speaker(judged.speaker, found) or found is None:
            return same_speaker(judged.speaker, found)
        marked, words = _name(judged.speaker_text), _name(found)
        if judged.speaker is None or same_words(judged.speaker, judged.speaker_text):
            return _has_run(marked, words)
        return bool(words) and words == marked

    @property
    def right_words(self) -> bool:
        """Whether the attributing words are the judged ones, an apposition after them or not."""
        span, judged = self.found.speaker_span, self.judged.speaker_text
        found = span.of(self.text) if span else ""
        return same_words(judged, found) or same_words(judged.partition(", ")[0], found)


def iou(one: Span, other: Span) -> float:
    """The characters two spans share, as a share of all they cover; 0 for two empty ones."""
    shared = one.shared(other)
    union = len(one) + len(other) - shared
    return shared / union if union else 0.0


def matched(
    judged: Sequence[JudgedQuote], found: Sequence[Quote], text: str, min_iou: float = MIN_IOU
) -> list[Pair]:
    """Judged and found quotations of one ``text``, paired one to one, the best overlap first."""
    overlaps = sorted(
        (
            (-iou(want.span, got.span), row, column)
            for row, want in enumerate(judged)
            for column, got in enumerate(found)
            if iou(want.span, got.span) >= min_iou
        )
    )
    rows: set[int] = set()
    columns: set[int] = set()
    pairs = []
    for _, row, column in overlaps:
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            pairs.append(Pair(judged[row], found[column], text))
    return pairs


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same words, whatever their case, accents and marks."""
    return _words(one) == _words(other)


def same_speaker(one: str | None, other: str | None) -> bool:
    """Whether two canonical names mean one speaker.

    Titles and articles do not count, nor the prefix ``NP:`` that marks an unnamed speaker in
    judged files. Equal, or one the run of words that the other begins or ends with ("John
    Burrows", "Emeritus Professor John Burrows"), or the first name cut short in one ("Cres
    Eastman", "Creswell Eastman").
    """
    if one is None or other is None:
        return one is other
    short, long = sorted((_name(one), _name(other)), key=len)
    if not short or short in (long[-len(short) :], long[: len(short)]):
        return bool(short)
    return len(short) > 1 and short[1:] == long[1:] and _cut_short(short[0], long[0])


def _cut_short(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _has_run(words: list[str], run: list[str]) -> bool:
    starts = range(len(words) - len(run) + 1)
    return bool(run) and any(words[start : start + len(run)] == run for start in starts)


def _words(text: str) -> list[str]:
    folded = fold(text).text
    return "".join(char if char.isalnum() else " " for char in folded).split()


def _name(text: str) -> list[str]:
    words = _words(text.removeprefix("NP:"))
    return [word for word in words if word not in HONORIFICS | {"the", "a", "an"}] or words


def score(
    texts: Sequence[tuple[str, Sequence[JudgedQuote], Sequence[Quote]]],
) -> QuoteScores:
    """Score the quotations found in several texts.

    Args:
        texts: for each, its characters, the judged quotations and those found.
    """
    pairs = [pair for text, judged, found in texts for pair in matched(judged, found, text)]
    exact = sum(len(matched(judged, found, text, min_iou=1.0)) for text, judged, found in texts)
    wanted = sum(len(judged) for _, judged, _ in texts)
    got = sum(len(found) for _, _, found in texts)
    heard = [pair for pair in pairs if pair.judged.attributed]
    shown = [pair for pair in heard if pair.found.speaker is not None]
    return QuoteScores(
        quote_precision=_share(len(pairs), got),
        quote_recall=_share(len(pairs), wanted),
        quote_f1=_share(2 * len(pairs), got + wanted),
        quote_exact_f1=_share(2 * exact, got + wanted),
        speaker_surface=_share(sum(pair.right_words for pair in pairs), wanted),
        speaker_canonical=_share(sum(pair.right_person for pair in pairs), wanted),
        speaker_precision=_share(sum(pair.right_person for pair in shown), len(shown)),
        speaker_coverage=_share(len(shown), len(heard)),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
