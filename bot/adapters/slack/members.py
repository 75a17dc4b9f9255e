"""Who somebody is: their name, their language, whether they run the workspace."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.adapters.slack.calls import code, retried, scope
from bot.localization import phrases

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.localization import Phrases

_KEPT = 3600.0
"""Seconds that a name and a language are kept; rights are asked for each time."""
_MOST = 10_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Member:
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
        self._known: dict[str, tuple[float, Member]] = {}

    async def get(self, user: str) -> Member:
        """A person, as they were within the last hour."""
        at, member = self._known.get(user, (0.0, None))
        if member is None or time.monotonic() - at > _KEPT:
            member = await self.fetch(user)
        return member

    async def fetch(self, user: str) -> Member:
        """A person as they are now; nobody known, without rights, where Slack does not say."""
        member = Member(user)
        try:
            told = await retried(lambda: self._client.users_info(user=user, include_locale=True))
            member = _member(user, told.get("user") or {})
        except Exception as error:  # noqa: BLE001 - without their name they are answered all the same
            if needed := scope(error):
                _log.warning("Slack does not tell who asks: the app lacks the scope %s", needed)
            else:
                _log.info("Slack does not tell who asks: %s", code(error) or error)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[user] = (time.monotonic(), member)
        return member


def _member(user: str, told: dict[str, object]) -> Member:
    profile = told.get("profile")
    name = profile.get("display_name") if isinstance(profile, dict) else ""
    return Member(
        str(name or told.get("real_name") or told.get("name") or user),
        str(told.get("locale") or ""),
        bool(told.get("is_admin") or told.get("is_owner")),
    )
