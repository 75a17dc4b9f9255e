"""Versions on disk: whole or absent, one current, one writer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from index import versions as module
from index.errors import BusyIndexError, DamagedIndexError
from index.versions import Versions

if TYPE_CHECKING:
    from pathlib import Path

FINGERPRINT = "abcdef0123456789"


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "collection")


def publish(versions: Versions, content: str = "words") -> str:
    with versions.writing() as stage:
        (stage / "deep").mkdir()
        (stage / "deep" / "file").write_text(content)
        name = versions.next_name(FINGERPRINT)
        versions.publish(stage, name)
    return name


def test_a_folder_that_is_not_there_has_no_versions(versions: Versions) -> None:
    assert versions.names() == []
    assert versions.current() is None
    assert versions.usable() == []


def test_a_published_version_is_current_and_holds_what_was_staged(versions: Versions) -> None:
    name = publish(versions)
    assert name == "000001-abcdef01"
    assert versions.current() == name
    assert (versions.path(name) / "deep" / "file").read_text() == "words"


def test_names_sort_by_age_and_the_newest_is_tried_first(versions: Versions) -> None:
    names = [publish(versions) for _ in range(3)]
    assert versions.names() == sorted(names) == names
    assert versions.usable() == names[::-1]


def test_versions_after_the_current_one_are_not_fallen_back_to(versions: Versions) -> None:
    names = [publish(versions) for _ in range(3)]
    (versions.folder / "CURRENT").write_text(names[1])
    assert versions.usable() == [names[1], names[0]]


@pytest.mark.parametrize("content", [b"", b"\n", b"../../etc", b"\xff\xfe\x00", b"000001-abcdef0"])
def test_where_current_is_garbled_every_version_is_tried(
    versions: Versions, content: bytes
) -> None:
    names = [publish(versions) for _ in range(2)]
    (versions.folder / "CURRENT").write_bytes(content)
    assert versions.current() is None
    assert versions.usable() == names[::-1]


def test_where_current_names_nothing_the_versions_before_it_are_tried(versions: Versions) -> None:
    name = publish(versions)
    (versions.folder / "CURRENT").write_text("000009-abcdef01\n")
    assert versions.usable() == ["000009-abcdef01", name]


def test_where_current_cannot_be_read_the_error_names_it(versions: Versions) -> None:
    (versions.folder / "CURRENT").mkdir(parents=True)
    with pytest.raises(DamagedIndexError, match=r"CURRENT: it cannot be read \(.*reindex"):
        versions.current()


def test_a_home_below_a_file_has_no_versions(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert Versions(tmp_path / "file" / "collection").current() is None


def test_what_others_put_among_the_versions_is_left_alone(versions: Versions) -> None:
    name = publish(versions)
    for foreign in ("Thumbs.db", "copy of 000001-abcdef01", ".DS_Store"):
        (versions.folder / "versions" / foreign).write_text("")
    assert versions.names() == [name]
    assert versions.next_name(FINGERPRINT) == "000002-abcdef01"
    versions.prune(1)
    assert len(list((versions.folder / "versions").iterdir())) == 4


def test_the_staging_folder_is_empty_at_first_and_gone_at_last(versions: Versions) -> None:
    left_behind = versions.folder / "versions" / ".building" / "half"
    left_behind.mkdir(parents=True)
    with versions.writing() as stage:
        assert list(stage.iterdir()) == []
        (stage / "file").write_text("never published")
    assert not stage.exists()
    with pytest.raises(ZeroDivisionError), versions.writing() as stage:
        _ = 1 / 0
    assert not stage.exists()
    assert versions.names() == []


def test_there_is_one_writer_at_a_time(versions: Versions) -> None:
    with (
        versions.writing() as stage,
        pytest.raises(BusyIndexError, match="wait until it is done"),
        Versions(versions.folder).writing(),
    ):
        pass
    assert not stage.exists()
    with versions.writing() as stage:
        assert stage.is_dir()


def test_steps_are_told_in_the_order_they_are_taken(versions: Versions) -> None:
    steps: list[tuple[str, bool, bool]] = []
    with versions.writing() as stage:
        name = versions.next_name(FINGERPRINT)
        (stage / "file").write_text("")

        def step(what: str) -> None:
            aside = (versions.folder / "CURRENT.next").exists()
            steps.append((what, aside, versions.path(name).exists()))

        versions.publish(stage, name, step)
    # What may need room on the disk, the note beside CURRENT, comes before the version's name.
    assert steps == [
        ("sync", False, False),
        ("point", False, False),
        ("name", True, False),
        ("swap", True, True),
    ]
    assert not (versions.folder / "CURRENT.next").exists()


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be synced there")
def test_everything_is_on_the_disk_before_it_counts(
    versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[int] = set()
    really_sync = os.fsync

    def watching(handle: int) -> None:
        synced.add(os.fstat(handle).st_ino)
        really_sync(handle)

    monkeypatch.setattr(os, "fsync", watching)
    unsynced: dict[str, set[str]] = {}
    with versions.writing() as stage:
        name = versions.next_name(FINGERPRINT)
        (stage / "deep").mkdir()
        (stage / "deep" / "file").write_text("")

        def step(what: str) -> None:
            parts = {
                "name": [stage, *stage.rglob("*"), versions.folder / "CURRENT.next"],
                "swap": [versions.path(name).parent],
            }.get(what, [])
            unsynced[what] = {path.name for path in parts if path.stat().st_ino not in synced}

        versions.publish(stage, name, step)
    assert unsynced == {"sync": set(), "point": set(), "name": set(), "swap": set()}
    assert versions.folder.stat().st_ino in synced


def test_a_swap_that_was_decided_is_made_by_the_next_writer(versions: Versions) -> None:
    names = [publish(versions) for _ in range(2)]
    (versions.folder / "CURRENT").write_text(names[0])
    (versions.folder / "CURRENT.next").write_text(names[1])
    with versions.writing():
        assert versions.current() == names[1]
    assert not (versions.folder / "CURRENT.next").exists()


@pytest.mark.parametrize("content", ["", "000009-abcdef01", "0000"])
def test_a_swap_to_what_never_came_is_forgotten(versions: Versions, content: str) -> None:
    name = publish(versions)
    (versions.folder / "CURRENT.next").write_text(content)
    with versions.writing():
        assert versions.current() == name
    assert not (versions.folder / "CURRENT.next").exists()


def test_pruning_deletes_the_oldest_but_never_the_current(versions: Versions) -> None:
    names = [publish(versions) for _ in range(4)]
    (versions.folder / "CURRENT").write_text(names[0])
    versions.prune(2)
    assert versions.names() == [names[0], *names[2:]]
    versions.prune()
    assert versions.names() == [names[0], *names[2:]]


def test_folders_are_not_synced_where_they_cannot_be_opened(
    versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "os", _Windows())
    name = publish(versions)
    assert versions.current() == name


class _Windows:
    """What ``index.versions`` uses of ``os``, as on Windows: opening a folder fails there."""

    name = "nt"
    O_RDONLY, O_RDWR = os.O_RDONLY, os.O_RDWR
    fsync, close = staticmethod(os.fsync), staticmethod(os.close)

    @staticmethod
    def open(path: Path, flags: int) -> int:
        if path.is_dir():
            raise PermissionError(13, "Permission denied")
        return os.open(path, flags)
