"""Serving: connecting, being refused, losing the connection, stopping.

The real discord.py talks to a Discord on a local port: login, websocket, sessions, retries.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord.http import Route
from pydantic import SecretStr
from simcord.types import HttpLogEntry

from bot.adapters.discord.client import OnRecordBot
from bot.errors import NoPlatformError, PlatformError
from bot.serving import check_platforms, serve
from tests.discord_api import faults
from tests.discord_markdown import visible
from tests.discord_payloads import DIRECT, channel_id, thread
from tests.discord_server import TOKEN, DiscordServer, Failure, discord_server
from tests.discord_world import ANSWER, QUESTION, WORDS, app_of, settings_in
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from pathlib import Path

    from bot.app import App
    from corpus.span import Span
    from index.embedder import Embedder, PassageVectors

ASKED = f"<@100> {QUESTION}"


@pytest.fixture(autouse=True)
def _address_put_back() -> Iterator[None]:
    gateway, base = discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, Route.BASE
    yield
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, Route.BASE = gateway, base


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord wants 5 s between two sessions, and servers may come late; not here."""
    setup = OnRecordBot.setup_hook

    async def at_once(*_: object, **__: object) -> None:
        return

    async def hurried(bot: OnRecordBot) -> None:
        bot._connection.guild_ready_timeout = 0.1
        await setup(bot)

    monkeypatch.setattr(OnRecordBot, "before_identify_hook", at_once)
    monkeypatch.setattr(OnRecordBot, "setup_hook", hurried)
    monkeypatch.setattr("bot.serving._FIRST_PAUSE", 0.05)


def _app(home: Path, server: DiscordServer, embedder: Embedder | None = None, **more: Any) -> App:
    token = SecretStr(more.pop("token", TOKEN))
    settings = settings_in(home, discord_token=token, discord_api=server.address, **more)
    app = app_of(settings, embedder)
    app.ensure_index()
    return app


@asynccontextmanager
async def _serving(
    home: Path, server: DiscordServer, embedder: Embedder | None = None, **more: Any
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, connected; it is stopped by a signal as a service manager does."""
    app = _app(home, server, embedder, **more)
    known = len(server.sessions)
    task = asyncio.create_task(serve(app))
    try:
        await server.until(lambda one: len(one.sessions) >= known + one.shards)
        yield task
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 15)
        app.service.close()
    entries = [HttpLogEntry(method, path, {}, body, None) for method, path, body in server.requests]
    assert faults(entries) == []


def _seen(server: DiscordServer, channel: str = "") -> list[str]:
    return [visible(content) for content in server.posted(channel)]


async def _is_answered(server: DiscordServer) -> None:
    """Ann asks, and there is one answer."""
    await server.say(ASKED)
    await server.until(lambda one: one.posted())
    assert _seen(server) == [ANSWER]


async def test_serving_connects_where_the_settings_say_and_answers(tmp_path: Path) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        await _is_answered(server)
        await server.until(lambda one: one.beats)


async def test_four_thousand_characters_are_told_the_limit(tmp_path: Path) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        await server.say(f"<@100> {'closed set ' * 360}")
        await server.until(lambda one: one.posted())
        assert _seen(server) == [WORDS("too_long", length=3959, limit=2000)]


async def test_a_command_is_answered_over_the_wire(tmp_path: Path) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        await server.ask(QUESTION)
        await server.until(lambda one: one.bodies("/@original"))
        assert [body["type"] for body in server.bodies("/callback")] == [5]
        (shown,) = server.bodies("/@original")
        assert visible(shown["content"]) == f"ann asked: {QUESTION}\n\n{ANSWER}"


async def test_the_gateway_in_the_settings_is_used_for_every_connection(tmp_path: Path) -> None:
    async with discord_server() as server:
        other = server.gateway.replace("/gateway", "/other")
        async with _serving(tmp_path, server, discord_gateway=other):
            await server.say(ASKED)
            await server.until(lambda one: one.posted())
            server.connection().drop()
            await server.until(lambda one: one.resumed)
            await server.connection().send({"op": 9, "d": False, "s": None, "t": None})
            await server.until(lambda one: len(one.sessions) == 2)
        assert {one.path.rstrip("/") for one in server.connections} == {"/other"}
        assert len(server.connections) == 3


async def test_two_shards_each_answer_in_their_servers(tmp_path: Path) -> None:
    async with discord_server() as server:
        server.shards = 2
        async with _serving(tmp_path, server):
            await server.say(ASKED, 901, shard=0)
            await server.say(ASKED, 902, shard=1)
            await server.until(lambda one: len(one.posted()) == 2)
            assert _seen(server, channel_id(0)) == [ANSWER]
            assert _seen(server, channel_id(1)) == [ANSWER]
            server.missed(ASKED, channel_id(1), 1)
            server.connection(0).drop()
            await server.until(lambda one: one.resumed)
            assert len(server.posted()) == 2  # the other shard was never away
            await server.connection(1).send({"op": 9, "d": False, "s": None, "t": None})
            await server.until(lambda one: len(one.posted(channel_id(1))) == 2)
            assert len(server.sessions) == 3


async def test_a_dropped_connection_is_resumed_and_what_was_said_meanwhile_answered_once(
    tmp_path: Path,
) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        server.connection().drop()
        await server.until(lambda one: one.session().connection is None)
        await server.say(ASKED)
        await server.until(lambda one: one.posted())
        assert server.resumed == ["session0"]
        assert len(server.sessions) == 1
        assert _seen(server) == [ANSWER]


@pytest.mark.parametrize("code", [4000, 4007, 4009, 1001])
async def test_a_connection_that_discord_closes_is_made_anew(tmp_path: Path, code: int) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        await server.connection().close(code)
        await server.until(lambda one: one.resumed)
        await _is_answered(server)


async def test_discord_s_wish_to_reconnect_is_followed(tmp_path: Path) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        await server.connection().send({"op": 7, "d": None, "s": None, "t": None})
        await server.until(lambda one: one.resumed)
        await _is_answered(server)


async def test_a_new_session_looks_up_what_was_missed_and_answers_it_once(tmp_path: Path) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        await server.dispatch(
            "MESSAGE_CREATE", server.missed(QUESTION, DIRECT, -60) | {"channel_id": DIRECT}
        )
        await server.until(lambda one: one.posted(DIRECT))
        server.keeps_sessions = False
        server.missed("nothing for the bot", channel_id(0), 1)
        asked = server.missed(ASKED, channel_id(0), 2)
        server.missed(QUESTION, DIRECT, 3)
        server.connection().drop()
        await server.until(lambda one: one.posted(channel_id(0)) and len(one.posted(DIRECT)) == 2)
        await server.dispatch("MESSAGE_CREATE", {**asked, "guild_id": "300"})
        await server.say(ASKED)
        await server.until(lambda one: len(one.posted(channel_id(0))) == 2)
        assert _seen(server) == [ANSWER] * 4
        replies = [body["message_reference"]["message_id"] for body in server.bodies("/messages")]
        assert len(set(replies)) == 4


async def test_what_was_missed_between_two_processes_is_answered_over_the_wire(
    tmp_path: Path,
) -> None:
    async with discord_server() as server:
        async with _serving(tmp_path, server):
            pass
        server.missed(ASKED, channel_id(0))
        async with _serving(tmp_path, server):
            await server.until(lambda one: one.posted())
        async with _serving(tmp_path, server):
            pass
        assert _seen(server) == [ANSWER]


async def test_what_is_left_when_the_bot_is_stopped_while_it_looks_is_for_the_next_process(
    tmp_path: Path,
) -> None:
    async with discord_server() as server:
        async with _serving(tmp_path, server):
            pass
        asked = [server.missed(ASKED, channel_id(0), at / 10)["id"] for at in range(2)]
        async with _serving(tmp_path, server) as task:
            server.open.clear()
            await server.until(lambda one: one.asked("/messages"))
            server.open.set()
            await server.until(lambda one: one.asked("/typing"))
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(task, 10)
        assert len(server.posted()) == 1
        async with _serving(tmp_path, server):
            await server.until(lambda one: len(one.posted()) == 2)
        replies = [body["message_reference"]["message_id"] for body in server.bodies("/messages")]
        assert list(map(str, replies)) == asked
        assert _seen(server) == [ANSWER] * 2


async def test_what_was_answered_in_a_thread_of_the_bot_is_not_answered_again(
    tmp_path: Path,
) -> None:
    async with discord_server() as server:
        async with _serving(tmp_path, server):
            pass
        answered = server.missed(ASKED, channel_id(0))
        answered["thread"] = thread(answered["id"], 0)
        server.missed(ASKED, channel_id(0), 1)
        async with _serving(tmp_path, server):
            await server.until(lambda one: one.posted())
        replies = [body["message_reference"]["message_id"] for body in server.bodies("/messages")]
        assert [str(one) for one in replies] == [server.history[channel_id(0)][1]["id"]]


async def test_malformed_events_are_skipped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        for event in ("MESSAGE_CREATE", "GUILD_CREATE", "INTERACTION_CREATE", "CHANNEL_UPDATE"):
            nonsenses: list[Any] = [{}, None, [], {"id": "x"}, {"guild_id": "300", "id": None}]
            for nonsense in nonsenses:
                await server.dispatch(event, nonsense)
        await server.say(ASKED)
        await server.until(lambda one: one.posted())
        assert len(server.sessions) == 1
        assert "skipped a gateway event MESSAGE_CREATE" in caplog.text


async def test_a_client_that_breaks_is_started_anew_and_looks_up_what_it_missed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        server.missed(ASKED, channel_id(0), 1)
        await server.connection().send("this is not JSON")
        await server.until(lambda one: len(one.sessions) == 2 and one.posted())
        assert _seen(server) == [ANSWER]
        assert "starting it anew" in caplog.text


async def test_a_rate_limit_is_waited_for_and_the_answer_comes_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "discord")
    async with discord_server() as server, _serving(tmp_path, server):
        server.failures = [Failure("/channels/400/messages", 429, times=2, retry_after=0.1)]
        await server.say(ASKED)
        await server.until(lambda one: len(one.posted()) == 3)
        nonces = {body["nonce"] for body in server.bodies("/messages")}
        assert len(nonces) == 1
        assert set(_seen(server)) == {ANSWER}
        assert len(server.history["400"]) == 1
        assert "rate limited" in caplog.text


async def test_an_answer_does_not_wait_for_typing_that_is_rate_limited(tmp_path: Path) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        server.failures = [Failure("/typing", 429, times=9, retry_after=30)]
        started = time.monotonic()
        await server.say(ASKED)
        await server.until(lambda one: one.posted())
        assert time.monotonic() - started < 5
        assert _seen(server) == [ANSWER]


@pytest.mark.parametrize("status", [502, 503])
async def test_a_failure_at_discord_s_end_is_tried_again(tmp_path: Path, status: int) -> None:
    async with discord_server() as server, _serving(tmp_path, server):
        server.failures = [Failure("/channels/400/messages", status)]
        await server.say(ASKED)
        await server.until(lambda one: len(one.posted()) == 2)
        await server.until(lambda one: one.history.get("400"))
        assert set(_seen(server)) == {ANSWER}
        assert len(server.history["400"]) == 1


async def test_stopping_finishes_the_running_question_first(tmp_path: Path) -> None:
    class Slow(HashEmbedder):
        asked = threading.Event()

        def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
            self.asked.set()
            time.sleep(0.5)
            return super().embed_question(text, parts)

    async with discord_server() as server:
        async with _serving(tmp_path, server, Slow()) as task:
            await server.say(ASKED)
            await asyncio.to_thread(Slow.asked.wait, 10)
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.1)
            await server.say(ASKED, 901)
            await asyncio.wait_for(task, 10)
        assert sorted(_seen(server)) == sorted([ANSWER, WORDS("stopping")])


@pytest.mark.parametrize(
    ("code", "said"),
    [(4004, "Discord refused the token"), (4014, "message content intent")],
)
async def test_a_session_that_is_refused_ends_with_one_sentence(
    tmp_path: Path, code: int, said: str
) -> None:
    async with discord_server() as server:
        server.close_with = code
        app = _app(tmp_path, server)
        with pytest.raises(PlatformError, match=said):
            await asyncio.wait_for(serve(app), 15)
        app.service.close()


async def test_a_token_that_is_revoked_while_the_bot_runs_ends_with_one_sentence(
    tmp_path: Path,
) -> None:
    async with discord_server() as server:
        app = _app(tmp_path, server)
        task = asyncio.create_task(serve(app))
        await server.until(lambda one: one.sessions)
        await server.connection().close(4004)
        with pytest.raises(PlatformError, match="Discord refused the token"):
            await asyncio.wait_for(task, 15)
        app.service.close()


async def test_a_bad_token_ends_with_one_sentence(tmp_path: Path) -> None:
    async with discord_server() as server:
        app = _app(tmp_path, server, token="bad")
        with pytest.raises(PlatformError, match="Discord refused the token"):
            await asyncio.wait_for(serve(app), 15)
        app.service.close()


def test_without_a_token_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(NoPlatformError, match="ONRECORD_DISCORD_TOKEN"):
        check_platforms(settings_in(tmp_path))


async def test_a_discord_that_cannot_be_reached_is_tried_again_until_the_bot_is_stopped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = DiscordServer(address="http://127.0.0.1:9/api/v10")
    app = _app(tmp_path, nobody)
    task = asyncio.create_task(serve(app))
    for _ in range(500):
        if "Discord cannot be reached" in caplog.text:
            break
        await asyncio.sleep(0.01)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(task, 10)
    assert "Traceback" not in caplog.text
    app.service.close()
