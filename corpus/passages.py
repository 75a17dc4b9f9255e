"""Passages: stretches of an article of a size that an embedding model reads whole."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.sections import Paragraph, Section, paragraphs
from corpus.sentences import split_sentences
from corpus.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.article import Article

PASSAGE_WORDS = 150
"""Words of a full passage. MiniLM reads 256 tokens, which is some 190 words of news with its
title and heading."""

CHUNKING = f"1:sentences-of-a-section-{PASSAGE_WORDS}"
"""Changes whenever ``passages`` may cut differently; an index made under another is stale."""

# Scripts without spaces between words would make a paragraph one word: long runs count as several.
_WORD = re.compile(r"\S{1,24}")
_CLAUSE_END = re.compile(r"[,;:—–)\]]\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, or a piece of one that is too long for any passage.

    Attributes:
        span: its characters in the article's text.
        paragraph: number of its paragraph, see ``corpus.sections.Paragraph``.
    """

    span: Span
    paragraph: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences of one section.

    Each sentence of an article's paragraphs belongs to exactly one passage. Passages do not
    overlap: sentences are found by vectors that are pooled out of their passage's context, and
    repeating sentences at the borders gained nothing on top of that when it was measured.

    Attributes:
        span: from the start of the first sentence to the end of the last.
        section: where it stands.
        sentences: in reading order, at least one.
    """

    span: Span
    section: Section
    sentences: tuple[Sentence, ...]


def passages(article: Article, words: int = PASSAGE_WORDS) -> tuple[Passage, ...]:
    """Cut the paragraphs of ``article`` into passages of about ``words`` words, in order.

    A passage ends where its section ends, or before the sentence that would make it longer than
    ``words``; from half of that on it rather ends with its paragraph.
    """
    found: list[Passage] = []
    current: list[Sentence] = []
    count = 0
    section: Section | None = None
    for paragraph, group in _sentences(article, words):
        size = sum(_count(article.text, sentence) for sentence in group)
        at_border = paragraph.section != section or (count >= words / 2 and count + size > words)
        if section is not None and at_border:
            found += _close(current, section)
            current, count = [], 0
        section = paragraph.section
        for sentence in group:
            length = _count(article.text, sentence)
            if count + length > words:
                found += _close(current, section)
                current, count = [], 0
            current.append(sentence)
            count += length
    if section is not None:
        found += _close(current, section)
    return tuple(found)


def _close(sentences: list[Sentence], section: Section) -> Iterator[Passage]:
    if sentences:
        span = Span(sentences[0].span.start, sentences[-1].span.end)
        yield Passage(span, section, tuple(sentences))


def _count(text: str, sentence: Sentence) -> int:
    return len(_WORD.findall(sentence.span.of(text)))


def _sentences(article: Article, words: int) -> Iterator[tuple[Paragraph, list[Sentence]]]:
    for paragraph in paragraphs(article):
        spans = split_sentences(article.text, paragraph.span)
        pieces = (piece for span in spans for piece in _pieces(article.text, span, words))
        yield paragraph, [Sentence(piece, paragraph.number) for piece in pieces]


def _pieces(text: str, span: Span, words: int) -> Iterable[Span]:
    """``span`` itself, or a sentence of over ``words`` words cut where a clause ends, if it can."""
    starts = [span.start + word.start() for word in _WORD.finditer(span.of(text))]
    if len(starts) <= words:
        return [span]
    clauses = {span.start + match.end() for match in _CLAUSE_END.finditer(span.of(text))}
    cuts = [0]
    while len(starts) - cuts[-1] > words:
        low, high = cuts[-1] + words // 2, cuts[-1] + words
        at_clause = [at for at in range(high, low, -1) if starts[at] in clauses]
        cuts.append(at_clause[0] if at_clause else high)
    borders = [*(starts[cut] for cut in cuts), span.end]
    pairs = itertools.pairwise(borders)
    return [Span(start, end).stripped(text) for start, end in pairs]
