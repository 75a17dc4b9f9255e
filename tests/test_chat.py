"""A conversation in the terminal: lines in, replies out, and nothing but its end ends it."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot.adapters.terminal import chat
from bot.conversation import Exchange, Kind, Question, Reply

if TYPE_CHECKING:
    from pathlib import Path

CTRL_C, CTRL_D, ENTER, UP = "\x03", "\x04", "\r", "\x1b[A"


class EchoService:
    """Replies to each question with its words, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    async def ask(self, question: Question) -> Reply:
        self.asked.append(question)
        if question.text == "fail":
            return Reply(Kind.PROBLEM, "Ask again.")
        return Reply(Kind.NOT_FOUND, f"You: {question.text}", exchange=Exchange(question.text, ()))


async def converse(home: Path, keys: str, articles: int = 2) -> tuple[EchoService, str]:
    """What the service was asked and the screen shows after ``keys`` were typed."""
    service, screen = EchoService(), io.StringIO()
    with create_pipe_input() as typed, create_app_session(input=typed, output=DummyOutput()):
        typed.send_text(keys)
        await chat(service, Console(file=screen, width=80), home, articles)
    return service, screen.getvalue()


def texts(service: EchoService) -> list[str]:
    return [question.text for question in service.asked]


async def test_each_line_is_asked_with_the_conversation_so_far(tmp_path: Path) -> None:
    service, screen = await converse(tmp_path, f"Who?{ENTER}  Why? {ENTER}{ENTER}{CTRL_D}")
    assert texts(service) == ["Who?", "Why?"]
    assert [len(question.earlier) for question in service.asked] == [0, 1]
    assert service.asked[1].earlier[0].question == "Who?"
    assert "You: Who?" in screen


async def test_the_welcome_counts_the_articles(tmp_path: Path) -> None:
    assert "Ask about 2 articles." in (await converse(tmp_path, CTRL_D))[1]
    assert "Ask about 1 article." in (await converse(tmp_path, CTRL_D, 1))[1]


async def test_what_could_not_be_answered_is_no_part_of_the_conversation(tmp_path: Path) -> None:
    service, screen = await converse(tmp_path, f"fail{ENTER}Why?{ENTER}{CTRL_D}")
    assert service.asked[1].earlier == ()
    assert "Ask again." in screen


async def test_the_conversation_handed_on_is_bounded(tmp_path: Path) -> None:
    service, _ = await converse(tmp_path, f"Who?{ENTER}" * 30 + CTRL_D)
    assert len(service.asked[-1].earlier) == 10


async def test_new_forgets_what_was_said(tmp_path: Path) -> None:
    service, screen = await converse(tmp_path, f"Who?{ENTER}/new{ENTER}Why?{ENTER}{CTRL_D}")
    assert service.asked[1].earlier == ()
    assert "Forgotten" in screen


async def test_commands_are_not_asked(tmp_path: Path) -> None:
    service, screen = await converse(tmp_path, f"/help{ENTER}/nwe now{ENTER}{CTRL_D}")
    assert service.asked == []
    assert "/new forgets" in screen
    assert "There is no /nwe" in screen


@pytest.mark.parametrize("end", [f"/quit{ENTER}", f"/exit{ENTER}", CTRL_D])
async def test_the_conversation_ends_when_the_person_ends_it(tmp_path: Path, end: str) -> None:
    service, _ = await converse(tmp_path, f"Who?{ENTER}{end}Lost?{ENTER}")
    assert texts(service) == ["Who?"]


async def test_ctrl_c_drops_the_line_and_goes_on(tmp_path: Path) -> None:
    service, _ = await converse(tmp_path, f"half a quest{CTRL_C}Who?{ENTER}{CTRL_D}")
    assert texts(service) == ["Who?"]


async def test_earlier_questions_come_back_in_the_next_conversation(tmp_path: Path) -> None:
    await converse(tmp_path, f"Who was first?{ENTER}{CTRL_D}")
    service, _ = await converse(tmp_path, f"{UP}{ENTER}{CTRL_D}")
    assert texts(service) == ["Who was first?"]
    if os.name != "nt":
        assert (tmp_path / "chat_history").stat().st_mode & 0o077 == 0


async def test_a_history_that_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "chat_history").mkdir()  # neither readable nor writable as a file
    service, _ = await converse(tmp_path, f"Who?{ENTER}Why?{ENTER}{CTRL_D}")
    assert texts(service) == ["Who?", "Why?"]
    service, _ = await converse(tmp_path / "absent", f"Who?{ENTER}{CTRL_D}")
    assert texts(service) == ["Who?"]
