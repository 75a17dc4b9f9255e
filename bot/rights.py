"""Who may do what: run the corpus, ask, or nothing. Asked at every call and at every button."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ledger import Wishes


class Refusal(StrEnum):
    """Why somebody may not do something; the key of the sentence that says so."""

    BLOCKED = "blocked"
    NOT_HERE = "not_here"
    NOT_ADMIN = "not_admin"
    NOT_MANAGER = "not_manager"
    SERVER_ONLY = "server_only"
    CLOSED = "corpus_closed"
    OTHER_COLLECTION = "other_collection"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who wants something, as their platform describes them at that moment.

    Attributes:
        platform: names the platform.
        id: of the person there.
        name: as people know them, for the record of what was done.
        server: id of the server or workspace, empty in a direct message.
        places: ids of the channel, and of the channel and category that it belongs to.
        roles: ids of the roles or user groups that they have.
        manages: whether they may manage the server, or the workspace.
    """

    platform: str
    id: str
    name: str = ""
    server: str = ""
    places: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    manages: bool = False

    @property
    def key(self) -> str:
        """How the settings name the person: ``discord:1234``."""
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Rights:
    """Decides who may do what.

    Attributes:
        owners: keys of those who may run every collection, wherever they are.
        shared: names of the collections that owners alone may run, since several servers have
            them.
    """

    owners: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()

    @classmethod
    def of(cls, owners: str, shared: str = "") -> Rights:
        """From the settings: names set apart by commas or spaces."""
        return cls(_listed(owners), _listed(shared))

    def owns(self, member: Member) -> bool:
        """Whether somebody owns the bot."""
        return member.key in self.owners

    def to_ask(self, member: Member, wishes: Wishes) -> Refusal | None:
        """Why ``member`` may not ask, nor use what an answer offers; ``None`` if they may."""
        blocked = wishes.blocked in member.roles if wishes.blocked else False
        if blocked and self.to_run(member, wishes) is not None:
            return Refusal.BLOCKED
        if wishes.channels and member.server and member.places.isdisjoint(wishes.channels):
            return Refusal.NOT_HERE
        return None

    def to_run(self, member: Member, wishes: Wishes) -> Refusal | None:
        """Why ``member`` may not run the corpus of their server; ``None`` if they may."""
        if self.owns(member):
            return None
        if not member.server:
            return Refusal.SERVER_ONLY
        if wishes.collection in self.shared:
            return Refusal.NOT_ADMIN
        is_admin = bool(wishes.admins) and wishes.admins in member.roles
        return None if member.manages or is_admin else Refusal.NOT_ADMIN

    def to_configure(self, member: Member) -> Refusal | None:
        """Why ``member`` may not change what their server wants; ``None`` if they may."""
        if not member.server:
            return Refusal.SERVER_ONLY
        return None if member.manages or self.owns(member) else Refusal.NOT_MANAGER


def _listed(names: str) -> frozenset[str]:
    return frozenset(names.replace(",", " ").split())
