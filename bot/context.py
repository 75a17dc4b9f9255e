"""Cited words where they stand: the sentences around them, from the articles as they are now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.article import BlockKind
from corpus.citation import Citation, verify
from corpus.sentences import split_sentences
from corpus.span import Span
from index.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.article import Article
    from index.snapshot import Snapshot
    from index.source import Shown


@dataclass(frozen=True, slots=True)
class Context:
    """A source with what stands around it.

    Attributes:
        source: the cited words.
        before: the sentence before, empty if the article begins with the cited words.
        after: the sentence after, empty if it ends with them.
        published: the date the article gives, if any.
        opening: what the sentence of the cited words says before them, with the space between.
        closing: what it says after them.
    """

    source: Source
    before: str
    after: str
    published: str | None
    opening: str = ""
    closing: str = ""


def sources_of(shown: Iterable[Shown], snapshot: Snapshot) -> tuple[Source, ...]:
    """The sources that were kept as ``shown``, those left out whose words are gone by now."""
    found = (_source(one, snapshot) for one in shown)
    return tuple(source for source in found if source is not None)


def contexts(shown: Iterable[Shown], snapshot: Snapshot) -> tuple[Context, ...]:
    """The same with what stands around each."""
    return tuple(
        _context(source, snapshot.article(source.citation.article_id))
        for source in sources_of(shown, snapshot)
    )


def _source(one: Shown, snapshot: Snapshot) -> Source | None:
    try:
        article = snapshot.article(one.article_id)
    except KeyError:
        return None
    if one.content_hash != article.content_hash:
        return None
    citation = Citation(article.id, one.content_hash, one.span, one.span.of(article.text))
    return (
        Source.at(citation, article, one.number, one.context, spoken=one.spoken)
        if verify(citation, article)
        else None
    )


def _context(source: Source, article: Article) -> Context:
    span = source.citation.span
    sentences = [
        sentence
        for block in article.blocks
        if block.kind is BlockKind.PARAGRAPH
        for sentence in split_sentences(article.text, block.span)
    ]
    touched = [one for one in sentences if one.start < span.end and span.start < one.end]
    whole = Span.covering([span, *touched])
    before = [one.of(article.text) for one in sentences if one.end <= whole.start]
    after = [one.of(article.text) for one in sentences if one.start >= whole.end]
    return Context(
        source,
        "".join(before[-1:]),
        "".join(after[:1]),
        article.metadata.published,
        Span(whole.start, span.start).of(article.text),
        Span(span.end, whole.end).of(article.text),
    )
