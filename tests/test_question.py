"""A question's form: the words that carry its subject, and the kind of answer it wants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.question import Asks, QuestionForm, words
from index.terms import terms
from index.tokens import identify


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who directed Marty Supreme?", Asks.WHO),
        ("Whose film is it?", Asks.WHO),
        ("Which actress played her?", Asks.WHO),
        ("What was the name of the dog?", Asks.WHO),
        ("When did it open?", Asks.WHEN),
        ("In what year was it made?", Asks.WHEN),
        ("Where do storks nest?", Asks.WHERE),
        ("Which country won?", Asks.WHERE),
        ("How many storks are there?", Asks.HOW_MANY),
        ("How long is it?", Asks.HOW_MANY),
        ("How much did it cost?", Asks.HOW_MUCH),
        ("What did the film cost?", Asks.HOW_MUCH),
        ("What wages do they earn?", Asks.HOW_MUCH),
        ("Why did she leave?", Asks.WHY),
        ("What was the reason?", Asks.WHY),
        ("How is it done?", Asks.HOW),
        ("What did she say about directors?", Asks.SAID),
        ("Give me quotes on storks.", Asks.SAID),
        ("Did it rain?", Asks.WHETHER),
        ("Well, is it true?", Asks.WHETHER),
        ("What is an intimacy coordinator?", Asks.WHAT),
        ("WHO CAME?", Asks.WHO),
        ("storks", Asks.WHAT),
        ("", Asks.WHAT),
        ("Wherever whoever whenever", Asks.WHAT),
    ],
)
def test_the_form_of_a_question_tells_the_kind_of_answer(question: str, asks: Asks) -> None:
    assert QuestionForm.of(question).asks is asks


@pytest.mark.parametrize(
    ("question", "carrying"),
    [
        ("What does an intimacy coordinator do?", ("intimaci", "coordin")),
        ("What did she say about directors and directors?", ("director",)),
        ("Who is it?", ("who", "is", "it")),  # where no word carries meaning, all are looked for
        ("Who, who are you? ", ("who", "are", "you")),
        ("?! 😀", ()),
        ("", ()),
    ],
)
def test_the_words_that_carry_meaning_are_kept_once_in_order(
    question: str, carrying: tuple[str, ...]
) -> None:
    assert QuestionForm.of(question).terms == carrying


def test_names_and_numbers_are_marked() -> None:
    form = QuestionForm.of("Did NASA pay Marty 500 dollars in 1999?")
    named = {term for term, is_name in zip(form.terms, form.names, strict=True) if is_name}
    numbered = {term for term, has_digit in zip(form.terms, form.numbers, strict=True) if has_digit}
    assert named == {"nasa", "marti"}
    assert numbered == {"500", "1999"}


def test_a_question_that_begins_with_a_word_like_any_names_nobody() -> None:
    assert not QuestionForm.of("Storks nest where?").names.any()
    assert QuestionForm.of("NASA flew where?").names[0]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_a_form(text: str) -> None:
    form = QuestionForm.of(text)
    assert form.text == text
    assert len(set(form.terms)) == len(form.terms)
    assert set(form.terms) <= set(terms(text))
    assert bool(form.terms) == bool(terms(text))
    assert form.ids.tolist() == identify(form.terms).tolist()
    assert form.names.shape == form.numbers.shape == form.ids.shape == (len(form.terms),)
    assert form.names.dtype == form.numbers.dtype == np.bool_


def test_listed_words_are_told_apart_by_white_space() -> None:
    assert words(" a b\n  c a ") == {"a", "b", "c"}
