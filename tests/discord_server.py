"""The little of Discord that a client needs to start: REST and gateway on a local port.

simcord takes the place of both below discord.py; this is for what lies above: logging in,
connecting, losing the connection, being refused.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOKEN = "MTA.good.token"
_BOT = {"id": "100", "username": "On Record", "discriminator": "0", "avatar": None, "bot": True}
_ANN = {"id": "200", "username": "ann", "discriminator": "0", "avatar": None}
# Without "Via" discord.py takes an error for a ban; the type it compares to the letter.
_HEADERS = {"Via": "1.1 test", "Content-Type": "application/json"}

_ANSWER = str(1 << 10 | 1 << 11 | 1 << 16)
"""View channels, send messages, read the history."""


@dataclass
class DiscordServer:
    """What the server was asked and whom it talks to.

    Attributes:
        address: of the REST interface.
        requests: method, path and body of each request.
        sockets: the connections to the gateway, the newest last.
        identified: how many sessions were started.
        close_with: a code to close each new session with, 0 for none.
    """

    address: str = ""
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    identified: int = 0
    close_with: int = 0
    commands: Any = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, condition: Any) -> None:
        """Wait until something was asked or somebody connected."""
        async with asyncio.timeout(6):
            while not condition(self):
                self.changed.clear()
                await self.changed.wait()

    def posted(self) -> list[str]:
        """Contents of the messages that were sent."""
        return [
            body["content"]
            for method, path, body in self.requests
            if method == "POST" and path.endswith("/messages")
        ]

    async def say(self, content: str, message_id: int = 900) -> dict[str, Any]:
        """Ann says something in the channel."""
        message = _message(message_id, content, _ANN, guild=True)
        await self.dispatch("MESSAGE_CREATE", message)
        return message

    async def dispatch(self, event: str, data: Any) -> None:
        """Send an event to the newest connection."""
        await self.sockets[-1].send_json({"op": 0, "t": event, "s": 1, "d": data})

    async def rest(self, request: web.Request) -> web.StreamResponse:
        """Answer a request of the REST interface."""
        path = request.path.removeprefix("/api/v10")
        text = await request.text()
        body = json.loads(text) if text else None
        self.requests.append((request.method, path, body))
        self.changed.set()
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        return _json(self._answer(request.method, path, body))

    def _answer(self, method: str, path: str, body: Any) -> Any:
        if path == "/users/@me":
            return _BOT
        if path == "/oauth2/applications/@me":
            return {
                **_BOT,
                "name": "On Record",
                "description": "",
                "icon": None,
                "summary": "",
                "team": None,
                "rpc_origins": [],
                "bot_public": True,
                "flags": 0,
                "bot_require_code_grant": False,
                "verify_key": "",
                "owner": _ANN,
            }
        if path == "/gateway/bot":
            limit = {"total": 9, "remaining": 9, "reset_after": 0, "max_concurrency": 1}
            gateway = self.address.replace("http", "ws").replace("/api/v10", "/gateway")
            return {"url": gateway, "shards": 1, "session_start_limit": limit}
        if path.endswith("/commands"):
            if method == "PUT":
                self.commands = [
                    {
                        "id": str(at),
                        "application_id": "100",
                        "version": "1",
                        "description": "",
                        **one,
                    }
                    for at, one in enumerate(body, 1)
                ]
            return self.commands
        if path.endswith("/messages") and method == "GET":
            return self.history
        if path.endswith("/messages"):
            return _message(5000 + len(self.requests), body["content"], _BOT)
        return {}

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        """Talk to a client as the gateway does."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            await self._hear(socket, json.loads(message.data)["op"])
        return socket

    async def _hear(self, socket: web.WebSocketResponse, operation: int) -> None:
        if operation == 1:
            await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
        elif operation == 2:
            if self.close_with:
                await socket.close(code=self.close_with)
                return
            self.identified += 1
            await self.dispatch("READY", self._ready())
            await self.dispatch("GUILD_CREATE", self._guild())
            self.changed.set()

    def _ready(self) -> dict[str, Any]:
        gateway = self.address.replace("http", "ws").replace("/api/v10", "/gateway")
        return {
            "v": 10,
            "user": _BOT,
            "session_id": "s",
            "resume_gateway_url": gateway,
            "shard": [0, 1],
            "application": {"id": "100", "flags": 0},
            "guilds": [{"id": "300", "unavailable": True}],
            "private_channels": [],
        }

    def _guild(self) -> dict[str, Any]:
        last = self.history[-1]["id"] if self.history else "1"
        everyone = {
            "id": "300",
            "name": "@everyone",
            "permissions": _ANSWER,
            "position": 0,
            "color": 0,
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        channel: dict[str, Any] = {
            "id": "400",
            "type": 0,
            "name": "general",
            "position": 0,
            "guild_id": "300",
            "permission_overwrites": [],
            "last_message_id": last,
            "nsfw": False,
        }
        me = {
            "user": _BOT,
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "flags": 0,
            "deaf": False,
            "mute": False,
        }
        return {
            "id": "300",
            "name": "Server",
            "owner_id": "200",
            "roles": [everyone],
            "channels": [channel],
            "members": [me],
            "member_count": 2,
            "emojis": [],
            "features": [],
            "preferred_locale": "en-US",
            "threads": [],
            "presences": [],
            "voice_states": [],
            "stickers": [],
            "large": False,
            "joined_at": me["joined_at"],
            "verification_level": 0,
            "default_message_notifications": 0,
            "afk_timeout": 300,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "system_channel_flags": 0,
            "premium_progress_bar_enabled": False,
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


def _message(
    message_id: int, content: str, author: dict[str, Any], *, guild: bool = False
) -> dict[str, Any]:
    mentions = [_BOT] if "<@100>" in content else []
    message = {
        "id": str(message_id),
        "channel_id": "400",
        "author": author,
        "content": content,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": mentions,
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "components": [],
        "flags": 0,
    }
    return {**message, "guild_id": "300"} if guild else message


def _json(data: Any, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(data).encode(), status=status, headers=_HEADERS)


def missed(content: str, milliseconds: int) -> dict[str, Any]:
    """A message that Ann said at some time, in milliseconds since 1970."""
    return _message((milliseconds - 1420070400000) << 22, content, _ANN)


@asynccontextmanager
async def discord_server() -> AsyncIterator[DiscordServer]:
    """The server, listening on a free port."""
    server = DiscordServer()
    app = web.Application()
    app.router.add_get("/gateway", server.gateway)
    app.router.add_get("/gateway/", server.gateway)
    app.router.add_route("*", "/api/v10/{rest:.*}", server.rest)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.address = f"http://{host}:{port}/api/v10"
    try:
        yield server
    finally:
        await runner.cleanup()
