"""The word index: BM25 over numbered passages, on disk, the same whatever order they came in."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engines.lexical import LexicalIndex, LexicalRow, build
from index.errors import DamagedIndexError, StorageError
from index.terms import terms

TEXTS = [
    "The intimacy coordinator worked with the actors.",
    "The director's film opened in the U.S. on Friday.",
    "Directors and coordinators met; the coordinator spoke twice.",
    "It cost 1,500 dollars.",
    "",
]


def made(folder: Path, texts: list[str]) -> LexicalIndex:
    assert build(folder, (LexicalRow(row, text) for row, text in enumerate(texts))) == len(texts)
    return LexicalIndex.open(folder)


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    return made(tmp_path / "words", TEXTS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which coordinator?", [2, 0]),
        ("a director’s", [2, 1]),
        ("US films", [1]),
        ("Who spent 1500?", [3]),
        ("unheard-of", []),
        ("", []),
        ("?! 😀", []),
    ],
)
def test_rows_that_share_words_come_best_first(
    index: LexicalIndex, text: str, expected: list[int]
) -> None:
    rows, scores = index.search(text, 10)
    assert rows.tolist() == expected
    assert rows.dtype == np.int64
    assert scores.dtype == np.float32
    assert (scores > 0).all()
    assert (np.diff(scores) <= 0).all()


def test_scores_are_those_of_bm25(tmp_path: Path) -> None:
    index = made(tmp_path, ["pear apple", "pear plum", "quince quince pear"])
    # Lucene's BM25 by hand: mean length 7/3, df 1 of 3, tf 2 of 3 words, k1 1.2, b .75.
    idf = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / (7 / 3)))
    rows, scores = index.search("quince", 3)
    assert rows.tolist() == [2]
    assert scores[0] == pytest.approx(expected, rel=1e-5)


def test_equal_scores_stand_in_the_order_of_rows(tmp_path: Path) -> None:
    index = made(tmp_path, ["a pear"] * 5)
    assert index.search("pear", 5)[0].tolist() == [0, 1, 2, 3, 4]


def test_function_words_are_searched_only_where_there_are_no_others(index: LexicalIndex) -> None:
    assert index.search("with the coordinator", 9)[0].tolist() == [2, 0]
    assert index.search("with", 9)[0].tolist() == [0]


def test_a_question_of_any_length_is_searched_by_its_rarest_words(index: LexicalIndex) -> None:
    noise = " ".join(f"word{number}" for number in range(20_000))
    assert index.search(f"{noise} coordinator {noise}", 5)[0].tolist() == [2, 0]
    assert index.search(noise, 5)[0].tolist() == []


@pytest.mark.parametrize("k", [0, -1])
def test_asking_for_nothing_gives_nothing(index: LexicalIndex, k: int) -> None:
    rows, scores = index.search("coordinator", k)
    assert rows.shape == scores.shape == (0,)


def test_k_bounds_the_result_and_may_exceed_the_index(index: LexicalIndex) -> None:
    assert index.search("coordinator", 1)[0].tolist() == [2]
    assert index.search("coordinator", 10**9)[0].tolist() == [2, 0]


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    index = made(tmp_path / "words", [])
    assert len(index) == 0
    assert index.search("coordinator", 5)[0].tolist() == []
    assert index.document_frequency("coordin") == 0


def test_document_frequency_counts_rows_not_occurrences(index: LexicalIndex) -> None:
    assert len(index) == len(TEXTS)
    assert index.document_frequency("coordin") == 2
    assert index.document_frequency("coordinator") == 0


@pytest.mark.parametrize("allowed", [[], [0], [0, 1, 4]])
def test_only_allowed_rows_are_found(index: LexicalIndex, allowed: list[int]) -> None:
    rows, _ = index.search("coordinator", 5, np.array(allowed, np.int64))
    assert rows.tolist() == [row for row in (2, 0) if row in allowed]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    rng = np.random.default_rng(5)
    texts = [" ".join(f"w{word}" for word in rng.geometric(0.03, 40)) for _ in range(3_000)]
    return made(tmp_path_factory.mktemp("many"), texts)


@pytest.mark.parametrize("size", [10, 300, 1_500, 3_000])
@pytest.mark.parametrize("question", ["w1 w60 w61", "w200", "w5"])
def test_a_filter_changes_neither_scores_nor_order(
    many: LexicalIndex, size: int, question: str
) -> None:
    allowed = np.sort(np.random.default_rng(size).permutation(len(many))[:size])
    everything, all_scores = many.search(question, len(many))
    kept = np.isin(everything, allowed)
    rows, scores = many.search(question, 20, allowed)
    assert rows.tolist() == everything[kept][:20].tolist()
    np.testing.assert_allclose(scores, all_scores[kept][:20], rtol=1e-6)


def test_allowed_rows_far_down_the_ranking_are_still_found(many: LexicalIndex) -> None:
    everything, _ = many.search("w1 w2 w3", len(many))
    last = np.sort(everything[-400:])
    rows, _ = many.search("w1 w2 w3", 30, last)
    assert rows.tolist() == everything[-400:-370].tolist()


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.text(alphabet="abc ", max_size=20), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_scores_do_not_depend_on_the_order_rows_were_added_in(
    texts: list[str], random: object
) -> None:
    rows = [LexicalRow(row, text) for row, text in enumerate(texts)]
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    results = []
    for given_rows in (rows, shuffled):
        with TemporaryDirectory() as folder:
            build(Path(folder), given_rows)
            found, scores = LexicalIndex.open(Path(folder)).search("a b c abc", 20)
            results.append((found.tolist(), scores.tolist()))
    assert results[0] == results[1]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80))
def test_every_term_of_a_text_is_indexed_as_it_is(text: str) -> None:
    with TemporaryDirectory() as folder:
        index = made(Path(folder), [text])
        assert all(index.document_frequency(term) == 1 for term in terms(text))


def test_threads_may_search_at_once(many: LexicalIndex) -> None:
    questions = [f"w{number} w{number + 30}" for number in range(1, 60)]
    expected = [many.search(question, 10)[0].tolist() for question in questions]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda question: many.search(question, 10)[0].tolist(), questions))
    assert found == expected


def test_a_missing_or_damaged_index_says_how_to_mend_it(
    tmp_path: Path, index: LexicalIndex
) -> None:
    index.close()
    folder = tmp_path / "words"
    next(folder.glob("*.idx")).write_bytes(b"nonsense")
    for path in (folder, tmp_path / "absent"):
        with pytest.raises(DamagedIndexError, match=r"damaged.*reindex"):
            LexicalIndex.open(path)


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"file.*ONRECORD_HOME"):
        build(tmp_path / "file", [])


def test_an_index_is_read_where_nothing_can_be_written(
    tmp_path: Path, index: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.close()
    folder = tmp_path / "words"
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    # The tests may run as root, who can write anywhere: say that the folder is read-only.
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert LexicalIndex.open(folder).search("coordinator", 5)[0].tolist() == [2, 0]
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before
