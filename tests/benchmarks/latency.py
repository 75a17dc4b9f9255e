"""What a question costs, against its query embedding and against the size of the corpus.

    python -m tests.benchmarks.latency [--sizes 1000 10000 ...] [--questions 200]

Passages are synthetic, and so are their vectors (clustered like real ones), so that the time goes
into what is measured; the question is embedded by the real model. Each size is built and asked in
a process of its own, so that its memory is its own. Ratios are within one run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.article import Article
from corpus.formats import parse_plain
from corpus.library import Library
from corpus.loader import Loaded
from index.answer import Answerer
from index.build import Builder
from index.embedder import PassageVectors
from index.models import open_embedder
from index.snapshot import open_current
from index.versions import Versions
from tests.benchmarks import synthetic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.span import Span
    from index.embedder import Embedder, Vectors

_PASSAGES_AN_ARTICLE = 12


class SyntheticPassages:
    """An embedder with the real vectors of questions and made-up vectors of passages."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.fingerprint = f"{embedder.fingerprint}-synthetic"
        self.name = embedder.name
        self.dimension = embedder.dimension
        self.max_tokens = embedder.max_tokens
        self._seed = 0

    def embed_query(self, text: str) -> Vectors:
        return self._embedder.embed_query(text)

    def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        return self._embedder.embed_question(text, parts)

    def embed_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        progress: Callable[[int], None] | None = None,
    ) -> list[PassageVectors]:
        self._seed += 1
        wholes = synthetic.vectors(len(texts), self.dimension, self._seed)
        sentences = synthetic.vectors(sum(map(len, parts)), self.dimension, -self._seed + 2**20)
        own = np.split(sentences, np.cumsum([len(spans) for spans in parts])[:-1])
        return list(map(PassageVectors, wholes, own))


def _library(passages: int) -> Library:
    texts = list(synthetic.passages(passages))
    starts = range(0, passages, _PASSAGES_AN_ARTICLE)
    articles = []
    for number, start in enumerate(starts):
        text = "\n\n".join(texts[start : start + _PASSAGES_AN_ARTICLE])
        document = parse_plain(text, f"Article {number}")
        articles.append(
            Article(f"a{number:06}", f"Article {number}", document.text, document.blocks)
        )
    return Library.of(articles)


def _build(folder: Path, passages: int, home: Path) -> float:
    embedder = SyntheticPassages(open_embedder(home=home))
    started = time.perf_counter()
    Builder(Versions(folder), embedder).build(Loaded(_library(passages), ()), folder)
    return time.perf_counter() - started


def _ask(folder: Path, home: Path, questions: int) -> dict[str, float]:
    embedder = open_embedder(home=home)
    answerer = Answerer.default(embedder)
    opened = time.perf_counter()
    snapshot = open_current(Versions(folder))
    opened = time.perf_counter() - opened
    asked = list(synthetic.questions(questions))
    for question in asked[:20]:
        answerer.answer(question, snapshot)
    embed, whole = [], []
    for question in asked:
        started = time.perf_counter()
        embedder.embed_query(question)
        embed.append(time.perf_counter() - started)
        started = time.perf_counter()
        answerer.answer(question, snapshot)
        whole.append(time.perf_counter() - started)
    return {
        "passages": snapshot.searcher.engine.size,
        "open_ms": opened * 1000,
        "embed_p50_ms": float(np.percentile(embed, 50)) * 1000,
        "p50_ms": float(np.percentile(whole, 50)) * 1000,
        "p95_ms": float(np.percentile(whole, 95)) * 1000,
        "ratio_p50": float(np.percentile(whole, 50) / np.percentile(embed, 50)),
        "resident_mb": _resident(),
        "disk_mb": snapshot.manifest.size / 1e6,
    }


def _resident() -> float:
    """Resident memory of this process that is its own or mapped, in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 200_000])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ask:
        print(json.dumps(_ask(arguments.ask, arguments.home, arguments.questions)))
        return
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        for size in arguments.sizes:
            folder = home / str(size)
            seconds = _build(folder, size, home)
            command = [sys.executable, "-m", "tests.benchmarks.latency", "--ask", str(folder)]
            command += ["--home", place, "--questions", str(arguments.questions)]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            figures = json.loads(run.stdout) | {"build_s_without_embedding": seconds}
            print("  ".join(f"{name} {value:.4g}" for name, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
