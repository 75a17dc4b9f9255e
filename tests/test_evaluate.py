"""Figures are computed as they are defined, on evidence carried over to canonical text."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import EvaluationError
from index.evaluate import JudgedSet, area_under_curve, evaluate
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from pathlib import Path

STORKS = "Storks  nest on chimneys.\nThey return in March.\n\nBread rises slowly in the oven."


def write(folder: Path, articles: list[Any], questions: list[Any]) -> Path:
    for name, rows in (("articles", articles), ("questions", questions)):
        lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


def judged(text: str, quote: str, question: str) -> dict[str, Any]:
    start = text.index(quote)
    place = {"article_id": "storks", "start": start, "end": start + len(quote)}
    return {"id": "q", "question": question, "answerable": True, "evidence": [place]}


def test_evidence_is_carried_over_to_canonical_text(tmp_path: Path) -> None:
    question = judged(STORKS, "return in March", "When do they return?")
    write(tmp_path, [{"id": "storks", "title": "Storks", "text": STORKS}], [question])
    read = JudgedSet.read(tmp_path)
    ((article_id, span),) = read.questions[0].evidence
    article = read.library.get(article_id)
    assert article is not None
    assert span.of(article.text) == "return in March"
    assert article.text != STORKS


@pytest.mark.parametrize(
    ("form", "text"),
    [("markdown", "# Birds\n\nStorks *nest* on chimneys."), ("html", "<p>Storks <b>nest</b>.</p>")],
)
def test_an_article_may_name_its_format(tmp_path: Path, form: str, text: str) -> None:
    row = {"id": "storks", "title": "Storks", "text": text, "format": form}
    write(tmp_path, [row], [judged(text, "nest", "What do storks do?")])
    read = JudgedSet.read(tmp_path)
    ((_, span),) = read.questions[0].evidence
    assert span.of(read.library.articles[0].text) == "nest"


def test_only_the_first_questions_are_read_if_told_so(tmp_path: Path) -> None:
    question = judged(STORKS, "March", "When?")
    write(tmp_path, [{"id": "storks", "title": "S", "text": STORKS}], [question] * 5)
    assert len(JudgedSet.read(tmp_path, 2).questions) == 2


@pytest.mark.parametrize(
    ("articles", "questions", "told"),
    [
        (["{"], [], "articles.jsonl, line 1"),
        ([{"id": "a"}], [], "'text' is missing"),
        ([{"id": "a", "text": ""}], [], "has no text"),
        ([{"id": "a", "text": "B.", "format": "odt"}], [], "'odt' is missing"),
        ([], [{"answerable": True}], "'question' is missing"),
        ([], ["[1]"], "questions.jsonl, line 1"),
        ([], [{"question": "?", "answerable": True, "evidence": [3]}], "questions.jsonl, line 1"),
        ([], [judged("March", "March", "When?")], "'storks' is missing"),
    ],
)
def test_a_line_that_does_not_fit_is_named(
    tmp_path: Path, articles: list[Any], questions: list[Any], told: str
) -> None:
    write(tmp_path, articles, questions)
    with pytest.raises(EvaluationError, match=told.replace("?", r"\?")):
        JudgedSet.read(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"articles\.jsonl cannot be read"):
        JudgedSet.read(tmp_path)


def test_the_figures_of_an_evaluation(tmp_path: Path) -> None:
    yes = judged(STORKS, "Storks  nest on chimneys.", "Storks nest on chimneys?")
    no = {"id": "n", "question": "Who wrote Hamlet?", "answerable": False, "evidence": []}
    write(tmp_path, [{"id": "storks", "title": "Storks", "text": STORKS}], [yes, no])
    told: list[tuple[str, int, int]] = []
    home = tmp_path / "home"
    evaluation = evaluate(
        JudgedSet.read(tmp_path), HashEmbedder(256), home, lambda *state: told.append(state)
    )
    figures = evaluation.figures()
    assert figures["articles"] == figures["answerable"] == 1
    assert figures["passages"] == 1
    assert figures["questions"] == 2
    assert figures["hits@1"] == figures["mrr@10"] == figures["ndcg@10"] == 1
    assert figures["citations"] == figures["citations_verified"]
    assert {"auc", "index_seconds", "p50_ms", "p95_ms", "hits@4", "hits@10"} <= figures.keys()
    assert told[-1] == ("Asking", 2, 2)
    assert told[0][0] == "Indexing"
    details = [outcome.details() for outcome in evaluation.outcomes]
    assert [one["id"] for one in details] == ["q", "n"]
    assert details[0]["first_hit"] == 1
    assert details[1]["first_hit"] is None
    for one in details:
        for shown in one["shown"]:
            article = evaluation.library.get(shown["article_id"])
            assert article is not None
            assert article.text[shown["start"] : shown["end"]] == shown["text"]


def test_nothing_to_measure_gives_no_figure(tmp_path: Path) -> None:
    write(tmp_path, [{"id": "storks", "title": "Storks", "text": STORKS}], [])
    figures = evaluate(JudgedSet.read(tmp_path), HashEmbedder(), tmp_path / "home").figures()
    assert figures["auc"] is figures["hits@1"] is figures["p50_ms"] is None


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_the_area_is_the_chance_that_a_positive_scores_higher(
    yes: list[int], no: list[int]
) -> None:
    wins = np.mean([(one > other) + (one == other) / 2 for one in yes for other in no])
    area = area_under_curve(yes, no)
    assert area is not None
    assert math.isclose(area, wins, abs_tol=1e-4)


def test_there_is_no_area_without_both_kinds() -> None:
    assert area_under_curve([1.0], []) is area_under_curve([], [1.0]) is None
