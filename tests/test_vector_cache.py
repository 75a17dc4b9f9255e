"""Vectors are found again by what was embedded, and by nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from corpus.span import Span
from index.embedder import PassageVectors
from index.vector_cache import VectorCache, key_of

DIMENSION = 8
KEY, OTHER = key_of("some words", [Span(0, 4)]), key_of("other words", [])


def opened(folder: Path, model: str = "model") -> VectorCache:
    return VectorCache(folder, model, DIMENSION)


def vectors(seed: int, parts: int = 2) -> PassageVectors:
    rng = np.random.default_rng(seed)
    whole, own = rng.standard_normal(DIMENSION), rng.standard_normal((parts, DIMENSION))
    return PassageVectors(whole.astype(np.float32), own.astype(np.float32))


def same(one: PassageVectors, other: PassageVectors) -> bool:
    return np.array_equal(one.whole, other.whole) and np.array_equal(one.parts, other.parts)


FLOATS = st.floats(-1, 1, width=32)


@settings(max_examples=25, deadline=None)
@given(
    arrays.arrays(np.float32, DIMENSION, elements=FLOATS),
    arrays.arrays(np.float32, st.tuples(st.integers(0, 5), st.just(DIMENSION)), elements=FLOATS),
)
def test_vectors_are_the_same_whether_computed_or_found(
    whole: np.ndarray[tuple[int], np.dtype[np.float32]],
    parts: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> None:
    given_vectors = PassageVectors(whole, parts)
    with TemporaryDirectory() as folder:
        with closing(opened(Path(folder))) as cache:
            computed = cache.put({KEY: given_vectors}, "1")[KEY]
        with closing(opened(Path(folder))) as cache:
            found = cache.get([KEY, OTHER], "1")
    assert set(found) == {KEY}
    assert same(found[KEY], computed)
    assert computed.whole.dtype == computed.parts.dtype == np.float32
    assert computed.parts.shape == parts.shape
    np.testing.assert_allclose(computed.whole, whole, atol=5e-4)
    np.testing.assert_allclose(computed.parts, parts, atol=5e-4)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_keys_are_equal_only_where_text_and_borders_are(one: str, other: str) -> None:
    borders = [Span(0, 1), Span(1, 2)]
    assert (key_of(one, borders) == key_of(other, borders)) == (one == other)
    assert key_of(one, borders) != key_of(one, [Span(0, 2)])
    assert key_of(one, []) != key_of(one, borders)


def test_what_is_put_again_replaces_what_was(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as cache:
        cache.put({KEY: vectors(1)}, "1")
        newer = cache.put({KEY: vectors(2)}, "2")
        assert same(cache.get([KEY], "2")[KEY], newer[KEY])


def test_models_do_not_see_each_others_vectors(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as cache, closing(opened(tmp_path, "another")) as another:
        cache.put({KEY: vectors(1)}, "1")
        assert another.get([KEY], "1") == {}


def test_only_what_a_kept_version_used_is_remembered(tmp_path: Path) -> None:
    third = key_of("third", [])
    with closing(opened(tmp_path)) as cache:
        cache.put({KEY: vectors(1), OTHER: vectors(2)}, "1")
        cache.put({third: vectors(3)}, "2")
        cache.get([KEY], "2")  # marks it
        cache.forget(["2", "3"])
        assert set(cache.get([KEY, OTHER, third], "3")) == {KEY, third}
        cache.forget([])
        assert cache.get([KEY, OTHER, third], "3") == {}


def file_of(folder: Path) -> Path:
    (path,) = folder.glob("*.db")
    return path


@pytest.mark.parametrize("fault", ["no database at all" * 10, "SQLite format 3\x00" + "x" * 5000])
def test_a_damaged_file_is_replaced(
    tmp_path: Path, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(opened(tmp_path)) as cache:
        cache.put({KEY: vectors(1)}, "1")
    file_of(tmp_path).write_text(fault)
    with closing(opened(tmp_path)) as cache:
        assert cache.get([KEY], "1") == {}
        cache.put({KEY: vectors(1)}, "1")
    assert "computed again" in caplog.text
    with closing(opened(tmp_path)) as cache:
        assert set(cache.get([KEY], "1")) == {KEY}


def test_damage_met_on_the_way_costs_vectors_and_nothing_else(tmp_path: Path) -> None:
    many = {key_of(f"text {number}", []): vectors(number, 40) for number in range(200)}
    with closing(opened(tmp_path)) as cache:
        cache.put(many, "1")
    path = file_of(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\x77" * (len(content) - 8192))
    with closing(opened(tmp_path)) as cache:
        assert len(cache.get(many, "2")) < len(many)
        put = cache.put(many, "2")
        found = cache.get(many, "2")
        assert all(same(found[key], put[key]) for key in many)


@pytest.mark.parametrize(
    "damage",
    ["zeroblob(length(value))", "substr(value, 1, 5)", "x''", "cast(value || x'00' as blob)"],
)
def test_a_damaged_vector_is_not_found(tmp_path: Path, damage: str) -> None:
    with closing(opened(tmp_path)) as cache:
        cache.put({KEY: vectors(1), OTHER: vectors(2)}, "1")
    with closing(sqlite3.connect(file_of(tmp_path))) as database, database:
        database.execute(f"update vectors set value = {damage} where key = ?", (KEY,))
    with closing(opened(tmp_path)) as cache:
        assert set(cache.get([KEY, OTHER], "1")) == {OTHER}


def test_a_vector_under_the_key_of_another_is_not_found(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as cache:
        cache.put({KEY: vectors(1)}, "1")
    with closing(sqlite3.connect(file_of(tmp_path))) as database, database:
        database.execute("update vectors set key = ?", (OTHER,))
    with closing(opened(tmp_path)) as cache:
        assert cache.get([OTHER], "1") == {}


def test_a_file_that_cannot_be_written_is_an_error_and_is_kept(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as cache:
        cache.put({KEY: vectors(1)}, "1")
    path = file_of(tmp_path)
    other = sqlite3.connect(path, isolation_level=None)
    with closing(other), closing(opened(tmp_path)) as cache:
        cache._database.execute("pragma busy_timeout = 1")
        other.execute("begin immediate")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            cache.put({OTHER: vectors(2)}, "1")
        other.execute("rollback")
        assert set(cache.get([KEY], "1")) == {KEY}
