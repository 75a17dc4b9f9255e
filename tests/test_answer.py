"""An answer is made of whole sentences of the articles, each proved, in reading order."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings

from corpus.citation import verify
from index.answer import Answerer
from index.judge import Judgement
from tests import strategies
from tests.making import article, snapshot_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.article import Article
    from index.answer import Answer
    from index.embedder import PassageVectors
    from index.question import QuestionForm
    from index.search import Ranked
    from index.snapshot import Snapshot

STORKS = article(
    "storks",
    "# Storks",
    "Storks nest on chimneys. They return in March. Bread rises slowly.",
    "# Bakers",
    "Bakers rise early. The oven is lit at four.",
    url="https://example.org/storks",
)


@dataclass(frozen=True, slots=True)
class ScriptedJudge:
    """Scores each sentence by its words."""

    scores: Callable[[str], float]
    confidence: float = 1.0
    threshold: float = 0.5

    def judge(
        self, form: QuestionForm, vectors: PassageVectors, ranked: Ranked, snapshot: Snapshot
    ) -> Judgement:
        assert vectors.parts.shape[0] == len(form.terms)
        found = ranked.candidates
        ids = snapshot.searcher.engine.article_ids
        texts = [
            snapshot.article(ids[found.articles[owner]]).text[start:end]
            for owner, (start, end) in zip(found.owners, found.sentence_spans, strict=True)
        ]
        return Judgement(np.array([self.scores(text) for text in texts]), self.confidence)


def ask(
    folder: Path,
    judge: ScriptedJudge,
    *articles: Article,
    limit: int = 3,
    question: str = "storks oven",
) -> Answer:
    snapshot, embedder = snapshot_of(folder, *(articles or (STORKS,)))
    return Answerer(embedder, judge).answer(question, snapshot, limit)


def texts(answer: Answer) -> list[str]:
    return [source.citation.text for source in answer.sentences]


def scored(**words: float) -> ScriptedJudge:
    """A judge that scores a sentence by the first of ``words`` in it."""
    return ScriptedJudge(
        lambda text: next((score for word, score in words.items() if word in text), 0.0)
    )


def test_the_best_sentence_answers_with_its_place_and_its_link(tmp_path: Path) -> None:
    answer = ask(tmp_path, scored(oven=0.9))
    (source,) = answer.sentences
    assert answer.answered
    assert answer.nearest == ()
    assert source.citation.text == "The oven is lit at four."
    assert (source.number, source.section, source.paragraph) == (1, "Bakers", 2)
    assert source.link == "https://example.org/storks#:~:text=The%20oven%20is%20lit%20at%20four."
    assert source.citation.content_hash == STORKS.content_hash
    assert not source.context


def test_sentences_are_shown_in_reading_order_and_numbered_so(tmp_path: Path) -> None:
    answer = ask(tmp_path, scored(slowly=0.9, chimneys=0.8))
    assert texts(answer) == ["Storks nest on chimneys.", "Bread rises slowly."]
    assert [source.number for source in answer.sentences] == [1, 2]


def test_a_sentence_far_behind_the_best_is_not_shown(tmp_path: Path) -> None:
    assert texts(ask(tmp_path, scored(slowly=0.9, chimneys=0.1))) == ["Bread rises slowly."]


def test_no_more_sentences_are_shown_than_asked_for(tmp_path: Path) -> None:
    judge = scored(slowly=0.9, chimneys=0.8, early=0.7)
    assert texts(ask(tmp_path, judge, limit=1)) == ["Bread rises slowly."]


def test_a_sentence_that_leans_on_the_one_before_comes_with_it(tmp_path: Path) -> None:
    answer = ask(tmp_path, scored(March=0.9))
    assert texts(answer) == ["Storks nest on chimneys.", "They return in March."]
    assert [source.context for source in answer.sentences] == [True, False]


def test_what_a_sentence_needs_takes_its_room(tmp_path: Path) -> None:
    judge = scored(March=0.9, early=0.8, oven=0.7)
    assert texts(ask(tmp_path, judge, limit=1)) == ["They return in March."]


def test_a_further_sentence_is_left_out_if_what_it_needs_has_no_room(tmp_path: Path) -> None:
    judge = scored(oven=0.9, March=0.8, early=0.7)
    assert texts(ask(tmp_path, judge, limit=2)) == [
        "Bakers rise early.",
        "The oven is lit at four.",
    ]


def test_context_that_answers_itself_is_an_answer(tmp_path: Path) -> None:
    answer = ask(tmp_path, scored(March=0.9, chimneys=0.8))
    assert texts(answer) == ["Storks nest on chimneys.", "They return in March."]
    assert [source.context for source in answer.sentences] == [False, False]


def test_the_same_is_not_said_twice(tmp_path: Path) -> None:
    other = article("again", "Storks nest on the chimneys.")
    assert len(texts(ask(tmp_path, scored(chimneys=0.9), STORKS, other))) == 1


def test_below_the_threshold_the_nearest_passages_are_shown_and_no_answer(tmp_path: Path) -> None:
    judge = replace(scored(oven=0.9), confidence=0.49)
    answer = ask(tmp_path, judge, question="Storks nest where?")
    assert not answer.answered
    assert answer.sentences == ()
    assert answer.confidence == 0.49
    assert next(source.citation.text for source in answer.nearest) == (
        "Storks nest on chimneys. They return in March. Bread rises slowly."
    )
    assert len(answer.nearest) == 2


def test_a_nearest_passage_stays_readable_and_in_its_paragraph(tmp_path: Path) -> None:
    long = " ".join(f"Sentence {n} tells of many things at some length." for n in range(40))
    judge = replace(scored(), confidence=0.0)
    answer = ask(tmp_path, judge, article("long", long, "Next."), question="Sentence 20")
    for source in answer.nearest:
        assert len(source.citation.text) <= 400
        assert "\n" not in source.citation.text


def test_an_empty_corpus_answers_nothing(tmp_path: Path) -> None:
    snapshot, embedder = snapshot_of(tmp_path)
    answer = Answerer(embedder, scored()).answer("Who?", snapshot)
    assert (answer.answered, answer.confidence, answer.nearest) == (False, 0.0, ())


def test_a_citation_that_does_not_verify_is_dropped_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    snapshot, embedder = snapshot_of(tmp_path, STORKS)
    altered = replace(STORKS, text=STORKS.text.replace("oven", "kiln"))

    class Altered:
        def get(self, _: str) -> Article:
            return altered

        def close(self) -> None:
            """Nothing is open."""

    tampered = replace(snapshot, store=Altered())  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR):
        answer = Answerer(embedder, scored(kiln=0.9)).answer("oven", tampered)
    assert not answer.answered
    assert answer.sentences == ()
    assert "does not verify" in caplog.text


@settings(max_examples=25, deadline=None)
@given(strategies.articles(url=True), strategies.SENTENCES)
def test_whatever_is_shown_is_a_verified_span_of_its_article(
    tmp_path_factory: pytest.TempPathFactory, one: Article, question: str
) -> None:
    folder = tmp_path_factory.mktemp("answers")
    judge = ScriptedJudge(lambda text: len(text) % 7 / 7 + 0.1)
    for confidence in (0.0, 1.0):
        answer = ask(folder, replace(judge, confidence=confidence), one, question=question, limit=5)
        shown = answer.sentences or answer.nearest
        assert shown
        assert [source.number for source in shown] == list(range(1, len(shown) + 1))
        for source in shown:
            assert verify(source.citation, one)
            assert source.citation.span.of(one.text) == source.citation.text


def test_timings_add_up(tmp_path: Path) -> None:
    timings = ask(tmp_path, scored(oven=0.9)).timings
    assert timings.total == pytest.approx(timings.embed + timings.search + timings.answer, abs=0.01)
