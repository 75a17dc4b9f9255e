"""Running the corpus from Slack: shown before, confirmed, watched, undone, and by whom."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.adapters.slack import corpus as module
from bot.adapters.slack.board import Board
from bot.build_lock import BuildLock
from bot.collections import Collection
from bot.corpus_admin import reindex
from bot.localization import phrases
from tests.discord_world import DIRECTORS
from tests.slack_world import ANN, BOB, CHANNEL, Body, World, seen, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

WORDS = phrases()
BAR = "DBOB"
"""Where Bob, who is an admin of the workspace, talks with the bot."""


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def _version(here: World) -> str:
    return here.app.live.snapshot().manifest.version


def _change(here: World) -> None:
    (here.settings.articles / "safety.md").unlink()
    (here.settings.articles / "directors.md").write_text(f"{DIRECTORS}\nOne more.\n", "utf-8")
    (here.settings.articles / "new.md").write_text("# Newest\n\nAll is new here.\n", "utf-8")


async def _typed(here: World, command: str, text: str = "", user: str = BOB) -> Body:
    """Somebody types a command; what only they are told comes back."""
    await here.command(command, text, user_id=user)
    response = here.responses()[-1]
    assert response["response_type"] == "ephemeral"
    return response


def _offered(action: str) -> Body:
    """A message with a button, as it was shown before."""
    return {"blocks": [module.step_buttons("main", WORDS, action)]}


async def _step(here: World, shown: Body, action: str, user: str = BOB, **more: Any) -> None:
    """Somebody clicks on a button of a reindex."""
    wanted = f"onrecord:reindex:{action}:main"
    assert wanted in str(shown["blocks"])
    place: Body = {"channel_id": CHANNEL, "is_ephemeral": True, "message_ts": "1.1"}
    body: Body = {"type": "block_actions", "channel": {"id": CHANNEL}, "container": place}
    body |= {**here.who(user), "actions": [{"type": "button", "action_id": wanted}], **more}
    await here.interact(body)


def _bar(here: World) -> Body:
    (message,) = [one for (channel, _), one in here.server.messages.items() if channel == BAR]
    return message


async def test_a_reindex_is_shown_then_confirmed_then_done_and_recorded(here: World) -> None:
    before = _version(here)
    await here.answer("How many people on a closed set?")
    _change(here)
    shown = await _typed(here, "/reindex")
    plan = seen(shown)
    assert plan.startswith(WORDS("plan_title", name="main"))
    assert "Articles added: 1: Newest" in plan
    assert "Articles removed: 1: Oops on set safety" in plan
    assert "Earlier answers whose words change or go: 1\n• “" in plan
    assert "” The article “Oops on set safety” is no longer among the articles. (1×)" in plan
    assert _version(here) == before
    await _step(here, shown, "start")
    told = here.responses()[-1]
    assert told["replace_original"] is True
    assert seen(told) == WORDS("slack_in_direct")
    assert seen(_bar(here)).startswith("Done: version 000002-")
    assert "onrecord:reindex" not in str(_bar(here)["blocks"])
    assert _version(here) != before
    assert "Bob (slack): reindex: Version 000002-" in seen(await _typed(here, "/corpus", "history"))


async def test_the_home_tab_offers_a_reindex_to_those_who_may_only(here: World) -> None:
    _change(here)
    for user in (ANN, BOB):
        await here.event({"type": "app_home_opened", "user": user, "tab": "home"})
    anns, bobs = (body["view"] for body in here.server.made("views.publish"))
    assert "onrecord:reindex" not in str(anns)
    home: Body = {"type": "view", "view_id": "V1"}
    await _step(here, bobs, "propose", container=home, channel=None)
    plan = _bar(here)
    assert seen(plan).startswith(WORDS("plan_title", name="main"))
    place: Body = {"channel_id": BAR, "message_ts": plan["ts"]}
    there: Body = {"channel": {"id": BAR}, "message": plan, "container": place}
    await _step(here, plan, "start", **there)
    assert seen(_bar(here)).startswith("Done: version 000002-")


async def test_a_plan_that_is_left_changes_nothing(here: World) -> None:
    before = _version(here)
    await _step(here, _offered("leave"), "leave")
    assert seen(here.responses()[-1]) == WORDS("plan_discarded")
    assert _version(here) == before


async def test_nothing_to_do_is_told_without_a_button(here: World) -> None:
    shown = await _typed(here, "/reindex")
    assert seen(shown) == WORDS("plan_nothing", version=_version(here))
    assert "onrecord:" not in str(shown["blocks"])


async def test_cancelling_leaves_the_version_before(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _version(here)
    for number in range(900):
        text = f"# Town {number}\n\nTown {number} has a tram.\n"
        (here.settings.articles / f"t{number}.md").write_text(text, "utf-8")
    show = Board.show
    cancelling: list[asyncio.Task[None]] = []

    async def cancel() -> None:
        while not here.app.builds.cancel("main", "Bob"):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)

    async def watched(board: Any, text: str, *controls: Any) -> None:
        await show(board, text, *controls)
        if controls and not cancelling:
            cancelling.append(asyncio.create_task(cancel()))

    monkeypatch.setattr(Board, "show", watched)
    await _step(here, _offered("start"), "start")
    assert seen(_bar(here)) == WORDS("build_cancelled", who="Bob")
    assert _version(here) == before


async def test_a_bar_moves_in_its_message(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0.0)
    _change(here)
    await _step(here, _offered("start"), "start")
    bars = [body["text"] for body in here.server.made("chat.update") if "%" in body["text"]]
    assert all("█" in bar and bar.startswith("Reindexing: ") for bar in bars)
    assert here.server.made("chat.postMessage")[0]["text"] == WORDS("build_starts")
    assert seen(_bar(here)).startswith("Done: ")


async def test_a_second_one_is_told_who_reindexes_and_cancelling_nothing_is_told(
    here: World,
) -> None:
    _change(here)
    with BuildLock(Collection.of(here.settings).folder).held("Zoe") as lock:
        lock.tell(2, 4)
        told = WORDS("build_running", who="Zoe", percent=50)
        assert seen(await _typed(here, "/reindex")) == told
        await _step(here, _offered("start"), "start")
        assert seen(_bar(here)) == told
    await _step(here, _offered("cancel"), "cancel")
    assert seen(here.responses()[-1]) == WORDS("build_none")


async def test_a_bar_that_slack_does_not_take_does_not_stop_the_build(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    before = _version(here)
    _change(here)
    here.server.fail("chat.postMessage", "fatal_error")
    await _step(here, _offered("start"), "start")
    assert _version(here) != before
    assert "could not show" in caplog.text


async def test_going_back_is_at_once_told_and_recorded(here: World) -> None:
    before = _version(here)
    assert WORDS("versions_title", name="main") in seen(await _typed(here, "/corpus", "versions"))
    assert "no earlier version" in seen(await _typed(here, "/corpus", "rollback"))
    _change(here)
    reindex(here.settings, here.app.embedder)
    told = seen(await _typed(here, "/corpus", f"rollback {before}"))
    assert told == WORDS("rolled_back", version=before)
    assert _version(here) == before
    assert seen(await _typed(here, "/corpus", "dance")) == WORDS("slack_corpus_help")


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("/reindex", ""),
        ("/corpus", "versions"),
        ("/corpus", "rollback"),
        ("/corpus", "history"),
    ],
)
async def test_whoever_may_not_run_the_corpus_is_refused_on_every_call(
    here: World, command: str, text: str
) -> None:
    _change(here)
    before = _version(here)
    told = await _typed(here, command, text, ANN)
    assert seen(told) == WORDS("slack_not_runner")
    assert _version(here) == before


async def test_the_group_of_admins_may_run_the_corpus_until_it_is_taken_away(here: World) -> None:
    here.server.groups = {"S7": [ANN]}
    await here.command("/onrecord", "config admins <!subteam^S7>", user_id=BOB)
    _change(here)
    shown = await _typed(here, "/reindex", user=ANN)
    assert "Newest" in seen(shown)
    await here.command("/onrecord", "config admins", user_id=BOB)
    before = _version(here)
    for action in ("start", "cancel"):
        await _step(here, _offered(action), action, ANN)
    assert _version(here) == before
    assert seen(here.responses()[-1]) == WORDS("slack_not_runner")


async def test_a_workspace_is_tied_to_another_corpus_by_those_who_may(here: World) -> None:
    await here.command("/onrecord", "config corpus scripts", user_id=BOB)
    assert "scripts" in seen(here.responses()[-1])
    assert "eight people" not in seen(await here.answer("How many people on a closed set?"))
    await here.command("/onrecord", "config corpus main", user_id=BOB)
    assert "eight people" in seen(await here.answer("How many people on a closed set?"))
    await here.command("/onrecord", "config corpus ../x", user_id=BOB)
    assert (await here.bot.parts.desk.wishes("T1")).collection == "main"
