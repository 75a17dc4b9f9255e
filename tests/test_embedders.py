"""What every embedder does, and that each kind of them gives the vectors of its model."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.span import Span
from index.exported_model import folder_for
from index.model_source import DEFAULT_MODEL, find_source
from index.models import open_embedder
from index.onnx_embedder import OnnxEmbedder
from index.sentence_embedder import SentenceEmbedder
from tests.fakes import HashEmbedder, wholes

if TYPE_CHECKING:
    from index.embedder import Embedder

KINDS = ("int8", "fp32", "torch", "fake")
TEXTS = [
    "The bakery opens at six, and by seven the queue reaches the corner.",
    "",
    "Le musée rouvrira ses portes au printemps.",
    "北京の冬は乾燥していて寒い。",
    "🙂🙂🙂",
    "\x00\x07 control \u200b characters \ud800 and a lone surrogate",
    "word " * 3000,
    "The bakery opens at six, and by seven the queue reaches the corner.",
]


@pytest.fixture(scope="session")
def kinds(embedder: Embedder, model_home: Path) -> dict[str, Embedder]:
    source = find_source(DEFAULT_MODEL, model_home)
    return {
        "int8": embedder,
        "fp32": OnnxEmbedder(folder_for(source, model_home), "fp32", threads=2),
        "torch": SentenceEmbedder(source),
        "fake": HashEmbedder(),
    }


@pytest.fixture(params=KINDS)
def each(request: pytest.FixtureRequest, kinds: dict[str, Embedder]) -> Embedder:
    return kinds[request.param]


def test_vectors_have_the_stated_shape_and_length_one(each: Embedder) -> None:
    vectors = wholes(each, TEXTS)
    assert vectors.shape == (len(TEXTS), each.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:12]))
def test_any_text_can_be_a_question(each: Embedder, text: str) -> None:
    vector = each.embed_query(text)
    assert vector.shape == (each.dimension,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_an_empty_matrix_of_the_right_width(each: Embedder) -> None:
    assert wholes(each, []).shape == (0, each.dimension)


def test_vectors_come_in_the_order_of_their_texts(each: Embedder) -> None:
    texts = [f"{'long ' * (40 - number)} text number {number}" for number in range(40)]
    together = wholes(each, texts)
    for number in (0, 17, 39):
        alone = wholes(each, [texts[number]])[0]
        assert float(alone @ together[number]) == pytest.approx(1, abs=1e-4)


def test_progress_adds_up_to_the_number_of_texts(each: Embedder) -> None:
    steps: list[int] = []
    each.embed_passages([f"text {number}" for number in range(37)], [()] * 37, steps.append)
    assert sum(steps) == 37
    assert min(steps) > 0


def test_what_comes_after_the_stated_length_is_not_seen(each: Embedder) -> None:
    words = "tea " * each.max_tokens
    vectors = wholes(each, [words + "and coffee", words + "and a bicycle"])
    assert float(vectors[0] @ vectors[1]) == pytest.approx(1, abs=1e-5)


def test_concurrent_calls_give_the_vectors_of_single_ones(each: Embedder) -> None:
    questions = [f"What happened in the year {1900 + number}?" for number in range(24)]
    alone = [each.embed_query(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        passages = pool.submit(wholes, each, questions)
        together = list(pool.map(each.embed_query, questions))
    assert np.allclose(alone, together, atol=1e-6)
    assert passages.result().shape == (24, each.dimension)


def test_similar_meaning_is_nearer_than_another_subject(each: Embedder) -> None:
    question = each.embed_query("When does the bakery open?")
    near, far = wholes(each, [TEXTS[0], "Granite hardly dissolves in rainwater."])
    assert question @ near > question @ far


def test_parts_have_vectors_of_their_own_in_their_order(each: Embedder) -> None:
    text = "The bakery opens at six. Granite hardly dissolves in rainwater."
    parts = [Span(25, len(text)), Span(0, 24)]
    (found,) = each.embed_passages([text], [parts])
    assert found.parts.shape == (2, each.dimension)
    assert np.linalg.norm(found.parts, axis=1) == pytest.approx(1, abs=1e-5)
    question = each.embed_query("When does the bakery open?")
    assert found.parts[1] @ question > found.parts[0] @ question


def test_a_part_beyond_the_stated_length_has_the_vector_of_the_whole(embedder: Embedder) -> None:
    text = "tea " * embedder.max_tokens + "and a bicycle"
    (found,) = embedder.embed_passages([text], [[Span(len(text) - 7, len(text))]])
    assert np.allclose(found.parts[0], found.whole, atol=1e-6)


def test_parts_are_pooled_alike_by_every_kind(kinds: dict[str, Embedder]) -> None:
    text = "Nina Simone was born in Tryon. She studied at Juilliard, and later sang in clubs."
    parts = [Span(0, 30), Span(31, len(text))]
    vectors = [kinds[name].embed_passages([text], [parts])[0].parts for name in ("torch", "fp32")]
    assert np.sum(vectors[0] * vectors[1], axis=1).min() > 0.9999


def test_fingerprints_tell_the_kinds_apart(kinds: dict[str, Embedder]) -> None:
    assert len({each.fingerprint for each in kinds.values()}) == len(kinds)


def test_the_same_graph_has_the_same_fingerprint_again(
    embedder: Embedder, model_home: Path
) -> None:
    assert open_embedder(home=model_home).fingerprint == embedder.fingerprint


@pytest.mark.parametrize(("kind", "least"), [("fp32", 0.9999), ("int8", 0.98)])
def test_exported_graphs_agree_with_sentence_transformers(
    kinds: dict[str, Embedder], kind: str, least: float
) -> None:
    texts = [text for text in TEXTS if "\ud800" not in text and len(text) > 3]
    expected = wholes(kinds["torch"], texts)
    assert np.sum(wholes(kinds[kind], texts) * expected, axis=1).min() > least


def test_equal_texts_have_equal_vectors_whatever_their_neighbours(embedder: Embedder) -> None:
    vectors = wholes(embedder, TEXTS)
    assert np.array_equal(vectors[0], vectors[-1])
    assert np.array_equal(vectors[0], wholes(embedder, [TEXTS[0]])[0])


def test_an_interrupt_ends_the_embedding_of_passages(embedder: Embedder) -> None:
    done: list[int] = []

    def interrupt(count: int) -> None:
        done.append(count)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embedder.embed_passages(["text"] * 100_000, [()] * 100_000, interrupt)
    assert len(done) == 1


def test_a_prepared_model_runs_without_torch(embedder: Embedder, model_home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from index.models import open_embedder\n"
        "embedder = open_embedder(home=Path(sys.argv[1]))\n"
        "embedder.embed_query('Who?'); embedder.embed_passages(['He.', 'She.'], [(), ()])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'huggingface_hub'}\n"
        "print(embedder.fingerprint, sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(model_home)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert result.stdout == f"{embedder.fingerprint} []\n"
    assert result.stderr == ""


def test_memory_does_not_grow_with_the_variety_of_texts(model_home: Path) -> None:
    program = (
        "import random, resource, sys; from pathlib import Path\n"
        "from index.models import open_embedder\n"
        "embedder = open_embedder(home=Path(sys.argv[1]), threads=2)\n"
        "def run():\n"
        "    texts = ['tea ' * length for length in range(10, 260, 2)]\n"
        "    embedder.embed_passages(texts, [()] * len(texts))\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "first = run(); print(first, [run() for _ in range(3)][-1])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(model_home)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    first, last = map(int, result.stdout.split())
    assert last < 1.15 * first
