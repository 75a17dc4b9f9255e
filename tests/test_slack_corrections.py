"""Answers on Slack are corrected when their articles change: once, and as readers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.corpus_admin import reindex
from bot.ledger import now
from bot.localization import phrases
from tests.discord_world import SAFETY
from tests.slack_text import links
from tests.slack_world import ANN, BOB, World, ids_in, seen, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

WORDS = phrases()
QUESTION = "How many people on a closed set?"
QUOTE = "“A closed set has eight people at most,” Oops told Mashable."


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, correction_pause=0) as made:
        yield made


def _write(here: World, text: str) -> None:
    (here.settings.articles / "safety.md").write_text(text, "utf-8")
    reindex(here.settings, here.app.embedder)


async def _work(here: World) -> None:
    """The bot does what there is to do."""
    while await here.bot.parts.corrector.step() < 1:
        pass


async def _reword(here: World) -> None:
    _write(here, SAFETY.replace("eight people", "six people"))
    await _work(here)


def _struck(message: Any) -> list[str]:
    return [
        element["text"]
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for inner in block["elements"]
        for element in inner["elements"]
        if element.get("style", {}).get("strike")
    ]


async def test_an_answer_whose_words_changed_is_edited_once_and_says_how(here: World) -> None:
    reply = await here.answer(QUESTION)
    before = seen(reply)
    await _reword(here)
    await _work(here)
    after = here.only()
    heading = f"Correction, {now():%Y-%m-%d}:"
    assert seen(after).startswith(before)
    assert heading in seen(after)
    assert _struck(after) == ["eight", "eight"]
    assert "six people at most" in seen(after)
    assert ids_in(after) == ids_in(reply)
    assert links(after["blocks"])[:1] == links(reply["blocks"])
    assert len(here.server.made("chat.update")) == 1


async def test_an_article_that_is_gone_is_said_and_its_words_are_struck(here: World) -> None:
    await here.answer(QUESTION)
    (here.settings.articles / "safety.md").unlink()
    reindex(here.settings, here.app.embedder)
    await _work(here)
    assert _struck(here.only()) == [QUOTE]
    assert WORDS("no_longer_there", title="Oops on set safety") in seen(here.only())


@pytest.mark.parametrize("error", ["cant_update_message", "edit_window_closed", "msg_too_long"])
async def test_where_the_edit_is_refused_the_correction_stands_in_the_thread(
    here: World, error: str
) -> None:
    reply = await here.answer(QUESTION)
    here.server.fail("chat.update", error)
    await _reword(here)
    first, told = here.posted()
    assert first == reply
    assert told["thread_ts"] == reply["thread_ts"]
    assert "six people at most" in seen(told)


async def test_an_answer_to_a_command_is_corrected_in_a_thread_below_it(here: World) -> None:
    await here.command("/ask", QUESTION)
    answer = here.only()
    here.server.fail("chat.update", "cant_update_message")
    await _reword(here)
    assert here.posted()[1]["thread_ts"] == answer["ts"]


async def test_a_message_that_is_deleted_is_not_corrected(here: World) -> None:
    await here.answer(QUESTION)
    here.server.messages.clear()
    await _reword(here)
    assert here.posted() == []


async def test_rate_limits_are_waited_for_and_then_it_is_told(here: World) -> None:
    await here.answer(QUESTION)
    here.server.fail("chat.update", "ratelimited", times=1, Retry_After=500)
    _write(here, SAFETY.replace("eight people", "six people"))
    assert await here.bot.parts.corrector.step() == 500
    here.bot.parts.corrector._paused_until = 0
    await _work(here)
    assert "six people" in seen(here.only())


async def test_a_reply_that_slack_put_off_is_told_after_the_pause(here: World) -> None:
    await here.answer(QUESTION)
    here.server.fail("chat.update", "cant_update_message")
    here.server.fail("chat.postMessage", "ratelimited", times=1, Retry_After=500)
    _write(here, SAFETY.replace("eight people", "six people"))
    assert await here.bot.parts.corrector.step() == 500
    here.bot.parts.corrector._paused_until = 0
    await _work(here)
    assert ["six people" in seen(one) for one in here.posted()] == [False, True]


async def test_what_was_told_to_one_person_or_by_an_address_is_left(here: World) -> None:
    await here.command("/quote", "Oops")
    here.server.fail("chat.postMessage", "not_in_channel", times=1)
    await here.command("/ask", QUESTION)
    await _reword(here)
    assert here.posted() == []
    assert here.server.made("chat.update") == []


async def test_a_shared_quotation_is_corrected(here: World) -> None:
    await here.command("/quote", "Oops")
    page = here.responses()[-1]
    (share,) = [one for one in _actions(page) if ":share:" in one]
    body = {"type": "block_actions", "message": page, "channel": {"id": "C1"}}
    actions = [{"type": "button", "action_id": share}]
    await here.interact({**body, **here.who(ANN), "actions": actions})
    shared = here.only()
    await _reword(here)
    assert "six people at most" in seen(here.posted()[-1])
    assert shared["ts"] == here.posted()[0]["ts"]


async def test_a_shared_quotation_that_is_anothers_by_now_says_whose(here: World) -> None:
    await here.command("/quote", "Oops")
    page = here.responses()[-1]
    (share,) = [one for one in _actions(page) if ":share:" in one]
    body = {"type": "block_actions", "message": page, "channel": {"id": "C1"}}
    actions = [{"type": "button", "action_id": share}]
    await here.interact({**body, **here.who(ANN), "actions": actions})
    _write(here, SAFETY.replace("Oops told Mashable", "Ada Kerr told Mashable"))
    await _work(here)
    told = seen(here.posted()[-1]) + str(here.server.made("chat.update"))
    assert "now says that Ada Kerr said this" in told
    assert "at most,” Ada Kerr told Mashable." in told


def _actions(message: Any) -> list[str]:
    return [
        element["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


async def test_a_reply_that_may_have_been_told_before_a_crash_is_not_told_again(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    await here.answer(QUESTION)
    here.server.fail("chat.update", "cant_update_message")
    here.server.fail("chat.postMessage", "fatal_error")
    await _reword(here)
    assert len(here.posted()) == 1


async def test_the_bot_notices_a_new_version_by_itself(here: World) -> None:
    await here.answer(QUESTION)
    await here.restart()
    _write(here, SAFETY.replace("eight people", "six people"))
    await here.restart()
    await here.server.until(lambda: here.server.made("chat.update"))
    assert "six people" in seen(here.only())


async def test_admins_switch_corrections_off_and_see_how_they_went(here: World) -> None:
    await here.answer(QUESTION)
    await here.command("/onrecord", "config corrections off", user_id=BOB)
    assert WORDS("no") in seen(here.responses()[-2])
    await _reword(here)
    assert here.server.made("chat.update") == []
    await here.command("/onrecord", "config corrections", user_id=BOB)
    assert seen(here.responses()[-1])
