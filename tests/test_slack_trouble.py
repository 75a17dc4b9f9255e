"""What can go wrong on Slack, and what a member then hears instead of nothing."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from aiohttp import ClientConnectorError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack import calls, delivery
from bot.adapters.slack.members import PLATFORM
from bot.localization import phrases
from tests.fakes import HashEmbedder
from tests.slack_world import ANN, CHANNEL, DIRECT, MENTION, Body, World, seen, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from corpus.span import Span
    from index.embedder import PassageVectors

WORDS = phrases()
QUESTION = "How many people on a closed set?"


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_PAUSE", 0.01)


class SlowEmbedder(HashEmbedder):
    """Embeds a question only when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.go = threading.Event()

    def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        self.asked.set()
        assert self.go.wait(10)
        return super().embed_question(text, parts)


class BrokenEmbedder(HashEmbedder):
    """Cannot embed a question."""

    def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        raise ZeroDivisionError("made up")


async def _while_answering(
    here: World, embedder: SlowEmbedder, *events: Callable[[Body], Body], thread: bool = True
) -> Body:
    """Ann asks; while the answer is on its way ``events`` happen to her message."""
    question = (
        here.message(f"{MENTION} {QUESTION}")
        if thread
        else here.message(QUESTION, channel=DIRECT, channel_type="im")
    )
    await here.server.send("events_api", here.envelope(question))
    await asyncio.to_thread(embedder.asked.wait, 10)
    for made in events:
        await here.server.send("events_api", here.envelope(made(question)))
    await asyncio.sleep(0.02)
    embedder.go.set()
    await here.bot.settled()
    return question


def _deleted(question: Body) -> Body:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "channel": question["channel"],
        "deleted_ts": question["ts"],
        "ts": "1.1",
    }


def _edited(text: str) -> Callable[[Body], Body]:
    return lambda question: {
        "type": "message",
        "subtype": "message_changed",
        "channel": question["channel"],
        "message": {**question, "text": text},
        "ts": "1.1",
    }


# --- what becomes of a question -----------------------------------------------------------------


async def test_a_question_that_is_deleted_while_it_is_answered_is_not_answered(
    tmp_path: Path,
) -> None:
    embedder = SlowEmbedder()
    async with world(tmp_path, embedder) as here:
        await _while_answering(here, embedder, _deleted)
        assert here.posted() == []
        shown, cleared = here.server.made("assistant.threads.setStatus")
        assert (shown["status"], cleared["status"]) == (WORDS("slack_status"), "")


async def test_a_question_that_is_edited_while_it_is_answered_is_answered_as_edited(
    tmp_path: Path,
) -> None:
    embedder = SlowEmbedder()
    async with world(tmp_path, embedder) as here:
        await _while_answering(here, embedder, _edited(f"{MENTION} What about rehearsals?"))
        assert "ehearsals" in seen(here.only())
        assert "eight people" not in seen(here.only())


async def test_a_question_that_is_edited_later_is_not_answered_again(here: World) -> None:
    question = await here.mention(QUESTION)
    await here.event(_edited(f"{MENTION} What about rehearsals?")(question))
    await here.event({**question, "type": "app_mention", "text": f"{MENTION} Rehearsals?"})
    assert len(here.posted()) == 1


async def test_an_answer_that_takes_long_takes_the_place_of_a_message_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_PATIENCE", 0.01)
    embedder = SlowEmbedder()
    async with world(tmp_path, embedder) as here:
        await _while_answering(here, embedder, thread=False)
        (posted,) = here.server.made("chat.postMessage")
        assert posted["text"] == WORDS("slack_looking")
        assert len(here.server.made("chat.update")) == 1
        assert "eight people" in seen(here.only())


async def test_a_message_that_says_so_is_taken_back_with_its_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_PATIENCE", 0.01)
    embedder = SlowEmbedder()
    async with world(tmp_path, embedder) as here:
        await _while_answering(here, embedder, _deleted, thread=False)
        assert here.posted() == []
        assert len(here.server.made("chat.delete")) == 1


@pytest.mark.parametrize("error", ["message_not_found", "msg_too_long", "edit_window_closed"])
async def test_a_message_that_cannot_become_the_answer_is_followed_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    monkeypatch.setattr(delivery, "_PATIENCE", 0.01)
    embedder = SlowEmbedder()
    async with world(tmp_path, embedder) as here:
        here.server.fail("chat.update", error)
        await _while_answering(here, embedder, thread=False)
        assert "eight people" in seen(here.only())


async def test_an_answer_comes_even_if_nothing_could_say_that_it_is_on_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_PATIENCE", 0.01)
    embedder = SlowEmbedder()
    async with world(tmp_path, embedder) as here:
        here.server.fail("chat.postMessage", "fatal_error", times=1)
        here.server.fail("assistant.threads.setStatus", "500", times=1)
        await _while_answering(here, embedder)
        assert "eight people" in seen(here.only())
        await here.answer(QUESTION)
        assert len(here.server.made("assistant.threads.setStatus")) == 2


async def test_a_message_that_cannot_be_taken_back_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(delivery, "_PATIENCE", 0.01)
    caplog.set_level("INFO")
    embedder = SlowEmbedder()
    async with world(tmp_path, embedder) as here:
        here.server.fail("chat.delete", "message_not_found")
        await _while_answering(here, embedder, _deleted, thread=False)
        assert "could not delete message" in caplog.text


async def test_an_answer_that_cannot_take_the_place_of_the_message_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_PATIENCE", 0.01)
    embedder = SlowEmbedder()
    async with world(tmp_path, embedder) as here:
        here.server.fail("chat.update", "fatal_error")
        await _while_answering(here, embedder, thread=False)
        assert "Something went wrong" in seen(here.posted()[-1])


async def test_a_question_for_which_there_is_no_room_takes_its_announcement_back(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        here.bot.parts.records._most = 3  # the ledger is full of work while the question is asked
        blocked = threading.Event()
        waiting = [asyncio.create_task(here.bot.parts.records.run(blocked.wait)) for _ in range(2)]
        await asyncio.sleep(0.01)
        question = here.message(f"{MENTION} {QUESTION}")
        await here.server.send("events_api", here.envelope(question))
        await asyncio.sleep(0.05)
        blocked.set()
        await asyncio.gather(*waiting)
        await here.bot.settled()
        assert len(here.posted()) == 1


# --- what Slack does twice ----------------------------------------------------------------------


async def test_an_event_that_is_delivered_again_is_answered_once(here: World) -> None:
    question = here.message(f"{MENTION} {QUESTION}")
    for attempt in range(3):
        await here.event(question, event_id="Ev1", attempt=attempt)
    assert len(here.posted()) == 1


async def test_an_event_that_is_delivered_again_after_a_restart_is_answered_once(
    here: World,
) -> None:
    opened = {"type": "app_home_opened", "user": ANN, "tab": "home"}
    question = here.message(f"{MENTION} {QUESTION}")
    for _ in range(2):
        await here.event(opened, event_id="Ev1")
        await here.event(question, event_id="Ev2")
        await here.event({**question, "type": "app_mention"}, event_id="Ev3")
        await here.restart()
    assert len(here.posted()) == 1
    assert len(here.server.made("views.publish")) == 1


async def test_a_command_that_is_delivered_again_is_answered_once(here: World) -> None:
    body = await here.command("/ask", QUESTION)
    await here.command("/ask", QUESTION, trigger_id=body["trigger_id"])
    await here.restart()
    await here.command("/ask", QUESTION, trigger_id=body["trigger_id"])
    assert len(here.posted()) == 1


async def test_an_event_that_no_process_dealt_with_is_taken_up_by_the_next(here: World) -> None:
    assert not await here.bot.parts.desk.is_handled("Ev9")
    question = here.message(f"{MENTION} {QUESTION}")
    await here.event(question, event_id="Ev9", attempt=1)
    assert len(here.posted()) == 1
    assert here.bot.parts.ledger.is_handled(PLATFORM, "Ev9")


async def test_an_event_that_comes_twice_at_once_is_answered_once(tmp_path: Path) -> None:
    embedder = SlowEmbedder()
    async with world(tmp_path, embedder) as here:
        question = here.message(f"{MENTION} {QUESTION}")
        await here.server.send("events_api", here.envelope(question, "Ev1"))
        await here.server.send("events_api", here.envelope(question, "Ev1"), attempt=1)
        await here.server.send("events_api", here.envelope(question, "Ev2"))
        embedder.go.set()
        await here.bot.settled()
        assert len(here.posted()) == 1


# --- the connection -----------------------------------------------------------------------------


async def test_a_refresh_of_the_connection_loses_nothing(here: World) -> None:
    await here.server.refresh()
    await here.server.until(lambda: here.server.opened == 2)
    assert "eight people" in seen(await here.answer(QUESTION))


async def test_a_connection_that_is_closed_is_made_anew(here: World) -> None:
    await here.server.sockets[-1].close()
    await here.server.until(lambda: here.server.opened == 2)
    assert "eight people" in seen(await here.answer(QUESTION))


async def test_a_connection_that_breaks_is_made_anew(here: World) -> None:
    here.handler.client.ping_interval = 0.05
    await here.server.refresh()
    await here.server.until(lambda: here.server.opened == 2)
    transport = here.server.sockets[-1]._req.transport  # type: ignore[union-attr]
    assert transport is not None
    transport.abort()
    await here.server.until(lambda: here.server.opened == 3)
    assert "eight people" in seen(await here.answer(QUESTION))


async def test_an_address_that_leads_nowhere_is_replaced_by_a_new_one(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.handler.client.ping_interval = 0.05
    here.handler.client.wss_uri = here.server.address.replace("http", "ws") + "nowhere"
    here.server.fail("apps.connections.open", "internal_error", times=1)
    await here.handler.client.connect()
    await here.server.until(lambda: here.server.opened == 2)
    assert "gives no address" in caplog.text
    assert "eight people" in seen(await here.answer(QUESTION))


# --- what Slack refuses -------------------------------------------------------------------------


async def test_a_rate_limit_is_waited_for(here: World) -> None:
    here.server.fail("chat.postMessage", "ratelimited", times=2, Retry_After=0)
    assert "eight people" in seen(await here.answer(QUESTION))
    assert len(here.server.made("chat.postMessage")) == 3


async def test_a_rate_limit_waits_for_the_seconds_that_slack_names(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("bot.adapters.slack.calls.asyncio.sleep", sleep)
    here.server.fail("chat.postMessage", "ratelimited", times=1, Retry_After=30)
    await here.answer(QUESTION)
    assert 30 in slept


@pytest.mark.parametrize("status", ["500", "503"])
async def test_a_failure_of_slack_is_tried_again(here: World, status: str) -> None:
    here.server.fail("chat.postMessage", status, times=2)
    assert "eight people" in seen(await here.answer(QUESTION))


async def test_a_lasting_failure_is_told_with_an_id_and_nothing_is_kept(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.server.fail("chat.postMessage", "fatal_error", times=1)
    question = await here.mention(QUESTION)
    told = seen(here.only())
    problem_id = told.split("problem ")[1].split(",")[0]
    assert told == WORDS("unexpected", id=problem_id)
    assert f"problem {problem_id}" in caplog.text
    assert not await here.bot.parts.desk.is_answered(f"{CHANNEL}/{question['ts']}")


async def test_a_message_that_is_too_long_is_divided(here: World) -> None:
    here.server.fail("chat.postMessage", "msg_too_long", times=1)
    await here.mention("What about rehearsals?")
    together = "".join(seen(one) for one in here.posted())
    assert len(here.posted()) > 1
    assert "Rehearsals take two hours." in together


async def test_a_message_that_stays_too_long_is_told(here: World) -> None:
    here.server.fail("chat.postMessage", "msg_too_long", times=4)
    await here.mention("What about rehearsals?")
    assert "Something went wrong" in here.server.made("chat.postMessage")[-1]["text"]


@pytest.mark.parametrize(
    ("error", "key"),
    [
        ("is_archived", "slack_archived"),
        ("not_in_channel", "slack_closed"),
        ("channel_not_found", "slack_closed"),
    ],
)
async def test_a_channel_in_which_the_bot_cannot_write_is_named_by_direct_message(
    here: World, error: str, key: str
) -> None:
    here.server.fail("chat.postMessage", error, times=1)
    await here.mention(QUESTION)
    told = here.server.made("chat.postMessage")[-1]
    assert told["channel"] == ANN
    assert told["text"] == WORDS(key, channel=f"<#{CHANNEL}>")


async def test_a_missing_scope_is_named_to_whoever_asks_and_in_the_log(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    reply = await here.answer(QUESTION)
    here.server.fail("views.open", "missing_scope", needed="views:write")
    await here.click(reply, "down")
    assert seen(here.responses()[-1]) == WORDS("slack_scope", scope="views:write")
    assert "the app lacks the scope views:write" in caplog.text


async def test_a_missing_scope_for_the_answer_is_named_in_the_log(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.server.fail("chat.postMessage", "missing_scope", needed="chat:write")
    await here.mention(QUESTION)
    assert here.posted() == []
    assert "the app lacks the scope chat:write" in caplog.text
    assert "could not tell" in caplog.text


async def test_a_missing_scope_without_anybody_to_tell_is_named_in_the_log(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.server.fail("views.publish", "missing_scope", needed="views:write")
    await here.event({"type": "app_home_opened", "user": ANN, "tab": "home"})
    assert "the app lacks the scope views:write" in caplog.text
    here.server.fail("views.publish", "fatal_error")
    await here.event({"type": "app_home_opened", "user": ANN, "tab": "home"})
    assert "problem" in caplog.text


async def test_a_command_that_can_be_answered_nowhere_is_logged(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.server.fail("chat.postMessage", "not_in_channel")
    here.server.fail("respond", "404")
    await here.command("/ask", QUESTION)
    assert "did not take a response" in caplog.text
    assert "could not tell" in caplog.text


async def test_a_thread_that_is_deleted_is_no_fault(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.server.fail("chat.postMessage", "thread_not_found")
    await here.mention(QUESTION)
    assert "problem" not in caplog.text


async def test_a_fault_of_the_bot_gets_a_sentence_and_an_id_that_is_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with world(tmp_path, BrokenEmbedder()) as here:
        reply = seen(await here.answer(QUESTION))
        assert reply.startswith("Something went wrong")
        assert reply.split("problem ")[1].split(",")[0] in caplog.text


async def test_members_who_ask_at_once_each_get_their_answer(here: World) -> None:
    first = here.message(f"{MENTION} {QUESTION}")
    second = here.message(f"{MENTION} What about rehearsals?", user="UEVE")
    for said in (first, second):
        await here.server.send("events_api", here.envelope(said))
    await here.bot.settled()
    said_in = {one["thread_ts"]: seen(one) for one in here.posted()}
    assert "eight people" in said_in[first["ts"]]
    assert "ehearsals" in said_in[second["ts"]]


async def test_nonsense_is_acknowledged_and_survived(here: World) -> None:
    for event in ({}, {"type": "message"}, {"type": "message", "ts": 3, "user": ["x"]}):
        await here.event(event)
    await here.event({"type": "assistant_thread_started"})
    await here.command("/dance")
    assert seen(here.responses()[-1]) == WORDS("slack_unknown", command="/dance")
    assert "eight people" in seen(await here.answer(QUESTION))


async def test_questions_that_come_while_the_bot_is_stopped_are_told_so(here: World) -> None:
    await here.bot.finish()
    assert seen(await here.answer(QUESTION)) == WORDS("stopping")


async def test_a_slack_that_is_out_of_reach_is_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = AsyncWebClient("xoxb", base_url="http://127.0.0.1:1/", retry_handlers=[])
    with pytest.raises(ClientConnectorError):
        await calls.retried(client.auth_test)
    assert caplog.text.count("out of reach") == 4


@pytest.mark.parametrize("header", [{"Retry_After": "soon"}, {}])
async def test_a_rate_limit_that_names_no_time_waits_a_moment(
    here: World, header: dict[str, Any]
) -> None:
    here.server.fail("chat.postMessage", "ratelimited", 1, **header)
    assert "eight people" in seen(await here.answer(QUESTION))


async def test_a_rate_limit_that_outlasts_any_reader_is_told(here: World) -> None:
    here.server.fail("chat.postMessage", "ratelimited", times=1, Retry_After=9999)
    assert "Something went wrong" in seen(await here.answer(QUESTION))


async def test_a_reason_that_cannot_be_kept_is_told_so(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.bot.parts.records.close()
    view = {"type": "modal", "callback_id": "onrecord:why", "private_metadata": "0" * 16}
    shown = await here.interact({"type": "view_submission", "view": view, **here.who(ANN)})
    assert seen(shown["view"]) == WORDS("unknown_answer")
    assert "a reason could not be kept" in caplog.text


async def test_members_are_not_kept_without_end(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.slack.members._MOST", 1)
    for user in (ANN, "UBOB", ANN):
        await here.bot.parts.members.get(user)
    assert len(here.server.made("users.info")) == 3


# --- what Slack alters --------------------------------------------------------------------------


def _altering(here: World, old: str, new: str, times: int = 1_000_000) -> None:
    """Let Slack keep something else than was sent."""
    left = [times]

    def alter(_: str, blocks: Any) -> Any:
        left[0] -= 1
        return eval(repr(blocks).replace(old, new)) if left[0] >= 0 else blocks

    here.server.alter = alter


async def test_a_quotation_that_slack_alters_is_repaired(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    _altering(here, "eight", "ate", times=1)
    assert "eight people" in seen(await here.answer(QUESTION))
    assert "Slack altered a quotation" in caplog.text
    assert len(here.server.made("chat.update")) == 1


async def test_a_quotation_that_slack_keeps_altering_is_taken_back(here: World) -> None:
    _altering(here, "eight", "ate")
    shown = seen(await here.answer(QUESTION))
    assert shown.startswith(WORDS("slack_altered"))
    assert "people" not in shown
    assert "[1] Oops on set safety" in shown


async def test_own_words_that_slack_alters_and_words_it_escapes_are_no_fault(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    _altering(here, "Sources", "sources")
    await here.answer(QUESTION)
    _altering(here, "<@&1>", "&lt;@&amp;1&gt;")
    await here.answer("How many barriers in stock?")
    assert here.server.made("chat.update") == []
