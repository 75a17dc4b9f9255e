"""Indexing and asking, against LlamaIndex on the same passages with the same model.

    python -m tests.benchmarks.llamaindex [FOLDER] [--questions N]

``FOLDER`` is a judged set (see ``onrecord evaluate``; default: ``squad2`` in
``$ONRECORD_SHARED/data`` or else ``../shared/data``). LlamaIndex is set up with FAISS and BM25,
fused by reciprocal rank, and sentence-transformers. It is no dependency of the project; install
``llama-index-core llama-index-retrievers-bm25 llama-index-vector-stores-faiss
llama-index-embeddings-huggingface`` to run this. Questions are asked of both in turns, so that
what else the machine does falls on both alike; compare the ratios.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.loader import Loaded
from corpus.span import Span
from index.answer import Answerer
from index.build import Builder
from index.evaluate import JudgedSet
from index.model_source import DEFAULT_MODEL, find_source
from index.models import open_embedder
from index.prepare import prepare
from index.snapshot import open_current
from index.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.evaluate import JudgedQuestion

_CUTS = (1, 4, 10)


class LlamaIndex:
    """LlamaIndex over the project's own passages."""

    def __init__(self, judged: JudgedSet, home: Path) -> None:
        import faiss
        from llama_index.core import Settings, StorageContext, VectorStoreIndex
        from llama_index.core.llms import MockLLM
        from llama_index.core.retrievers import QueryFusionRetriever
        from llama_index.core.schema import TextNode
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding
        from llama_index.retrievers.bm25 import BM25Retriever
        from llama_index.vector_stores.faiss import FaissVectorStore

        model = str(find_source(DEFAULT_MODEL, home).folder)
        Settings.embed_model = HuggingFaceEmbedding(model_name=model, device="cpu")
        Settings.llm = MockLLM()
        nodes = []
        for article in judged.library:
            for one in prepare(article):
                place = {"article": article.id, "start": one.passage.span.start}
                node = TextNode(text=one.text, metadata=place | {"end": one.passage.span.end})
                node.excluded_embed_metadata_keys = ["article", "start", "end"]
                nodes.append(node)
        started = time.perf_counter()
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(384))
        context = StorageContext.from_defaults(vector_store=store)
        index = VectorStoreIndex(nodes, storage_context=context)
        words = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=50)
        self.seconds = time.perf_counter() - started
        self._fused: Any = QueryFusionRetriever(
            [index.as_retriever(similarity_top_k=50), words],
            similarity_top_k=10,
            num_queries=1,
            mode="reciprocal_rerank",
            use_async=False,
        )

    def ask(self, question: JudgedQuestion) -> int | None:
        """Rank of the first passage that overlaps evidence."""
        places = [found.node.metadata for found in self._fused.retrieve(question.text)]
        spans = [(one["article"], Span(one["start"], one["end"])) for one in places]
        return _rank(question, spans)


class OnRecord:
    """The project itself; a question is answered, not only searched for."""

    def __init__(self, judged: JudgedSet, home: Path) -> None:
        embedder = open_embedder(home=home)
        started = time.perf_counter()
        versions = Versions(home / "collection")
        Builder(versions, embedder).build(Loaded(judged.library, ()), home)
        self.seconds = time.perf_counter() - started
        self._snapshot = open_current(versions)
        self._answerer = Answerer.default(embedder)

    def ask(self, question: JudgedQuestion) -> None:
        self._answerer.answer(question.text, self._snapshot)

    def rank(self, question: JudgedQuestion) -> int | None:
        """Rank of the first passage that overlaps evidence."""
        vector = self._answerer.embedder.embed_query(question.text)
        found = self._snapshot.searcher.search(question.text, vector, _CUTS[-1]).candidates
        ids = self._snapshot.searcher.engine.article_ids
        places = zip(found.articles, found.spans.tolist(), strict=True)
        return _rank(question, [(ids[article], Span(*span)) for article, span in places])


def _rank(question: JudgedQuestion, places: Sequence[tuple[str, Span]]) -> int | None:
    for rank, place in enumerate(places, 1):
        if question.is_shown_by(*place):
            return rank
    return None


def main() -> None:
    """Run both and print a line each, then the ratios."""
    shared = Path(os.environ.get("ONRECORD_SHARED", "../shared"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?", default=shared / "data" / "squad2")
    parser.add_argument("--questions", type=int, default=300)
    arguments = parser.parse_args()
    if find_spec("llama_index") is None:
        sys.exit("skipped: LlamaIndex is not installed; see the first lines of this file")
    judged = JudgedSet.read(arguments.folder)
    answerable = [one for one in judged.questions if one.answerable][: arguments.questions]
    with tempfile.TemporaryDirectory() as place:
        ours, theirs = OnRecord(judged, Path(place)), LlamaIndex(judged, Path(place))
        times: dict[str, list[float]] = {"On Record": [], "LlamaIndex": []}
        ranks: dict[str, list[int | None]] = {"On Record": [], "LlamaIndex": []}
        for question in answerable:
            started = time.perf_counter()
            ours.ask(question)
            between = time.perf_counter()
            ranks["LlamaIndex"].append(theirs.ask(question))
            times["LlamaIndex"].append(time.perf_counter() - between)
            times["On Record"].append(between - started)
            ranks["On Record"].append(ours.rank(question))
    seconds = {"On Record": ours.seconds, "LlamaIndex": theirs.seconds}
    for name, found in ranks.items():
        hits = [np.mean([rank is not None and rank <= cut for rank in found]) for cut in _CUTS]
        told = " ".join(f"hits@{cut} {hit:.3f}" for cut, hit in zip(_CUTS, hits, strict=True))
        p50 = np.percentile(times[name], 50) * 1000
        print(f"{name:11} index {seconds[name]:6.1f} s  question p50 {p50:6.2f} ms  {told}")
    index = seconds["On Record"] / seconds["LlamaIndex"]
    asking = np.percentile(times["On Record"], 50) / np.percentile(times["LlamaIndex"], 50)
    print(f"ratio       index {index:6.2f}    question     {asking:6.2f}")


if __name__ == "__main__":
    main()
