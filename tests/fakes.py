"""Real implementations of the project's protocols that need no model, network or disk."""

from __future__ import annotations

import hashlib
import re
from threading import Event, Lock
from typing import TYPE_CHECKING

import numpy as np

from index.embedder import PassageVectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.span import Span
    from index.embedder import Embedder, Vectors

_WORD = re.compile(r"\w+")


def wholes(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """The vectors of whole passages, shape ``(len(texts), dimension)``."""
    found = embedder.embed_passages(texts, [()] * len(texts))
    return np.array([one.whole for one in found], np.float32).reshape(-1, embedder.dimension)


class HashEmbedder:
    """An ``Embedder`` by hashing words into dimensions: texts that share words are similar.

    Deterministic, and counting: ``query_calls``, ``passage_calls`` and ``passages`` (all texts
    embedded as passages, in order) show what was asked of it. ``salt`` makes another model of it.
    """

    name = "hash-embedder"
    max_tokens = 256

    def __init__(self, dimension: int = 64, salt: str = "") -> None:
        self.dimension = dimension
        self.fingerprint = f"hash-embedder-{dimension}-{salt}"
        self.query_calls = 0
        self.passage_calls = 0
        self.passages: list[str] = []
        self._salt = salt
        self._lock = Lock()

    def embed_query(self, text: str) -> Vectors:
        with self._lock:
            self.query_calls += 1
        return self._embed(text)

    def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        with self._lock:
            self.query_calls += 1
        return self._with_parts(text, parts)

    def embed_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        progress: Callable[[int], None] | None = None,
    ) -> list[PassageVectors]:
        with self._lock:
            self.passage_calls += 1
            self.passages += texts
        vectors = []
        for text, spans in zip(texts, parts, strict=True):
            vectors.append(self._with_parts(text, spans))
            if progress:
                progress(1)
        return vectors

    def _with_parts(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        own = np.array([self._embed(span.of(text)) for span in parts], np.float32)
        return PassageVectors(self._embed(text), own.reshape(-1, self.dimension))

    def _embed(self, text: str) -> Vectors:
        # One for every text keeps the vector of a text without words from being zero.
        counts = np.zeros(self.dimension, dtype=np.float32)
        counts[0] = 0.1
        for word in _WORD.findall(text.lower())[: self.max_tokens]:
            digest = hashlib.sha256(f"{self._salt}{word}".encode()).digest()
            counts[int.from_bytes(digest[:4], "big") % self.dimension] += 1
        vector: Vectors = counts / np.linalg.norm(counts)
        return vector


class SlowEmbedder(HashEmbedder):
    """Embeds a question only when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = Event()
        self.go = Event()

    def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        self.asked.set()
        assert self.go.wait(10)
        return super().embed_question(text, parts)
