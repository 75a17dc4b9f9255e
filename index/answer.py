"""Which sentences answer a question, whether any does, and the proof of each."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.citation import Citation, verify
from corpus.fragment import link_to
from corpus.sections import section_at
from corpus.span import Span
from index.judge import Judgement, SignalJudge
from index.question import QuestionForm
from index.source import Shown, Source
from index.spoken_answers import Spoken, spoken
from index.tokens import Trait, bare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from index.embedder import Embedder, PassageVectors
    from index.engine import Candidates
    from index.judge import Judge
    from index.search import Ranked
    from index.snapshot import Snapshot
    from index.whosaid import Examination

__all__ = ["Answer", "Answerer", "Source", "Timings"]

SENTENCES = 3
"""Sentences of an answer at most, and nearest passages of a refusal, unless told otherwise."""
MOST = 10
"""Sentences that a reader who wants more gets at most, the ones first shown included."""
PASSAGES = 8
"""Passages whose sentences are judged: of answerable questions on SQuAD 2.0 dev 96 in 100 have
evidence in them."""
_ALONGSIDE = 0.15
"""A further sentence is shown if its score is at least this share of the best one's."""
_REPEATS = 0.7
"""Two sentences that share this much of the shorter one's words say the same."""
_NEAREST_CHARACTERS = 400
"""A nearest passage grows from its best sentence to its neighbours up to this size."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timings:
    """How long each part took, in milliseconds."""

    embed: float
    search: float
    answer: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question, or that it does not say.

    Attributes:
        question: as it was asked.
        answered: whether the corpus answers.
        confidence: how surely it does, 0 to 1.
        sentences: the sentences that answer, in reading order; none if it does not.
        nearest: passages that come nearest, best first; none if it answers.
        index_version: the version that was asked.
        timings: how long it took.
        more: where further sentences that answer stand, numbered on from ``sentences``, in reading
            order. They are read and verified when they are asked for.
        examination: the verdict on the words whose speaker was asked for, if that was asked.
    """

    question: str
    answered: bool
    confidence: float
    sentences: tuple[Source, ...]
    nearest: tuple[Source, ...]
    index_version: str
    timings: Timings
    more: tuple[Shown, ...] = ()
    examination: Examination | None = None


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from one snapshot at a time.

    Attributes:
        embedder: the model that the snapshots were made with.
        judge: decides which sentences answer.
    """

    embedder: Embedder
    judge: Judge

    @classmethod
    def default(cls, embedder: Embedder) -> Answerer:
        """An answerer with the judge that comes with this package."""
        return cls(embedder, SignalJudge.load())

    def answer(self, question: str, snapshot: Snapshot, limit: int = SENTENCES) -> Answer:
        """Answer ``question`` from ``snapshot`` in at most ``limit`` sentences."""
        started = time.perf_counter()
        form = QuestionForm.of(question)
        vectors = self.embedder.embed_question(question, form.spans)
        embedded = time.perf_counter()
        ranked = snapshot.searcher.search(question, vectors.whole, PASSAGES)
        searched = time.perf_counter()
        picked = self._pick(form, vectors, ranked, snapshot, limit)
        shown = _prove(picked.shown, ranked, snapshot)
        more = _noted(picked.more, ranked, snapshot, len(shown))
        nearest = _prove(picked.nearest, ranked, snapshot)
        ordinary = Spoken(picked.confidence, shown, more, nearest)
        said = spoken(question, ordinary, snapshot, self.embedder, limit, self.judge.threshold)
        done = time.perf_counter()
        return Answer(
            question=question,
            answered=bool(said.shown),
            confidence=said.confidence,
            sentences=said.shown,
            nearest=said.nearest,
            index_version=snapshot.manifest.version,
            timings=_timings(started, embedded, searched, done),
            more=said.more,
            examination=said.examination,
        )

    def _pick(
        self,
        form: QuestionForm,
        vectors: PassageVectors,
        ranked: Ranked,
        snapshot: Snapshot,
        limit: int,
    ) -> _Picked:
        if not len(ranked.candidates.rows):
            return _Picked(0.0)
        judgement = self.judge.judge(form, vectors, ranked, snapshot)
        confidence = judgement.confidence
        if confidence < self.judge.threshold:
            return _Picked(confidence, nearest=_nearest(ranked.candidates, judgement, limit))
        shown = _sentences(ranked.candidates, judgement, limit)
        further = _sentences(ranked.candidates, judgement, max(limit, MOST))
        known = {part.first for part in shown}
        return _Picked(confidence, shown, [part for part in further if part.first not in known])


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence, or sentences in a row, to be shown: ``first`` to ``last`` among candidates."""

    first: int
    last: int
    context: bool = False


@dataclass(frozen=True, slots=True)
class _Picked:
    """The sentences of an answer and what there is beyond, or else the nearest passages."""

    confidence: float
    shown: Sequence[_Part] = ()
    more: Sequence[_Part] = ()
    nearest: Sequence[_Part] = ()


def _timings(started: float, embedded: float, searched: float, done: float) -> Timings:
    parts = (embedded - started, searched - embedded, done - searched, done - started)
    return Timings(*(round(part * 1000, 3) for part in parts))


def _sentences(found: Candidates, judgement: Judgement, limit: int) -> list[_Part]:
    """The sentences that answer, with what they need to be understood, in reading order."""
    order = np.argsort(-judgement.scores, kind="stable")
    floor = judgement.scores[order[0]] * _ALONGSIDE
    picked: list[int] = []
    context: set[int] = set()
    for sentence in map(int, order):
        if judgement.scores[sentence] < floor or len(picked) + len(context) >= limit:
            break
        if sentence in context:
            context.discard(sentence)
            picked.append(sentence)
        elif not any(_repeats(found, sentence, other) for other in picked):
            needed = [one for one in _needed(found, sentence) if one not in picked]
            room = limit - len(picked) - len(context) - 1
            if picked and len(needed) > room:
                continue
            picked.append(sentence)
            context.update(needed[:room])
    parts = [_Part(one, one, one in context) for one in {*picked, *context}]
    return sorted(parts, key=lambda part: (found.owners[part.first], part.first))


def _needed(found: Candidates, sentence: int) -> Iterator[int]:
    """The sentences before ``sentence`` that it points back to, nearest first, at most two."""
    for _ in range(2):
        before = sentence - 1
        if not found.traits[sentence] & Trait.DEPENDENT:
            return
        if before < 0 or found.owners[before] != found.owners[sentence]:
            return
        yield before
        sentence = before


def _repeats(found: Candidates, one: int, other: int) -> bool:
    words, more = _words(found, one), _words(found, other)
    fewer = min(len(words), len(more))
    return fewer > 0 and len(np.intersect1d(words, more)) >= _REPEATS * fewer


def _words(found: Candidates, sentence: int) -> NDArray[np.uint32]:
    start, end = np.searchsorted(found.token_owners, [sentence, sentence + 1])
    return np.unique(bare(found.tokens[start:end]))


def _nearest(found: Candidates, judgement: Judgement, limit: int) -> list[_Part]:
    """The best part of each of the best passages."""
    parts = []
    for passage in range(min(limit, len(found.rows))):
        first, last = np.searchsorted(found.owners, [passage, passage + 1])
        best = first + int(np.argmax(judgement.scores[first:last]))
        parts.append(_grown(found, best, int(first), int(last) - 1))
    return parts


def _grown(found: Candidates, best: int, first: int, last: int) -> _Part:
    """The sentence ``best`` with its neighbours in its paragraph, up to a readable size."""
    low = high = best
    while True:
        for after in (True, False):
            new = high + 1 if after else low - 1
            span = (min(low, new), max(high, new))
            if _fits(found, span, first, last, found.paragraphs[best]):
                low, high = span
                break
        else:
            return _Part(low, high)


def _fits(found: Candidates, span: tuple[int, int], first: int, last: int, paragraph: int) -> bool:
    low, high = span
    if low < first or high > last:
        return False
    same = found.paragraphs[low] == found.paragraphs[high] == paragraph
    size = found.sentence_spans[high][1] - found.sentence_spans[low][0]
    return bool(same and size <= _NEAREST_CHARACTERS)


def _prove(
    parts: Sequence[_Part], ranked: Ranked, snapshot: Snapshot, after: int = 0
) -> tuple[Source, ...]:
    """The sources of ``parts``, numbered on from ``after``, without any that does not verify."""
    sources: list[Source] = []
    for part in parts:
        source = _source(part, after + len(sources) + 1, ranked, snapshot)
        article = snapshot.article(source.citation.article_id)
        if verify(source.citation, article):
            sources.append(source)
        else:
            _log.error("dropped a citation that does not verify: %s", source.citation)
    return tuple(sources)


def _noted(
    parts: Sequence[_Part], ranked: Ranked, snapshot: Snapshot, after: int
) -> tuple[Shown, ...]:
    """Where ``parts`` stand, numbered on from ``after``, without reading their articles."""
    found, engine = ranked.candidates, snapshot.searcher.engine
    noted = []
    for number, part in enumerate(parts, after + 1):
        at = int(found.articles[found.owners[part.first]])
        place = engine.article_ids[at], engine.content_hashes[at], _span(part, found)
        noted.append(Shown(number, *place, part.context))
    return tuple(noted)


def _span(part: _Part, found: Candidates) -> Span:
    start, end = found.sentence_spans[part.first][0], found.sentence_spans[part.last][1]
    return Span(int(start), int(end))


def _source(part: _Part, number: int, ranked: Ranked, snapshot: Snapshot) -> Source:
    found = ranked.candidates
    engine = snapshot.searcher.engine
    at = int(found.articles[found.owners[part.first]])
    article = snapshot.article(engine.article_ids[at])
    span = _span(part, found)
    return Source(
        number=number,
        citation=Citation(article.id, engine.content_hashes[at], span, span.of(article.text)),
        title=article.title,
        section=section_at(article, span.start).title,
        paragraph=int(found.paragraphs[part.first]),
        url=article.metadata.url,
        link=link_to(article, span),
        similarity=float(ranked.similarities[part.first : part.last + 1].max()),
        context=part.context,
    )
