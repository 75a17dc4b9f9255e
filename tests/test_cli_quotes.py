"""``onrecord quotes extract``: what it reads, what it prints where, and how failures are told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.test_cli import printed, process, refused, run

if TYPE_CHECKING:
    from pathlib import Path

SAID = "“It is over,” Ann Doe told Mashable.\n\n“I am out,” she said.\n"
PLAIN = ("quotes", "extract", "--no-parser")


def words(result: Any) -> list[str]:
    return [one["text"] for one in result]


def lines(*rows: Any) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def test_a_text_is_read_from_a_file_from_a_dash_or_from_stdin(tmp_path: Path) -> None:
    file = tmp_path / "said.txt"
    file.write_text(SAID, "utf-8")
    found = printed(run(*PLAIN, str(file), "--json"))
    assert [one["speaker"] for one in found] == ["Ann Doe", "Ann Doe"]
    for one in found:
        assert SAID[one["start"] : one["end"]] == one["text"]
    assert printed(run(*PLAIN, "-", "--json", stdin=SAID)) == found
    assert printed(run(*PLAIN, "--json", stdin=SAID)) == found


def test_the_format_is_plain_unless_told(tmp_path: Path) -> None:
    file = tmp_path / "said.md"
    file.write_text("# Out\n\n“It is *really* over,” Ann Doe said.", "utf-8")
    assert words(printed(run(*PLAIN, str(file), "--json"))) == ["It is *really* over,"]
    told = run(*PLAIN, str(file), "--json", "--format", "markdown")
    assert words(printed(told)) == ["It is really over,"]
    page = "<p>“It is <b>really</b> over,” Ann Doe said.</p>"
    told = run(*PLAIN, "--json", "--format", "html", stdin=page)
    assert words(printed(told)) == ["It is really over,"]


def test_line_ends_count_as_they_are_and_a_byte_order_mark_does_not(tmp_path: Path) -> None:
    file = tmp_path / "said.txt"
    source = SAID.replace("\n", "\r\n")
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        file.write_bytes(source.encode(encoding))
        for one in printed(run(*PLAIN, str(file), "--json")):
            assert source[one["start"] : one["end"]] == one["text"]


def test_without_options_speakers_quotations_and_rules_are_printed_for_people() -> None:
    told = run(*PLAIN, stdin=SAID + "\nBob Roe said: “He asked, ‘Why not now?’ and left")
    assert told.exit_code == 0
    assert told.stdout.splitlines()[:5] == [
        "Ann Doe  “Ann Doe” told, to Mashable; after 0.98",
        "  “It is over,”",
        "",
        "Ann Doe  “she” said; after 0.90",
        "  “I am out,”",
    ]
    assert "(cut off)" in told.stdout
    assert "      “Why not now?”" in told.stdout.splitlines()


def test_an_open_speaker_is_shown_with_those_it_may_be() -> None:
    told = run(*PLAIN, stdin="Gwen Harlow and Priya Nair left. “It is weak,” she said.")
    assert told.stdout.startswith("Open: ")
    assert "Gwen Harlow" in told.stdout
    assert " or " in told.stdout
    assert run(*PLAIN, stdin="It rained. “It is weak.” It rained.").stdout.startswith("Open  open")


def test_nothing_in_a_text_steers_the_terminal() -> None:
    told = run(*PLAIN, stdin="“It is [bold]so[/bold] \x1b[31mover,” Ann\u202e Doe said.")
    assert "[bold]so[/bold]" in told.stdout
    assert "\x1b" not in told.stdout
    assert "\u202e" not in told.stdout


@pytest.mark.parametrize("text", ["", "Nobody said a word.", "\n\n"])
def test_a_text_without_quotations_is_no_error(text: str) -> None:
    assert printed(run(*PLAIN, "--json", stdin=text)) == []
    assert run(*PLAIN, stdin=text).stdout == "There are no direct quotations in this text.\n"


# --- lines --------------------------------------------------------------------------------------


def test_each_line_gives_a_line_with_its_id() -> None:
    told = run(*PLAIN, "--jsonl", stdin=lines({"id": "a", "text": SAID}, {"id": 2, "text": ""}))
    assert (told.exit_code, told.stderr) == (0, "")
    first, second = map(json.loads, told.stdout.splitlines())
    assert first == {"id": "a", "quotes": printed(run(*PLAIN, "--json", stdin=SAID))}
    assert second == {"id": 2, "quotes": []}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "is not an object"),
        ('{"text": "x"}', 'an "id"'),
        ('{"id": 1}', 'has no "text"'),
        ('{"id": 1, "text": null}', 'has no "text"'),
        ('{"id": 1, "text": "---\\ntitle: [x\\n---\\n\\nOut."}', "broken front matter"),
        (json.dumps({"id": 1, "text": "x" * (4 << 20 | 1)}), "larger than 4 MB"),
    ],
    ids=range(8),
)
def test_a_bad_line_is_told_with_its_number_and_the_rest_goes_on(bad: str, reason: str) -> None:
    good = {"id": "a", "text": SAID}
    told = run(*PLAIN, "--jsonl", "--format", "markdown", stdin=lines(good, "", bad, good))
    assert told.exit_code == 1
    assert [json.loads(line)["id"] for line in told.stdout.splitlines()] == ["a", "a"]
    (line,) = told.stderr.splitlines()
    assert line.startswith("Line 3 ")
    assert reason in line


def test_a_line_that_is_not_in_utf8_is_a_bad_line(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"id": 1, "text": ""}\n{"id": 2, "text": "\xff"}\n')
    told = run(*PLAIN, "--jsonl", str(file))
    assert (told.exit_code, told.stderr) == (1, "Line 2 is not in UTF-8.\n")
    assert json.loads(told.stdout)["id"] == 1


def test_half_a_character_that_json_can_hold_comes_back_as_it_was() -> None:
    text = "“It is \ud800 over,” Ann Doe said."
    told = run(*PLAIN, "--jsonl", stdin=lines({"id": "\udfff", "text": text}))
    (line,) = told.stdout.splitlines()
    found = json.loads(line)
    assert found["id"] == "\udfff"
    assert words(found["quotes"]) == ["It is \ud800 over,"]


# --- failures -----------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "absent.txt"):
        for options in ((), ("--json",), ("--jsonl",)):
            assert str(place) in refused(run(*PLAIN, str(place), *options))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"caf\xe9 au lait", "is not in UTF-8"),
        (b"%PDF-1.7", "is not a text file (it is a PDF)"),
        (b"x" * (4 << 20 | 1), "larger than 4 MB"),
    ],
    ids=["latin-1", "pdf", "large"],
)
def test_what_is_no_text_is_refused_in_words(tmp_path: Path, data: bytes, reason: str) -> None:
    file = tmp_path / "said.txt"
    file.write_bytes(data)
    told = refused(run(*PLAIN, str(file), "--json"))
    assert told.startswith(f"The text in {file} ")
    assert reason in told
    assert refused(run(*PLAIN, stdin=data)).startswith("The text on stdin ")


def test_broken_front_matter_is_refused_in_words() -> None:
    told = refused(run(*PLAIN, "--format", "markdown", stdin="---\ntitle: [x\n---\n\nOut."))
    assert told.startswith("The text on stdin has broken front matter")


@pytest.mark.parametrize(
    "arguments", [("quotes", "nope"), (*PLAIN, "--format", "odt"), (*PLAIN, "a", "b")], ids=" ".join
)
def test_a_command_that_makes_no_sense_is_refused_with_2(arguments: tuple[str, ...]) -> None:
    assert refused_usage(*arguments)


def refused_usage(*arguments: str) -> bool:
    result = run(*arguments)
    return result.exit_code == 2 and not result.stdout and "Usage:" in result.stderr


@pytest.mark.parametrize("command", [("quotes",), ("quotes", "extract")], ids=" ".join)
def test_each_command_explains_itself(command: tuple[str, ...]) -> None:
    assert "Usage:" in run(*command, "--help").stdout


def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)  # as `| true` would
    started = process(
        *PLAIN, "--jsonl", stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE
    )
    os.close(writing)
    _, errors = started.communicate(lines({"id": 1, "text": SAID}).encode(), timeout=60)
    assert errors == b""


# --- the optional parser ------------------------------------------------------------------------


def test_where_no_parser_is_installed_everything_works_and_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    told = run("quotes", "extract", "--json", stdin=SAID)
    assert words(printed(told)) == ["It is over,", "I am out,"]
    assert told.stderr == ""


def test_a_parser_that_is_insisted_on_has_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    told = refused(run("quotes", "extract", "--parser", stdin=SAID))
    assert "pip install" in told


def test_a_parser_that_does_not_work_is_told_and_done_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = SimpleNamespace(meta={"lang": "de", "name": "core_news_sm", "version": "3.8.0"})
    monkeypatch.setitem(sys.modules, "spacy", SimpleNamespace(load=lambda *_, **__: other))
    told = run("quotes", "extract", "--json", stdin=SAID)
    assert words(printed(told)) == ["It is over,", "I am out,"]
    assert "found de_core_news_sm" in told.stderr
    assert told.stderr.endswith("Going on without the parser.\n")


def test_a_parser_that_is_installed_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Reader:
        def parse(self, texts: list[str]) -> tuple[Any, ...]:
            from corpus.quotes.parser import Parse

            seen.extend(texts)
            return tuple(Parse() for _ in texts)

    monkeypatch.setattr("corpus.quotes.load_parser", Reader)
    printed(run("quotes", "extract", "--json", stdin=SAID))
    assert seen == SAID.strip().split("\n\n")
    printed(run(*PLAIN, "--json", stdin=SAID))
    assert len(seen) == 2
