"""A citation with all that its reader needs to find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.fragment import link_to
from corpus.sections import paragraphs

if TYPE_CHECKING:
    from corpus.article import Article
    from corpus.citation import Citation


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

    @classmethod
    def at(cls, citation: Citation, article: Article, number: int, context: bool = False) -> Source:
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
        )
