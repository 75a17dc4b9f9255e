"""The connection to Slack: Socket Mode, which needs no public address."""

from __future__ import annotations

import asyncio
import logging
from time import time
from typing import TYPE_CHECKING, Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.adapters.slack.calls import DEAD, code

if TYPE_CHECKING:
    from slack_bolt.app.async_app import AsyncApp
    from slack_sdk.socket_mode.request import SocketModeRequest

    from bot.adapters.slack.bot import SlackBot

_PING = 5.0
"""Seconds between two pings, and before a connection that failed is made again."""
_NOBODYS = 404
"""Bolt's status for a request that nobody takes."""

_log = logging.getLogger(__name__)


class Socket(SocketModeClient):
    """A Socket Mode client whose every try to connect uses an address of its own.

    An address is good for one connection; the SDK's client goes on trying the same.
    """

    def __init__(self, bot: SlackBot, app_token: str) -> None:
        super().__init__(
            app_token,
            logger=logging.getLogger("slack_sdk.socket_mode"),
            web_client=bot.client,
            ping_interval=_PING,
        )
        self._bot = bot

    async def issue_new_wss_url(self) -> str:
        """An address to connect to; tells the bot if it will never get one again."""
        try:
            return await super().issue_new_wss_url()
        except SlackApiError as error:
            if code(error) in DEAD:
                self._bot.refused("ONRECORD_SLACK_APP_TOKEN", code(error))
            raise

    async def connect(self) -> None:
        """Connect, with a new address each time; ends when connected or closed."""
        while not self.closed:
            try:
                async with asyncio.timeout(self.ping_interval):
                    await super().connect()  # type: ignore[no-untyped-call]
                    return
            except TimeoutError:
                await self._renew()

    async def _renew(self) -> None:
        try:
            self.wss_uri = await self.issue_new_wss_url()
        except Exception as error:  # noqa: BLE001 - tried again until somebody closes it
            _log.warning("Slack gives no address to connect to: %s", code(error) or error)
            await asyncio.sleep(self.ping_interval)


class SlackHandler(AsyncSocketModeHandler):
    """Connects the bot: by Socket Mode, or by listening for Slack's requests.

    Args:
        bot: the bot.
        app: its Bolt app.
        app_token: for Socket Mode.
    """

    def __init__(self, bot: SlackBot, app: AsyncApp, app_token: str) -> None:
        self.app = app
        self.app_token = app_token
        self.bot = bot
        self.client: Socket = Socket(bot, app_token)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Take a request, and acknowledge it even if it makes no sense."""
        started = time()
        response = await run_async_bolt_app(self.app, req)
        if response.status == _NOBODYS:
            response = BoltResponse(status=200)
        await send_async_response(client, req, response, started)

    async def connect_async(self) -> None:
        """Log in and connect.

        Raises:
            PlatformError: if Slack refuses a token.
        """
        await self.bot.log_in()
        if self.bot.listens:
            await self.bot.listen()
            return
        self.client.wss_uri = await self.bot.first_address()
        await self.client.connect()

    async def start_async(self) -> None:
        """Connect, and stay connected until the bot is closed.

        Raises:
            PlatformError: if Slack refuses the bot, now or later.
        """
        await self.connect_async()
        self.bot.when_ready(f"Connected to Slack as {self.bot.name}.")
        await self.bot.until_closed()

    async def close_async(self) -> None:
        """Answer what is being asked, as long as the settings allow, then leave."""
        await self.bot.finish()
        await self._close()
        await self.bot.close()

    async def _close(self) -> None:
        tasks: list[Any] = [
            task
            for task in (
                self.client.message_processor,
                self.client.message_receiver,
                self.client.current_session_monitor,
            )
            if task is not None
        ]
        await self.client.close()  # type: ignore[no-untyped-call]
        await asyncio.gather(*tasks, return_exceptions=True)
