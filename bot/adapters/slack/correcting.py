"""Telling corrections on Slack: in the message itself, or else in the thread below it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from bot.adapters.slack.answering import UNREACHABLE
from bot.adapters.slack.buttons import buttons
from bot.adapters.slack.calls import CLOSED, GONE, TOO_LONG, code, retry_after, scope
from bot.adapters.slack.delivery import Spot
from bot.corrections.corrector import CHECK
from bot.corrections.model import GoneError, PausedError, RefusedError
from bot.errors import ClosingError
from bot.localization import phrases
from bot.rendering.corrections import render_edit, render_reply
from bot.rendering.slack import LIMIT
from bot.rendering.slack_markup import converted
from bot.rendering.splitting import units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.adapters.slack.delivery import Delivery
    from bot.corrections.corrector import Corrector
    from bot.corrections.model import Correction
    from bot.desk import Desk
    from bot.rendering.splitting import Part

_CANNOT = CLOSED | TOO_LONG | {"cant_update_message", "edit_window_closed", "invalid_blocks"}
"""Slack's words where an edit or a reply makes no sense there."""
_SHORTEST = 0.05
"""Seconds between two steps of the corrections at least."""

_log = logging.getLogger(__name__)


class SlackDelivery:
    """The ``Delivery`` of Slack.

    Args:
        delivery: sends and edits.
        desk: knows which buttons an answer has.
    """

    def __init__(self, delivery: Delivery, desk: Desk) -> None:
        self._delivery = delivery
        self._desk = desk

    async def edit(self, correction: Correction) -> bool:
        """Put the correction into the message. See ``Delivery``."""
        channel, timestamp = _reachable(correction)
        edited = render_edit(correction, phrases(correction.language), LIMIT)
        if edited.part is None:
            raise RefusedError("there is no room in the message")
        await self._edit(correction, channel, timestamp, edited.part)
        return not edited.further

    async def _edit(self, correction: Correction, channel: str, timestamp: str, part: Part) -> None:
        words = phrases(correction.language)
        controls = []
        entry = await self._desk.entry(correction.answer, correction.server)
        if entry is not None and await self._desk.is_last(correction.answer, correction.message):
            shown, more = bool(entry.shown), bool(entry.more)
            controls = [buttons(entry.id, words, shown=shown, more=more)]
        (message,) = converted((part,), *controls)
        if units(message.text) > LIMIT:
            raise RefusedError("there is no room in the message")
        with _understood():
            sent = await self._delivery.turn(Spot(channel), timestamp, message, words)
        if sent.numbers != message.numbers:
            raise RefusedError("Slack alters the words")

    async def reply(self, correction: Correction, *, again: bool) -> None:
        """Tell the correction in the thread below the message. See ``Delivery``."""
        if again:
            # Whether it was told can be seen in the history only, which Slack limits so much
            # that nobody may count on it: rather not at all than twice.
            _log.warning("message %s may have been corrected already", correction.message)
            return
        channel, timestamp = _reachable(correction)
        _, _, thread = correction.channel.partition("/")
        words = phrases(correction.language)
        with _understood():
            messages = converted(render_reply(correction, words))
            await self._delivery.post(Spot(channel, thread or timestamp), messages, words)


def _reachable(correction: Correction) -> tuple[str, str]:
    """Channel and timestamp of the message.

    Raises:
        RefusedError: if Slack did not tell them.
    """
    channel, _, timestamp = correction.message.partition("/")
    if timestamp.startswith(UNREACHABLE):
        raise RefusedError("Slack does not tell where the message is")
    return channel, timestamp


@contextmanager
def _understood() -> Iterator[None]:
    """Slack's refusals as what they mean for a correction."""
    try:
        yield
    except SlackApiError as error:
        why = code(error)
        if (seconds := retry_after(error)) is not None:
            raise PausedError(seconds) from error
        if why in GONE:
            raise GoneError(why) from error
        if why in _CANNOT or scope(error):
            raise RefusedError(f"{why} {scope(error)}".strip()) from error
        raise


async def correct(corrector: Corrector) -> None:
    """Correct earlier answers, step by step, until the bot is closed."""
    while True:
        try:
            seconds = await corrector.step()
        except ClosingError:
            return
        except Exception:  # noqa: BLE001 - whatever failed, the next step may not
            _log.exception("a step of the corrections failed")
            seconds = CHECK
        await asyncio.sleep(max(seconds, _SHORTEST))
