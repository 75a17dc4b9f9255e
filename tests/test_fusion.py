"""Two rankings are made one by scores alone, whatever order they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fusion import fuse, scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCORES = st.one_of(st.just(-np.inf), st.floats(-100, 100, width=32))
PAIRS = st.lists(st.tuples(SCORES, SCORES), max_size=30)
SHARE = st.floats(0, 1)


def fused_of(pairs: list[tuple[float, float]], share: float) -> NDArray[np.float32]:
    scores = np.array(pairs, np.float32).reshape(-1, 2)
    return fuse(scores[:, 0], scores[:, 1], share)


@settings(deadline=None)
@given(PAIRS, SHARE, st.randoms(use_true_random=False))
def test_fusion_does_not_depend_on_the_order_of_its_input(
    pairs: list[tuple[float, float]], share: float, random: object
) -> None:
    order = list(range(len(pairs)))
    random.shuffle(order)  # type: ignore[attr-defined]
    fused = fused_of(pairs, share)
    assert fused_of([pairs[at] for at in order], share).tolist() == fused[order].tolist()


@settings(deadline=None)
@given(PAIRS, SHARE)
def test_fused_scores_lie_between_zero_and_one(
    pairs: list[tuple[float, float]], share: float
) -> None:
    fused = fused_of(pairs, share)
    assert fused.shape == (len(pairs),)
    assert fused.dtype == np.float32
    assert ((fused >= 0) & (fused <= 1 + 1e-6)).all()


@settings(deadline=None)
@given(PAIRS, SHARE)
def test_what_is_better_on_both_legs_is_never_worse(
    pairs: list[tuple[float, float]], share: float
) -> None:
    fused = fused_of(pairs, share)
    for (dense, lexical), score in zip(pairs, fused, strict=True):
        for (other_dense, other_lexical), other in zip(pairs, fused, strict=True):
            if dense >= other_dense and lexical >= other_lexical:
                assert score >= other - 1e-6


def numbers(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32)


@pytest.mark.parametrize(
    ("scores", "scaled"),
    [((), ()), ((7,), (1,)), ((3, 3, 3), (1, 1, 1)), ((2, 4, 3), (0, 1, 0.5)), ((-1, 1), (0, 1))],
)
def test_scores_are_scaled_to_the_unit_interval(
    scores: tuple[float, ...], scaled: tuple[float, ...]
) -> None:
    assert scale(numbers(*scores)).tolist() == list(scaled)


def test_what_a_leg_did_not_find_counts_as_its_worst() -> None:
    fused = fuse(numbers(0.2, 0.6, -np.inf), numbers(-np.inf, 5, 9), 0.5)
    assert fused.tolist() == [0, 0.5, 0.5]


def test_where_one_leg_found_nothing_the_other_decides() -> None:
    nothing = numbers(-np.inf, -np.inf)
    assert fuse(numbers(1, 2), nothing, 0.25).tolist() == [0, 0.25]
    assert fuse(nothing, numbers(2, 1), 0.25).tolist() == [0.75, 0]


def test_the_share_weighs_the_legs() -> None:
    dense, lexical = numbers(1, 0), numbers(0, 1)
    assert fuse(dense, lexical, 1).tolist() == [1, 0]
    assert fuse(dense, lexical, 0).tolist() == [0, 1]
    assert fuse(dense, lexical).sum() == pytest.approx(1)
