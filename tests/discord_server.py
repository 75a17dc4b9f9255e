"""A small Discord on a local port: REST and gateway, with what goes wrong on a real one.

simcord takes the place of both below discord.py; this is for what lies above: logging in,
identifying, shards, losing the connection, resuming, rate limits, being refused.
"""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests import discord_payloads as payloads
from tests.discord_payloads import ANN, BOT, DIRECT, channel_id, guild_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

TOKEN = "MTA.good.token"
# Without "Via" discord.py takes a 429 for a ban; the type it compares to the letter.
_HEADERS = {"Via": "1.1 test", "Content-Type": "application/json"}


@dataclass
class Failure:
    """Requests that fail.

    Attributes:
        path: what their path ends with.
        status: what they get.
        times: how many of them.
        retry_after: seconds that a 429 asks for.
    """

    path: str
    status: int
    times: int = 1
    retry_after: float = 0.05


@dataclass
class Session:
    """A client's session at the gateway, which outlives its connections.

    Attributes:
        name: with which it is resumed.
        shard: its number.
        events: all that were sent in it.
        connection: the one that it has now.
    """

    name: str
    shard: int
    events: list[dict[str, Any]] = field(default_factory=list)
    connection: Connection | None = None


class Connection:
    """A websocket, compressed as the client wishes."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.path = request.path
        self._socket = socket
        self._request = request
        self._stream = zlib.compressobj() if "zlib" in request.query_string else None

    async def send(self, data: Any) -> None:
        """Send something that may or may not make sense."""
        text = data if isinstance(data, str) else json.dumps(data)
        if self._stream is None:
            await self._socket.send_str(text)
        else:
            packed = self._stream.compress(text.encode())
            await self._socket.send_bytes(packed + self._stream.flush(zlib.Z_SYNC_FLUSH))

    async def close(self, code: int) -> None:
        """Close it as the gateway does."""
        await self._socket.close(code=code)

    def drop(self) -> None:
        """The line breaks; nobody says goodbye."""
        assert self._request.transport is not None
        self._request.transport.abort()


@dataclass
class DiscordServer:
    """What the server was asked and whom it talks to.

    Attributes:
        address: of the REST interface.
        gateway: of the gateway.
        shards: how many the bot is told to have.
        close_with: a code to close each new session with, 0 for none.
        keeps_sessions: whether a lost session can be resumed.
        failures: requests that fail.
        history: messages of each channel.
        requests: method, path and body of each request.
        sessions: all that were started, the newest last.
        resumed: names of the sessions that were resumed.
        connections: all of them, the newest last.
        beats: heartbeats heard.
        open: while it is not set, no message is taken.
    """

    address: str = ""
    gateway: str = ""
    shards: int = 1
    close_with: int = 0
    keeps_sessions: bool = True
    failures: list[Failure] = field(default_factory=list)
    history: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    beats: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)
    commands: Any = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def until(self, condition: Callable[[DiscordServer], object], seconds: int = 10) -> None:
        """Wait until something was asked or somebody connected."""
        async with asyncio.timeout(seconds):
            while not condition(self):
                self._changed.clear()
                await self._changed.wait()

    def asked(self, path: str) -> int:
        """How many requests there were whose path ends so."""
        return sum(asked.endswith(path) for _, asked, _ in self.requests)

    def bodies(self, path: str) -> list[Any]:
        """Bodies of the requests whose path ends so, those that failed included."""
        return [body for _, asked, body in self.requests if asked.endswith(path) and body]

    def posted(self, channel: str = "") -> list[str]:
        """Contents of the messages that the bot sent, in one channel or all."""
        ending = f"/channels/{channel}/messages" if channel else "/messages"
        return [body["content"] for body in self.bodies(ending)]

    def session(self, shard: int = 0) -> Session:
        """The newest session of a shard."""
        return next(one for one in reversed(self.sessions) if one.shard == shard)

    def connection(self, shard: int = 0) -> Connection:
        """The connection of a shard."""
        found = self.session(shard).connection
        assert found is not None
        return found

    async def say(self, content: str, message_id: int = 900, shard: int = 0) -> dict[str, Any]:
        """Ann says something in a shard's channel."""
        place = {"channel": channel_id(shard), "guild_id": guild_id(shard)}
        said = payloads.message(message_id, content, ANN, **place)
        await self.dispatch("MESSAGE_CREATE", said, shard)
        return said

    def missed(self, content: str, channel: str, seconds: float = 0) -> dict[str, Any]:
        """Ann says something that nobody is told, some seconds from now."""
        at = payloads.snowflake((time.time() + seconds) * 1000)
        said = payloads.message(at, content, ANN, channel)
        self.history.setdefault(channel, []).append(said)
        return said

    async def ask(self, question: str, shard: int = 0) -> None:
        """Ann uses ``/ask``."""
        await self.dispatch("INTERACTION_CREATE", payloads.command(700, question, shard), shard)

    async def dispatch(self, event: str, data: Any, shard: int = 0) -> None:
        """Send an event to a shard, or keep it for when it comes back."""
        session = self.session(shard)
        sent = {"op": 0, "t": event, "s": len(session.events) + 1, "d": data}
        session.events.append(sent)
        if session.connection is not None:
            await session.connection.send(sent)

    # REST

    async def rest(self, request: web.Request) -> web.StreamResponse:
        """Answer a request of the REST interface."""
        path = request.path.removeprefix("/api/v10")
        text = await request.text()
        body = json.loads(text) if text else None
        self.requests.append((request.method, path, body))
        self._changed.set()
        if request.headers.get("Authorization") not in (f"Bot {TOKEN}", None):
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        for failure in self.failures:
            if failure.times and path.endswith(failure.path):
                failure.times -= 1
                return _failed(failure)
        if path.endswith("/messages"):
            await self.open.wait()
        return _json(self._answer(request.method, path, body))

    def _answer(self, method: str, path: str, body: Any) -> Any:
        if path == "/users/@me":
            return BOT
        if path == "/oauth2/applications/@me":
            return payloads.application()
        if path == "/gateway/bot":
            limit = {"total": 9, "remaining": 9, "reset_after": 0, "max_concurrency": 1}
            return {"url": self.gateway, "shards": self.shards, "session_start_limit": limit}
        if path.endswith("/commands"):
            return self._commands(method, body)
        if path.endswith("/callback"):
            return {"interaction": {"id": "700", "type": 2}}
        if path == f"/channels/{DIRECT}":
            return {"id": DIRECT, "type": 1, "recipients": [ANN], "last_message_id": None}
        if path.endswith(("/messages", "/@original")):
            return self._messages(method, path, body)
        return {}

    def _commands(self, method: str, body: Any) -> Any:
        if method == "PUT":
            owner = {"application_id": BOT["id"], "version": "1", "description": ""}
            self.commands = [{"id": str(at), **owner, **one} for at, one in enumerate(body, 1)]
        return self.commands

    def _messages(self, method: str, path: str, body: Any) -> Any:
        channel = path.split("/")[2] if path.startswith("/channels") else channel_id(0)
        said = self.history.setdefault(channel, [])
        if method == "GET":
            return said[::-1]  # the newest first, as Discord does
        new = payloads.snowflake(time.time() * 1000) + len(self.requests)
        more = {"message_reference": body.get("message_reference")} if body else {}
        said.append(payloads.message(new, body["content"], BOT, channel, **more))
        return said[-1]

    # Gateway

    async def websocket(self, request: web.Request) -> web.StreamResponse:
        """Talk to a client as the gateway does."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.append(connection)
        await connection.send(_operation(10, {"heartbeat_interval": 41250}))
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                heard = json.loads(message.data)
                await self._hear(connection, heard["op"], heard["d"])
        for session in self.sessions:
            if session.connection is connection:
                session.connection = None
        self._changed.set()
        return socket

    async def _hear(self, connection: Connection, operation: int, data: Any) -> None:
        if operation == 1:
            self.beats += 1
            await connection.send(_operation(11, None))
        elif operation == 2 and self.close_with:
            await connection.close(self.close_with)
        elif operation == 2:
            await self._identified(connection, data["shard"][0])
        elif operation == 6:
            await self._resumed(connection, data["session_id"], data["seq"])
        self._changed.set()

    async def _identified(self, connection: Connection, shard: int) -> None:
        session = Session(f"session{len(self.sessions)}", shard, connection=connection)
        self.sessions.append(session)
        last = self.history.get(channel_id(shard), [{"id": "1"}])[-1]["id"]
        ready = payloads.ready(session.name, shard, self.shards, self.gateway)
        await self.dispatch("READY", ready, shard)
        await self.dispatch("GUILD_CREATE", payloads.guild(shard, last), shard)

    async def _resumed(self, connection: Connection, name: str, seen: int) -> None:
        session = next((one for one in self.sessions if one.name == name), None)
        if session is None or not self.keeps_sessions:
            await connection.send(_operation(9, data=False))
            return
        for event in session.events[seen:]:
            await connection.send(event)
        session.connection = connection
        self.resumed.append(name)
        await self.dispatch("RESUMED", {}, session.shard)


def _operation(operation: int, data: Any) -> dict[str, Any]:
    return {"op": operation, "d": data, "s": None, "t": None}


def _json(data: Any, status: int = 200, **headers: str) -> web.Response:
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers={**_HEADERS, **headers})


def _failed(failure: Failure) -> web.Response:
    if failure.status != 429:
        return web.Response(text="upstream failed", status=failure.status)
    seconds = {"Retry-After": str(failure.retry_after), "X-RateLimit-Scope": "user"}
    limited = {"message": "You are being rate limited.", "retry_after": failure.retry_after}
    return _json({**limited, "global": False}, 429, **seconds)


@asynccontextmanager
async def discord_server() -> AsyncIterator[DiscordServer]:
    """The server, listening on a free port."""
    server = DiscordServer()
    app = web.Application()
    app.router.add_get("/{gateway:(gateway|other)/?}", server.websocket)
    app.router.add_route("*", "/api/v10/{rest:.*}", server.rest)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.address = f"http://{host}:{port}/api/v10"
    server.gateway = f"ws://{host}:{port}/gateway"
    try:
        yield server
    finally:
        await runner.cleanup()
