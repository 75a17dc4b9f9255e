"""Keeping the corpus: making the index and telling how it stands."""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot import messages
from bot.collections import Collection
from bot.pace import Pace
from bot.versioning import held, let_go
from corpus.errors import CorpusError
from corpus.loader import listing, load_folder
from index.build import Builder, Progress
from index.errors import SearchIndexError
from index.manifest import Manifest
from index.work_cache import WorkCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.settings import Settings
    from index.build import Built
    from index.embedder import Embedder
    from index.versions import Versions

_SEEN = "articles-seen"
"""File in the folder of a collection: the last version made, and ``listing`` of its articles."""


def reindex(
    settings: Settings,
    embedder: Embedder,
    progress: Callable[[Progress], None] = lambda _: None,
    *,
    full: bool = False,
) -> Built:
    """Bring the index up to date with the folder of articles.

    Raises:
        CorpusError: if the folder cannot be read.
        SearchIndexError: if the index cannot be written. The version before stays in use.
    """
    collection = Collection.of(settings).required()
    articles, versions = collection.articles, collection.versions
    seen = listing(articles)  # before reading: what changes meanwhile is seen as changed
    with reading(collection) as kept:
        loaded = load_folder(articles, kept)
        kept.forget_unused()
    built = Builder(versions, embedder, progress).build(loaded, articles.absolute(), full=full)
    _remember(versions, built.manifest.version, seen)
    let_go(collection)
    Pace.read(collection.folder).after(built).write(collection.folder)
    return built


@contextmanager
def reading(collection: Collection) -> Iterator[WorkCache]:
    """What was read of the articles before, for those that are as they were."""
    folder = collection.folder / "vectors"
    folder.mkdir(parents=True, exist_ok=True)
    with closing(WorkCache(folder / "articles.db")) as kept:
        yield kept


def articles_changed(settings: Settings) -> str:
    """What to tell of the articles that are not as they were indexed; empty if they are.

    Compares the names, sizes and times of the files with those that the current version was made
    from. Nothing is read. A version that somebody went back to is not compared.
    """
    collection = Collection.of(settings)
    if version := held(collection):
        return messages.gone_back(version)
    try:
        seen = indexed_listing(collection)
        if not seen or seen == listing(collection.articles):
            return ""
    except CorpusError as error:
        return messages.articles_out_of_reach(str(error))
    return messages.articles_changed()


def indexed_listing(collection: Collection) -> str:
    """``corpus.loader.listing`` of what the current version was made from; empty if not known."""
    try:
        version, seen = (collection.folder / _SEEN).read_text("utf-8").split()
    except (OSError, ValueError):
        return ""
    return seen if version == collection.versions.current() else ""


def _remember(versions: Versions, version: str, seen: str) -> None:
    # Beside the version and not in it: files may be touched without their words changing.
    with suppress(OSError):  # it only serves to tell of changes
        (versions.folder / _SEEN).write_text(f"{version} {seen}\n", "utf-8")


def built_as_json(built: Built) -> dict[str, Any]:
    """What ``onrecord reindex --json`` prints."""
    return {
        "index_version": built.manifest.version,
        "changed": built.changed,
        **built.manifest.counts,
        "embedded": built.embedded,
        "reused": built.reused,
        "seconds": round(built.seconds, 3),
        "problems": [
            {"source": source, "reason": reason} for source, reason in built.manifest.problems
        ],
    }


@dataclass(frozen=True, slots=True)
class Status:
    """How the corpus and its index stand.

    Attributes:
        collection: its name.
        articles_folder: where the articles are.
        home: where everything else is.
        model: the model that is set.
        index_version: the version in use; ``None`` where there is none.
        manifest: what it holds; ``None`` where it cannot be read.
        versions: all that are kept, oldest first.
        whole: whether each of its files is as it was written.
        fault: what is wrong with it, empty if nothing is.
        changed: what to tell of articles that changed since, empty if none did.
        bytes_on_disk: of everything under ``home``.
    """

    collection: str
    articles_folder: Path
    home: Path
    model: str
    index_version: str | None
    manifest: Manifest | None
    versions: tuple[str, ...]
    whole: bool
    fault: str
    changed: str
    bytes_on_disk: int

    def as_json(self) -> dict[str, Any]:
        """What ``onrecord status --json`` prints."""
        manifest = self.manifest
        return {
            "collection": self.collection,
            "articles_folder": str(self.articles_folder),
            "home": str(self.home),
            "model": self.model,
            "index_version": self.index_version,
            "versions": list(self.versions),
            "whole": self.whole,
            "fault": self.fault,
            "articles_changed": bool(self.changed),
            "bytes_on_disk": self.bytes_on_disk,
            "articles": manifest.counts["articles"] if manifest else 0,
            "passages": manifest.counts["passages"] if manifest else 0,
            "sentences": manifest.counts["sentences"] if manifest else 0,
            "created": manifest.created if manifest else None,
            "index_bytes": manifest.size if manifest else 0,
            "indexed_folder": manifest.corpus_folder if manifest else None,
            "corpus_fingerprint": manifest.corpus_fingerprint if manifest else None,
            "recipe": asdict(manifest.recipe) if manifest else None,
            "problems": [
                {"source": source, "reason": reason}
                for source, reason in (manifest.problems if manifest else ())
            ],
            "retracted": [
                {"article_id": article_id, "title": title, "reason": reason}
                for article_id, title, reason in (manifest.retracted if manifest else ())
            ],
        }


def status(settings: Settings) -> Status:
    """How things stand. Reads and checks every file of the version in use; loads no model."""
    collection = Collection.of(settings).required()
    versions = collection.versions
    name = versions.current()
    manifest, fault = None, ""
    if name is not None:
        try:
            manifest = Manifest.read(versions.path(name))
            manifest.check(versions.path(name), thoroughly=True)
        except SearchIndexError as error:
            fault = str(error)
    return Status(
        collection=collection.name,
        articles_folder=collection.articles.absolute(),
        home=settings.home.absolute(),
        model=settings.model,
        index_version=name,
        manifest=manifest,
        versions=tuple(versions.names()),
        whole=manifest is not None and not fault,
        fault=fault,
        changed=articles_changed(settings),
        bytes_on_disk=_size(settings.home),
    )


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
