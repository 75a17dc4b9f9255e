"""Looking up quotations: who said what, who said this, and who is quoted."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot import messages
from bot.conversation import (
    Lookup,
    QuotedSpeaker,
    QuoteReply,
    SpeakersReply,
    WhosaidReply,
)
from bot.errors import NoQuotationError, QuotationTooLongError
from bot.verdicts import verdict_on
from corpus.text import canonicalize, folded
from corpus.wording import wording
from index.cited_quotes import cite
from index.terms import terms
from index.whosaid import examine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.conversation import QuoteRequest, SpeakersRequest, WhosaidRequest
    from corpus.speakers import Speaker
    from index.embedder import Embedder
    from index.live import LiveIndex
    from index.snapshot import Snapshot

LONGEST_QUOTATION = 6000
"""Characters to judge at most: what Discord's longest option holds, some 1,000 words."""
LONGEST_TOPIC = 500
"""Characters of a topic that are read; the rest is passed over."""
MOST_ITEMS = 25
"""Quotations on one page at most, and articles offered while typing."""
ALL_SPEAKERS = 1_000_000
"""More than any corpus has."""
_NEAREST = 3


def look_up(request: QuoteRequest, live: LiveIndex, embedder: Embedder) -> QuoteReply:
    """The quotations that ``request`` asks for.

    Without a topic they come in the order of articles and reading; with one, the best first.

    Raises:
        SearchIndexError: if the index cannot be used.
    """
    snapshot = live.snapshot()
    lookup = _LookingUp(request, snapshot, embedder)
    return lookup.reply()


class _LookingUp:
    """One request on its way to its reply."""

    def __init__(self, request: QuoteRequest, snapshot: Snapshot, embedder: Embedder) -> None:
        self._request = request
        self._snapshot = snapshot
        self._embedder = embedder
        self._speaker: Speaker | None = None
        self._article = ""
        self._title = ""

    def reply(self) -> QuoteReply:
        return self._no_speaker() or self._no_article() or self._found()

    def _no_speaker(self) -> QuoteReply | None:
        """Why the speaker cannot be told; ``None`` once it can."""
        name = _plain(self._request.speaker)
        if not name:
            return None
        names = self._snapshot.quotes.names
        found = names.find(name)
        if len(found) > 1:
            lead = messages.several_speakers(name, [one.name for one in found])
            return self._reply(Lookup.SEVERAL_SPEAKERS, lead, suggestions=_called(found))
        if not found:
            near = _called(names.nearest(name))
            lead = messages.unknown_speaker(name, near)
            return self._reply(Lookup.UNKNOWN_SPEAKER, lead, suggestions=near)
        (self._speaker,) = found
        return None

    def _no_article(self) -> QuoteReply | None:
        """Why the article cannot be told; ``None`` once it can."""
        wanted = _plain(self._request.article)
        if not wanted:
            return None
        titles = _titles(self._snapshot)
        found = _article(wanted, titles)
        if found is None:
            near = tuple(get_close_matches(wanted, titles.values(), _NEAREST, cutoff=0.4))
            lead = messages.unknown_article(wanted, near)
            return self._reply(Lookup.UNKNOWN_ARTICLE, lead, suggestions=near)
        self._article, self._title = found, titles[found]
        return None

    def _found(self) -> QuoteReply:
        speaker_id = self._speaker.id if self._speaker else None
        rows = self._snapshot.quotes.store.rows(speaker_id, self._article or None)
        about = _plain(self._request.about)[:LONGEST_TOPIC]
        if not rows:
            return self._reply(Lookup.NO_QUOTES, self._none())
        if not terms(about):
            return self._page(Lookup.FOUND, rows)
        vector = self._embedder.embed_query(about)
        topical = self._snapshot.quotes.topic(vector, about, rows)
        fitting = [int(row) for row, fits in zip(topical.rows, topical.fits, strict=True) if fits]
        if fitting:
            return self._page(Lookup.FOUND, fitting)
        nearest = [int(row) for row in topical.rows[:_NEAREST]]
        lead = messages.off_topic(about, self._speaker.name if self._speaker else "")
        return self._page(Lookup.OFF_TOPIC, nearest, lead)

    def _none(self) -> str:
        if not len(self._snapshot.quotes):
            return messages.nobody_quoted()
        return messages.no_quotes_there(self._speaker.name if self._speaker else "", self._title)

    def _page(self, kind: Lookup, rows: Sequence[int], lead: str = "") -> QuoteReply:
        start, limit = max(0, self._request.offset), _limited(self._request.limit)
        quotations = self._snapshot.quotes.store.get(rows[start : start + limit])
        items = cite(quotations, self._snapshot, start)
        return self._reply(kind, lead, items=items, total=len(rows))

    def _reply(self, kind: Lookup, lead: str = "", **fields: object) -> QuoteReply:
        version = self._snapshot.manifest.version
        return QuoteReply(
            kind,
            self._request,
            lead,
            speaker=self._speaker,
            article=self._title,
            index_version=version,
            **fields,  # type: ignore[arg-type]
        )


def who_said(request: WhosaidRequest, live: LiveIndex, embedder: Embedder) -> WhosaidReply:
    """The verdict on the words of ``request``.

    Raises:
        QuestionError: if there is nothing to judge, or more than can be.
        SearchIndexError: if the index cannot be used.
    """
    text = check(request.text)
    snapshot = live.snapshot()
    found = examine(text, snapshot, embedder)
    return WhosaidReply(
        verdict=found.verdict,
        asked=found.asked,
        named=found.named,
        lead=verdict_on(found),
        items=found.quotes,
        passages=found.passages,
        differences=found.differences,
        comparison=found.comparison,
        elided=found.elided,
        partial=found.partial,
        inside=found.inside,
        misattributed=found.misattributed,
        nearest=found.nearest,
        unjudged=found.unjudged,
        index_version=snapshot.manifest.version,
    )


def check(text: str) -> str:
    """``text`` as it is judged, without what cannot be seen and with plain spaces.

    Raises:
        QuotationTooLongError: if it is longer than ``LONGEST_QUOTATION``.
        NoQuotationError: if there are no words in it.
    """
    if len(text) > LONGEST_QUOTATION:
        raise QuotationTooLongError(len(text), LONGEST_QUOTATION)
    plain = _plain(text)
    if not wording(plain):
        raise NoQuotationError
    return plain


def list_speakers(request: SpeakersRequest, live: LiveIndex) -> SpeakersReply:
    """Who is quoted, most quoted first.

    Raises:
        SearchIndexError: if the index cannot be used.
    """
    snapshot = live.snapshot()
    start, limit = max(0, request.offset), min(max(1, request.limit), ALL_SPEAKERS)
    every = snapshot.quotes.speakers
    titles = snapshot.store.titles
    shown = tuple(
        QuotedSpeaker(one, tuple((id_, titles[id_]) for id_ in one.articles))
        for one in every[start : start + limit]
    )
    kind, lead = (Lookup.FOUND, "") if every else (Lookup.NO_QUOTES, messages.nobody_quoted())
    version = snapshot.manifest.version
    return SpeakersReply(kind, request, lead, shown, len(every), version)


def complete_speakers(typed: str, live: LiveIndex) -> tuple[tuple[str, str, int], ...]:
    """Up to 25 speakers for what was typed so far: id, name and number of quotations of each.

    Most quoted first. Each word typed must begin a word of the name or of an alias, whatever its
    case and accents. Ids stay the same as long as the articles do.
    """
    found = live.snapshot().quotes.names.complete(typed[:LONGEST_TOPIC])
    return tuple((one.id, one.name, one.quotes) for one in found)


def complete_articles(typed: str, live: LiveIndex) -> tuple[tuple[str, str], ...]:
    """Up to 25 articles for what was typed so far, by title: id and title of each."""
    words = folded(typed[:LONGEST_TOPIC]).split()
    fitting = (
        (id_, title)
        for id_, title in _titles(live.snapshot()).items()
        if all(word in folded(title) for word in words)
    )
    return tuple(one for one, _ in zip(fitting, range(MOST_ITEMS), strict=False))


def speaker_first(text: str, live: LiveIndex) -> tuple[str, str]:
    """A speaker and a topic that were typed in one line: ``Oops safety``, ``Ita O'Brien, sets``.

    Returns:
        As many of the first words as name somebody, and the rest; all of it as the topic where
        they name nobody.
    """
    names, words = live.snapshot().quotes.names, _plain(text[:LONGEST_TOPIC]).split()
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count]).strip(",;:")
        if names.find(name):
            about = words[count:]
            joined = about[1:] if about and about[0].lower() in _JOINING else about
            return name, " ".join(joined)
    return "", " ".join(words)


_JOINING = ("about", "on", "über", "sobre", "sur")
"""Words that join a speaker with a topic, in the bot's languages."""


def _plain(text: str) -> str:
    """``text`` without what cannot be seen and with plain spaces."""
    whole = text.encode("utf-8", "replace").decode()
    return " ".join(canonicalize(whole).text.split())


def _limited(limit: int) -> int:
    return min(max(1, limit), MOST_ITEMS)


def _called(speakers: Sequence[Speaker]) -> tuple[str, ...]:
    return tuple(one.name for one in speakers)


def _titles(snapshot: Snapshot) -> dict[str, str]:
    return snapshot.store.titles


def _article(wanted: str, titles: dict[str, str]) -> str | None:
    """The article whose id or title is ``wanted``, or the only one whose title holds it."""
    if wanted in titles:
        return wanted
    plain = folded(wanted)
    same = [id_ for id_, title in titles.items() if folded(title) == plain]
    holding = [id_ for id_, title in titles.items() if plain in folded(title)]
    for found in (same, holding):
        if len(found) == 1:
            return found[0]
    return None
