"""Serving: connecting, being refused, losing the connection, stopping."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord.http import Route
from pydantic import SecretStr

from bot.adapters.discord.client import OnRecordBot
from bot.errors import NoPlatformError, PlatformError
from bot.serving import check_platforms, serve
from tests.discord_server import TOKEN, DiscordServer, discord_server, missed
from tests.discord_world import app_of, settings_in
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from bot.app import App
    from corpus.span import Span
    from index.embedder import Embedder, PassageVectors

QUESTION = "<@100> How many people on a closed set?"


@pytest.fixture(autouse=True)
def _address_put_back() -> Iterator[None]:
    gateway, base = discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, Route.BASE
    yield
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, Route.BASE = gateway, base


def _app(home: Path, server: DiscordServer, embedder: Embedder | None = None, **more: Any) -> App:
    token = SecretStr(more.pop("token", TOKEN))
    settings = settings_in(home, discord_token=token, discord_api=server.address, **more)
    app = app_of(settings, embedder)
    app.ensure_index()
    return app


@asynccontextmanager
async def _serving(app: App) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(serve(app))
    try:
        yield task
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 15)
        app.service.close()


async def test_serving_connects_where_the_settings_say_and_answers(tmp_path: Path) -> None:
    async with discord_server() as server, _serving(_app(tmp_path, server)):
        await server.until(lambda one: one.identified)
        await server.say(QUESTION)
        await server.until(lambda one: one.posted())
        assert "eight people at most" in server.posted()[0]


async def test_malformed_events_are_skipped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with discord_server() as server, _serving(_app(tmp_path, server)):
        await server.until(lambda one: one.identified)
        for event in ("MESSAGE_CREATE", "GUILD_CREATE", "INTERACTION_CREATE", "CHANNEL_UPDATE"):
            nonsenses: list[Any] = [{}, None, [], {"id": "x"}, {"guild_id": "300", "id": None}]
            for nonsense in nonsenses:
                await server.dispatch(event, nonsense)
        await server.say(QUESTION)
        await server.until(lambda one: one.posted())
        assert server.identified == 1
        assert "skipped a gateway event MESSAGE_CREATE" in caplog.text


async def test_a_new_session_looks_up_what_was_missed_and_answers_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(*_: object, **__: object) -> None:
        """Discord wants 5 s between two sessions; this server does not."""

    monkeypatch.setattr(OnRecordBot, "before_identify_hook", at_once)
    async with discord_server() as server, _serving(_app(tmp_path, server)):
        await server.until(lambda one: one.identified)
        now = int(time.time() * 1000)
        server.history = [
            missed("nothing for the bot", now + 1000),
            missed(QUESTION, now + 2000),
        ]
        await server.sockets[-1].send_json({"op": 9, "d": False, "s": None, "t": None})
        await server.until(lambda one: one.identified == 2 and one.posted())
        await server.dispatch("MESSAGE_CREATE", {**server.history[1], "guild_id": "300"})
        await asyncio.sleep(0.3)
        assert len(server.posted()) == 1


async def test_stopping_finishes_the_running_question_first(tmp_path: Path) -> None:
    class Slow(HashEmbedder):
        asked = threading.Event()

        def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
            self.asked.set()
            time.sleep(0.5)
            return super().embed_question(text, parts)

    async with discord_server() as server:
        async with _serving(_app(tmp_path, server, Slow())) as task:
            await server.until(lambda one: one.identified)
            await server.say(QUESTION)
            await asyncio.to_thread(Slow.asked.wait, 10)
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(task, 10)
        assert "eight people at most" in server.posted()[0]


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


async def test_a_bad_token_ends_with_one_sentence(tmp_path: Path) -> None:
    async with discord_server() as server:
        app = _app(tmp_path, server, token="bad")
        with pytest.raises(PlatformError, match="Discord refused the token"):
            await asyncio.wait_for(serve(app), 15)
        app.service.close()


async def test_a_client_that_breaks_is_started_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with discord_server() as server, _serving(_app(tmp_path, server)):
        await server.until(lambda one: one.identified)
        await server.sockets[-1].send_str("this is not JSON")
        await server.until(lambda one: one.identified == 2)
        await server.say(QUESTION)
        await server.until(lambda one: one.posted())
        assert "starting it anew" in caplog.text


def test_without_a_token_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(NoPlatformError, match="ONRECORD_DISCORD_TOKEN"):
        check_platforms(settings_in(tmp_path))


def _command(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "serve"],
        env={**os.environ, "ONRECORD_HOME": str(home), **environment},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command_says_what_is_missing_and_fails(tmp_path: Path) -> None:
    run = _command(tmp_path, ONRECORD_DISCORD_TOKEN="", PYTHONPATH=str(Path.cwd()))
    assert run.returncode == 1
    assert run.stdout == ""
    assert "There is no token for any chat platform." in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr
