"""Front matter: what is taken from it, what is not front matter, and how faults are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Metadata
from corpus.errors import ArticleError, FrontMatterError
from corpus.formats import parse_text
from corpus.span import Span
from tests.document_checks import check

FULL = """---
title: "On: a title"
id: my-id
url: https://example.com/a?b=c
outlet: The Example
author: Jane Doe
published: 2024-05-01
retrieved: 2024-05-02 10:00:00
language: no
note: |
  Two
  lines.
tags: [a, b]
draft: true
---
"""


def test_all_fields_are_taken_and_unknown_ones_ignored() -> None:
    document = parse_text(FULL + "Text.", ".md")
    assert (document.title, document.article_id) == ("On: a title", "my-id")
    assert document.metadata == Metadata(
        url="https://example.com/a?b=c",
        outlet="The Example",
        author="Jane Doe",
        published="2024-05-01",
        retrieved="2024-05-02 10:00:00",
        language="no",
        note="Two lines.",
    )


@pytest.mark.parametrize("suffix", [".md", ".txt", ".html"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_offsets_count_the_front_matter_in_every_format(suffix: str, newline: str) -> None:
    source = (FULL + "\nSome text.\n").replace("\n", newline)
    document = parse_text(source, suffix)
    assert document.text == "Some text."
    assert document.map.to_source(Span(0, 4)).of(source) == "Some"
    check(document, source)


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("title: 1984", "1984"),
        ("title: yes", "yes"),
        ("title: null", None),
        ("title: ~", None),
        ("title:", None),
        ("title: ''", None),
        ("other: x", None),
        ("# a comment\n\n'title': T", "T"),
        ("title: Cafe\u0301", "Café"),
    ],
)
def test_a_scalar_is_the_text_that_was_written(field: str, title: str | None) -> None:
    assert parse_text(f"---\n{field}\n---\nText.", ".md").title == title


def test_several_authors_are_joined() -> None:
    document = parse_text("---\nauthor: [Jane Doe, John Roe]\n...\nText.", ".md")
    assert document.metadata.author == "Jane Doe, John Roe"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("---\n\nText between\nrules.\n\n---\n\nMore.", "Text between rules.\n\nMore."),
        ("---\nNote: this.", None),
        ("---\n\nNo end to it.", "No end to it."),
        ("---\n---\nText.", "Text."),
        ("---\n\n  \n---\nText.", "Text."),
        ("Text.\n\n---\ntitle: T\n\n---\n", "Text.\n\ntitle: T"),
    ],
)
def test_rules_are_not_taken_for_front_matter(source: str, text: str | None) -> None:
    if text is None:
        with pytest.raises(FrontMatterError, match="ends it is missing"):
            parse_text(source, ".md")
    else:
        assert parse_text(source, ".md").text == text


FAULTS = {
    "not closed": ("title: T", "missing"),
    "a colon in a text": ("title: On: this", "line 2.*quotation marks"),
    "an open bracket": ("a: b\ntitle: [x", "line"),
    "a tag": ("title: !!python/object:os.system x", "could not determine a constructor"),
    "a control character": ("title: \x07", "does not allow"),
    "a list for a text": ("title: [a, b]", "`title` must be one line of text, but is a list"),
    "authors of authors": ("author: [[a]]", "`author`.*a list"),
    "fields for a text": ("outlet: {a: b}", "`outlet`.*several fields"),
    "an id with spaces": ("id: my id", "`id` may only hold"),
    "an address of another kind": ("url: javascript:alert(1)", "`url` must be"),
    "two addresses": ("url: https://a.b https://c.d", "`url` must be"),
    "half a character": ('title: "\\ud800"', "surrogate"),
    "nested too deeply": ("a: " + "[" * 5000, "too deeply"),
    "no field": ("'a: b'", "lines of the form"),
    "not only fields": ("a: b\nc", "line"),
    "fields in a document of their own": ("a: b\n--- x\n- c", "document"),
}


@pytest.mark.parametrize(("fields", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_reported_with_what_is_wrong(fields: str, reason: str) -> None:
    end = "" if reason == "missing" else "\n---\n"
    with pytest.raises(FrontMatterError, match=reason):
        parse_text(f"---\n{fields}{end}\nText.", ".md")


@given(st.text(st.sampled_from("abc:-[]{}'\"#&*!|>%@` \n\t,?~\\é"), max_size=40))
def test_whatever_stands_there_is_read_or_reported(fields: str) -> None:
    source = f"---\ntitle: {fields}\n---\n\nText."
    try:
        document = parse_text(source, ".md")
    except ArticleError:
        return
    check(document, source)
