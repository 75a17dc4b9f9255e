"""One loaded index version: articles and search that belong together."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.engines.embedded import EmbeddedEngine
from index.errors import DamagedIndexError, NoIndexError
from index.manifest import Manifest
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

    @classmethod
    def open(cls, folder: Path) -> Snapshot:
        """Open the version in ``folder``.

        Raises:
            DamagedIndexError: if a file is missing, cut off or altered.
        """
        manifest = Manifest.read(folder)
        manifest.check(folder)
        return cls(manifest, ArticleStore(folder / ARTICLES), Searcher(EmbeddedEngine(folder)))

    def article(self, article_id: str) -> Article:
        """The article with this id, as it was indexed."""
        return self.store.get(article_id)

    def close(self) -> None:
        """Close its files."""
        self.searcher.engine.close()
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
            snapshot = Snapshot.open(versions.path(name))
        except DamagedIndexError as error:
            _log.error("index version %s cannot be used: %s", name, error)
            broken = broken or error
            continue
        if recipe is not None:
            snapshot.manifest.check_recipe(recipe)
        return snapshot
    if broken is not None:
        raise broken
    raise NoIndexError(versions.folder)
