"""A link leads to the cited sentence and to no other place in its article."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given

from corpus.article import Article, Block, Metadata
from corpus.fragment import link_to
from corpus.span import Span
from corpus.text import folded
from tests.strategies import articles_with_spans

URL = "https://example.org/story"


def _article(*paragraphs: str, url: str | None = URL) -> Article:
    text = "\n\n".join(paragraphs)
    starts = [sum(len(before) + 2 for before in paragraphs[:at]) for at in range(len(paragraphs))]
    blocks = tuple(
        Block(Span(start, start + len(paragraph)))
        for start, paragraph in zip(starts, paragraphs, strict=True)
    )
    return Article("story", "Story", text, blocks, Metadata(url=url))


def _cite(article: Article, words: str, occurrence: int = 0) -> str | None:
    start = -1
    for _ in range(occurrence + 1):
        start = article.text.index(words, start + 1)
    return link_to(article, Span(start, start + len(words)))


def _found(page: str, link: str) -> list[Span]:
    """Where a browser would scroll to: all places that the text directive of ``link`` matches."""
    parts = link.partition(":~:text=")[2].split(",")
    prefix = unquote(parts.pop(0)[:-1]) if parts[0].endswith("-") else ""
    start, *rest = (" ".join(folded(unquote(part)).split()) for part in parts)
    lead = " ".join(folded(prefix).split())
    wanted = f"{lead} {start}" if lead else start
    places = []
    at = page.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if rest:
            end = page.index(rest[0], end) + len(rest[0])
        places.append(Span(at + len(wanted) - len(start), end))
        at = page.find(wanted, at + 1)
    return places


@given(articles_with_spans(url=True))
def test_a_fragment_matches_the_cited_words_and_nothing_else(pair: tuple[Article, Span]) -> None:
    article, span = pair
    link = link_to(article, span)
    assert link is not None
    assert link.startswith("https://example.org/a?b=1#c")
    if ":~:text=" in link:
        page = " ".join(folded(article.text).split())
        (place,) = _found(page, link)
        assert place.of(page) == " ".join(folded(span.of(article.text)).split())


def test_a_sentence_that_stands_once_is_named_whole_and_encoded() -> None:
    link = _cite(_article("One. It’s 5-6, “yes” & no. Two."), "It’s 5-6, “yes” & no.")
    assert link == (f"{URL}#:~:text=It%E2%80%99s%205%2D6%2C%20%E2%80%9Cyes%E2%80%9D%20%26%20no.")


def test_a_repeated_sentence_is_told_apart_by_the_words_before_it() -> None:
    article = _article("She left. He stayed. Nobody knew why.", "The end. He stayed.")
    assert _cite(article, "He stayed.", 1) == f"{URL}#:~:text=end.-,He%20stayed."


def test_a_sentence_that_opens_its_paragraph_is_told_apart_by_the_paragraph_before() -> None:
    article = _article("First.", "He stayed.", "Second.", "He stayed.")
    assert _cite(article, "He stayed.", 1) == f"{URL}#:~:text=Second.-,He%20stayed."


def test_a_long_sentence_is_named_by_its_first_and_last_words() -> None:
    words = " ".join(f"word{number}" for number in range(40))
    link = _cite(_article(f"Before. {words}. After."), f"{words}.")
    assert link == (
        f"{URL}#:~:text=word0%20word1%20word2%20word3%20word4,"
        "word35%20word36%20word37%20word38%20word39."
    )


def test_a_long_sentence_whose_end_stands_in_its_middle_is_named_whole() -> None:
    words = "a b c d e " + "x y z u v " * 30
    link = _cite(_article(words.strip()), words.strip())
    assert link is not None
    assert "," not in link.partition(":~:text=")[2]


def test_words_that_cannot_be_told_apart_get_the_bare_address() -> None:
    article = _article("Same here.", "Same here.")
    assert _cite(article, "Same here.") == URL


@pytest.mark.parametrize("url", [None])
def test_an_article_without_an_address_has_no_link(url: None) -> None:
    assert _cite(_article("Words.", url=url), "Words.") is None
