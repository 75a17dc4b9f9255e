"""A citation holds for the very text it was made from, and for no other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from corpus.citation import Citation, verify
from corpus.span import Span
from tests.strategies import articles_with_spans

if TYPE_CHECKING:
    from corpus.article import Article


@given(articles_with_spans())
def test_a_citation_of_an_article_verifies(pair: tuple[Article, Span]) -> None:
    article, span = pair
    assert verify(Citation.of(article, span), article)


@given(articles_with_spans(), st.data())
def test_a_citation_fails_after_any_edit_of_the_text(
    pair: tuple[Article, Span], data: st.DataObject
) -> None:
    article, span = pair
    citation = Citation.of(article, span)
    at = data.draw(st.integers(0, len(article.text) - 1))
    new = data.draw(st.characters(exclude_characters=article.text[at], codec="utf-8"))
    replaced = article.text[:at] + new + article.text[at + 1 :]
    inserted = article.text[:at] + new + article.text[at:]
    deleted = article.text[:at] + article.text[at + 1 :]
    for text in (replaced, inserted, deleted):
        assert not verify(citation, replace(article, text=text))


@given(articles_with_spans())
def test_a_citation_fails_for_other_words_another_place_or_another_article(
    pair: tuple[Article, Span],
) -> None:
    article, span = pair
    citation = Citation.of(article, span)
    assert not verify(replace(citation, text=citation.text + "!"), article)
    assert not verify(replace(citation, span=Span(0, len(article.text) + 1)), article)
    assert not verify(replace(citation, span=Span(span.start, span.start), text=""), article)
    assert not verify(citation, replace(article, id="another"))
