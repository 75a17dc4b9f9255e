"""How good the answers are, measured on questions whose evidence is known.

A judged set may hold judged quotations too; ``index.evaluate_quotes`` measures those.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.citation import verify
from corpus.library import Library
from corpus.loader import Loaded
from corpus.passages import passages
from corpus.span import Span
from index.answer import Answerer
from index.build import Builder, Progress
from index.evaluate_quotes import JudgedQuotes, read_quotes
from index.judged_files import naming, read_articles, rows
from index.manifest import Recipe
from index.snapshot import open_current
from index.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from corpus.article import Article
    from corpus.citation import Citation
    from index.answer import Answer
    from index.embedder import Embedder
    from index.judged_files import Documents
    from index.snapshot import Snapshot

_RANKS = 10


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question with the places that answer it.

    Attributes:
        fields: the line as it was read.
        text: the question.
        answerable: whether the articles answer it.
        evidence: article id and span in canonical text of each place that does.
    """

    fields: dict[str, Any]
    text: str
    answerable: bool
    evidence: tuple[tuple[str, Span], ...]

    def is_shown_by(self, article_id: str, span: Span) -> bool:
        """Whether ``span`` of an article overlaps a place that answers."""
        return any(id_ == article_id and place.overlaps(span) for id_, place in self.evidence)


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A folder of articles, questions and quotations, read.

    Attributes:
        library: the articles.
        questions: empty where there is no ``questions.jsonl``.
        quoting: one for each article, or none where there is no ``quotes.jsonl``.
    """

    library: Library
    questions: tuple[JudgedQuestion, ...]
    quoting: tuple[JudgedQuotes, ...] = ()

    @classmethod
    def read(cls, folder: Path, limit: int | None = None) -> JudgedSet:
        """Read ``articles.jsonl``, ``limit`` lines of ``questions.jsonl``, and ``quotes.jsonl``.

        Of the last two, one may be missing. Offsets of evidence and of quotations count in the
        text as the file has it; they are carried over to canonical text.

        Raises:
            EvaluationError: naming the file and line that does not fit.
        """
        documents = read_articles(folder)
        library = Library.of(article for article, _ in documents.values())
        asked, quoted = folder / "questions.jsonl", folder / "quotes.jsonl"
        quoting = read_quotes(quoted, documents) if quoted.exists() else ()
        questions = []
        for place, row in islice(rows(asked), limit) if asked.exists() or not quoting else ():
            with naming(place):
                questions.append(_question(row, documents))
        return cls(library, tuple(questions), quoting)


def _question(row: dict[str, Any], documents: Documents) -> JudgedQuestion:
    evidence = []
    for place in row.get("evidence") or ():
        _, map_ = documents[place["article_id"]]
        evidence.append((place["article_id"], map_.from_source(Span(place["start"], place["end"]))))
    return JudgedQuestion(row, row["question"], bool(row["answerable"]), tuple(evidence))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        question: the question.
        answer: what was shown.
        ranks: from 1, the ranks among the first ten passages that overlap evidence.
        relevant: number of passages in the index that do.
        verified: how many of the citations shown hold against the articles that were indexed.
    """

    question: JudgedQuestion
    answer: Answer
    ranks: tuple[int, ...]
    relevant: int
    verified: int

    @property
    def shows_evidence(self) -> bool:
        """Whether a sentence of the answer overlaps evidence."""
        cited = (source.citation for source in self.answer.sentences)
        return any(self.question.is_shown_by(one.article_id, one.span) for one in cited)

    @property
    def gain(self) -> float:
        """NDCG at 10 with the relevance of a passage 0 or 1."""
        ideal = sum(1 / math.log2(1 + rank) for rank in range(1, min(self.relevant, _RANKS) + 1))
        return sum(1 / math.log2(1 + rank) for rank in self.ranks) / ideal if ideal else 0.0

    def details(self) -> dict[str, Any]:
        """One line of ``--details``: the question's fields, and what became of it."""
        shown = [
            {
                "article_id": source.citation.article_id,
                "start": source.citation.span.start,
                "end": source.citation.span.end,
                "text": source.citation.text,
            }
            for source in self.answer.sentences or self.answer.nearest
        ]
        return self.question.fields | {
            "answered": self.answer.answered,
            "confidence": self.answer.confidence,
            "shown": shown,
            "shows_evidence": self.shows_evidence,
            "first_hit": self.ranks[0] if self.ranks else None,
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All outcomes of one judged set."""

    library: Library
    passages: int
    index_seconds: float
    outcomes: tuple[Outcome, ...]

    def figures(self) -> dict[str, float | int | None]:
        """The figures of ``evaluate --json``; ``None`` where there is nothing to measure on."""
        yes = [outcome for outcome in self.outcomes if outcome.question.answerable]
        no = [outcome for outcome in self.outcomes if not outcome.question.answerable]
        times = [outcome.answer.timings.total for outcome in self.outcomes]
        return {
            "articles": len(self.library),
            "passages": self.passages,
            "questions": len(self.outcomes),
            "answerable": len(yes),
            **{
                f"hits@{k}": _mean(bool(o.ranks) and o.ranks[0] <= k for o in yes)
                for k in (1, 4, 10)
            },
            "mrr@10": _mean(1 / o.ranks[0] if o.ranks else 0.0 for o in yes),
            "ndcg@10": _mean(o.gain for o in yes),
            "evidence_shown": _mean(o.shows_evidence for o in yes),
            "answered_answerable": _mean(o.answer.answered for o in yes),
            "answered_unanswerable": _mean(o.answer.answered for o in no),
            "auc": area_under_curve(
                [o.answer.confidence for o in yes], [o.answer.confidence for o in no]
            ),
            "citations": sum(_shown(o.answer) for o in self.outcomes),
            "citations_verified": sum(o.verified for o in self.outcomes),
            "index_seconds": round(self.index_seconds, 3),
            "p50_ms": round(float(np.percentile(times, 50)), 3) if times else None,
            "p95_ms": round(float(np.percentile(times, 95)), 3) if times else None,
        }


def _mean(values: Iterable[float]) -> float | None:
    listed = [float(value) for value in values]
    return round(sum(listed) / len(listed), 4) if listed else None


def _shown(answer: Answer) -> int:
    return len(answer.sentences) + len(answer.nearest)


def area_under_curve(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative, a tie counting half.

    ``None`` if there are none of a kind. Computed from ranks (Mann and Whitney, 1947).
    """
    if not positive or not negative:
        return None
    scores = np.array([*positive, *negative])
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    wins = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return round(float(wins / (len(positive) * len(negative))), 4)


def evaluate(
    judged: JudgedSet,
    embedder: Embedder,
    home: Path,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Evaluation:
    """Index the articles of ``judged`` in the empty folder ``home``, and ask every question.

    ``progress`` is told what is being done, how much of it is done and how much there is.
    """
    versions = Versions(home)

    def indexing(state: Progress) -> None:
        progress("Indexing", state.done, state.total)

    started = time.perf_counter()
    Builder(versions, embedder, indexing).build(Loaded(judged.library, ()), home)
    seconds = time.perf_counter() - started
    snapshot = open_current(versions, Recipe.of(embedder))
    answerer = Answerer.default(embedder)
    outcomes = []
    for number, question in enumerate(judged.questions, 1):
        outcomes.append(_ask(question, answerer, snapshot, judged.library))
        progress("Asking", number, len(judged.questions))
    size = snapshot.searcher.engine.size
    snapshot.close()
    return Evaluation(judged.library, size, seconds, tuple(outcomes))


def _ask(
    question: JudgedQuestion, answerer: Answerer, snapshot: Snapshot, library: Library
) -> Outcome:
    answer = answerer.answer(question.text, snapshot)
    engine = snapshot.searcher.engine
    vector = answerer.embedder.embed_query(question.text)
    found = snapshot.searcher.search(question.text, vector, _RANKS).candidates
    places = zip(found.articles, found.spans, strict=True)
    hits = [
        rank
        for rank, (article, (start, end)) in enumerate(places, 1)
        if question.is_shown_by(engine.article_ids[article], Span(int(start), int(end)))
    ]
    cited = (source.citation for source in (*answer.sentences, *answer.nearest))
    verified = sum(_holds(citation, library) for citation in cited)
    relevant = _relevant(question, library)
    return Outcome(question, answer, tuple(hits), relevant, verified)


def _holds(citation: Citation, library: Library) -> bool:
    article = library.get(citation.article_id)
    return article is not None and verify(citation, article)


def _relevant(question: JudgedQuestion, library: Library) -> int:
    """How many passages of the articles overlap evidence."""
    articles = (library.get(id_) for id_ in {id_ for id_, _ in question.evidence})
    return sum(
        question.is_shown_by(article.id, span)
        for article in articles
        if article is not None
        for span in _passage_spans(article)
    )


@lru_cache(maxsize=256)
def _passage_spans(article: Article) -> tuple[Span, ...]:
    return tuple(passage.span for passage in passages(article))
