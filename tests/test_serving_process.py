"""``onrecord serve`` as a process of its own, as a service manager runs it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.discord_markdown import visible
from tests.discord_server import TOKEN, DiscordServer, discord_server
from tests.discord_world import ANSWER, QUESTION, articles
from tests.making import ROOT

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from pathlib import Path

    from index.embedder import Embedder


async def _serve(home: Path, **environment: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from bot.cli import main; main()",
        "serve",
        env={**os.environ, "PYTHONPATH": str(ROOT), "ONRECORD_HOME": str(home), **environment},
        cwd=home,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def _ended(process: Process) -> tuple[int | None, str]:
    """The exit code of a process and what it said."""
    out, told = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, " ".join((out + told).decode().split())


async def _connected(process: Process) -> None:
    assert process.stderr is not None
    while "Connected to Discord as On Record" not in (await process.stderr.readline()).decode():
        assert not process.stderr.at_eof()


@pytest.fixture
def home(tmp_path: Path, model_home: Path, embedder: Embedder) -> Path:
    """A home with a model that is prepared, and articles to index."""
    assert embedder.dimension
    (tmp_path / "models").symlink_to(model_home / "models")
    articles(tmp_path / "articles")
    return tmp_path


def _environment(home: Path, server: DiscordServer, token: str) -> dict[str, str]:
    return {
        "ONRECORD_ARTICLES": str(home / "articles"),
        "ONRECORD_DISCORD_API": server.address,
        "ONRECORD_DISCORD_TOKEN": token,
    }


async def test_without_a_token_the_command_says_what_is_missing_and_fails(tmp_path: Path) -> None:
    code, said = await _ended(await _serve(tmp_path, ONRECORD_DISCORD_TOKEN=""))
    assert code == 1
    assert said.startswith("There is no token for any chat platform.")
    assert "Traceback" not in said


async def test_a_bad_token_is_one_sentence_and_a_failure(home: Path) -> None:
    async with discord_server() as server:
        process = await _serve(home, **_environment(home, server, "bad"))
        code, said = await _ended(process)
    assert code == 1
    assert said.endswith(
        "Discord refused the token. Make a new one in the developer portal, under Bot, and put it "
        "into ONRECORD_DISCORD_TOKEN."
    )
    assert "Traceback" not in said
    assert "bad" not in said


async def test_a_signal_lets_running_questions_finish_and_the_process_succeed(home: Path) -> None:
    async with discord_server() as server:
        server.open.clear()
        process = await _serve(home, **_environment(home, server, TOKEN))
        await asyncio.wait_for(_connected(process), 60)
        for number in range(3):
            await server.say(f"<@100> {QUESTION}", 900 + number)
        await server.until(lambda one: one.posted() and one.asked("/typing") == 3, 30)
        process.send_signal(signal.SIGTERM)
        await server.say(f"<@100> {QUESTION}", 910)
        await asyncio.sleep(0.2)
        assert process.returncode is None
        server.open.set()
        code, said = await _ended(process)
    assert code == 0, said
    shown = [visible(one["content"]) for one in server.history["400"]]
    assert shown.count(ANSWER) >= 3
    assert set(shown) <= {ANSWER, "I am being restarted. Ask again in a minute."}
