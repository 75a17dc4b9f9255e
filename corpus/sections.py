"""Sections and numbered paragraphs of an article: where in it something stands, for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.article import BlockKind
from corpus.span import Span
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.article import Article, Block


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it, up to the next heading of any level.

    Attributes:
        title: the words of its heading; empty for what stands before the first heading.
        path: the headings that it stands under, from the outermost to its own. The article's
            title is none of them.
        span: from its heading to the end of its last block.
    """

    title: str
    path: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph (a list item, a table row) and its number in the article, from 1."""

    number: int
    span: Span
    section: Section


def sections(article: Article) -> tuple[Section, ...]:
    """The sections of ``article`` in order; together they hold each of its blocks once."""
    return tuple(section for section, _ in _grouped(article))


def paragraphs(article: Article) -> tuple[Paragraph, ...]:
    """The paragraphs of ``article`` in order; headings are not counted."""
    found: list[Paragraph] = []
    for section, blocks in _grouped(article):
        for block in blocks:
            if block.kind is BlockKind.PARAGRAPH:
                found.append(Paragraph(len(found) + 1, block.span, section))
    return tuple(found)


def section_at(article: Article, offset: int) -> Section:
    """The section of ``article`` that holds the character at ``offset``."""
    return next(one for one in sections(article) if offset < one.span.end)


def _grouped(article: Article) -> Iterator[tuple[Section, list[Block]]]:
    """Each section with its blocks, its heading among them."""
    path: list[tuple[int, str]] = []
    group: list[Block] = []
    for block in article.blocks:
        if block.kind is BlockKind.HEADING and not _is_title(block, article):
            if group:
                yield _section(path, group), group
            group = []
            title = block.span.of(article.text)
            path = [*(above for above in path if above[0] < block.level), (block.level, title)]
        group.append(block)
    if group:
        yield _section(path, group), group


def _section(path: list[tuple[int, str]], blocks: list[Block]) -> Section:
    titles = tuple(title for _, title in path)
    span = Span.covering(block.span for block in blocks)
    return Section(titles[-1] if titles else "", titles, span)


def _is_title(block: Block, article: Article) -> bool:
    """Whether a heading is the article's title: of level 1, and first or with the same words."""
    if block.level != 1:
        return False
    same = folded(block.span.of(article.text)) == folded(article.title)
    return same or block == article.blocks[0]
