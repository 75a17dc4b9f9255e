"""Planning and building in another process: what is told, and that nothing is ever lost."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from bot.build_lock import BuildLock, Running
from bot.building import Builds
from bot.collections import Collection
from bot.corpus_admin import reindex
from bot.errors import BuildCancelledError, BuildFailedError, BuildRunningError
from bot.ledger import Entry, Ledger, Sent, now
from bot.pace import Pace
from bot.planning import Plan, make_plan
from bot.settings import Settings
from corpus.span import Span
from index.manifest import Recipe
from index.snapshot import open_current
from index.source import Shown
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from pathlib import Path

    from index.build import Progress

HASHED = "tests.hash_builder"
RECIPE = Recipe.of(HashEmbedder())
SPOKEN = (
    "# {title}\n\nThe mayor of {title} is called Ann Lee. “Trams run in {title} all day,” said Ann "
    "Lee.\n\nA second paragraph about {title} stands here, which nobody quotes.\n"
)


def write(folder: Path, *titles: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for title in titles:
        (folder / f"{title.lower()}.md").write_text(SPOKEN.format(title=title), "utf-8")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write(tmp_path / "articles", "Bergen", "Oslo", "Paris")
    return Settings(_env_file=None, home=tmp_path / "home", articles=tmp_path / "articles")  # type: ignore[call-arg]


@pytest.fixture
def collection(settings: Settings) -> Collection:
    return Collection.of(settings)


def hashed(settings: Settings, **more: Any) -> Builds:
    return Builds(settings, module=HASHED, **more)


def version(collection: Collection) -> str | None:
    return collection.versions.current()


# --- plans --------------------------------------------------------------------------------------


def test_a_plan_tells_added_changed_and_removed_articles_by_title(
    settings: Settings, collection: Collection
) -> None:
    assert make_plan(collection, RECIPE).added == ("Bergen", "Oslo", "Paris")
    reindex(settings, HashEmbedder())
    unchanged = make_plan(collection, RECIPE)
    assert unchanged.is_empty
    assert (unchanged.embed, unchanged.reuse) == (0, 3)
    folder = settings.articles
    write(folder, "Quito")
    (folder / "oslo.md").unlink()
    changed = SPOKEN.format(title="Paris").replace("called Ann", "not called Ann")
    (folder / "paris.md").write_text(changed, "utf-8")
    (folder / "bad.pdf").write_text("no PDF")
    plan = make_plan(collection, RECIPE)
    assert (plan.added, plan.changed, plan.removed) == (("Quito",), ("Paris",), ("Oslo",))
    assert (plan.articles, plan.embed, plan.reuse) == (3, 2, 1)
    assert plan.version == version(collection)
    assert [source for source, _ in plan.problems] == ["bad.pdf"]
    assert Plan.from_json(json.loads(json.dumps(plan.as_json()))) == plan


def test_a_plan_counts_what_the_build_then_does(settings: Settings, collection: Collection) -> None:
    reindex(settings, HashEmbedder())
    write(settings.articles, "Quito", "Lima")
    plan = make_plan(collection, RECIPE)
    built = reindex(settings, HashEmbedder())
    assert (built.embedded, built.reused) == (plan.embed, plan.reuse)
    assert plan.seconds is not None


def test_a_plan_counts_new_moved_and_gone_quotes(
    settings: Settings, collection: Collection
) -> None:
    reindex(settings, HashEmbedder())
    folder = settings.articles
    write(folder, "Quito")
    (folder / "oslo.md").unlink()
    moved = SPOKEN.format(title="Paris").replace("The mayor", "Now the very mayor")
    (folder / "paris.md").write_text(moved, "utf-8")
    bergen = SPOKEN.format(title="Bergen").replace("all day", "at night")
    (folder / "bergen.md").write_text(bergen, "utf-8")
    plan = make_plan(collection, RECIPE)
    assert (plan.quotes_new, plan.quotes_moved, plan.quotes_gone) == (2, 1, 2)


def test_a_plan_counts_the_answers_whose_words_change_or_go(
    settings: Settings, collection: Collection
) -> None:
    reindex(settings, HashEmbedder())
    with closing(Ledger(settings.home / "ledger.db")) as ledger:
        snapshot = open_current(collection.versions)
        for id_, of in (("a", "main"), ("b", "main"), ("c", "main"), ("d", "press")):
            article = snapshot.article({"b": "paris", "c": "bergen"}.get(id_, "oslo"))
            start = article.text.index("A second" if id_ == "b" else "The mayor")
            span = Span(start, start + 20)
            shown = (Shown(1, article.id, article.content_hash, span),)
            texts = ("s", "c", "ann", f"q{id_}", "", "Q", "Q")
            ledger.add(Entry(id_, "discord", *texts, True, "v", now(), shown, collection=of))
            ledger.sent(id_, [Sent(f"m{id_}", "c", (1,))])
        (settings.articles / "oslo.md").unlink()
        for name in ("paris", "bergen"):
            path = settings.articles / f"{name}.md"
            path.write_text(path.read_text("utf-8").replace("The mayor", "The old mayor"), "utf-8")
        assert make_plan(collection, RECIPE, ledger).answers == 2  # not b: its words still stand
        assert make_plan(collection, RECIPE).answers == 0


def test_another_model_means_that_everything_is_embedded_anew(
    settings: Settings, collection: Collection
) -> None:
    reindex(settings, HashEmbedder())
    plan = make_plan(collection, Recipe.of(HashEmbedder(salt="other")))
    assert "another model" in plan.rebuilt
    assert (plan.embed, plan.reuse, plan.is_empty) == (3, 0, False)
    assert plan.added == plan.changed == plan.removed == ()


async def test_a_plan_is_made_in_a_process_of_its_own(settings: Settings) -> None:
    plan = await hashed(settings).plan("main", RECIPE)
    assert plan.added == ("Bergen", "Oslo", "Paris")
    assert version(Collection.of(settings)) is None


@pytest.mark.parametrize("kept", ["", "nonsense", "[]", '{"embedding": "x", "keeping": -1}'])
def test_a_pace_that_cannot_be_read_is_none(tmp_path: Path, kept: str) -> None:
    if kept:
        (tmp_path / "pace.json").write_text(kept)
    assert Pace.read(tmp_path) == Pace()
    assert Pace().seconds(0, 5) is None


def test_a_pace_predicts_from_what_was_measured(tmp_path: Path) -> None:
    Pace(0.5, 0.25).write(tmp_path)
    assert Pace.read(tmp_path).seconds(2, 4) == 2 * 0.5 + 6 * 0.25
    assert Pace(None, 0.25).seconds(0, 4) == 1
    assert Pace(None, 0.25).seconds(1, 4) is None


# --- builds -------------------------------------------------------------------------------------


async def test_a_build_runs_apart_reports_its_progress_and_is_taken_up(
    settings: Settings, collection: Collection
) -> None:
    seen: list[Progress] = []
    built = await hashed(settings).build("main", "Ann", seen.append)
    assert (built["articles"], built["embedded"], built["changed"]) == (3, 3, True)
    assert seen[-1].done == seen[-1].total > 0
    assert version(collection) == built["index_version"]
    again = await hashed(settings).build("main", "Ann")
    assert not again["changed"]
    assert BuildLock(collection.folder).running() is None


async def test_each_collection_is_built_from_its_own_articles(settings: Settings) -> None:
    press = Collection.of(settings, "press")
    press.make()
    write(press.articles, "Quito")
    builds = hashed(settings)
    built = await asyncio.gather(builds.build("main", "Ann"), builds.build("press", "Bob"))
    assert [one["articles"] for one in built] == [3, 1]


async def test_a_second_one_is_told_who_builds_and_how_far_it_is(
    settings: Settings, collection: Collection
) -> None:
    with BuildLock(collection.folder).held("Ann") as lock:
        lock.tell(1, 4)
        assert hashed(settings).running("main") == BuildLock(collection.folder).running()
        with pytest.raises(BuildRunningError, match="by Ann: 25 % is done") as caught:
            await hashed(settings).build("main", "Bob")
        assert (caught.value.who, caught.value.percent) == ("Ann", 25)
    assert (await hashed(settings).build("main", "Bob"))["changed"]


async def test_of_two_at_once_one_builds_and_one_is_told(settings: Settings) -> None:
    builds = hashed(settings)
    first = asyncio.ensure_future(builds.build("main", "Ann"))
    await asyncio.sleep(0)
    with pytest.raises(BuildRunningError, match="by Ann"):
        await builds.build("main", "Bob")
    assert (await first)["changed"]


async def test_of_two_processes_at_once_one_builds_and_one_is_told(settings: Settings) -> None:
    both = [hashed(settings).build("main", who) for who in ("Ann", "Bob")]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(one, dict) for one in done) >= 1
    assert all(isinstance(one, dict | BuildRunningError) for one in done)


def test_a_state_that_a_killed_process_left_is_no_running_build(tmp_path: Path) -> None:
    (tmp_path / "building.json").write_text('{"who": "Ann", "started": 1.0}')
    assert BuildLock(tmp_path).running() is None
    assert Running("Ann", 1.0, 1, 3).percent == 33
    assert Running("Ann", 1.0).percent == 0


async def test_a_cancelled_build_leaves_the_version_before_and_goes_on_there(
    settings: Settings, collection: Collection
) -> None:
    await hashed(settings).build("main", "Ann")
    before = version(collection)
    write(settings.articles, *(f"Town{number}" for number in range(800)))
    builds = hashed(settings)
    assert not builds.cancel("main", "Bob")

    def cancel(state: Progress) -> None:
        if state.done:
            builds.cancel("main", "Bob")

    with pytest.raises(BuildCancelledError, match="cancelled by Bob"):
        await builds.build("main", "Ann", cancel)
    assert version(collection) == before
    assert not (collection.folder / "versions" / ".building").exists()
    assert BuildLock(collection.folder).running() is None
    built = await builds.build("main", "Ann")
    assert 0 < built["embedded"] < 800
    assert built["embedded"] + built["reused"] == 803


@pytest.mark.skipif(os.name == "nt", reason="processes are killed by signals here")
async def test_a_killed_build_is_told_and_goes_on_where_it_stopped(
    settings: Settings, collection: Collection
) -> None:
    write(settings.articles, *(f"Town{number}" for number in range(800)))
    builds = hashed(settings)

    def kill(state: Progress) -> None:
        if state.done:
            os.kill(builds._processes["main"].pid, signal.SIGKILL)

    with pytest.raises(BuildFailedError, match="goes on where this stopped"):
        await builds.build("main", "Ann", kill)
    assert version(collection) is None
    built = await hashed(settings).build("main", "Ann")
    assert built["reused"] > 0
    assert built["embedded"] < 803


async def test_what_cannot_be_built_is_told_in_its_own_words(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    settings = Settings(_env_file=None, home=tmp_path / "home", articles=nowhere)  # type: ignore[call-arg]
    with pytest.raises(BuildFailedError, match="does not exist; create it or name another"):
        await hashed(settings).build("main", "Ann")
    with pytest.raises(BuildFailedError, match="The version before stays in use"):
        await hashed(settings).plan("main", RECIPE)


@pytest.mark.skipif(os.name == "nt", reason="there is no such limit")
async def test_memory_beyond_the_limit_ends_the_builder_and_nothing_else(
    settings: Settings,
) -> None:
    small = settings.model_copy(update={"build_memory": 20})
    with pytest.raises(BuildFailedError, match="ONRECORD_BUILD_MEMORY limits to 20 MB"):
        await hashed(small).build("main", "Ann")


async def test_the_builder_ends_with_the_process_that_started_it(
    settings: Settings, collection: Collection
) -> None:
    write(settings.articles, *(f"Town{number}" for number in range(800)))
    builds = hashed(settings)

    def leave(state: Progress) -> None:
        if state.done:
            stdin = builds._processes["main"].stdin
            assert stdin is not None
            stdin.close()  # as the system does when a process ends

    with pytest.raises(BuildFailedError):
        await builds.build("main", "Ann", leave)
    assert version(collection) is None


async def test_closing_ends_what_is_being_built(settings: Settings) -> None:
    write(settings.articles, *(f"Town{number}" for number in range(800)))
    builds = hashed(settings)
    with pytest.raises(BuildFailedError):
        await builds.build("main", "Ann", lambda _: builds.close())
