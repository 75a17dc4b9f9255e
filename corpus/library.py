"""The immutable set of loaded articles."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.errors import DuplicateIdError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.article import Article


@dataclass(frozen=True)
class Library:
    """Articles in the order of their ids, each id once. Make one with ``Library.of``.

    Attributes:
        articles: the ones to answer from; only these are counted, found and gone through.
        retracted: those whose publisher has taken them back. They are known, so that it can be
            said, and nothing is answered from them.
    """

    articles: tuple[Article, ...]
    retracted: tuple[Article, ...] = ()

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Library:
        """A library of ``articles``, whatever their order.

        Raises:
            DuplicateIdError: if two of them have the same id.
        """
        ordered = tuple(sorted(articles, key=lambda article: article.id))
        for before, after in pairwise(ordered):
            if before.id == after.id:
                raise DuplicateIdError(after.id)
        return cls(
            tuple(article for article in ordered if not article.metadata.retracted),
            tuple(article for article in ordered if article.metadata.retracted),
        )

    def __len__(self) -> int:
        return len(self.articles)

    def __bool__(self) -> bool:
        # Without this an empty library would be falsy through __len__, a trap in `if library:`.
        return True

    def __iter__(self) -> Iterator[Article]:
        return iter(self.articles)

    def get(self, article_id: str) -> Article | None:
        """The article to answer from with that id, or ``None``."""
        return self._by_id.get(article_id)

    @cached_property
    def _by_id(self) -> dict[str, Article]:
        return {article.id: article for article in self.articles}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of all that an index or an answer is made from.

        Ids, content hashes, titles and metadata, and the blocks: a paragraph that becomes a
        heading changes passages without changing a character. Where files lie does not count.
        """
        digest = hashlib.sha256()
        for article in (*self.articles, *self.retracted):
            blocks = [(block.span.start, block.span.end, block.level) for block in article.blocks]
            facts = (article.id, article.content_hash, article.title, asdict(article.metadata))
            digest.update(json.dumps([*facts, blocks], sort_keys=True).encode() + b"\n")
        return digest.hexdigest()
