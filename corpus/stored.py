"""An article as bytes, and back."""

from __future__ import annotations

import json
from dataclasses import asdict

from corpus.article import Article, Block, BlockKind, Metadata
from corpus.span import Span


def dump(article: Article) -> bytes:
    """All of ``article``."""
    blocks = [(one.span.start, one.span.end, one.kind, one.level) for one in article.blocks]
    facts = (article.id, article.title, article.text, blocks, asdict(article.metadata))
    return json.dumps((*facts, article.source)).encode()


def load(stored: bytes) -> Article:
    """The article that ``dump`` was given."""
    id_, title, text, blocks, metadata, source = json.loads(stored)
    spans = tuple(
        Block(Span(start, end), BlockKind(kind), level) for start, end, kind, level in blocks
    )
    return Article(id_, title, text, spans, Metadata(**metadata), source)
