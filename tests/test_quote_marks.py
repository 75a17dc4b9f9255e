"""Quotation marks: which open, which close, and which are no marks at all."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.quotes import extract
from corpus.quotes.marks import Quoted, paragraphs_of, quoted
from corpus.span import Span

_MARKED_TEXT = st.text(alphabet="ab .,?!'\"“”‘’«»‹›„‟‚\n09[s-*", max_size=60)


def _found(text: str) -> list[Quoted]:
    return [item for items in quoted(text, paragraphs_of(text)) for item in items]


def _words(text: str) -> list[str]:
    return [item.span.of(text) for item in _found(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("“One” and ‘two’.", ["One", "two"], id="curly"),
        pytest.param("\"One\" and 'two'.", ["One", "two"], id="straight"),
        pytest.param("„One“ and „two” and ‚three‘", ["One", "two", "three"], id="low-high"),
        pytest.param("‟One” and ”two”", ["One", "two"], id="raised and closing on both sides"),
        pytest.param("«One» and « two » and ‹three›", ["One", "two", "three"], id="guillemets"),
        pytest.param("»One« and »two«", ["One", "two"], id="guillemets turned round"),
        pytest.param("“One\" and ‘two'.", ["One", "two"], id="curly opened, straight closed"),
        pytest.param("“One“ and so on", ["One"], id="opening mark that closes"),
        pytest.param("*“One”* and (“two”) —“three”—", ["One", "two", "three"], id="beside signs"),
        pytest.param('He said," one two". Yes.', ["one two"], id="space on the wrong side"),
        pytest.param("‘One’s dogs’ dinner,’ he said.", ["One’s dogs’ dinner,"], id="possessives"),
        pytest.param(
            "'The boss's cars' tyres,' he said.", ["The boss's cars' tyres,"], id="straight"
        ),
        pytest.param(
            "‘No rules’ he said, ‘no fines.’", ["No rules", "no fines."], id="s before the end"
        ),
        pytest.param("‘Just goin’ home,’ he said.", ["Just goin’ home,"], id="dropped g"),
        pytest.param("‘’Twas the ’90s,’ he said.", ["’Twas the ’90s,"], id="elisions inside"),
        pytest.param("'Cause I say so,' he said.", ["Cause I say so,"], id="elision that opens"),
        pytest.param('"It\'s 6\'2"," he said.', ["It's 6'2\","], id="inches inside"),
        pytest.param("“It's 6’2” tall,” he said.", ["It's 6’2” tall,"], id="curly inches"),
        pytest.param("“A … “b” … c” d", ["A … “b” … c"], id="the same mark inside"),
    ],
)
def test_marks_of_every_style_open_and_close(text: str, words: list[str]) -> None:
    assert _words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Rock 'n' roll in the '90s was the players' game.",
        "The dogs' home's shut, isn't it? O'Neill's team lost at St James' Park.",
        'A 12" record, a 7" single and a 6\'2" man.',
        "The “plan was dropped on Monday.\n\nNobody cared.",
        "It closed” there and then.",
        'An empty pair: “” and "".',
        "Five o’clock, the ‘90s, and ’em.",
    ],
)
def test_apostrophes_inches_and_stray_marks_are_no_quotations(text: str) -> None:
    assert _words(text) == []


def test_nested_stretches_are_children_of_the_outer_one() -> None:
    text = "“He said, ‘I heard “no” twice,’ and left,” she said."
    (outer,) = _found(text)
    (inner,) = outer.children
    assert inner.span.of(text) == "I heard “no” twice,"
    assert [child.span.of(text) for child in inner.children] == ["no"]


def test_a_second_opening_mark_means_that_the_first_was_never_closed() -> None:
    assert _words("“We waited, she said. “Nobody came,” he said.") == ["Nobody came,"]


def test_an_unclosed_single_mark_inside_does_not_hide_what_follows_it() -> None:
    text = "‘A stray one. He said “fine by me” and left.\n\nNext."
    assert _words(text) == ["fine by me"]


def test_a_paragraph_goes_on_where_the_next_one_opens_again() -> None:
    text = "“First part.\n\n“Second part,” he said."
    first, second = _found(text)
    assert (first.continues, first.closed, second.closed) == (True, False, True)


def test_a_stretch_may_close_in_the_next_paragraph() -> None:
    text = 'He said, "It felt good.\n\nWe won," and left. "Yes."'
    assert _words(text) == ["It felt good.\n\nWe won,", "Yes."]


def test_a_text_that_ends_inside_a_quotation_keeps_it_and_says_so() -> None:
    text = "He left. “In my experience there is a lot"
    (only,) = _found(text)
    assert only.truncated
    assert only.span.of(text) == "In my experience there is a lot"


def test_a_forgotten_closing_mark_does_not_take_the_narration_with_it() -> None:
    assert _words("“It is over, Max Roth said.\n\nLater he left.") == []
    assert _words("“It is over, Max Roth said.") == []


def test_a_forgotten_closing_mark_at_the_end_of_a_paragraph_is_made_up_for() -> None:
    text = "She said: “We went home.\n\nLater it rained."
    assert _words(text) == ["We went home."]


@given(_MARKED_TEXT)
def test_stretches_stand_in_order_inside_their_marks_and_never_overlap(text: str) -> None:
    def check(items: tuple[Quoted, ...] | list[Quoted], within: Span) -> None:
        for one, other in pairwise(items):
            assert one.outer.end <= other.outer.start
        for item in items:
            assert within.contains(item.outer)
            assert item.outer.contains(item.span)
            assert item.span.of(text) == item.span.of(text).strip() != ""
            check(item.children, item.span)

    check(_found(text), Span.whole(text))


@given(_MARKED_TEXT)
def test_paragraphs_hold_all_characters_but_white_space(text: str) -> None:
    spans = paragraphs_of(text)
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        '"a b c d" said x. ',
        ' " word " word',
        '"""',
        "“a „b ‘c «d ",
        "‘he boys' don't 'tis ",
        "“I went there today and came,” Smith said. ",
        "“I went there today and came,” Smith said.\n\n",
        "“I went there today and came, she said.\n\n",
    ],
)
def test_four_times_the_marks_take_about_four_times_the_work(text: str) -> None:
    def calls(marks: int) -> int:
        given = text * (marks // sum(char in "\"'“”„‘’«»" for char in text))
        count = 0

        def counted(_frame: object, event: str, _argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(counted)
        try:
            extract(given)
        finally:
            sys.setprofile(None)
        return count

    assert calls(4000) < 6 * calls(1000)
