"""An exported model run by ONNX Runtime, without torch."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from index.embedder import PassageVectors, well_formed
from index.exported_model import TOKENIZER, check_files, graph_file, read_manifest
from index.graph import open_graph
from index.late_pooling import pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tokenizers import Encoding

    from corpus.span import Span
    from index.embedder import Vectors

# Texts between two reports of progress, for each thread.
_BLOCK = 16

_SENTENCE, _TOKENS = "sentence_embedding", "token_embeddings"


class OnnxEmbedder:
    """The ``Embedder`` used from the second start on: a third of torch's time and memory.

    Each text is run alone, on one thread, several texts at once. In int8 the activations are
    scaled over the whole batch, so that in a batch a text's vector depends on its neighbours
    (cosine down to .989 against the same text alone, as much as quantisation costs altogether).
    Run alone, equal texts have equal vectors: a question is answered the same however busy the
    bot is, and a vector reused by its text's hash is the one that would be computed anew. Nothing
    is padded, and memory does not grow.

    Measured on two cores with all-MiniLM-L6-v2 (``tests/benchmarks/embedding.py``), 120-word
    passages: 110 a second one by one on two threads, 87 in batches of eight, 47 in batches of 32
    (the larger, the less stays in the processor's cache), 64 to 94 with two threads inside the
    graph. Short sentences would gain a fifth from batches of eight. Concurrent questions, for the
    same reasons, run on their callers' threads: collecting eight into a batch would save 28 % of
    the processor's time (2.1 for 3.0 ms each), and nothing when one asks alone.

    Concurrent calls share one session; ONNX Runtime and the tokenizer release the interpreter.
    """

    def __init__(
        self, folder: Path, precision: str = "int8", *, threads: int = 0, intra_op_threads: int = 1
    ) -> None:
        """Load the graph of one precision from the folder of an exported model.

        Args:
            folder: What ``index.exported_model.folder_for`` names.
            precision: ``int8`` or ``fp32``.
            threads: Passages embedded at once; 0 for as many as the process has processors.
            intra_op_threads: Threads inside the graph. More than one shortens a single question
                on idle processors (2.2 to 1.4 ms) and costs throughput under load.

        Raises:
            ModelError: A file is missing or damaged.
        """
        manifest = read_manifest(folder)
        check_files(folder, manifest, precision)
        self.name = manifest.name
        self.dimension = manifest.dimension
        self.max_tokens = manifest.max_tokens
        self.fingerprint = manifest.fingerprint(precision)
        self._query_prompt = manifest.query_prompt
        self._passage_prompt = manifest.passage_prompt
        self._pools_by_mean = manifest.pools_by_mean
        self._threads = threads or _processors()
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._session = open_graph(
            folder / graph_file(precision),
            "Delete the folder to have the model prepared anew.",
            intra_op_threads,
        )
        self._inputs = frozenset(each.name for each in self._session.get_inputs())

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question, with the model's query prompt: shape ``(dimension,)``."""
        return self.embed_question(text, ()).whole

    def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        """The vector of a question, and of the given spans of it."""
        return self._embed(self._query_prompt, text, parts)

    def embed_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        progress: Callable[[int], None] | None = None,
    ) -> list[PassageVectors]:
        """The vectors of passages and of the given spans of each, in the given order."""
        passages = list(zip(texts, parts, strict=True))

        def embed_block(start: int) -> list[PassageVectors]:
            block = passages[start : start + _BLOCK]
            return [self._embed(self._passage_prompt, *passage) for passage in block]

        vectors: list[PassageVectors] = []
        with (
            ThreadPoolExecutor(self._threads) as pool_,
            _cancelled_on_error(pool_),
        ):
            for block in pool_.map(embed_block, range(0, len(passages), _BLOCK)):
                vectors += block
                if progress:
                    progress(len(block))
        return vectors

    def _embed(self, prompt: str, text: str, parts: Sequence[Span]) -> PassageVectors:
        encoding = self._encode(prompt + text)
        if not parts or not self._pools_by_mean:
            alone = [
                self._run(self._encode(prompt + part.of(text)), _SENTENCE)[0] for part in parts
            ]
            own = np.array(alone, np.float32).reshape(-1, self.dimension)
            return PassageVectors(self._run(encoding, _SENTENCE)[0], own)
        whole, tokens = self._run(encoding, _SENTENCE, _TOKENS)
        shifted = [part.shifted(len(prompt)) for part in parts]
        return PassageVectors(whole, pool(tokens, encoding.offsets, shifted, whole))

    def _encode(self, text: str) -> Encoding:
        return self._tokenizer.encode(well_formed(text))

    def _run(self, encoding: Encoding, *outputs: str) -> list[Vectors]:
        """The named outputs of the graph for one text."""
        ids = np.array([encoding.ids], dtype=np.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.array([encoding.type_ids], dtype=np.int64),
        }
        feed = {name: value for name, value in feed.items() if name in self._inputs}
        return [output[0] for output in self._session.run(list(outputs), feed)]


@contextmanager
def _cancelled_on_error(pool: ThreadPoolExecutor) -> Iterator[None]:
    """On an error, an interrupt above all, leaves undone what the pool has not begun."""
    try:
        yield
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _processors() -> int:
    """Processors this process may use: a container's limit counts, not the machine's number."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
