"""Quotations of a given text stand where they are said to, in that text and not in another."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extracting import Extracted, extracted
from corpus.errors import ArticleError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SAID = "“It is over,” Ann Doe told Mashable. “I am out,” she said."
_PIECES = st.sampled_from(
    [
        "“It is over,”", "‘Not yet,’", '"Why not?"', "“He said, ‘Go on!’ and left,”", "said",
        "Ann Doe", "she", ",", ".", "\n", "\r\n", "\n\n", "\r\n\r\n", "  ", "\u00ad", "\ufeff",
        "e\u0301", "\u200b", "# A Heading", "* item", "&amp;", "<b>", "\t", "\x00", "“unclosed",
        "\ud800",
    ]
)  # fmt: skip


def everything(found: Iterable[Extracted]) -> Iterator[Extracted]:
    for one in found:
        yield one
        yield from everything(one.children)


@given(st.lists(_PIECES, max_size=25).map(" ".join))
def test_a_quotation_of_plain_text_is_the_characters_of_its_span(source: str) -> None:
    found = extracted(source)
    for one in everything(found):
        assert one.span.of(source) == one.text
        assert one.text.strip()
        if one.speaker_span is not None:
            assert one.speaker_span.of(source) == one.speaker_text
    for before, after in pairwise(found):
        assert before.span.end <= after.span.start


@given(st.lists(_PIECES, max_size=25).map(" ".join), st.sampled_from([".md", ".html"]))
def test_spans_in_markup_lie_in_the_source_in_reading_order(source: str, suffix: str) -> None:
    try:
        found = extracted(source, suffix)
    except ArticleError:
        return
    for one in everything(found):
        assert 0 <= one.span.start < one.span.end <= len(source)
    for before, after in pairwise(found):
        assert before.span.end <= after.span.start


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (SAID, ["It is over,", "I am out,"]),
        (f"  \n{SAID}\n", ["It is over,", "I am out,"]),
        ("“It is\nover now,” Ann Doe said.", ["It is\nover now,"]),
        ("“It is\r\nover now,” Ann Doe said.", ["It is\r\nover now,"]),
        ("“It  is\u00ad over,” Ann Doe said.", ["It  is\u00ad over,"]),
        (unicodedata.normalize("NFD", "“Zoë is là,” Ann Doe said."), ["Zoe\u0308 is la\u0300,"]),
        ("“” Ann Doe said.", []),
        ("", []),
        (" \n\n\t", []),
        ("* * *", []),
    ],
)
def test_plain_text_is_quoted_to_the_character(source: str, words: list[str]) -> None:
    found = extracted(source)
    assert [one.text for one in found] == [one.span.of(source) for one in found] == words


@pytest.mark.parametrize(
    ("source", "suffix", "in_source", "text"),
    [
        (
            "---\ntitle: Out\n---\n\n# Out\n\n“It is *really* over,” [Ann Doe](http://x.org) said.",
            ".md", "It is *really* over,", "It is really over,",
        ),
        (
            "<h1>Out</h1><p>&ldquo;It is <em>really</em> over &amp; out,&rdquo; Ann Doe said.</p>",
            ".html", "It is <em>really</em> over &amp; out,", "It is really over & out,",
        ),
    ],
)  # fmt: skip
def test_spans_in_markup_cover_the_markup_and_words_do_not(
    source: str, suffix: str, in_source: str, text: str
) -> None:
    (one,) = extracted(source, suffix)
    assert (one.span.of(source), one.text) == (in_source, text)
    assert one.speaker_span is not None
    assert (one.speaker_span.of(source), one.speaker_text) == ("Ann Doe", "Ann Doe")
    assert one.quote.speaker == "Ann Doe"


@pytest.mark.parametrize(
    ("heading", "suffix"),
    [("“We are all quite lost” says Doe\n\n", None), ("# “We are all quite lost”\n\n", ".md")],
)
def test_what_a_heading_quotes_is_no_quotation(heading: str, suffix: str | None) -> None:
    source = f"{heading}Ann Doe came in.\n\n{SAID}"
    assert [one.text for one in extracted(source, suffix)] == ["It is over,", "I am out,"]


def test_the_fields_of_a_quotation_as_json() -> None:
    first = extracted(SAID)[0].as_json()
    assert first == {
        "start": 1, "end": 12, "text": "It is over,", "speaker": "Ann Doe",
        "speaker_text": "Ann Doe", "speaker_start": 14, "speaker_end": 21, "cue": "told",
        "addressee": "Mashable", "utterance": 0, "part": 0, "truncated": False, "rule": "after",
        "confidence": first["confidence"], "children": [], "candidates": [],
    }  # fmt: skip
    assert 0 < first["confidence"] <= 1


def test_an_open_speaker_is_null_with_its_candidates() -> None:
    source = "Gwen Harlow and Priya Nair left. “It is weak,” she said."
    shown: dict[str, Any] = extracted(source)[0].as_json()
    assert (shown["speaker"], shown["speaker_text"]) == (None, "she")
    assert set(shown["candidates"]) == {"Gwen Harlow", "Priya Nair"}
    nobody = extracted("It rained. “It is weak.” It rained again.")[0].as_json()
    assert [nobody[f"speaker{end}"] for end in ("", "_text", "_start", "_end")] == [None] * 4


def test_children_are_quotations_of_the_same_form_in_the_same_text() -> None:
    source = (
        "Out.\r\n\r\n“He asked me then and there\r\n‘Do you want it?’ and left,”\r\nAnn Doe said."
    )
    (shown,) = (one.as_json() for one in extracted(source))
    (child,) = shown["children"]
    assert source[child["start"] : child["end"]] == child["text"] == "Do you want it?"
    assert child.keys() == shown.keys()
