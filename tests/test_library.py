"""The library: order, look-up and the fingerprint of what it holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Block, BlockKind, Metadata
from corpus.errors import DuplicateIdError
from corpus.library import Library
from corpus.span import Span

ARTICLES = [
    Article(name, name.title(), f"Text of {name}.", (Block(Span(0, 4)),))
    for name in ("b", "a", "c")
]


@given(st.permutations(ARTICLES))
def test_neither_articles_nor_fingerprint_depend_on_the_order_given(
    articles: list[Article],
) -> None:
    library = Library.of(articles)
    assert [article.id for article in library] == ["a", "b", "c"]
    assert library.fingerprint == Library.of(ARTICLES).fingerprint


def test_an_article_is_found_by_its_id() -> None:
    library = Library.of(ARTICLES)
    assert len(library) == 3
    assert library.get("b") is ARTICLES[0]
    assert library.get("d") is None


def test_an_empty_library_is_a_library() -> None:
    library = Library.of([])
    assert library
    assert len(library) == 0
    assert library.fingerprint != Library.of(ARTICLES).fingerprint


def test_an_id_stands_for_one_article() -> None:
    with pytest.raises(DuplicateIdError, match="'a'"):
        Library.of([*ARTICLES, replace(ARTICLES[0], id="a")])


@pytest.mark.parametrize(
    "change",
    [
        {"id": "z"},
        {"title": "Other"},
        {"text": "Text of B."},
        {"metadata": Metadata(note="n")},
        {"blocks": (Block(Span(0, 4), BlockKind.HEADING, 2),)},
        {"blocks": (Block(Span(0, 5)),)},
    ],
    ids=["id", "title", "text", "metadata", "kind of block", "place of block"],
)
def test_the_fingerprint_changes_with_all_that_an_answer_is_made_from(
    change: dict[str, object],
) -> None:
    changed = Library.of([replace(ARTICLES[0], **change), *ARTICLES[1:]])  # type: ignore[arg-type]
    assert changed.fingerprint != Library.of(ARTICLES).fingerprint


def test_the_fingerprint_does_not_change_with_the_place_of_a_file() -> None:
    moved = Library.of([replace(ARTICLES[0], source="elsewhere.md"), *ARTICLES[1:]])
    assert moved.fingerprint == Library.of(ARTICLES).fingerprint
