"""Who somebody is: their name, their language, what they may do."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.adapters.slack.calls import code, retried, scope
from bot.localization import phrases
from bot.rights import Member

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.ledger import Wishes
    from bot.localization import Phrases

PLATFORM = "slack"
_KEPT = 3600.0
"""Seconds that a name and a language are kept; rights are asked for each time."""
_MOST = 10_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """A person.

    Attributes:
        name: as Slack shows it; the id where it is not known.
        locale: of their Slack, empty where it is not known.
        is_admin: whether they are an admin or owner of the workspace.
    """

    name: str
    locale: str = ""
    is_admin: bool = False

    @property
    def words(self) -> Phrases:
        """The phrases of their language."""
        return phrases(self.locale)


class Members:
    """Asks Slack about people.

    Args:
        client: of the Web API.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: dict[str, tuple[float, Person]] = {}

    async def get(self, user: str) -> Person:
        """A person, as they were within the last hour."""
        at, person = self._known.get(user, (0.0, None))
        if person is None or time.monotonic() - at > _KEPT:
            person = await self.fetch(user)
        return person

    async def fetch(self, user: str) -> Person:
        """A person as they are now; nobody known, without rights, where Slack does not say."""
        person = Person(user)
        try:
            told = await retried(lambda: self._client.users_info(user=user, include_locale=True))
            person = _person(user, told.get("user") or {})
        except Exception as error:  # noqa: BLE001 - unknown people are answered all the same
            _explain("does not tell who asks", error)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[user] = (time.monotonic(), person)
        return person

    async def asking(self, user: str, team: str, channel: str, wishes: Wishes) -> Member:
        """Somebody who asks, in the words of ``bot.rights``; a direct message is no channel."""
        person = await self.get(user)
        return Member(
            platform=PLATFORM,
            id=user,
            name=person.name,
            server="" if channel.startswith("D") else team,
            places=frozenset((channel,)),
            roles=await self._groups(
                user, {wishes.blocked, wishes.admins if wishes.blocked else ""}
            ),
            manages=person.is_admin,
        )

    async def running(self, user: str, team: str, wishes: Wishes) -> Member:
        """Somebody who wants to run the corpus or change what the workspace wants, as of now."""
        person = await self.fetch(user)
        groups = await self._groups(user, {wishes.admins})
        return Member(PLATFORM, user, person.name, team, frozenset(), groups, person.is_admin)

    async def _groups(self, user: str, groups: set[str]) -> frozenset[str]:
        """Those of some user groups that a person belongs to."""
        return frozenset([group for group in groups if group and await self._belongs(user, group)])

    async def _belongs(self, user: str, group: str) -> bool:
        try:
            told = await retried(lambda: self._client.usergroups_users_list(usergroup=group))
        except Exception as error:  # noqa: BLE001 - whoever is not known to belong does not
            _explain(f"does not tell who belongs to the user group {group}", error)
            return False
        return user in (told.get("users") or ())


def _explain(what: str, error: Exception) -> None:
    if needed := scope(error):
        _log.warning("Slack %s: the app lacks the scope %s", what, needed)
    else:
        _log.info("Slack %s: %s", what, code(error) or error)


def _person(user: str, told: dict[str, object]) -> Person:
    profile = told.get("profile")
    name = profile.get("display_name") if isinstance(profile, dict) else ""
    return Person(
        str(name or told.get("real_name") or told.get("name") or user),
        str(told.get("locale") or ""),
        bool(told.get("is_admin") or told.get("is_owner")),
    )
