"""The embedded engine gives back what was written, and finds it by meaning and by words."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engine import Where
from index.engines import columns
from index.engines.columns import Columns, ColumnWriter
from index.engines.embedded import FORMAT, EmbeddedEngine, write
from index.errors import DamagedIndexError
from index.prepare import prepare
from tests import strategies
from tests.fakes import HashEmbedder
from tests.making import article, numbered, small

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.article import Article
    from index.engine import IndexedPassage

EMBEDDER = HashEmbedder(16)
FILES = ("passages", "sentences", "tokens", "contexts", "sentence_vectors")


def indexed(articles: Iterable[Article]) -> list[IndexedPassage]:
    prepared = [one for each in articles for one in prepare(each)]
    vectors = EMBEDDER.embed_passages(
        [one.text for one in prepared], [one.parts for one in prepared]
    )
    return [one.indexed(own) for one, own in zip(prepared, vectors, strict=True)]


def made(folder: Path, articles: Iterable[Article]) -> EmbeddedEngine:
    passages = indexed(articles)
    assert write(folder, EMBEDDER.dimension, passages) == len(passages)
    return EmbeddedEngine(folder)


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    return made(tmp_path, small().library)


@settings(max_examples=25, deadline=None)
@given(st.lists(strategies.articles(), max_size=3), st.data())
def test_passages_come_back_as_they_were_written_in_any_order(
    articles: list[Article], data: st.DataObject
) -> None:
    passages = indexed(articles)
    places = st.lists(st.integers(0, max(0, len(passages) - 1)), max_size=6 if passages else 0)
    rows = data.draw(places)
    with TemporaryDirectory() as folder:
        numbered_passages = ((7 + at, one) for at, one in enumerate(passages))
        written = list(ColumnWriter(Path(folder)).write(numbered_passages))
        assert written == passages
        opened = Columns.open(Path(folder), EMBEDDER.dimension)
        found = opened.fetch(np.array(rows, np.int64))
        vector = EMBEDDER.embed_query("storks")
        nearness = opened.nearness(np.array(rows, np.int64), vector)
    best = [
        (own.astype(np.float16).astype(np.float32) @ vector).max()
        for own in (passages[row].sentence_vectors for row in rows)
    ]
    assert nearness.tolist() == pytest.approx(best, abs=1e-6)
    assert found.rows.tolist() == rows
    wanted = [passages[row] for row in rows]
    sentences = [sentence for one in wanted for sentence in one.passage.sentences]
    assert found.articles.tolist() == [7 + row for row in rows]
    assert found.spans.tolist() == [
        [one.passage.span.start, one.passage.span.end] for one in wanted
    ]
    assert found.owners.tolist() == repeated(len(one.tokens) for one in wanted)
    assert found.sentence_spans.tolist() == [[one.span.start, one.span.end] for one in sentences]
    assert found.paragraphs.tolist() == [one.paragraph for one in sentences]
    assert found.traits.tolist() == [trait for one in wanted for trait in one.traits]
    own = [one.sentence_vectors for one in wanted]
    expected = np.vstack(own) if own else np.empty((0, EMBEDDER.dimension))
    np.testing.assert_allclose(found.vectors, expected, atol=5e-4)
    tokens = [terms for one in wanted for terms in one.tokens]
    assert found.tokens.tolist() == [int(token) for terms in tokens for token in terms]
    assert found.token_owners.tolist() == repeated(map(len, tokens))
    assert found.contexts.tolist() == [int(token) for one in wanted for token in one.context]
    assert found.context_owners.tolist() == repeated(len(one.context) for one in wanted)


def test_stored_numbers_are_widened_exactly() -> None:
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)]
    widened = columns._widened(finite)
    assert widened.dtype == np.float32
    np.testing.assert_array_equal(widened, finite.astype(np.float32))


def repeated(counts: Iterable[int]) -> list[int]:
    return [at for at, count in enumerate(counts) for _ in range(count)]


def test_an_engine_knows_its_articles_and_their_texts(engine: EmbeddedEngine) -> None:
    library = small().library
    assert engine.article_ids == ("birds", "films")
    assert engine.content_hashes == tuple(one.content_hash for one in library)
    assert engine.size == 2
    found = engine.fetch(np.array([1, 0]))
    texts = {one.id: one.text for one in library}
    for at, (start, end) in zip(found.articles, found.spans, strict=True):
        text = texts[engine.article_ids[at]]
        assert text[start:end] == text  # each has one passage


def test_each_leg_finds_what_it_is_for(engine: EmbeddedEngine) -> None:
    text = "Where do storks nest?"
    dense, lexical = engine.search(EMBEDDER.embed_query(text), text, 5)
    assert dense.rows.tolist() == [0, 1]
    assert lexical.rows.tolist() == [0]
    dense, lexical = engine.search(EMBEDDER.embed_query("intimacy"), "storks", 1)
    assert (dense.rows.tolist(), lexical.rows.tolist()) == ([1], [0])


@pytest.mark.parametrize(
    ("articles", "rows"),
    [
        (None, {0, 1, 2}),
        (frozenset(), set()),
        (frozenset({"a0001"}), {1}),
        (frozenset({"a0000", "a0002", "absent"}), {0, 2}),
    ],
)
def test_only_passages_of_the_wanted_articles_are_found(
    tmp_path: Path, articles: frozenset[str] | None, rows: set[int]
) -> None:
    engine = made(tmp_path, numbered(3).library)
    text = "Which number stands there?"
    for leg in engine.search(EMBEDDER.embed_query(text), text, 5, Where(articles)):
        assert set(leg.rows.tolist()) == rows


def test_all_passages_of_a_wanted_article_are_found(tmp_path: Path) -> None:
    sections = [text for number in range(5) for text in (f"# Part {number}", f"Storks {number}.")]
    birds = article("birds", *sections)
    engine = made(tmp_path, [article("a", "Storks."), birds, article("c", "Storks.")])
    vector = EMBEDDER.embed_query("storks")
    for leg in engine.search(vector, "storks", 20, Where(frozenset({"birds"}))):
        assert sorted(leg.rows.tolist()) == [1, 2, 3, 4, 5]


def test_terms_are_counted_by_passage(engine: EmbeddedEngine) -> None:
    counts = engine.document_frequencies(["stork", "the", "unheard"])
    assert counts.tolist() == [1, 1, 0]
    assert counts.dtype == np.int64
    assert engine.document_frequencies([]).shape == (0,)


def test_an_engine_of_nothing_finds_nothing(tmp_path: Path) -> None:
    with closing(made(tmp_path, [])) as engine:
        assert (engine.size, engine.article_ids) == (0, ())
        for where in (Where(), Where(frozenset({"a"}))):
            for leg in engine.search(EMBEDDER.embed_query("a"), "a", 5, where):
                assert leg.rows.shape == leg.scores.shape == (0,)
        assert engine.fetch(np.empty(0, np.int64)).vectors.shape == (0, EMBEDDER.dimension)


def test_a_folder_that_holds_an_index_is_not_written_over(tmp_path: Path) -> None:
    made(tmp_path, small().library)
    with pytest.raises(FileExistsError):
        list(ColumnWriter(tmp_path).write([]))


@pytest.mark.parametrize("name", FILES)
def test_a_column_that_is_missing_or_cut_off_is_named(
    tmp_path: Path, engine: EmbeddedEngine, name: str
) -> None:
    engine.close()
    path = tmp_path / f"{name}.bin"
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(DamagedIndexError, match=rf"{name}\.bin: it is cut off; run"):
        EmbeddedEngine(tmp_path)
    path.unlink()
    with pytest.raises(DamagedIndexError, match=rf"{name}\.bin: it cannot be read \(No such"):
        EmbeddedEngine(tmp_path)


def test_vectors_that_do_not_fit_the_sentences_are_damage(
    tmp_path: Path, engine: EmbeddedEngine
) -> None:
    engine.close()
    path = tmp_path / "sentence_vectors.bin"
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(DamagedIndexError, match="do not fit its sentences"):
        EmbeddedEngine(tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff"])
def test_what_an_engine_says_of_itself_must_be_there(
    tmp_path: Path, engine: EmbeddedEngine, content: bytes | None
) -> None:
    engine.close()
    (tmp_path / "engine.json").unlink()
    if content is not None:
        (tmp_path / "engine.json").write_bytes(content)
    with pytest.raises(DamagedIndexError, match=r"engine\.json: it cannot be read; run"):
        EmbeddedEngine(tmp_path)


@pytest.mark.parametrize("about", [{"format": FORMAT + 1}, {}, [], None])
def test_an_engine_of_another_format_is_not_opened(
    tmp_path: Path, engine: EmbeddedEngine, about: object
) -> None:
    engine.close()
    (tmp_path / "engine.json").write_text(json.dumps(about))
    with pytest.raises(DamagedIndexError, match="another version of On Record"):
        EmbeddedEngine(tmp_path)
