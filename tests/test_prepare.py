"""What is embedded is the passage below its headings, with its sentences where they are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from corpus.passages import passages
from index.prepare import prepare
from index.tokens import mark, traits
from index.vector_cache import key_of
from tests import strategies
from tests.fakes import HashEmbedder
from tests.making import article

if TYPE_CHECKING:
    from corpus.article import Article


@settings(deadline=None)
@given(strategies.articles())
def test_every_passage_is_prepared_in_order_with_its_sentences_in_place(one: Article) -> None:
    prepared = list(prepare(one))
    assert tuple(each.passage for each in prepared) == passages(one)
    for each in prepared:
        assert each.article is one
        assert each.text == f"{each.context}\n{each.passage.span.of(one.text)}"
        said = [part.of(each.text) for part in each.parts]
        assert said == [sentence.span.of(one.text) for sentence in each.passage.sentences]
        assert each.key == key_of(each.text, each.parts)


def context_of(one: Article) -> str:
    (prepared,) = prepare(one)
    return prepared.context


def test_title_and_headings_stand_above_the_passage_each_once() -> None:
    assert context_of(article("a", "# On set", "Words.", title="Films")) == "Films\nOn set"
    assert context_of(article("a", "# Films", "Words.", title="Films")) == "Films"
    assert context_of(article("a", "# On set", "Words.")) == "On set"


def test_without_title_and_heading_the_words_stand_alone() -> None:
    (prepared,) = prepare(article("a", "Words are said."))
    assert (prepared.context, prepared.text) == ("", "\nWords are said.")
    assert prepared.parts[0].of(prepared.text) == "Words are said."


def test_an_indexed_passage_carries_its_vectors_and_what_is_kept_of_its_words() -> None:
    one = article("a", "# On set", "She said 70 million. It rained.", title="Films")
    (prepared,) = prepare(one)
    (vectors,) = HashEmbedder().embed_passages([prepared.text], [prepared.parts])
    indexed = prepared.indexed(vectors)
    assert (indexed.article_id, indexed.content_hash) == (one.id, one.content_hash)
    assert indexed.passage == prepared.passage
    assert indexed.vector is vectors.whole
    assert indexed.sentence_vectors is vectors.parts
    assert indexed.context.tolist() == mark("Films\nOn set").tolist()
    sentences = ("She said 70 million.", "It rained.")
    assert [tokens.tolist() for tokens in indexed.tokens] == [
        mark(sentence).tolist() for sentence in sentences
    ]
    assert indexed.traits == tuple(int(traits(sentence)) for sentence in sentences)
    assert indexed.text == prepared.text
