"""A word weighs by how rare it is: in the corpus, and in English where the corpus is small."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.rarity import weigh


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=10))
def test_the_rarer_a_word_is_in_the_corpus_the_more_it_weighs(frequencies: list[int]) -> None:
    made_up = ["zzyx"] * len(frequencies)
    weights = weigh(made_up, np.array(frequencies, np.int64), 1000)
    assert (weights > 0).all()
    order = np.argsort(frequencies)
    assert (np.diff(weights[order]) <= 0).all()


def test_in_a_small_corpus_a_common_word_of_english_weighs_less() -> None:
    common, rare = weigh(["time", "zzyx"], np.array([1, 1]), 3)
    assert rare > 1.2 * common


def test_in_a_large_corpus_general_english_hardly_matters() -> None:
    common, rare = weigh(["time", "zzyx"], np.array([1000, 1000]), 100_000)
    assert rare == pytest.approx(common, rel=0.01)


def test_no_terms_weigh_nothing() -> None:
    assert weigh([], np.empty(0, np.int64), 0).shape == (0,)
