"""The little of Slack that the bot needs: Web API, Socket Mode and response addresses, locally.

It speaks the protocols; what people do in the workspace is in ``tests.slack_world``.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

BOT_TOKEN, APP_TOKEN = "xoxb-good", "xapp-good"
TEAM, ME, MY_BOT = "T1", "UBOT", "BBOT"
_LONGEST_UPDATE, _LONGEST_TEXT, _MOST_BLOCKS = 4000, 40_000, 50
_PLAIN = ("assistant.threads.setStatus", "assistant.threads.setSuggestedPrompts")
"""Methods that answer no more than that they did what they were asked."""
_RESPONSES = 5
"""How often a response address may be used."""

Body = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A call of the Web API, or of a response address (``respond``)."""

    method: str
    body: Body


@dataclass
class Fault:
    """What a call is answered instead of what it asks for.

    Attributes:
        error: Slack's word for it; ``ratelimited`` comes as 429, a number as that status.
        times: how often.
        more: further keys of the answer, or headers of a 429.
    """

    error: str
    times: int
    more: Body


@dataclass
class SlackServer:
    """What the server was asked and whom it talks to.

    Attributes:
        address: of the Web API.
        calls: all calls, oldest first.
        acks: payloads of acknowledgements by envelope; ``None`` where there was none.
        sockets: open connections, the newest last.
        opened: how many connections there were.
        messages: what stands in the channels, by channel and timestamp.
        users: answers of users.info.
        groups: who belongs to which user group.
        files: what people shared, by name.
        closed_files: whether the bot lacks the scope to read them.
        alter: what becomes of a message's blocks.
    """

    address: str = ""
    calls: list[Call] = field(default_factory=list)
    acks: dict[str, Any] = field(default_factory=dict)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    opened: int = 0
    messages: dict[tuple[str, str], Body] = field(default_factory=dict)
    users: dict[str, Body] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    closed_files: bool = False
    faults: dict[str, Fault] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    alter: Callable[[str, Any], Any] = lambda _, blocks: blocks
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _number: int = 0
    _tickets: set[str] = field(default_factory=set)

    # --- for tests --------------------------------------------------------------------------

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something was asked, acknowledged or connected."""
        async with asyncio.timeout(10):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    def made(self, method: str) -> list[Body]:
        """Bodies of the calls of one method."""
        return [call.body for call in self.calls if call.method == method]

    def fail(self, method: str, error: str, times: int = 1_000_000, **more: Any) -> None:
        """Answer the next calls of a method with an error."""
        self.faults[method] = Fault(error, times, more)

    async def send(self, kind: str, payload: Body, *, attempt: int = 0, envelope: str = "") -> Any:
        """Send an envelope to the newest connection. Returns the payload of its acknowledgement."""
        envelope = envelope or self.stamp()
        self.acks.pop(envelope, None)
        message: Body = {"type": kind, "envelope_id": envelope, "payload": payload}
        if attempt:
            message |= {"retry_attempt": attempt, "retry_reason": "timeout"}
        message["accepts_response_payload"] = kind != "events_api"
        await self.sockets[-1].send_json(message)
        await self.until(lambda: envelope in self.acks)
        return self.acks[envelope]

    async def refresh(self) -> None:
        """Ask the newest connection to make another one, as Slack does every few hours."""
        await self.sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})

    def stamp(self) -> str:
        """A timestamp that was not used before."""
        self._number += 1
        return f"1790000000.{self._number:06}"

    def response_url(self) -> str:
        """An address to answer an interaction at."""
        return f"{self.address.removesuffix('/api/')}/respond/{self.stamp()}"

    # --- the Web API ------------------------------------------------------------------------

    async def api(self, request: web.Request) -> web.Response:
        """Answer a call."""
        method, body = request.match_info["method"], await _body(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append(Call(method, body))
        self.changed.set()
        fault = self.faults.get(method)
        if fault is not None and fault.times > 0:
            fault.times -= 1
            return _failed(fault)
        good = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if token != good:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        return web.json_response(self._answer(method, body))

    def _answer(self, method: str, body: Body) -> Body:
        match method:
            case "auth.test":
                return {"ok": True, "user_id": ME, "bot_id": MY_BOT, "user": "onrecord"} | {
                    "team_id": TEAM,
                    "team": "Films",
                    "url": "https://films.slack.com/",
                }
            case "apps.connections.open":
                self._tickets.add(ticket := self.stamp())
                link = self.address.replace("http", "ws", 1).replace("/api/", "/link/")
                return {"ok": True, "url": f"{link}?ticket={ticket}"}
            case "users.info":
                user = self.users.get(body["user"])
                return {"ok": True, "user": user} if user else _error("user_not_found")
            case "usergroups.users.list":
                return {"ok": True, "users": self.groups.get(body["usergroup"], [])}
            case "chat.postMessage":
                return self._post(body)
            case "chat.update":
                return self._update(body)
            case "chat.delete":
                return self._delete(body)
            case "chat.postEphemeral":
                return {"ok": True, "message_ts": self.stamp()}
            case "views.open" | "views.publish" | "views.update":
                return {"ok": True, "view": {"id": "V1", **body["view"]}}
        return {"ok": True} if method in _PLAIN else _error("unknown_method")

    def _post(self, body: Body) -> Body:
        if fault := _unfit(body, _LONGEST_TEXT):
            return _error(fault)
        channel = (
            body["channel"].replace("U", "D") if body["channel"][0] == "U" else body["channel"]
        )
        return self._kept(channel, self.stamp(), body)

    def _update(self, body: Body) -> Body:
        if (body["channel"], body["ts"]) not in self.messages:
            return _error("message_not_found")
        if fault := _unfit(body, _LONGEST_UPDATE):
            return _error(fault)
        before = self.messages[body["channel"], body["ts"]]
        return self._kept(body["channel"], body["ts"], {**before, **body})

    def _delete(self, body: Body) -> Body:
        gone = self.messages.pop((body["channel"], body["ts"]), None)
        return {"ok": True} if gone else _error("message_not_found")

    def _kept(self, channel: str, timestamp: str, body: Body) -> Body:
        blocks = self.alter(body.get("text", ""), body.get("blocks"))
        message = {"ts": timestamp, "user": ME, "bot_id": MY_BOT, "text": body["text"]}
        message |= {"type": "message"} | ({"blocks": blocks} if blocks else {})
        if body.get("thread_ts"):
            message["thread_ts"] = body["thread_ts"]
        self.messages[channel, timestamp] = message
        return {"ok": True, "channel": channel, "ts": timestamp, "message": message}

    async def respond(self, request: web.Request) -> web.Response:
        """Take an answer at a response address: text and not JSON comes back."""
        self.used[request.path] = self.used.get(request.path, 0) + 1
        self.calls.append(Call("respond", {**await request.json(), "path": request.path}))
        self.changed.set()
        if self.used[request.path] > _RESPONSES or "respond" in self.faults:
            return web.Response(text="used_url", status=404)
        return web.Response(text="ok")

    async def file(self, request: web.Request) -> web.Response:
        """Give out a file; to those who may not read it a page to log in, as Slack does."""
        data = self.files.get(request.match_info["name"])
        token = request.headers.get("Authorization")
        if data is None:
            return web.Response(status=404)
        if token != f"Bearer {BOT_TOKEN}" or self.closed_files:
            return web.Response(text="<html>Log in</html>", content_type="text/html")
        return web.Response(body=data, content_type="application/octet-stream")

    # --- Socket Mode ------------------------------------------------------------------------

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Talk to a client. An address is good for one connection."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self.opened += 1
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets)})
        self.changed.set()
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            acked = json.loads(message.data)
            self.acks[acked["envelope_id"]] = acked.get("payload")
            self.changed.set()
        self.sockets.remove(socket)
        self.changed.set()
        return socket


async def _body(request: web.Request) -> Body:
    """What a call says: slack_sdk puts it into the query, a form or JSON."""
    if request.content_type == "application/json":
        return dict(await request.json())
    given = {**request.query, **await request.post()}
    return {name: _value(str(value)) for name, value in given.items()}


def _value(text: str) -> Any:
    return json.loads(text) if text[:1] in ("[", "{") else text


def _unfit(body: Body, longest: int) -> str:
    if not body.get("text") and not body.get("blocks"):
        return "no_text"
    if len(body.get("text", "")) > longest:
        return "msg_too_long"
    return "invalid_blocks" if len(body.get("blocks") or ()) > _MOST_BLOCKS else ""


def _error(error: str) -> Body:
    return {"ok": False, "error": error}


def _failed(fault: Fault) -> web.Response:
    if fault.error.isdigit():
        return web.Response(status=int(fault.error), text="down")
    if fault.error == "ratelimited":
        headers = {name.replace("_", "-"): str(value) for name, value in fault.more.items()}
        return web.json_response(_error(fault.error), status=429, headers=headers)
    return web.json_response({**_error(fault.error), **fault.more})


@asynccontextmanager
async def slack_server() -> AsyncIterator[SlackServer]:
    """The server, listening on a free port."""
    server = SlackServer()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", server.api)
    app.router.add_post("/respond/{id}", server.respond)
    app.router.add_get("/link/", server.link)
    app.router.add_get("/files/{name}", server.file)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    server.address = f"http://{host}:{port}/api/"
    try:
        yield server
    finally:
        await runner.cleanup()
