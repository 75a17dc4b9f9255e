"""Generators of the project's own things for property-based tests, in one place."""

from __future__ import annotations

from hypothesis import strategies as st

from corpus.article import Article, Block, BlockKind, Metadata
from corpus.span import Span

_VOCABULARY = """
    the coordinator set scene actor director said “yes” it’s Ms. Oops 2.5 U.S. café naïve 第一
    film's rehearsal closed consent — who? why! stop... e.g. Mr. Bean
"""
WORDS = st.sampled_from(_VOCABULARY.split())

SENTENCES = st.lists(WORDS, min_size=1, max_size=25).map(lambda words: " ".join(words) + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=6).map(" ".join)
HEADINGS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


@st.composite
def articles(draw: st.DrawFn, *, url: bool = False) -> Article:
    """An article of a few headings and paragraphs, whose words repeat much."""
    drawn = st.tuples(st.booleans(), HEADINGS, PARAGRAPHS)
    chosen = draw(st.lists(drawn, min_size=1, max_size=8))
    texts: list[str] = []
    blocks: list[Block] = []
    for is_heading, heading, paragraph in [*chosen, (False, "", draw(PARAGRAPHS))]:
        text = heading if is_heading else paragraph
        start = sum(len(one) + 2 for one in texts)
        span = Span(start, start + len(text))
        kind = BlockKind.HEADING if is_heading else BlockKind.PARAGRAPH
        blocks.append(Block(span, kind, 2 if is_heading else 0))
        texts.append(text)
    metadata = Metadata(url="https://example.org/a?b=1#c" if url else None)
    return Article("made-up", "A made-up article", "\n\n".join(texts), tuple(blocks), metadata)


@st.composite
def articles_with_spans(draw: st.DrawFn, *, url: bool = False) -> tuple[Article, Span]:
    """An article and a span of at least one character in one of its blocks, at word borders."""
    article = draw(articles(url=url))
    block = draw(st.sampled_from(article.blocks)).span
    words = block.of(article.text).split(" ")
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first, len(words) - 1))
    start = block.start + len(" ".join(words[:first])) + bool(first)
    return article, Span(start, start + len(" ".join(words[first : last + 1])))
