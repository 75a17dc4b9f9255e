"""Keeping the articles from a chat: whoever may, for the collection of their server, off the loop.

The same for every platform. Rights are looked at in each method, so that no button and no command
can be forgotten.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from bot.collections import Collection
from bot.errors import NoArticleError, RightsError
from bot.intake import Actor, Intake

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from bot.audit import Act, Audit
    from bot.intake import Past
    from bot.ledger import Wishes
    from bot.rights import Member, Rights
    from bot.settings import Settings
    from corpus.intake import Event as Done
    from corpus.intake import Outcome, Watch
    from corpus.intake.catalogue import Known

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sending:
    """What somebody wants to add: files that they sent, an address, or both.

    Attributes:
        files: a name and the content of each.
        url: of a page, a feed or a sitemap; empty for none.
    """

    files: tuple[tuple[str, bytes], ...] = ()
    url: str = ""


class Librarian:
    """Adds, shows and removes for members who may.

    Args:
        settings: where the collections lie.
        audit: where acts are recorded.
        rights: who may do what.
        wishes: what a server wants, by its id.
    """

    def __init__(
        self,
        settings: Settings,
        audit: Audit,
        rights: Rights,
        wishes: Callable[[str], Awaitable[Wishes]],
    ) -> None:
        self._settings = settings
        self._audit = audit
        self._rights = rights
        self._wishes = wishes
        self._closing = Event()

    async def check(self, member: Member) -> Wishes:
        """What the member's server wants.

        Raises:
            RightsError: if the member may not run its corpus.
        """
        wishes = await self._wishes(member.server)
        if refusal := self._rights.to_run(member, wishes):
            raise RightsError(refusal, wishes)
        return wishes

    async def add(
        self,
        member: Member,
        sending: Sending,
        progress: Callable[[int], None] = lambda _: None,
        *,
        force: bool = False,
    ) -> list[Outcome]:
        """Take in what was sent.

        Args:
            member: who sent it.
            sending: the files and the address.
            progress: told in a thread how many are done.
            force: whether what is doubted is added too.

        Raises:
            RightsError: if the member may not.
            CorpusError: if the folder cannot be changed.
        """
        intake = await self._intake(member)

        def adding() -> list[Outcome]:
            outcomes: list[Outcome] = []
            for outcome in self._until_closed(_all(intake, sending, force=force)):
                outcomes.append(outcome)
                progress(len(outcomes))
            return outcomes

        return await asyncio.to_thread(adding)

    async def articles(self, member: Member) -> list[Known]:
        """All articles, in order of their titles."""
        return await self._do(member, Intake.articles)

    async def show(self, member: Member, name: str) -> Past:
        """An article and its past."""
        return await self._do(member, lambda intake: intake.show(name))

    async def remove(self, member: Member, name: str) -> Done:
        """Take an article out."""
        return await self._do(member, lambda intake: intake.remove(name))

    async def restore(self, member: Member, article_id: str) -> Done:
        """Bring an article back as it was before it was last removed or changed."""
        return await self._do(member, lambda intake: intake.restore(article_id))

    async def history(self, member: Member, article_id: str) -> list[Done]:
        """What was done to an article, oldest first."""
        return await self._do(member, lambda intake: intake.history(article_id))

    async def acts(self, member: Member, limit: int) -> list[Act]:
        """What was done to the collection, newest first, as the member's server may see it."""
        place = (member.platform, member.server)
        return await self._do(
            member,
            lambda intake: self._audit.acts_for(intake.collection.name, *place, limit),
        )

    async def watch(self, member: Member, url: str, hours: float, told: str) -> Watch:
        """Watch a feed or a sitemap; ``told`` names the channel where to tell of it."""
        return await self._do(member, lambda intake: intake.watch(url, hours, told))

    async def unwatch(self, member: Member, url: str) -> bool:
        """Watch ``url`` no longer; tells whether it was watched."""
        return await self._do(member, lambda intake: intake.unwatch(url))

    async def watches(self, member: Member) -> list[Watch]:
        """What is watched."""
        return await self._do(member, lambda intake: list(intake.watches.all().values()))

    async def with_key(self, member: Member, key: str) -> Known:
        """The article whose collection and id have that ``key_of``, as a button holds it.

        Raises:
            NoArticleError: if it is gone.
        """
        collection = (await self.check(member)).collection
        for article in await self.articles(member):
            if key_of(collection, article.id) == key:
                return article
        raise NoArticleError("")

    def close(self) -> None:
        """Take in no more than what is being read just now."""
        self._closing.set()

    async def _do(self, member: Member, act: Callable[[Intake], T]) -> T:
        return await asyncio.to_thread(act, await self._intake(member))

    async def _intake(self, member: Member) -> Intake:
        wishes = await self.check(member)
        collection = Collection.of(self._settings, wishes.collection).required()
        actor = Actor(member.name, member.platform, member.id, member.server)

        def sleep(seconds: float) -> None:
            self._closing.wait(seconds)

        return Intake(self._settings, collection, self._audit, actor, sleep=sleep)

    def _until_closed(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        for outcome in outcomes:
            yield outcome
            if self._closing.is_set():
                return


def key_of(*names: str) -> str:
    """Names as 16 hexadecimal digits, for the id of a button, which has room for no more."""
    return hashlib.sha256("\0".join(names).encode()).hexdigest()[:16]


def _all(intake: Intake, sending: Sending, *, force: bool) -> Iterator[Outcome]:
    for name, data in sending.files:
        yield from intake.add_data(data, name, force=force)
    if sending.url:
        yield from intake.add_address(sending.url, force=force)
