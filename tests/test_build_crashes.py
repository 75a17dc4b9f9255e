"""Whatever happens to a builder, the running version stays complete and the next build succeeds."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from index.errors import BusyIndexError, NoIndexError, StorageError
from index.manifest import Recipe
from index.snapshot import Snapshot, open_current
from index.versions import Versions
from tests.building import BATCH
from tests.fakes import HashEmbedder
from tests.making import build, contents, numbered, start_building

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are killed by signals here")

STEPS = ("articles", "passages", "quotes", "manifest", "sync", "point", "name", "swap", "prune")
BEFORE, AFTER = 3, 8
"""Articles that the running version holds, and that the killed builder was to index."""


def kill_at(folder: Path, where: str) -> None:
    with start_building(folder, AFTER, "die", where) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, errors


def opened(folder: Path) -> Snapshot:
    """The version in use, every byte of it checked."""
    embedder = HashEmbedder()
    snapshot = open_current(Versions(folder), Recipe.of(embedder))
    snapshot.manifest.check(Versions(folder).path(snapshot.manifest.version), thoroughly=True)
    return snapshot


def finds(snapshot: Snapshot, number: int) -> bool:
    """Whether the article of this number is what is found when it is asked for."""
    question = f"Which number stands in article {number}?"
    ranked = snapshot.searcher.search(question, HashEmbedder().embed_query(question), 1)
    found = snapshot.searcher.engine.article_ids[ranked.candidates.articles[0]]
    return snapshot.article(found).id == f"a{number:04}"


def left_over(folder: Path) -> set[str]:
    names = {path.name for path in folder.iterdir()} | {
        path.name for path in (folder / "versions").iterdir()
    }
    return names & {".building", "CURRENT.next"}


@pytest.mark.parametrize("step", STEPS)
def test_a_builder_killed_at_any_step_leaves_a_complete_version_and_hinders_no_other(
    tmp_path: Path, step: str
) -> None:
    build(tmp_path, numbered(BEFORE))
    kill_at(tmp_path, step)
    count = AFTER if step == "prune" else BEFORE  # then the new version is in use already
    running = opened(tmp_path)
    assert running.manifest.counts["articles"] == count
    assert all(finds(running, number) for number in range(count))

    embedder = HashEmbedder()
    built = build(tmp_path, numbered(AFTER), embedder)
    assert built.manifest.counts["articles"] == AFTER
    assert left_over(tmp_path) == set()
    # No version stays that was never in use, and none is made twice.
    assert Versions(tmp_path).names() == ["000001-" + fingerprint(BEFORE), built.manifest.version]
    assert built.manifest.version == "000002-" + fingerprint(AFTER)
    assert finds(opened(tmp_path), AFTER - 1)
    # Up to "passages" nothing was embedded, from "manifest" on everything was.
    assert len(embedder.passages) == (AFTER - BEFORE if step in ("articles", "passages") else 0)


def fingerprint(count: int) -> str:
    return numbered(count).library.fingerprint[:8]


@pytest.mark.parametrize("batch", [1, 2, 4])
def test_vectors_that_a_killed_builder_computed_are_not_computed_again(
    tmp_path: Path, batch: int
) -> None:
    kill_at(tmp_path, str(batch))
    with pytest.raises(NoIndexError):
        open_current(Versions(tmp_path))
    built = build(tmp_path, numbered(AFTER))
    # The batch that it died with is lost.
    assert built.reused == (batch - 1) * BATCH
    assert built.embedded == AFTER - built.reused
    assert finds(opened(tmp_path), 0)


@pytest.mark.parametrize("step", STEPS)
def test_a_first_build_that_is_killed_leaves_no_index_and_hinders_no_second(
    tmp_path: Path, step: str
) -> None:
    kill_at(tmp_path, step)
    if step in ("swap", "prune"):  # then it is complete and has its name
        assert finds(opened(tmp_path), 1)
    else:
        with pytest.raises(NoIndexError, match="onrecord reindex"):
            open_current(Versions(tmp_path))
    built = build(tmp_path, numbered(AFTER))
    assert built.manifest.version == "000001-" + fingerprint(AFTER)
    assert left_over(tmp_path) == set()
    assert finds(opened(tmp_path), 1)


def test_a_swap_that_a_killed_builder_had_decided_needs_no_second_build(tmp_path: Path) -> None:
    kill_at(tmp_path, "swap")
    assert not build(tmp_path, numbered(AFTER)).changed


def test_a_killed_build_of_another_corpus_leaves_no_trace_in_the_next(tmp_path: Path) -> None:
    build(tmp_path, numbered(BEFORE))
    kill_at(tmp_path, "manifest")
    built = build(tmp_path, numbered(2, start=50))
    assert finds(opened(tmp_path), 50)
    assert built.manifest.counts["articles"] == 2


def test_a_second_builder_is_turned_away_until_the_first_is_done_or_dead(tmp_path: Path) -> None:
    build(tmp_path, numbered(BEFORE))
    with start_building(tmp_path, AFTER, "wait", "manifest") as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "waiting\n"
        with pytest.raises(BusyIndexError, match="another process is indexing"):
            build(tmp_path, numbered(AFTER))
        assert opened(tmp_path).manifest.counts["articles"] == BEFORE
        first.kill()
    assert build(tmp_path, numbered(AFTER)).changed
    assert finds(opened(tmp_path), AFTER - 1)


def test_a_builder_that_waited_finishes_what_it_began(tmp_path: Path) -> None:
    with start_building(tmp_path, AFTER, "wait", "sync") as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "waiting\n"
        _, errors = first.communicate("go on\n", timeout=60)
        assert first.returncode == 0, errors
    assert finds(opened(tmp_path), AFTER - 1)


@pytest.mark.parametrize("limit", [0, 2_000, 10_000])
def test_where_files_may_not_grow_the_error_says_so_and_the_old_version_stays(
    tmp_path: Path, limit: int
) -> None:
    build(tmp_path, numbered(BEFORE))
    before = contents(tmp_path / "versions")
    with start_building(tmp_path, 100, "limit", limit) as process:
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert re.fullmatch(r"cannot write to .*ONRECORD_HOME.*\n", output)
    assert contents(tmp_path / "versions") == before
    assert finds(opened(tmp_path), 1)
    assert build(tmp_path, numbered(100)).changed


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if not mount or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.parametrize("free", [0, 4, 8, 16, 32, 64, 128, 256, 512])
def test_a_full_disk_is_named_and_the_old_version_stays(tiny_disk: Path, free: int) -> None:
    home = tiny_disk / "home"
    build(home, numbered(BEFORE))
    before = contents(home / "versions")
    filler = tiny_disk / "filler"
    available = shutil.disk_usage(tiny_disk).free
    filler.write_bytes(bytes(max(0, available - free * 1024)))
    with pytest.raises(StorageError, match=r"the disk is full; free some space, or set ONRECORD"):
        build(home, numbered(400))
    assert contents(home / "versions") == before
    assert left_over(home) == set()
    assert finds(opened(home), 1)
    filler.unlink()
    assert build(home, numbered(400)).changed
    assert finds(opened(home), 399)


def test_a_read_only_disk_is_searched_but_not_written_to(tiny_disk: Path) -> None:
    build(tiny_disk, numbered(BEFORE))
    remount = ["mount", "-o", "remount,ro", str(tiny_disk)]
    if subprocess.run(remount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    assert finds(opened(tiny_disk), 1)
    with pytest.raises(StorageError, match=r"may not be written to.*ONRECORD_HOME"):
        build(tiny_disk, numbered(AFTER))
    assert finds(opened(tiny_disk), 2)


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_without_permission_is_searched_but_not_written_to(tmp_path: Path) -> None:
    home = tmp_path / "home"
    build(home, numbered(BEFORE))
    folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        assert finds(opened(home), 1)
        with pytest.raises(StorageError, match=r"may not be written to.*ONRECORD_HOME"):
            build(home, numbered(AFTER))
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_a_home_below_a_file_cannot_be_written_to_and_holds_no_index(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    home = tmp_path / "file" / "home"
    with pytest.raises(StorageError, match=r"cannot write to .*ONRECORD_HOME"):
        build(home, numbered(1))
    with pytest.raises(NoIndexError):
        open_current(Versions(home))
