"""Running the corpus from a chat, whatever platform: rights checked, done, and recorded."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from bot import messages
from bot.collection_settings import CollectionSettings
from bot.collections import Collection
from bot.errors import BotError, RightsError
from bot.rights import Refusal
from bot.versioning import Version, roll_back, versions_of
from corpus.errors import CorpusError
from index.errors import SearchIndexError
from index.manifest import Recipe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.app import App
    from bot.audit import Act
    from bot.build_lock import Running
    from bot.desk import Desk
    from bot.ledger import Wishes
    from bot.planning import Plan
    from bot.rights import Member, Rights
    from index.build import Progress


T = TypeVar("T")


class Keeping:
    """What members of a server may do with the collection that the server is tied to.

    Every function checks the rights of its member first and raises ``RightsError`` where they
    are not enough; whatever changes something is recorded, with what came of it.

    Args:
        app: the running bot.
        desk: of the platform: knows what servers want, and keeps the record.
        rights: who may do what.
    """

    def __init__(self, app: App, desk: Desk, rights: Rights) -> None:
        self._app = app
        self._desk = desk
        self._rights = rights

    async def plan(self, member: Member) -> Plan:
        """What a reindex would change, with the earlier answers of the member's server.

        Raises:
            RightsError: if the member may not run the corpus.
            BuildRunningError: if it is being reindexed already.
            BuildFailedError: if the articles cannot be read.
        """
        name = await self._allowed(member)
        self._app.builds.check_free(name)
        plan = await self._app.builds.plan(name, Recipe.of(self._app.embedder))
        return plan.in_server(member.platform, member.server)

    async def reindex(
        self,
        member: Member,
        progress: Callable[[Progress], None] = lambda _: None,
        collection: str = "",
    ) -> dict[str, Any]:
        """Bring the corpus up to date; returns ``corpus_admin.built_as_json``.

        Args:
            member: who wants it.
            progress: told how far it is.
            collection: the one that was planned for; another one by now is refused.

        Raises:
            RightsError: if the member may not run the corpus.
            BuildError: if it is being built already, was cancelled or failed.
        """
        name = await self._allowed(member, collection)
        build = self._app.builds.build(name, member.name or member.key, progress)
        return await self._recorded(member, "reindex", "", build, messages.built)

    async def cancel(self, member: Member, collection: str = "") -> bool:
        """End the build that is under way. Returns whether this process has one."""
        name = await self._allowed(member, collection)
        return self._app.builds.cancel(name, member.name or member.key)

    async def collection(self, member: Member) -> str:
        """The name of the corpus that a member may run."""
        return await self._allowed(member)

    async def running(self, member: Member) -> Running | None:
        """The build that is under way."""
        return self._app.builds.running(await self._allowed(member))

    async def versions(self, member: Member) -> list[Version]:
        """The versions that can be gone back to, newest first."""
        collection = self._collection(await self._allowed(member))
        return await asyncio.to_thread(versions_of, collection)

    async def roll_back(self, member: Member, version: str = "") -> Version:
        """Go back to an earlier version; without a name to the one before.

        Raises:
            RightsError: if the member may not run the corpus.
            NoVersionError: if there is no such version.
            SearchIndexError: if it cannot be used.
        """
        collection = self._collection(await self._allowed(member))
        recipe = Recipe.of(self._app.embedder)
        going = asyncio.to_thread(roll_back, collection, version, recipe)
        return await self._recorded(member, "rollback", version, going, lambda to: to.name)

    async def history(self, member: Member, limit: int = 20) -> list[Act]:
        """What was done to the corpus."""
        await self._allowed(member)
        return await self._desk.acts(member.server, limit)

    async def choices(self, member: Member) -> list[str]:
        """The collections that a member may tie their server to."""
        if self._rights.to_configure(member):
            return []
        names = await asyncio.to_thread(self._app.collections.names)
        return [name for name in names if self._admits(name, member)]

    async def tie(self, member: Member, name: str) -> Wishes:
        """Let a server be answered from another collection, made if there is none of that name.

        Raises:
            RightsError: if the member may not configure, or the collection is closed to them.
            CollectionNameError: if no collection can have this name.
        """
        if refusal := self._rights.to_configure(member):
            raise RightsError(refusal, await self._desk.wishes(member.server))
        collection = self._collection(name)
        if collection.exists() and not self._admits(name, member):
            raise RightsError(Refusal.CLOSED, await self._desk.wishes(member.server))
        await asyncio.to_thread(self._open, collection, _server(member))
        wishes = await self._desk.wish(member.server, collection=name)
        await self._desk.record(member, "config", f"collection: {name}", "done")
        return wishes

    def _open(self, collection: Collection, server: str) -> None:
        settings = self._app.settings
        collection.make()
        held = CollectionSettings.of(collection, settings)
        if not held.admits(collection, server):
            held.admitting(server).write(collection)
        self._app.ensure_index(name=collection.name)

    def _admits(self, name: str, member: Member) -> bool:
        collection = self._collection(name)
        held = CollectionSettings.of(collection, self._app.settings)
        return self._rights.owns(member) or held.admits(collection, _server(member))

    def _collection(self, name: str) -> Collection:
        return Collection.of(self._app.settings, name)

    async def _allowed(self, member: Member, collection: str = "") -> str:
        """The collection of the member's server, which they may run."""
        wishes = await self._desk.wishes(member.server)
        if refusal := self._rights.to_run(member, wishes):
            raise RightsError(refusal, await self._desk.wishes(member.server))
        if collection and collection != wishes.collection:
            raise RightsError(Refusal.OTHER_COLLECTION, wishes)
        return wishes.collection

    async def _recorded(
        self,
        member: Member,
        what: str,
        details: str,
        doing: Awaitable[T],
        told: Callable[[T], str],
    ) -> T:
        try:
            done = await doing
        except (BotError, CorpusError, SearchIndexError) as error:
            await self._desk.record(member, what, details, str(error))
            raise
        await self._desk.record(member, what, details, told(done))
        return done


def _server(member: Member) -> str:
    return f"{member.platform}:{member.server}"
