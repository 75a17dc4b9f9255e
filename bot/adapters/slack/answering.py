"""From a message or command to an answer in its place: one, or a reason why there is none."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from bot.adapters.slack.addressing import mentions, plain_words, speaks_to_others
from bot.adapters.slack.buttons import buttons
from bot.adapters.slack.calls import CLOSED, code, scope
from bot.adapters.slack.delivery import Notice, Spot, message_id
from bot.desk import Inquiry
from bot.ledger import Sent
from bot.rendering.slack import render, sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.adapters.slack.addressing import Spoken
    from bot.adapters.slack.delivery import Delivery
    from bot.adapters.slack.members import Members, Person
    from bot.adapters.slack.problems import Problems
    from bot.desk import Desk, Outcome
    from bot.limits import Limits
    from bot.localization import Phrases
    from bot.rendering.slack import Message
    from bot.settings import Settings

    Sending = Callable[[Sequence[Message]], Awaitable[list[Sent]]]

_REMEMBERED = 10_000
"""Messages and threads that are remembered, in case Slack reports them twice."""
_MOST_EDITS = 3
"""How often a question may be edited while it is answered; the answer is to what it was then."""
UNREACHABLE = "~"
"""What the last part of a message's id begins with where Slack did not tell its timestamp."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Running:
    """A question that is being answered.

    Attributes:
        spoken: as it is now.
        deleted: whether it is gone.
    """

    spoken: Spoken
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A question that was asked by a command or by pointing to a message.

    Attributes:
        text: the words asked.
        user: who asks.
        spot: where the answer belongs.
        team: id of the workspace.
        asked_in: names the command.
        url: to answer it where the bot is no member.
    """

    text: str
    user: str
    spot: Spot
    team: str
    asked_in: str
    url: str


class Answering:
    """Answers what is asked on Slack.

    Args:
        desk: answers.
        limits: where and how often.
        delivery: sends.
        members: know who asks.
        problems: tell what went wrong.
        settings: whether bots are answered.
    """

    def __init__(
        self,
        desk: Desk,
        limits: Limits,
        delivery: Delivery,
        members: Members,
        problems: Problems,
        settings: Settings,
    ) -> None:
        self._desk = desk
        self._limits = limits
        self._delivery = delivery
        self._members = members
        self._problems = problems
        self._answers_bots = settings.slack_answer_bots
        self._running: dict[str, _Running] = {}
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._joined: OrderedDict[str, None] = OrderedDict()

    async def is_addressed(self, spoken: Spoken, me: str) -> bool:
        """Whether somebody who is to be answered speaks to the bot."""
        if spoken.user == me or (spoken.by_bot and not self._answers_bots):
            return False
        if spoken.direct or mentions(spoken.text, me):
            return True
        return bool(spoken.thread) and await self._goes_on(spoken)

    async def _goes_on(self, spoken: Spoken) -> bool:
        """Whether a message goes on in a thread that the bot takes part in, to nobody else."""
        if speaks_to_others(spoken.text) or not spoken.text.strip():
            return False
        place = Spot(spoken.channel, spoken.thread).place
        return spoken.to_bot or place in self._joined or await self._desk.takes_part(place)

    async def message(self, spoken: Spoken, me: str) -> None:
        """Answer a message that is addressed to the bot, once."""
        if not _is_new(self._seen, spoken.id) or await self._desk.is_answered(spoken.id):
            return
        running = self._running[spoken.id] = _Running(spoken)
        try:
            member = await self._members.get(spoken.user)
            async with self._problems.told(spoken.answered_at, spoken.user, member.words):
                await self._message(running, me, member.words)
        finally:
            del self._running[spoken.id]

    def edited(self, message_id: str, text: str) -> None:
        """A message was edited: if it is being answered, its new words count."""
        if running := self._running.get(message_id):
            running.spoken = replace(running.spoken, text=text)

    def deleted(self, message_id: str) -> None:
        """A message was deleted: if it is being answered, it no longer needs to be."""
        if running := self._running.get(message_id):
            running.deleted = True

    # Messages

    async def _message(self, running: _Running, me: str, words: Phrases) -> None:
        spoken = running.spoken
        spot = spoken.answered_at
        inquiry = Inquiry(
            text=await plain_words(spoken.text, self._members, me),
            asker=spoken.user,
            server=spoken.team,
            channel=spot.place,
            asked_in=spoken.id,
            starter=spot.place if spot.thread else "",
            direct=spoken.direct,
        )
        wishes = await self._desk.wishes(inquiry.server)
        asking = await self._members.asking(spoken.user, spoken.team, spoken.channel, wishes)
        refusal = self._limits.refusal(inquiry, wishes, asking, words)
        if not refusal and not inquiry.text:
            refusal = words("slack_how_to_ask")
        if refusal:
            await self._delivery.post(spot, sentence(refusal), words)
            self._join(spot)
            return
        self._limits.count(inquiry)
        async with self._delivery.announced(spot, words) as notice:
            outcome, inquiry = await self._ask(running, inquiry, me)
        if running.deleted:
            await self._delivery.withdraw(spot, notice)
            return
        await self._keep(inquiry, outcome, words, "", self._posting(spot, words, notice))
        self._join(spot)

    def _posting(self, spot: Spot, words: Phrases, notice: Notice) -> Sending:
        return lambda messages: self._delivery.post(spot, messages, words, notice)

    def _join(self, spot: Spot) -> None:
        """From now on the bot takes part in a thread."""
        if spot.thread:
            _is_new(self._joined, spot.place)

    async def _ask(self, running: _Running, inquiry: Inquiry, me: str) -> tuple[Outcome, Inquiry]:
        """The reply to the question as it stands when the reply is ready."""
        for _ in range(_MOST_EDITS):
            outcome = await self._desk.ask(inquiry)
            now = await plain_words(running.spoken.text, self._members, me)
            if running.deleted or now in ("", inquiry.text):
                break
            inquiry = replace(inquiry, text=now)
        return outcome, inquiry

    # Commands

    async def command(self, command: Command) -> None:
        """Answer a command, or the message that somebody pointed to."""
        member = await self._members.get(command.user)
        told = self._problems.told(command.spot, command.user, member.words, command.url)
        async with told:
            if not await self._desk.is_answered(command.asked_in):
                await self._command(command, member)

    async def _command(self, command: Command, member: Person) -> None:
        words, spot = member.words, command.spot
        inquiry = Inquiry(
            text=await plain_words(command.text, self._members),
            asker=command.user,
            server=command.team,
            channel=spot.place,
            asked_in=command.asked_in,
            starter=spot.place if spot.thread else "",
            direct=spot.is_direct,
        )
        wishes = await self._desk.wishes(inquiry.server)
        asking = await self._members.asking(command.user, command.team, spot.channel, wishes)
        refusal = self._limits.refusal(inquiry, wishes, asking, words)
        if not refusal and not inquiry.text:
            refusal = words("slack_how_to_ask")
        if refusal:
            await self._delivery.respond(command.url, sentence(refusal), thread=spot.thread)
            return
        self._limits.count(inquiry)
        async with self._delivery.announced(spot, words) as notice:
            outcome = await self._desk.ask(inquiry)
        heading = words("asked_by", name=member.name, question=inquiry.text)

        async def sending(messages: Sequence[Message]) -> list[Sent]:
            return await self._in_channel(command, outcome, messages, words, notice)

        await self._keep(inquiry, outcome, words, heading, sending)

    async def _in_channel(
        self,
        command: Command,
        outcome: Outcome,
        messages: Sequence[Message],
        words: Phrases,
        notice: Notice,
    ) -> list[Sent]:
        """Post an answer for all; by the command's own address where the bot is no member."""
        spot = command.spot
        try:
            sent = await self._delivery.post(spot, messages, words, notice)
        except SlackApiError as error:
            if not command.url or not (code(error) in CLOSED or scope(error)):
                raise
            _log.info("answering a command by its address: %s %s", code(error), scope(error))
            if not await self._delivery.respond(
                command.url, messages, thread=spot.thread, in_channel=True
            ):
                raise
            numbers = tuple(number for message in messages for number in message.numbers)
            return [Sent(message_id(spot.channel, UNREACHABLE + outcome.id), spot.place, numbers)]
        self._join(spot)
        return sent

    # Both

    async def _keep(
        self, inquiry: Inquiry, outcome: Outcome, words: Phrases, heading: str, sending: Sending
    ) -> None:
        """Send an answer and keep what it showed; nothing is kept of one that was not sent."""
        reply = outcome.reply
        if not await self._desk.keep(inquiry, outcome, inquiry.channel):
            await sending(render(reply, words, heading))
            return
        more = bool(reply.answer and reply.answer.more)
        under = buttons(outcome.id, words, shown=bool(reply.sources), more=more)
        sent: list[Sent] = []
        try:
            sent = await sending(render(reply, words, heading, under))
        finally:
            await self._desk.sent(outcome.id, sent)


def _is_new(seen: OrderedDict[str, None], key: str) -> bool:
    """Whether ``key`` was not seen yet; from now on it was."""
    if key in seen:
        return False
    seen[key] = None
    if len(seen) > _REMEMBERED:
        seen.popitem(last=False)
    return True
