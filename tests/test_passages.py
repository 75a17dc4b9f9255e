"""Passages hold every sentence of an article once, in order, whole where that is possible."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Block
from corpus.passages import PASSAGE_WORDS, Passage, passages
from corpus.sections import paragraphs
from corpus.sentences import split_sentences
from corpus.span import Span
from tests import strategies
from tests.making import article

WORDS = st.integers(1, 40)


@st.composite
def long_winded(draw: st.DrawFn) -> Article:
    """An article whose sentences may be longer than any passage, some without any space."""
    word = st.one_of(
        st.text(alphabet="ab,;-", min_size=1, max_size=8), st.just("第" * 60), st.just("x" * 70)
    )
    sentence = st.lists(word, min_size=1, max_size=60).map(" ".join)
    texts = draw(st.lists(sentence, min_size=1, max_size=4))
    return article("long", *texts)


ARTICLES = st.one_of(strategies.articles(), long_winded())


def sentences_of(found: tuple[Passage, ...]) -> list[Span]:
    return [sentence.span for passage in found for sentence in passage.sentences]


def words_in(text: str) -> int:
    """Words as passages count them: a run without spaces counts as several."""
    return sum(-(-len(run) // 24) for run in text.split())


@settings(deadline=None)
@given(ARTICLES, WORDS)
def test_every_character_of_a_paragraph_is_in_exactly_one_sentence_of_a_passage(
    one: Article, words: int
) -> None:
    held = [0] * len(one.text)
    for span in sentences_of(passages(one, words)):
        for at in range(span.start, span.end):
            held[at] += 1
    in_paragraphs = {
        at
        for paragraph in paragraphs(one)
        for at in range(paragraph.span.start, paragraph.span.end)
    }
    for at, count in enumerate(held):
        wanted = at in in_paragraphs
        assert count == wanted or (one.text[at].isspace() and count <= wanted)


@settings(deadline=None)
@given(ARTICLES, WORDS)
def test_sentences_stand_in_reading_order_in_the_passage_and_paragraph_they_belong_to(
    one: Article, words: int
) -> None:
    found = passages(one, words)
    spans = sentences_of(found)
    assert spans == sorted(spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    numbered = {paragraph.number: paragraph for paragraph in paragraphs(one)}
    for passage in found:
        assert passage.span == Span.covering(sentence.span for sentence in passage.sentences)
        for sentence in passage.sentences:
            paragraph = numbered[sentence.paragraph]
            assert paragraph.span.contains(sentence.span)
            assert paragraph.section == passage.section


@settings(deadline=None)
@given(ARTICLES, WORDS)
def test_no_sentence_is_cut_unless_it_alone_is_too_long(one: Article, words: int) -> None:
    pieces = set(sentences_of(passages(one, words)))
    for paragraph in paragraphs(one):
        for sentence in split_sentences(one.text, paragraph.span):
            if words_in(sentence.of(one.text)) <= words:
                assert sentence in pieces
            else:
                assert sentence not in pieces
                assert sum(sentence.contains(piece) for piece in pieces) > 1


@settings(deadline=None)
@given(ARTICLES, WORDS)
def test_no_passage_is_longer_than_it_may_be_nor_empty(one: Article, words: int) -> None:
    for passage in passages(one, words):
        sizes = [words_in(sentence.span.of(one.text)) for sentence in passage.sentences]
        assert 0 < sum(sizes) <= words
        assert all(sentence.span.of(one.text).strip() for sentence in passage.sentences)


@settings(deadline=None)
@given(strategies.articles())
def test_no_passage_crosses_a_heading(one: Article) -> None:
    headings = [block.span for block in one.blocks if block.level]
    for passage in passages(one):
        assert not any(heading.overlaps(passage.span) for heading in headings)


def sentence(words: int, first: str = "Word") -> str:
    return " ".join([first, *["word"] * (words - 1)]) + "."


def sizes(one: Article, words: int) -> list[list[int]]:
    return [
        [len(sentence.span.of(one.text).split()) for sentence in passage.sentences]
        for passage in passages(one, words)
    ]


def test_short_paragraphs_share_a_passage() -> None:
    one = article("a", sentence(3), sentence(3), sentence(3))
    assert sizes(one, 10) == [[3, 3, 3]]


def test_from_half_its_size_on_a_passage_ends_with_a_paragraph() -> None:
    two = f"{sentence(3)} {sentence(3)}"
    assert sizes(article("a", sentence(5), two), 10) == [[5], [3, 3]]
    assert sizes(article("a", sentence(4), two), 10) == [[4, 3, 3]]
    assert sizes(article("a", sentence(4), f"{two} {sentence(3)}"), 10) == [[4, 3, 3], [3]]


def test_a_passage_ends_before_the_sentence_that_would_make_it_too_long() -> None:
    paragraph = " ".join([sentence(4)] * 5)
    assert sizes(article("a", paragraph), 10) == [[4, 4], [4, 4], [4]]


def test_each_section_has_passages_of_its_own() -> None:
    one = article("a", sentence(2), "# First", sentence(2), "# Second", "# Third", sentence(2))
    found = passages(one)
    assert [passage.section.title for passage in found] == ["", "First", "Third"]
    assert [passage.sentences[0].paragraph for passage in found] == [1, 2, 3]


def test_a_sentence_that_is_too_long_is_cut_where_a_clause_ends() -> None:
    text = f"{sentence(7)[:-1]}, {sentence(2, 'and')[:-1]}; {sentence(8, 'but')}"
    one = article("a", text)
    pieces = [span.of(one.text) for span in sentences_of(passages(one, 10))]
    assert [piece[-1] for piece in pieces] == [";", "."]
    assert [len(piece.split()) for piece in pieces] == [9, 8]


def test_the_last_clause_that_fits_is_the_one_to_cut_after() -> None:
    text = f"{sentence(7)[:-1]}, {sentence(3, 'and')[:-1]}, {sentence(8, 'but')}"
    assert sizes(article("a", text), 10) == [[10], [8]]


def test_a_sentence_without_clauses_is_cut_between_words() -> None:
    one = article("a", sentence(25))
    assert sizes(one, 10) == [[10], [10], [5]]


def test_a_clause_that_ends_early_does_not_make_small_pieces() -> None:
    one = article("a", f"Yes, {sentence(14)}")
    assert sizes(one, 10) == [[10], [5]]


def test_text_without_spaces_between_words_is_cut_too() -> None:
    one = article("a", "第" * 1000)
    assert [len(span) for span in sentences_of(passages(one, 10))] == [240] * 4 + [40]


@pytest.mark.parametrize("blocks", [(), ("# Heading only",)])
def test_an_article_without_paragraphs_has_no_passages(blocks: tuple[str, ...]) -> None:
    assert passages(article("a", *blocks)) == ()


def test_an_empty_block_has_no_passage() -> None:
    assert passages(Article("a", "", "   ", (Block(Span(0, 3)),))) == ()


def test_by_default_a_passage_holds_what_a_model_reads() -> None:
    paragraph = " ".join([sentence(10)] * 40)
    assert all(sum(one) <= PASSAGE_WORDS for one in sizes(article("a", paragraph), PASSAGE_WORDS))
    assert len(passages(article("a", paragraph))) == 3
