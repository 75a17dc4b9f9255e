"""Replies in a terminal: readable at any width, clickable, and nothing in them is obeyed."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.conversation import Kind, Reply
from bot.corpus_admin import Status
from bot.rendering.terminal import place_of, render, render_figures, render_status, show, visible
from corpus.citation import Citation
from corpus.span import Span
from index.answer import Source
from index.manifest import Manifest, Recipe

LINK = "https://example.org/salt#:~:text=" + "The%20salt%20train%20ran%20from%20Bergen," * 5


def source(number: int = 1, text: str = "The train ran.", **fields: object) -> Source:
    start = fields.pop("start", 0)
    assert isinstance(start, int)
    citation = Citation("salt", "0" * 64, Span(start, start + len(text)), text)
    made = Source(number, citation, "Salt", "How salt travels", 1, None, None, 0.5, False)
    return replace(made, **fields)  # type: ignore[arg-type]


def printed(part: object, width: int = 80, *, terminal: bool = True, **settings: object) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        **settings,  # type: ignore[arg-type]
    )
    show(console, part)  # type: ignore[arg-type]
    return stream.getvalue()


def plain(text: str) -> str:
    """``text`` without styles and links."""
    return re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", text)


def answer(*sources: Source, lead: str = "", note: str = "") -> Reply:
    return Reply(Kind.ANSWER, lead, sources, note)


def test_an_answer_is_its_words_with_markers_and_the_list_of_sources() -> None:
    reply = answer(source(url="https://example.org", link="https://example.org#:~:text=The"))
    assert printed(render(reply), terminal=False) == (
        "  The train ran. [1]\n"
        "\n"
        "Sources\n"
        "  [1] Salt, “How salt travels”, paragraph 1\n"
        "      https://example.org#:~:text=The\n"
    )


def test_the_bot_s_own_words_stand_before_and_after() -> None:
    text = printed(render(answer(source(), lead="Understood\nas: x", note="Y.")), terminal=False)
    assert text.startswith("Understood\nas: x\n\n  The train ran. [1]\n")
    assert text.endswith("paragraph 1\n\nY.\n")


def test_a_problem_is_only_told() -> None:
    assert printed(render(Reply(Kind.PROBLEM, "Ask again.")), terminal=False) == "Ask again.\n"


def test_sentences_that_follow_one_another_stay_together_and_others_apart() -> None:
    reply = answer(
        source(1, "One.", start=0),
        source(2, "Two.", start=5),
        source(3, "Five.", start=30),
        source(4, "Six.", start=36, paragraph=2),
    )
    text = printed(render(reply), terminal=False)
    assert text.startswith("  One. [1] Two. [2]\n\n  Five. [3]\n\n  Six. [4]\n\nSources\n")


def test_nearest_passages_stand_apart() -> None:
    near = (source(1, "One.", start=0), source(2, "Two.", start=5))
    text = printed(render(Reply(Kind.NOT_FOUND, "No.", near)), terminal=False)
    assert text.startswith("No.\n\n  One. [1]\n\n  Two. [2]\n\nSources\n")


def test_context_is_marked_in_words_and_not_only_in_colour() -> None:
    reply = answer(source(1, "Anna drove.", context=True), source(2, "She was late.", start=12))
    assert "Anna drove. [1, for context] She was late. [2]" in printed(
        render(reply), terminal=False
    )


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_lines_fit_the_terminal_and_are_cut_between_words(width: int) -> None:
    words = " ".join(f"word{number}" for number in range(60)) + "."
    text = plain(printed(render(answer(source(1, words))), width))
    lines = text.splitlines()
    assert max(map(len, lines)) <= min(width, 100)
    said = text.partition("Sources")[0]
    assert " ".join(said.split()) == f"{words} [1]"
    assert all(line.startswith("  ") for line in said.splitlines() if line)
    assert all(line == line.rstrip() for line in lines)


def test_a_source_that_needs_more_lines_hangs_below_its_words() -> None:
    text = plain(printed(render(answer(source(10, title="A long title " * 4))), 40))
    first, *others = text.partition("Sources\n")[2].splitlines()
    assert first.startswith("  [10] A long title")
    assert others
    assert all(re.match(r" {7}\S", line) for line in others)


@pytest.mark.parametrize("width", [20, 40, 120])
def test_a_link_is_never_broken_and_can_be_clicked(width: int) -> None:
    text = printed(render(answer(source(link=LINK))), width)
    assert f"      {LINK}" in plain(text).splitlines()
    assert f";{LINK}\x1b\\{LINK}\x1b]8;;\x1b\\" in text


def test_an_address_that_is_no_web_page_is_shown_and_not_linked() -> None:
    text = printed(render(answer(source(link="javascript:alert(1) bold"))))
    assert "      javascript:alert(1) bold" in text.splitlines()


def test_in_a_pipe_nothing_is_wrapped_or_styled() -> None:
    words = "word " * 80 + "end."
    text = printed(render(answer(source(1, words, link=LINK))), 40, terminal=False)
    assert f"  {words} [1]" in text.splitlines()
    assert "\x1b" not in text


def test_without_colours_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = printed(render(answer(source(), lead="Lead")))
    assert not re.search(r"\x1b\[[\d;]*3\dm", text)
    assert "The train ran." in text


def test_nothing_in_an_article_is_markup_or_steers_the_terminal() -> None:
    hostile = "[bold]A[/bold] :smile: \x1b[31mred\x07 \u202eabc\u2028 [link=http://evil]x[/link]"
    reply = answer(source(1, hostile, title=hostile, section=hostile), lead=hostile)
    text = printed(render(reply), 200)
    shown = "[bold]A[/bold] :smile: [31mred abc [link=http://evil]x[/link]"
    assert " ".join(plain(text).split()).count(shown) == 4
    assert "\x1b[31mred" not in text
    assert "evil\x1b\\" not in text


def test_visible_keeps_every_letter_and_joiner() -> None:
    text = "Zoë, “O’Brien” … नमस्ते می‌خواهم 👩‍🎤"
    assert visible(text) == text
    assert visible("a\u00a0b\tc\nd") == "a b c d"


def test_a_place_without_a_section_names_title_and_paragraph() -> None:
    assert place_of(source(section="")) == "Salt, paragraph 1"


def _status(**fields: object) -> Status:
    manifest = Manifest(
        "000001-abc",
        "2026-01-02T03:04:05+00:00",
        Recipe(1, "model", "hash", 64, "c", "a", "t", "q"),
        "/articles",
        "f" * 64,
        {"articles": 2, "passages": 3000, "sentences": 9000},
        (("a.md", "is empty"), ("b.md", "is\x1b[31m binary")),
        {"index": (2_500_000, "0" * 64)},
    )
    made = Status(
        "main", Path("/articles"), Path("/home"), "model", "000001-abc", manifest,
        ("000001-abc",), True, fault="", changed="", bytes_on_disk=5_000_000,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def test_a_status_has_a_line_for_each_thing_and_values_below_one_another() -> None:
    lines = printed(render_status(_status()), terminal=False).splitlines()
    assert "Home             /home (5.0 MB)" in lines
    assert "Holds            2 articles, 3,000 passages, 9,000 sentences (2.5 MB)" in lines
    assert lines[lines.index("Left out         a.md is empty") + 1] == (
        "                 b.md is [31m binary"
    )
    assert not any(line.startswith(("Fault", "Articles  ")) for line in lines)


def test_a_status_tells_faults_and_changes() -> None:
    status = _status(fault="it is cut off", changed="The articles have changed.", versions=())
    text = printed(render_status(status), terminal=False)
    assert "Fault            it is cut off\n" in text
    assert "Changed          The articles have changed.\n" in text
    assert "Versions kept    none\n" in text


def test_a_status_without_an_index_says_what_to_do() -> None:
    text = printed(render_status(_status(manifest=None, index_version=None)), terminal=False)
    assert "none yet; `onrecord reindex` makes one" in text


def test_figures_have_a_line_each_and_a_dash_for_what_cannot_be_measured() -> None:
    text = printed(render_figures({"articles": 3, "auc": None, "mrr@10": 0.75}), terminal=False)
    assert text.splitlines() == ["articles  3", "auc       –", "mrr@10    0.75"]
