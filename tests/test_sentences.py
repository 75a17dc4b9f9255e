"""Rules of sentence splitting, on our own news sentences."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import LONGEST_WHOLE, split_sentences
from corpus.span import Span
from tests.sentence_cases import CASES, gold

_signs = list(" “”‘’\"'()….?!漢。é-3\n\u2029🙂")
_words = ["Mr.", "U.S.", "\n\n", "\n- ", "[1]", ". . .", "He", "said", "No.", "a.m.", "I", ". "]
_pieces = st.sampled_from([*_signs, *_words])
_newslike = st.lists(_pieces, max_size=60).map("".join)
_texts = st.one_of(_newslike, st.text(max_size=200))


@pytest.mark.parametrize("case", [case for cases in CASES.values() for case in cases])
def test_news_text_splits_where_a_reader_would_split_it(case: str) -> None:
    text, sentences = gold(case)
    assert tuple(span.of(text) for span in split_sentences(text)) == sentences


@given(_texts)
def test_every_character_but_white_space_is_in_one_sentence(text: str) -> None:
    covered = [at for span in split_sentences(text) for at in range(span.start, span.end)]
    assert len(covered) == len(set(covered))
    assert {at for at, char in enumerate(text) if not char.isspace()} <= set(covered)


@given(_texts)
def test_sentences_are_in_order_disjoint_and_stripped(text: str) -> None:
    spans = split_sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(len(span) and span == span.stripped(text) for span in spans)


@given(_texts, st.data())
def test_splitting_a_part_is_splitting_its_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    alone = split_sentences(text[start:end])
    shifted = tuple(span.shifted(start) for span in alone)
    assert split_sentences(text, Span(start, end)) == shifted


@pytest.mark.parametrize(
    "unit",
    [
        " ",
        " \n",
        ".",
        ". ",
        "! ? ",
        "“",
        "(”",
        ".”",
        "a.",
        "A. ",
        "\n\n",
        "\n",
        "\n-",
        "'a",
        " '",
        "“A. ",
        "[1].",
    ],
)
def test_no_text_takes_more_than_linear_time(unit: str) -> None:
    text = f"A.\nb{unit * 20_000}c. D"
    started = time.process_time()
    split_sentences(text)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("unit", "close"), [("(It was. ", ")"), ("“It was. ‘It was. It is.’ ”", ""), ("‘“A. ", "”’")]
)
def test_nesting_without_end_takes_linear_time_and_does_not_raise(unit: str, close: str) -> None:
    text = f"“{unit * 20_000}{close * 20_000}”"
    started = time.process_time()
    split_sentences(text)
    assert time.process_time() - started < 5


def test_a_quotation_too_long_to_show_whole_is_cut_at_its_sentence_ends() -> None:
    said = "We walked along the river for a whole day and met nobody at all."
    text = f"“{' '.join([said] * 20)}” he said."
    pieces = [span.of(text) for span in split_sentences(text)]
    assert len(pieces) > 1
    assert all(len(piece) <= LONGEST_WHOLE for piece in pieces)
    assert all(piece.endswith("at all.") for piece in pieces[:-1])


def test_a_long_quotation_is_not_cut_inside_one_within_it_where_that_can_be_helped() -> None:
    inner = "‘Come here. Sit down. Eat.’"
    text = f"“{' '.join([f'My mother used to say {inner}'] * 12)}” he said."
    pieces = [span.of(text) for span in split_sentences(text)]
    assert len(pieces) > 1
    assert all(piece.count("‘") == piece.count("’") for piece in pieces)


def test_a_long_quotation_within_a_quotation_is_cut_too() -> None:
    inner = " ".join(["I walked along the river for a whole day."] * 20)
    text = f"“Short. She said, ‘{inner}’ and left,” he said. He sat down."
    pieces = [span.of(text) for span in split_sentences(text)]
    assert max(map(len, pieces)) <= LONGEST_WHOLE
    assert pieces[0] == "“Short."
    assert pieces[-1] == "He sat down."


def test_a_quotation_up_to_the_limit_is_shown_whole() -> None:
    said = "a" * (LONGEST_WHOLE // 2 - 4)
    text = f"“{said}. A{said}.”"
    assert len(text) <= LONGEST_WHOLE
    assert [span.of(text) for span in split_sentences(text)] == [text]


def test_a_sentence_without_an_end_inside_stays_whole_however_long() -> None:
    text = "word " * 500 + "end."
    assert split_sentences(text) == (Span(0, len(text)),)


def test_an_opening_mark_that_is_never_closed_holds_nothing_together() -> None:
    text = "“We had no idea. Nobody told us. It was late."
    assert len(split_sentences(text)) == 3


def test_white_space_alone_holds_no_sentence() -> None:
    assert split_sentences(" \n\n\t ") == ()
    assert split_sentences("") == ()


def test_a_part_reaching_past_the_text_is_refused() -> None:
    with pytest.raises(IndexError):
        split_sentences("Short.", Span(0, 9))
