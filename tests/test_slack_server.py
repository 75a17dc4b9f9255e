"""The local Slack does what Slack is known to do, so that tests against it mean something."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import DividerBlock
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer, slack_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest_asyncio.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with slack_server() as made:
        yield made


def _client(server: SlackServer, token: str = BOT_TOKEN) -> AsyncWebClient:
    return AsyncWebClient(token, base_url=server.address)


async def test_bodies_come_as_query_form_and_json_and_are_recorded_alike(
    server: SlackServer,
) -> None:
    client, blocks = _client(server), [DividerBlock()]
    server.users["U1"] = {"id": "U1"}
    await client.users_info(user="U1")
    await client.chat_postMessage(channel="C1", text="a", blocks=blocks)
    encoded = json.dumps([block.to_dict() for block in blocks])
    await client.api_call(
        "chat.postMessage", data={"channel": "C1", "text": "a", "blocks": encoded}
    )
    assert server.made("users.info") == [{"user": "U1"}]
    by_json, by_form = server.made("chat.postMessage")
    assert by_json == by_form == {"channel": "C1", "text": "a", "blocks": [{"type": "divider"}]}


@pytest.mark.parametrize(("token", "method"), [("xoxb-bad", "auth.test"), ("", "chat.delete")])
async def test_a_wrong_token_is_refused(server: SlackServer, token: str, method: str) -> None:
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await _client(server, token).api_call(method)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await _client(server).apps_connections_open(app_token=BOT_TOKEN)


async def test_a_message_that_is_sent_can_be_changed_and_deleted_once(
    server: SlackServer,
) -> None:
    client = _client(server)
    sent = await client.chat_postMessage(channel="C1", text="a", thread_ts="1.2")
    changed = await client.chat_update(channel="C1", ts=sent["ts"], text="b")
    assert changed["message"]["text"] == "b"
    assert changed["message"]["thread_ts"] == "1.2"
    await client.chat_delete(channel="C1", ts=sent["ts"])
    for call in (client.chat_delete, client.chat_update):
        with pytest.raises(SlackApiError, match="message_not_found"):
            await call(channel="C1", ts=sent["ts"], text="c")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "a" * 40_001}, "msg_too_long"),
        ({"text": "a", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
    ],
)
async def test_what_does_not_fit_is_refused(
    server: SlackServer, body: dict[str, Any], error: str
) -> None:
    with pytest.raises(SlackApiError, match=error):
        await _client(server).api_call("chat.postMessage", json={"channel": "C1", **body})


async def test_a_text_that_may_be_sent_may_be_too_long_to_edit(server: SlackServer) -> None:
    client = _client(server)
    sent = await client.chat_postMessage(channel="C1", text="a" * 4001)
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel="C1", ts=sent["ts"], text="a" * 4001)


async def test_faults_come_as_often_as_they_are_wanted(server: SlackServer) -> None:
    client = _client(server)
    server.fail("auth.test", "ratelimited", times=1, Retry_After=7)
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    await client.auth_test()
    server.fail("auth.test", "missing_scope", times=1, needed="x:read")
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response["needed"] == "x:read"


async def test_methods_that_there_are_not_are_refused(server: SlackServer) -> None:
    with pytest.raises(SlackApiError, match="unknown_method"):
        await _client(server).api_call("chat.dance")


async def test_an_address_of_socket_mode_is_good_for_one_connection(
    server: SlackServer,
) -> None:
    told = await _client(server).apps_connections_open(app_token=APP_TOKEN)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(told["url"]) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(told["url"])


async def test_envelopes_wait_for_their_acknowledgement_and_may_come_again(
    server: SlackServer,
) -> None:
    told = await _client(server).apps_connections_open(app_token=APP_TOKEN)
    async with aiohttp.ClientSession() as session, session.ws_connect(told["url"]) as socket:
        await socket.receive_json()

        async def acknowledge() -> dict[str, Any]:
            envelope: dict[str, Any] = await socket.receive_json()
            await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"a": 1}})
            return envelope

        taking = asyncio.create_task(acknowledge())
        assert await server.send("slash_commands", {"command": "/x"}, attempt=2) == {"a": 1}
        envelope = await taking
        assert envelope["type"] == "slash_commands"
        assert envelope["retry_attempt"] == 2
        assert envelope["accepts_response_payload"] is True
        await server.refresh()
        assert (await socket.receive_json())["type"] == "disconnect"


async def test_a_response_address_is_good_for_five_uses(server: SlackServer) -> None:
    url = server.response_url()
    async with aiohttp.ClientSession() as session:
        statuses = [(await session.post(url, json={"text": "a"})).status for _ in range(6)]
    assert statuses == [200] * 5 + [404]
    assert len(server.made("respond")) == 6
