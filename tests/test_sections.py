"""Sections and paragraph numbers: what people are told about where something stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Block, BlockKind
from corpus.formats import parse_text
from corpus.sections import paragraphs, sections
from corpus.span import Span


def article_of(source: str, title: str = "The Title") -> Article:
    document = parse_text(source, ".md")
    return Article("a", title, document.text, document.blocks)


SOURCE = """# The title

Opening.

## One

First.

- Second.

### Deep

Third.

# Part

## Two

Fourth.
"""


def test_a_section_carries_the_headings_above_it_but_not_the_articles_title() -> None:
    found = sections(article_of(SOURCE))
    assert [section.path for section in found] == [
        (),
        ("One",),
        ("One", "Deep"),
        ("Part",),
        ("Part", "Two"),
    ]
    assert [section.title for section in found] == ["", "One", "Deep", "Part", "Two"]


def test_the_span_of_a_section_reaches_from_its_heading_to_the_next() -> None:
    article = article_of(SOURCE)
    texts = [section.span.of(article.text) for section in sections(article)]
    assert texts == [
        "The title\n\nOpening.",
        "One\n\nFirst.\n\nSecond.",
        "Deep\n\nThird.",
        "Part",
        "Two\n\nFourth.",
    ]


def test_paragraphs_are_numbered_from_one_over_the_article_without_headings() -> None:
    article = article_of(SOURCE)
    assert [
        (paragraph.number, paragraph.span.of(article.text), paragraph.section.title)
        for paragraph in paragraphs(article)
    ] == [
        (1, "Opening.", ""),
        (2, "First.", "One"),
        (3, "Second.", "One"),
        (4, "Third.", "Deep"),
        (5, "Fourth.", "Two"),
    ]


def test_the_first_heading_is_the_title_even_in_other_words() -> None:
    article = article_of("# Other words\n\nText.")
    assert [section.path for section in sections(article)] == [()]


def test_the_title_is_no_section_below_a_rubric_either() -> None:
    article = article_of("Opinion\n\n# the “title”\n\nText.", 'The "title"')
    assert [section.path for section in sections(article)] == [()]


def test_an_article_without_blocks_has_no_sections() -> None:
    empty = Article("a", "T", "", ())
    assert sections(empty) == ()
    assert paragraphs(empty) == ()


@given(st.lists(st.integers(0, 6), max_size=20))
def test_sections_hold_every_block_once_and_paragraphs_lie_in_theirs(levels: list[int]) -> None:
    text = "\n\n".join(f"block {at:02}" for at in range(len(levels)))
    blocks = tuple(
        Block(
            Span(at * 10, at * 10 + 8),
            BlockKind.HEADING if level else BlockKind.PARAGRAPH,
            level,
        )
        for at, level in enumerate(levels)
    )
    article = Article("a", "T", text, blocks)
    found = sections(article)
    for block in blocks:
        assert sum(section.span.contains(block.span) for section in found) == 1
    numbered = paragraphs(article)
    assert [paragraph.number for paragraph in numbered] == list(range(1, levels.count(0) + 1))
    assert all(paragraph.section.span.contains(paragraph.span) for paragraph in numbered)
    assert all(section.path[-1:] == (section.title,) or not section.path for section in found)
