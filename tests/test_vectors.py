"""The vector index: what comparing every vector would find, from a file, filtered or not."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engines import vectors as module
from index.engines.vectors import VectorIndex, build
from index.errors import DamagedIndexError, StorageError
from tests.benchmarks import synthetic


def made(path: Path, rows: module.Vectors) -> VectorIndex:
    assert build(path, rows.shape[1], [rows[:7], rows[7:]]) == len(rows)
    return VectorIndex.open(path)


@pytest.fixture
def index(tmp_path: Path) -> VectorIndex:
    return made(tmp_path / "vectors", synthetic.vectors(50, 16))


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 80),
    st.integers(-1, 100),
    st.integers(0, 2**20),
    st.one_of(st.none(), st.sets(st.integers(0, 79), max_size=80)),
)
def test_search_finds_what_comparing_every_vector_finds(
    n: int, k: int, seed: int, among: set[int] | None
) -> None:
    rows = synthetic.vectors(n, 24, seed)
    query = synthetic.vectors(1, 24, seed + 1)[0]
    allowed = None
    if among is not None:
        allowed = np.array(sorted(row for row in among if row < n), np.int64)
    candidates = np.arange(n) if allowed is None else allowed
    order = np.argsort(-(rows[candidates] @ query), kind="stable")[: max(0, k)]
    with TemporaryDirectory() as folder:
        found, scores = made(Path(folder) / "vectors", rows).search(query, k, allowed)
    assert found.dtype == np.int64
    assert scores.dtype == np.float32
    assert len(set(found.tolist())) == len(found) == len(order)
    # Half precision may swap rows whose scores differ by less than it can tell apart.
    np.testing.assert_allclose(scores, rows[found] @ query, atol=2e-3)
    np.testing.assert_allclose(scores, rows[candidates][order] @ query, atol=2e-3)


def test_equal_scores_stand_in_the_order_of_rows(tmp_path: Path) -> None:
    same = np.repeat(synthetic.vectors(1, 16), 9, axis=0)
    assert made(tmp_path / "vectors", same).search(same[0], 9)[0].tolist() == list(range(9))


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    assert build(tmp_path / "vectors", 16, []) == 0
    index = VectorIndex.open(tmp_path / "vectors")
    assert (len(index), index.dimension, index.exact) == (0, 16, True)
    rows, scores = index.search(synthetic.vectors(1, 16)[0], 5)
    assert rows.shape == scores.shape == (0,)


def test_the_filter_outlives_the_call_that_made_it(index: VectorIndex) -> None:
    allowed = np.array([3, 8, 40], np.int64)
    for _ in range(50):
        rows, _ = index.search(synthetic.vectors(1, 16)[0], 5, allowed)
        gc.collect()
        assert sorted(rows.tolist()) == [3, 8, 40]


@pytest.fixture(scope="module")
def many() -> module.Vectors:
    return synthetic.vectors(12_000, 32)


@pytest.fixture(scope="module")
def in_lists(tmp_path_factory: pytest.TempPathFactory, many: module.Vectors) -> VectorIndex:
    path = tmp_path_factory.mktemp("many") / "vectors"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "EXACT_UP_TO", 10_000)
        assert (
            build(path, 32, (many[start : start + 5_000] for start in range(0, 12_000, 5_000)))
            == 12_000
        )
    return VectorIndex.open(path)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.02])
def test_above_the_limit_nearly_all_of_the_exact_best_are_found(
    in_lists: VectorIndex, many: module.Vectors, share: float
) -> None:
    assert not in_lists.exact
    assert len(in_lists) == len(many)
    allowed = np.flatnonzero(np.random.default_rng(3).random(len(many)) < share)
    recalls = []
    for query in synthetic.vectors(100, 32, seed=9):
        exact = allowed[np.argsort(-(many[allowed] @ query))[:50]]
        rows, scores = in_lists.search(query, 50, allowed if share < 1 else None)
        assert np.isin(rows, allowed).all()
        np.testing.assert_allclose(scores, many[rows] @ query, atol=2e-3)
        recalls.append(np.isin(exact, rows).mean())
    assert np.mean(recalls) >= 0.97


def test_where_no_part_of_the_lists_will_do_all_are_looked_into(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    scattered = rng.standard_normal((600, 64), dtype=np.float32)
    scattered /= np.linalg.norm(scattered, axis=1, keepdims=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "EXACT_UP_TO", 500)
        index = made(tmp_path / "vectors", scattered)
    query = scattered[5] + scattered[6]
    exact = np.argsort(-(scattered @ query))[:50]
    assert np.isin(exact, index.search(query, 50)[0]).mean() >= 0.98


def test_threads_may_search_at_once(in_lists: VectorIndex) -> None:
    queries = list(synthetic.vectors(60, 32, seed=4))
    expected = [in_lists.search(query, 10)[0].tolist() for query in queries]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda query: in_lists.search(query, 10)[0].tolist(), queries))
    assert found == expected


@pytest.mark.parametrize("damage", ["absent", "empty", "short", "foreign"])
def test_a_missing_or_damaged_file_says_how_to_mend_it(
    tmp_path: Path, index: VectorIndex, damage: str
) -> None:
    index.close()
    path = tmp_path / "vectors"
    kept = path.read_bytes()
    path.unlink()
    if damage != "absent":
        path.write_bytes({"empty": b"", "short": kept[:-40], "foreign": b"GIF89a" * 99}[damage])
    with pytest.raises(DamagedIndexError, match=r"damaged.*onrecord reindex"):
        VectorIndex.open(path)


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"absent.*ONRECORD_HOME"):
        build(tmp_path / "absent" / "vectors", 16, [])
