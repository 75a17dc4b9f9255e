"""Keeping the articles from Slack: ``/corpus add`` and the others, and files sent to the bot.

Who may is decided in ``bot.librarian`` at each call and each button. A command cannot carry files,
so that they are taken from a message to the bot that says "corpus add", or by a shortcut.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp

from bot.adapters.slack.board import Board
from bot.adapters.slack.bringing import adding_window, watching_window
from bot.adapters.slack.buttons import button
from bot.adapters.slack.calls import retried
from bot.errors import BotError, NoArticleError, RightsError
from bot.librarian import Sending, key_of
from bot.limits import refused
from bot.rendering.corpus import act_line
from bot.rendering.corpus_chat import (
    list_text,
    outcomes_text,
    past_text,
    shown_text,
    watches_text,
)
from bot.rendering.slack import plain, unescape
from corpus.errors import CorpusError
from corpus.intake.gathering import MAX_FILE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.adapters.slack.clicks import Click
    from bot.adapters.slack.commands import Typed
    from bot.adapters.slack.delivery import Delivery
    from bot.adapters.slack.members import Members
    from bot.adapters.slack.problems import Problems
    from bot.desk import Desk
    from bot.librarian import Librarian
    from bot.localization import Phrases
    from bot.rendering.slack import Message
    from bot.rights import Member
    from bot.settings import Settings

    Doing = Callable[["Typed", Member], Awaitable[Sequence[Message]]]

CONFIRM = re.compile(r"onrecord:corpus:(?P<action>remove|leave|force):(?P<key>[0-9a-f]{16})")
"""The id of a button under something to confirm: its state is in it, so it outlives a restart."""
ADD = re.compile(r"\s*corpus\s+add\b", re.IGNORECASE)
"""What a message to the bot begins with that is not a question but something to take in."""
_LABELS = {
    "remove": "corpus_remove_yes",
    "leave": "corpus_remove_no",
    "force": "corpus_add_anyway",
}
_LINK = re.compile(r"<(?P<link>https?://[^|>]+)(?:\|[^>]*)?>|(?P<bare>https?://\S+)")
_ACTS = 20
_HOURS = 6.0
"""Hours between two readings of a feed where nobody says."""
_MOST_HOURS = 24.0 * 31
_KEPT = 50
"""Sendings that are kept for *Add anyway*."""
_PROGRESS = 3.0
"""Seconds between two edits that tell how far it is; Slack takes some fifty a minute."""
_READING = 60.0
"""Seconds that one file may take to come."""
_OK = 200


class FileError(Exception):
    """A file that somebody shared cannot be read. Its text is told."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A message with something to take in.

    Attributes:
        id: names it.
        text: what it says.
        files: as Slack describes them.
        user: who wants them taken in.
        team: id of the workspace.
    """

    id: str
    text: str
    files: tuple[dict[str, Any], ...]
    user: str
    team: str


class Articles:
    """Adds, lists, shows and removes articles for members of workspaces who may.

    Args:
        librarian: does it, and checks who may.
        desk: knows what a workspace wants.
        delivery: sends.
        members: know who asks.
        problems: tell what went wrong.
        settings: the token, which shared files are read with.
        client: opens windows.
    """

    def __init__(
        self,
        librarian: Librarian,
        desk: Desk,
        delivery: Delivery,
        members: Members,
        problems: Problems,
        settings: Settings,
        client: AsyncWebClient,
    ) -> None:
        self._librarian = librarian
        self._desk = desk
        self._delivery = delivery
        self._members = members
        self._problems = problems
        self._settings = settings
        self._client = client
        self._pending: OrderedDict[str, tuple[str, Sending]] = OrderedDict()
        self._does: dict[str, Doing] = {
            "add": self._add_link,
            "list": self._list,
            "show": self._show,
            "remove": self._remove,
            "restore": self._restore,
            "history": self._history,
            "watch": self._watch,
            "unwatch": self._unwatch,
            "watches": self._watches,
        }

    @property
    def commands(self) -> Collection[str]:
        """What may follow ``/corpus``."""
        return self._does

    async def command(self, word: str, typed: Typed) -> Sequence[Message]:
        """Do what ``/corpus <word>`` says, a word of ``commands``. Returns what to tell."""
        member = await self._member(typed.user, typed.team)
        try:
            return await self._does[word](typed, member)
        except (BotError, CorpusError, OSError) as error:
            return plain(self.reason(error, typed.words))

    async def ask_for(self, what: str, typed: Typed) -> None:
        """Open the window in which articles are brought (``add``) or a feed is named (``watch``).

        Slack takes it within three seconds of the click or the command.
        """
        window = adding_window if what == "add" else watching_window
        view = window(typed.words)
        await retried(lambda: self._client.views_open(trigger_id=typed.trigger, view=view))

    async def shared(self, shared: Shared) -> None:
        """Take in the files of a message, and what is at its links."""
        words = (await self._members.get(shared.user)).words
        board = Board(self._delivery, shared.user, words)
        member = await self._member(shared.user, shared.team)
        try:
            await self._librarian.check(member)
            files = [await self._file(one, words) for one in shared.files]
            sending = Sending(tuple(files), _link(shared.text))
            if not sending.files and not sending.url:
                await board.show(words("slack_add_what"))
            else:
                await self._add(board, member, sending, words, key_of(shared.id))
        except (FileError, BotError, CorpusError, OSError, aiohttp.ClientError) as error:
            await board.show(self.reason(error, words))

    async def clicked(self, click: Click) -> None:
        """Do what was to be confirmed, if whoever clicks may."""
        found = CONFIRM.fullmatch(click.action)
        assert found is not None  # the caller looked
        words = (await self._members.get(click.user)).words
        async with self._problems.told(click.spot, click.user, words, click.url):
            try:
                text = await self._confirmed(click, found["action"], found["key"], words)
            except (BotError, CorpusError, OSError) as error:
                text = self.reason(error, words)
            if text:
                await self._delivery.respond(click.url, plain(text), replace=click.is_private)

    async def _confirmed(self, click: Click, action: str, key: str, words: Phrases) -> str:
        member = await self._member(click.user, click.team)
        collection = (await self._librarian.check(member)).collection
        if action == "leave":
            return words("corpus_left")
        if action == "remove":
            article = await self._librarian.with_key(member, key)
            event = await self._librarian.remove(member, article.id)
            told = words("corpus_removed", title=event.title, id=event.id)
            return f"{told}\n{words('corpus_next')}"
        meant, sending = self._pending.get(key, ("", None))
        if sending is None or meant != collection:
            return words("corpus_add_again")
        await self._add(Board(self._delivery, click.user, words), member, sending, words, "")
        return ""

    # --- adding -----------------------------------------------------------------------------

    async def _add_link(self, typed: Typed, member: Member) -> Sequence[Message]:
        words, url = typed.words, _link(typed.rest)
        await self._librarian.check(member)
        if not url:
            await self.ask_for("add", typed)
            return ()
        board = Board(self._delivery, typed.user, words)
        await self._add(board, member, Sending(url=url), words, key_of(typed.trigger))
        return plain(words("slack_in_direct"))

    async def _add(
        self, board: Board, member: Member, sending: Sending, words: Phrases, key: str
    ) -> None:
        """Take in what was sent, telling how far it is, then what came of it.

        Args:
            board: where to tell.
            member: who sent it.
            sending: what was sent.
            words: of their language.
            key: to keep it under if it is doubted; empty if it is to be added all the same.
        """
        done = [0]
        adding = asyncio.create_task(
            self._librarian.add(member, sending, done.append, force=not key)
        )
        while not (await asyncio.wait((adding,), timeout=_PROGRESS))[0]:
            await board.show(words("corpus_working", count=done[-1]))
        outcomes = await adding
        controls = []
        if key and any(outcome.doubt for outcome in outcomes):
            wishes = await self._librarian.check(member)
            self._keep(key, wishes.collection, sending)
            controls = [_confirming(words, key, "force")]
        await board.show(outcomes_text(outcomes, words), *controls)

    def _keep(self, key: str, collection: str, sending: Sending) -> None:
        """Keep ``sending``, meant for ``collection``, for those who add it anyway."""
        self._pending[key] = (collection, sending)
        while len(self._pending) > _KEPT:
            self._pending.popitem(last=False)

    async def _file(self, file: dict[str, Any], words: Phrases) -> tuple[str, bytes]:
        """The name and the content of a file that somebody shared.

        Raises:
            FileError: if it is too large, or Slack does not give it to the bot.
        """
        name = str(file.get("name") or file.get("title") or "")
        if int(file.get("size") or 0) > MAX_FILE:
            raise FileError(words("corpus_too_large", name=name, limit=MAX_FILE // 2**20))
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        if not self._is_slacks(url):
            raise FileError(words("corpus_failed", reason=name))
        token = self._settings.slack_bot_token.get_secret_value()
        timeout = aiohttp.ClientTimeout(total=_READING)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(
                url, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False
            ) as response,
        ):
            data = await _limited(response)
            is_page = response.content_type == "text/html" and "html" not in _kind(file)
        # Without the scope Slack shows a page to log in instead of the file.
        if response.status != _OK or is_page:
            raise FileError(words("slack_scope", scope="files:read"))
        if len(data) > MAX_FILE:
            raise FileError(words("corpus_too_large", name=name, limit=MAX_FILE // 2**20))
        return name, data

    def _is_slacks(self, url: str) -> bool:
        """Whether an address is Slack's own: the token is shown to nobody else."""
        given, api = urlsplit(url), urlsplit(self._settings.slack_api)
        if given.netloc == api.netloc and given.scheme == api.scheme:
            return True
        host = given.hostname or ""
        return given.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))

    # --- the others -------------------------------------------------------------------------

    async def _list(self, typed: Typed, member: Member) -> Sequence[Message]:
        page = int(typed.rest) if typed.rest.isdecimal() else 1
        articles = await self._librarian.articles(member)
        return plain(list_text(articles, max(1, page), typed.words))

    async def _show(self, typed: Typed, member: Member) -> Sequence[Message]:
        return plain(shown_text(await self._librarian.show(member, typed.rest), typed.words))

    async def _remove(self, typed: Typed, member: Member) -> Sequence[Message]:
        wishes = await self._librarian.check(member)
        found = (await self._librarian.show(member, typed.rest)).article
        text = typed.words("corpus_remove_sure", title=found.title, id=found.id)
        key = key_of(wishes.collection, found.id)
        return plain(text, _confirming(typed.words, key, "remove", "leave"))

    async def _restore(self, typed: Typed, member: Member) -> Sequence[Message]:
        event = await self._librarian.restore(member, typed.rest)
        told = typed.words("corpus_restored", title=event.title, id=event.id)
        return plain(f"{told}\n{typed.words('corpus_next')}")

    async def _history(self, typed: Typed, member: Member) -> Sequence[Message]:
        if typed.rest:
            events = await self._librarian.history(member, typed.rest)
            return plain(past_text(events, typed.words))
        acts = await self._librarian.acts(member, _ACTS)
        return plain("\n".join(map(act_line, acts)) or typed.words("corpus_no_history"))

    async def _watch(self, typed: Typed, member: Member) -> Sequence[Message]:
        url, hours = _link(typed.rest), _hours(typed.rest)
        if not url:
            await self._librarian.check(member)
            await self.ask_for("watch", typed)
            return ()
        place = f"{member.platform}:{typed.spot.channel}"
        await self._librarian.watch(member, url, hours, place)
        return plain(typed.words("corpus_watching", url=url, hours=f"{hours:g}"))

    async def _unwatch(self, typed: Typed, member: Member) -> Sequence[Message]:
        url = _link(typed.rest)
        was = await self._librarian.unwatch(member, url)
        return plain(typed.words("corpus_unwatched" if was else "corpus_not_watched", url=url))

    async def _watches(self, typed: Typed, member: Member) -> Sequence[Message]:
        return plain(watches_text(await self._librarian.watches(member), typed.words))

    async def _member(self, user: str, team: str) -> Member:
        return await self._members.running(user, team, await self._desk.wishes(team))

    def reason(self, error: Exception, words: Phrases) -> str:
        """Why something could not be done, for whoever wanted it."""
        match error:
            case FileError():
                return str(error)
            case RightsError(refusal=refusal) if refusal == "not_admin":
                return words("slack_not_runner")
            case RightsError(refusal=refusal, wishes=wishes):
                return refused(refusal, wishes, words)
            case NoArticleError():
                return words("corpus_no_article")
        return words("corpus_failed", reason=str(error).rstrip("."))


def _confirming(words: Phrases, key: str, *actions: str) -> dict[str, Any]:
    made = [
        button(f"onrecord:corpus:{action}:{key}", _LABELS[action], "{}", words)
        for action in actions
    ]
    return {"type": "actions", "elements": made}


def _link(text: str) -> str:
    """The first address in what somebody typed; Slack may have put it in angle brackets."""
    found = _LINK.search(text)
    return unescape(found["link"] or found["bare"]) if found else ""


def _hours(text: str) -> float:
    """The hours that follow an address."""
    last = text.split()[-1] if text.split() else ""
    try:
        return min(max(1.0, float(last)), _MOST_HOURS)
    except ValueError:
        return _HOURS


def _kind(file: dict[str, Any]) -> str:
    return f"{file.get('mimetype') or ''} {file.get('filetype') or ''} {file.get('name') or ''}"


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    """What a server sends, but little more than a file may have."""
    data = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        data += chunk
        if len(data) > MAX_FILE:
            break
    return bytes(data)
