"""The quotations of any one text, in characters of it as it was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.errors import EmptyArticleError
from corpus.formats import parse_plain, parse_text
from corpus.quotes import extract

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.formats import Document
    from corpus.quotes import Parser, Quote
    from corpus.span import Span


@dataclass(frozen=True, slots=True)
class Extracted:
    """A quotation of a text that was given.

    Attributes:
        quote: what is known of it. Its spans count in canonical text: use those below.
        span: its characters in the text as given, without the marks.
        text: its words. From plain text the characters of ``span``, from Markdown and HTML
            the canonical text, which has no markup.
        speaker_span: the words that attribute it in the text as given; ``None`` where none do.
        speaker_text: those words, as ``text`` is.
        children: quotations inside this one.
    """

    quote: Quote
    span: Span
    text: str
    speaker_span: Span | None
    speaker_text: str | None
    children: tuple[Extracted, ...]

    def as_json(self) -> dict[str, Any]:
        """One quotation of ``onrecord quotes extract --json``; fields may be added, never go."""
        quote, by = self.quote, self.speaker_span
        return {
            "start": self.span.start,
            "end": self.span.end,
            "text": self.text,
            "speaker": quote.speaker,
            "speaker_text": self.speaker_text,
            "speaker_start": by.start if by is not None else None,
            "speaker_end": by.end if by is not None else None,
            "cue": quote.cue,
            "addressee": quote.addressee,
            "utterance": quote.utterance,
            "part": quote.part,
            "truncated": quote.truncated,
            "rule": quote.rule,
            "confidence": quote.confidence,
            "children": [child.as_json() for child in self.children],
            "candidates": list(quote.candidates),
        }


def extracted(
    source: str, suffix: str | None = None, parser: Parser | None = None
) -> tuple[Extracted, ...]:
    """The outermost quotations of ``source`` in reading order. Headings hold none.

    Args:
        source: the text, without a byte order mark.
        suffix: how files that are written so end, such as ``.md``; ``None`` for plain text.
        parser: see ``corpus.quotes.extract``.

    Raises:
        ArticleError: if the front matter of Markdown is broken.
    """
    try:
        document = parse_plain(source) if suffix is None else parse_text(source, suffix)
    except EmptyArticleError:
        return ()
    quotes = extract(document.text, [block.span for block in document.paragraphs], parser)
    return _Source(source, suffix is None, document).carried(quotes)


@dataclass(frozen=True, slots=True)
class _Source:
    """A text as it was given, whether it is plain, and the document that was read from it."""

    given: str
    plain: bool
    document: Document

    def carried(self, quotes: Iterable[Quote]) -> tuple[Extracted, ...]:
        return tuple(map(self._carry, quotes))

    def _carry(self, quote: Quote) -> Extracted:
        span, text = self._place(quote.span)
        by, words = self._place(quote.speaker_span) if quote.speaker_span else (None, None)
        return Extracted(quote, span, text, by, words, self.carried(quote.children))

    def _place(self, canonical: Span) -> tuple[Span, str]:
        span = self.document.map.to_source(canonical)
        if self.plain:
            return span, span.of(self.given)
        return span, canonical.of(self.document.text)
