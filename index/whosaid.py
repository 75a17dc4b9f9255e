"""Who said this: from words that may be a quotation to a verdict with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from corpus.span import Span
from corpus.wording import keys_of, wording
from index.asked import SCRAP, read_asked
from index.cited_quotes import cite
from index.comparison import Change, Spoken, ordered
from index.restated import (
    LOOKED_AT,
    cited,
    own_words,
    restated_quotation,
    restated_sentence,
    sentences_like,
)
from index.source import Source
from index.speaker_names import name_words
from index.verdict import LIKE, Verdict, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.wording import Word
    from index.asked import Asked
    from index.cited_quotes import CitedQuote
    from index.comparison import Difference, Match
    from index.embedder import Embedder
    from index.quote_store import Nested, Quotation
    from index.restated import Sentence
    from index.snapshot import Snapshot
    from index.verdict import Ruling

_CANDIDATES = 30
_BY_WORDS = 10
_MOST_EXACT = 5
_BY_MEANING = 20
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Examination:
    """The verdict on words that may be a quotation; see ``bot.conversation.WhosaidReply``."""

    verdict: Verdict
    asked: str
    named: str = ""
    quotes: tuple[CitedQuote, ...] = ()
    passages: tuple[Source, ...] = ()
    differences: tuple[Difference, ...] = ()
    comparison: tuple[Difference, ...] = ()
    elided: bool = False
    partial: bool = False
    inside: bool = False
    misattributed: bool = False
    nearest: tuple[CitedQuote, ...] = ()
    unjudged: tuple[str, ...] = ()


def examine(given: str, snapshot: Snapshot, embedder: Embedder) -> Examination:
    """The verdict on the words ``given``, of which there is at least one."""
    asked = read_asked(given)
    if len(asked.words) < SCRAP:
        return Examination(Verdict.SCRAP, asked.text, asked.named, unjudged=asked.unjudged)
    keys = keys_of(asked.words)
    rows = snapshot.quotes.sharing(keys, _CANDIDATES)
    ruling = rule(asked.text, asked.words, _spoken(rows, snapshot))
    if ruling.verdict is Verdict.ABSENT:
        more = snapshot.quotes.with_words(asked.text, _BY_WORDS)
        rows = list(dict.fromkeys([*rows[:_BY_WORDS], *more]))
        ruling = rule(asked.text, asked.words, _spoken(rows, snapshot))
    if ruling.verdict is Verdict.ABSENT:
        return _by_meaning(asked, ruling, snapshot, embedder)
    return _by_words(asked, ruling, snapshot)


def _spoken(rows: Sequence[int], snapshot: Snapshot) -> list[Spoken]:
    """The utterances that begin with ``rows``, in this order."""
    lines = snapshot.quotes.store.spoken(rows)
    return [Spoken(row, lines[row], partial(_standing, row, snapshot)) for row in rows]


def _standing(row: int, snapshot: Snapshot) -> tuple[str, tuple[Word, ...]]:
    """The article's text in which an utterance stands, and its words there."""
    parts = snapshot.quotes.utterance(row)
    text = snapshot.article(parts[0].article_id).text
    return text, tuple(word for one in parts for word in wording(text, one.span))


def _by_words(asked: Asked, ruling: Ruling, snapshot: Snapshot) -> Examination:
    verdict, matches = ruling.verdict, ruling.matches
    theirs = tuple(match for match in matches if _is_by(asked.named, match, snapshot))
    known = any(_speaks(match, snapshot) for match in matches)
    misattributed = bool(asked.named) and not theirs and known
    if verdict is Verdict.EXACT:
        verdict = Verdict.ANOTHER if misattributed else verdict
        matches = theirs or matches
    quotes = cite(_parts(matches[:_MOST_EXACT], snapshot), snapshot)
    if not quotes:
        return Examination(Verdict.ABSENT, asked.text, asked.named, unjudged=asked.unjudged)
    return Examination(
        verdict,
        asked.text,
        asked.named,
        quotes,
        differences=ordered(ruling.comparison),
        comparison=ruling.comparison,
        elided=any(one.change is Change.LEFT_OUT for one in ruling.comparison),
        partial=ruling.verdict is Verdict.EXACT and not matches[0].is_whole,
        inside=ruling.verdict is Verdict.EXACT and _inside(matches[0], snapshot) is not None,
        misattributed=misattributed,
        unjudged=asked.unjudged,
    )


def _parts(matches: Iterable[Match], snapshot: Snapshot) -> list[Quotation]:
    rows = dict.fromkeys(match.spoken.row for match in matches)
    return [part for row in rows for part in snapshot.quotes.utterance(row)]


def _is_by(name: str, match: Match, snapshot: Snapshot) -> bool:
    """Whether one of those who may be called ``name`` said it, as far as is known."""
    found = snapshot.quotes.names.find(name) if name else ()
    speakers = {one.id for one in found}
    words = name_words(name)
    return any(
        one.speaker_id in speakers
        or (not one.speaker_id and one.speaker is not None and name_words(one.speaker) == words)
        for one in snapshot.quotes.utterance(match.spoken.row)
    )


def _speaks(match: Match, snapshot: Snapshot) -> bool:
    """Whether it is known who said it."""
    if (nested := _inside(match, snapshot)) is not None:
        return nested.speaker is not None
    return any(one.speaker for one in snapshot.quotes.utterance(match.spoken.row))


def _inside(match: Match, snapshot: Snapshot) -> Nested | None:
    """The quotation inside a quotation that holds all of the words, if one does."""
    words = match.spoken.words[match.first : match.last + 1]
    span = Span.covering(word.span for word in words)
    parts = snapshot.quotes.utterance(match.spoken.row)
    nested = (child for part in parts for child in part.children)
    return next((child for child in nested if child.span.contains(span)), None)


def _by_meaning(
    asked: Asked, ruling: Ruling, snapshot: Snapshot, embedder: Embedder
) -> Examination:
    """The verdict on words that are no quotation, nor one altered or spliced."""
    vector = embedder.embed_query(asked.text)
    sentences = sentences_like(asked, vector, snapshot)
    if sentences and (match := own_words(sentences[0])):
        return _of_article(asked, sentences[0], match.comparison)
    topical = snapshot.quotes.topic(vector, asked.text, limit=_BY_MEANING)
    similar = dict(zip(map(int, topical.rows), map(float, topical.similarities), strict=True))
    likest = sorted(similar, key=lambda row: -similar[row])[:LOOKED_AT]
    found = snapshot.quotes.store.get([*similar][:_NEAREST])
    alike = [(one, similar[one.row]) for one in snapshot.quotes.store.get(likest)]
    if quotation := restated_quotation(asked, alike, snapshot):
        quotes = cite(snapshot.quotes.utterance(quotation.utterance), snapshot)
        return Examination(
            Verdict.PARAPHRASE, asked.text, asked.named, quotes, unjudged=asked.unjudged
        )
    if sentence := restated_sentence(asked, sentences, snapshot):
        return _of_article(asked, sentence, ())
    near = [match for match in ruling.matches if match.likeness >= LIKE]
    nearest = dict.fromkeys([*_parts(near, snapshot), *found])
    return Examination(
        Verdict.ABSENT,
        asked.text,
        asked.named,
        nearest=cite(list(nearest)[:_NEAREST], snapshot),
        unjudged=asked.unjudged,
    )


def _of_article(
    asked: Asked, sentence: Sentence, comparison: tuple[Difference, ...]
) -> Examination:
    """A paraphrase of an article's own words."""
    citation = cited(sentence)
    return Examination(
        Verdict.PARAPHRASE,
        asked.text,
        asked.named,
        passages=(Source.at(citation, sentence.article, 1),) if citation else (),
        differences=ordered(comparison),
        comparison=comparison,
        unjudged=asked.unjudged,
    )
