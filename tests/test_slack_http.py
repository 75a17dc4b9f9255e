"""HTTP mode: only what Slack signed just now is run, once."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp
import pytest
from pydantic import SecretStr
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.errors import PlatformError
from tests.slack_server import TEAM
from tests.slack_world import ANN, CHANNEL, MENTION, World, seen, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
QUESTION = "How many people on a closed set?"


@asynccontextmanager
async def _listening(home: Path, **changes: Any) -> AsyncIterator[World]:
    options = {"slack_mode": "http", "slack_signing_secret": SecretStr(SECRET), "slack_port": 0}
    async with world(home, **{**options, **changes}) as made:
        yield made


def _signed(body: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:%s:%s" % (stamp.encode(), body), hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
        "Content-Type": "application/json" if body[:1] == b"{" else _FORM,
    }


_FORM = "application/x-www-form-urlencoded"


async def _send(here: World, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    address = f"http://127.0.0.1:{here.bot.port}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=body, headers=headers) as response,
    ):
        told = await response.text()
    await here.bot.settled()
    return response.status, told


def _event(here: World) -> bytes:
    return json.dumps(here.envelope(here.message(f"{MENTION} {QUESTION}"))).encode()


def _command(here: World) -> bytes:
    body = {"command": "/ask", "text": QUESTION, "user_id": ANN, "team_id": TEAM}
    body |= {"channel_id": CHANNEL, "trigger_id": "trigger1"}
    return urlencode({**body, "response_url": here.server.response_url()}).encode()


async def test_what_slack_signed_is_answered(tmp_path: Path) -> None:
    async with _listening(tmp_path) as here:
        for body in (_event(here), _command(here)):
            assert await _send(here, body, _signed(body)) == (200, "")
        assert ["eight people" in seen(one) for one in here.posted()] == [True, True]
        assert here.server.opened == 0


async def test_slack_may_see_whether_the_address_is_right(tmp_path: Path) -> None:
    async with _listening(tmp_path) as here:
        body = b'{"type": "url_verification", "challenge": "abc"}'
        status, told = await _send(here, body, _signed(body))
        assert (status, json.loads(told)) == (200, {"challenge": "abc"})


@pytest.mark.parametrize(
    "change",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=Ω"},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": ""},
    ],
    ids=str,
)
async def test_a_wrong_signature_is_refused_and_nothing_is_run(
    tmp_path: Path, change: dict[str, str]
) -> None:
    async with _listening(tmp_path) as here:
        body = _event(here)
        calls = len(here.server.calls)
        status, _ = await _send(here, body, _signed(body) | change)
        assert status == 401
        assert len(here.server.calls) == calls


@pytest.mark.parametrize("seconds", [-301, -86_400, 301, 86_400])
async def test_an_old_signature_and_one_of_the_future_are_refused(
    tmp_path: Path, seconds: int
) -> None:
    async with _listening(tmp_path) as here:
        body = _event(here)
        status, _ = await _send(here, body, _signed(body, time.time() + seconds))
        assert status == 401
        assert here.posted() == []


async def test_a_signature_of_other_words_or_another_secret_is_refused(tmp_path: Path) -> None:
    async with _listening(tmp_path) as here:
        body, other = _event(here), _command(here)
        for given, headers in (
            (body, _signed(other)),
            (body, _signed(body, secret="guessed")),
            (b"\xff\xfe", _signed(b"\xff\xfe")),
            (b"{", {}),
            (b"", {}),
        ):
            assert (await _send(here, given, headers))[0] == 401
        assert here.posted() == []


async def test_a_request_that_is_replayed_is_not_run_again(tmp_path: Path) -> None:
    async with _listening(tmp_path) as here:
        for body in (_event(here), _command(here)):
            headers = _signed(body)
            for _ in range(3):
                assert (await _send(here, body, headers))[0] == 200
            await here.restart()
            assert (await _send(here, body, headers))[0] == 200
        assert len(here.posted()) == 2


async def test_a_delivery_that_slack_repeats_is_not_run_again(tmp_path: Path) -> None:
    async with _listening(tmp_path) as here:
        body = _event(here)
        for attempt in ("0", "1", "2"):
            headers = {**_signed(body, time.time() + int(attempt)), "X-Slack-Retry-Num": attempt}
            assert (await _send(here, body, headers))[0] == 200
        assert len(here.posted()) == 1


async def test_nonsense_that_is_signed_is_no_fault(tmp_path: Path) -> None:
    async with _listening(tmp_path) as here:
        for body in (b"{}", b'{"event": {}}', b"a=b", b"payload=%7B%7D", b"[1]", b'{"a": '):
            status, _ = await _send(here, body, _signed(body))
            assert status in (200, 400, 404), body
        body = _event(here)
        assert (await _send(here, body, _signed(body)))[0] == 200
        assert len(here.posted()) == 1


async def test_without_a_secret_nothing_that_comes_by_http_is_genuine(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        body = _event(here).decode()
        headers: Any = _signed(body.encode(), secret=" ")
        answer = await here.bot.bolt.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        assert answer.status == 401
        assert here.posted() == []


async def test_the_app_itself_checks_signatures_too(tmp_path: Path) -> None:
    async with _listening(tmp_path) as here:
        body = _event(here).decode()
        for headers, status in (
            (_signed(body.encode(), secret="x"), 401),
            (_signed(body.encode()), 200),
        ):
            sent: Any = headers
            answer = await here.bot.bolt.async_dispatch(AsyncBoltRequest(body=body, headers=sent))
            assert answer.status == status
        await here.server.until(here.posted)
        assert len(here.posted()) == 1


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    async with _listening(tmp_path) as here:
        taken = here.bot.port
        async with _listening_not(tmp_path / "other", taken) as other:
            with pytest.raises(PlatformError, match=f"Cannot listen on 127.0.0.1:{taken}"):
                await other.connect()


@asynccontextmanager
async def _listening_not(home: Path, port: int) -> AsyncIterator[World]:
    async with _listening(home, slack_port=port, connected=False) as made:
        yield made
