"""Serving Slack: connecting, being refused, stopping; alone and beside Discord."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import pytest
import yaml
from discord.http import Route
from pydantic import SecretStr
from typer.testing import CliRunner

from bot import serving
from bot.cli import app as command_line
from bot.errors import PlatformError, SettingsError
from bot.serving import check_platforms, serve
from tests.discord_server import TOKEN, discord_server
from tests.discord_world import app_of
from tests.slack_server import ME, SlackServer, slack_server
from tests.slack_world import ANN, CHANNEL, settings_of, world
from tests.test_slack_trouble import SlowEmbedder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.app import App

QUESTION = f"<@{ME}> How many people on a closed set?"
ROOT = Path(__file__).parent.parent
MANIFEST = ROOT / "bot" / "adapters" / "slack" / "manifest.yaml"


@pytest.fixture(autouse=True)
def _address_put_back() -> Iterator[None]:
    gateway, base = discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, Route.BASE
    yield
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, Route.BASE = gateway, base


def _app(home: Path, server: SlackServer, embedder: Any = None, **changes: Any) -> App:
    app = app_of(settings_of(home, server, **changes), embedder)
    app.ensure_index()
    return app


@asynccontextmanager
async def _serving(app: App) -> AsyncIterator[list[str]]:
    told: list[str] = []
    task = asyncio.create_task(serve(app, told.append))
    try:
        yield told
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), 15)
        app.service.close()


async def _say(server: SlackServer, number: int = 1) -> None:
    await server.until(lambda: server.sockets)
    event = {"type": "app_mention", "channel": CHANNEL, "user": ANN, "text": QUESTION}
    body = {"type": "event_callback", "event_id": f"Ev{number}", "team_id": "T1"}
    await server.send("events_api", {**body, "event": {**event, "ts": f"17.{number}"}})


async def test_serving_connects_where_the_settings_say_and_answers(tmp_path: Path) -> None:
    async with slack_server() as server, _serving(_app(tmp_path, server)) as told:
        await _say(server)
        await server.until(lambda: server.messages)
        assert "eight people at most" in next(iter(server.messages.values()))["text"]
        assert told == ["Connected to Slack as onrecord (Films)."]


async def test_a_question_that_is_being_answered_is_finished_when_the_bot_is_stopped(
    tmp_path: Path,
) -> None:
    embedder = SlowEmbedder()
    async with slack_server() as server:
        app = _app(tmp_path, server, embedder)
        async with _serving(app):
            await _say(server)
            await asyncio.to_thread(embedder.asked.wait, 10)
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.05)
            embedder.go.set()
        assert "eight people at most" in next(iter(server.messages.values()))["text"]


@pytest.mark.parametrize(
    ("method", "error", "more", "said"),
    [
        ("auth.test", "invalid_auth", {}, "Slack refused ONRECORD_SLACK_BOT_TOKEN"),
        ("auth.test", "account_inactive", {}, "not installed any more"),
        ("apps.connections.open", "not_allowed_token_type", {}, "ONRECORD_SLACK_APP_TOKEN.*xapp-"),
        (
            "apps.connections.open",
            "missing_scope",
            {"needed": "connections:write"},
            "lacks the scope connections:write",
        ),
    ],
)
async def test_a_token_that_slack_refuses_ends_with_one_sentence(
    tmp_path: Path, method: str, error: str, more: dict[str, Any], said: str
) -> None:
    async with slack_server() as server:
        server.fail(method, error, **more)
        app = _app(tmp_path, server)
        with pytest.raises(PlatformError, match=said):
            await asyncio.wait_for(serve(app), 15)
        app.service.close()


@pytest.mark.parametrize("event", ["app_uninstalled", "tokens_revoked"])
async def test_an_app_that_is_uninstalled_ends_with_one_sentence(
    tmp_path: Path, event: str
) -> None:
    async with slack_server() as server:
        app = _app(tmp_path, server)
        task = asyncio.create_task(serve(app))
        await server.until(lambda: server.sockets)
        body = {"type": "event_callback", "event_id": "Ev1", "team_id": "T1"}
        await server.send("events_api", {**body, "event": {"type": event}})
        with pytest.raises(PlatformError, match="not installed any more"):
            await asyncio.wait_for(task, 15)
        app.service.close()


@pytest.mark.parametrize(
    ("method", "setting"),
    [("chat.postMessage", "BOT_TOKEN"), ("apps.connections.open", "APP_TOKEN")],
)
async def test_a_token_that_is_revoked_meanwhile_ends_with_one_sentence(
    tmp_path: Path, method: str, setting: str
) -> None:
    async with slack_server() as server:
        app = _app(tmp_path, server)
        task = asyncio.create_task(serve(app))
        await server.until(lambda: server.sockets)
        server.fail(method, "token_revoked")
        await _say(server)
        await server.refresh()
        with pytest.raises(PlatformError, match=f"ONRECORD_SLACK_{setting}"):
            await asyncio.wait_for(task, 15)
        app.service.close()


async def test_discord_and_slack_are_served_by_one_process(tmp_path: Path) -> None:
    async with slack_server() as slack, discord_server() as other:
        tokens = {"discord_token": SecretStr(TOKEN), "discord_api": other.address}
        async with _serving(_app(tmp_path, slack, **tokens)) as told:
            await other.until(lambda one: bool(one.sessions))
            await _say(slack)
            await other.say("<@100> How many people on a closed set?")
            await slack.until(lambda: slack.messages)
            await other.until(lambda one: one.posted())
            assert told[0] == "Connected to Slack as onrecord (Films)."


@pytest.mark.parametrize("refused", ["slack", "discord"])
async def test_a_platform_that_is_refused_does_not_stop_the_other_and_is_told_at_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, refused: str
) -> None:
    async with slack_server() as slack, discord_server() as other:
        tokens = {"discord_token": SecretStr(TOKEN if refused == "slack" else "bad")}
        app = _app(tmp_path, slack, discord_api=other.address, **tokens)
        if refused == "slack":
            slack.fail("auth.test", "invalid_auth")
        task = asyncio.create_task(serve(app))
        if refused == "slack":
            await other.until(lambda one: bool(one.sessions))
            await other.say("<@100> How many people on a closed set?")
            await other.until(lambda one: one.posted())
        else:
            await _say(slack)
            await slack.until(lambda: slack.messages)
        await asyncio.sleep(0.05)
        assert "The other platform goes on." in caplog.text
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(PlatformError, match=f"(?i){refused} refused"):
            await asyncio.wait_for(task, 15)
        app.service.close()


async def test_a_slack_that_is_down_at_first_is_connected_to_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr("bot.adapters.slack.calls._PAUSE", 0.001)
    async with slack_server() as server:
        server.fail("auth.test", "503", times=6)
        async with _serving(_app(tmp_path, server)):
            await _say(server)
            await server.until(lambda: server.messages)
            assert "the Slack client broke; starting it anew" in caplog.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slack_app_token": SecretStr("")}, "ONRECORD_SLACK_APP_TOKEN"),
        ({"slack_mode": "http"}, "ONRECORD_SLACK_SIGNING_SECRET"),
    ],
)
def test_a_setting_that_slack_needs_is_named(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        check_platforms(settings_of(tmp_path, SlackServer("http://127.0.0.1:1/api/"), **changes))


def test_the_command_says_that_the_token_is_bad_and_fails(tmp_path: Path) -> None:
    """Nothing listens there: a Slack that refuses is asked by a server of the test's own."""
    script = (
        "import asyncio, os, threading\n"
        "from tests.slack_server import slack_server\n"
        "from bot.cli import main\n"
        "async def run(up):\n"
        "    async with slack_server() as server:\n"
        "        server.fail('auth.test', 'invalid_auth')\n"
        "        os.environ['ONRECORD_SLACK_API'] = server.address\n"
        "        up.set()\n"
        "        await asyncio.sleep(100)\n"
        "up = threading.Event()\n"
        "threading.Thread(target=lambda: asyncio.run(run(up)), daemon=True).start()\n"
        "up.wait(10)\n"
        "import bot.app, tests.discord_world as w\n"
        "bot.app.App.build = classmethod(lambda cls, settings, preparing: w.app_of(settings))\n"
        "import sys; sys.argv = ['onrecord', 'serve']\n"
        "main()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "ONRECORD_HOME": str(tmp_path),
            "ONRECORD_SLACK_BOT_TOKEN": "xoxb-bad",
            "ONRECORD_SLACK_APP_TOKEN": "xapp-bad",
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 1
    assert "Slack refused ONRECORD_SLACK_BOT_TOKEN" in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr


# --- the manifest -------------------------------------------------------------------------------

_NEEDS = {
    "auth.test": set(),
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.delete": {"chat:write"},
    "views.open": set(),
    "views.publish": set(),
    "users.info": {"users:read"},
    "usergroups.users.list": {"usergroups:read"},
    "assistant.threads.setStatus": {"assistant:write"},
    "assistant.threads.setSuggestedPrompts": {"assistant:write"},
    "apps.connections.open": set(),
}
"""Scopes of the bot's token that a method needs; the last needs one of the app's token."""
_EVENTS_NEED = {
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "assistant_thread_started": {"assistant:write"},
}


def _manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return loaded


def test_the_scopes_are_those_that_the_methods_and_events_need_and_no_more() -> None:
    code = "\n".join(path.read_text("utf-8") for path in MANIFEST.parent.glob("*.py"))
    called = set(re.findall(r"_?client\.((?:[a-z]+_)+[a-zA-Z]+)\b", code)) - {"message_processor"}
    methods = {name.replace("_", ".") for name in called if name.split("_")[0] in _FAMILIES}
    assert methods == _NEEDS.keys()
    events = _manifest()["settings"]["event_subscriptions"]["bot_events"]
    needed = {"commands", "files:read"}.union(
        *_NEEDS.values(), *(_EVENTS_NEED.get(event, set()) for event in events)
    )
    assert set(_manifest()["oauth_config"]["scopes"]["bot"]) == needed


_FAMILIES = {method.split(".")[0] for method in _NEEDS}


def test_each_scope_has_its_reason_beside_it() -> None:
    lines = MANIFEST.read_text("utf-8").split("      - ")
    scopes = _manifest()["oauth_config"]["scopes"]["bot"]
    for scope in scopes:
        (line,) = [one for one in lines if one.startswith(scope)]
        assert re.match(rf"{scope}  # \S.{{8,}}", line)


def test_the_command_prints_the_manifest() -> None:
    run = CliRunner().invoke(command_line, ["slack", "manifest"])
    assert run.exit_code == 0
    assert run.stdout == MANIFEST.read_text("utf-8")


async def test_the_commands_and_shortcuts_of_the_manifest_are_known(tmp_path: Path) -> None:
    features = _manifest()["features"]
    async with world(tmp_path) as here:
        for command in features["slash_commands"]:
            await here.command(command["command"], "help")
        unknown = [one for one in here.responses() if "There is no" in one["text"]]
        assert unknown == []
        assert len(here.responses()) + len(here.posted()) == len(features["slash_commands"])
