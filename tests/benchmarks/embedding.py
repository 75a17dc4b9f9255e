"""Embedding: sentence-transformers against the exported graphs, batches, threads, concurrency.

    python -m tests.benchmarks.embedding [FOLDER]

FOLDER holds ``articles.jsonl`` and ``questions.jsonl`` (default: ``squad2`` of the judged data).
Each kind runs in a process of its own, so that start and memory are its own. Processor time is
given beside the clock's where other work on the machine would blur the latter.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import queue
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from index.exported_model import TOKENIZER, folder_for, graph_file
from index.model_source import DEFAULT_MODEL, find_source
from index.models import open_embedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.embedder import Embedder, Vectors

SHARED = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[3] / "shared"))
PASSAGE_WORDS = 120
PASSAGES = 96
QUESTIONS = 96


def load(folder: Path) -> tuple[list[str], list[str]]:
    """Some questions, and passages of 120 words."""
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines for word in json.loads(line)["text"].split()]
    starts = range(0, PASSAGES * PASSAGE_WORDS, PASSAGE_WORDS)
    passages = [" ".join(words[start : start + PASSAGE_WORDS]) for start in starts]
    with (folder / "questions.jsonl").open(encoding="utf-8") as file:
        questions = [json.loads(line)["question"] for line in itertools.islice(file, QUESTIONS)]
    return questions, passages


def resident_megabytes() -> float:
    """The largest resident memory of this process so far."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def latencies(embed: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Milliseconds of each call."""
    result = []
    for text in texts:
        began = time.perf_counter()
        embed(text)
        result.append(1000 * (time.perf_counter() - began))
    return result


def open_kind(kind: str, home: Path, threads: int, intra_op: int = 1) -> Embedder:
    """One of the embedders by its name in the tables."""
    source = find_source(DEFAULT_MODEL, home)
    if kind == "sentence-transformers":
        import torch

        from index.sentence_embedder import SentenceEmbedder

        torch.set_num_threads(threads)
        return SentenceEmbedder(source)
    from index.onnx_embedder import OnnxEmbedder

    folder = folder_for(source, home)
    return OnnxEmbedder(folder, kind, threads=threads, intra_op_threads=intra_op)


def measure_kind(kind: str, home: Path, folder: Path, threads: int) -> str:
    """One row, measured in this very process, which does nothing else."""
    embedder = open_kind(kind, home, threads)
    embedder.embed_query("first")
    start = time.process_time()
    questions, passages = load(folder)
    times = latencies(embedder.embed_query, questions)
    began, cpu = time.perf_counter(), time.process_time()
    embedder.embed_passages(passages, [()] * len(passages))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return (
        f"| {kind} | {threads} | {np.median(times):.1f} | {np.percentile(times, 95):.1f} "
        f"| {len(passages) / seconds:.0f} | {1000 * cpu / len(passages):.1f} "
        f"| {start:.2f} | {resident_megabytes():.0f} |"
    )


def compare_kinds(home: Path, folder: Path) -> None:
    print("| kind | threads | query p50 ms | p95 | passages/s | cpu ms each | start cpu s | MB |")
    print("|---|---|---|---|---|---|---|---|")
    for kind, threads in itertools.product(("sentence-transformers", "fp32", "int8"), (1, 2)):
        program = (
            "import sys; from tests.benchmarks import embedding as e; from pathlib import Path"
        )
        program += f"\nprint(e.measure_kind({kind!r}, Path({str(home)!r}), Path({str(folder)!r}), "
        program += f"{threads}))"
        subprocess.run([sys.executable, "-c", program], check=True)


class Batches:
    """The exported graph run on padded batches: what the embedder could do instead."""

    def __init__(self, folder: Path, precision: str, intra_op: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = intra_op
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        graph = folder / graph_file(precision)
        self._session = onnxruntime.InferenceSession(graph, options)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_padding()

    def embed(self, texts: Sequence[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        feed = {
            "input_ids": np.array([each.ids for each in encodings]),
            "attention_mask": np.array([each.attention_mask for each in encodings]),
            "token_type_ids": np.array([each.type_ids for each in encodings]),
        }
        vectors: Vectors = self._session.run(["sentence_embedding"], feed)[0]
        return vectors


def compare_batches(home: Path, folder: Path) -> None:
    """Passages a second by batch size, sorted by length; and what batches do to int8 vectors."""
    questions, passages = load(folder)
    where = folder_for(find_source(DEFAULT_MODEL, home), home)
    print("\n| texts | batch | threads | texts/s | cpu ms each | least cosine to the text alone |")
    print("|---|---|---|---|---|---|")
    for (name, texts), (workers, intra_op) in itertools.product(
        (("questions", questions), ("passages", passages)),
        ((1, 1), (2, 1), (1, 2)),
    ):
        batches = Batches(where, "int8", intra_op)
        ordered = sorted(texts, key=len)
        alone = np.concatenate([batches.embed([text]) for text in ordered])
        for size in (1, 8, 32):
            parts = [ordered[start : start + size] for start in range(0, len(ordered), size)]
            began, cpu = time.perf_counter(), time.process_time()
            with ThreadPoolExecutor(workers) as pool:
                together = np.concatenate(list(pool.map(batches.embed, parts)))
            rate = len(texts) / (time.perf_counter() - began)
            cpu = 1000 * (time.process_time() - cpu) / len(texts)
            cosine = np.sum(alone * together, axis=1).min()
            kind = f"{workers} runs" if workers > 1 else f"{intra_op} in the graph"
            print(f"| {name} | {size} | {kind} | {rate:.0f} | {cpu:.1f} | {cosine:.4f} |")


class MicroBatching:
    """Collects the questions that wait and embeds them together, eight at the most."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._waiting: queue.Queue[tuple[str, Future[Any]] | None] = queue.Queue()
        self._thread = Thread(target=self._run)
        self._thread.start()

    def embed_query(self, text: str) -> object:
        future: Future[Any] = Future()
        self._waiting.put((text, future))
        return future.result()

    def close(self) -> None:
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while first := self._waiting.get():
            group = [first]
            while len(group) < 8 and not self._waiting.empty():
                if (item := self._waiting.get()) is None:
                    return
                group.append(item)
            vectors = self._batches.embed([text for text, _ in group])
            for (_, future), vector in zip(group, vectors, strict=True):
                future.set_result(vector)


def compare_concurrency(home: Path, folder: Path) -> None:
    """Threads that ask one question after the other: each on its own, or collected."""
    questions, _ = load(folder)
    where = folder_for(find_source(DEFAULT_MODEL, home), home)
    print("\n| askers | way | questions/s | cpu ms each | p50 ms | p95 ms |")
    print("|---|---|---|---|---|---|")
    for askers in (1, 2, 4, 8):
        collected = {intra: MicroBatching(Batches(where, "int8", intra)) for intra in (1, 2)}
        ways: dict[str, Callable[[str], object]] = {
            "threads": open_kind("int8", home, 1).embed_query,
            "threads, 2 in the graph": open_kind("int8", home, 1, 2).embed_query,
            "micro-batches": collected[1].embed_query,
            "micro-batches, 2 in the graph": collected[2].embed_query,
        }
        for way, embed in ways.items():
            began, cpu = time.perf_counter(), time.process_time()
            with ThreadPoolExecutor(askers) as pool:
                parts = [questions[asker::askers] * 2 for asker in range(askers)]
                results = pool.map(functools.partial(latencies, embed), parts)
                times = list(itertools.chain.from_iterable(results))
            seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
            print(
                f"| {askers} | {way} | {len(times) / seconds:.0f} | {1000 * cpu / len(times):.1f} "
                f"| {np.median(times):.1f} | {np.percentile(times, 95):.1f} |"
            )
        for each in collected.values():
            each.close()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "data" / "squad2"
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        open_embedder(home=Path(home), status=print)
        print(f"prepared in {time.perf_counter() - began:.1f} s\n")
        compare_kinds(Path(home), folder)
        compare_batches(Path(home), folder)
        compare_concurrency(Path(home), folder)


if __name__ == "__main__":
    main()
