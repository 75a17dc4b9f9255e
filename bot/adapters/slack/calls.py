"""Calls of the Web API that outlast rate limits, and what Slack's refusals mean."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import ClientConnectorError
from slack_sdk.errors import SlackApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

_TOO_MANY = 429
_SERVER_ERROR = 500
_TRIES = 5
_PAUSE = 1.0
"""Seconds before a call that Slack could not take is made again; doubled each time."""
_LONGEST_WAIT = 120.0
"""Seconds that a rate limit is waited for: a reader has gone by then."""

DEAD = frozenset(
    ("account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked")
)
"""Slack's words for a token that it does not know, or no longer."""
GONE = frozenset(("message_not_found", "thread_not_found", "cannot_reply_to_message"))
"""Slack's words for a message that is no longer there."""
CLOSED = frozenset(("channel_not_found", "is_archived", "not_in_channel", "restricted_action"))
"""Slack's words for a channel in which the bot cannot write."""
TOO_LONG = frozenset(("msg_too_long", "msg_blocks_too_long"))

_log = logging.getLogger(__name__)


async def retried(call: Callable[[], Awaitable[T]]) -> T:
    """The result of ``call``, made again after a rate limit and where Slack itself failed.

    Raises:
        SlackApiError: if Slack refuses, or goes on failing.
    """
    for attempt in range(1, _TRIES):
        try:
            return await call()
        except SlackApiError as error:
            pause = _pause(error, attempt)
            if pause is None:
                raise
            _log.warning("Slack could not take a call (%s); again in %g s", error, pause)
        except ClientConnectorError as error:  # nothing was sent, so nothing can be sent twice
            pause = _PAUSE * 2 ** (attempt - 1)
            _log.warning("Slack is out of reach (%s); again in %g s", error, pause)
        await asyncio.sleep(pause)
    return await call()


def _pause(error: SlackApiError, attempt: int) -> float | None:
    """Seconds until a call may be made again; ``None`` if it would be refused again."""
    if (wait := retry_after(error)) is not None:
        return wait if wait <= _LONGEST_WAIT else None
    response: Any = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    return _PAUSE * 2 ** (attempt - 1) if status >= _SERVER_ERROR else None


def retry_after(error: SlackApiError) -> float | None:
    """Seconds until Slack takes calls again; ``None`` if it is not that it had too many."""
    response: Any = error.response
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    if status != _TOO_MANY and code(error) != "ratelimited":
        return None
    return _seconds(getattr(response, "headers", {}))


def _seconds(headers: Any) -> float:
    for name, value in headers.items():
        if name.lower() == "retry-after":
            try:
                return float(value)
            except ValueError:
                break
    return _PAUSE


def code(error: BaseException) -> str:
    """Slack's word for why it refused a call; empty if it gave none."""
    return str(_data(error).get("error", ""))


def scope(error: BaseException) -> str:
    """The scope that a call would have needed; empty if that is not why it was refused."""
    return str(_data(error).get("needed", "")) if code(error) == "missing_scope" else ""


def _data(error: BaseException) -> dict[str, Any]:
    data = getattr(getattr(error, "response", None), "data", None)
    return data if isinstance(data, dict) else {}
