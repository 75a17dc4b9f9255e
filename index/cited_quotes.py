"""Quotations as they may be shown: every word of them cited and proved."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.citation import Citation, verify
from index.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.article import Article
    from corpus.span import Span
    from index.quote_store import Nested, Quotation
    from index.snapshot import Snapshot

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CitedNested:
    """A quotation inside another one.

    Attributes:
        citation: its words, verified.
        speaker: who said it; ``None`` where the article does not make it clear.
        cue: the words that report it, or "".
        children: quotations inside it.
    """

    citation: Citation
    speaker: str | None
    cue: str
    children: tuple[CitedNested, ...] = ()


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """A quotation with all that its reader needs; each citation was verified.

    Attributes:
        row: its number in the index version; it may be another in the next one.
        source: its words without the marks around them, and where they stand.
        speaker: name, or the words for an unnamed speaker ("the company"); ``None`` where the
            article does not name the speaker clearly: never to be guessed.
        speaker_id: ``corpus.speakers.Speaker.id``; empty for an open or unnamed speaker.
        candidates: who may have said it, best first, where ``speaker`` is ``None``.
        attribution: the words that attribute it ("she", "Mayor Lena Ortiz"), if any do.
        cue: the words that report it ("said", "according to"), or "".
        addressee: to whom or where it was said, as the article states it.
        sentence: the sentences that hold it.
        utterance: names its utterance within the index version; all parts share it.
        part: number of this part in its utterance, from 1.
        parts: how many parts the utterance has.
        truncated: whether the article ends before the quotation does.
        rule: which rule found the speaker.
        confidence: how often that rule is right, 0 to 1.
        outlet: of the article, if it names one.
        published: of the article, if it gives a date.
        children: quotations inside it.
    """

    row: int
    source: Source
    speaker: str | None
    speaker_id: str
    candidates: tuple[str, ...]
    attribution: Citation | None
    cue: str
    addressee: str | None
    sentence: Citation
    utterance: int
    part: int
    parts: int
    truncated: bool
    rule: str
    confidence: float
    outlet: str | None
    published: str | None
    children: tuple[CitedNested, ...]


def cite(
    quotations: Iterable[Quotation], snapshot: Snapshot, after: int = 0
) -> tuple[CitedQuote, ...]:
    """``quotations`` as they may be shown, numbered on from ``after``.

    One that does not verify is left out, which is logged as an error.
    """
    cited: list[CitedQuote] = []
    for one in quotations:
        found = _cited(one, snapshot, after + len(cited) + 1)
        if found is not None:
            cited.append(found)
    return tuple(cited)


def _cited(one: Quotation, snapshot: Snapshot, number: int) -> CitedQuote | None:
    article = snapshot.article(one.article_id)
    words = _citation(one.span, one, article)
    sentence = _citation(one.sentence, one, article)
    if words is None or sentence is None:
        return None
    return CitedQuote(
        row=one.row,
        source=Source.at(words, article, number, spoken=True),
        speaker=one.speaker,
        speaker_id=one.speaker_id,
        candidates=one.candidates,
        attribution=_citation(one.attribution, one, article) if one.attribution else None,
        cue=one.cue,
        addressee=one.addressee,
        sentence=sentence,
        utterance=one.utterance,
        part=one.part + 1,
        parts=one.parts,
        truncated=one.truncated,
        rule=one.rule,
        confidence=one.confidence,
        outlet=article.metadata.outlet,
        published=article.metadata.published,
        children=_nested(one.children, one, article),
    )


def _nested(
    children: Iterable[Nested], one: Quotation, article: Article
) -> tuple[CitedNested, ...]:
    found = ((child, _citation(child.span, one, article)) for child in children)
    return tuple(
        CitedNested(citation, child.speaker, child.cue, _nested(child.children, one, article))
        for child, citation in found
        if citation is not None
    )


def _citation(span: Span, one: Quotation, article: Article) -> Citation | None:
    """The citation of ``span``; ``None``, which is logged, if it does not verify."""
    if span.end <= len(article.text):
        citation = Citation(article.id, one.content_hash, span, span.of(article.text))
        if verify(citation, article):
            return citation
    _log.error("dropped a quotation that does not verify: %s of %s", span, one.article_id)
    return None
