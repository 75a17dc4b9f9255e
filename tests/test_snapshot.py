"""A question is answered from one whole version, from its first step to its last."""

from __future__ import annotations

import gc
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from weakref import ref

import numpy as np
import pytest

from index.engines import embedded
from index.errors import DamagedIndexError, NoIndexError, StaleIndexError
from index.live import LiveIndex
from index.manifest import MANIFEST, Manifest, Recipe, inventory
from index.snapshot import Snapshot, open_current
from index.versions import KEPT, Versions
from tests.fakes import HashEmbedder
from tests.making import build, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECIPE = Recipe.of(HashEmbedder())


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    """Two versions, of two and of three articles."""
    build(tmp_path, numbered(2))
    build(tmp_path, numbered(3))
    return Versions(tmp_path)


def found(snapshot: Snapshot, number: int) -> str:
    """The text of what is found first for this number, read through every part of the version."""
    question = f"Which number stands in article {number}?"
    ranked = snapshot.searcher.search(question, HashEmbedder().embed_query(question), 1)
    assert (ranked.similarities > 0).all()
    engine = snapshot.searcher.engine
    assert engine.document_frequencies(["number"])[0] == engine.size
    return snapshot.article(engine.article_ids[ranked.candidates.articles[0]]).text


def is_held_by(snapshot: Snapshot, count: int) -> bool:
    """Whether it holds ``numbered(count)``, all of it."""
    texts = [found(snapshot, number) for number in range(count)]
    return texts == [one.text for one in numbered(count).library] and count == len(
        snapshot.store.ids
    )


def test_the_current_version_is_opened(versions: Versions) -> None:
    snapshot = open_current(versions, RECIPE)
    assert snapshot.manifest.version == versions.current()
    assert is_held_by(snapshot, 3)
    snapshot.close()


def test_where_nothing_was_indexed_the_error_says_how_to(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="run `onrecord reindex`"):
        open_current(Versions(tmp_path / "absent"), RECIPE)


def in_folder(path: Path, names: str) -> Path:
    return next(path.glob(names))


def remove(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


FILES = (
    "articles.db",
    "engine.json",
    "passages.bin",
    "sentences.bin",
    "tokens.bin",
    "sentence_vectors.bin",
    "vectors.faiss",
    "lexical/meta.json",
    "lexical/*.idx",
)


@pytest.mark.parametrize("fault", [remove, cut, flip])
@pytest.mark.parametrize("names", FILES)
def test_a_damaged_version_is_told_and_the_one_before_is_used(
    versions: Versions,
    caplog: pytest.LogCaptureFixture,
    names: str,
    fault: Callable[[Path], None],
) -> None:
    current = versions.usable()[0]
    damaged = in_folder(versions.path(current), names)
    fault(damaged)
    snapshot = open_current(versions, RECIPE)
    assert snapshot.manifest.version == versions.names()[0]
    assert is_held_by(snapshot, 2)
    assert f"index version {current} cannot be used: the index is damaged" in caplog.text
    assert damaged.name in caplog.text


@pytest.mark.parametrize("content", [None, "", "{", "null", '{"format": 2, "whole": true}'])
def test_without_its_manifest_a_version_is_not_used(
    versions: Versions, content: str | None
) -> None:
    path = versions.path(versions.usable()[0]) / MANIFEST
    path.unlink()
    if content is not None:
        path.write_text(content)
    assert is_held_by(open_current(versions, RECIPE), 2)


def alter(folder: Path, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a JSON file of a version so that its checksums hold."""
    data = json.loads((folder / name).read_text("utf-8"))
    change(data)
    (folder / name).write_text(json.dumps(data))
    if name != MANIFEST:
        files = {path: list(facts) for path, facts in inventory(folder).items()}
        alter(folder, MANIFEST, lambda manifest: manifest.update(files=files))


def test_a_version_of_another_format_is_not_used(
    versions: Versions, caplog: pytest.LogCaptureFixture
) -> None:
    folder = versions.path(versions.usable()[0])
    alter(folder, "engine.json", lambda about: about.update(format=embedded.FORMAT + 1))
    assert is_held_by(open_current(versions, RECIPE), 2)
    assert "another version of On Record" in caplog.text


def test_a_version_whose_vectors_have_another_length_is_not_used(versions: Versions) -> None:
    folder = versions.path(versions.usable()[0])
    alter(folder, "engine.json", lambda about: about.update(dimension=32))
    assert is_held_by(open_current(versions, RECIPE), 2)


@pytest.mark.parametrize("content", ["000009-abcdef01\n", "", "garbled", "../versions"])
def test_where_current_names_nothing_the_newest_version_is_used(
    versions: Versions, content: str
) -> None:
    (versions.folder / "CURRENT").write_text(content)
    assert is_held_by(open_current(versions, RECIPE), 3)


def test_where_no_version_is_whole_the_newest_ones_fault_is_told(versions: Versions) -> None:
    newest, oldest = versions.usable()
    cut(versions.path(newest) / "tokens.bin")
    remove(versions.path(oldest) / MANIFEST)
    with pytest.raises(DamagedIndexError, match=r"tokens\.bin.*run `onrecord reindex`"):
        open_current(versions, RECIPE)


@pytest.mark.parametrize("model", [HashEmbedder(salt="another"), HashEmbedder(32)])
def test_an_index_of_another_model_is_stale(versions: Versions, model: HashEmbedder) -> None:
    with pytest.raises(
        StaleIndexError, match=r"another model \((embedder|dimension).*onrecord reindex"
    ):
        open_current(versions, Recipe.of(model))
    assert is_held_by(open_current(versions), 3)


@pytest.mark.parametrize("part", ["analyzer", "chunking", "tokens", "format"])
def test_an_index_of_another_on_record_is_stale(versions: Versions, part: str) -> None:
    folder = versions.path(versions.usable()[0])
    alter(folder, MANIFEST, lambda manifest: manifest["recipe"].update({part: 0}))
    with pytest.raises(
        StaleIndexError, match=rf"another version of On Record \({part}: 0, now .*reindex"
    ):
        open_current(versions, RECIPE)


@pytest.fixture
def live(versions: Versions) -> LiveIndex:
    return LiveIndex(versions, RECIPE)


def test_a_version_is_opened_once_and_exchanged_when_another_is_published(
    versions: Versions, live: LiveIndex
) -> None:
    first = live.snapshot()
    assert live.snapshot() is first
    build(versions.folder, numbered(4))
    second = live.snapshot()
    assert second is not first
    assert live.snapshot() is second
    assert is_held_by(second, 4)
    assert is_held_by(first, 3)


@pytest.mark.skipif(os.name == "nt", reason="open files cannot be deleted there")
def test_a_question_keeps_its_version_even_when_that_was_deleted(
    versions: Versions, live: LiveIndex
) -> None:
    held = live.snapshot()
    for count in range(4, 4 + KEPT):
        build(versions.folder, numbered(count))
    assert held.manifest.version not in versions.names()
    assert not versions.path(held.manifest.version).exists()
    gc.collect()
    assert is_held_by(held, 3)
    assert is_held_by(live.snapshot(), 3 + KEPT)


def test_a_snapshot_goes_with_the_last_one_who_holds_it(
    versions: Versions, live: LiveIndex
) -> None:
    held = live.snapshot()
    store, engine = ref(held.store), ref(held.searcher.engine)
    build(versions.folder, numbered(4))
    gc.collect()
    gc.disable()
    try:
        live.snapshot()
        assert store() is held.store
        del held
        assert store() is None
        assert engine() is None
    finally:
        gc.enable()


def test_a_first_question_needs_an_index(tmp_path: Path) -> None:
    live = LiveIndex(Versions(tmp_path), RECIPE)
    with pytest.raises(NoIndexError):
        live.snapshot()
    build(tmp_path, numbered(1))
    assert is_held_by(live.snapshot(), 1)


def test_a_later_version_that_cannot_be_used_leaves_the_one_in_use(
    versions: Versions, live: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    held = live.snapshot()
    name = build(versions.folder, numbered(4), HashEmbedder(salt="another")).manifest.version
    assert live.snapshot() is held
    assert live.snapshot() is held
    assert caplog.text.count("staying with index version") == 1
    shutil.rmtree(versions.path(name))
    build(versions.folder, numbered(5))
    assert is_held_by(live.snapshot(), 5)


def test_a_damaged_later_version_leaves_the_one_before(versions: Versions, live: LiveIndex) -> None:
    live.snapshot()
    name = build(versions.folder, numbered(4)).manifest.version
    cut(versions.path(name) / "tokens.bin")
    assert is_held_by(live.snapshot(), 3)
    build(versions.folder, numbered(4))
    assert is_held_by(live.snapshot(), 4)


def test_an_index_that_was_deleted_goes_on_in_memory(versions: Versions, live: LiveIndex) -> None:
    held = live.snapshot()
    if os.name != "nt":
        shutil.rmtree(versions.folder)
        assert live.snapshot() is held
        assert is_held_by(live.snapshot(), 3)


def test_threads_ask_while_versions_are_exchanged(versions: Versions, live: LiveIndex) -> None:
    def ask(_: int) -> bool:
        snapshot = live.snapshot()
        return is_held_by(snapshot, snapshot.manifest.counts["articles"])

    with ThreadPoolExecutor(4) as pool:
        asked = pool.map(ask, range(40))
        for count in (4, 5, 6):
            build(versions.folder, numbered(count))
        assert all(asked)
    assert is_held_by(live.snapshot(), 6)


def test_a_closed_snapshot_cannot_be_asked(versions: Versions) -> None:
    snapshot = open_current(versions, RECIPE)
    assert isinstance(snapshot.manifest, Manifest)
    snapshot.close()
    with pytest.raises(DamagedIndexError, match="closed"):
        snapshot.article("a0000")
    with pytest.raises(AttributeError):
        snapshot.searcher.engine.fetch(np.array([0]))
