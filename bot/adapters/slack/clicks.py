"""What the buttons under an answer do."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.adapters.slack.buttons import BUTTON, reason_in, reason_window, told_window
from bot.adapters.slack.calls import retried
from bot.adapters.slack.delivery import Spot
from bot.conversation import Kind, Reply
from bot.limits import refused
from bot.rendering.slack import plain, render, render_contexts, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.adapters.slack.delivery import Delivery
    from bot.adapters.slack.members import Members
    from bot.adapters.slack.problems import Problems
    from bot.desk import Desk
    from bot.ledger import Entry
    from bot.localization import Phrases
    from bot.rendering.slack import Message
    from bot.rights import Rights

_IN_TIME = 2.0
"""Seconds that keeping a reason may take before its window is answered, of Slack's 3."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Click:
    """A click on a button.

    Attributes:
        action: the button's id.
        user: who clicked.
        spot: where the button stands.
        url: to answer the click.
        trigger: to open a window, within 3 s.
        team: id of the workspace.
        message: timestamp of the message with the button.
        is_private: whether only the one who clicked sees that message.
        value: what was chosen, where it is something to choose from.
    """

    action: str
    user: str
    spot: Spot
    url: str
    trigger: str
    team: str
    message: str
    is_private: bool
    value: str = ""

    @classmethod
    def of(cls, body: dict[str, Any], action: dict[str, Any]) -> Click:
        """The click that Slack tells of in ``body``."""
        message = body.get("message") or {}
        container = body.get("container") or {}
        channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
        thread = message.get("thread_ts") or container.get("thread_ts") or ""
        return cls(
            action=str(action.get("action_id", "")),
            user=str((body.get("user") or {}).get("id", "")),
            spot=Spot(str(channel), str(thread)),
            url=str(body.get("response_url") or ""),
            trigger=str(body.get("trigger_id") or ""),
            team=team_of(body),
            message=str(message.get("ts") or container.get("message_ts") or ""),
            is_private=bool(container.get("is_ephemeral")),
            value=str((action.get("selected_option") or {}).get("value") or ""),
        )


def team_of(body: dict[str, Any]) -> str:
    """Id of the workspace in which somebody used a control."""
    return str((body.get("team") or {}).get("id") or "")


class Clicks:
    """Takes clicks on buttons and windows that were filled in.

    Args:
        desk: knows the answers that the buttons belong to.
        delivery: sends.
        members: know who clicks.
        problems: tell what went wrong.
        client: opens windows.
        rights: who may use the buttons.
    """

    def __init__(
        self,
        desk: Desk,
        delivery: Delivery,
        members: Members,
        problems: Problems,
        client: AsyncWebClient,
        rights: Rights,
    ) -> None:
        self._desk = desk
        self._delivery = delivery
        self._members = members
        self._problems = problems
        self._client = client
        self._rights = rights

    async def take(self, click: Click) -> None:
        """Do what a button is for; say so where it cannot be done."""
        found = BUTTON.fullmatch(click.action)
        if found is None:
            return  # a link, or a button of a version that is gone
        action, answer = found["action"], found["answer"]
        words = (await self._members.get(click.user)).words
        async with self._problems.told(click.spot, click.user, words, click.url):
            if refusal := await self._refusal(click, words):
                await self._say(click, sentence(refusal))
                return
            entry = await self._desk.entry(answer, click.team)
            if entry is None:
                await self._say(click, sentence(words("unknown_answer")))
            elif entry.private and entry.asker != click.user:
                await self._say(click, sentence(words("not_yours", asker=f"<@{entry.asker}>")))
            elif action == "down":
                await self._ask_why(click, answer, words)
            elif action == "up":
                await self._desk.rate(answer, click.team, click.user, helpful=True)
                await self._say(click, sentence(words("thanks")))
            else:
                shows = self._context if action == "context" else self._more
                await self._say(click, await shows(entry, words))

    async def _refusal(self, click: Click, words: Phrases) -> str:
        """Why a member may not use what an answer offers; empty if they may."""
        wishes = await self._desk.wishes(click.team)
        channel = click.spot.channel
        member = await self._members.asking(click.user, click.team, channel, wishes)
        refusal = self._rights.to_ask(member, wishes)
        return refused(refusal, wishes, words) if refusal else ""

    async def submitted(self, user: str, team: str, view: dict[str, Any]) -> dict[str, Any]:
        """Keep the reason that somebody gave in a window. Returns what the window shows then."""
        words = (await self._members.get(user)).words
        answer = str(view.get("private_metadata", ""))
        try:
            async with asyncio.timeout(_IN_TIME):
                reason = reason_in(view)
                known = await self._desk.rate(answer, team, user, helpful=False, reason=reason)
        except Exception:  # noqa: BLE001 - the window has to be answered
            _log.exception("a reason could not be kept")
            known = False
        return told_window(words("thanks" if known else "unknown_answer"), words)

    async def _ask_why(self, click: Click, answer: str, words: Phrases) -> None:
        """Open the window first: the click is good for 3 s only."""
        window = reason_window(answer, words)
        try:
            await retried(lambda: self._client.views_open(trigger_id=click.trigger, view=window))
        finally:
            await self._desk.rate(answer, click.team, click.user, helpful=False)

    async def _context(self, entry: Entry, words: Phrases) -> Sequence[Message]:
        contexts = await self._desk.contexts(entry)
        return render_contexts(contexts, words) if contexts else plain(words("gone"))

    async def _more(self, entry: Entry, words: Phrases) -> Sequence[Message]:
        sources = await self._desk.more(entry)
        if not sources:
            return plain(words("no_more"))
        return render(Reply(Kind.ANSWER, sources=sources), words, words("more"))

    async def _say(self, click: Click, messages: Sequence[Message]) -> None:
        """Tell the one who clicked."""
        if click.url and await self._delivery.respond(
            click.url, messages, thread=click.spot.thread
        ):
            return
        await self._delivery.whisper(click.spot, click.user, messages)
