"""Who said this, over many quotations: ``python -m tests.benchmarks.whosaid [COUNT]``.

Prints how long a verdict takes over COUNT (10,000) quotations against embedding one question in
the same run, for words that are exact, altered, spliced and in no article, and how long listing a
speaker's quotations on a topic takes. Texts and the vectors of passages and quotations are
synthetic, queries are embedded. Then how well restatements and topics are told on hand-made sets
over the shipped articles, for the bounds in ``index.restated`` and ``index.quote_index``.
"""

from __future__ import annotations

import statistics
import sys
import time
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.conversation import QuoteRequest
from bot.quoting import look_up
from bot.settings import SHIPPED_ARTICLES
from corpus.loader import load_folder
from index.embedder import PassageVectors
from index.live import LiveIndex
from index.manifest import Recipe
from index.models import open_embedder
from index.verdict import Verdict
from index.versions import Versions
from index.whosaid import examine
from tests.benchmarks.synthetic import passages, vectors
from tests.benchmarks.whosaid_sets import OFF_TOPIC, ON_TOPIC, OTHERS, RESTATED
from tests.making import article, build, loaded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from corpus.article import Article
    from corpus.span import Span
    from index.embedder import Embedder
    from index.snapshot import Snapshot

_ROUNDS = 60
_PER_ARTICLE = 20
_FIRST = ("Ann", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gia", "Hal", "Ida", "Jon", "Kit", "Lea")
_LAST = ("Abbot", "Burr", "Crane", "Dell", "Ensor", "Frost", "Grove", "Hale", "Ives", "Judd")


class _Synthetic:
    """The embedder given, but for passages, whose vectors are made up: they cost nothing."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors = vectors(4096, embedder.dimension)
        self._at = 0
        self.name, self.fingerprint = "synthetic", "synthetic"
        self.dimension, self.max_tokens = embedder.dimension, embedder.max_tokens
        self.embed_query, self.embed_question = embedder.embed_query, embedder.embed_question

    def embed_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        progress: Callable[[int], None] | None = None,
    ) -> list[PassageVectors]:
        """Some vectors of the right shapes."""
        del progress
        found = []
        for spans in parts[: len(texts)]:
            rows = [(self._at + step) % len(self._vectors) for step in range(len(spans) + 1)]
            self._at += len(rows)
            found.append(PassageVectors(self._vectors[rows[0]], self._vectors[rows[1:]]))
        return found


def _articles(count: int) -> Iterator[Article]:
    said = (text.split(". ")[0].rstrip(".") for text in passages(count, words=60))
    quotes = (
        f"“{words},” said {_FIRST[number % 12]} {_LAST[number % 120 // 12]}."
        for number, words in enumerate(said)
    )
    number = 0
    while group := list(islice(quotes, _PER_ARTICLE)):
        yield article(f"a{number:05}", *group, title=f"Article {number}")
        number += 1


def _milliseconds(*runs: Callable[[], object]) -> list[float]:
    """The median of some rounds, after two that do not count, in which all take turns.

    In turns, for a model that runs again and again finds all of it in the processor's cache.
    """
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(_ROUNDS + 2):
        for run, taken in zip(runs, times, strict=True):
            started = time.perf_counter()
            run()
            taken.append((time.perf_counter() - started) * 1000)
    return [statistics.median(taken[2:]) for taken in times]


def _asked(snapshot: Snapshot) -> dict[str, str]:
    """Words to ask about, made of quotations from the middle of the corpus."""
    rows = [len(snapshot.quotes) // 2, len(snapshot.quotes) // 3]
    texts = [
        one.span.of(snapshot.article(one.article_id).text).split()
        for one in snapshot.quotes.store.get(rows)
    ]
    one, other = texts
    changed = [word if at != len(one) // 2 else "seven" for at, word in enumerate(one)]
    return {
        "exact": " ".join(one),
        "altered": " ".join(changed),
        "spliced": " ".join([*one[:6], *other[-6:]]),
        "in no article": "Nobody ever thought of counting the green umbrellas before breakfast",
    }


def timing(count: int, embedder: Embedder) -> None:
    """Print the figures on time."""
    synthetic = _Synthetic(embedder)
    with TemporaryDirectory(prefix="onrecord-") as folder:
        started = time.perf_counter()
        build(Path(folder), loaded(*_articles(count)), synthetic)
        built = time.perf_counter() - started
        live = LiveIndex(Versions(Path(folder)), Recipe.of(synthetic))
        snapshot = live.snapshot()
        print(f"{len(snapshot.quotes):,} quotations, {len(snapshot.quotes.speakers)} speakers")
        print(f"read, merged and written in {built:.1f} s (vectors made up)")
        for name, text in _asked(snapshot).items():
            verdict = examine(text, snapshot, synthetic).verdict
            embedding, took = _milliseconds(
                partial(embedder.embed_query, text), partial(examine, text, snapshot, synthetic)
            )
            print(f"{name}: {verdict}: {took:.2f} ms, {took / embedding:.2f} of embedding it")
        request = QuoteRequest(speaker="Eva Frost", about="green umbrellas")
        embedding, took = _milliseconds(
            partial(embedder.embed_query, request.about),
            partial(look_up, request, live, synthetic),
        )
        print(f"a speaker on a topic: {took:.2f} ms, {took / embedding:.2f} of embedding it")


def quality(embedder: Embedder) -> None:
    """Print how many restatements and topics are told rightly."""
    with TemporaryDirectory(prefix="onrecord-") as folder:
        build(Path(folder), load_folder(SHIPPED_ARTICLES), embedder)
        snapshot = LiveIndex(Versions(Path(folder)), Recipe.of(embedder)).snapshot()
        for name, texts in (("restated quotations", RESTATED), ("other claims", OTHERS)):
            told = sum(
                examine(text, snapshot, embedder).verdict is not Verdict.ABSENT for text in texts
            )
            print(f"{name}: {told} of {len(texts)} found to say what an article says")
        for name, topics in (("topics spoken on", ON_TOPIC), ("other topics", OFF_TOPIC)):
            found = 0
            for speaker, topic in topics:
                (who,) = snapshot.quotes.names.find(speaker)
                rows = snapshot.quotes.store.rows(who.id)
                vector = embedder.embed_query(topic)
                found += bool(snapshot.quotes.topic(vector, topic, rows).fits.any())
            print(f"{name}: {found} of {len(topics)} found to be spoken on")


def main(arguments: Sequence[str]) -> None:
    """Print all figures."""
    with TemporaryDirectory(prefix="onrecord-") as home:
        embedder = open_embedder(home=Path(home))
        timing(int(arguments[0]) if arguments else 10_000, embedder)
        quality(embedder)


if __name__ == "__main__":
    main(sys.argv[1:])
