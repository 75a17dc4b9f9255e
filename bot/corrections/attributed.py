"""Whose words quotations are in one revision of an article, to be compared with another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.article import BlockKind
from corpus.quotes import extract
from corpus.sentences import split_sentences
from corpus.span import Span

if TYPE_CHECKING:
    from corpus.article import Article
    from corpus.quotes import Quote


@dataclass(frozen=True, slots=True)
class Attribution:
    """What an article says of who said something.

    Attributes:
        speaker: the name; ``None`` where it is not clear.
        words: those that attribute it, those that report it, and to whom it was said.
        sentences: that hold the quotation and, in its paragraph, these words.
    """

    speaker: str | None
    words: tuple[str, str, str | None]
    sentences: Span

    def says_as(self, other: Attribution) -> bool:
        """Whether ``other`` says the same of who said it, in the same words."""
        return (self.speaker, self.words) == (other.speaker, other.words)


class Attributions:
    """The attributions of an article's quotations.

    Args:
        article: the revision to read.
    """

    def __init__(self, article: Article) -> None:
        self._text = article.text
        self._paragraphs = [
            block.span for block in article.blocks if block.kind is BlockKind.PARAGRAPH
        ]
        self._quotes = {one.span: one for one in extract(article.text, self._paragraphs)}

    def of(self, span: Span) -> Attribution:
        """Who said the words at ``span``: nobody, where they are no quotation."""
        quote = self._quotes.get(span)
        if quote is None:
            return Attribution(None, ("", "", None), self._sentences(span))
        surface = quote.speaker_span.of(self._text) if quote.speaker_span else ""
        words = (surface, quote.cue, quote.addressee)
        return Attribution(quote.speaker, words, self._sentences(self._with_speaker(quote)))

    def _with_speaker(self, quote: Quote) -> Span:
        """The quotation with the words for its speaker, if they stand in its paragraph."""
        if quote.speaker_span is None:
            return quote.span
        both = Span.covering([quote.span, quote.speaker_span])
        inside = any(paragraph.contains(both) for paragraph in self._paragraphs)
        return both if inside else quote.span

    def _sentences(self, span: Span) -> Span:
        """The sentences that ``span`` stands in."""
        paragraphs = [one for one in self._paragraphs if one.overlaps(span)]
        sentences = [
            sentence
            for paragraph in paragraphs
            for sentence in split_sentences(self._text, paragraph)
            if sentence.overlaps(span)
        ]
        return Span.covering(sentences) if sentences else span
