"""A build brings the index up to date, embeds what is new and nothing else."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.loader import Problem, load_folder
from index import build as module
from index import manifest as manifest_module
from index.build import Builder, Progress
from index.errors import StorageError
from index.manifest import Manifest, Recipe
from index.snapshot import Snapshot
from index.vector_cache import VectorCache
from index.versions import KEPT, Versions
from tests.fakes import HashEmbedder
from tests.making import BIRDS, FILMS, FOLDER, article, build, contents, loaded, numbered, small

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.article import Article
    from index.build import Built


def opened(folder: Path) -> Snapshot:
    versions = Versions(folder)
    name = versions.current()
    assert name is not None
    return Snapshot.open(versions.path(name))


def test_a_first_build_embeds_every_passage_and_describes_what_it_made(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    problem = Problem("broken.md", "is not in UTF-8")
    corpus = replace(small(), problems=(problem,))
    built = build(tmp_path, corpus, embedder)
    assert built.changed
    assert (built.embedded, built.reused) == (2, 0)
    assert built.seconds > 0
    manifest = built.manifest
    assert manifest == opened(tmp_path).manifest
    assert manifest.version == Versions(tmp_path).current()
    assert manifest.recipe == Recipe.of(embedder)
    assert manifest.corpus_folder == str(FOLDER)
    assert manifest.corpus_fingerprint == corpus.library.fingerprint
    assert manifest.counts == {
        "articles": 2,
        "passages": 2,
        "sentences": 5,
        "quotes": 0,
        "speakers": 0,
    }
    assert manifest.problems == (("broken.md", "is not in UTF-8"),)
    assert embedder.passages[1] == "On set\n" + "\n\n".join(FILMS)


def test_the_index_holds_the_articles_as_they_were_read(tmp_path: Path) -> None:
    corpus = small()
    build(tmp_path, corpus)
    snapshot = opened(tmp_path)
    assert snapshot.store.ids == ("birds", "films")
    assert [snapshot.article(id_) for id_ in snapshot.store.ids] == list(corpus.library)
    engine = snapshot.searcher.engine
    assert engine.article_ids == ("birds", "films")
    assert engine.content_hashes == tuple(one.content_hash for one in corpus.library)


def test_an_unchanged_corpus_makes_no_new_version(tmp_path: Path) -> None:
    first = build(tmp_path, small())
    before = contents(tmp_path)
    embedder = HashEmbedder()
    again = build(tmp_path, small(), embedder)
    assert not again.changed
    assert again.manifest == first.manifest
    assert (again.embedded, again.reused) == (0, 0)
    assert embedder.passage_calls == 0
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "paragraphs",
    [("Storks nest on roofs.",), (BIRDS[0], "They return in April."), (f"# {BIRDS[0]}", *BIRDS)],
)
def test_only_changed_passages_are_embedded(tmp_path: Path, paragraphs: tuple[str, ...]) -> None:
    build(tmp_path, small())
    embedder = HashEmbedder()
    films = article("films", *FILMS, title="On set")
    built = build(tmp_path, loaded(films, article("birds", *paragraphs)), embedder)
    assert built.changed
    assert (built.embedded, built.reused) == (1, 1)
    assert len(embedder.passages) == 1
    assert paragraphs[-1] in embedder.passages[0]


@pytest.mark.parametrize(
    "changed",
    [
        article("films", *FILMS, title="On set", url="https://example.org"),
        article("renamed", *FILMS, title="On set"),
    ],
)
def test_what_changes_no_passage_makes_a_version_and_embeds_nothing(
    tmp_path: Path, changed: Article
) -> None:
    build(tmp_path, small())
    built = build(tmp_path, loaded(article("birds", *BIRDS), changed))
    assert built.changed
    assert (built.embedded, built.reused) == (0, 2)
    assert opened(tmp_path).article(changed.id) == changed


def test_a_new_title_is_embedded_with_its_passages(tmp_path: Path) -> None:
    build(tmp_path, small())
    retitled = article("films", *FILMS, title="Off set")
    assert build(tmp_path, loaded(article("birds", *BIRDS), retitled)).embedded == 1


def test_another_fault_in_the_folder_makes_a_version_that_tells_it(tmp_path: Path) -> None:
    build(tmp_path, small())
    faulty = replace(small(), problems=(Problem("broken.md", "is empty"),))
    built = build(tmp_path, faulty)
    assert built.changed
    assert built.manifest.problems == (("broken.md", "is empty"),)
    assert not build(tmp_path, faulty).changed


def test_a_removed_article_is_gone(tmp_path: Path) -> None:
    build(tmp_path, small())
    build(tmp_path, loaded(article("birds", *BIRDS)))
    snapshot = opened(tmp_path)
    assert snapshot.store.ids == snapshot.searcher.engine.article_ids == ("birds",)


def test_a_full_build_embeds_all_and_makes_a_version(tmp_path: Path) -> None:
    first = build(tmp_path, small())
    embedder = HashEmbedder()
    built = build(tmp_path, small(), embedder, full=True)
    assert built.changed
    assert (built.embedded, built.reused) == (2, 0)
    assert len(embedder.passages) == 2
    assert built.manifest.version > first.manifest.version
    assert columns_of(tmp_path, built) == columns_of(tmp_path, first)


def test_an_index_is_the_same_whether_vectors_were_computed_or_found(tmp_path: Path) -> None:
    fresh = build(tmp_path / "fresh", numbered(20))
    build(tmp_path / "grown", numbered(9, start=7))
    grown = build(tmp_path / "grown", numbered(20))
    assert (grown.embedded, grown.reused) == (11, 9)
    assert columns_of(tmp_path / "grown", grown) == columns_of(tmp_path / "fresh", fresh)


def columns_of(folder: Path, built: Built) -> dict[str, bytes]:
    """The files of a version that hold vectors and words; tantivy names its own at random."""
    files = contents(Versions(folder).path(built.manifest.version))
    kept = {name: files[name] for name in files if name.endswith((".bin", ".faiss"))}
    assert len(kept) == 7
    return kept


def test_passages_of_equal_text_are_embedded_once(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    built = build(tmp_path, loaded(article("a", *BIRDS), article("b", *BIRDS)), embedder)
    assert len(embedder.passages) == 1
    assert (built.embedded, built.reused) == (1, 1)
    assert built.manifest.counts["passages"] == 2
    vectors = opened(tmp_path).searcher.engine.fetch(np.array([0, 1])).vectors
    assert np.array_equal(vectors[:2], vectors[2:])


def test_another_model_embeds_all_again(tmp_path: Path) -> None:
    build(tmp_path, small())
    built = build(tmp_path, small(), HashEmbedder(salt="another"))
    assert built.changed
    assert built.embedded == 2


def test_a_corpus_of_no_articles_is_indexed(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    built = build(tmp_path, loaded(), embedder)
    assert built.manifest.counts == dict.fromkeys(
        ("articles", "passages", "sentences", "quotes", "speakers"), 0
    )
    snapshot = opened(tmp_path)
    ranked = snapshot.searcher.search("anything?", embedder.embed_query("anything?"))
    assert len(ranked.candidates.rows) == len(ranked.scores) == len(ranked.similarities) == 0
    assert not build(tmp_path, loaded()).changed
    assert build(tmp_path, small()).embedded == 2
    assert build(tmp_path, loaded()).changed


def test_a_folder_of_files_is_indexed_from_end_to_end(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "set.md").write_text("# On set\n\nThe *director* spoke.\n", "utf-8")
    (folder / "empty.md").write_text("")
    built = build(tmp_path / "home", load_folder(folder))
    assert built.manifest.counts == {
        "articles": 1,
        "passages": 1,
        "sentences": 1,
        "quotes": 0,
        "speakers": 0,
    }
    assert [name for name, _ in built.manifest.problems] == ["empty.md"]


def test_progress_counts_characters_and_ends_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BATCH", 2)
    told: list[Progress] = []
    corpus = numbered(5)
    Builder(Versions(tmp_path), HashEmbedder(), told.append).build(corpus, FOLDER)
    total = sum(len(one.text) for one in corpus.library)
    assert {one.total for one in told} == {total}
    done = [one.done for one in told]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, total)
    assert len(told) == 4


@pytest.mark.parametrize("checked_when_opened", [0, 1 << 30])
def test_a_damaged_current_version_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checked_when_opened: int
) -> None:
    # However large it is: what is not read through when it is opened is when it is built upon.
    monkeypatch.setattr(manifest_module, "_CHECKED_AT_ONCE", checked_when_opened)
    first = build(tmp_path, small())
    path = Versions(tmp_path).path(first.manifest.version) / "sentences.bin"
    path.write_bytes(bytes(path.stat().st_size))
    built = build(tmp_path, small())
    assert built.changed
    assert (built.embedded, built.reused) == (0, 2)
    assert opened(tmp_path).manifest == built.manifest


@pytest.mark.parametrize("content", [None, "", "000009-abcdef01", "garbled"])
def test_where_current_names_nothing_an_index_is_made(tmp_path: Path, content: str | None) -> None:
    build(tmp_path, small())
    (tmp_path / "CURRENT").unlink()
    if content is not None:
        (tmp_path / "CURRENT").write_text(content)
    built = build(tmp_path, small())
    assert built.changed
    assert opened(tmp_path).manifest == built.manifest


def test_only_the_last_versions_and_what_they_use_are_kept(tmp_path: Path) -> None:
    names = [
        build(tmp_path, numbered(1, start=start)).manifest.version for start in range(KEPT + 2)
    ]
    assert Versions(tmp_path).names() == names[2:]
    assert build(tmp_path, numbered(1, start=2)).reused == 1
    assert build(tmp_path, numbered(1, start=0)).reused == 0


def test_a_library_that_does_not_tell_of_a_failure_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(tmp_path, small())

    def cut_off(step: str) -> None:
        if step == "manifest":
            path = tmp_path / "versions" / ".building" / "vectors.faiss"
            path.write_bytes(path.read_bytes()[:40])

    builder = Builder(Versions(tmp_path), HashEmbedder(), step=cut_off)
    with pytest.raises(StorageError, match=r"cannot write to .*vectors\.faiss.*ONRECORD_HOME"):
        builder.build(numbered(3), FOLDER)
    assert Versions(tmp_path).names() == [first.manifest.version]
    assert opened(tmp_path).manifest == first.manifest


@pytest.mark.parametrize("error", [OSError("I/O error"), sqlite3.OperationalError("disk is full")])
def test_a_version_in_use_is_no_failure_where_old_ones_cannot_be_removed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    def fail(self: VectorCache, kept: object) -> None:
        raise error

    monkeypatch.setattr(VectorCache, "forget", fail)
    with caplog.at_level(logging.WARNING):
        built = build(tmp_path, small())
    assert built.changed
    assert "could not be removed" in caplog.text
    assert opened(tmp_path).manifest == built.manifest


def test_a_model_that_fails_is_not_taken_for_a_disk_that_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: HashEmbedder, texts: object, parts: object) -> None:
        raise ValueError("the model gave nonsense")

    monkeypatch.setattr(HashEmbedder, "embed_passages", fail)
    with pytest.raises(ValueError, match="nonsense"):
        build(tmp_path, small())
    assert Versions(tmp_path).names() == []


def test_what_a_step_raises_leaves_the_version_before(tmp_path: Path) -> None:
    first = build(tmp_path, small())
    before = contents(tmp_path / "versions")
    for at in ("articles", "passages", "manifest", "sync", "point", "name"):

        def stop(step: str, at: str = at) -> None:
            if step == at:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            Builder(Versions(tmp_path), HashEmbedder(), step=stop).build(numbered(3), FOLDER)
        assert contents(tmp_path / "versions") == before
        assert Manifest.read(Versions(tmp_path).path(first.manifest.version)) == first.manifest
    assert build(tmp_path, numbered(3)).changed
