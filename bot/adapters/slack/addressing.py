"""Whether a message is for the bot, and what it asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.adapters.slack.delivery import Spot, message_id
from bot.rendering.slack import unescape
from corpus.wording import wording
from index.asked import SCRAP

if TYPE_CHECKING:
    from bot.adapters.slack.members import Members

_SPECIAL = re.compile(r"<(?P<sign>[@#!]?)(?P<id>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_SPOKEN = frozenset(("", "file_share", "me_message", "thread_broadcast", "bot_message"))
"""Kinds of message that somebody says; the others tell of joining, editing and the like."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message that somebody wrote.

    Attributes:
        text: as Slack gives it.
        user: who wrote it; a bot's id where no user did.
        channel: where.
        timestamp: its id there.
        thread: timestamp of the message that its thread began with, empty outside threads.
        direct: whether it is a direct message.
        team: id of the workspace.
        by_bot: whether a bot wrote it.
        to_bot: whether the thread began with a message of this bot.
    """

    text: str
    user: str
    channel: str
    timestamp: str
    thread: str
    direct: bool
    team: str
    by_bot: bool
    to_bot: bool

    @property
    def id(self) -> str:
        """Names the message in the ledger."""
        return message_id(self.channel, self.timestamp)

    @property
    def answered_at(self) -> Spot:
        """Where the answer belongs: in the thread; in a direct message where it was asked."""
        began = "" if self.direct else self.timestamp
        return Spot(self.channel, self.thread or began)


def spoken(event: dict[str, Any], team: str, me: str) -> Spoken | None:
    """What somebody said in an event; ``None`` if it is no message, or has no author."""
    user = str(event.get("user") or event.get("bot_id") or "")
    if str(event.get("subtype") or "") not in _SPOKEN or not user or not event.get("ts"):
        return None
    timestamp, channel = str(event["ts"]), str(event.get("channel", ""))
    return Spoken(
        text=str(event.get("text") or ""),
        user=user,
        channel=channel,
        timestamp=timestamp,
        thread=str(event.get("thread_ts") or ""),
        direct=event.get("channel_type") == "im" or channel.startswith("D"),
        team=team,
        by_bot=bool(event.get("bot_id")) or event.get("subtype") == "bot_message",
        to_bot=event.get("parent_user_id") == me,
    )


def mentions(text: str, user: str) -> bool:
    """Whether a message names somebody."""
    return any(found["sign"] == "@" and found["id"] == user for found in _SPECIAL.finditer(text))


def speaks_to_others(text: str) -> bool:
    """Whether a message names somebody at all, and so is for them."""
    return any(
        found["sign"] == "@" or found["id"].startswith("subteam^")
        for found in _SPECIAL.finditer(text)
    )


async def plain_words(text: str, members: Members, me: str = "") -> str:
    """A message as its reader sees it: names for ids, no mention of the bot itself."""
    users = {found["id"] for found in _SPECIAL.finditer(text) if found["sign"] == "@"} - {me}
    names = {user: (await members.get(user)).name for user in sorted(users)}

    def shown(found: re.Match[str]) -> str:
        sign, name, label = found["sign"], found["id"], found["label"]
        if sign == "@":
            return "" if name == me else f"@{names[name]}"
        if sign == "#":
            return f"#{label or name}"
        if sign == "!":
            return label or f"@{name.split('^')[0]}"
        return label or name

    return " ".join(unescape(_SPECIAL.sub(shown, text)).split())


def words_in(message: dict[str, Any]) -> str:
    """The text of a message, or of what is attached to it where it has none of its own."""
    if text := str(message.get("text") or ""):
        return text
    attached = [one for one in message.get("attachments") or () if isinstance(one, dict)]
    return " ".join(str(one.get("text") or one.get("fallback") or "") for one in attached).strip()


_SIGNS = re.compile(r"(?<!\w)[*_~`]+(?=\S)|(?<=\S)[*_~`]+(?!\w)")
_MARKER = re.compile(r" \[\d+\]$")
"""The number that the bot puts after an article's words."""
_MARKS = re.compile(r"[\"“”„«»‟]")


async def said_in(text: str, members: Members) -> str:
    """The words of a message as its readers see them, to be judged as a quotation.

    Its quotation lines are put in quotation marks, where they have none and are long enough.
    """
    said = []
    for line in text.split("\n"):
        plain = await plain_words(line, members)
        quoted = plain.startswith(">")
        words = _SIGNS.sub("", _MARKER.sub("", plain.lstrip("> "))).strip()
        bare = quoted and not _MARKS.search(words) and len(wording(words)) >= SCRAP
        said.append(f"“{words}”" if bare else words)
    return "\n".join(filter(None, said))
