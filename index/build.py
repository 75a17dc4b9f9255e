"""Making an index version: prepare, embed what is new, write aside, check, swap."""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from index import quote_build, store
from index.engines import embedded
from index.engines.embedded import Piece
from index.engines.lexical import joined_terms
from index.errors import DamagedIndexError, StorageError
from index.manifest import Manifest, Recipe, inventory
from index.packed import Packed, key_of_article, pack
from index.prepare import prepare
from index.quote_store import QUOTES, QuoteStore
from index.snapshot import ARTICLES, Snapshot
from index.vector_cache import VectorCache
from index.work_cache import WorkCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from corpus.article import Article
    from corpus.library import Library
    from corpus.loader import Loaded
    from corpus.quotes import Reading
    from index.embedder import Embedder, PassageVectors
    from index.prepare import Prepared
    from index.quote_build import QuoteText
    from index.versions import Versions

    _Packed = tuple[Article, Packed]

_BATCH = 256
"""Passages embedded and kept at once: some seconds of work, so a killed build loses no more."""
_READ = 200
"""Articles whose passages are looked up at once."""


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
    work: WorkCache
    name: str
    full: bool
    progress: Callable[[Progress], None]
    sentences: int = 0
    embedded: int = 0
    reused: int = 0
    embedding_seconds: float = 0.0

    def pieces(self) -> Iterator[Piece]:
        """The passages of each article with their vectors, in the order of the articles."""
        total = sum(len(article.text) for article in self.library)
        done = 0
        self.progress(Progress(0, total))
        for group in self._groups():
            vectors = self._vectors(group)
            for article, packed in group:
                self.sentences += len(packed.sentences)
                found = [vectors[key] for key in packed.keys]
                if found:
                    wholes = np.stack([one.whole for one in found])
                    parts = np.concatenate([one.parts for one in found])
                    yield Piece(article.id, article.content_hash, packed, wholes, parts)
                done += len(article.text)
            self.progress(Progress(done, total))

    def _groups(self) -> Iterator[list[_Packed]]:
        """The articles with their passages, so many at a time as have a batch of them."""
        articles = list(self.library)
        group: list[_Packed] = []
        for start in range(0, len(articles), _READ):
            some = articles[start : start + _READ]
            keys = {article.id: key_of_article(article) for article in some}
            known = self.work.get(keys.values())
            for article in some:
                group.append((article, self._packed(article, keys[article.id], known)))
                if sum(len(packed.keys) for _, packed in group) >= _BATCH:
                    yield group
                    group = []
        if group:
            yield group

    def _packed(self, article: Article, key: bytes, known: dict[bytes, bytes]) -> Packed:
        if key in known:
            return Packed.from_bytes(known[key])
        prepared = list(prepare(article))
        packed = pack(prepared, [joined_terms(one.text) for one in prepared])
        self.work.put(key, packed.to_bytes())
        return packed

    def _vectors(self, group: list[_Packed]) -> dict[bytes, PassageVectors]:
        keys = dict.fromkeys(key for _, packed in group for key in packed.keys)
        known = self._known(keys)
        new = [
            one
            for article, packed in group
            if not known.keys() >= set(packed.keys)
            for one in prepare(article)
        ]
        missing = {one.key: one for one in new if one.key not in known}
        self.reused += sum(len(packed.keys) for _, packed in group) - len(missing)
        self.embedded += len(missing)
        return known | self._embedded(missing.values())

    def quote_vectors(self, batch: Sequence[QuoteText]) -> dict[bytes, PassageVectors]:
        """The vectors of quotations, by their keys."""
        known = self._known(one.key for one in batch)
        missing = {one.key: one for one in batch if one.key not in known}
        return known | self._embedded(missing.values())

    def _known(self, keys: Iterable[bytes]) -> dict[bytes, PassageVectors]:
        return {} if self.full else self.cache.get(dict.fromkeys(keys), self.name)

    def _embedded(self, missing: Iterable[Prepared | QuoteText]) -> dict[bytes, PassageVectors]:
        """The vectors of texts by their keys, computed and kept."""
        found: dict[bytes, PassageVectors] = {}
        pending = iter(missing)
        while batch := list(islice(pending, _BATCH)):
            started = time.perf_counter()
            texts, parts = [one.text for one in batch], [one.parts for one in batch]
            vectors = self.embedder.embed_passages(texts, parts)
            self.embedding_seconds += time.perf_counter() - started
            keys = [one.key for one in batch]
            found |= self.cache.put(dict(zip(keys, vectors, strict=True)), self.name)
        return found


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
        with (
            closing(VectorCache(caches, recipe.embedder, recipe.dimension)) as cache,
            closing(WorkCache(caches / "passages.db")) as kept,
        ):
            work = _Work(loaded.library, self.embedder, cache, kept, name, full, self.progress)
            passages = embedded.write_pieces(stage, recipe.dimension, work.pieces())
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
            kept.forget_unused()
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
