"""A Slack on a local port with the real bot in it, for scenarios through the front door."""

from __future__ import annotations

import re
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from bot.app import build_slack_app
from tests.discord_world import app_of, settings_in
from tests.slack_server import APP_TOKEN, BOT_TOKEN, ME, TEAM, SlackServer, slack_server
from tests.slack_text import faults, visible

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.adapters.slack.bot import SlackBot
    from bot.adapters.slack.socket import SlackHandler
    from bot.app import App
    from bot.settings import Settings

CHANNEL, DIRECT, ANN, BOB = "C1", "D1", "UANN", "UBOB"
MENTION = f"<@{ME}>"

Body = dict[str, Any]


@dataclass
class World:
    """A workspace with a channel, two members, and the bot."""

    server: SlackServer
    handler: SlackHandler
    app: App
    settings: Settings

    @property
    def bot(self) -> SlackBot:
        return self.handler.bot

    async def restart(self) -> None:
        """Another process takes over: a new bot with the same home."""
        await self.handler.close_async()
        self.app.service.close()
        self.app = app_of(self.settings, self.app.embedder)
        _, self.handler = build_slack_app(self.settings, self.app)
        await self.connect()

    async def connect(self) -> None:
        opened = self.server.opened
        await self.handler.connect_async()
        if not self.bot.listens:
            await self.server.until(lambda: self.server.opened > opened)

    # --- what people do ---------------------------------------------------------------------

    async def event(self, event: Body, *, event_id: str = "", attempt: int = 0) -> Body:
        """Slack reports something; the bot has acknowledged it and dealt with it after this."""
        body = self.envelope(event, event_id)
        await self.server.send("events_api", body, attempt=attempt)
        await self.bot.settled()
        return body

    def envelope(self, event: Body, event_id: str = "") -> Body:
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A1",
            "event_id": event_id or f"Ev{self.server.stamp()}",
            "event_time": 1790000000,
            "event": event,
            "authorizations": [{"team_id": TEAM, "user_id": ME, "is_bot": True}],
        }

    def message(self, text: str, **more: Any) -> Body:
        """A message in the channel, by Ann unless somebody else is named."""
        said: Body = {"type": "message", "channel": CHANNEL, "channel_type": "channel"}
        said |= {"user": ANN, "text": text, "ts": self.server.stamp()}
        return said | more

    async def mention(self, text: str, **more: Any) -> Body:
        """Somebody mentions the bot, which Slack reports in two events."""
        said = self.message(f"{MENTION} {text}", **more)
        await self.event({**said, "type": "app_mention"})
        await self.event(said)
        return said

    async def direct(self, text: str, **more: Any) -> Body:
        """Ann writes to the bot directly."""
        said = self.message(text, channel=DIRECT, channel_type="im", **more)
        await self.event(said)
        return said

    async def command(self, command: str, text: str = "", **more: Any) -> Body:
        """Somebody types a command."""
        body: Body = {"command": command, "text": text, "user_id": ANN, "team_id": TEAM}
        body |= {"channel_id": CHANNEL, "trigger_id": f"trigger{self.server.stamp()}"}
        body |= {"response_url": self.server.response_url(), **more}
        await self.server.send("slash_commands", body)
        await self.bot.settled()
        return body

    async def shortcut(self, message: Body, callback: str = "onrecord:ask_about") -> Body:
        """Ann uses a shortcut on a message."""
        body: Body = {"type": "message_action", "callback_id": callback, "message": message}
        body |= {**self.who(ANN), "channel": {"id": CHANNEL}}
        await self.interact(body)
        return body

    def who(self, user: str) -> Body:
        return {
            "user": {"id": user},
            "team": {"id": TEAM},
            "trigger_id": f"trigger{self.server.stamp()}",
            "response_url": self.server.response_url(),
        }

    async def click(self, message: Body, action: str, user: str = ANN, **more: Any) -> Body:
        """Somebody clicks on a button under a message."""
        (found,) = [one for one in ids_in(message) if one.startswith(f"onrecord:{action}:")]
        body: Body = {"type": "block_actions", "message": message, "channel": {"id": CHANNEL}}
        body |= {**self.who(user), "actions": [{"type": "button", "action_id": found}], **more}
        await self.interact(body)
        return body

    async def interact(self, body: Body) -> Any:
        """Somebody uses a control. Returns the payload of the acknowledgement."""
        shown = await self.server.send("interactive", body)
        await self.bot.settled()
        return shown

    # --- what the bot did -------------------------------------------------------------------

    def posted(self) -> list[Body]:
        """Messages of the bot that stand in channels, oldest first."""
        return list(self.server.messages.values())

    def only(self) -> Body:
        (message,) = self.posted()
        return message

    async def answer(self, text: str, **more: Any) -> Body:
        """Somebody mentions the bot; its one reply comes back."""
        before = len(self.posted())
        await self.mention(text, **more)
        (reply,) = self.posted()[before:]
        return reply

    def responses(self) -> list[Body]:
        return self.server.made("respond")

    def texts(self) -> str:
        """All that the articles say."""
        snapshot = self.app.live.snapshot()
        return "\n\n".join(snapshot.article(one).text for one in snapshot.store.ids)


def ids_in(message: Body) -> list[str]:
    """The ids of the buttons under a message."""
    return re.findall(r"onrecord:\w+:[0-9a-f]{16}", str(message["blocks"]))


def seen(message: Body) -> str:
    """What a reader sees of a message."""
    return visible(message["blocks"]) if "blocks" in message else str(message["text"])


def settings_of(home: Path, server: SlackServer, **changes: Any) -> Settings:
    tokens = {"slack_bot_token": SecretStr(BOT_TOKEN), "slack_app_token": SecretStr(APP_TOKEN)}
    return settings_in(home, slack_api=server.address, **{**tokens, **changes})


def _take_index(home: Path) -> None:
    """Copy the index of this world's articles, which is made once for the whole run."""
    made = home.parent / "index-of-the-slack-world"
    if not made.exists():
        app = app_of(settings_in(made))
        app.ensure_index()
        app.service.close()
    shutil.copytree(made, home, dirs_exist_ok=True)


@asynccontextmanager
async def world(
    home: Path, embedder: Any = None, *, connected: bool = True, **changes: Any
) -> AsyncIterator[World]:
    """A workspace with a running bot; each call that Slack would refuse for its form fails."""
    async with slack_server() as server:
        server.users = {
            ANN: {"id": ANN, "name": "ann", "profile": {"display_name": "Ann"}, "locale": "en-US"},
            BOB: {"id": BOB, "name": "bob", "real_name": "Bob", "is_admin": True},
        }
        if not (home / "articles").exists():
            _take_index(home)
        settings = settings_of(home, server, **changes)
        app = app_of(settings, embedder)
        _, handler = build_slack_app(settings, app)
        made = World(server, handler, app, settings)
        try:
            if connected:
                await made.connect()
            yield made
        finally:
            await made.handler.close_async()
            made.app.service.close()
        found = [fault for call in server.calls for fault in faults(call.method, call.body)]
        if found:
            pytest.fail("\n".join(found))
