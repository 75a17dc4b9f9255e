"""A conversation in the terminal: line editing, history, follow-up questions."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.history import FileHistory

from bot import messages
from bot.conversation import Exchange, Question
from bot.rendering.terminal import render, show
from bot.settings import DEFAULT_COLLECTION

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from bot.conversation import Reply

_REMEMBERED = 10
"""Exchanges kept: a follow-up refers to the last one or two."""


class Askable(Protocol):
    """What a conversation needs of the service."""

    async def ask(self, question: Question, /) -> Reply:
        """The reply to ``question``; never raises."""
        ...


async def chat(
    service: Askable,
    console: Console,
    home: Path,
    articles: int,
    collection: str = DEFAULT_COLLECTION,
) -> None:
    """Ask and answer until the person ends it."""
    session: PromptSession[str] = PromptSession(history=_history(home))
    show(console, messages.chat_welcome(articles))
    earlier: list[Exchange] = []
    while True:
        try:
            line = (await session.prompt_async("\n> ")).strip()
        except KeyboardInterrupt:
            continue  # as in a shell: the line is dropped
        except EOFError:
            return
        if line in ("/quit", "/exit"):
            return
        if line == "/help":
            show(console, messages.chat_help())
        elif line == "/new":
            earlier.clear()
            show(console, messages.chat_forgotten())
        elif line.startswith("/"):
            show(console, messages.chat_unknown(line))
        elif line:
            known = tuple(earlier[-_REMEMBERED:])
            reply = await service.ask(Question(line, earlier=known, collection=collection))
            show(console, render(reply))
            if reply.exchange:
                earlier.append(reply.exchange)


class _KeptHistory(FileHistory):
    """Earlier questions in a file; a file that cannot be read or written never stops a chat."""

    def load_history_strings(self) -> list[str]:
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)


def _history(home: Path) -> _KeptHistory:
    path = home / "chat_history"
    with suppress(OSError):
        path.touch(mode=0o600)  # questions are nobody else's business
    return _KeptHistory(str(path))
