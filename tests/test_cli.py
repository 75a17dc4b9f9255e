"""The command line: what each command prints where, and how each failure is told."""

from __future__ import annotations

import errno
import json
import os
import pty
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from rich.console import Console
from typer.testing import CliRunner

from bot import cli
from bot.cli import app, main
from bot.settings import PREFIX, Settings

if TYPE_CHECKING:
    from typer.testing import Result

ROOT = Path(__file__).parent.parent
FULL = Path("/dev/full")
SALT = "The salt train ran from Bergen to Oslo in 1921. Anna Lund drove it for nine years.\n"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "salt.md").write_text(
        f"---\ntitle: Salt\nurl: https://example.org/salt\n---\n\n# Salt\n\n{SALT}"
    )
    return folder


@pytest.fixture
def home(
    tmp_path: Path,
    articles: Path,
    model_home: Path,
    embedder: object,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A home of its own with the model that was prepared for the whole run."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "models").symlink_to(model_home / "models")
    monkeypatch.setenv("ONRECORD_HOME", str(folder))
    monkeypatch.setenv("ONRECORD_ARTICLES", str(articles))
    monkeypatch.chdir(tmp_path)
    return folder


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(app, arguments, input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(result: Result, code: int = 1) -> str:
    """The one sentence that a failed command told, and nothing else."""
    assert result.exit_code == code
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line[0].isupper()
    assert line[-1] in ".`"
    assert "Traceback" not in line
    assert "Errno" not in line
    return line


def printed(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


# --- ask ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("home")
def test_ask_answers_on_stdout_and_tells_what_it_does_on_stderr() -> None:
    first = run("ask", "Where did the salt train run?")
    assert first.exit_code == 0
    assert "  The salt train ran from Bergen to Oslo in 1921." in first.stdout
    assert "\nSources\n  [1] Salt" in first.stdout
    assert "https://example.org/salt#:~:text=" in first.stdout
    assert first.stderr == "Nothing is indexed yet. Indexing the articles.\n"
    again = run("ask", "Where did the salt train run?")
    assert (again.stdout, again.stderr) == (first.stdout, "")


@pytest.mark.usefixtures("home")
def test_ask_json_prints_one_object_and_nothing_else() -> None:
    found = printed(run("ask", "Where did the salt train run?", "--json", "--limit", "1"))
    assert found["question"] == "Where did the salt train run?"
    assert len(found["citations"]) <= 1
    cited = [*found["citations"], *found["nearest"]]
    assert cited[0]["url"] == "https://example.org/salt"
    assert cited[0]["link"].startswith("https://example.org/salt#:~:text=")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "stdin", ["Where did the salt train run?\n", b"Where did the \xff salt train run?"]
)
def test_a_dash_reads_the_question_from_stdin(stdin: str | bytes) -> None:
    assert "Bergen to Oslo" in run("ask", "-", stdin=stdin).stdout


@pytest.mark.parametrize("question", ["", "   ", "\t\n", "🎬🎭", "?!", "\x01\x02"])
def test_a_question_without_words_is_refused_before_anything_is_loaded(
    home: Path, question: str
) -> None:
    assert "no words" in refused(run("ask", question))
    assert "no words" in refused(run("ask", "-", stdin=question))
    assert not (home / "collections").exists()


@pytest.mark.usefixtures("home")
def test_a_question_of_a_megabyte_is_refused() -> None:
    assert "1,048,576 characters" in refused(run("ask", "-", stdin="x" * (1 << 20)))
    assert "2,001 characters" in refused(run("ask", "x" * 2001, "--json"))


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "question",
    [
        '"\'“”‘’«»" said "what" \'',
        "Où passait le train de sel ?",
        "塩の列車はどこを走りましたか",
        "[bold]salt[/bold] \x1b[31mtrain\x1b[0m",
        'salt\' OR 1=1; -- AND (NEAR "train"*',
        "--",
        "\udcff salt",
    ],
    ids=range(7),
)
def test_any_other_question_is_answered_or_refused_in_words(question: str) -> None:
    result = run("ask", "--", question)
    if question == "--":
        assert "no words" in refused(result)
    else:
        assert result.exit_code == 0
        assert "Sources" in result.stdout
        assert "\x1b" not in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "x", "--limit", "0"),
        ("ask", "x", "--limit", "11"),
        ("ask", "x", "--nope"),
        ("ask",),
        ("nope",),
        ("evaluate",),
        ("evaluate", ".", "--limit", "0"),
        ("status", "more"),
    ],
    ids=" ".join,
)
def test_a_command_that_makes_no_sense_is_refused_with_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage:" in result.stderr


def test_the_version_is_told() -> None:
    assert run("--version").stdout.startswith("onrecord 0")


@pytest.mark.parametrize(
    "command", [(), ("ask",), ("chat",), ("reindex",), ("status",), ("evaluate",)]
)
def test_each_command_explains_itself(command: tuple[str, ...]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


# --- what is missing or broken ------------------------------------------------------------------


@pytest.mark.parametrize("command", [("ask", "Who drove?"), ("reindex",)], ids=" ".join)
def test_a_missing_folder_of_articles_is_named(
    home: Path, articles: Path, command: tuple[str, ...]
) -> None:
    (articles / "salt.md").unlink()
    articles.rmdir()
    told = run(*command)
    assert told.exit_code == 1
    assert f"he folder of articles {articles} does not exist" in told.stderr.splitlines()[-1]


@pytest.mark.usefixtures("home")
def test_a_folder_without_articles_says_where_to_put_some(articles: Path) -> None:
    (articles / "salt.md").unlink()
    for options in ((), ("--json",)):
        told = run("ask", "Who drove?", *options)
        assert (told.exit_code, told.stdout) == (1, "")
        assert "ONRECORD_ARTICLES" in told.stderr


@pytest.mark.usefixtures("home")
def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_indexed(articles: Path) -> None:
    (articles / "empty\x1b[31m.md").write_text("")
    told = run("ask", "Who drove the salt train?")
    assert told.exit_code == 0
    assert "Left out: empty [31m.md" in told.stderr
    assert "\x1b" not in told.stderr


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "command",
    [("ask", "Who drove?"), ("chat",), ("reindex",), ("status",), ("evaluate", ".")],
    ids=" ".join,
)
def test_bad_settings_are_told_by_each_command(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_WORKERS", "many")
    assert "ONRECORD_WORKERS is 'many'" in run(*command).stderr


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("command", [("ask", "Who drove?"), ("reindex",), ("chat",)], ids=" ".join)
def test_a_home_that_cannot_be_made_is_told(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "file" / "home"))
    told = run(*command)
    assert (told.exit_code, told.stdout) == (1, "")
    assert str(tmp_path / "file") in told.stderr.splitlines()[-1]
    assert "Errno" not in told.stderr.splitlines()[-1]


def test_a_home_in_which_no_index_can_be_written_is_told(home: Path) -> None:
    (home / "collections").write_text("in the way")
    told = run("ask", "Who drove?")
    assert (told.exit_code, told.stdout) == (1, "")
    last = told.stderr.splitlines()[-1]
    assert last.startswith("Cannot ")
    assert str(home) in last
    assert "Errno" not in last


@pytest.mark.usefixtures("home")
@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is full")
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
def test_an_answer_that_cannot_be_written_is_told(options: tuple[str, ...]) -> None:
    run("reindex")
    with FULL.open("w") as full:
        started = process("ask", "Who drove?", *options, stdout=full, stderr=subprocess.PIPE)
        _, errors = started.communicate(timeout=60)
    assert started.returncode != 0
    assert errors.startswith(b"The system refuses: No space left on device.\n")
    assert b"Traceback" not in errors


def test_a_damaged_index_is_told_and_made_anew(home: Path) -> None:
    run("reindex")
    for path in (home / "collections").rglob("manifest.json"):
        path.write_text("{")
    damaged = run("status")
    assert damaged.exit_code == 1
    assert "Fault" in damaged.stdout
    asked = run("ask", "Who drove the salt train?")
    assert asked.exit_code == 0
    assert "damaged" in asked.stderr


# --- other processes, changed articles ----------------------------------------------------------


def test_while_another_process_indexes_questions_are_answered_from_the_version_before(
    home: Path,
) -> None:
    run("reindex")
    with FileLock(home / "collections" / "main" / "writer.lock"):
        assert "another process is indexing" in refused(run("reindex")).lower()
        assert "Bergen" in run("ask", "Where did the salt train run?").stdout


def test_while_another_process_makes_the_first_index_questions_are_told_to_wait(home: Path) -> None:
    (home / "collections" / "main").mkdir(parents=True)
    with FileLock(home / "collections" / "main" / "writer.lock"):
        told = run("ask", "Where did the salt train run?")
    assert told.exit_code == 1
    assert "wait until it is done" in told.stderr


@pytest.mark.usefixtures("home")
def test_changed_articles_are_told_in_a_line_until_they_are_indexed(articles: Path) -> None:
    run("reindex")
    os.utime(articles / "salt.md", (1, 1))
    told = run("ask", "Who drove the salt train?")
    assert told.exit_code == 0
    assert told.stderr == (
        "The articles have changed since they were indexed; `onrecord reindex` takes that up.\n"
    )
    assert "Changed" in run("status").stdout
    assert printed(run("status", "--json"))["articles_changed"] is True
    assert "Nothing has changed" in run("reindex").stdout  # touched, not changed
    assert run("ask", "Who drove the salt train?").stderr == ""


@pytest.mark.usefixtures("home")
def test_articles_out_of_reach_are_told_and_answers_come_from_the_index(articles: Path) -> None:
    run("reindex")
    articles.rename(articles.with_name("elsewhere"))
    told = run("ask", "Who drove the salt train?")
    assert "Anna Lund" in told.stdout
    assert "does not exist" in told.stderr
    assert "indexed before" in told.stderr


def test_without_a_note_of_what_was_seen_nothing_is_said_of_changes(
    home: Path, articles: Path
) -> None:
    run("reindex")
    (home / "collections" / "main" / "articles-seen").write_text("other")
    (articles / "more.md").write_text("More.\n")
    assert run("ask", "Who drove the salt train?").stderr == ""


# --- reindex, status, chat ----------------------------------------------------------------------


def test_reindex_tells_what_it_did(home: Path, articles: Path) -> None:
    first = run("reindex")
    assert first.stdout.startswith("Version 000001-")
    assert "1 article, 1 passage, 1 of them embedded anew" in first.stdout
    assert run("reindex").stdout.startswith("Nothing has changed; version 000001-")
    (articles / "bad.md").write_bytes(b"\x00\x01")
    found = printed(run("reindex", "--json"))
    assert {name: type(value) for name, value in found.items()} == {
        "index_version": str, "changed": bool, "articles": int, "passages": int,
        "sentences": int, "embedded": int, "reused": int, "seconds": float, "problems": list,
        "quotes": int, "speakers": int,
    }  # fmt: skip
    assert (found["changed"], found["embedded"], found["reused"]) == (True, 0, 1)
    assert [set(problem) for problem in found["problems"]] == [{"source", "reason"}]
    assert "Left out: bad.md" in run("reindex").stderr
    assert printed(run("reindex", "--full", "--json"))["embedded"] == 1


def test_reindex_dry_run_tells_what_would_change_and_changes_nothing(
    home: Path, articles: Path
) -> None:
    assert "Articles added: 1: Salt" in run("reindex", "--dry-run").stdout
    assert printed(run("status", "--json"))["index_version"] is None
    run("reindex")
    assert run("reindex", "--dry-run").stdout.startswith("Nothing would change; version 000001-")
    (articles / "salt.md").unlink()
    plan = printed(run("reindex", "--dry-run", "--json"))
    assert (plan["removed"], plan["embed"], plan["seconds"] is None) == (["Salt"], 0, False)
    assert "reindex: Version 000001-" in run("corpus", "history").stdout


def test_status_tells_how_things_stand_before_and_after_indexing(home: Path) -> None:
    before = printed(run("status", "--json"))
    assert (before["index_version"], before["articles"], before["whole"]) == (None, 0, False)
    assert "none yet" in run("status").stdout
    run("reindex")
    found = printed(run("status", "--json"))
    assert found["whole"] is True
    assert (found["articles"], found["passages"], found["fault"]) == (1, 1, "")
    assert found["home"] == str(home)
    assert found["recipe"]["model"] == "all-MiniLM-L6-v2"
    assert found["versions"] == [found["index_version"]]
    assert found["bytes_on_disk"] >= found["index_bytes"] > 0
    assert "1 articles" not in run("status").stdout


@pytest.mark.usefixtures("home")
def test_status_of_a_home_that_does_not_exist_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "absent"))
    assert printed(run("status", "--json"))["bytes_on_disk"] == 0
    assert not (tmp_path / "absent").exists()


@pytest.mark.usefixtures("home")
def test_chat_reads_questions_until_they_end() -> None:
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    with create_pipe_input() as typed, create_app_session(input=typed, output=DummyOutput()):
        typed.send_text("Who drove the salt train?\rWhere to?\r\x04")
        told = run("chat")
    assert told.exit_code == 0
    assert "Ask about 1 article." in told.stdout
    assert "Anna Lund drove it for nine years." in told.stdout
    assert "Understood as: Where to (drove the salt train)?" in told.stdout


# --- evaluate -----------------------------------------------------------------------------------


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    folder = tmp_path / "judged"
    folder.mkdir()
    (folder / "articles.jsonl").write_text(json.dumps({"id": "salt", "text": SALT}) + "\n")
    rows = [
        {
            "question": "Who drove the train?",
            "answerable": True,
            "evidence": [{"article_id": "salt", "start": SALT.index("Anna"), "end": len(SALT) - 1}],
        },
        {"question": "Who built the bridge?", "answerable": False, "evidence": []},
    ]
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.mark.usefixtures("home")
def test_evaluate_prints_the_figures_and_writes_the_details(judged: Path, tmp_path: Path) -> None:
    details = tmp_path / "details.jsonl"
    found = printed(run("evaluate", str(judged), "--json", "--details", str(details)))
    assert list(found) == [
        "articles", "passages", "questions", "answerable", "hits@1", "hits@4", "hits@10",
        "mrr@10", "ndcg@10", "evidence_shown", "answered_answerable", "answered_unanswerable",
        "auc", "citations", "citations_verified", "index_seconds", "p50_ms", "p95_ms",
    ]  # fmt: skip
    assert (found["questions"], found["hits@1"]) == (2, 1.0)
    assert found["citations"] == found["citations_verified"]
    lines = [json.loads(line) for line in details.read_text("utf-8").splitlines()]
    assert [line["question"] for line in lines] == ["Who drove the train?", "Who built the bridge?"]
    assert {"answered", "confidence", "shown", "shows_evidence", "first_hit"} <= set(lines[0])
    table = run("evaluate", str(judged), "--limit", "1").stdout.splitlines()
    assert table[2].split() == ["questions", "1"]


@pytest.mark.usefixtures("home")
def test_evaluate_measures_quotations_without_a_model_where_only_those_are_judged(
    judged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_MODEL", "absent")
    (judged / "questions.jsonl").unlink()
    text = "“I drove that train for years,” said Anna Lund."
    quote = {"article_id": "salt", "start": 1, "end": 30, "speaker": "Anna Lund"}
    (judged / "articles.jsonl").write_text(json.dumps({"id": "salt", "text": text}))
    (judged / "quotes.jsonl").write_text(json.dumps(quote | {"speaker_resolved": "Anna Lund"}))
    details = tmp_path / "details.jsonl"
    options = ("--no-parser", "--details", str(details))
    found = printed(run("evaluate", str(judged), "--json", *options))
    assert list(found) == [
        "articles", "quotes", "quotes_found", "quotes_unjudged", "quote_precision", "quote_recall",
        "quote_f1", "quote_exact_f1", "speaker_surface", "speaker_canonical", "speaker_precision",
        "speaker_coverage", "quote_f1_judged", "words_per_cpu_second",
    ]  # fmt: skip
    assert (found["quote_f1"], found["speaker_canonical"]) == (1.0, 1.0)
    assert details.read_text() == ""
    assert "quote_f1" in run("evaluate", str(judged), *options).stdout


@pytest.mark.usefixtures("home")
def test_evaluate_adds_the_figures_of_quotations_to_those_of_answers(judged: Path) -> None:
    (judged / "quotes.jsonl").write_text("")
    found = printed(run("evaluate", str(judged), "--json", "--no-parser"))
    assert (found["questions"], found["hits@1"]) == (2, 1.0)
    assert (found["quotes"], found["quote_f1"]) == (0, None)


@pytest.mark.usefixtures("home")
def test_evaluate_leaves_the_index_in_use_alone(judged: Path, home: Path) -> None:
    run("evaluate", str(judged))
    assert not (home / "collections").exists()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("articles.jsonl", None, "articles.jsonl cannot be read"),
        ("questions.jsonl", None, "questions.jsonl cannot be read"),
        ("articles.jsonl", b"\xff\xfe", "articles.jsonl"),
        ("articles.jsonl", b"{\n", "articles.jsonl, line 1"),
        ("articles.jsonl", b'{"text": "x"}\n', "'id' is missing"),
        ("questions.jsonl", b'\n{"question": "x"}\n', "questions.jsonl, line 2"),
        ("questions.jsonl", b"[1]\n", "questions.jsonl, line 1"),
    ],
)
def test_evaluate_names_the_file_and_line_that_does_not_fit(
    judged: Path, name: str, content: bytes | None, fault: str
) -> None:
    if content is None:
        (judged / name).unlink()
    else:
        (judged / name).write_bytes(content)
    told = run("evaluate", str(judged))
    assert (told.exit_code, told.stdout) == (1, "")
    assert fault in told.stderr


@pytest.mark.usefixtures("home")
def test_details_that_cannot_be_written_are_refused_before_the_work(
    judged: Path, tmp_path: Path
) -> None:
    started = time.perf_counter()
    for place in (tmp_path, tmp_path / "absent" / "details.jsonl"):
        line = refused(run("evaluate", str(judged), "--details", str(place)))
        assert str(place) in line
    assert time.perf_counter() - started < 5


# --- the process --------------------------------------------------------------------------------


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (OSError(errno.EIO, "Input/output error"), 1, "The system refuses: Input/output error.\n"),
        (OSError(errno.EIO, "Broken", "/x"), 1, "Cannot use /x: Broken. Name another place, or"),
        (OSError("odd"), 1, "The system refuses: odd.\n"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 1, ""),
        (KeyboardInterrupt(), 130, "Stopped.\n"),
    ],
    ids=["without-a-file", "with-a-file", "without-a-number", "broken-pipe", "ctrl-c"],
)
def test_failures_of_the_system_are_told_in_a_sentence(
    error: BaseException, code: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr(cli, "_read_stdin", fail)
    result = CliRunner().invoke(app, ["ask", "-"])
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(told)
    assert bool(result.stderr) == bool(told)


@pytest.mark.parametrize("module", ["bot", "bot.cli"])
def test_the_module_can_be_run(
    module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["onrecord", "--version"])
    if module == "bot":
        with pytest.raises(SystemExit, match="0"):
            runpy.run_module(module, run_name="__main__")
    else:
        with pytest.raises(SystemExit, match="0"):
            main()
    assert capsys.readouterr().out.startswith("onrecord 0")


def test_importing_the_module_that_is_run_runs_nothing() -> None:
    assert runpy.run_module("bot.__main__")["main"] is main


def test_what_is_being_prepared_is_shown_on_a_terminal_as_it_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Console(stderr=True, force_terminal=True, force_interactive=True)
    monkeypatch.setattr(cli, "err", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with cli._preparing() as tell:
        tell("Preparing [bold]x[/bold]")
    told = capsys.readouterr()
    assert told.out == ""
    assert "Preparing [bold]x[/bold]" in told.err
    with cli._preparing():
        pass
    assert "Preparing" not in capsys.readouterr().err


def process(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "ignore", "-m", "bot", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "60"}
    return subprocess.Popen(command, env=environment, **options)


@pytest.mark.usefixtures("home")
def test_a_reader_that_goes_away_is_no_error() -> None:
    run("reindex")
    reading, writing = os.pipe()
    os.close(reading)  # as `| true` would
    started = process("ask", "Who drove?", stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    _, errors = started.communicate(timeout=60)
    assert errors == b""


@pytest.mark.usefixtures("home")
def test_ctrl_c_ends_a_command_with_a_word_and_130() -> None:
    reading, writing = os.pipe()
    ignored = signal.signal(signal.SIGINT, signal.SIG_DFL)  # as a process in the background has it
    try:
        started = process("ask", "-", stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, ignored)
    _until_reading(started)
    started.send_signal(signal.SIGINT)
    out, errors = started.communicate(timeout=60)
    os.close(reading)
    os.close(writing)
    assert (started.returncode, out, errors) == (130, b"", b"Stopped.\n")


def _until_reading(started: subprocess.Popen[bytes]) -> None:
    """Wait until a process waits for its input (Linux) or for a while."""
    stat = Path(f"/proc/{started.pid}/wchan")
    for _ in range(200):
        time.sleep(0.05)
        if stat.exists() and "pipe" in stat.read_text():
            break
    time.sleep(0.3)


@pytest.mark.usefixtures("home")
def test_on_a_terminal_progress_is_shown_and_taken_away() -> None:
    master, slave = pty.openpty()
    started = process("reindex", stdout=subprocess.PIPE, stderr=slave, stdin=slave)
    os.close(slave)
    out, _ = started.communicate(timeout=60)
    shown = b""
    while chunk := _read(master):
        shown += chunk
    os.close(master)
    assert out.startswith(b"Version 000001-")
    assert b"Indexing" in shown
    assert shown.rstrip().endswith(b"\x1b[2K")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # what Linux says at the end of a terminal
        return b""
