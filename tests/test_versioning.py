"""Going back to an earlier version, and reindexing by itself, which never undoes that."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from bot.audit import Audit
from bot.cli import app as command
from bot.collection_settings import CollectionSettings, check_schedule, next_time
from bot.collections import Collection
from bot.corpus_admin import articles_changed, reindex
from bot.errors import NoVersionError, ScheduleError
from bot.ledger import Ledger
from bot.schedule import Schedule
from bot.settings import PREFIX, Settings
from bot.versioning import held, roll_back, versions_of
from index.errors import BusyIndexError, DamagedIndexError, StaleIndexError
from index.live import LiveIndex
from index.manifest import Recipe
from tests.discord_world import app_of
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.app import App

RECIPE = Recipe.of(HashEmbedder())


def say(settings: Settings, words: str) -> None:
    (settings.articles / "news.md").write_text(f"# News\n\n{words}\n", "utf-8")


def text_of(collection: Collection) -> str:
    return LiveIndex(collection.versions, RECIPE).snapshot().article("news").text


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "articles").mkdir()
    return Settings(_env_file=None, home=tmp_path / "home", articles=tmp_path / "articles")  # type: ignore[call-arg]


@pytest.fixture
def collection(settings: Settings) -> Collection:
    """Three versions: one, two, three."""
    for words in ("One stands.", "Two stands.", "Three stands."):
        say(settings, words)
        reindex(settings, HashEmbedder())
    return Collection.of(settings)


def test_versions_are_listed_newest_first_with_what_they_hold(collection: Collection) -> None:
    found = versions_of(collection)
    assert [one.name[:6] for one in found] == ["000003", "000002", "000001"]
    assert [one.current for one in found] == [True, False, False]
    assert [(one.articles, one.passages) for one in found] == [(1, 1)] * 3
    (collection.versions.path(found[2].name) / "manifest.json").write_text("{")
    assert versions_of(collection)[2].created == ""


def test_five_versions_are_kept(settings: Settings, collection: Collection) -> None:
    for number in range(6):
        say(settings, f"Number {number} stands.")
        reindex(settings, HashEmbedder())
    assert len(versions_of(collection)) == 5


def test_going_back_takes_up_what_was_indexed_then_and_leaves_the_articles(
    settings: Settings, collection: Collection
) -> None:
    live = LiveIndex(collection.versions, RECIPE)
    assert "Three" in live.snapshot().article("news").text
    assert roll_back(collection).name.startswith("000002")
    assert "Two" in live.snapshot().article("news").text
    assert roll_back(collection, "1").name.startswith("000001")
    assert "One" in live.snapshot().article("news").text
    assert held(collection)
    assert roll_back(collection, "000003", RECIPE).current
    assert not held(collection)
    assert "Three" in live.snapshot().article("news").text
    assert "Three" in (settings.articles / "news.md").read_text("utf-8")


def test_after_going_back_it_is_told_and_reindexing_goes_forward_again(
    settings: Settings, collection: Collection
) -> None:
    assert not held(collection)
    version = roll_back(collection).name
    assert held(collection) == version
    assert version in articles_changed(settings)
    built = reindex(settings, HashEmbedder())
    assert built.manifest.version.startswith("000004")
    assert built.embedded == 0
    assert not held(collection)
    assert "Three" in text_of(collection)
    assert articles_changed(settings) == ""


@pytest.mark.parametrize("wanted", ["000009", "x", "0"])
def test_a_version_that_is_not_there_or_not_clear_is_told_with_those_that_are(
    collection: Collection, wanted: str
) -> None:
    with pytest.raises(NoVersionError, match="kept are 000001-"):
        roll_back(collection, wanted)


def test_before_the_first_version_there_is_none(settings: Settings, collection: Collection) -> None:
    roll_back(collection, "1")
    with pytest.raises(NoVersionError, match="no earlier version"):
        roll_back(collection)
    with pytest.raises(NoVersionError, match="none at all yet"):
        roll_back(Collection.of(settings, "press"))


def test_a_damaged_or_unfit_version_is_refused_and_the_current_one_stays(
    collection: Collection,
) -> None:
    before = collection.versions.current()
    with pytest.raises(StaleIndexError):
        roll_back(collection, recipe=Recipe.of(HashEmbedder(salt="other")))
    oldest = collection.versions.path(versions_of(collection)[2].name)
    (oldest / "passages.bin").write_bytes(b"")
    with pytest.raises(DamagedIndexError):
        roll_back(collection, "1")
    with FileLock(collection.folder / "writer.lock"), pytest.raises(BusyIndexError):
        roll_back(collection)
    assert collection.versions.current() == before


def test_a_swap_that_was_decided_is_finished_by_the_next_writer(collection: Collection) -> None:
    oldest = versions_of(collection)[2].name
    (collection.folder / "CURRENT.next").write_text(oldest + "\n")  # as if killed before the rename
    with collection.versions.writing():
        assert collection.versions.current() == oldest


def test_versions_and_rollback_in_the_terminal(
    settings: Settings, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    monkeypatch.setenv("ONRECORD_HOME", str(settings.home))
    monkeypatch.setenv("ONRECORD_ARTICLES", str(settings.articles))
    monkeypatch.setattr("bot.cli._open_embedder", lambda _: HashEmbedder())

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(command, ("corpus", *arguments))
        assert result.exit_code == 0, result.output
        return result.stdout

    lines = run("versions").splitlines()
    assert lines[0].endswith("1 article, 1 passage  (in use)")
    assert "goes forward" in " ".join(run("rollback").split())
    assert json.loads(run("rollback", "1", "--json"))["current"]
    assert [one["current"] for one in json.loads(run("versions", "--json"))] == [0, 0, 1]
    assert "rollback 000001-" in run("history")
    assert json.loads(run("config", "--schedule", "0 3 * * *"))["schedule"] == "0 3 * * *"
    assert json.loads(run("config", "--admit", "discord:1"))["servers"] == ["discord:1"]
    bad = CliRunner().invoke(command, ("corpus", "config", "--schedule", "soon"))
    assert "no schedule in cron form" in " ".join(bad.stderr.split())


# --- by itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize("schedule", ["soon", "61 * * * *", "* * *", "0 0 31 2 *"])
def test_what_is_no_schedule_is_told(schedule: str) -> None:
    with pytest.raises(ScheduleError, match="cron form"):
        check_schedule(schedule)


def test_a_schedule_is_due_at_its_times() -> None:
    start = datetime(2026, 3, 1, 2, 59, tzinfo=UTC)
    assert next_time("0 3 * * *", start) == start + timedelta(minutes=1)
    check_schedule("")


def test_a_collection_may_have_settings_of_its_own(settings: Settings) -> None:
    collection = Collection.of(settings, "press")
    assert CollectionSettings.of(collection, settings) == CollectionSettings()
    CollectionSettings("0 3 * * *", True, ("discord:1",)).write(collection)
    found = CollectionSettings.of(collection, settings)
    assert found == CollectionSettings("0 3 * * *", True, ("discord:1",))
    assert found.admits(collection, "discord:1")
    assert not found.admits(collection, "discord:2")
    assert found.admitting("discord:2").admits(collection, "discord:2")
    assert CollectionSettings().admits(Collection.of(settings), "discord:2")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 2, 59, 50, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    made = app_of(settings)
    yield made
    made.service.close()


@pytest.fixture
def audit(settings: Settings) -> Iterator[Audit]:
    with closing(Ledger(settings.home / "ledger.db")) as ledger:
        yield Audit(ledger)


async def test_a_collection_is_reindexed_when_its_time_has_come_and_once(
    settings: Settings, collection: Collection, app: App, audit: Audit
) -> None:
    CollectionSettings(schedule="0 3 * * *").write(collection)
    clock = Clock()
    schedule = Schedule(app, audit, clock)
    say(settings, "Four stands.")
    assert await schedule.look() == []
    clock.now += timedelta(seconds=30)
    assert await schedule.look() == ["main"]
    assert "Four" in text_of(collection)
    assert await schedule.look() == []
    (act,) = audit.acts("main")
    assert (act.platform, act.what, act.result[:14]) == ("schedule", "reindex", "Version 000004")


async def test_a_changed_folder_is_taken_up_once_it_has_come_to_rest(
    settings: Settings, collection: Collection, app: App, audit: Audit
) -> None:
    CollectionSettings(on_change=True).write(collection)
    schedule = Schedule(app, audit)
    assert await schedule.look() == await schedule.look() == []
    say(settings, "Four stands, it does.")
    assert await schedule.look() == []
    assert await schedule.look() == ["main"]
    assert "Four" in text_of(collection)
    assert await schedule.look() == await schedule.look() == []


async def test_what_cannot_be_indexed_is_tried_once_and_recorded(
    settings: Settings, collection: Collection, app: App, audit: Audit
) -> None:
    CollectionSettings(on_change=True).write(collection)
    schedule = Schedule(app, audit)
    say(settings, "Four stands, it does.")
    with FileLock(collection.folder / "writer.lock"):
        assert [await schedule.look() for _ in range(4)] == [[], ["main"], [], []]
    assert "Another process" in audit.acts("main")[0].result
    (settings.articles / "news.md").unlink()
    settings.articles.rmdir()
    assert await schedule.look() == []


async def test_reindexing_by_itself_never_undoes_going_back(
    settings: Settings, collection: Collection, app: App, audit: Audit
) -> None:
    CollectionSettings("* * * * *", on_change=True).write(collection)
    clock = Clock()
    schedule = Schedule(app, audit, clock)
    version = roll_back(collection).name
    say(settings, "Four stands, it does.")
    for _ in range(3):
        clock.now += timedelta(minutes=2)
        assert await schedule.look() == []
    assert collection.versions.current() == version


async def test_a_schedule_that_makes_no_sense_is_logged_and_skipped(
    collection: Collection, app: App, audit: Audit, caplog: pytest.LogCaptureFixture
) -> None:
    (collection.folder / "settings.json").write_text('{"schedule": "soon"}')
    assert await Schedule(app, audit).look() == []
    assert "no schedule in cron form" in caplog.text
