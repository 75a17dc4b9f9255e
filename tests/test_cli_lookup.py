"""``onrecord quote``, ``whosaid`` and ``speakers``: what each prints, and how trouble is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.settings import PREFIX, Settings
from tests.test_cli import printed, refused, run

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = """---
title: Herons
url: https://example.org/herons
outlet: The Marsh
published: 2026-01-02
---

# Herons

## At the pond

“The herons are back,” Dr. Ann Lee, a biologist, told the Herald, “and they are hungry.”

“She told me, ‘Leave the fish alone and go home,’ and left,” Lee said.

Sam Roe and Bill Roe were there.

“There were 40 of them on the pond that morning,” Roe said.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, model_home: Path, embedder: object) -> Path:
    """A home with an index of one article, made once."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "models").symlink_to(model_home / "models")
    articles = tmp_path_factory.mktemp("articles")
    (articles / "herons.md").write_text(ARTICLE, "utf-8")
    return folder


@pytest.fixture(autouse=True)
def environment(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    monkeypatch.setenv("ONRECORD_HOME", str(home))
    articles = max(home.parent.glob("articles*"))
    monkeypatch.setenv("ONRECORD_ARTICLES", str(articles))
    monkeypatch.chdir(home)


def test_quotes_are_shown_with_speaker_words_and_place() -> None:
    told = run("quote", "--speaker", "lee").stdout
    assert "[1] Ann Lee  “Dr. Ann Lee” told, to the Herald; part 1 of 2" in told
    assert "“The herons are back,”" in told
    assert "Herons, “At the pond”, paragraph 1" in told
    assert "https://example.org/herons#:~:text=" in told
    assert "      “Leave the fish alone and go home,”  speaker not named clearly" in told


def test_the_next_page_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert "more quotations: --offset 1 shows the next." in run("quote", "--limit", "1").stdout
    assert "[2] Ann Lee" in run("quote", "--limit", "1", "--offset", "1").stdout


def test_an_open_speaker_is_shown_as_such() -> None:
    told = run("quote", "--about", "pond").stdout
    assert "speaker not named clearly" in told


def test_quotes_as_json() -> None:
    found = printed(run("quote", "--speaker", "ann-lee", "--json"))
    assert (found["found"], found["speaker"], found["total"]) == ("found", "Ann Lee", 3)
    first = found["quotes"][0]
    assert first["text"] == "The herons are back,"
    assert (first["speaker_text"], first["addressee"]) == ("Dr. Ann Lee", "the Herald")
    assert (first["part"], first["parts"]) == (1, 2)
    assert first["end"] - first["start"] == len(first["text"])
    assert first["text"] in ARTICLE
    assert found["quotes"][2]["children"][0]["speaker"] is None


def test_an_unknown_speaker_is_refused_with_the_nearest() -> None:
    line = refused(run("quote", "--speaker", "Lea"))
    assert line == "The articles quote nobody called “Lea”. Nearest names: Ann Lee."
    result = run("quote", "--speaker", "Lea", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["suggestions"] == ["Ann Lee"]


def test_an_unknown_article_is_refused() -> None:
    assert "No article is called “Storks”" in refused(run("quote", "--article", "Storks"))


def test_off_the_topic_the_nearest_are_told_apart() -> None:
    told = run("quote", "--speaker", "lee", "--about", "tax law")
    assert told.exit_code == 0
    assert told.stdout.startswith("No quotation of Ann Lee is clearly about “tax law”.")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("the herons are back and they are hungry", "exact"),
        ("There were 50 of them on the pond that morning", "altered"),
        ("Fish and chips taste best by the sea", "not in this corpus"),
    ],
)
def test_verdicts_as_json(text: str, verdict: str) -> None:
    found = printed(run("whosaid", text, "--json"))
    assert found["verdict"] == verdict
    wanted = {"verdict", "quote", "speaker", "differences", "citations", "nearest"}
    assert wanted <= found.keys()
    assert bool(found["citations"]) == (verdict != "not in this corpus")
    assert bool(found["nearest"]) == (verdict == "not in this corpus")


def test_a_verdict_is_shown_with_the_difference_marked() -> None:
    told = run("whosaid", "There were 50 of them on the pond this morning").stdout
    assert told.startswith("Altered: somebody (speaker not named clearly")
    assert "Number changed: “40” to “50”" in told
    assert "There were [40 → 50] of them on the pond [that → this] morning" in told


def test_words_left_out_and_added_are_marked() -> None:
    told = run("whosaid", "The old herons are back … hungry").stdout
    assert "The [+ old] herons are back […] hungry" in told
    dropped = run("whosaid", "There were 40 of them on the pond morning").stdout
    assert "[- that]" in dropped


def test_words_of_the_article_are_shown_as_such() -> None:
    told = run("whosaid", "Sam Roe and Bill Roe were there").stdout
    assert "not a quotation" in told
    assert "Sam Roe and Bill Roe were there." in told


def test_the_nearest_are_shown_for_absent_words() -> None:
    told = run("whosaid", "Fish and chips taste best by the sea").stdout
    assert told.startswith("Not in this corpus")
    assert "[1] " in told


def test_a_dash_reads_the_words_from_stdin() -> None:
    found = printed(run("whosaid", "-", "--json", stdin="the herons are back and they are hungry"))
    assert (found["verdict"], found["speaker"]) == ("exact", "Ann Lee")


@pytest.mark.parametrize("text", ["", "😀"])
def test_a_text_without_words_is_refused(text: str) -> None:
    assert refused(run("whosaid", text)) == (
        "There are no words in this text. Give the words that somebody said."
    )


def test_a_megabyte_is_refused() -> None:
    assert "1,000,000 characters" in refused(run("whosaid", "-", stdin="a" * 1_000_000))


def test_speakers_are_listed() -> None:
    told = run("speakers").stdout
    assert "3  Ann Lee  " in told
    assert "Herons" in told
    found = printed(run("speakers", "--json"))
    assert found["speakers"][0]["articles"] == [{"id": "herons", "title": "Herons"}]
    assert found["total"] == 1


@pytest.mark.parametrize("command", [("quote",), ("whosaid", "one two three four"), ("speakers",)])
def test_trouble_is_told_by_each(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_ARTICLES", str(tmp_path / "absent"))
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("ONRECORD_WORKERS", "0")
    assert run(*command).exit_code == 1


@pytest.mark.parametrize("command", [("quote",), ("whosaid", "one two three four"), ("speakers",)])
def test_what_the_service_cannot_do_is_told(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_TIMEOUT", "0.000001")
    assert "was given up" in refused(run(*command))


def test_a_corpus_that_quotes_nobody_is_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("Nobody spoke.")
    other = tmp_path / "home"
    other.mkdir()
    (other / "models").symlink_to(home / "models")
    monkeypatch.setenv("ONRECORD_HOME", str(other))
    monkeypatch.setenv("ONRECORD_ARTICLES", str(tmp_path))
    assert run("quote").stdout.strip() == "Nobody is quoted in these articles."
    assert run("speakers").stdout.strip() == "Nobody is quoted in these articles."
