"""The listing of a folder changes with what may change its articles, and with nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from corpus.errors import FolderError
from corpus.loader import listing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    (made / "sub").mkdir(parents=True)
    (made / "a.md").write_text("One.\n")
    (made / "sub" / "b.txt").write_text("Two.\n")
    return made


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "c.md").write_text("Three.\n"),
        lambda folder: (folder / "a.md").unlink(),
        lambda folder: (folder / "a.md").rename(folder / "z.md"),
        lambda folder: (folder / "a.md").write_text("Other.\n"),
        lambda folder: os.utime(folder / "sub" / "b.txt", (5, 5)),
        lambda folder: (folder / "gone.md").symlink_to(folder / "nowhere.md"),
        lambda folder: (folder / "out.md").symlink_to(folder.parent / "elsewhere.md"),
    ],
    ids=["added", "removed", "renamed", "rewritten", "touched", "dangling", "linked-outside"],
)
def test_a_listing_changes_with_the_files(folder: Path, change: Callable[[Path], object]) -> None:
    before = listing(folder)
    assert listing(folder) == before
    change(folder)
    assert listing(folder) != before


def test_a_listing_is_the_same_whatever_lies_beside_the_articles(folder: Path) -> None:
    before = listing(folder)
    (folder / ".hidden.md").write_text("x")
    (folder / "picture.png").write_bytes(b"x")
    assert listing(folder) == before


def test_the_same_files_elsewhere_are_another_listing(folder: Path) -> None:
    before = listing(folder)
    assert listing(folder.rename(folder.with_name("moved"))) != before


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="does not exist"):
        listing(tmp_path / "absent")
