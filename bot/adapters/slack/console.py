"""Running the corpus from the Home tab: what ``/corpus`` does, by clicks and choices.

Whatever is chosen is handed to what does the commands, which asks again who may, at each click.
What comes of it is told in the direct messages of who clicked: a Home tab has no room for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.adapters.slack.bringing import BRINGING, brought, feed_in
from bot.adapters.slack.clicks import team_of
from bot.adapters.slack.commands import Typed
from bot.adapters.slack.controls import ACT
from bot.adapters.slack.delivery import Spot
from bot.adapters.slack.intake import Shared
from bot.errors import BotError
from bot.librarian import key_of
from bot.rendering.corpus import version_line
from bot.rendering.order import shortened
from bot.rendering.slack import plain, plain_text
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.adapters.slack.clicks import Click
    from bot.adapters.slack.corpus import CorpusRuns
    from bot.adapters.slack.delivery import Delivery
    from bot.adapters.slack.home import Home
    from bot.adapters.slack.intake import Articles
    from bot.adapters.slack.members import Members
    from bot.adapters.slack.problems import Problems
    from bot.desk import Desk
    from bot.keeping import Keeping
    from bot.librarian import Librarian
    from bot.rights import Member, Rights

_LONGEST_CHOICE = 75
_MOST_CHOICES = 100
_KNOWN = (BotError, CorpusError)


class Console:
    """Does what is clicked and chosen in the Home tab.

    Args:
        runs: do what the commands do.
        articles: take in what is brought.
        librarian: knows the articles.
        keeping: knows the versions.
        desk: keeps what a workspace wants.
        delivery: sends.
        members: know who clicks.
        problems: tell what went wrong.
        home: shows the tab anew.
        rights: who may change what a workspace wants.
    """

    def __init__(
        self,
        runs: CorpusRuns,
        articles: Articles,
        librarian: Librarian,
        keeping: Keeping,
        desk: Desk,
        delivery: Delivery,
        members: Members,
        problems: Problems,
        home: Home,
        rights: Rights,
    ) -> None:
        self._runs = runs
        self._articles = articles
        self._librarian = librarian
        self._keeping = keeping
        self._desk = desk
        self._delivery = delivery
        self._members = members
        self._problems = problems
        self._home = home
        self._rights = rights

    async def clicked(self, click: Click) -> None:
        """Do what a control is for."""
        found = ACT.fullmatch(click.action)
        assert found is not None  # the caller looked
        action, typed = found["action"], await self._typed(click)
        async with self._problems.told(typed.spot, click.user, typed.words):
            match action:
                case "add" | "watch":
                    if await self._may_run(typed):
                        await self._articles.ask_for(action, typed)
                case "article":
                    await self._article(typed, click.value)
                case "version":
                    await self._say(typed.saying(f"rollback {click.value}"))
                    await self._home.publish(click.user, click.team)
                case "correct" | "stop_correcting":
                    await self._switch(typed, on=action == "correct")
                case _:
                    await self._say(typed.saying(action))

    async def submitted(self, body: dict[str, Any]) -> None:
        """Take in what somebody filled into a window."""
        view, user = body["view"], str(body["user"]["id"])
        team, trigger = team_of(body), str(body.get("trigger_id", ""))
        words = (await self._members.get(user)).words
        async with self._problems.told(Spot(user), user, words):
            if view["callback_id"] == BRINGING:
                url, files = brought(view)
                await self._articles.shared(Shared(trigger, url, files, user, team))
                return
            url, hours = feed_in(view)
            typed = Typed("/corpus", f"watch {url} {hours}", user, Spot(user), team, "", "", words)
            await self._say(typed)

    async def offered(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """The articles or versions to choose from, while somebody types; none for others."""
        user, team = str((body.get("user") or {}).get("id", "")), team_of(body)
        member = await self._members.running(user, team, await self._desk.wishes(team))
        sought = str(body.get("value") or "").casefold()
        is_article = str(body.get("action_id")).endswith("article")
        offer = self._titles if is_article else self._versions
        try:
            found = await offer(member)
        except _KNOWN:
            return []  # a list has no room for the reason; the tab tells who may
        fitting = [(value, text) for value, text in found if sought in text.casefold()]
        return [
            {"text": plain_text(shortened(text, _LONGEST_CHOICE)), "value": value}
            for value, text in fitting[:_MOST_CHOICES]
        ]

    async def _titles(self, member: Member) -> list[tuple[str, str]]:
        collection = (await self._librarian.check(member)).collection
        articles = await self._librarian.articles(member)
        return [(key_of(collection, one.id), f"{one.title} ({one.id})") for one in articles]

    async def _versions(self, member: Member) -> list[tuple[str, str]]:
        versions = await self._keeping.versions(member)
        return [(one.name, version_line(one)) for one in versions if not one.current]

    async def _article(self, typed: Typed, key: str) -> None:
        """Show an article, with a button to remove it."""

        async def named(member: Member) -> str:
            return (await self._librarian.with_key(member, key)).id

        id_ = await self._tried(typed, named)
        if id_:
            await self._say(typed.saying(f"show {id_}"))
            await self._say(typed.saying(f"remove {id_}"))

    async def _switch(self, typed: Typed, *, on: bool) -> None:
        """Have earlier answers corrected, or not."""
        member = await self._member(typed)
        if self._rights.to_configure(member) is not None:
            await self._delivery.say(typed.spot, plain(typed.words("slack_not_admin"))[0])
            return
        await self._desk.wish(typed.team, corrections=on)
        await self._desk.record(member, "config", f"corrections: {on}", "done")
        await self._home.publish(typed.user, typed.team)

    async def _may_run(self, typed: Typed) -> bool:
        return bool(await self._tried(typed, self._librarian.check))

    async def _tried(self, typed: Typed, doing: Callable[[Member], Awaitable[Any]]) -> Any:
        """What ``doing`` gives; where it cannot be had, the reason is told."""
        try:
            return await doing(await self._member(typed))
        except _KNOWN as error:
            text = self._articles.reason(error, typed.words)
            await self._delivery.say(typed.spot, plain(text)[0])
            return None

    async def _say(self, typed: Typed) -> None:
        """Do a command and tell in direct messages what it answers."""
        for message in await self._runs.answer(typed):
            await self._delivery.say(typed.spot, message)

    async def _typed(self, click: Click) -> Typed:
        words = (await self._members.get(click.user)).words
        spot = Spot(click.user)
        return Typed("/corpus", "", click.user, spot, click.team, click.trigger, "", words)

    async def _member(self, typed: Typed) -> Member:
        wishes = await self._desk.wishes(typed.team)
        return await self._members.running(typed.user, typed.team, wishes)
