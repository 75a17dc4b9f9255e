"""Canonical text of one block, and of text with characters that cannot be seen."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from corpus.span import Span
from corpus.text import MappedBuilder, canonicalize, canonicalize_block, compose

MESSY = st.text(st.sampled_from("aé e\u0301\u200b\u00ad\ufeff\n\r\t\u2029\x85\u1100\u1161\u00a0."))


@given(MESSY)
def test_canonical_text_is_nfc_and_canonical_already(source: str) -> None:
    text = canonicalize(source).text
    assert unicodedata.is_normalized("NFC", text)
    assert canonicalize(text).text == text


@given(MESSY)
def test_a_block_is_one_line_with_single_spaces(source: str) -> None:
    text = canonicalize_block(source).text
    assert text == " ".join(text.split(" "))
    assert "\n" not in text
    assert text == text.strip()
    assert text.split() == canonicalize(source).text.split()


@given(MESSY)
def test_letters_of_a_block_stand_where_its_map_says(source: str) -> None:
    block = canonicalize_block(source)
    for at, char in enumerate(block.text):
        made_from = block.map.to_source(Span(at, at + 1)).of(source)
        assert char == " " or char in canonicalize_block(made_from).text


def test_a_letter_meets_its_accent_across_a_character_that_is_dropped() -> None:
    mapped = canonicalize("cafe\u200b\u0301")
    assert mapped.text == "café"
    assert mapped.map.to_source(Span(3, 4)) == Span(3, 6)


def test_a_builder_continues_with_a_text_that_has_its_map() -> None:
    builder = MappedBuilder()
    builder.copy("ab", 0)
    part = MappedBuilder()
    part.copy("cd", 5)
    builder.extend(part.build())
    built = builder.build()
    assert built.text == "abcd"
    assert built.map.to_source(Span(1, 3)) == Span(1, 6)


def test_text_in_normal_form_is_its_own_composition() -> None:
    mapped = compose("é \n!")
    assert mapped.text == "é \n!"
    assert mapped.map.to_source(Span(1, 3)) == Span(1, 3)


def test_an_empty_span_keeps_its_place() -> None:
    mapped = canonicalize("  a b  ")
    assert mapped.map.to_source(Span(2, 2)) == Span(4, 4)
    assert mapped.map.to_source(Span(3, 3)) == Span(5, 5)
    assert canonicalize(" ").map.to_source(Span(0, 0)) == Span(0, 0)
