"""Searching ranks passages by their best sentence and by their words, fused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.engine import Where
from index.fusion import fuse
from index.search import DEPTH, Ranked
from index.snapshot import Snapshot
from index.versions import Versions
from tests.fakes import HashEmbedder
from tests.making import article, build, loaded, numbered

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.loader import Loaded

EMBEDDER = HashEmbedder(256)
QUESTION = "Which number stands in article 3?"


def opened(folder: Path, corpus: Loaded) -> Snapshot:
    version = build(folder, corpus, EMBEDDER).manifest.version
    return Snapshot.open(Versions(folder).path(version))


def asked(
    snapshot: Snapshot, question: str = QUESTION, limit: int = 10, where: Where | None = None
) -> Ranked:
    vector = EMBEDDER.embed_query(question)
    return snapshot.searcher.search(question, vector, limit, where or Where())


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return opened(tmp_path, numbered(12))


def ids(snapshot: Snapshot, ranked: Ranked) -> list[str]:
    engine = snapshot.searcher.engine
    return [engine.article_ids[at] for at in ranked.candidates.articles]


def test_what_is_asked_for_comes_first(snapshot: Snapshot) -> None:
    ranked = asked(snapshot)
    assert ids(snapshot, ranked)[0] == "a0003"
    assert ranked.scores[0] == pytest.approx(1)


def test_scores_fall_and_equal_ones_stand_in_the_order_of_rows(snapshot: Snapshot) -> None:
    ranked = asked(snapshot)
    pairs = list(zip((-ranked.scores).tolist(), ranked.candidates.rows.tolist(), strict=True))
    assert pairs == sorted(pairs)
    assert ((ranked.scores >= 0) & (ranked.scores <= 1)).all()


@pytest.mark.parametrize("limit", [0, 1, 5, 12, 100])
def test_a_lower_limit_gives_the_beginning_of_the_same_ranking(
    snapshot: Snapshot, limit: int
) -> None:
    every, few = asked(snapshot, limit=12), asked(snapshot, limit=limit)
    assert few.candidates.rows.tolist() == every.candidates.rows.tolist()[:limit]
    assert few.scores.tolist() == every.scores.tolist()[:limit]
    assert len(few.similarities) == len(few.candidates.sentence_spans)


def test_similarities_are_those_of_the_sentences_shown(snapshot: Snapshot) -> None:
    ranked = asked(snapshot)
    engine = snapshot.searcher.engine
    assert len(ranked.similarities) == len(ranked.candidates.sentence_spans) > 0
    for at, owner in enumerate(ranked.candidates.owners):
        text = snapshot.article(engine.article_ids[ranked.candidates.articles[owner]]).text
        start, end = ranked.candidates.sentence_spans[at]
        expected = EMBEDDER.embed_query(text[start:end]) @ EMBEDDER.embed_query(QUESTION)
        assert ranked.similarities[at] == pytest.approx(expected, abs=2e-3)


def test_a_passage_counts_as_much_as_its_best_sentence(tmp_path: Path) -> None:
    chatter = "Rain fell on roofs. Trains ran late. Bread was sold. Nobody sang. Dogs slept."
    snapshot = opened(
        tmp_path,
        loaded(
            article("long", f"{chatter} Storks nest on chimneys. {chatter}"),
            article("middling", "Storks nest alone. Rain fell on storks."),
            article("short", "Storks sleep on chimneys here."),
        ),
    )
    question = "storks nest chimneys"
    ranked = asked(snapshot, question)
    best = [
        ranked.similarities[ranked.candidates.owners == at].max()
        for at in range(len(ranked.candidates.rows))
    ]
    _, lexical = snapshot.searcher.engine.search(EMBEDDER.embed_query(question), question, DEPTH)
    words = dict(zip(lexical.rows.tolist(), lexical.scores.tolist(), strict=True))
    found = [words[row] for row in ranked.candidates.rows.tolist()]
    np.testing.assert_allclose(
        ranked.scores, fuse(np.array(best, np.float32), np.array(found, np.float32)), atol=1e-6
    )
    assert ids(snapshot, ranked)[int(np.argmax(best))] == "long"


def test_a_passage_without_the_words_is_found_by_its_meaning_alone(tmp_path: Path) -> None:
    snapshot = opened(tmp_path, loaded(article("a", "Storks nest."), article("b", "Bread rises.")))
    ranked = asked(snapshot, "storks")
    assert ids(snapshot, ranked) == ["a", "b"]
    assert ranked.scores.tolist() == [1, 0]


def test_a_question_without_words_is_searched_by_its_meaning(snapshot: Snapshot) -> None:
    for question in ("?!", "😀", ""):
        assert len(asked(snapshot, question).candidates.rows) == 10


def test_only_the_wanted_articles_are_found(snapshot: Snapshot) -> None:
    wanted = frozenset({"a0001", "a0007"})
    assert set(ids(snapshot, asked(snapshot, where=Where(wanted)))) == wanted
    assert ids(snapshot, asked(snapshot, where=Where(frozenset()))) == []


def test_nothing_is_found_where_there_is_nothing(tmp_path: Path) -> None:
    ranked = asked(opened(tmp_path, loaded()))
    assert len(ranked.candidates.rows) == len(ranked.scores) == len(ranked.similarities) == 0


def test_the_order_of_the_articles_does_not_change_the_ranking(tmp_path: Path) -> None:
    texts = [f"Storks {number} nest on {number % 3} roofs." for number in range(6)]
    rankings = []
    for name, order in (("one", range(6)), ("other", reversed(range(6)))):
        renamed = [article(f"{at}", texts[number]) for at, number in enumerate(order)]
        snapshot = opened(tmp_path / name, loaded(*renamed))
        ranked = asked(snapshot, "Which storks nest on 2 roofs?")
        found = [snapshot.article(id_).text for id_ in ids(snapshot, ranked)]
        rankings.append(sorted(zip(ranked.scores.round(5).tolist(), found, strict=True)))
    assert rankings[0] == rankings[1]
