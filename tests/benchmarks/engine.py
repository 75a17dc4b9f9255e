"""What the two legs of the embedded engine were chosen by, against the other candidates.

Run ``python -m tests.benchmarks.engine quality|lexical|vectors [--sizes N ...]``. Each candidate
runs in a process of its own, so that memory is its own; compare the lines of one run with one
another, not with another machine's. A candidate that is not installed is skipped with a line.
``quality`` reads ``squad2`` in ``$ONRECORD_SHARED/data`` or else ``../shared/data``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import time
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np

from index.engines import lexical
from index.engines import vectors as dense
from index.terms import content_terms, terms
from tests.benchmarks import synthetic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    Search = Callable[[str], Sequence[int]]

_DEPTH = 50
_QUESTIONS = 1_000


class Candidate(Protocol):
    """A word index: written once, then asked for the rows that match best."""

    module: ClassVar[str]

    @staticmethod
    def build(folder: Path, texts: Iterable[str]) -> None: ...

    @staticmethod
    def open(folder: Path) -> Search: ...


class Tantivy:
    """What the project uses."""

    module: ClassVar[str] = "tantivy"

    @staticmethod
    def build(folder: Path, texts: Iterable[str]) -> None:
        lexical.build(folder, (lexical.LexicalRow(row, text) for row, text in enumerate(texts)))

    @staticmethod
    def open(folder: Path) -> Search:
        index = lexical.LexicalIndex.open(folder)
        return lambda text: index.search(text, _DEPTH)[0].tolist()


class Fts5:
    """SQLite's full text search over the same terms."""

    module: ClassVar[str] = "sqlite3"

    @staticmethod
    def build(folder: Path, texts: Iterable[str]) -> None:
        with sqlite3.connect(folder / "words.db") as base:
            base.execute(
                "CREATE VIRTUAL TABLE t USING fts5"
                "(words, content='', tokenize=\"unicode61 tokenchars '.&'\")"
            )
            rows = ((row, " ".join(terms(text))) for row, text in enumerate(texts))
            base.executemany("INSERT INTO t(rowid, words) VALUES (?, ?)", rows)
            base.execute("INSERT INTO t(t) VALUES ('optimize')")

    @staticmethod
    def open(folder: Path) -> Search:
        base = sqlite3.connect(f"file:{folder / 'words.db'}?mode=ro", uri=True)
        sql = f"SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT {_DEPTH}"

        def search(text: str) -> list[int]:
            wanted = " OR ".join(f'"{term}"' for term in content_terms(terms(text)))
            return [row for (row,) in base.execute(sql, (wanted,))]

        return search


class Bm25s:
    """Scores computed when indexing, memory-mapped; every passage with one of the words summed."""

    module: ClassVar[str] = "bm25s"

    @staticmethod
    def build(folder: Path, texts: Iterable[str]) -> None:
        index = import_module("bm25s").BM25(method="lucene", k1=1.2, b=0.75)
        index.index([terms(text) for text in texts], show_progress=False)
        index.save(folder, show_progress=False)

    @staticmethod
    def open(folder: Path) -> Search:
        index = import_module("bm25s").BM25.load(folder, mmap=True, show_progress=False)
        size = index.scores["num_docs"]

        def search(text: str) -> list[int]:
            wanted = [content_terms(terms(text))]
            found = index.retrieve(wanted, k=min(_DEPTH, size), show_progress=False)
            return [int(row) for row in found.documents[0]]

        return search


_ENGINES: tuple[type[Candidate], ...] = (Tantivy, Fts5, Bm25s)


def _memory() -> float:
    """Resident megabytes of this process, file pages included."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) / 1024


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*")) / 1e6


def _timed(search: Callable[[Any], object], queries: Iterable[Any]) -> tuple[float, float]:
    """Milliseconds of a search: median and 95th percentile."""
    taken = []
    for query in queries:
        start = time.perf_counter()
        search(query)
        taken.append((time.perf_counter() - start) * 1e3)
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def _apart(task: Callable[..., str], *arguments: object) -> str:
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(task, arguments)


def _build_lexical(engine: type[Candidate], folder: Path, n: int) -> str:
    start = time.perf_counter()
    engine.build(folder, synthetic.passages(n))
    return f"{n:8} {engine.module:8} {time.perf_counter() - start:7.1f} {_size(folder):8.1f}"


def _search_lexical(engine: type[Candidate], folder: Path) -> str:
    questions = list(synthetic.questions(_QUESTIONS))
    terms(" ".join(questions))
    before, start = _memory(), time.perf_counter()
    search = engine.open(folder)
    search(questions[0])
    opened = (time.perf_counter() - start) * 1e3
    median, slow = _timed(search, questions)
    return f"{opened:8.1f} {median:7.2f} {slow:7.2f} {_memory() - before:8.1f}"


def _lexical_line(engine: type[Candidate], n: int) -> str:
    if not find_spec(engine.module):
        return f"{n:8} {engine.module:8} not installed"
    with TemporaryDirectory() as folder:
        built = _apart(_build_lexical, engine, Path(folder), n)
        return f"{built} {_apart(_search_lexical, engine, Path(folder))}"


def compare_lexical(sizes: Iterable[int]) -> None:
    print("passages engine   build s  disk MB  open ms  p50 ms  p95 ms   RSS MB")
    for n in sizes:
        for engine in _ENGINES:
            print(_lexical_line(engine, n), flush=True)


def _squad() -> tuple[list[tuple[str, str, int, int]], list[Any], dict[str, str]]:
    """Passages of whole sentences up to 120 words (article, title, start, end) and questions."""
    folder = Path(os.environ.get("ONRECORD_SHARED", "../shared")) / "data" / "squad2"
    articles = [json.loads(line) for line in (folder / "articles.jsonl").open(encoding="utf-8")]
    questions = [json.loads(line) for line in (folder / "questions.jsonl").open(encoding="utf-8")]
    passages = [
        (article["id"], article["title"], start, end)
        for article in articles
        for start, end in _packed(article["text"])
    ]
    texts = {article["id"]: article["text"] for article in articles}
    return passages, [question for question in questions if question["answerable"]], texts


def _packed(text: str, most: int = 120) -> Iterable[tuple[int, int]]:
    ends = [found.end() for found in re.finditer(r"[.!?][\"”)\]]*\s+(?=[A-Z\"“(])", text)]
    start = end = 0
    for at in [*ends, len(text)]:
        if end > start and len(text[start:at].split()) > most:
            yield start, end
            start = end
        end = at
    yield start, end


def _quality(engine: type[Candidate], title: bool) -> str:
    passages, questions, texts = _squad()
    rows = [(f"{p[1]}\n" if title else "") + texts[p[0]][p[2] : p[3]] for p in passages]
    with TemporaryDirectory() as folder:
        engine.build(Path(folder), rows)
        search = engine.open(Path(folder))
        ranks = np.array([_rank(question, passages, search) for question in questions])
    hits = " ".join(f"{(ranks <= k).mean():7.3f}" for k in (1, 4, 10, 50))
    return f"{hits} {np.where(ranks <= 10, 1 / ranks, 0).mean():7.3f}"


def _rank(question: Any, passages: list[tuple[str, str, int, int]], search: Search) -> float:
    for rank, row in enumerate(search(question["question"]), start=1):
        article, _, start, end = passages[row]
        for evidence in question["evidence"]:
            if article == evidence["article_id"] and max(start, evidence["start"]) < min(
                end, evidence["end"]
            ):
                return rank
    return float("inf")


def compare_quality() -> None:
    print(f"{'SQuAD 2.0 dev, 999 questions':32}  hits@1       4      10      50  MRR@10")
    for engine in _ENGINES:
        for title in (True, False):
            name = f"{engine.module}, {'with' if title else 'without'} title"
            there = find_spec(engine.module)
            print(f"{name:32} {_quality(engine, title) if there else 'not installed'}", flush=True)


_STORAGES = {"fp32": "IndexFlatIP", "fp16": "QT_fp16", "bf16": "QT_bf16", "8 bit": "QT_8bit"}


def _index(faiss: Any, kind: str, n: int, dimension: int) -> Any:
    product, quantizer = faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer
    if kind == "fp32":
        return faiss.IndexFlatIP(dimension)
    if kind.startswith("HNSW"):
        index = faiss.IndexHNSWSQ(dimension, quantizer.QT_fp16, 32, product)
        index.hnsw.efSearch = 128
        return index
    if kind.startswith("IVF"):
        lists = faiss.IndexFlatIP(dimension)
        storage = quantizer.QT_8bit if "8" in kind else quantizer.QT_fp16
        index = faiss.IndexIVFScalarQuantizer(lists, dimension, int(4 * n**0.5), storage, product)
        index.nprobe = 64
        return index
    return faiss.IndexScalarQuantizer(dimension, getattr(quantizer, _STORAGES[kind]), product)


def _vector_line(kind: str, n: int, dimension: int) -> str:
    faiss: Any = import_module("faiss")
    rows = synthetic.vectors(n, dimension, 1)
    with TemporaryDirectory() as folder:
        path, start = Path(folder) / "vectors", time.perf_counter()
        if kind == "ours":
            dense.build(path, dimension, (rows[at : at + 10_000] for at in range(0, n, 10_000)))
        else:
            made = _index(faiss, kind, n, dimension)
            made.train(rows)
            made.add(rows)
            faiss.write_index(made, str(path))
        built = f"{time.perf_counter() - start:7.1f} {path.stat().st_size / 1e6:8.1f}"
        return f"{n:8} {kind:10} {built} {_searched(faiss, kind, path, rows)}"


def _searched(faiss: Any, kind: str, path: Path, rows: NDArray[np.float32]) -> str:
    queries = synthetic.vectors(200, rows.shape[1], 2)
    pairs = list(zip(_exact(faiss, rows, queries), queries, strict=True))
    search = _searching(faiss, kind, path)
    recall = np.mean([np.isin(expected, search(query)).mean() for expected, query in pairs])
    used, begun = time.process_time(), time.perf_counter()
    median, slow = _timed(search, queries)
    cores = (time.process_time() - used) / (time.perf_counter() - begun)
    return f"{recall:7.4f} {median:7.2f} {slow:7.2f} {cores:6.2f}"


def _exact(faiss: Any, rows: NDArray[np.float32], queries: NDArray[np.float32]) -> Any:
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    return index.search(queries, _DEPTH)[1]


def _searching(faiss: Any, kind: str, path: Path) -> Callable[[Any], Any]:
    if kind == "ours":
        index = dense.VectorIndex.open(path)
        return lambda query: index.search(query, _DEPTH)[0]
    other = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    return lambda query: other.search(query[None], _DEPTH)[1][0]


def compare_vectors(sizes: Iterable[int], dimension: int = 384) -> None:
    kinds = ("ours", *_STORAGES, "IVF fp16", "IVF 8 bit", "HNSW fp16")
    print(" vectors kind       build s  disk MB  recall  p50 ms  p95 ms  cores")
    for n in sizes:
        for kind in kinds:
            print(_apart(_vector_line, kind, n, dimension), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["quality", "lexical", "vectors"])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 200_000])
    chosen = parser.parse_args()
    if chosen.what == "quality":
        compare_quality()
    elif chosen.what == "lexical":
        compare_lexical(chosen.sizes)
    else:
        compare_vectors(chosen.sizes)


if __name__ == "__main__":
    main()
