"""An article: one canonical text, its blocks, and what is known about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.span import Span


class BlockKind(StrEnum):
    """What a stretch of an article's text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading or paragraph (a list item and a quoted paragraph are paragraphs too).

    Attributes:
        span: its characters in the canonical text; blocks never overlap.
        kind: heading or paragraph.
        level: 1 to 6 for a heading, 0 for a paragraph.
    """

    span: Span
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the front matter says of an article; ``None`` where it says nothing."""

    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    retrieved: str | None = None
    language: str | None = None
    note: str | None = None
    status: str | None = None
    retraction_reason: str | None = None

    @property
    def retracted(self) -> bool:
        """Whether its publisher has taken the article back."""
        return (self.status or "").casefold() == "retracted"


@dataclass(frozen=True)
class Article:
    """A title, a canonical text with its blocks in reading order, and metadata.

    Attributes:
        id: stable name of the article in its corpus, from its file name or given with it.
        title: as given with the article; it need not stand in ``text``.
        text: canonical text, see ``corpus.text.canonicalize``.
        blocks: headings and paragraphs; all characters but the white space between them.
        source: where it was read from, for messages (a path relative to its folder).
    """

    id: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata = field(default_factory=Metadata)
    source: str = ""

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the canonical text in UTF-8, as 64 hexadecimal digits."""
        return hash_text(self.text)


def hash_text(text: str) -> str:
    """SHA-256 of ``text`` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
