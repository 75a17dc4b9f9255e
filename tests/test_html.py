"""HTML: what on a page is the article, and where in the source each word stands."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Metadata
from corpus.errors import ArticleError
from corpus.formats import parse_text
from corpus.formats.html import heaviest_chain
from corpus.span import Span
from tests.document_checks import check, shown

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<title>Storm Hits Coast | The Daily Example</title>
<meta property="og:title" content="Storm Hits Coast">
<meta property="og:site_name" content="The Daily Example">
<meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2024-05-01T10:00:00Z">
<link rel="canonical" href="https://example.com/storm">
<script>var x = "<p>not text</p>";</script><style>p {}</style></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li></ul></nav>
</header>
<main><article><h1>Storm Hits Coast</h1>
<p>A storm hit the coast on <b>Tuesday</b> night, officials said, leaving 4,000 homes &amp; shops
without power&nbsp;and closing the harbour for the first time in a decade.</p>
<h2>Damage</h2>
<p>&ldquo;We have never seen anything like it,&#x201d; said the harbour master, Ann Bell. Boats were
thrown on to the quay and two warehouses lost their roofs.</p>
<blockquote><p>The water came up to the windows of the old inn.</p></blockquote>
<ul><li>Two people were taken to hospital.</li><li>Schools will stay closed until Friday.</li></ul>
<table><tr><th>Town</th><th>Homes without power</th></tr>
<tr><td>Port Ellen</td><td> </td><td>1,200</td></tr></table>
<h2>What happens next</h2>
<p>Crews are expected to restore power by Thursday evening, the company said in a statement.<br><br>
The harbour may reopen<br>at the weekend.</p>
</article><aside><h3>Related</h3><ul><li><a href="/a">Roads</a></li></ul></aside></main>
<footer><p>© 2024 The Daily Example. All rights reserved.</p></footer></body></html>
"""


ARTICLE = """# Storm Hits Coast
A storm hit the coast on Tuesday night, officials said, leaving 4,000 homes & shops without power \
and closing the harbour for the first time in a decade.
## Damage
“We have never seen anything like it,” said the harbour master, Ann Bell. Boats were thrown on to \
the quay and two warehouses lost their roofs.
The water came up to the windows of the old inn.
Two people were taken to hospital.
Schools will stay closed until Friday.
Town | Homes without power
Port Ellen | 1,200
## What happens next
Crews are expected to restore power by Thursday evening, the company said in a statement.
The harbour may reopen at the weekend."""


def test_the_article_is_taken_from_a_page_and_the_rest_left() -> None:
    document = parse_text(PAGE, ".html")
    check(document, PAGE)
    lines = [("#" * level + " " + words).strip() for level, words in shown(document)]
    assert lines == ARTICLE.splitlines()


def test_what_the_page_says_of_itself_becomes_metadata() -> None:
    document = parse_text(PAGE, ".html")
    assert document.title == "Storm Hits Coast"
    assert document.metadata == Metadata(
        url="https://example.com/storm",
        outlet="The Daily Example",
        author="Jane Doe",
        published="2024-05-01",
        language="en-GB",
    )


def test_front_matter_goes_before_what_the_page_says() -> None:
    document = parse_text("---\ntitle: Mine\nauthor: Me\nid: x\n---\n" + PAGE, ".htm")
    assert (document.title, document.article_id) == ("Mine", "x")
    assert (document.metadata.author, document.metadata.outlet) == ("Me", "The Daily Example")


@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_a_page_is_known_by_its_first_tag_whatever_its_extension(suffix: str) -> None:
    assert shown(parse_text(PAGE, suffix)) == shown(parse_text(PAGE, ".html"))


def test_words_are_found_in_the_source_across_tags_and_entities() -> None:
    document = parse_text(PAGE, ".html")
    at = document.text.index("Tuesday night")
    assert document.map.to_source(Span(at, at + 13)).of(PAGE) == "Tuesday</b> night"
    at = document.text.index("“We have")
    assert document.map.to_source(Span(at, at + 8)).of(PAGE) == "&ldquo;We have"


SMALL = {
    "two words": ("<p>Two words</p>", [(0, "Two words")]),
    "no body": ("<head><title>T</title><p>Some text.", [(0, "Some text.")]),
    "navigation": ("<nav>Home</nav><p>Some text.</p><footer>End</footer>", [(0, "Some text.")]),
    "unclosed navigation": (
        "</nav><p>Some text.</p><nav/><p>More.</p>",
        [(0, "Some text."), (0, "More.")],
    ),
    "unknown entities": ("<p>AT&T &nosuch; &copy 1 &#38; 2 &", [(0, "AT&T &nosuch; © 1 & 2 &")]),
    "entities in what is not shown": ("<p>Some<svg>&amp;</svg> text.</p>", [(0, "Some text.")]),
    "line breaks": ("<p><br>One<br/>two<br> <br>three", [(0, "One two"), (0, "three")]),
    "stray end tags": ("</p></b><p>Some text.</p></div></svg>", [(0, "Some text.")]),
    "white space in cells": (
        "<table><tr><td> \t One\n</td> <td>&#32; <b>two</b></td><td/></tr></table>",
        [(0, "One | two")],
    ),
    "a comment": ("<p>Some<!-- no --> text.</p>", [(0, "Some text.")]),
    "headings": (
        "<h2>One</h2><p>Text.</p><h3>Two</h3><p>More.</p>",
        [(1, "One"), (0, "Text."), (3, "Two"), (0, "More.")],
    ),
    "cells with paragraphs": (
        "<table><tr><td><p>One.</p></td><td><p>Two.</p></td></tr></table>",
        [(0, "One."), (0, "Two.")],
    ),
}


@pytest.mark.parametrize(("source", "blocks"), SMALL.values(), ids=SMALL)
def test_a_page_too_small_for_an_article_is_taken_whole(
    source: str, blocks: list[tuple[int, str]]
) -> None:
    document = parse_text(source, ".html")
    check(document, source)
    assert shown(document) == blocks


def test_a_page_on_which_the_extraction_fails_is_taken_whole() -> None:
    # htmldate, which trafilatura asks for the date, cannot drop a <label> that is the root.
    document = parse_text("<label><p>word<p>more", ".html")
    assert shown(document) == [(0, "word"), (0, "more")]


def test_marks_without_letters_are_no_part_of_an_extracted_article() -> None:
    page = PAGE.replace("<h2>Damage", "<p>* * *</p><h2>Damage")
    assert shown(parse_text(page, ".html")) == shown(parse_text(PAGE, ".html"))


@pytest.mark.parametrize("source", ["", "<html></html>", "<script>x()</script>", "<!-- -->"])
def test_a_page_without_text_is_reported(source: str) -> None:
    with pytest.raises(ArticleError, match="no text"):
        parse_text(source, ".html")


TAGS = """<p> </p> <div> </div> <b> </b> <br> <br/> <h2> </h2> <table> <tr> <td> </td> <nav>
</nav> <body> <head> <script> </script> <svg> <svg/> <!--x--> &amp; &copy &nosuch; &#32; &# & < >
word é é"""


@settings(deadline=None)
@given(st.lists(st.sampled_from([*TAGS.split(), "\n", "\r\n", " ", "\u200b"]), max_size=30))
def test_text_is_canonical_and_every_letter_stands_where_the_map_says(pieces: list[str]) -> None:
    source = "".join(pieces)
    try:
        document = parse_text(source, ".html")
    except ArticleError:
        return
    check(document, source)


PLACES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12), st.integers(1, 5)), max_size=8)


@given(PLACES)
def test_the_chain_of_blocks_has_most_letters_of_all_chains(
    raw: list[tuple[int, int, int]],
) -> None:
    places = sorted(((b, at, at + size) for b, at, size in set(raw)), key=lambda p: (p[0], -p[1]))
    best = max(
        sum(end - start for _, start, end in chain)
        for size in range(5)
        for chain in combinations(places, size)
        if all(one[0] < other[0] and one[2] <= other[1] for one, other in pairwise(chain))
    )
    found = heaviest_chain(places)
    assert found == sorted(set(found))
    assert sum(max(e - s for b, s, e in places if b == block) for block in found) >= best
