"""A citation: some characters of one revision of one article, and the proof of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.article import Article
    from corpus.span import Span


@dataclass(frozen=True, slots=True)
class Citation:
    """The words ``text``, said to stand at ``span`` in a given revision of an article.

    Attributes:
        article_id: which article.
        content_hash: of the canonical text that the span counts in.
        span: where the words stand.
        text: the words as they are about to be shown.
    """

    article_id: str
    content_hash: str
    span: Span
    text: str

    @classmethod
    def of(cls, article: Article, span: Span) -> Citation:
        """Cite ``span`` of ``article`` as it is now."""
        return cls(article.id, article.content_hash, span, span.of(article.text))


def verify(citation: Citation, article: Article) -> bool:
    """Whether the cited words stand where the citation says, in the very revision it names.

    The only definition of verifiable in this project.
    """
    return (
        citation.article_id == article.id
        and citation.content_hash == article.content_hash
        and len(citation.span) > 0
        and citation.span.end <= len(article.text)
        and citation.span.of(article.text) == citation.text
    )
