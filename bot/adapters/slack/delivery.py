"""Sending: every message without pings, and compared with what Slack made of it."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections import deque
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.adapters.slack.calls import GONE, TOO_LONG, code, retried
from bot.ledger import Sent
from bot.rendering.slack import quoted_in, said, unescape
from bot.rendering.slack_markup import written

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.localization import Phrases
    from bot.rendering.slack import Message

_PATIENCE = 1.5
"""Seconds without an answer after which a message says that it is on its way."""
_NO_STATUS = frozenset(
    ("channel_not_found", "invalid_thread_ts", "message_not_found", "ratelimited")
)
"""Refusals of a status that say something about one thread or moment only."""
_UNCHANGEABLE = GONE | TOO_LONG | {"cant_update_message", "edit_window_closed"}
_OK = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is said.

    Attributes:
        channel: id of the channel or direct message.
        thread: timestamp of the message that the thread began with, empty outside threads.
    """

    channel: str
    thread: str = ""

    @property
    def is_direct(self) -> bool:
        """Whether it is a direct message."""
        return self.channel.startswith("D")

    @property
    def place(self) -> str:
        """Names it in the ledger: the id that the message has which the thread began with."""
        return message_id(self.channel, self.thread) if self.thread else self.channel


def message_id(channel: str, timestamp: str) -> str:
    """Names a message in the ledger: on Slack timestamps are unique in a channel only."""
    return f"{channel}/{timestamp}"


@dataclass(slots=True)
class Notice:
    """What tells a reader that an answer is on its way.

    Attributes:
        timestamp: of the message that says so, empty if none does.
        status: whether the thread has a status that says so.
    """

    timestamp: str = ""
    status: bool = False


class Delivery:
    """Sends messages.

    Args:
        client: of the Web API.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._has_status = True

    async def post(
        self, spot: Spot, messages: Iterable[Message], words: Phrases, notice: Notice | None = None
    ) -> list[Sent]:
        """Send ``messages`` one after the other, the first in the place of ``notice``.

        Raises:
            SlackApiError: if Slack refuses; see ``problems``.
        """
        sent: list[Sent] = []
        waiting = deque(messages)
        while waiting:
            message = waiting.popleft()
            try:
                sent.append(await self._post(spot, message, words, notice))
            except SlackApiError as error:
                smaller = message.divided() if code(error) in TOO_LONG else ()
                if len(smaller) < 2:
                    raise
                waiting.extendleft(reversed(smaller))
        return sent

    async def _post(
        self, spot: Spot, message: Message, words: Phrases, notice: Notice | None
    ) -> Sent:
        timestamp = notice.timestamp if notice else ""
        if notice and timestamp:
            notice.timestamp = ""
            try:
                kept = await self._update(spot.channel, timestamp, message)
                return await self._compared(kept, spot, message, words)
            except SlackApiError as error:
                if code(error) not in _UNCHANGEABLE:
                    raise
                await self.take_back(spot.channel, timestamp)
        return await self._compared(await self.say(spot, message), spot, message, words)

    async def say(self, spot: Spot, message: Message) -> Any:
        """Send one message. Returns what Slack made of it.

        Raises:
            SlackApiError: if Slack refuses.
        """
        kept = await retried(
            lambda: self._client.chat_postMessage(
                channel=spot.channel,
                thread_ts=spot.thread or None,
                text=message.text,
                blocks=message.blocks,
                unfurl_links=False,
                unfurl_media=False,
                link_names=False,
                mrkdwn=False,
                parse="none",
            )
        )
        return kept.data

    async def _update(self, channel: str, timestamp: str, message: Message) -> Any:
        kept = await retried(
            lambda: self._client.chat_update(
                channel=channel,
                ts=timestamp,
                text=message.text,
                blocks=message.blocks,
                link_names=False,
                parse="none",
            )
        )
        return kept.data

    async def turn(self, spot: Spot, timestamp: str, message: Message, words: Phrases) -> Sent:
        """Let a message of the bot's own say something else.

        Raises:
            SlackApiError: if Slack refuses.
        """
        kept = await self._update(spot.channel, timestamp, message)
        return await self._compared(kept, spot, message, words)

    async def take_back(self, channel: str, timestamp: str) -> None:
        """Delete a message of the bot's own, if it is still there."""
        try:
            await retried(lambda: self._client.chat_delete(channel=channel, ts=timestamp))
        except SlackApiError as error:
            _log.info("could not delete message %s/%s: %s", channel, timestamp, code(error))

    async def _compared(self, kept: Any, spot: Spot, message: Message, words: Phrases) -> Sent:
        """What was sent, after looking whether Slack altered an article's words.

        Altered words are sent once more; if they are altered again they are taken back.
        """
        channel, timestamp = str(kept.get("channel") or spot.channel), str(kept.get("ts", ""))
        sent = Sent(
            message=message_id(channel, timestamp),
            channel=spot.place,
            numbers=message.numbers,
            pieces=written(message),
            language=words.language,
        )
        if not is_altered(kept, message):
            return sent
        _log.error("Slack altered a quotation in message %s: %r", sent.message, message.text)
        again = await self._update(channel, timestamp, message)
        if not is_altered(again, message):
            return sent
        _log.error("taking back the quotation in message %s", sent.message)
        left = message.without_quotations()
        told = dataclasses.replace(left, pieces=(*said(words("slack_altered")), *left.pieces))
        await self._update(channel, timestamp, told)
        return dataclasses.replace(sent, numbers=(), pieces=())

    async def respond(
        self,
        url: str,
        messages: Sequence[Message],
        *,
        thread: str = "",
        in_channel: bool = False,
        replace: bool = False,
    ) -> bool:
        """Answer an interaction where it was made, which needs no membership of the channel.

        Args:
            url: the interaction's own address, good for five messages.
            messages: what to say.
            thread: timestamp of the thread to say it in.
            in_channel: whether everybody sees it.
            replace: whether it takes the place of the message with the control.

        Returns:
            Whether Slack took all of it.
        """
        client = AsyncWebhookClient(url)
        for message in messages:
            body: dict[str, Any] = {
                "response_type": "in_channel" if in_channel else "ephemeral",
                "replace_original": replace,
                "text": message.text,
                "blocks": message.blocks,
                "unfurl_links": False,
                "unfurl_media": False,
                "mrkdwn": False,
                "parse": "none",
            }
            response = await client.send_dict({**body, "thread_ts": thread} if thread else body)
            if response.status_code != _OK:
                _log.warning("Slack did not take a response: %s", response.body)
                return False
        return True

    async def whisper(self, spot: Spot, user: str, messages: Sequence[Message]) -> None:
        """Say something in a channel that one person sees only.

        Raises:
            SlackApiError: if Slack refuses.
        """
        for message in messages:
            await retried(
                lambda message=message: self._client.chat_postEphemeral(  # type: ignore[misc]
                    channel=spot.channel,
                    user=user,
                    thread_ts=spot.thread or None,
                    text=message.text,
                    blocks=message.blocks,
                    parse="none",
                )
            )

    @asynccontextmanager
    async def announced(self, spot: Spot, words: Phrases) -> AsyncIterator[Notice]:
        """Show that an answer is on its way for as long as it is.

        By a status where Slack offers one, else by a message that becomes the answer; that one is
        left out where the answer is there at once.
        """
        notice, done = Notice(), asyncio.Event()
        telling = asyncio.create_task(self._announce(spot, words, notice, done))
        try:
            yield notice
        except BaseException:
            done.set()
            await telling
            await self.withdraw(spot, notice)
            raise
        done.set()
        await telling

    async def withdraw(self, spot: Spot, notice: Notice) -> None:
        """Nothing will be said after all."""
        if notice.timestamp:
            await self.take_back(spot.channel, notice.timestamp)
        elif notice.status:
            await self._set_status(spot, "")

    async def _announce(
        self, spot: Spot, words: Phrases, notice: Notice, done: asyncio.Event
    ) -> None:
        if spot.thread and self._has_status:
            notice.status = await self._set_status(spot, words("slack_status"))
            if notice.status:
                return
        try:
            async with asyncio.timeout(_PATIENCE):
                await done.wait()
        except TimeoutError:
            text = words("slack_looking")
            try:
                told = await self._client.chat_postMessage(
                    channel=spot.channel, thread_ts=spot.thread or None, text=text
                )
                notice.timestamp = str(told["ts"])
            except Exception as error:  # noqa: BLE001 - the answer itself will tell what is wrong
                _log.info("could not say that an answer is on its way: %s", error)

    async def _set_status(self, spot: Spot, status: str) -> bool:
        """Set the status of a thread. Returns whether Slack has one there."""
        try:
            await self._client.assistant_threads_setStatus(
                channel_id=spot.channel, thread_ts=spot.thread, status=status
            )
        except SlackApiError as error:
            if code(error) and code(error) not in _NO_STATUS:
                self._has_status = False
                _log.info("Slack offers no status here: %s", code(error))
            return False
        except Exception as error:  # noqa: BLE001 - an answer without a status is an answer
            _log.info("could not set a status: %s", error)
            return False
        return True


def is_altered(kept: Any, message: Message) -> bool:
    """Whether a quotation of ``message`` does not stand in what Slack kept as it was sent."""
    shown = kept.get("message")
    if not isinstance(shown, dict):
        return False
    if shown.get("text") not in (None, message.text):
        _log.warning("Slack altered a message: sent %r, kept %r", message.text, shown["text"])
    if "blocks" not in shown:
        return False
    sent, found = quoted_in(message.blocks), quoted_in(shown["blocks"])
    # Slack may hand words out escaped, as it does in texts: they are shown as they were.
    return sent != found and sent != list(map(unescape, found))
