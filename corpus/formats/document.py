"""What every reader of a format makes: blocks of raw text, put together to a ``Document``."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from corpus.article import Block, BlockKind, Metadata
from corpus.errors import EmptyArticleError
from corpus.formats.headings import is_title_line
from corpus.span import Span
from corpus.text import Mapped, MappedBuilder, OffsetMap, canonicalize_block, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

BETWEEN_BLOCKS = "\n\n"


@dataclass(frozen=True, slots=True)
class RawBlock:
    """One heading or paragraph as a reader found it.

    Attributes:
        content: its words with their places in the source, not yet canonical.
        level: 1 to 6 for a heading, 0 for a paragraph.
        alone: a paragraph of its own, not in a list, a table or a quotation: it may be a title.
    """

    content: Mapped
    level: int = 0
    alone: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an article beside its text: from front matter or from the head of a page."""

    title: str | None = None
    article_id: str | None = None
    metadata: Metadata = field(default_factory=Metadata)

    def or_else(self, other: About) -> About:
        """This, with what it leaves out taken from ``other``."""
        mine, theirs = asdict(self.metadata), asdict(other.metadata)
        return About(
            title=self.title or other.title,
            article_id=self.article_id or other.article_id,
            metadata=Metadata(**{name: mine[name] or theirs[name] for name in mine}),
        )


@dataclass(frozen=True, slots=True)
class Document:
    """One file understood: canonical text, its blocks, and what it says of itself.

    Attributes:
        title: from the front matter or the page's head, else the first heading of level 1;
            ``None`` where there is neither.
        text: canonical text; blocks are separated by exactly one blank line.
        blocks: headings and paragraphs in reading order, each with its exact span in ``text``.
        metadata: what the front matter or the page's head says.
        article_id: as the front matter gives it.
        map: from ``text`` to the decoded source, front matter included in its offsets.
    """

    title: str | None
    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata
    article_id: str | None
    map: OffsetMap

    @property
    def paragraphs(self) -> tuple[Block, ...]:
        """The blocks that are not headings."""
        return tuple(block for block in self.blocks if block.kind is BlockKind.PARAGRAPH)


def assemble(raw: Iterable[RawBlock], about: About) -> Document:
    """Put the blocks of one article together.

    Raises:
        EmptyArticleError: if there is no paragraph among them. Of a retracted article nothing
            but the notice may be left.
    """
    blocks = [cleaned for block in raw if (cleaned := _canonical(block)).content.text]
    blocks = _with_title_heading(blocks, about.title)
    if all(block.level for block in blocks) and not about.metadata.retracted:
        raise EmptyArticleError("has headings but no text" if blocks else "has no text in it")
    joined, spans = _join(blocks)
    return Document(
        title=about.title or next((b.content.text for b in blocks if b.level == 1), None),
        text=joined.text,
        blocks=tuple(_block(block, span) for block, span in zip(blocks, spans, strict=True)),
        metadata=about.metadata,
        article_id=about.article_id,
        map=joined.map,
    )


def _canonical(block: RawBlock) -> RawBlock:
    line = canonicalize_block(block.content.text)
    return replace(block, content=Mapped(line.text, line.map.after(block.content.map)))


def _with_title_heading(blocks: list[RawBlock], title: str | None) -> list[RawBlock]:
    """The blocks, the first of them a heading of level 1 where it is the article's title."""
    if len(blocks) < 2 or blocks[0].level == 1:
        return blocks
    first, second = blocks[:2]
    if not (_same_words(first.content.text, title) or _opens_as_title(first, second, title)):
        return blocks
    return [replace(first, level=1), *blocks[1:]]


def _opens_as_title(first: RawBlock, second: RawBlock, title: str | None) -> bool:
    # A short line above the heading of level 1 is a rubric ("Opinion"); the heading is the title.
    if second.level == 1:
        return False
    if first.level:
        return title is None
    return first.alone and is_title_line(first.content.text)


def _same_words(text: str, title: str | None) -> bool:
    return title is not None and fold(text).text == fold(title).text


def _join(blocks: list[RawBlock]) -> tuple[Mapped, list[Span]]:
    builder = MappedBuilder()
    spans: list[Span] = []
    end_in_source = 0
    for block in blocks:
        in_source = block.content.map.to_source(Span.whole(block.content.text))
        if spans:
            builder.add(BETWEEN_BLOCKS, end_in_source, in_source.start)
        end_in_source = in_source.end
        spans.append(Span.whole(block.content.text).shifted(len(builder)))
        builder.extend(block.content)
    return builder.build(), spans


def _block(block: RawBlock, span: Span) -> Block:
    kind = BlockKind.HEADING if block.level else BlockKind.PARAGRAPH
    return Block(span, kind, block.level)
