"""What all chat platforms share around a question: what came before, and what is kept of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.context import Shown, contexts, sources_of
from bot.conversation import Asker, Exchange, Question
from bot.ledger import Entry, Wishes, now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.context import Context
    from bot.conversation import Reply
    from bot.ledger import Deleted, Ledger, Sent
    from bot.service import Service
    from bot.worker import Worker
    from index.answer import Source
    from index.live import LiveIndex

T = TypeVar("T")

_DIRECT = timedelta(hours=1)
"""How long a direct message goes on with the conversation before it."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question as it was asked in a chat.

    Attributes:
        text: the words asked.
        asker: id of the person.
        server: id of the server, empty in a direct message.
        channel: id of the channel or thread.
        asked_in: id of the message or command that asks.
        replied_to: id of the message that it replies to, empty if none.
        starter: id of the message that the thread began with, empty outside threads.
    """

    text: str
    asker: str
    server: str
    channel: str
    asked_in: str
    replied_to: str = ""
    starter: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply with the id that its entry in the ledger and its buttons have."""

    id: str
    reply: Reply
    parent: str


class Desk:
    """Asks the service with the conversation in mind, and keeps the ledger.

    Args:
        platform: names the platform in the ledger.
        service: answers.
        ledger: remembers.
        live: the articles, for what was shown earlier.
        records: where the ledger is read and written.
    """

    def __init__(
        self, platform: str, service: Service, ledger: Ledger, live: LiveIndex, records: Worker
    ) -> None:
        self._platform = platform
        self._service = service
        self._ledger = ledger
        self._live = live
        self._records = records
        self._wishes: dict[str, Wishes] = {}

    async def ask(self, inquiry: Inquiry) -> Outcome:
        """The reply to ``inquiry``."""
        parent, earlier = await self._run(self._earlier, inquiry)
        asker = Asker(inquiry.asker, self._platform)
        reply = await self._service.ask(Question(inquiry.text, asker, earlier))
        return Outcome(secrets.token_hex(8), reply, parent)

    async def keep(self, inquiry: Inquiry, outcome: Outcome, channel: str) -> bool:
        """Keep that ``outcome`` is about to be shown in ``channel``.

        Returns:
            Whether there was anything to keep; a problem is not.
        """
        answer = outcome.reply.answer
        if outcome.reply.exchange is None or answer is None:
            return False
        entry = Entry(
            id=outcome.id,
            platform=self._platform,
            server=inquiry.server,
            channel=channel,
            asker=inquiry.asker,
            asked_in=inquiry.asked_in,
            parent=outcome.parent,
            question=inquiry.text,
            understood=answer.question,
            answered=answer.answered,
            index_version=answer.index_version,
            at=now(),
            shown=tuple(map(Shown.of, outcome.reply.sources)),
            more=tuple(map(Shown.of, answer.more)),
        )
        await self._run(self._ledger.add, entry)
        return True

    async def sent(self, answer: str, messages: Sequence[Sent]) -> None:
        """Keep in which messages an answer was sent; that it was not, if there are none."""
        if messages:
            await self._run(self._ledger.sent, answer, messages)
        else:
            await self._run(self._ledger.forget, answer)

    async def is_answered(self, asked_in: str) -> bool:
        """Whether the question in a message was answered, by this process or one before."""
        return await self._run(self._ledger.is_answered, self._platform, asked_in)

    async def takes_part(self, thread: str) -> bool:
        """Whether the bot answered in a thread, or the thread began with an answer.

        Args:
            thread: its id, which on platforms of this kind is its first message's too.
        """
        return await self._run(self._takes_part, thread)

    async def is_handled(self, delivery: str) -> bool:
        """Whether something that a platform reported was dealt with, before a restart too."""
        return await self._run(self._ledger.is_handled, self._platform, delivery)

    async def handled(self, delivery: str) -> None:
        """Keep that it was dealt with."""
        await self._run(self._ledger.handled, self._platform, delivery)

    async def entry(self, answer: str) -> Entry | None:
        """What is kept of an answer."""
        return await self._run(self._ledger.get, answer)

    async def contexts(self, entry: Entry) -> tuple[Context, ...]:
        """What stands around the words that an answer showed, where they still stand."""
        return await self._run(lambda: contexts(entry.shown, self._live.snapshot()))

    async def more(self, entry: Entry) -> tuple[Source, ...]:
        """The words that an answer found but did not show, where they still stand."""
        return await self._run(lambda: sources_of(entry.more, self._live.snapshot()))

    async def rate(self, answer: str, member: str, *, helpful: bool, reason: str = "") -> bool:
        """Keep a rating. Returns whether the answer is known."""
        return await self._run(
            lambda: self._ledger.rate(answer, member, helpful=helpful, reason=reason)
        )

    async def delete_person(self, person: str) -> Deleted:
        """Delete all that is kept about somebody."""
        return await self._run(self._ledger.delete_person, self._platform, person)

    async def wishes(self, server: str) -> Wishes:
        """What a server wants; asked at every question, so it is kept in memory."""
        if server and server not in self._wishes:
            kept = await self._run(self._ledger.wishes, self._platform, server)
            self._wishes.setdefault(server, kept)
        return self._wishes.get(server, Wishes())

    async def wish(self, server: str, **changes: object) -> Wishes:
        """Change what a server wants, at once."""
        wishes = replace(await self.wishes(server), **changes)  # type: ignore[arg-type]
        self._wishes[server] = wishes
        await self._run(self._ledger.wish, self._platform, server, wishes)
        return wishes

    async def fact(self, name: str) -> str:
        """A note that the bot made for itself."""
        return await self._run(self._ledger.fact, f"{self._platform}.{name}")

    async def note(self, name: str, value: str) -> None:
        """Make a note."""
        await self._run(self._ledger.note, f"{self._platform}.{name}", value)

    async def _run(self, function: Callable[..., T], *args: object) -> T:
        return await self._records.run(function, *args)

    def _takes_part(self, thread: str) -> bool:
        ledger, platform = self._ledger, self._platform
        return bool(ledger.in_channel(platform, thread)) or bool(
            ledger.of_message(platform, thread)
        )

    def _earlier(self, inquiry: Inquiry) -> tuple[str, tuple[Exchange, ...]]:
        """The answer that ``inquiry`` follows up, and the conversation up to it."""
        entries = self._conversation(inquiry)
        if not entries:
            return "", ()
        snapshot = self._live.snapshot()
        exchanges = []
        for entry in entries:
            shown = (source.citation.text for source in sources_of(entry.shown, snapshot))
            exchanges.append(Exchange(entry.understood, tuple(shown)))
        return entries[-1].id, tuple(exchanges)

    def _conversation(self, inquiry: Inquiry) -> list[Entry]:
        ledger, platform = self._ledger, self._platform
        if inquiry.replied_to and (entry := ledger.of_message(platform, inquiry.replied_to)):
            return ledger.chain(entry)
        if inquiry.starter:
            first = ledger.of_message(platform, inquiry.starter)
            before = ledger.chain(first) if first else []
            return [*before, *ledger.in_channel(platform, inquiry.channel)]
        if not inquiry.server:
            return ledger.in_channel(platform, inquiry.channel, _DIRECT)
        return []
