"""Quotations on Slack: seen by who asks for them, and by all once they are shared."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.adapters.slack.answering import UNREACHABLE
from bot.adapters.slack.calls import CLOSED, code, retried, scope
from bot.adapters.slack.clicks import team_of
from bot.adapters.slack.delivery import Spot, message_id
from bot.adapters.slack.pages import (
    ABOUT,
    PAGE,
    QUOTE,
    SAID,
    SPEAKER,
    choices,
    filled_in,
    opened_at,
    private_buttons,
    public_buttons,
    quote_window,
    whosaid_window,
)
from bot.conversation import QuoteRequest, SpeakersRequest, WhosaidRequest
from bot.desk import Inquiry
from bot.ledger import Sent
from bot.rendering.discord_quotes import render_lookup
from bot.rendering.paging import Place
from bot.rendering.slack import sentence
from bot.rendering.slack_markup import converted
from index.source import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.adapters.slack.clicks import Click
    from bot.adapters.slack.commands import Typed
    from bot.adapters.slack.delivery import Delivery
    from bot.adapters.slack.members import Members
    from bot.adapters.slack.problems import Problems
    from bot.desk import Desk
    from bot.ledger import Entry
    from bot.limits import Limits
    from bot.localization import Phrases
    from bot.lookups import LookedUp, Lookups, Request
    from bot.rendering.paging import Leaf
    from bot.rendering.slack import Message

MOST = 5
"""Quotations on a page at most; fewer where they do not fit into one message."""
MOST_SPEAKERS = 15
_REMEMBERED = 10_000
"""Shared pages that are remembered, in case somebody clicks twice."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants to know something about quotations, and where.

    Attributes:
        user: who.
        team: id of the workspace.
        spot: where they are.
        url: to answer them, so that nobody else sees it.
        asked_in: names this one use of a command or control.
        words: of their language.
    """

    user: str
    team: str
    spot: Spot
    url: str
    asked_in: str
    words: Phrases

    @property
    def inquiry(self) -> Inquiry:
        """What the ledger keeps of it."""
        place = self.spot.place
        return Inquiry("", self.user, self.team, place, self.asked_in, direct=self.spot.is_direct)


class Looking:
    """Looks up quotations for the members of workspaces.

    Args:
        desk: keeps what was shown.
        lookups: finds it.
        limits: where and how often.
        delivery: sends.
        members: know who asks.
        problems: tell what went wrong.
        client: opens windows.
    """

    def __init__(
        self,
        desk: Desk,
        lookups: Lookups,
        limits: Limits,
        delivery: Delivery,
        members: Members,
        problems: Problems,
        client: AsyncWebClient,
    ) -> None:
        self._desk = desk
        self._lookups = lookups
        self._limits = limits
        self._delivery = delivery
        self._members = members
        self._problems = problems
        self._client = client
        self._shared: OrderedDict[tuple[str, str], None] = OrderedDict()

    # --- being asked ------------------------------------------------------------------------

    async def command(self, typed: Typed, text: str) -> None:
        """Answer ``/quote``, ``/whosaid`` or ``/speakers``; ask what to look up where none says.

        Args:
            typed: the command.
            text: what follows it, as its reader sees it.
        """
        asked = _of(typed)
        if typed.name == "/speakers":
            await self._answer(asked, SpeakersRequest(limit=MOST_SPEAKERS))
        elif not text:
            windows = {"/quote": quote_window, "/whosaid": whosaid_window}
            window = windows[typed.name](asked.spot, asked.url, asked.words)
            await retried(lambda: self._client.views_open(trigger_id=typed.trigger, view=window))
        elif typed.name == "/whosaid":
            await self._answer(asked, WhosaidRequest(text))
        else:
            speaker, about = await self._lookups.speaker_first(text, asked.team)
            await self._answer(asked, QuoteRequest(speaker, about, limit=MOST))

    async def pointed(self, asked: Asked, text: str) -> None:
        """Tell who said what a message says."""
        async with self._problems.told(asked.spot, asked.user, asked.words, asked.url):
            await self._answer(asked, WhosaidRequest(text))

    async def submitted(self, body: dict[str, Any]) -> None:
        """Look up what somebody filled into a window."""
        view, user = body["view"], str(body["user"]["id"])
        spot, url = opened_at(view)
        words = (await self._members.get(user)).words
        asked = Asked(user, team_of(body), spot, url, str(body.get("trigger_id", "")), words)
        async with self._problems.told(spot, user, words, url):
            if view["callback_id"] == QUOTE:
                speaker, about = filled_in(view, SPEAKER), filled_in(view, ABOUT)
                await self._answer(asked, QuoteRequest(speaker, about, limit=MOST))
            else:
                await self._answer(asked, WhosaidRequest(filled_in(view, SAID)))

    async def offered(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """The speakers to offer while somebody types a name; none where they may not ask."""
        team, user = team_of(body), str((body.get("user") or {}).get("id", ""))
        wishes = await self._desk.wishes(team)
        member = await self._members.asking(user, team, "D", wishes)
        if self._limits.closes(wishes, member):
            return []
        return choices(await self._lookups.speakers(str(body.get("value") or ""), team))

    async def clicked(self, click: Click) -> None:
        """Turn to a page, or share it."""
        found = PAGE.fullmatch(click.action)
        assert found is not None  # the caller looked
        words = (await self._members.get(click.user)).words
        asked = Asked(click.user, click.team, click.spot, click.url, click.trigger, words)
        place = Place.of(found["place"])
        async with self._problems.told(click.spot, click.user, words, click.url):
            entry = await self._own(asked, found["answer"])
            if entry is None:
                return
            does = self._share if found["action"] == "share" else self._turn
            await does(asked, entry, place, click.message)

    # --- answering --------------------------------------------------------------------------

    async def _answer(self, asked: Asked, request: Request) -> None:
        if refusal := await self._refusal(asked):
            await self._tell(asked, sentence(refusal))
            return
        self._limits.count(asked.inquiry)
        found = await self._lookups.look_up(request, asked.inquiry)
        leaf = render_lookup(found.reply, asked.words, Place())
        if not found.is_kept:
            await self._tell(asked, converted((leaf.part,)))
            return
        await self._lookups.keep(found, asked.inquiry, leaf.sources, private=True)
        under = private_buttons(found.id, leaf, asked.words)
        sent: list[Sent] = []
        try:
            await self._tell(asked, converted((leaf.part,), under))
            sent = [_unreachable(asked.spot, found.id, leaf, private=True)]
        finally:
            await self._desk.sent(found.id, sent)

    async def _turn(self, asked: Asked, entry: Entry, place: Place, message: str) -> None:
        """Show another page in place of the one with the button."""
        found, leaf = await self._page(entry, place, asked)
        if not found.is_kept:
            await self._tell(asked, converted((leaf.part,)))
            return
        if entry.private:
            under = private_buttons(entry.id, leaf, asked.words)
            messages = converted((leaf.part,), under)
            await self._delivery.respond(asked.url, messages, replace=True)
            sent = _unreachable(asked.spot, entry.id, leaf, private=True)
        else:
            under = public_buttons(entry.id, leaf, asked.words)
            (turned,) = converted((leaf.part,), under)
            sent = await self._delivery.turn(asked.spot, message, turned, asked.words)
        shown = [Shown.of(source) for source in leaf.sources if source.number in sent.numbers]
        await self._desk.turned(entry.id, sent.message, shown, sent)

    async def _share(self, asked: Asked, entry: Entry, place: Place, _: str) -> None:
        """Show a page to all who see the channel."""
        refusal = await self._refusal(asked)
        if not refusal and not self._is_new(entry.id, place):
            refusal = asked.words("already_shared")
        if refusal:
            await self._tell(asked, sentence(refusal))
            return
        self._limits.count(asked.inquiry)
        found, leaf = await self._page(replace(entry, private=False), place, asked)
        if not found.is_kept:
            await self._tell(asked, converted((leaf.part,)))
            return
        await self._publish(asked, replace(found, id=secrets.token_hex(8)), leaf)
        seen = render_lookup(found.reply, asked.words, place)
        under = private_buttons(entry.id, seen, asked.words, shared=True)
        await self._delivery.respond(asked.url, converted((seen.part,), under), replace=True)

    async def _publish(self, asked: Asked, found: LookedUp, leaf: Leaf) -> None:
        messages = converted((leaf.part,), public_buttons(found.id, leaf, asked.words))
        await self._lookups.keep(found, asked.inquiry, leaf.sources, private=False)
        sent: list[Sent] = []
        try:
            sent = await self._delivery.post(asked.spot, messages, asked.words)
        except SlackApiError as error:
            if not (code(error) in CLOSED or scope(error)):
                raise
            if not await self._delivery.respond(asked.url, messages, in_channel=True):
                raise
            sent = [_unreachable(asked.spot, found.id, leaf)]
        finally:
            await self._desk.sent(found.id, sent)

    async def _page(self, entry: Entry, place: Place, asked: Asked) -> tuple[LookedUp, Leaf]:
        """A page of what ``entry`` asked, as it is now."""
        most = MOST_SPEAKERS if '"speakers"' in entry.lookup else MOST
        found = await self._lookups.again(entry, *place.window(most))
        name = (await self._members.get(asked.user)).name
        heading = "" if entry.private else asked.words("shared_by", name=name)
        return found, render_lookup(found.reply, asked.words, place, heading)

    async def _own(self, asked: Asked, answer: str) -> Entry | None:
        """The entry of a lookup, if the member who clicks made it; else they are told."""
        entry = await self._desk.entry(answer, asked.team)
        if entry is None:
            refusal = asked.words("unknown_answer")
        elif entry.asker != asked.user:
            refusal = asked.words("not_yours", asker=f"<@{entry.asker}>")
        elif not await self._is_closed(asked):
            return entry
        else:
            refusal = await self._refusal(asked)
        await self._tell(asked, sentence(refusal))
        return None

    async def _is_closed(self, asked: Asked) -> bool:
        wishes = await self._desk.wishes(asked.team)
        channel = asked.spot.channel
        member = await self._members.asking(asked.user, asked.team, channel, wishes)
        return self._limits.closes(wishes, member)

    async def _refusal(self, asked: Asked) -> str:
        wishes = await self._desk.wishes(asked.team)
        channel = asked.spot.channel
        member = await self._members.asking(asked.user, asked.team, channel, wishes)
        return self._limits.refusal(asked.inquiry, wishes, member, asked.words)

    async def _tell(self, asked: Asked, messages: Sequence[Message]) -> None:
        """Tell the one who asked, and nobody else."""
        if asked.url and await self._delivery.respond(
            asked.url, messages, thread=asked.spot.thread
        ):
            return
        await self._delivery.whisper(asked.spot, asked.user, messages)

    def _is_new(self, answer: str, place: Place) -> bool:
        """Whether a page was not shared yet; from now on it was."""
        key = (answer, place.code)
        if key in self._shared:
            return False
        self._shared[key] = None
        if len(self._shared) > _REMEMBERED:
            self._shared.popitem(last=False)
        return True


def _of(typed: Typed) -> Asked:
    return Asked(typed.user, typed.team, typed.spot, typed.url, typed.trigger, typed.words)


def _unreachable(spot: Spot, answer: str, leaf: Leaf, *, private: bool = False) -> Sent:
    """A message that nobody can change later, since Slack does not tell where it is."""
    id_, numbers = message_id(spot.channel, UNREACHABLE + answer), leaf.part.numbers
    return Sent(id_, spot.place, numbers, ephemeral=private)
