"""HTTP mode: Slack's requests, each checked for Slack's signature before anything reads it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from slack_bolt.app.async_app import AsyncApp
    from slack_bolt.request.async_request import AsyncBoltRequest

PATH = "/slack/events"
_REFUSED, _NONSENSE = 401, 400

_log = logging.getLogger(__name__)


class Signatures:
    """Knows whether Slack signed a request, within the last five minutes.

    Args:
        secret: the app's signing secret; without one no request is genuine.
    """

    def __init__(self, secret: str) -> None:
        self._verifier = SignatureVerifier(secret) if secret.strip() else None

    def is_genuine(self, body: bytes | str, headers: Mapping[str, str]) -> bool:
        """Whether the signature in ``headers`` is Slack's, of this body, and not old."""
        try:
            return self._verifier is not None and self._verifier.is_valid(
                body,
                headers.get("x-slack-request-timestamp"),
                headers.get("x-slack-signature"),
            )
        except (
            TypeError,
            ValueError,
        ):  # a timestamp or signature that is none, a body that is no text
            return False

    async def check(
        self,
        req: AsyncBoltRequest,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt passes arguments by name
    ) -> BoltResponse:
        """Refuse what comes by HTTP without Slack's signature. A middleware of Bolt's."""
        headers = {name: values[0] for name, values in req.headers.items() if values}
        if req.mode == "socket_mode" or self.is_genuine(req.raw_body, headers):
            return await next()
        _log.warning("refused a request without Slack's signature")
        return BoltResponse(status=_REFUSED, body='{"error": "invalid request"}')


class Listener:
    """A server for Slack's requests.

    Args:
        app: takes them.
        signatures: tell which are Slack's.
    """

    def __init__(self, app: AsyncApp, signatures: Signatures) -> None:
        self._app = app
        self._signatures = signatures
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen. Returns the port, which was free where 0 was given.

        Raises:
            OSError: if the port is taken or may not be used.
        """
        server = web.Application()
        server.router.add_post(PATH, self._take)
        self._runner = web.AppRunner(server, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        if not self._signatures.is_genuine(await request.read(), headers):
            _log.warning("refused a request without Slack's signature")
            return web.json_response({"error": "invalid request"}, status=_REFUSED)
        try:
            read = await to_bolt_request(request)
            return await to_aiohttp_response(await self._app.async_dispatch(read))
        except Exception as error:  # noqa: BLE001 - whatever Bolt makes of nonsense
            _log.warning("skipped a request that makes no sense: %s", error)
            return web.json_response({"error": "not a request of Slack's"}, status=_NONSENSE)
