"""The slash commands: what they are called, and what they do."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.adapters.slack.addressing import plain_words
from bot.adapters.slack.answering import Command
from bot.adapters.slack.delivery import Spot
from bot.adapters.slack.home import about_text
from bot.rendering.slack import plain, sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.adapters.slack.answering import Answering
    from bot.adapters.slack.corpus import CorpusRuns, Telling
    from bot.adapters.slack.delivery import Delivery
    from bot.adapters.slack.home import Home
    from bot.adapters.slack.looking import Looking
    from bot.adapters.slack.members import Members
    from bot.adapters.slack.problems import Problems
    from bot.desk import Desk
    from bot.ledger import Wishes
    from bot.localization import Phrases
    from bot.rendering.slack import Message
    from bot.rights import Member, Rights

    Answer = Callable[["Typed"], Awaitable[Sequence[Message]]]

_RUNS = ("/reindex", "/corpus")
_LOOKUPS = ("/quote", "/whosaid", "/speakers")
_CHANNEL = re.compile(r"<#(?P<id>\w+)(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^(?P<id>\w+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as somebody typed it.

    Attributes:
        name: the command, with its slash.
        rest: what follows it.
        user: who typed it.
        spot: where.
        team: id of the workspace.
        trigger: names this one use of the command.
        url: to answer it.
        words: of the person's language.
    """

    name: str
    rest: str
    user: str
    spot: Spot
    team: str
    trigger: str
    url: str
    words: Phrases

    def after_word(self) -> tuple[str, Typed]:
        """The first word of what follows, and the command without it."""
        word, _, rest = self.rest.strip().partition(" ")
        return word.lower(), self.saying(rest.strip())

    def saying(self, rest: str) -> Typed:
        """The same command with something else after it."""
        return replace(self, rest=rest)


class Commands:
    """Takes slash commands.

    Args:
        answering: answers questions.
        desk: keeps what a workspace wants.
        delivery: sends.
        members: know who asks, and what they may do.
        problems: tell what went wrong.
        home: tells of the articles.
        looking: looks up quotations.
        runs: run the corpus.
        rights: who may change what a workspace wants.
    """

    def __init__(
        self,
        answering: Answering,
        desk: Desk,
        delivery: Delivery,
        members: Members,
        problems: Problems,
        home: Home,
        looking: Looking,
        runs: CorpusRuns,
        rights: Rights,
    ) -> None:
        self._answering = answering
        self._desk = desk
        self._delivery = delivery
        self._members = members
        self._problems = problems
        self._home = home
        self._looking = looking
        self._runs = runs
        self._rights = rights
        self._told: dict[str, Answer] = {
            "": self._help,
            "help": self._help,
            "about": self._about,
            "privacy": self._privacy,
            "config": self._config,
        }

    async def take(self, body: dict[str, Any]) -> None:
        """Do what somebody typed."""
        user = str(body.get("user_id", ""))
        typed = Typed(
            name=str(body.get("command", "")),
            rest=str(body.get("text") or ""),
            user=user,
            spot=Spot(str(body.get("channel_id", "")), str(body.get("thread_ts") or "")),
            team=str(body.get("team_id", "")),
            trigger=str(body.get("trigger_id", "")),
            url=str(body.get("response_url", "")),
            words=(await self._members.get(user)).words,
        )
        if typed.name == "/ask":
            await self._answering.command(
                Command(typed.rest, user, typed.spot, typed.team, typed.trigger, typed.url)
            )
            return
        async with self._problems.told(typed.spot, user, typed.words, typed.url):
            if typed.name in _RUNS:
                await self._runs.command(typed)
                return
            if typed.name in _LOOKUPS:
                await self._looking.command(typed, await plain_words(typed.rest, self._members))
                return
            await self._delivery.respond(typed.url, await self._answer(typed))

    async def _answer(self, typed: Typed) -> Sequence[Message]:
        word, rest = typed.after_word()
        if typed.name != "/onrecord" or word not in self._told:
            command = f"{typed.name} {word}".strip()
            return plain(typed.words("slack_unknown", command=command))
        return await self._told[word](rest)

    def _tie(self, name: str) -> Telling:
        """Let the workspace be answered from another corpus, and tell how it is configured."""

        async def tie(member: Member, words: Phrases) -> str:
            await self._runs.tie(member, name)
            return _told(await self._desk.wishes(member.server), words)

        return tie

    async def _help(self, typed: Typed) -> Sequence[Message]:
        return plain(typed.words("slack_help"))

    async def _about(self, typed: Typed) -> Sequence[Message]:
        return plain(about_text(await self._home.describe(typed.words, typed.team), typed.words))

    async def _privacy(self, typed: Typed) -> Sequence[Message]:
        """Tell what is stored, or delete it."""
        word, _ = typed.after_word()
        if word != "delete":
            return plain(typed.words("slack_privacy"))
        deleted = await self._desk.delete_person(typed.user)
        return plain(typed.words("deleted", answers=deleted.answers, feedback=deleted.feedback))

    async def _config(self, typed: Typed) -> Sequence[Message]:
        """Change what a workspace wants, if the member may, and show all of it."""
        words = typed.words
        wishes = await self._desk.wishes(typed.team)
        member = await self._members.running(typed.user, typed.team, wishes)
        if self._rights.to_configure(member) is not None:
            return sentence(words("slack_not_admin"))
        word, rest = typed.after_word()
        if word == "corpus" and rest.rest:
            return plain(await self._runs.told(typed.user, typed.team, words, self._tie(rest.rest)))
        changes = _changes(typed, wishes)
        if changes is None:
            return plain(words("slack_config_help"))
        if changes:
            wishes = await self._desk.wish(typed.team, **changes)
            details = ", ".join(f"{name}: {value}" for name, value in changes.items())
            await self._desk.record(member, "config", details, "done")
        told = sentence(_told(wishes, words))
        if typed.after_word()[0] != "corrections":
            return told
        return (*told, *plain(words.corrections(await self._desk.corrections(typed.team))))


def _told(wishes: Wishes, words: Phrases) -> str:
    return words(
        "slack_config",
        channels=", ".join(f"<#{one}>" for one in wishes.channels) or words("everywhere"),
        group=_group(wishes.admins, words),
        blocked=_group(wishes.blocked, words),
        collection=wishes.collection,
        corrections=words("yes" if wishes.corrections else "no"),
    )


def _group(group: str, words: Phrases) -> str:
    return f"<!subteam^{group}>" if group else words("nobody")


def _changes(typed: Typed, wishes: Wishes) -> dict[str, object] | None:
    """What a command changes; ``None`` if it makes no sense."""
    word, rest = typed.after_word()
    channels = tuple(found["id"] for found in _CHANNEL.finditer(rest.rest))
    group = _GROUP.search(rest.rest)
    match word:
        case "" | "show":
            return {}
        case "allow" if channels:
            return {"channels": tuple(dict.fromkeys((*wishes.channels, *channels)))}
        case "deny" if channels:
            return {"channels": tuple(one for one in wishes.channels if one not in channels)}
        case "everywhere":
            return {"channels": ()}
        case "admins" if group or not rest.rest:
            return {"admins": group["id"] if group else ""}
        case "corrections" if rest.rest in ("", "on", "off"):
            return {"corrections": rest.rest == "on"} if rest.rest else {}
        case "block" if group or not rest.rest:
            return {"blocked": group["id"] if group else ""}
    return None
