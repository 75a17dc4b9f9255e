"""What became of words that were shown: whether they still stand in a later revision."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from corpus.article import BlockKind
from corpus.rewording import at_most_similar, bag, compare, moved, similarity
from corpus.sentences import split_sentences
from corpus.span import Span
from corpus.text import folded

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from corpus.article import Article

_SIMILAR = 0.5
"""Sentences that share this much are two wordings of one, wherever they stand."""
_SIMILAR_IN_PLACE = 0.25
"""The same where the sentence before or after stands beside the new one as beside the old one."""
_MORE = 2
"""Sentences that a reworded one may have become beyond what it was."""


class Standing(StrEnum):
    """Whether shown words still stand."""

    STANDS = "stands"
    REWORDED = "reworded"
    REATTRIBUTED = "reattributed"  # a quotation that is another's by now, or nobody's for sure
    GONE = "gone"
    ARTICLE_GONE = "article gone"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a span of an earlier revision.

    Attributes:
        standing: whether its words still stand.
        span: where they, or the words that took their place, stand in the later revision;
            ``None`` where nothing did, or where they stand in no paragraph.
    """

    standing: Standing
    span: Span | None = None


class Comparison:
    """Follows words from one revision of an article to another.

    Words still stand where the same words stand in the same bounds: what was a whole sentence
    must be one again, for "Critics deny that" before it makes it say something else. Differences
    in space and in the kind of quotation mark or dash are none.

    Args:
        old: the revision that was shown.
        new: the one to look in.
    """

    def __init__(self, old: Article, new: Article) -> None:
        self._old = _Revision(old)
        self._new = _Revision(new)

    def follow(self, span: Span) -> Found:
        """What became of ``span`` of the old revision."""
        places = list(self._places(span))
        if places:
            return self._nearest(span, places)
        shown = [one for one in self._old.sentences if one.overlaps(span)]
        if not shown:
            return Found(Standing.GONE)
        cover = Span.covering(shown)
        window = self._window(shown, cover)
        return Found(Standing.GONE) if window is None else self._reworded(span, cover, window)

    # The same words

    def _places(self, span: Span) -> Iterator[Span]:
        words = span.of(self._old.text)
        at = self._new.text.find(words)
        while at >= 0:
            place = Span(at, at + len(words))
            if self._in_bounds(span, place):
                yield place
            at = self._new.text.find(words, at + 1)

    def _in_bounds(self, span: Span, place: Span) -> bool:
        starts = place.start in self._new.starts or (
            span.start not in self._old.starts and not _inside_word(self._new.text, place.start)
        )
        ends = place.end in self._new.ends or (
            span.end not in self._old.ends and not _inside_word(self._new.text, place.end)
        )
        return starts and ends

    def _nearest(self, span: Span, places: Sequence[Span]) -> Found:
        """The place that is to the others as ``span`` was to its own repetitions."""
        words = span.of(self._old.text)
        earlier = self._old.text.count(words, 0, span.start)
        place = places[min(earlier, len(places) - 1)]
        return Found(Standing.STANDS, place if self._new.in_paragraph(place) else None)

    # Other words

    def _window(self, shown: Sequence[Span], cover: Span) -> Span | None:
        """The sentences of the new revision that took the place of ``shown``, if any did."""
        words = cover.of(self._old.text)
        count = bag(words.casefold())
        best, found = 0.0, None
        others = self._old.texts_without(shown)
        for window in self._new.windows(len(shown) + _MORE, others):
            least = _SIMILAR_IN_PLACE if self._is_in_place(cover, window) else _SIMILAR
            if at_most_similar(count, self._new.bag(window)) <= max(best, least - 1e-9):
                continue
            score = similarity(words, window.of(self._new.text), str.casefold)
            if score >= least and score > best:
                best, found = score, window
        return found

    def _is_in_place(self, cover: Span, window: Span) -> bool:
        """Whether a neighbour of the old words is a neighbour of the new ones."""
        before = self._old.before(cover), self._new.before(window)
        after = self._old.after(cover), self._new.after(window)
        return any(one is not None and one == other for one, other in (before, after))

    def _reworded(self, span: Span, cover: Span, window: Span) -> Found:
        old, new = cover.of(self._old.text), window.of(self._new.text)
        if not span.contains(cover):
            inner = moved(span.shifted(-cover.start), compare(old, new))
            window = inner.shifted(window.start).stripped(self._new.text)
            if not len(window):
                return Found(Standing.GONE)
        if _same_words(span.of(self._old.text), window.of(self._new.text)):
            return Found(Standing.STANDS, window)
        return Found(Standing.REWORDED, window)


class _Revision:
    """One revision, taken apart into the sentences of its paragraphs."""

    def __init__(self, article: Article) -> None:
        self.text = article.text
        self._blocks = [
            (block.kind, split_sentences(article.text, block.span)) for block in article.blocks
        ]
        self.sentences = [one for _, sentences in self._blocks for one in sentences]
        self.starts = frozenset(one.start for one in self.sentences)
        self.ends = frozenset(one.end for one in self.sentences)
        self._bags: dict[Span, Counter[str]] = {}

    @cached_property
    def _texts(self) -> list[str]:
        return [one.of(self.text) for one in self.sentences]

    @cached_property
    def _by_start(self) -> dict[int, int]:
        return {one.start: at for at, one in enumerate(self.sentences)}

    @cached_property
    def _by_end(self) -> dict[int, int]:
        return {one.end: at for at, one in enumerate(self.sentences)}

    def in_paragraph(self, place: Span) -> bool:
        """Whether a place lies in a paragraph and not in a heading."""
        return any(
            kind is BlockKind.PARAGRAPH and any(one.overlaps(place) for one in sentences)
            for kind, sentences in self._blocks
        )

    def texts_without(self, some: Sequence[Span]) -> frozenset[str]:
        """What the sentences say that are none of ``some``."""
        left_out = set(some)
        pairs = zip(self.sentences, self._texts, strict=True)
        return frozenset(text for span, text in pairs if span not in left_out)

    def windows(self, most: int, others: frozenset[str]) -> Iterator[Span]:
        """Up to ``most`` sentences in a row of one paragraph, none of ``others`` at an end."""
        for kind, sentences in self._blocks:
            if kind is not BlockKind.PARAGRAPH:
                continue
            own = [one.of(self.text) not in others for one in sentences]
            for first in range(len(sentences)):
                for last in range(first, min(first + most, len(sentences))):
                    if own[first] and own[last]:
                        yield Span(sentences[first].start, sentences[last].end)

    def bag(self, window: Span) -> Counter[str]:
        """How often each word stands in a window."""
        if window not in self._bags:
            self._bags[window] = bag(window.of(self.text).casefold())
        return self._bags[window]

    def before(self, window: Span) -> str | None:
        """The sentence before a window, ``None`` if it is the first."""
        at = self._by_start[window.start] - 1
        return self._texts[at] if at >= 0 else None

    def after(self, window: Span) -> str | None:
        """The sentence after a window, ``None`` if it is the last."""
        at = self._by_end[window.end] + 1
        return self._texts[at] if at < len(self._texts) else None


def _inside_word(text: str, at: int) -> bool:
    """Whether a word goes on across the border before the character at ``at``."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _same_words(one: str, other: str) -> bool:
    """Whether two wordings differ at most in space and in the kinds of marks."""
    return "".join(filter(str.isalnum, one)) == "".join(filter(str.isalnum, other)) and (
        "".join(folded(one).split()) == "".join(folded(other).split())
    )
