"""A version's manifest: what it was made from, and the proof that it is whole."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest

from corpus.passages import CHUNKING
from index import manifest as module
from index.errors import DamagedIndexError, StaleIndexError
from index.manifest import MANIFEST, Manifest, Recipe, digest_of, inventory
from index.terms import ANALYZER
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from pathlib import Path

RECIPE = Recipe.of(HashEmbedder())


@pytest.fixture
def written(tmp_path: Path) -> Manifest:
    """The manifest of ``tmp_path``, which holds two files and it."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"some words")
    (tmp_path / "empty").write_bytes(b"")
    manifest = Manifest(
        version="000001-abcdef01",
        created="2026-01-01T00:00:00+00:00",
        recipe=RECIPE,
        corpus_folder="/articles",
        corpus_fingerprint="ab" * 32,
        counts={"articles": 1, "passages": 2, "sentences": 3},
        problems=(("naïve.md", "is not in UTF-8"),),
        files=inventory(tmp_path),
    )
    manifest.write(tmp_path)
    return manifest


def test_what_is_written_is_read(tmp_path: Path, written: Manifest) -> None:
    assert Manifest.read(tmp_path) == written


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_folder_may_have_a_name_that_is_no_utf_8(tmp_path: Path, written: Manifest) -> None:
    renamed = replace(written, corpus_folder=os.fsdecode(b"/articles/\xff"))
    renamed.write(tmp_path)
    assert Manifest.read(tmp_path) == renamed


def test_the_inventory_holds_every_file_but_the_manifest(tmp_path: Path, written: Manifest) -> None:
    assert set(written.files) == {"deep/file", "empty"}
    assert inventory(tmp_path) == written.files
    assert written.files["deep/file"] == (10, digest_of(tmp_path / "deep" / "file"))
    assert written.size == 10


def test_a_whole_version_passes(tmp_path: Path, written: Manifest) -> None:
    written.check(tmp_path)
    written.check(tmp_path, thoroughly=True)


@pytest.mark.parametrize("content", [None, b"", b"some word", b"some words."])
def test_a_file_that_is_missing_or_of_another_size_is_named(
    tmp_path: Path, written: Manifest, content: bytes | None
) -> None:
    path = tmp_path / "deep" / "file"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedIndexError, match=r"deep.file: it is missing or cut off; run"):
        written.check(tmp_path)


def test_a_changed_byte_is_found(tmp_path: Path, written: Manifest) -> None:
    (tmp_path / "deep" / "file").write_bytes(b"some wards")
    with pytest.raises(DamagedIndexError, match=r"deep.file: its content was changed; run"):
        written.check(tmp_path)


def test_a_large_index_is_read_through_only_where_that_is_asked_for(
    tmp_path: Path, written: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHECKED_AT_ONCE", written.size - 1)
    (tmp_path / "deep" / "file").write_bytes(b"some wards")
    written.check(tmp_path)
    with pytest.raises(DamagedIndexError):
        written.check(tmp_path, thoroughly=True)


def test_a_file_that_the_disk_cannot_read_is_named(
    tmp_path: Path, written: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> str:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr(module, "digest_of", broken)
    with pytest.raises(DamagedIndexError, match=r"deep.file: it cannot be read \(Input"):
        written.check(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00",
        b"null",
        b"[]",
        b'"words"',
        b"7",
        b"{}",
        b'{"recipe": null}',
        b'{"recipe": {}}',
        b'{"version": "1"',
    ],
)
def test_what_is_no_manifest_is_damage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(DamagedIndexError, match=r"manifest cannot be read; run `onrecord reindex"):
        Manifest.read(tmp_path)


def changed(data: dict[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    *above, last = path
    inner = data
    for key in above:
        inner = inner[key]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("recipe",), []),
        (("recipe", "format"), None),
        (("recipe", "invented later"), "x"),
        (("files",), ["deep/file"]),
        (("files", "deep/file"), 10),
        (("files", "deep/file"), ["ten", "digest"]),
        (("problems",), [["only a name"]]),
        (("counts",), None),
        (("invented later",), "x"),
    ],
)
def test_a_manifest_of_another_form_is_damage(
    tmp_path: Path, written: Manifest, path: tuple[str, ...], value: object
) -> None:
    data = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    (tmp_path / MANIFEST).write_text(json.dumps(changed(data, path, value)))
    with pytest.raises(DamagedIndexError, match="manifest cannot be read"):
        Manifest.read(tmp_path)


def test_a_folder_without_a_manifest_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndexError, match="manifest cannot be read"):
        Manifest.read(tmp_path)


def test_the_recipe_names_all_that_decides_what_an_index_holds() -> None:
    embedder = HashEmbedder(32)
    recipe = Recipe.of(embedder)
    assert (recipe.model, recipe.embedder) == (embedder.name, embedder.fingerprint)
    assert (recipe.dimension, recipe.chunking, recipe.analyzer) == (32, CHUNKING, ANALYZER)


@pytest.mark.parametrize("name", [field.name for field in fields(Recipe)])
def test_a_version_of_another_recipe_is_stale_and_says_why(written: Manifest, name: str) -> None:
    written.check_recipe(RECIPE)
    changes: dict[str, Any] = {name: "another"}
    wanted = replace(RECIPE, **changes)
    with pytest.raises(
        StaleIndexError, match=rf"another .*\({name}: .*now another\); run `onrecord"
    ):
        written.check_recipe(wanted)
