"""What somebody means who gives words that may be a quotation."""

from __future__ import annotations

import pytest

from index.asked import read_asked

_WORDS = "We will not close seven libraries"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (_WORDS, ""),
        (f"“{_WORDS}”", ""),
        (f'"{_WORDS}," said Lena Ortiz.', "Lena Ortiz"),
        (f'"{_WORDS}," Ortiz told the Herald', "Ortiz"),
        (f'Lena Ortiz: "{_WORDS}"', "Lena Ortiz"),
        (f'"{_WORDS}" - Lena Ortiz', "Lena Ortiz"),
        (f'"{_WORDS}" — Lena Ortiz, mayor of Alder', "Lena Ortiz"),
        (f'"{_WORDS}" (Lena Ortiz)', "Lena Ortiz"),
        (f"Look: “{_WORDS}” – Lena Ortiz", "Lena Ortiz"),
        (f"Look: “{_WORDS}”", ""),
        (f"Wow: {_WORDS}", ""),
        (f"Note: {_WORDS} – Lena Ortiz", "Lena Ortiz"),
        (f'Lena Ortiz said, "{_WORDS}."', "Lena Ortiz"),
        (f"According to Lena Ortiz, “{_WORDS}”.", "Lena Ortiz"),
        (f"“{_WORDS},” the mayor said", "the mayor"),
        (f"“{_WORDS},” she said", ""),
        (f"Ortiz: {_WORDS}", "Ortiz"),
        (f"{_WORDS} — Lena Ortiz", "Lena Ortiz"),
        (f"{_WORDS}, said Lena Ortiz", "Lena Ortiz"),
        (f"Ortiz said that {_WORDS}", "Ortiz"),
        (f"« {_WORDS} », said Zoë Núñez", "Zoë Núñez"),
    ],
)
def test_the_words_and_the_name(given: str, named: str) -> None:
    asked = read_asked(given)
    assert asked.text.strip(" ,.") == _WORDS
    assert asked.named == named
    assert asked.unjudged == ()


def test_a_reporting_clause_in_the_middle_is_no_part_of_the_words() -> None:
    asked = read_asked("“We will not close,” said Ortiz, “seven libraries this year.”")
    assert asked.text == "We will not close, seven libraries this year."
    assert asked.named == "Ortiz"


def test_of_two_quotations_the_longer_is_judged_and_the_other_told() -> None:
    asked = read_asked(f"“{_WORDS} this year,” said Ortiz. “Oh no, not that again,” said Doe.")
    assert asked.text == f"{_WORDS} this year,"
    assert asked.named == "Ortiz"
    assert asked.unjudged == ("Oh no, not that again,",)


def test_a_scare_quote_does_not_hide_the_words_around_it() -> None:
    asked = read_asked('It was a "nightmare" for the crew and for me')
    assert asked.text == 'It was a "nightmare" for the crew and for me'


def test_a_dash_in_the_words_names_nobody() -> None:
    assert read_asked("We will go - and we will not come back").named == ""
