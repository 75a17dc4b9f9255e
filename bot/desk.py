"""What all chat platforms share around a question: what came before, and what is kept of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.audit import Act, Audit
from bot.context import contexts, sources_of
from bot.conversation import Asker, Exchange, Question
from bot.corrections.comparing import revisions
from bot.corrections.ledger import CorrectionLedger
from bot.ledger import Entry, Wishes, now
from bot.settings import DEFAULT_COLLECTION
from index.source import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.context import Context
    from bot.conversation import Reply
    from bot.corrections.model import Summary
    from bot.ledger import Deleted, Ledger, Sent
    from bot.rights import Member
    from bot.service import Lives, Service
    from bot.worker import Worker
    from index.answer import Source

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
        direct: whether it is a direct message, on platforms where those belong to a server.
    """

    text: str
    asker: str
    server: str
    channel: str
    asked_in: str
    replied_to: str = ""
    starter: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply with the id that its entry in the ledger and its buttons have."""

    id: str
    reply: Reply
    parent: str
    collection: str = DEFAULT_COLLECTION


class Desk:
    """Asks the service with the conversation in mind, and keeps the ledger.

    Args:
        platform: names the platform in the ledger.
        service: answers.
        ledger: remembers.
        lives: the articles of each collection, for what was shown earlier.
        records: where the ledger is read and written.
    """

    def __init__(
        self, platform: str, service: Service, ledger: Ledger, lives: Lives, records: Worker
    ) -> None:
        self._platform = platform
        self._service = service
        self._ledger = ledger
        self._audit = Audit(ledger)
        self._standing = CorrectionLedger(ledger)
        self._lives = lives
        self._records = records
        self._wishes: dict[str, Wishes] = {}

    @property
    def platform(self) -> str:
        """What names the platform in the ledger."""
        return self._platform

    async def ask(self, inquiry: Inquiry) -> Outcome:
        """The reply to ``inquiry``."""
        collection = await self.collection(inquiry.server)
        parent, earlier = await self._run(self._earlier, inquiry, collection)
        asker = Asker(inquiry.asker, self._platform)
        asked = Question(inquiry.text, asker, earlier, collection=collection)
        return Outcome(secrets.token_hex(8), await self._service.ask(asked), parent, collection)

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
            more=answer.more,
            collection=outcome.collection,
        )
        await self.add(entry)
        return True

    async def add(self, entry: Entry) -> None:
        """Keep ``entry``, which is about to be shown, with the revisions that it shows."""
        await self._run(self._add, entry)

    def _add(self, entry: Entry) -> None:
        self._ledger.add(entry)
        missing = self._standing.missing(entry)
        live = self._lives(entry.collection)
        self._standing.remember(entry, revisions(missing, live) if missing else ())

    async def turned(
        self, answer: str, message: str, shown: Sequence[Shown], sent: Sent | None = None
    ) -> None:
        """Keep that the message of an answer shows other words now; ``sent`` tells how."""
        await self._run(self._turned, answer, message, shown, sent)

    def _turned(self, answer: str, message: str, shown: Sequence[Shown], sent: Sent | None) -> None:
        self._ledger.turn(answer, message, shown)
        entry = self._ledger.get(answer)
        if entry is not None:
            missing = self._standing.missing(entry)
            live = self._lives(entry.collection)
            articles = revisions(missing, live) if missing else ()
            self._standing.turned(entry, message, articles, sent)

    async def sent(self, answer: str, messages: Sequence[Sent]) -> None:
        """Keep in which messages an answer was sent; that it was not, if there are none."""
        if messages:
            # How they look first: what is known to be sent may be corrected at once.
            await self._run(self._standing.sent, answer, messages)
            await self._run(self._ledger.sent, answer, messages)
        else:
            await self._run(self._ledger.forget, answer)

    async def shown_privately(self, answer: str, messages: Sequence[Sent]) -> None:
        """Keep which further words of an answer one person was shown for a moment."""
        await self._run(self._standing.sent_privately, answer, messages)

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

    async def is_last(self, answer: str, message: str) -> bool:
        """Whether a message is the last one of an answer, which has its buttons."""
        return await self._run(self._ledger.last_message, answer) == message

    async def collection(self, server: str) -> str:
        """The name of the corpus that a server is tied to; direct messages have the default."""
        return (await self.wishes(server)).collection

    async def entry(self, answer: str, server: str) -> Entry | None:
        """What is kept of an answer, for the server that it was given in.

        ``None`` also where that server has since been tied to another collection: what it then
        may not ask it may not be shown either.
        """
        entry = await self._run(self._ledger.get, answer)
        if entry is None or entry.server != server:
            return None
        return entry if entry.collection == await self.collection(server) else None

    async def contexts(self, entry: Entry) -> tuple[Context, ...]:
        """What stands around the words that an answer showed, where they still stand."""
        return await self._run(
            lambda: contexts(entry.shown, self._lives(entry.collection).snapshot())
        )

    async def more(self, entry: Entry) -> tuple[Source, ...]:
        """The words that an answer found but did not show, where they still stand."""
        return await self._run(
            lambda: sources_of(entry.more, self._lives(entry.collection).snapshot())
        )

    async def rate(
        self, answer: str, server: str, member: str, *, helpful: bool, reason: str = ""
    ) -> bool:
        """Keep a rating. Returns whether the answer is known in that server."""
        if await self.entry(answer, server) is None:
            return False
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
        if changes.get("corrections"):
            await self._run(self._standing.switch_on, self._platform, server)
        return wishes

    async def record(self, member: Member, what: str, details: str, result: str) -> None:
        """Keep an administrative act of ``member``, with what came of it."""
        act = Act(
            collection=await self.collection(member.server),
            what=what,
            result=result,
            details=details,
            platform=member.platform,
            server=member.server,
            who=member.id,
            name=member.name,
        )
        await self._run(self._audit.add, act)

    async def acts(self, server: str, limit: int = 20) -> list[Act]:
        """The last administrative acts, as the members of a server may see them."""
        collection = await self.collection(server)
        return await self._run(self._audit.acts_for, collection, self._platform, server, limit)

    async def corrections(self, server: str) -> Summary | None:
        """How the last corrections of answers on a server went; ``None`` if there were none."""
        collection = await self.collection(server)
        found = await self._run(self._standing.summaries, collection, self._platform, server, 1)
        return found[0] if found else None

    async def fact(self, name: str) -> str:
        """A note that the bot made for itself."""
        return await self._run(self._ledger.fact, f"{self._platform}.{name}")

    async def note(self, name: str, value: str) -> None:
        """Make a note."""
        await self._run(self._ledger.note, f"{self._platform}.{name}", value)

    async def direct_channels(self, count: int) -> list[str]:
        """Ids of the channels of direct messages, those used last first."""
        return await self._run(self._ledger.direct_channels, self._platform, count)

    async def last_at(self) -> datetime | None:
        """When the last answer was given, in UTC."""
        return await self._run(self._ledger.last_at, self._platform)

    async def _run(self, function: Callable[..., T], *args: object) -> T:
        return await self._records.run(function, *args)

    def _takes_part(self, thread: str) -> bool:
        ledger, platform = self._ledger, self._platform
        return bool(ledger.in_channel(platform, thread)) or bool(
            ledger.of_message(platform, thread)
        )

    def _earlier(self, inquiry: Inquiry, collection: str) -> tuple[str, tuple[Exchange, ...]]:
        """The answer that ``inquiry`` follows up, and the conversation up to it."""
        entries = [
            entry
            for entry in self._conversation(inquiry)
            if (entry.server, entry.collection) == (inquiry.server, collection)
        ]
        if not entries:
            return "", ()
        snapshot = self._lives(collection).snapshot()
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
        if not inquiry.server or inquiry.direct:
            return ledger.in_channel(platform, inquiry.channel, _DIRECT)
        return []
