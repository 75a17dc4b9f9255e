"""A citation with all that its reader needs to find it, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.fragment import link_to
from corpus.sections import paragraphs

if TYPE_CHECKING:
    from corpus.article import Article
    from corpus.citation import Citation
    from corpus.span import Span


@dataclass(frozen=True, slots=True)
class Source:
    """A citation with all that its reader needs to find it.

    Attributes:
        number: its marker, from 1 in the order shown.
        citation: the words and their place.
        title: of the article.
        section: heading of the section, empty if the article has none there.
        paragraph: number of the paragraph in the article, see ``corpus.sections.Paragraph``.
        url: address of the article, if it has one.
        link: the same with a fragment that leads to the words.
        similarity: of the cited words with the question, -1 to 1.
        context: whether it is only there to make another sentence understood.
        spoken: whether it is a quotation that is shown with who said it.
    """

    number: int
    citation: Citation
    title: str
    section: str
    paragraph: int
    url: str | None
    link: str | None
    similarity: float
    context: bool
    spoken: bool = False

    @classmethod
    def at(
        cls,
        citation: Citation,
        article: Article,
        number: int,
        context: bool = False,
        *,
        spoken: bool = False,
    ) -> Source:
        """The source of a verified ``citation`` of ``article`` that no search found just now.

        Its similarity is 0: there is no question to compare it with.
        """
        start = citation.span.start
        paragraph = next(one for one in paragraphs(article) if start < one.span.end)
        return cls(
            number=number,
            citation=citation,
            title=article.title,
            section=paragraph.section.title,
            paragraph=paragraph.number,
            url=article.metadata.url,
            link=link_to(article, citation.span),
            similarity=0.0,
            context=context,
            spoken=spoken,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """Words that a message showed, or could show: what is kept of a source.

    They are verified when they are made a source again.

    Attributes:
        number: its marker.
        article_id: the article.
        content_hash: of the revision that the span counts in.
        span: where the words stand.
        context: whether it was shown only to make another sentence understood.
        spoken: whether it is a quotation that was shown with who said it.
    """

    number: int
    article_id: str
    content_hash: str
    span: Span
    context: bool = False
    spoken: bool = False

    @classmethod
    def of(cls, source: Source) -> Shown:
        """What is kept of ``source``."""
        cited = source.citation
        place = cited.article_id, cited.content_hash, cited.span
        return cls(source.number, *place, source.context, source.spoken)
