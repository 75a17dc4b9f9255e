"""The terminal tells how corrections of earlier answers stand, and what a reindex would correct."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.corrections.model import GoneError
from bot.settings import PREFIX, Settings
from corpus.loader import load_folder
from tests.correcting import Desk

if TYPE_CHECKING:
    from pathlib import Path

SETS = "A closed set has eight people at most."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    (tmp_path / "articles").mkdir()
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path))
    monkeypatch.setenv("ONRECORD_ARTICLES", str(tmp_path / "articles"))
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, SETS)
    return tmp_path


def _write(home: Path, text: str) -> None:
    (home / "articles" / "safety.md").write_text(f"# Safety\n\n{text}\n", "utf-8")


def _publish(home: Path, desk: Desk) -> None:
    desk.publish(*load_folder(home / "articles").library)


def _printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["corpus", "corrections", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def _json(*arguments: str) -> Any:
    return json.loads(_printed(*arguments, "--json"))


def test_where_nothing_was_corrected_it_says_so(home: Path) -> None:
    assert _printed() == "No earlier answer had to be corrected yet.\n"
    assert _json() == {"versions": [], "messages": []}
    assert _printed("--preview") == "0 earlier answers would be corrected by a reindex now.\n"


async def test_the_preview_lists_what_would_be_corrected(home: Path) -> None:
    desk = Desk(home)
    _publish(home, desk)
    answer = desk.answer(("safety", SETS))
    _write(home, SETS.replace("eight", "six"))
    assert _printed("--preview").splitlines() == [
        "1 earlier answer would be corrected by a reindex now.",
        f"paper s, channel c, message m{answer}: [1] reworded",
    ]
    found = _json("--preview")
    assert found["touched"] == 1
    (told,) = found["answers"]
    (message,) = told["messages"]
    assert message["message"] == f"m{answer}"
    (change,) = message["changes"]
    assert change["words"] == SETS.replace("eight", "six")
    _publish(home, desk)
    await desk.work()
    assert _json("--preview") == {"touched": 0, "answers": []}
    desk.close()


async def test_each_correction_is_listed_with_what_became_of_it(home: Path) -> None:
    desk = Desk(home)
    _publish(home, desk)
    first, second = (desk.answer(("safety", SETS), server=one) for one in ("s", ""))
    _write(home, "Nothing of that.")
    _publish(home, desk)
    desk.paper.trouble = [None, GoneError("Unknown Message")]
    await desk.work()
    version = desk.live.snapshot().manifest.version
    summary, *lines = _printed().splitlines()
    assert summary == f"{version}  2 answers touched: 1 corrected, 1 deleted since"
    assert [line.split("UTC  ")[1] for line in lines] == [
        f"paper direct message, channel c, message m{second}: [1] gone (edited)",
        f"paper s, channel c, message m{first}: [1] gone (deleted, Unknown Message)",
    ]
    found = _json()
    assert found["versions"][0]["counts"] == {"edited": 1, "deleted": 1}
    assert [one["state"] for one in found["messages"]] == ["edited", "deleted"]
    assert found["messages"][0]["changes"][0]["standing"] == "gone"
    desk.close()
