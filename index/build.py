"""Making an index version: prepare, embed what is new, write aside, check, swap."""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from index import quote_build, store
from index.engines import embedded
from index.errors import DamagedIndexError, StorageError
from index.manifest import Manifest, Recipe, inventory
from index.prepare import prepare
from index.quote_store import QUOTES, QuoteStore
from index.snapshot import ARTICLES, Snapshot
from index.vector_cache import VectorCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from corpus.library import Library
    from corpus.loader import Loaded
    from corpus.quotes import Reading
    from index.embedder import Embedder, PassageVectors
    from index.engine import IndexedPassage
    from index.prepare import Prepared
    from index.quote_build import QuoteText
    from index.versions import Versions

_BATCH = 256
"""Passages embedded and kept at once: some seconds of work, so a killed build loses no more."""


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is.

    Attributes:
        done: characters of articles whose passages are finished.
        total: characters of all articles.
    """

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Attributes:
        manifest: of the version that is current now.
        changed: whether that version is new; otherwise the one before had it all.
        embedded: passages whose vectors were computed.
        reused: passages whose vectors were known.
        seconds: how long it took.
        embedding_seconds: how much of that went into computing vectors.
    """

    manifest: Manifest
    changed: bool
    embedded: int
    reused: int
    seconds: float
    embedding_seconds: float = 0.0


@dataclass(slots=True)
class _Work:
    """The passages of one build on their way into the index, and what is counted as they pass."""

    library: Library
    embedder: Embedder
    cache: VectorCache
    name: str
    full: bool
    progress: Callable[[Progress], None]
    sentences: int = 0
    embedded: int = 0
    reused: int = 0
    embedding_seconds: float = 0.0
    _done: int = field(default=0, init=False)

    def passages(self) -> Iterator[IndexedPassage]:
        """Each passage with its vectors, in the order of the articles."""
        total = sum(len(article.text) for article in self.library)
        prepared = (one for article in self.library for one in prepare(article))
        self.progress(Progress(0, total))
        while batch := list(islice(prepared, _BATCH)):
            vectors = self._vectors(batch)
            for one in batch:
                self.sentences += len(one.passage.sentences)
                yield one.indexed(vectors[one.key])
            self._done += sum(len(one.passage.span) for one in batch)
            self.progress(Progress(min(self._done, total), total))
        self.progress(Progress(total, total))

    def _vectors(self, batch: list[Prepared]) -> dict[bytes, PassageVectors]:
        found, new = self._embed(batch)
        self.reused += len(batch) - new
        self.embedded += new
        return found

    def quote_vectors(self, batch: Sequence[QuoteText]) -> dict[bytes, PassageVectors]:
        """The vectors of quotations, by their keys."""
        return self._embed(batch)[0]

    def _embed(
        self, batch: Sequence[Prepared | QuoteText]
    ) -> tuple[dict[bytes, PassageVectors], int]:
        """The vectors of ``batch`` by key, and how many of them were computed."""
        keys = dict.fromkeys(one.key for one in batch)
        known = {} if self.full else self.cache.get(keys, self.name)
        new = {one.key: one for one in batch if one.key not in known}
        texts = [one.text for one in new.values()]
        started = time.perf_counter()
        found = self.embedder.embed_passages(texts, [one.parts for one in new.values()])
        self.embedding_seconds += time.perf_counter() - started
        computed = self.cache.put(dict(zip(new, found, strict=True)), self.name)
        return known | computed, len(new)


@dataclass(frozen=True, slots=True)
class Builder:
    """Brings the index of one collection up to date with its articles.

    Attributes:
        versions: the versions of the collection.
        embedder: the model.
        progress: called now and then while embedding.
        step: told of each step before it is taken; the crash tests end the process there.
    """

    versions: Versions
    embedder: Embedder
    progress: Callable[[Progress], None] = lambda _: None
    step: Callable[[str], None] = lambda _: None

    def build(self, loaded: Loaded, folder: Path, *, full: bool = False) -> Built:
        """Index ``loaded``, which was read from ``folder``, unless the current version has it.

        Args:
            loaded: the articles and the files that could not be read.
            folder: named in the manifest.
            full: compute every vector and write a new version, even if nothing changed.

        Raises:
            BusyIndexError: if another process is building.
            StorageError: if the version cannot be written. The one before stays current.
        """
        started = time.perf_counter()
        # Twice, for the reason of an error is looked for while what was written takes up room.
        with self._storing(), self.versions.writing() as stage, self._storing():
            manifest = None if full else self._unchanged(loaded)
            if manifest is not None:
                return Built(manifest, False, 0, 0, time.perf_counter() - started)
            work, manifest = self._write(stage, loaded, folder, full=full)
        seconds = time.perf_counter() - started
        return Built(manifest, True, work.embedded, work.reused, seconds, work.embedding_seconds)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.OperationalError) as error:
            raise StorageError(self.versions.folder, error) from error

    def _unchanged(self, loaded: Loaded) -> Manifest | None:
        """The manifest of the current version if it is whole and a new one would be its equal."""
        try:
            name = self.versions.current()
            if name is None:
                return None
            manifest = Manifest.read(self.versions.path(name))
            manifest.check(self.versions.path(name), thoroughly=True)
        except DamagedIndexError:
            return None
        wanted = (Recipe.of(self.embedder), loaded.library.fingerprint, _problems(loaded))
        held = (manifest.recipe, manifest.corpus_fingerprint, manifest.problems)
        return manifest if held == wanted else None

    def _write(
        self, stage: Path, loaded: Loaded, folder: Path, *, full: bool
    ) -> tuple[_Work, Manifest]:
        name = self.versions.next_name(loaded.library.fingerprint)
        recipe = Recipe.of(self.embedder)
        self.step("articles")
        store.write(stage / ARTICLES, loaded.library)
        self.step("passages")
        caches = self.versions.folder / "vectors"
        with closing(VectorCache(caches, recipe.embedder, recipe.dimension)) as cache:
            work = _Work(loaded.library, self.embedder, cache, name, full, self.progress)
            passages = embedded.write(stage, recipe.dimension, work.passages())
            self.step("quotes")
            quotes = quote_build.write(
                stage, loaded.library, self._readings, recipe.dimension, work.quote_vectors
            )
            self.step("manifest")
            counts = {
                "articles": len(loaded.library),
                "passages": passages,
                "sentences": work.sentences,
                **quotes,
            }
            manifest = Manifest(
                version=name,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                recipe=recipe,
                corpus_folder=str(folder),
                corpus_fingerprint=loaded.library.fingerprint,
                counts=counts,
                problems=_problems(loaded),
                files=inventory(stage),
                retracted=_retracted(loaded.library),
            )
            manifest.write(stage)
            self._prove(stage)
            self.versions.publish(stage, name, self.step)
            self.step("prune")
            self._prune(cache)
        return work, manifest

    def _readings(self, keys: Sequence[bytes]) -> dict[bytes, Reading]:
        """What the versions before have read of articles that are as they were, by key."""
        found: dict[bytes, Reading] = {}
        for name in self.versions.usable():
            missing = [key for key in keys if key not in found]
            if missing:
                with suppress(DamagedIndexError):
                    store = QuoteStore(self.versions.path(name) / QUOTES)
                    with closing(store):
                        found |= store.readings(missing)
        return found

    def _prove(self, stage: Path) -> None:
        """Make sure that what was written reads back; not every library says that a disk is full.

        Closed again, for Windows renames no folder whose files are open.
        """
        try:
            Snapshot.open(stage).close()
        except DamagedIndexError as error:
            raise StorageError(self.versions.folder, error) from error

    def _prune(self, cache: VectorCache) -> None:
        """Drop what no version needs. The new one is in use already, so a failure is no failure."""
        try:
            self.versions.prune()
            cache.forget(self.versions.names())
        except (OSError, sqlite3.Error) as error:
            _log.warning("old versions could not be removed: %s", error)


def _retracted(library: Library) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (article.id, article.title, article.metadata.retraction_reason or "")
        for article in library.retracted
    )


def _problems(loaded: Loaded) -> tuple[tuple[str, str], ...]:
    return tuple((problem.source, problem.reason) for problem in loaded.problems)
