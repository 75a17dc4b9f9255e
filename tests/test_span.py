"""Spans count characters, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.span import Span

SPANS = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda ends: Span(*sorted(ends)))


@given(st.text(max_size=60), st.data())
def test_a_span_cuts_what_a_slice_cuts(text: str, data: st.DataObject) -> None:
    ends = data.draw(st.tuples(*[st.integers(0, len(text))] * 2))
    span = Span(*sorted(ends))
    assert span.of(text) == text[span.start : span.end]
    assert len(span) == len(span.of(text))
    assert span.shifted(3).of("abc" + text) == span.of(text)


@given(SPANS, SPANS)
def test_overlapping_and_containing_agree_with_sets_of_offsets(one: Span, other: Span) -> None:
    mine, theirs = set(range(one.start, one.end)), set(range(other.start, other.end))
    assert one.overlaps(other) == bool(mine & theirs) == other.overlaps(one)
    assert one.shared(other) == len(mine & theirs)
    if len(other):
        assert one.contains(other) == (theirs <= mine)


@given(st.lists(SPANS, min_size=1))
def test_covering_is_the_smallest_span_that_contains_all(spans: list[Span]) -> None:
    cover = Span.covering(spans)
    assert all(cover.contains(span) for span in spans)
    assert cover.start in {span.start for span in spans}
    assert cover.end in {span.end for span in spans}


@given(st.text(alphabet="ab \n\t", max_size=30))
def test_stripping_leaves_what_strip_leaves(text: str) -> None:
    assert Span.whole(text).stripped(text).of(text) == text.strip()


@pytest.mark.parametrize("ends", [(-1, 2), (3, 2)])
def test_what_is_no_range_is_no_span(ends: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(*ends)


def test_a_span_beyond_the_text_is_an_error_and_not_a_shorter_text() -> None:
    with pytest.raises(IndexError, match="ends at 4"):
        Span(0, 4).of("abc")


def test_an_empty_span_is_true() -> None:
    assert Span(2, 2)
