"""From an article to passages that are ready to be embedded and indexed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.passages import passages
from index.engine import IndexedPassage
from index.tokens import mark, traits
from index.vector_cache import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.article import Article
    from corpus.passages import Passage
    from corpus.span import Span
    from index.embedder import PassageVectors


@dataclass(frozen=True, slots=True)
class Prepared:
    """A passage with the text that stands for it before the model.

    Attributes:
        article: where it stands.
        passage: its place.
        context: the title and the headings above it.
        text: what is embedded: the context on lines of its own, then the words of the passage.
        parts: where its sentences stand in ``text``.
        key: see ``index.vector_cache.key_of``.
    """

    article: Article
    passage: Passage
    context: str
    text: str
    parts: tuple[Span, ...]
    key: bytes

    def indexed(self, vectors: PassageVectors) -> IndexedPassage:
        """This passage with its vectors and with what is kept of its words."""
        sentences = [one.span.of(self.article.text) for one in self.passage.sentences]
        return IndexedPassage(
            article_id=self.article.id,
            content_hash=self.article.content_hash,
            passage=self.passage,
            vector=vectors.whole,
            sentence_vectors=vectors.parts,
            context=mark(self.context),
            tokens=tuple(mark(sentence) for sentence in sentences),
            traits=tuple(int(traits(sentence)) for sentence in sentences),
            text=self.text,
        )


def prepare(article: Article) -> Iterator[Prepared]:
    """The passages of ``article`` in order."""
    for passage in passages(article):
        headings = (article.title, *passage.section.path)
        # The title heading often stands in the text again: once is enough.
        context = "\n".join(dict.fromkeys(heading for heading in headings if heading))
        start = len(context) + 1
        text = f"{context}\n{passage.span.of(article.text)}"
        shift = start - passage.span.start
        parts = tuple(sentence.span.shifted(shift) for sentence in passage.sentences)
        yield Prepared(article, passage, context, text, parts, key_of(text, parts))
