"""The words of a quotation as they are compared."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.span import Span
from corpus.wording import keys_of, wording

_TEXT = st.text(alphabet="ab éÉ.,'’“”[]…-–$5%70\n漢", max_size=40)


def keys(text: str) -> list[str]:
    return list(keys_of(wording(text)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We will NOT go", "we will not go!"),
        ("“It’s over,”", "it's over"),
        ("well-known", "well known"),
        ("the café", "the cafe"),
        ("I don't", "I dont"),
        ("1,500 people", "1500 people"),
        ("so … it goes", "so it goes"),
        ("[the] film", "the film"),
        ("ｆｕｌｌ", "full"),
    ],
)
def test_what_changes_no_word(one: str, other: str) -> None:
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7", "7.5"),
        ("$5m", "£5m"),
        ("$5m", "5m"),
        ("5%", "5"),
        ("seven", "eight"),
        ("were", "we're"),
        ("ill", "I'll"),
        ("can", "can't"),
    ],
)
def test_what_changes_a_word(one: str, other: str) -> None:
    assert keys(one) != keys(other)


def test_a_script_without_spaces_has_a_word_a_character() -> None:
    assert keys("彼は行く") == ["彼", "は", "行", "く"]


def test_emoji_and_marks_are_no_words() -> None:
    assert keys("😀 … “” — !") == []


def test_an_ellipsis_stands_between_the_words_around_it() -> None:
    assert [word.gap for word in wording("one … two . . . three [...] four. Five")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_editors_words_stand_in_brackets() -> None:
    assert [word.bracketed for word in wording("it [the new film] was")] == [
        False, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["not", "never", "don't", "dont", "nobody", "without"])
def test_negations(word: str) -> None:
    (found,) = wording(word)
    assert found.is_negation
    assert not found.is_number


@pytest.mark.parametrize(
    ("word", "amount"), [("19", "19"), ("nineteen", "19"), ("seventy", "70"), ("7.5", "7.5")]
)
def test_numbers_in_figures_and_letters(word: str, amount: str) -> None:
    (found,) = wording(word)
    assert found.is_number
    assert found.amount == amount


def test_one_and_first_are_numbers_of_no_amount() -> None:
    assert [word.amount for word in wording("one first word")] == [None, None, None]


@given(_TEXT)
def test_spans_stand_in_the_text_in_order(text: str) -> None:
    found = wording(text)
    assert all(0 <= word.span.start < word.span.end <= len(text) for word in found)
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))


@given(_TEXT, st.integers(0, 10))
def test_a_part_has_the_words_of_its_own_text(text: str, start: int) -> None:
    part = Span(min(start, len(text)), len(text))
    assert keys_of(wording(text, part)) == keys_of(wording(part.of(text)))
