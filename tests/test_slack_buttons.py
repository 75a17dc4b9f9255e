"""The buttons under an answer on Slack: they show, they rate, and they last."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest_asyncio

from bot.localization import phrases
from tests.slack_world import ANN, BOB, CHANNEL, Body, World, ids_in, seen, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

WORDS = phrases()
QUESTION = "How many people on a closed set?"


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def _said(here: World) -> str:
    """What the one who clicked was told, and nobody else."""
    response = here.responses()[-1]
    assert response["response_type"] == "ephemeral"
    assert response["replace_original"] is False
    return seen(response)


def _ratings(here: World) -> list[tuple[str, bool, str]]:
    with sqlite3.connect(here.settings.home / "ledger.db") as database:
        rows = database.execute("select member, helpful, reason from feedback").fetchall()
    database.close()
    return [(member, bool(helpful), reason) for member, helpful, reason in rows]


async def _submit(here: World, view: Body, reason: str | None) -> Body:
    state = {"onrecord:reason": {"onrecord:reason": {"value": reason}}}
    sent = {**view, "id": "V1", "state": {"values": state}}
    body = {"type": "view_submission", "view": sent, **here.who(ANN)}
    shown: Body = await here.interact(body)
    return shown


async def test_context_shows_the_neighbours_the_place_the_date_and_the_hash(here: World) -> None:
    reply = await here.answer(QUESTION)
    await here.click(reply, "context")
    article = here.app.live.snapshot().article("safety")
    assert re.sub(r"\s+", " ", _said(here)) == (
        "[1] Oops on set safety, “Closed sets”, paragraph 1 "
        "Allie Oops coordinates intimate scenes for a living. “A closed set has eight people at "
        "most,” Oops told Mashable. She keeps a list at the door. "
        f"Published: 2024-05-01. SHA-256 of the article’s text: {article.content_hash}"
    )
    assert here.responses()[0]["thread_ts"] == reply["thread_ts"]
    assert here.posted() == [reply]


async def test_more_shows_what_was_found_beyond_and_is_offered_only_then(here: World) -> None:
    reply = await here.answer("What about rehearsals?")
    assert [one.split(":")[1] for one in ids_in(reply)] == ["context", "more", "up", "down"]
    await here.click(reply, "more")
    assert _said(here).startswith(
        f"{WORDS('more')}\n\nRehearsals need no camera. [4] Rehearsals end with a talk. [5]"
    )
    few = await here.answer(QUESTION)
    assert [one.split(":")[1] for one in ids_in(few)] == ["context", "up", "down"]


async def test_a_thumb_up_is_kept(here: World) -> None:
    await here.click(await here.answer(QUESTION), "up")
    assert _said(here) == WORDS("thanks")
    assert _ratings(here) == [(ANN, True, "")]


async def test_a_thumb_down_is_kept_at_once_and_asks_why(here: World) -> None:
    await here.click(await here.answer(QUESTION), "down")
    (opened,) = here.server.made("views.open")
    assert opened["trigger_id"].startswith("trigger")
    assert WORDS("why_title") in seen(opened["view"])
    assert _ratings(here) == [(ANN, False, "")]
    shown = await _submit(here, opened["view"], " Wrong *set*. ")
    assert shown["response_action"] == "update"
    assert seen(shown["view"]) == WORDS("thanks")
    assert _ratings(here) == [(ANN, False, "Wrong *set*.")]


async def test_a_window_without_a_reason_is_taken(here: World) -> None:
    await here.click(await here.answer(QUESTION), "down")
    await _submit(here, here.server.made("views.open")[0]["view"], None)
    assert _ratings(here) == [(ANN, False, "")]


async def test_a_reason_for_an_answer_that_is_not_kept_is_told_so(here: World) -> None:
    await here.click(await here.answer(QUESTION), "down")
    await here.command("/onrecord", "privacy delete")
    shown = await _submit(here, here.server.made("views.open")[0]["view"], "Late.")
    assert seen(shown["view"]) == WORDS("unknown_answer")


async def test_other_windows_and_closed_ones_are_acknowledged_only(here: World) -> None:
    for kind in ("view_submission", "view_closed"):
        view = {"type": "modal", "callback_id": "x", "private_metadata": ""}
        await here.interact({"type": kind, "view": view, **here.who(ANN)})
    assert [call.method for call in here.server.calls if call.method[:4] == "chat"] == []


async def test_each_member_has_one_rating_and_may_change_it(here: World) -> None:
    reply = await here.answer(QUESTION)
    for user, action in ((ANN, "up"), (ANN, "up"), (BOB, "down"), (BOB, "up")):
        await here.click(reply, action, user)
    assert sorted(_ratings(here)) == sorted([(ANN, True, ""), (BOB, True, "")])


async def test_buttons_work_after_a_restart(here: World) -> None:
    reply = await here.answer("What about rehearsals?")
    await here.restart()
    await here.click(reply, "more")
    assert "Rehearsals end with a talk. [5]" in _said(here)


async def test_words_that_are_gone_by_now_are_not_shown(here: World) -> None:
    from bot.corpus_admin import reindex

    reply = await here.answer("What about rehearsals?")
    (here.settings.articles / "directors.md").unlink()
    reindex(here.settings, here.app.embedder)
    await here.click(reply, "context")
    assert _said(here) == WORDS("gone")
    await here.click(reply, "more")
    assert _said(here) == WORDS("no_more")


async def test_a_button_that_is_not_known_does_nothing(here: World) -> None:
    body = {"type": "block_actions", "actions": [{"type": "button", "action_id": "a link"}]}
    await here.interact({**body, **here.who(ANN), "container": {"channel_id": CHANNEL}})
    assert here.responses() == []


async def test_where_the_click_cannot_be_answered_the_channel_tells_the_one_who_clicked(
    here: World,
) -> None:
    reply = await here.answer(QUESTION)
    here.server.fail("respond", "404")
    await here.click(reply, "up")
    (told,) = here.server.made("chat.postEphemeral")
    assert (told["user"], told["channel"]) == (ANN, CHANNEL)
    assert seen(told) == WORDS("thanks")
