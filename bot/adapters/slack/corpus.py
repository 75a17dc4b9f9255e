"""Running the corpus from Slack: ``/reindex`` and ``/corpus``, and the buttons of a reindex.

A plan is shown to who asked for it only. The bar of a build moves for longer than an answer to a
command may be changed, so that it stands in the direct messages of who started it.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any

from bot.adapters.slack.board import Board
from bot.errors import BotError
from bot.rendering.corpus import (
    built_lines,
    plan_lines,
    problem_line,
    progress_line,
    version_line,
)
from bot.rendering.slack import plain, plain_text
from corpus.errors import CorpusError
from index.errors import SearchIndexError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.adapters.slack.clicks import Click
    from bot.adapters.slack.commands import Typed
    from bot.adapters.slack.delivery import Delivery
    from bot.adapters.slack.intake import Articles
    from bot.adapters.slack.members import Members
    from bot.adapters.slack.problems import Problems
    from bot.desk import Desk
    from bot.keeping import Keeping
    from bot.localization import Phrases
    from bot.rendering.slack import Message
    from bot.rights import Member

    Telling = Callable[[Member, Phrases], Awaitable[str]]

STEP = re.compile(
    r"onrecord:reindex:(?P<action>propose|start|leave|cancel):(?P<collection>[a-z0-9_-]{1,40})"
)
"""The id of a button of a reindex: it says what it does, so it outlives a restart."""
_LABELS = {
    "propose": ("plan_confirm", ""),
    "start": ("plan_confirm", "primary"),
    "leave": ("plan_discard", ""),
    "cancel": ("build_cancel", "danger"),
}
_PAUSE = 2.5
"""Seconds between two edits of a bar: Slack takes some fifty a minute."""
_LONGEST_LABEL = 75
_KNOWN = (BotError, CorpusError, SearchIndexError)


def step_buttons(collection: str, words: Phrases, *actions: str) -> dict[str, Any]:
    """The buttons of a reindex."""
    return {"type": "actions", "elements": [_button(one, collection, words) for one in actions]}


def _button(action: str, collection: str, words: Phrases) -> dict[str, Any]:
    key, style = _LABELS[action]
    made = {
        "type": "button",
        "action_id": f"onrecord:reindex:{action}:{collection}",
        "text": plain_text(words(key)[:_LONGEST_LABEL]),
    }
    return {**made, "style": style} if style else made


class CorpusRuns:
    """Plans, confirms and shows builds, and tells of versions and of what was done.

    Args:
        keeping: does it, and checks who may.
        desk: knows what a workspace wants.
        delivery: sends.
        members: know who asks.
        problems: tell what went wrong.
        articles: keep the articles.
    """

    def __init__(
        self,
        keeping: Keeping,
        desk: Desk,
        delivery: Delivery,
        members: Members,
        problems: Problems,
        articles: Articles,
    ) -> None:
        self._keeping = keeping
        self._desk = desk
        self._delivery = delivery
        self._members = members
        self._problems = problems
        self._articles = articles

    # --- commands ---------------------------------------------------------------------------

    async def command(self, typed: Typed) -> None:
        """Do what ``/reindex`` or ``/corpus …`` says, and tell what came of it."""
        if messages := await self.answer(typed):
            await self._delivery.respond(typed.url, messages)

    async def answer(self, typed: Typed) -> Sequence[Message]:
        """Do a command. Returns what to tell; nothing where a window was opened instead."""
        if typed.name == "/reindex":
            member = await self._member(typed.user, typed.team)
            text, controls = await self._plan(member, typed.words)
            return plain(text, *controls)
        word, rest = typed.after_word()
        tells: dict[str, Telling] = {
            "versions": self._versions,
            "rollback": lambda member, words: self._roll_back(member, rest.rest, words),
        }
        if word in tells:
            return plain(await self.told(typed.user, typed.team, typed.words, tells[word]))
        if word in self._articles.commands:
            return await self._articles.command(word, rest)
        return plain(typed.words("slack_corpus_help"))

    async def told(self, user: str, team: str, words: Phrases, telling: Telling) -> str:
        """What ``telling`` gives, or the reason why it cannot be had."""
        try:
            return await telling(await self._member(user, team), words)
        except _KNOWN as error:
            return _problem(error, words)

    async def tie(self, member: Member, name: str) -> None:
        """Let a workspace be answered from another collection. See ``Keeping.tie``."""
        await self._keeping.tie(member, name)

    async def _versions(self, member: Member, words: Phrases) -> str:
        found = await self._keeping.versions(member)
        if not found:
            return words("versions_none")
        name = await self._keeping.collection(member)
        return "\n".join([words("versions_title", name=name), *map(version_line, found)])

    async def _roll_back(self, member: Member, version: str, words: Phrases) -> str:
        chosen = await self._keeping.roll_back(member, version.strip())
        return words("rolled_back", version=chosen.name)

    async def _plan(self, member: Member, words: Phrases) -> tuple[str, list[dict[str, Any]]]:
        """What a reindex would change, and the buttons to do it."""
        try:
            plan = await self._keeping.plan(member)
        except _KNOWN as error:
            return _problem(error, words), []
        controls = [step_buttons(plan.collection, words, "start", "leave")]
        text = "\n".join(plan_lines(plan, words, titled=True))
        return text, [] if plan.is_empty else controls

    async def _member(self, user: str, team: str) -> Member:
        return await self._members.running(user, team, await self._desk.wishes(team))

    # --- buttons ----------------------------------------------------------------------------

    async def clicked(self, click: Click) -> None:
        """Do what a button is for; who may is asked again."""
        found = STEP.fullmatch(click.action)
        assert found is not None  # the caller looked
        words = (await self._members.get(click.user)).words
        does = {
            "propose": self._propose,
            "start": self._start,
            "leave": self._leave,
            "cancel": self._cancel,
        }
        async with self._problems.told(click.spot, click.user, words, click.url):
            await does[found["action"]](click, found["collection"], words)

    async def _propose(self, click: Click, _: str, words: Phrases) -> None:
        """Show a plan to somebody who clicked in their Home tab."""
        member = await self._member(click.user, click.team)
        text, controls = await self._plan(member, words)
        await Board(self._delivery, click.user, words).show(text, *controls)

    async def _leave(self, click: Click, _: str, words: Phrases) -> None:
        await self._replace(click, words("plan_discarded"), words)

    async def _cancel(self, click: Click, collection: str, words: Phrases) -> None:
        member = await self._member(click.user, click.team)
        try:
            if await self._keeping.cancel(member, collection):
                return  # whoever shows the bar shows what came of it
            text = words("build_none")
        except _KNOWN as error:
            text = _problem(error, words)
        await self._delivery.respond(click.url, plain(text))

    async def _start(self, click: Click, collection: str, words: Phrases) -> None:
        member = await self._member(click.user, click.team)
        board = Board(self._delivery, click.user, words)
        if click.is_private:
            await self._replace(click, words("slack_in_direct"), words)
        else:
            board.at(click.spot.channel, click.message)
        bar = asyncio.create_task(self._bar(board, collection, words))
        try:
            built = await self._keeping.reindex(member, board.take, collection)
            text = "\n".join(built_lines(built, words))
        except _KNOWN as error:
            text = _problem(error, words)
        finally:
            bar.cancel()
            await asyncio.wait((bar,))
        await board.show(text)

    async def _bar(self, board: Board, collection: str, words: Phrases) -> None:
        """Show how far it is, as often as Slack takes edits, where that has changed."""
        cancel = step_buttons(collection, words, "cancel")
        shown, since = 0, time.monotonic()
        await board.show(progress_line(shown, words), cancel)
        while True:
            await board.moved.wait()
            board.moved.clear()
            if board.percent != shown and time.monotonic() - since >= _PAUSE:
                shown, since = board.percent, time.monotonic()
                await board.show(progress_line(shown, words), cancel)

    async def _replace(self, click: Click, text: str, words: Phrases) -> None:
        """Say something in the place of the message with the button."""
        if click.is_private:
            await self._delivery.respond(click.url, plain(text), replace=True)
        else:
            board = Board(self._delivery, click.user, words)
            board.at(click.spot.channel, click.message)
            await board.show(text)


def _problem(error: Exception, words: Phrases) -> str:
    key = "slack_not_runner" if getattr(error, "refusal", "") == "not_admin" else ""
    return words(key) if key else problem_line(error, words)
