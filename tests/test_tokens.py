"""What is kept of a sentence's words tells names, numbers and what kinds of question ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.terms import terms
from index.tokens import NAME, NUMBER, Trait, bare, identify, mark, traits
from tests import strategies

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXT = st.one_of(strategies.SENTENCES, st.text(max_size=60))


def marked(sentence: str, sign: np.uint32) -> list[str]:
    """The terms of ``sentence`` that carry ``sign``."""
    found = zip(terms(sentence), mark(sentence), strict=True)
    return [term for term, token in found if token & sign]


@settings(deadline=None)
@given(TEXT)
def test_tokens_are_the_terms_in_order_without_their_marks(sentence: str) -> None:
    found = mark(sentence)
    assert found.dtype == np.uint32
    assert bare(found).tolist() == identify(terms(sentence)).tolist()


@settings(deadline=None)
@given(st.lists(st.text(max_size=5), max_size=5))
def test_identifiers_carry_no_marks_and_are_the_same_for_the_same_term(words: list[str]) -> None:
    found = identify(words)
    assert found.shape == (len(words),)
    assert bare(found).tolist() == found.tolist()
    assert [identify([word])[0] for word in words] == found.tolist()


def test_terms_are_told_apart() -> None:
    words = [f"word{number}" for number in range(3000)]
    assert len(set(identify(words).tolist())) == len(words)


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The film Marty Supreme opened in Alsace.", ["marti", "suprem", "alsac"]),
        ("Marty spoke.", []),  # any sentence begins with a capital
        ("NASA flew.", ["nasa"]),  # but not with two
        ("it rained on iPhones", []),
        ("", []),
    ],
)
def test_capitals_within_a_sentence_mark_names(sentence: str, names: list[str]) -> None:
    assert marked(sentence, NAME) == names


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("In 1999 it cost 1,500 dollars.", ["1999", "1500"]),
        ("The F16 flew twice.", ["f16"]),
        ("Nothing here.", []),
    ],
)
def test_digits_mark_numbers(sentence: str, numbers: list[str]) -> None:
    assert marked(sentence, NUMBER) == numbers


def test_a_token_may_be_name_and_number() -> None:
    token: NDArray[np.uint32] = mark("the F16")[1:]
    assert (token & NAME).any()
    assert (token & NUMBER).any()


CASES: list[tuple[Trait, list[str], list[str]]] = [
    (Trait.NUMBER, ["It cost 7.", "Two men came.", "half of it", "TWICE"], ["Someone came.", ""]),
    (
        Trait.DATE,
        ["In 1999 it rained.", "On Monday", "In May", "two years ago", "the 1980s", "2024"],
        ["may it rain", "It cost 12999.", "room 300"],
    ),
    (
        Trait.AMOUNT,
        ["$5 each", "5 percent", "70 million dollars cost £ 3", "the wage rose", "low salaries"],
        ["5 people", "dollars"],
    ),
    (Trait.PLACE, ["in Alsace", "from the North", "near Paris"], ["in the house", "Alsace"]),
    (
        Trait.REASON,
        ["because it rained", "Due to rain", "to avoid harm", "It caused harm."],
        ["it rained", "a cautious man"],
    ),
    (
        Trait.QUOTATION,
        ["“Yes”", 'She said "no"', "he said ‘never’.", "„So“", "‘Go’ she said"],
        ["It's the director's film.", "the actors’ union"],
    ),
    (Trait.SPEECH, ["she said so", "He told us", "according to her"], ["she sang", "unsaid"]),
    (
        Trait.DEPENDENT,
        [
            "She spoke.",
            "“It’s late.”",
            "It's late.",
            "But they left.",
            "However, the two met.",
            "For example, this.",
            "she said so",  # the rest of a sentence that was too long
        ],
        ["Storks nest.", "Italy won.", "Then storks came.", "IT staff left.", "“Thistles grow.”"],
    ),
]


@pytest.mark.parametrize(
    ("trait", "sentence", "held"),
    [
        (trait, sentence, held)
        for trait, having, lacking in CASES
        for held, sentences in ((True, having), (False, lacking))
        for sentence in sentences
    ],
)
def test_traits_tell_what_a_sentence_holds(trait: Trait, sentence: str, held: bool) -> None:
    assert (trait in traits(sentence)) == held


@settings(deadline=None)
@given(TEXT)
def test_any_text_has_traits(sentence: str) -> None:
    assert isinstance(traits(sentence), Trait)
