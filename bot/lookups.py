"""Looking up quotations in a chat: what is asked, what is kept of it, and which page comes next."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from bot.conversation import (
    Asker,
    QuoteReply,
    QuoteRequest,
    SpeakersReply,
    SpeakersRequest,
    WhosaidReply,
    WhosaidRequest,
)
from bot.ledger import Entry, now
from index.source import Shown
from index.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.desk import Desk, Inquiry
    from bot.service import Service
    from index.source import Source

Request: TypeAlias = QuoteRequest | WhosaidRequest | SpeakersRequest
Found: TypeAlias = QuoteReply | WhosaidReply | SpeakersReply

_KINDS: dict[str, type[Request]] = {
    "quote": QuoteRequest,
    "whosaid": WhosaidRequest,
    "speakers": SpeakersRequest,
}


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A reply with the id that its entry in the ledger and its buttons have."""

    id: str
    request: Request
    reply: Found

    @property
    def is_kept(self) -> bool:
        """Whether it found something that can be shared and gone on with."""
        match self.reply:
            case QuoteReply():
                return bool(self.reply.items)
            case SpeakersReply():
                return bool(self.reply.speakers)
        return self.reply.verdict not in (None, Verdict.SCRAP)


class Lookups:
    """Asks the service for quotations, from the collection of the server, and keeps the ledger.

    Args:
        desk: knows the servers and keeps the ledger.
        service: looks up.
    """

    def __init__(self, desk: Desk, service: Service) -> None:
        self._desk = desk
        self._service = service

    async def look_up(self, request: Request, inquiry: Inquiry) -> LookedUp:
        """What there is for ``request``, made by the person and in the server of ``inquiry``."""
        collection = await self._desk.collection(inquiry.server)
        asker = Asker(inquiry.asker, self._desk.platform)
        request = replace(request, collection=collection, asker=asker)
        return LookedUp(secrets.token_hex(8), request, await self._ask(request))

    async def again(self, entry: Entry, start: int, count: int) -> LookedUp:
        """The same as ``entry`` asked, from another item on.

        Args:
            entry: of a lookup.
            start: how many items of the list to pass over.
            count: how many to get at most.
        """
        request = read(entry.lookup)
        if not isinstance(request, WhosaidRequest):
            request = replace(request, offset=start, limit=count)
        request = replace(request, collection=entry.collection)
        return LookedUp(entry.id, request, await self._ask(request))

    async def keep(
        self,
        found: LookedUp,
        inquiry: Inquiry,
        shown: Iterable[Source],
        *,
        private: bool,
    ) -> None:
        """Keep that ``found`` is about to be shown, with the words ``shown``."""
        reply = found.reply
        entry = Entry(
            id=found.id,
            platform=self._desk.platform,
            server=inquiry.server,
            channel=inquiry.channel,
            asker=inquiry.asker,
            asked_in=inquiry.asked_in,
            parent="",
            question=asked(reply),
            understood=asked(reply),
            answered=found.is_kept,
            index_version=reply.index_version,
            at=now(),
            shown=tuple(map(Shown.of, shown)),
            collection=found.request.collection,
            lookup=written(found.request),
            private=private,
        )
        await self._desk.add(entry)

    async def speakers(self, typed: str, server: str) -> tuple[tuple[str, str, int], ...]:
        """The speakers to offer in a server: id, name and number of quotations of each."""
        return await self._service.complete_speakers(typed, await self._desk.collection(server))

    async def speaker_first(self, text: str, server: str) -> tuple[str, str]:
        """A speaker and a topic that were typed in one line in a server."""
        return await self._service.speaker_first(text, await self._desk.collection(server))

    async def articles(self, typed: str, server: str) -> tuple[tuple[str, str], ...]:
        """The articles to offer in a server: id and title of each."""
        return await self._service.complete_articles(typed, await self._desk.collection(server))

    async def _ask(self, request: Request) -> Found:
        match request:
            case QuoteRequest():
                return await self._service.quote(request)
            case WhosaidRequest():
                return await self._service.whosaid(request)
        return await self._service.speakers(request)


def written(request: Request) -> str:
    """``request`` as it is kept; who asked and of which corpus is kept beside it."""
    kind = next(name for name, form in _KINDS.items() if isinstance(request, form))
    fields = asdict(request)
    del fields["asker"], fields["collection"]
    return json.dumps({"kind": kind, **fields}, ensure_ascii=False)


def read(lookup: str) -> Request:
    """The request that was kept as ``lookup``."""
    fields = json.loads(lookup)
    return _KINDS[fields.pop("kind")](**fields)


def asked(reply: Found) -> str:
    """What ``reply`` was asked, as a question in English that a follow-up can take up."""
    match reply:
        case WhosaidReply():
            return f"Who said “{reply.asked}”?"
        case SpeakersReply():
            return "Who is quoted?"
    who = f"did {reply.speaker.name}" if reply.speaker else "do people"
    about = f" about {reply.request.about}" if reply.request.about else ""
    where = f" in “{reply.article}”" if reply.article else ""
    return f"What {who} say{about}{where}?"
