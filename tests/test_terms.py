"""Terms: one analyzer, deaf to typography, deterministic, with spans that hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import fold, folded
from index import terms as module
from index.terms import content_terms, term_spans, terms

TEXTS = st.text(
    st.one_of(
        st.sampled_from("abs'’.,-&1230 \n"),
        st.characters(codec="utf-8"),
        st.sampled_from("東京タワ का ภาษ éÉ́"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The DIRECTORS directed; directing!", ["the", "director", "direct", "direct"]),
        ("Barry's film, the directors’ cut", ["barri", "film", "the", "director", "cut"]),
        ("O’Neill and D'Angelo", ["oneil", "and", "angelo"]),
        ("l’amour, qu'elle", ["amour", "ell"]),
        ("T'ang rock'n'age", ["tang", "rocknag"]),
        ("it's, we'll, don't", ["it", "we", "dont"]),
        ("1,500 or 2.5 of 1,234,567.89", ["1500", "or", "2.5", "of", "1234567.89"]),
        ("in 2020,3 ended 1,2,3", ["in", "2020", "3", "end", "1", "2", "3"]),
        ("$1.5m 1,500th 1990s 4K H2O", ["1.5m", "1500th", "1990s", "4k", "h2o"]),
        ("U.S. and US, the U.S.'s N.A.S.A.", ["us", "and", "us", "the", "us", "nasa"]),
        ("ended.The next", ["end", "the", "next"]),
        ("R&D at AT&T, cats&dogs", ["r&d", "at", "at&t", "cat", "dog"]),
        ("well-known 20-year-old", ["well", "known", "20", "year", "old"]),
        ("café ﬁne Ⅳ", ["cafe", "fine", "iv"]),
        ("snake_case", ["snake", "case"]),
        ("Привет, ёлка", ["привет", "елка"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー"]),
        ("京 x", ["京", "x"]),
        ("समाचार में", ["समाचार", "में"]),
        ("😀 — … \x00", []),
        ("", []),
    ],
)
def test_words_are_compared_as_a_reader_would(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@given(TEXTS)
def test_terms_of_folded_text_are_the_terms_of_the_text(text: str) -> None:
    assert terms(fold(text).text) == terms(text)


@given(TEXTS)
def test_folded_is_the_text_of_fold(text: str) -> None:
    assert folded(text) == fold(text).text


@given(TEXTS)
def test_each_term_comes_from_the_characters_of_its_span(text: str) -> None:
    placed = term_spans(text)
    assert [term for term, _ in placed] == terms(text)
    assert all(span.start < span.end <= len(text) for _, span in placed)
    assert [span.start for _, span in placed] == sorted(span.start for _, span in placed)


def test_a_span_covers_the_word_as_it_was_written() -> None:
    text = "The U.S. paid O’Neill’s 1,500 in 東京都"
    assert [span.of(text) for _, span in term_spans(text)] == [
        "The", "U.S", "paid", "O’Neill’s", "1,500", "in", "東京", "京都",
    ]  # fmt: skip


def test_a_word_of_any_length_gives_one_short_term() -> None:
    assert terms("x" * 1_000_000) == ["x" * 64]


def test_the_store_of_known_words_does_not_grow_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = module._Terms()
    monkeypatch.setattr(known, "_MOST", 10)
    assert [known[f"word{number}"] for number in range(100)] == [
        (f"word{number}",) for number in range(100)
    ]
    assert len(known) <= 10


def test_content_terms_are_distinct_and_leave_out_function_words() -> None:
    asked = terms("What did the director of the director's film say about it?")
    assert content_terms(asked) == ["director", "film", "say"]


def test_a_question_of_function_words_alone_keeps_them() -> None:
    assert content_terms(terms("Who is she? Who?")) == ["who", "is", "she"]


def test_the_united_states_are_no_pronoun() -> None:
    assert "us" in content_terms(terms("What did the U.S. do?"))
