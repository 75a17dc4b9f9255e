"""Each signal means what its name says, for every sentence, whatever is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engines.columns import Columns, ColumnWriter
from index.evidence import SIGNALS, signals
from index.prepare import prepare
from index.question import Asks, QuestionForm
from index.search import Ranked
from index.terms import terms
from tests import strategies
from tests.fakes import HashEmbedder
from tests.making import article

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.article import Article

    Floats = NDArray[np.float32]

EMBEDDER = HashEmbedder(64)
SHARES = ("coverage", "names", "numbers", "heaviest", "pairs", "fits", "new", "asks", "has", "rank")


STANDING = ("standardised", "spread", "mean", "best")


def is_share(name: str) -> bool:
    return name.startswith(SHARES) and not name.endswith(STANDING)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def ranked_of(folder: Path, question: str, articles: list[Article]) -> Ranked:
    """The passages of ``articles`` in their order, as if that were their rank."""
    prepared = [one for each in articles for one in prepare(each)]
    vectors = EMBEDDER.embed_passages(
        [one.text for one in prepared], [one.parts for one in prepared]
    )
    indexed = [one.indexed(own) for one, own in zip(prepared, vectors, strict=True)]
    place = folder / f"{len(list(folder.iterdir()))}"
    place.mkdir()
    list(ColumnWriter(place).write((0, one) for one in indexed))
    candidates = Columns.open(place, EMBEDDER.dimension).fetch(np.arange(len(indexed)))
    scores = np.linspace(1, 0.5, len(indexed), dtype=np.float32)
    return Ranked(candidates, scores, candidates.vectors @ EMBEDDER.embed_query(question))


def measured(
    folder: Path, question: str, *articles: Article, weights: list[float] | None = None
) -> Floats:
    form = QuestionForm.of(question)
    given_weights = np.ones(len(form.terms)) if weights is None else np.array(weights)
    found = signals(
        form,
        EMBEDDER.embed_question(question, form.spans),
        given_weights.astype(np.float32),
        np.ones(len(form.terms), np.bool_),
        ranked_of(folder, question, list(articles)),
    )
    assert found.dtype == np.float32
    return found


def column(found: Floats, name: str) -> list[float]:
    values: list[float] = found[:, SIGNALS.index(name)].round(4).tolist()
    return values


def signal(
    folder: Path, name: str, question: str, *articles: Article, weights: list[float] | None = None
) -> list[float]:
    return column(measured(folder, question, *articles, weights=weights), name)


NESTS = article("nests", "Storks nest here. Bread rises. Chimneys smoke.")


def test_similarities_are_relative_to_the_best_and_to_the_passage(folder: Path) -> None:
    two = article("a", "Bread rises.", "# Birds", "Storks nest. Nobody sang.")
    question = "Storks nest"
    found = measured(folder, question, two)
    own = ranked_of(folder, question, [two]).similarities
    assert column(found, "similarity") == own.round(4).tolist()
    assert column(found, "similarity_to_best") == (own - own[1]).round(4).tolist()
    assert column(found, "similarity_of_passage") == own[[0, 1, 1]].round(4).tolist()
    assert column(found, "score_of_passage") == [1, 0.5, 0.5]
    assert column(found, "rank_of_passage") == [1, 0.5, 0.5]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("coverage", [0.5, 0, 0.5]),
        ("coverage_near", [0.5, 1, 0.5]),
        ("coverage_of_passage", [1, 1, 1]),
        ("coverage_of_context", [0, 0, 0]),
        ("heaviest_missing", [1, 1, 1]),
        ("heaviest_missing_near", [1, 0, 1]),
        ("heaviest_missing_of_passage", [0, 0, 0]),
    ],
)
def test_words_are_looked_for_in_the_sentence_beside_it_and_in_the_passage(
    folder: Path, name: str, expected: list[float]
) -> None:
    assert signal(folder, name, "storks chimneys", NESTS) == expected


def test_rare_words_weigh_more(folder: Path) -> None:
    weights = [3.0, 1.0]
    assert signal(folder, "coverage", "storks chimneys", NESTS, weights=weights) == [0.75, 0, 0.25]
    missing = signal(folder, "heaviest_missing", "storks chimneys", NESTS, weights=weights)
    assert missing == pytest.approx([1 / 3, 1, 1], abs=1e-4)


def test_title_and_headings_belong_to_the_passage_and_not_to_the_sentence(folder: Path) -> None:
    one = article("a", "# Chimneys", "Storks nest. Bread rises.", title="Alsace")
    question = "storks chimneys alsace villages"
    assert signal(folder, "coverage", question, one) == [0.25, 0]
    assert signal(folder, "coverage_of_context", question, one) == [0.5, 0.5]
    assert signal(folder, "coverage_near", question, one) == [0.75, 0.75]
    assert signal(folder, "coverage_of_passage", question, one) == [0.75, 0.75]


def test_neighbours_are_those_of_the_same_passage(folder: Path) -> None:
    one = article("a", "Storks nest.", "# Baking", "Bread rises.")
    assert signal(folder, "coverage_near", "storks", one) == [1, 0]
    assert signal(folder, "coverage_of_passage", "storks", one) == [1, 0]


def test_names_and_numbers_are_covered_by_themselves(folder: Path) -> None:
    one = article("a", "We met Marty. It cost 70 euros. Supreme.")
    question = "what cost marty supreme 70 euros"
    named = "What cost Marty Supreme 70 euros?"
    assert signal(folder, "names", named, one) == [0.5, 0, 0.5]
    assert signal(folder, "names_near", named, one) == [0.5, 1, 0.5]
    assert signal(folder, "names_of_passage", named, one) == [1, 1, 1]
    assert signal(folder, "numbers", named, one) == [0, 1, 0]
    assert signal(folder, "numbers_of_passage", named, one) == [1, 1, 1]
    assert signal(folder, "has_names", named, one) == [1, 1, 1]
    # Where a question names nobody, nobody is missing.
    assert signal(folder, "names", question, one) == [1, 1, 1]
    assert signal(folder, "has_names", question, one) == [0, 0, 0]


@pytest.mark.parametrize(
    ("text", "adjacent", "together"),
    [
        ("the red fox ran", 1, 1),
        ("red or fox", 1, 1),  # one word may stand between
        ("red dog and fox", 0, 1),
        ("fox red", 0, 1),
        ("red dog", 0, 0),
    ],
)
def test_words_that_stand_together_in_the_question_may_in_the_sentence(
    folder: Path, text: str, adjacent: float, together: float
) -> None:
    found = measured(folder, "red fox", article("a", text))
    assert column(found, "pairs_adjacent") == [adjacent]
    assert column(found, "pairs_together") == [together]


def test_words_of_two_sentences_are_not_neighbours(folder: Path) -> None:
    found = measured(folder, "red fox", article("a", "It was red. Foxes ran."))
    assert column(found, "pairs_adjacent") == column(found, "pairs_together") == [0, 0]


def test_new_names_and_numbers_are_those_the_question_does_not_have(folder: Path) -> None:
    one = article("a", "We met Marty in 1999. We met Josh in 2024. Nobody came.")
    question = "Did Marty come in 1999?"
    assert signal(folder, "new_name", question, one) == [0, 1, 0]
    assert signal(folder, "new_number", question, one) == [0, 1, 0]


FORMS = [
    (Asks.WHO, "Who made films?", "Films by Josh Safdie.", "Films were made."),
    (Asks.WHEN, "When were films made?", "Films came in May.", "Films came."),
    (Asks.WHERE, "Where were films made?", "Films made in Alsace.", "Films made in the city."),
    (Asks.WHERE, "Where in Alsace were films made?", "Made in Colmar.", "Films made in Alsace."),
    (Asks.HOW_MANY, "How many films?", "Nine films.", "Films."),
    (Asks.HOW_MUCH, "How much did films cost?", "Films cost $7.", "Films cost much."),
    (Asks.HOW_MUCH, "How much did films cost?", "Films cost 7.", "Films cost much."),
    (Asks.WHY, "Why films?", "Films because of rain.", "Films and rain."),
    (Asks.SAID, "What did she say about films?", "“Films!”", "Films."),
    (Asks.SAID, "What did she say about films?", "Films, she said.", "Films."),
]


@pytest.mark.parametrize(("asks", "question", "fitting", "other"), FORMS)
def test_a_sentence_fits_that_holds_what_the_form_of_the_question_asks_for(
    folder: Path, asks: Asks, question: str, fitting: str, other: str
) -> None:
    found = measured(folder, question, article("a", fitting), article("b", other))
    assert column(found, "fits_form") == [1, 0]
    assert column(found, f"fits_{asks.name.lower()}") == [1, 0]
    assert column(found, f"asks_{asks.name.lower()}") == [1, 1]
    names = [name.removeprefix("asks_") for name in SIGNALS if name.startswith("asks_")]
    others = [name for name in names if name != asks.name.lower()]
    for name in others:
        assert column(found, f"fits_{name}") == column(found, f"asks_{name}") == [0, 0]


@pytest.mark.parametrize("question", ["How do storks nest?", "Do storks nest?", "What is bread?"])
def test_where_no_kind_of_answer_is_asked_for_any_sentence_fits(
    folder: Path, question: str
) -> None:
    assert signal(folder, "fits_form", question, NESTS) == [1, 1, 1]


def test_what_fits_may_stand_beside_the_sentence(folder: Path) -> None:
    one = article("a", "Films. Films in May. Films. Films.")
    assert signal(folder, "fits_form", "When were films made?", one) == [0, 1, 0, 0]
    assert signal(folder, "fits_form_near", "When were films made?", one) == [1, 1, 1, 0]


def test_the_sentence_is_described(folder: Path) -> None:
    one = article("a", "Storks nest on tall chimneys. She left. “Why?” he asked.")
    found = measured(folder, "storks", one)
    lengths = column(found, "length")
    assert lengths == pytest.approx([np.log1p(5) / 4, np.log1p(2) / 4, np.log1p(3) / 4], abs=1e-4)
    assert column(found, "dependent") == [0, 1, 0]
    assert column(found, "quotation") == [0, 0, 1]
    assert column(found, "speech") == [0, 0, 1]


def test_the_question_is_described(folder: Path) -> None:
    assert signal(folder, "terms", "storks nest chimneys", NESTS) == [0.25] * 3
    many = " ".join(f"word{number}" for number in range(30))
    assert signal(folder, "terms", many, NESTS) == [1] * 3


def test_sentences_without_words_are_measured(folder: Path) -> None:
    assert signal(folder, "coverage", "storks", article("a", "?!", "—")) == [0, 0]


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(strategies.SENTENCES, st.text(max_size=40)).filter(terms),
    st.lists(strategies.articles(), min_size=1, max_size=3),
    st.lists(st.floats(0.01, 10), min_size=60, max_size=60),
)
def test_any_question_of_any_articles_gives_finite_signals_in_their_range(
    tmp_path_factory: pytest.TempPathFactory,
    question: str,
    articles: list[Article],
    weights: list[float],
) -> None:
    count = len(QuestionForm.of(question).terms)
    folder = tmp_path_factory.mktemp("signals")
    found = measured(folder, question, *articles, weights=(weights * 2)[:count])
    assert found.shape[1] == len(SIGNALS) == len(set(SIGNALS))
    assert np.isfinite(found).all()
    shares = [at for at, name in enumerate(SIGNALS) if is_share(name)]
    assert ((found[:, shares] >= 0) & (found[:, shares] <= 1 + 1e-5)).all()


@settings(max_examples=25, deadline=None)
@given(strategies.articles(), strategies.articles(), strategies.SENTENCES)
def test_the_words_of_a_sentence_are_found_whatever_else_was_found(
    tmp_path_factory: pytest.TempPathFactory, one: Article, other: Article, question: str
) -> None:
    folder = tmp_path_factory.mktemp("signals")
    alone = measured(folder, question, one)
    beside = measured(folder, question, one, other)[: len(alone)]
    for name in ("coverage", "coverage_near", "coverage_of_passage", "heaviest_missing", "length"):
        assert column(alone, name) == column(beside, name)
