"""One loaded index version: articles and search that belong together."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.engines.embedded import EmbeddedEngine
from index.errors import DamagedIndexError, NoIndexError
from index.manifest import Manifest
from index.quote_index import QuoteIndex
from index.search import Searcher
from index.store import ArticleStore

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.article import Article
    from index.manifest import Recipe
    from index.versions import Versions

ARTICLES = "articles.db"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version of the index, open and unchanging. A question keeps the one it started with."""

    manifest: Manifest
    store: ArticleStore
    searcher: Searcher
    quotes: QuoteIndex

    @classmethod
    def open(cls, folder: Path, recipe: Recipe | None = None) -> Snapshot:
        """Open the version in ``folder``.

        Args:
            folder: of the version.
            recipe: what it must have been made with; not compared where ``None``.

        Raises:
            DamagedIndexError: if a file is missing, cut off or altered.
            StaleIndexError: if it was made with other settings.
        """
        manifest = Manifest.read(folder)
        manifest.check(folder)
        if recipe is not None:  # before files are opened that another recipe does not write
            manifest.check_recipe(recipe)
        store, searcher = ArticleStore(folder / ARTICLES), Searcher(EmbeddedEngine(folder))
        return cls(manifest, store, searcher, QuoteIndex(folder))

    def article(self, article_id: str) -> Article:
        """The article with this id, as it was indexed."""
        return self.store.get(article_id)

    def close(self) -> None:
        """Close its files."""
        self.searcher.engine.close()
        self.quotes.close()
        self.store.close()


def open_current(versions: Versions, recipe: Recipe | None = None) -> Snapshot:
    """Open the current version, or the newest one before it that is whole.

    Args:
        versions: where to look.
        recipe: what the version must have been made with; not compared where ``None``.

    Raises:
        NoIndexError: if there is no version yet.
        DamagedIndexError: if none is whole.
        StaleIndexError: if the current one was made with other settings.
    """
    broken: DamagedIndexError | None = None
    for name in versions.usable():
        try:
            return Snapshot.open(versions.path(name), recipe)
        except DamagedIndexError as error:
            _log.error("index version %s cannot be used: %s", name, error)
            broken = broken or error
    if broken is not None:
        raise broken
    raise NoIndexError(versions.folder)
