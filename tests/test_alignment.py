"""Two runs of words side by side at the least cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.alignment import _DROPPED, align

_WORDS = st.lists(st.sampled_from("abcd"), min_size=1, max_size=8)


def _cost(pairs: list[tuple[int | None, int | None]], asked: list[str], source: list[str]) -> float:
    return sum(
        _DROPPED if at is None else float(to is None or asked[at] != source[to]) for at, to in pairs
    )


def _least(asked: list[str], source: list[str]) -> float:
    """The edit distance of ``asked`` and the nearest run of ``source``, cell by cell."""
    row = [0.0] * (len(source) + 1)
    for word in asked:
        before, row = row, [row[0] + 1]
        for at, other in enumerate(source):
            row.append(min(before[at] + (word != other), before[at + 1] + 1, row[at] + _DROPPED))
    return min(row)


@given(_WORDS, _WORDS)
def test_it_costs_the_least_that_is_possible(asked: list[str], source: list[str]) -> None:
    pairs = align(asked, source, [False] * len(asked))
    assert _cost(pairs, asked, source) == pytest.approx(_least(asked, source))


@given(_WORDS, _WORDS, st.data())
def test_every_word_asked_stands_once_and_all_in_order(
    asked: list[str], source: list[str], data: st.DataObject
) -> None:
    gaps = data.draw(st.lists(st.booleans(), min_size=len(asked), max_size=len(asked)))
    pairs = align(asked, source, gaps)
    assert [at for at, _ in pairs if at is not None] == list(range(len(asked)))
    places = [to for _, to in pairs if to is not None]
    assert places == list(range(places[0], places[-1] + 1)) if places else True


def test_words_dropped_at_a_gap_cost_nothing() -> None:
    source = ["a", "x", "x", "x", "x", "x", "x", "b"]
    assert align(["a", "b"], source, [True, False])[0] == (0, 0)
    assert align(["a", "b"], source, [True, False])[-1] == (1, 7)
    assert len(align(["a", "b"], source, [False, False])) == 2


def test_of_ways_that_cost_as_much_the_one_that_keeps_more_words_is_taken() -> None:
    pairs = align(["a", "b", "d"], ["a", "b", "c", "d"], [False] * 3)
    assert pairs == [(0, 0), (1, 1), (None, 2), (2, 3)]


def test_a_long_stretch_left_out_costs_less_than_changing_what_stands_before() -> None:
    source = [
        "i",
        "was",
        "19",
        "and",
        "i",
        "did",
        "not",
        "want",
        "to",
        "upset",
        "anybody",
        "and",
        "i",
        "wanted",
        "a",
        "job",
    ]
    pairs = align(["i", "was", "19", "and", "i", "wanted", "a", "job"], source, [False] * 8)
    assert [at for at, to in pairs if to is not None and at is not None] == list(range(8))
    assert pairs[0] == (0, 0)
