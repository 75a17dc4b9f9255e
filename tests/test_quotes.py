"""Quotations: what is one, and who said it."""

from __future__ import annotations

import json
import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.quotes import Quote, extract, read
from corpus.span import Span
from tests.quote_cases import Case, load_cases

_SHARED = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[2] / "shared"))
_PIECES = st.sampled_from(
    [
        "“It is over,”", "‘Not yet,’", '"Why?"', "“unclosed", "said", "told", "according to", "she",
        "he", "Ann Doe", "Doe", "Mr. Roe", "the mayor", ",", ".", ":", "\n\n", "—", "Bob Roe",
        "who", "and", "(", ")", "a teacher", "’s", "#", "never", "as", "put it", "'", "39",
    ]
)  # fmt: skip


def _shown(text: str, quote: Quote) -> tuple[str, str | None, str, str]:
    surface = quote.speaker_span.of(text) if quote.speaker_span is not None else ""
    return quote.span.of(text), quote.speaker, surface, quote.cue


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: f"{case.kind}: {case.text[:30]}")
def test_each_own_case_is_read_as_annotated(case: Case) -> None:
    assert tuple(_shown(case.text, quote) for quote in extract(case.text)) == case.quotes


def test_each_hard_case_is_right_in_all_fields() -> None:
    path = _SHARED / "data" / "quotes_hard" / "cases.jsonl"
    if not path.exists():
        pytest.skip("the judged cases are not part of the project; set ONRECORD_SHARED")
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        want = [
            (q["text"], q["speaker"].removeprefix("NP:"), q["speaker_text"], q["cue"])
            for q in case["quotes"]
        ]
        assert [_shown(case["text"], quote) for quote in extract(case["text"])] == want, case["id"]


@given(st.lists(_PIECES, max_size=25).map(" ".join))
def test_any_text_gives_spans_of_that_text_in_reading_order(text: str) -> None:
    quotes = extract(text)
    for one, other in pairwise(quotes):
        assert one.span.end <= other.span.start
    for quote in quotes:
        assert quote.span.of(text).strip()
        assert (quote.speaker is None) == (quote.confidence == 0)
        assert 0 <= quote.confidence <= 1
        assert not (quote.candidates and quote.speaker)
        assert quote.cue in text
        assert all(quote.span.contains(child.span) for child in quote.children)


def test_a_text_without_marks_has_no_quotations() -> None:
    assert extract("") == ()
    assert extract("Nothing was said.\n\nNothing at all.") == ()


def test_parts_of_one_utterance_share_its_number() -> None:
    text = "“If we go,” Ann Doe said, “we win.” Later she left.\n\n“Goodbye,” Bob Roe said."
    places = [(quote.utterance, quote.part) for quote in extract(text)]
    assert places == [(0, 0), (0, 1), (1, 0)]


def test_continued_paragraphs_are_parts_of_one_utterance() -> None:
    text = "“First,” Ann Doe said. “Second.\n\n“Third.\n\n“Fourth.”"
    assert [(q.utterance, q.part) for q in extract(text)] == [(0, 0), (0, 1), (0, 2), (0, 3)]


def test_a_quotation_cut_off_by_the_end_of_the_text_is_kept_and_flagged() -> None:
    whole, cut = extract("“It is over,” Ann Doe said. “In my experience there is a lot")
    assert (whole.truncated, cut.truncated) == (False, True)
    assert (cut.speaker, cut.rule) == ("Ann Doe", "split")


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("“It is over,” Ann Doe told Mashable.", "Mashable"),
        ("“It is over,” Ann Doe told *The New York Times* on Monday.", "The New York Times"),
        ("“It is over,” Ann Doe told reporters at the gate.", "reporters"),
        ("“It is over,” Ann Doe said in an interview with Vanity Fair.", "Vanity Fair"),
        ("“It is over,” Ann Doe said in a statement to The Verge.", "The Verge"),
        ("“It is over,” Ann Doe said to the gathered crowd.", "the gathered crowd"),
        ("“It is over,” Ann Doe wrote on Instagram.", "Instagram"),
        ("“It is over,” said Ann Doe at a news conference.", "a news conference"),
        ("Ann Doe told Sky News: “It is over.”", "Sky News"),
        ("Speaking to the BBC on Tuesday, Ann Doe said: “It is over.”", "the BBC"),
        ("In a statement to Deadline, Ann Doe said it was “over for good”.", "Deadline"),
        ("Writing in the Daily Echo, Ann Doe said: “It is over.”", "the Daily Echo"),
        ("“It is over,” said Ann Doe, speaking on the Today programme.", "the Today programme"),
        ("“It is over,” Ann Doe told the Herald. “For good.”", "the Herald"),
        ("“Is it,” asked the boss, “over for good?”", None),
        ("Speaking on condition of anonymity, a teacher said: “It is over.”", None),
        ("In a statement on Monday, Ann Doe said: “It is over.”", None),
        ("“It is over,” Ann Doe said in English.", None),
        ("“It is over,” Ann Doe said.", None),
        ("“It is over,” Ann Doe said on Tuesday.", None),
        ("“It is over,” Ann Doe said in 2019.", None),
        ("“Is it over?” Ann Doe asked the question twice.", None),
    ],
)
def test_the_addressee_is_what_the_text_states(text: str, addressee: str | None) -> None:
    assert {quote.addressee for quote in extract(text)} == {addressee}


def test_an_unclear_speaker_stays_open_with_candidates() -> None:
    (quote,) = extract("Gwen Harlow and Priya Nair left. “It is weak,” she said.")
    assert quote.speaker is None
    assert set(quote.candidates) == {"Gwen Harlow", "Priya Nair"}


@pytest.mark.parametrize(
    ("before", "candidates"),
    [
        ("Sam Roe and Bill Dee were there.", {"Sam Roe", "Bill Dee"}),
        ("Sam Roe, Tom Poe and Bill Dee came late.", {"Sam Roe", "Tom Poe", "Bill Dee"}),
        ("Sam Roe and Ann Dee were there.", set()),
    ],
)
def test_two_who_did_something_together_may_each_be_meant(
    before: str, candidates: set[str]
) -> None:
    (quote,) = extract(f"{before} “It was very cold out there,” he said.")
    assert (quote.speaker is None, set(quote.candidates)) == (bool(candidates), candidates)


def test_a_shared_surname_stays_open_with_both_as_candidates() -> None:
    (quote,) = extract("Bill Moor and Hope Moor ran. “We lost,” Moor said.")
    assert quote.speaker is None
    assert set(quote.candidates) == {"Bill Moor", "Hope Moor"}


def test_an_unnamed_person_who_was_the_subject_keeps_the_pronoun_open() -> None:
    (quote,) = extract("Lucy Kane’s mother was there. “I could not watch,” she said.")
    assert quote.speaker is None


def test_a_quotation_that_two_rules_give_to_two_people_stays_open() -> None:
    text = "“We won,” said Ann Doe.\n\n“No doubt.” Bob Roe said the count was wrong."
    assert extract(text)[1].speaker is None
    assert extract(text)[1].candidates == ("Ann Doe", "Bob Roe")


def test_quotations_inside_a_quotation_are_its_children() -> None:
    text = "“He asked me, ‘Do you want it?’ and I said, ‘Yes,’ over ‘Tea for Two’,” Ann Doe said."
    (quote,) = extract(text)
    shown = [(child.span.of(text), child.speaker, child.cue) for child in quote.children]
    assert shown == [("Do you want it?", None, "asked"), ("Yes,", "Ann Doe", "said")]


def test_headings_left_out_of_the_paragraphs_hold_no_quotations() -> None:
    text = "“Never again,” says Doe.\n\n“Never,” Ann Doe said."
    heading_free = [Span(26, len(text))]
    assert [quote.span.of(text) for quote in extract(text, heading_free)] == ["Never,"]


def test_each_named_speaker_is_listed_with_aliases_roles_and_gender() -> None:
    text = (
        "Actress Ann Doe left. “Goodbye,” Ms. Doe said. “At last,” the company said.\n\n"
        "“Quiet,” Doe added."
    )
    (doe,) = read(text).speakers
    assert doe.name == "Ann Doe"
    assert doe.aliases == ("Doe", "Ms. Doe")
    assert (doe.roles, doe.gender, doe.is_person) == (("actress",), "f", True)


def test_an_acronym_in_brackets_is_another_name_of_the_body() -> None:
    text = "The Central Weather Agency (CWA) warned of floods. “Stay at home,” the CWA said."
    (quote,) = extract(text)
    assert quote.speaker == "Central Weather Agency"


def test_reading_a_longer_article_takes_work_in_proportion() -> None:
    paragraph = (
        "Mayor Ann Doe met Bob Roe, a teacher, in Leeds on Monday. “It was a good talk,” she said. "
        "“We agreed on most things.” The council had asked for it after the vote in May.\n\n"
    )

    def work(paragraphs: int) -> int:
        """Calls of functions: unlike seconds the same on every machine."""
        calls = 0

        def count(_: object, event: str, __: object) -> None:
            nonlocal calls
            calls += event == "call"

        sys.setprofile(count)
        try:
            assert len(extract(paragraph * paragraphs)) == 2 * paragraphs
        finally:
            sys.setprofile(None)
        return calls

    work(10)  # what is made once only
    assert work(200) < 5 * work(50)
