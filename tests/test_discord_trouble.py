"""What can go wrong on Discord, and what a member then hears instead of nothing."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING, Any

import discord
import pytest

from tests.discord_world import (
    ANSWER,
    QUESTION,
    WORDS,
    World,
    answer_of,
    app_of,
    seen,
    settings_in,
    world,
)
from tests.fakes import HashEmbedder, SlowEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from corpus.span import Span
    from index.embedder import PassageVectors


class EditingEmbedder(HashEmbedder):
    """Something happens each time that it embeds a question."""

    def __init__(self) -> None:
        super().__init__()
        self.then: Callable[[], object] = lambda: None

    def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        self.then()
        time.sleep(0.02)
        return super().embed_question(text, parts)


def _direct(here: World) -> list[str]:
    return [message.content for message in here.replies(here.ann.user.dm_channel)]


async def _while_answering(
    here: World, embedder: SlowEmbedder, what: Any, text: str = QUESTION
) -> discord.Message:
    """Ann asks; while the answer is on its way ``what`` happens to her message."""
    backend = here.env.backend
    stored = backend.create_message(here.channel.id, here.ann.id, f"{here.me} {text}")
    await asyncio.to_thread(embedder.asked.wait, 10)
    what(backend, stored)
    for _ in range(5):
        await asyncio.sleep(0.01)
    embedder.go.set()
    await here.env.settle()
    return stored  # type: ignore[return-value]


async def test_a_question_that_is_deleted_while_it_is_answered_is_not_answered(
    tmp_path: Path,
) -> None:
    embedder = SlowEmbedder()
    async with world(tmp_path, app_of(settings_in(tmp_path), embedder)) as here:
        await _while_answering(
            here, embedder, lambda backend, one: backend.delete_message(one.channel_id, one.id)
        )
        assert here.replies() == []
        assert _direct(here) == []


async def test_questions_that_are_deleted_together_are_not_answered(tmp_path: Path) -> None:
    embedder = SlowEmbedder()
    async with world(tmp_path, app_of(settings_in(tmp_path), embedder)) as here:

        def delete(backend: Any, one: Any) -> None:
            place = {"channel_id": str(one.channel_id), "guild_id": str(here.guild.id)}
            backend.emit("MESSAGE_DELETE_BULK", {"ids": [str(one.id)], **place})

        await _while_answering(here, embedder, delete)
        assert here.replies() == []


async def test_a_question_that_is_edited_while_it_is_answered_is_answered_as_edited(
    tmp_path: Path,
) -> None:
    embedder = SlowEmbedder()
    async with world(tmp_path, app_of(settings_in(tmp_path), embedder)) as here:
        content = {"content": f"{here.me} What about rehearsals?"}
        await _while_answering(
            here,
            embedder,
            lambda backend, one: backend.edit_message(one.channel_id, one.id, content),
        )
        (reply,) = here.replies()
        assert "ehearsals" in seen(reply)
        assert "eight people" not in seen(reply)


async def test_a_question_that_is_edited_again_and_again_is_answered_as_it_was_at_one_time(
    tmp_path: Path,
) -> None:
    embedder = EditingEmbedder()
    async with world(tmp_path, app_of(settings_in(tmp_path), embedder)) as here:
        asked = here.leave(f"{here.me} closed set 0?")
        loop, number = asyncio.get_running_loop(), itertools.count(1)

        def edit() -> None:
            content = {"content": f"{here.me} closed set {next(number)}?"}
            here.env.backend.edit_message(here.channel.id, asked, content)

        embedder.then = lambda: loop.call_soon_threadsafe(edit)
        await here.env.settle()
        (reply,) = here.replies()
        entry = await here.bot.desk.entry(answer_of(reply), str(here.guild.id))
        assert entry is not None
        assert entry.question == entry.understood == "closed set 3?"


async def test_the_channel_that_is_deleted_while_a_question_is_answered_is_no_fault(
    tmp_path: Path,
) -> None:
    embedder = SlowEmbedder()
    async with world(tmp_path, app_of(settings_in(tmp_path), embedder)) as here:
        await _while_answering(
            here, embedder, lambda backend, one: backend.delete_channel(one.channel_id)
        )
        assert _direct(here) == []


async def test_a_missing_permission_is_named_by_direct_message(here: World) -> None:
    here.deny("send_messages")
    await here.ann.send(here.channel, f"{here.me} {QUESTION}")
    assert here.replies() == []
    missing = WORDS("missing", channel=here.channel.mention, permission="Send Messages")
    assert _direct(here) == [missing]


async def test_a_permission_that_goes_while_a_question_is_answered_is_named_too(
    tmp_path: Path,
) -> None:
    embedder = SlowEmbedder()
    async with world(tmp_path, app_of(settings_in(tmp_path), embedder)) as here:
        await _while_answering(here, embedder, lambda *_: here.deny("send_messages"))
        missing = WORDS("missing", channel=here.channel.mention, permission="Send Messages")
        assert _direct(here) == [missing]


async def test_without_the_right_to_read_history_the_answer_is_no_reply(here: World) -> None:
    here.deny("read_message_history")
    await here.ann.send(here.channel, f"{here.me} {QUESTION}")
    (answer,) = here.replies()
    assert "eight people" in seen(answer)
    assert answer.reference is None


async def test_a_locked_thread_is_named_by_direct_message(here: World) -> None:
    here.env.inject_error("POST", "/channels/*/messages", status=400, code=50083)
    await here.ann.send(here.channel, f"{here.me} {QUESTION}")
    assert _direct(here) == [WORDS("locked", channel=here.channel.mention)]


async def test_somebody_who_takes_no_direct_messages_is_no_fault(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.deny("send_messages")
    here.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    await here.ann.send(here.channel, f"{here.me} {QUESTION}")
    assert "could not reach" in caplog.text


async def test_typing_that_is_refused_does_not_keep_the_answer_back(here: World) -> None:
    here.env.inject_error("POST", "/channels/*/typing", status=403, code=50013)
    assert "eight people" in seen(await here.ask(QUESTION))


async def test_a_failure_of_discord_is_tried_again_without_a_second_answer(here: World) -> None:
    here.env.inject_error("POST", "/channels/*/messages", status=503, times=2)
    question = await here.ann.send(here.channel, f"{here.me} {QUESTION}")
    await here.env.advance_time(5)
    assert "eight people" in seen(here.reply_to(question))
    nonces = [body["nonce"] for body in here.bodies() if "nonce" in body]
    assert len(nonces) == 3
    assert len(set(nonces)) == 1


async def test_a_lasting_failure_of_discord_is_told_with_an_id_and_nothing_is_kept(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.env.inject_error("POST", "/channels/*/messages", status=503, times=3)
    question = await here.ann.send(here.channel, f"{here.me} {QUESTION}")
    await here.env.advance_time(5)
    (told,) = here.replies()
    problem_id = seen(told).split("problem ")[1].split(",")[0]
    assert seen(told) == WORDS("unexpected", id=problem_id)
    assert f"problem {problem_id}" in caplog.text
    assert not await here.bot.desk.is_answered(str(question.id))


async def test_a_failure_in_a_channel_is_told_by_direct_message_if_it_goes_on(
    here: World,
) -> None:
    pattern = f"/channels/{here.channel.id}/messages"
    here.env.inject_error("POST", pattern, status=400, code=50035, times=None)
    await here.ann.send(here.channel, f"{here.me} {QUESTION}")
    (told,) = _direct(here)
    assert told.startswith("Something went wrong")


class BrokenEmbedder(HashEmbedder):
    """Cannot embed a question."""

    def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        raise ZeroDivisionError("made up")


async def test_a_fault_of_the_bot_gets_a_sentence_and_an_id_that_is_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with world(tmp_path, app_of(settings_in(tmp_path), BrokenEmbedder())) as here:
        reply = seen(await here.ask(QUESTION))
        assert reply.split("problem ")[1].split(",")[0] in caplog.text
        result = await here.ann.slash(here.channel, "ask", question=QUESTION)
        assert result.response is not None
        assert "Something went wrong" in result.response.content
        assert reply.startswith("Something went wrong")


async def test_a_command_that_fails_on_the_way_is_told(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.env.inject_error("PATCH", "/webhooks/*", status=400, code=50035)
    result = await here.ann.slash(here.channel, "ask", question=QUESTION)
    told = result.response
    assert told is not None
    assert told.content.split("problem ")[1].split(",")[0] in caplog.text


async def test_an_interaction_that_is_too_old_is_only_logged(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.env.inject_error("POST", "/interactions/*", status=404, code=10062)
    await here.ann.slash(here.channel, "help")
    assert "problem" in caplog.text


async def test_too_many_questions_of_one_member_get_a_sentence_each(here: World) -> None:
    replies = [seen(await here.ask(QUESTION)) for _ in range(10)]
    limit = here.settings.member_questions
    assert all("eight people" in reply for reply in replies[:limit])
    assert all(reply.startswith(f"You have asked {limit} questions") for reply in replies[limit:])
    bob = here.member("bob")
    question = await bob.send(here.channel, f"{here.me} {QUESTION}")
    assert "eight people" in seen(here.reply_to(question))
    refused = await here.ann.slash(here.channel, "ask", question=QUESTION)
    assert refused.ephemeral
    await here.env.advance_time(61)
    assert "eight people" in seen(await here.ask(QUESTION))


async def test_too_many_questions_on_one_server_get_a_sentence_each(tmp_path: Path) -> None:
    async with world(tmp_path, server_questions=2) as here:
        replies = [seen(await here.ask(QUESTION)) for _ in range(3)]
        assert replies[2].startswith("2 questions were asked here")
        await here.ann.send_dm(QUESTION)
        assert "eight people" in seen(here.replies(here.ann.user.dm_channel)[0])


async def test_a_message_that_discord_sends_twice_is_answered_once(here: World) -> None:
    question = await here.ann.send(here.channel, f"{here.me} {QUESTION}")
    await here.bot.on_message(question)
    assert len(here.replies()) == 1


async def test_members_who_ask_at_once_each_get_their_answer(here: World) -> None:
    backend = here.env.backend
    bob = here.member("bob")
    first = backend.create_message(here.channel.id, here.ann.id, f"{here.me} {QUESTION}")
    second = backend.create_message(here.channel.id, bob.id, f"{here.me} What about rehearsals?")
    await here.env.settle()
    said = {
        message.reference.message_id: seen(message)
        for message in here.replies()
        if message.reference
    }
    assert "eight people" in said[first.id]
    assert "ehearsals" in said[second.id]
    assert len(here.replies()) == 2


def _altering(
    here: World, monkeypatch: pytest.MonkeyPatch, old: str, new: str, *methods: str
) -> None:
    """Let Discord keep something else than was sent."""

    def altered(call: Any) -> Any:
        async def calling(*ids: int, params: Any) -> Any:
            data = await call(*ids, params=params)
            return {**data, "content": data["content"].replace(old, new)}

        return calling

    for method in methods:
        monkeypatch.setattr(here.bot.http, method, altered(getattr(here.bot.http, method)))


async def test_a_quotation_that_discord_alters_is_repaired(
    here: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _altering(here, monkeypatch, "eight", "ate", "send_message")
    reply = await here.ask(QUESTION)
    assert "eight people" in seen(reply)
    assert "Discord altered a quotation" in caplog.text
    assert len(here.bodies("PATCH")) == 1


async def test_a_quotation_that_discord_keeps_altering_is_taken_back(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _altering(here, monkeypatch, "eight", "ate", "send_message", "edit_message")
    shown = seen(await here.ask(QUESTION))
    assert shown.startswith(WORDS("altered"))
    assert "people" not in shown
    assert "[1] Oops on set safety" in shown


@pytest.mark.parametrize("always", [False, True])
async def test_a_command_s_quotation_that_discord_alters_is_repaired_or_taken_back(
    here: World, monkeypatch: pytest.MonkeyPatch, always: bool
) -> None:
    edit = discord.Interaction.edit_original_response
    times = iter([True, always, False])

    async def altered(interaction: discord.Interaction, **options: Any) -> Any:
        message = await edit(interaction, **options)
        if next(times):
            message.content = message.content.replace("eight", "ate")
        return message

    monkeypatch.setattr(discord.Interaction, "edit_original_response", altered)
    result = await here.ann.slash(here.channel, "ask", question=QUESTION)
    assert result.response is not None
    shown = seen(result.response.message)
    assert len(here.bodies("PATCH")) == (3 if always else 2)
    if always:
        assert shown.startswith(WORDS("altered"))
        assert "people at most" not in shown
    else:
        assert shown == f"Ann asked: {QUESTION}\n\n{ANSWER}"


async def test_own_words_that_discord_alters_are_only_logged(
    here: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _altering(here, monkeypatch, "Sources", "sources", "send_message")
    await here.ask(QUESTION)
    assert "Discord altered a message" in caplog.text
    assert here.bodies("PATCH") == []
