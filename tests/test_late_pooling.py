"""A part's vector is the mean of its own tokens, as long as it has any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.span import Span
from index.late_pooling import pool

if TYPE_CHECKING:
    from numpy.typing import NDArray

# "[CLS] ab c def [SEP]" over the text "ab c def".
OFFSETS = [(0, 0), (0, 2), (3, 4), (5, 8), (0, 0)]
TOKENS = np.array([[9, 9], [3, 4], [0, 5], [1, 0], [9, 9]], np.float32)
WHOLE = np.array([0.6, 0.8], np.float32)


def unit(*values: float) -> NDArray[np.float64]:
    return np.asarray(np.array(values) / np.linalg.norm(values))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Span(0, 2), unit(3, 4)),
        (Span(0, 4), unit(3, 9)),
        (Span(3, 8), unit(1, 5)),
        (Span(0, 8), unit(4, 9)),
        (Span(1, 4), unit(0, 1)),  # a token that begins before the part is not its own
        (Span(3, 6), unit(0, 1)),  # nor is one that ends after it
        (Span(6, 7), WHOLE),  # no token lies inside
        (Span(8, 20), WHOLE),  # cut off before it
        (Span(0, 0), WHOLE),  # special tokens belong to no part
    ],
)
def test_a_part_is_the_mean_of_the_tokens_inside_it(
    part: Span, expected: NDArray[np.float64]
) -> None:
    (pooled,) = pool(TOKENS, OFFSETS, [part], WHOLE)
    np.testing.assert_allclose(pooled, expected, rtol=1e-6)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4)), max_size=6))
def test_there_is_one_unit_vector_a_part(drawn: list[tuple[int, int]]) -> None:
    pooled = pool(TOKENS, OFFSETS, [Span(at, at + size) for at, size in drawn], WHOLE)
    assert pooled.shape == (len(drawn), 2)
    assert pooled.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(pooled, axis=1), 1, rtol=1e-6)


def test_a_text_without_tokens_is_its_whole() -> None:
    pooled = pool(np.empty((0, 2), np.float32), [], [Span(0, 1)], WHOLE)
    np.testing.assert_allclose(pooled, [WHOLE], rtol=1e-6)


def test_tokens_that_cancel_out_give_no_nonsense() -> None:
    tokens = np.array([[1, 0], [-1, 0]], np.float32)
    assert pool(tokens, [(0, 1), (1, 2)], [Span(0, 2)], WHOLE).tolist() == [[0, 0]]
