"""The measures of quotation extraction."""

from __future__ import annotations

import pytest

from corpus.quotes import Quote
from corpus.span import Span
from index.quote_scores import JudgedQuote, Pair, QuoteScores, iou, matched, same_speaker, score

_TEXT = "“It is over,” Ann Doe said. “Go home,” she added."


def _judged(start: int, end: int, speaker: str | None = "Ann Doe", words: str = "") -> JudgedQuote:
    return JudgedQuote(Span(start, end), speaker, words)


def _quote(start: int, end: int, speaker: str | None = "Ann Doe", at: Span | None = None) -> Quote:
    return Quote(Span(start, end), speaker, at)


def test_equal_quotations_score_one_in_everything() -> None:
    judged = [_judged(1, 12, words="ann doe"), _judged(29, 37, words="she")]
    found = [_quote(1, 12, at=Span(14, 21)), _quote(29, 37, at=Span(39, 42))]
    assert score([(_TEXT, judged, found)]) == QuoteScores(1, 1, 1, 1, 1, 1, 1, 1)


def test_nothing_judged_and_nothing_found_scores_zero() -> None:
    assert score([("", [], [])]) == QuoteScores(0, 0, 0, 0, 0, 0, 0, 0)


def test_found_and_right_is_a_share_of_all_judged_quotations() -> None:
    judged = [_judged(1, 12), _judged(29, 37)]
    scores = score([(_TEXT, judged, [_quote(1, 12), _quote(14, 21)])])
    assert (scores.quote_precision, scores.quote_recall, scores.quote_f1) == (0.5, 0.5, 0.5)
    assert scores.speaker_canonical == 0.5


def test_an_open_speaker_lowers_coverage_and_not_precision() -> None:
    judged = [_judged(1, 12), _judged(29, 37)]
    scores = score([(_TEXT, judged, [_quote(1, 12), _quote(29, 37, None)])])
    assert (scores.speaker_precision, scores.speaker_coverage) == (1.0, 0.5)
    assert scores.speaker_canonical == 0.5


def test_a_wrong_speaker_lowers_precision() -> None:
    scores = score([(_TEXT, [_judged(1, 12)], [_quote(1, 12, "Bob Roe")])])
    assert (scores.speaker_precision, scores.speaker_canonical) == (0.0, 0.0)


def test_a_near_span_is_found_but_not_exact() -> None:
    scores = score([(_TEXT, [_judged(1, 12)], [_quote(1, 11)])])
    assert (scores.quote_f1, scores.quote_exact_f1) == (1.0, 0.0)


def test_each_quotation_is_matched_once_the_best_overlap_first() -> None:
    judged = [_judged(0, 10)]
    pairs = matched(judged, [_quote(0, 9), _quote(0, 10)], _TEXT)
    assert [pair.found.span for pair in pairs] == [Span(0, 10)]


def test_the_overlap_of_two_empty_spans_is_nothing() -> None:
    assert iou(Span(3, 3), Span(3, 3)) == 0.0
    assert iou(Span(0, 4), Span(2, 4)) == 0.5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ann Doe", "ann doe", True),
        ("Zoë Roe", "Zoe Roe", True),
        ("NP:the company", "the company", True),
        ("Emeritus Professor John Burrows", "John Burrows", True),
        ("Mr. Toccafondi", "Toccafondi", True),
        ("Creswell Eastman", "Cres Eastman", True),
        ("Chris Roe", "Christine Roe", True),
        ("Ann Doe", "Ann Roe", False),
        ("Ann Doe", "Alan Doe", False),
        ("Ann", "Anna", False),
        ("Ann Doe", None, False),
        (None, None, True),
        ("Ann Doe", "", False),
    ],
)
def test_names_mean_one_speaker_whatever_their_titles(
    one: str | None, other: str | None, same: bool
) -> None:
    assert same_speaker(one, other) is same


@pytest.mark.parametrize(
    ("speaker", "words", "found", "right"),
    [
        ("Matthew Ingram", "One poster", "one poster", True),
        ("Livorno", "The city", "the city", True),
        ("Ann Doe", "the sister of Bob Roe", "Bob Roe", False),
        (None, "The report's authors", "the report's authors", True),
        (None, "the post by an unknown author", "the post", True),
        (None, "some of them", "Bob Roe", False),
        ("Researcher Mu Li, of the lab", "Researcher Mu Li, of the lab", "Mu Li", True),
        ("Ann Doe", "she", None, False),
        (None, "", None, True),
        (None, "she", "", False),
    ],
)
def test_words_that_the_judge_marked_name_the_right_person(
    speaker: str | None, words: str, found: str | None, right: bool
) -> None:
    pair = Pair(_judged(1, 12, speaker, words), _quote(1, 12, found), _TEXT)
    assert pair.right_person is right


@pytest.mark.parametrize(
    ("words", "right"),
    [("Ann Doe", True), ("Ann Doe, the mayor", True), ("Ann Doe’s aunt", False), ("she", False)],
)
def test_an_apposition_may_be_missing_from_the_right_words(words: str, right: bool) -> None:
    pair = Pair(_judged(1, 12, words=words), _quote(1, 12, at=Span(14, 21)), _TEXT)
    assert pair.right_words is right


def test_speakers_are_shares_of_all_judged_quotations_and_precision_of_those_judged() -> None:
    unknown = JudgedQuote(Span(1, 12), "Bob Roe", attributed=False)
    scores = score([(_TEXT, [unknown, _judged(29, 37)], [_quote(1, 12), _quote(29, 37)])])
    assert (scores.quote_f1, scores.speaker_canonical, scores.speaker_precision) == (1, 0.5, 1)
