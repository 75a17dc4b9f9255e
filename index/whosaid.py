"""Who said this: from words that may be a quotation to a verdict with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.wording import keys_of, wording
from index.asked import SCRAP, read_asked
from index.cited_quotes import cite
from index.verdict import Change, Spoken, Verdict, ordered, rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.answer import Source
    from index.asked import Asked
    from index.cited_quotes import CitedQuote
    from index.embedder import Embedder
    from index.quote_store import Quotation
    from index.snapshot import Snapshot
    from index.verdict import Difference, Match, Ruling

_CANDIDATES = 30
_BY_WORDS = 10
_MOST_EXACT = 5
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
    nearest: tuple[CitedQuote, ...] = ()
    unjudged: tuple[str, ...] = ()


def examine(given: str, snapshot: Snapshot, embedder: Embedder) -> Examination:
    """The verdict on the words ``given``, of which there is at least one."""
    asked = read_asked(given)
    if len(asked.words) < SCRAP:
        return Examination(Verdict.SCRAP, asked.text, asked.named, unjudged=asked.unjudged)
    ruling = rule(asked.text, asked.words, _candidates(asked, snapshot))
    if ruling.verdict is Verdict.ABSENT:
        return _by_meaning(asked, snapshot, embedder)
    return _by_words(asked, ruling, snapshot)


def _candidates(asked: Asked, snapshot: Snapshot) -> list[Spoken]:
    keys = keys_of(asked.words)
    index = snapshot.quotes
    rows = [*index.sharing(keys, _CANDIDATES), *index.with_words(asked.text, _BY_WORDS)]
    return [_spoken(row, snapshot) for row in dict.fromkeys(rows)]


def _spoken(row: int, snapshot: Snapshot) -> Spoken:
    parts = snapshot.quotes.utterance(row)
    text = snapshot.article(parts[0].article_id).text
    return Spoken(row, text, tuple(word for one in parts for word in wording(text, one.span)))


def _by_words(asked: Asked, ruling: Ruling, snapshot: Snapshot) -> Examination:
    verdict, matches = ruling.verdict, ruling.matches
    if asked.named and verdict is Verdict.EXACT:
        theirs = [one for one in matches if _is_by(asked.named, one, snapshot)]
        others = any(_speaks(one, snapshot) for one in matches)
        verdict = Verdict.ANOTHER if not theirs and others else verdict
        matches = tuple(theirs) or matches
    return Examination(
        verdict,
        asked.text,
        asked.named,
        cite(_parts(matches[:_MOST_EXACT], snapshot), snapshot),
        differences=ordered(ruling.comparison),
        comparison=ruling.comparison,
        elided=any(one.change is Change.LEFT_OUT for one in ruling.comparison),
        unjudged=asked.unjudged,
    )


def _parts(matches: Iterable[Match], snapshot: Snapshot) -> list[Quotation]:
    rows = dict.fromkeys(match.spoken.row for match in matches)
    return [part for row in rows for part in snapshot.quotes.utterance(row)]


def _is_by(name: str, match: Match, snapshot: Snapshot) -> bool:
    speakers = {one.id for one in snapshot.quotes.names.find(name)}
    parts = snapshot.quotes.utterance(match.spoken.row)
    return any(one.speaker_id in speakers for one in parts)


def _speaks(match: Match, snapshot: Snapshot) -> bool:
    """Whether it is known who said it."""
    return any(one.speaker for one in snapshot.quotes.utterance(match.spoken.row))


def _by_meaning(asked: Asked, snapshot: Snapshot, embedder: Embedder) -> Examination:
    vector = embedder.embed_query(asked.text)
    topical = snapshot.quotes.topic(vector, asked.text)
    rows = [int(row) for row in topical.rows[:_NEAREST]]
    nearest = cite(snapshot.quotes.store.get(rows), snapshot)
    return Examination(
        Verdict.ABSENT, asked.text, asked.named, nearest=nearest, unjudged=asked.unjudged
    )
