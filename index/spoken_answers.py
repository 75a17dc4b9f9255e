"""Answers to questions for what somebody said, out of the quotations of the corpus."""

from __future__ import annotations

import re
from calendar import month_name
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.quotes.lexicon import SPEECH, words
from corpus.span import Span
from corpus.wording import wording
from index.cited_quotes import cite
from index.quote_index import ON_TOPIC
from index.quote_question import quote_questions, words_asked
from index.source import Shown, Source
from index.speaker_names import name_words
from index.terms import terms
from index.verdict import Verdict
from index.whosaid import examine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.speakers import Speaker
    from index.cited_quotes import CitedQuote
    from index.embedder import Embedder
    from index.quote_question import QuoteQuestion
    from index.quote_store import Quotation
    from index.snapshot import Snapshot
    from index.whosaid import Examination

_MOST = 10
_SUREST = 1.5
"""Score on a topic that is as sure as can be."""
_AND = re.compile(r"\s+(?:and|or)\s+|,\s*", re.IGNORECASE)
_NAME = re.compile(r"\b[A-Z]")
_WHOLE_NAME = re.compile(
    r"(?:the\s+)?[A-Z][\w.'’-]*(?:\s+(?:of|the|and|de|van|von|[A-Z][\w.'’-]*))*"
)
"""A name from its first word to its last: "agreement between Iroquois and British" is none."""
_REPORTING = SPEECH - words("ask asked asks asking") | words("held ruled found decided concluded")
_INVERTED = words("said says according added wrote noted")
_MONTHS = frozenset(terms(" ".join(month_name))) - {"may"}
_MARKED = re.compile('["“”„«»]')
_REFUSED = 0.5
"""Share of the threshold that is left of the confidence in an answer that was refused."""
_SURE = {
    Verdict.EXACT: 0.98,
    Verdict.ANOTHER: 0.98,
    Verdict.ALTERED: 0.9,
    Verdict.SPLICED: 0.9,
    Verdict.PARAPHRASE: 0.75,
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is shown for a question, as in ``index.answer.Answer``."""

    confidence: float
    shown: tuple[Source, ...] = ()
    more: tuple[Shown, ...] = ()
    nearest: tuple[Source, ...] = ()
    examination: Examination | None = None


def spoken(
    question: str,
    ordinary: Spoken,
    snapshot: Snapshot,
    embedder: Embedder,
    limit: int,
    threshold: float,
) -> Spoken:
    """``ordinary``, unless ``question`` asks for what somebody said: then what the quotations say.

    - Who said these words: the sentences that hold them, with the verdict on them.
    - What did a quoted person say on a topic: the sentences that hold what they said on it,
      through pronouns too. If they are not quoted on it, the ordinary answer stands only where it
      tells what that very person said; otherwise the question is refused.

    Args:
        question: as it was understood.
        ordinary: what is shown for it as for any other question.
        snapshot: asked.
        embedder: the model it was made with.
        limit: sentences at most.
        threshold: the confidence from which on a question counts as answered.
    """
    asking = _Asking(ordinary, snapshot, embedder, limit, threshold)
    if said := words_asked(question):
        return asking.identified(said)
    readings = quote_questions(question)
    for asked in readings:
        if speakers := asking.speakers(asked.who):
            return asking.quoted(asked, speakers)
    named = [asked.who for asked in readings if _WHOLE_NAME.fullmatch(asked.who)]
    return asking.told_of(named) if named else ordinary


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question for quotations on its way to its answer; see ``spoken``."""

    ordinary: Spoken
    snapshot: Snapshot
    embedder: Embedder
    limit: int
    threshold: float

    def identified(self, words: str) -> Spoken:
        """Who said ``words``."""
        found = examine(words, self.snapshot, self.embedder)
        if found.verdict is Verdict.SCRAP:
            return self.ordinary
        if found.verdict is Verdict.ABSENT:
            if not _MARKED.search(words):
                return self.ordinary  # asked for in other words: an article may tell it in its own
            nearest = _sentences(found.nearest, self.snapshot)[: self.limit]
            return Spoken(self.threshold * _REFUSED, nearest=nearest, examination=found)
        sentences = found.passages or _sentences(found.quotes, self.snapshot)
        shown, more = sentences[: self.limit], sentences[self.limit :]
        return Spoken(_SURE[found.verdict], shown, tuple(map(Shown.of, more)), (), found)

    def speakers(self, who: str) -> list[Speaker]:
        """Those whom ``who`` means, all of several it names; none if one of them is not quoted."""
        named = [self.snapshot.quotes.names.find(part) for part in _AND.split(who)]
        return [one for found in named for one in found] if all(named) else []

    def quoted(self, asked: QuoteQuestion, speakers: Sequence[Speaker]) -> Spoken:
        """What ``speakers`` said, as far as it is what is ``asked``."""
        told, confidence = self._told(asked, speakers), _SURE[Verdict.EXACT]
        if told and wording(asked.topic):
            told, confidence = self._on_topic(asked.topic, told)
        sentences = _sentences(cite(told[:_MOST], self.snapshot), self.snapshot)
        if sentences:
            shown, more = sentences[: self.limit], sentences[self.limit :]
            beyond = _in_order(more, len(shown))
            return Spoken(confidence, _in_order(shown), tuple(map(Shown.of, beyond)))
        return self.told_of([name for one in speakers for name in (one.name, *one.aliases)])

    def told_of(self, names: Sequence[str]) -> Spoken:
        """The ordinary answer where it tells what somebody of these names said, else a refusal."""
        if any(_tells(source, names) for source in self.ordinary.shown):
            return self.ordinary
        nearest = self.ordinary.nearest or _numbered(self.ordinary.shown)
        refused = min(self.ordinary.confidence, self.threshold * _REFUSED)
        return Spoken(refused, nearest=nearest)

    def _told(self, asked: QuoteQuestion, speakers: Iterable[Speaker]) -> list[Quotation]:
        """The quotations of ``speakers``, where it is asked to those it was said to or there."""
        store = self.snapshot.quotes.store
        rows = sorted({row for one in speakers for row in store.rows(one.id)})
        told = store.get(rows)
        return [one for one in told if not asked.to or self._is_told(one, asked.to)]

    def _is_told(self, one: Quotation, to: str) -> bool:
        """Whether the article states that it was said to ``to``, or there."""
        text = self.snapshot.article(one.article_id).text
        around = Span(one.sentence.start, one.span.start), Span(one.span.end, one.sentence.end)
        stated = [one.addressee or "", *(span.of(text) for span in around if _NAME.search(to))]
        known = {word for part in stated for word in name_words(part)}
        return known.issuperset(name_words(to))

    def _with_numbers(self, topic: str, told: Sequence[Quotation]) -> list[Quotation]:
        """Those of ``told`` whose sentences have the numbers and months of ``topic``."""
        numbers = {term for term in terms(topic) if term[0].isdigit() or term in _MONTHS}
        texts = (one.sentence.of(self.snapshot.article(one.article_id).text) for one in told)
        return [
            one
            for one, text in zip(told, texts, strict=True)
            if numbers and numbers.issubset(terms(text))
        ]

    def _on_topic(self, topic: str, told: Sequence[Quotation]) -> tuple[list[Quotation], float]:
        """Those of ``told`` that are on ``topic``, the best first, and how surely one is."""
        vector = self.embedder.embed_query(topic)
        dated = self._with_numbers(topic, told) or told
        found = self.snapshot.quotes.topic(vector, topic, [one.row for one in dated])
        rows = [int(row) for row in found.rows[found.fits]]
        fitting = list(self.snapshot.quotes.store.get(rows))
        beyond = float(found.scores.max(initial=0.0)) - ON_TOPIC
        share = min(1.0, max(0.0, beyond / (_SUREST - ON_TOPIC)))
        return fitting, self.threshold + (1 - self.threshold) * share


def _tells(source: Source, names: Iterable[str]) -> bool:
    """Whether a sentence reports what one of these people said: their name beside such a verb."""
    told = name_words(source.citation.text)
    for last in {name_words(name)[-1] for name in names if name_words(name)}:
        for at, word in enumerate(told):
            if word == last and (
                _REPORTING.intersection(told[at + 1 : at + 9])
                or _INVERTED.intersection(told[max(0, at - 3) : at])
            ):
                return True
    return False


def _sentences(quotes: Iterable[CitedQuote], snapshot: Snapshot) -> tuple[Source, ...]:
    """The sentences that hold ``quotes``, which were verified, each once and numbered as given."""
    found: list[Source] = []
    for citation in dict.fromkeys(one.sentence for one in quotes):
        article = snapshot.article(citation.article_id)
        found.append(Source.at(citation, article, len(found) + 1))
    return tuple(found)


def _in_order(sources: Iterable[Source], after: int = 0) -> tuple[Source, ...]:
    """``sources`` in reading order, article by article, numbered on from ``after``."""
    articles = {one.citation.article_id: at for at, one in reversed(list(enumerate(sources)))}
    ordered = sorted(
        sources, key=lambda one: (articles[one.citation.article_id], one.citation.span)
    )
    return _numbered(ordered, after)


def _numbered(sources: Iterable[Source], after: int = 0) -> tuple[Source, ...]:
    return tuple(replace(one, number=after + at) for at, one in enumerate(sources, 1))
