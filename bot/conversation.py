"""What is asked and what is replied, without a word of any platform."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.settings import DEFAULT_COLLECTION

if TYPE_CHECKING:
    from corpus.speakers import Speaker
    from index.answer import Answer, Source
    from index.cited_quotes import CitedQuote
    from index.comparison import Difference
    from index.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks.

    Attributes:
        id: names the person on their platform; empty in a terminal.
        platform: where they ask.
    """

    id: str = ""
    platform: str = "terminal"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that was answered earlier in the conversation.

    Attributes:
        question: as it was understood.
        shown: the words that were shown for it, each a sentence or passage of an article.
    """

    question: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a person asked it.

    Attributes:
        text: their words.
        asker: who.
        earlier: the conversation so far, oldest first.
        limit: how many sentences they want at most.
        collection: name of the corpus that they ask.
    """

    text: str
    asker: Asker = Asker()
    earlier: tuple[Exchange, ...] = ()
    limit: int = 3
    collection: str = DEFAULT_COLLECTION


class Kind(StrEnum):
    """What a reply is."""

    ANSWER = "answer"
    NOT_FOUND = "not found"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: its own words around the articles' words.

    Attributes:
        kind: what it is.
        lead: the bot's own words before, empty if it has none.
        sources: the articles' words with their citations, in the order shown. Markers and the
            list of sources are both made from this.
        note: the bot's own words after, empty if it has none.
        exchange: to be kept as the conversation goes on; ``None`` if nothing was understood.
        answer: what the corpus said; ``None`` for a problem.
        problem_id: names a problem in the log; empty if there is nothing to look up.
        understood: the question as it was understood, where that differs from the words asked.
        problem: what went wrong, for a reader in another language than ``lead`` is in.
    """

    kind: Kind
    lead: str = ""
    sources: tuple[Source, ...] = ()
    note: str = ""
    exchange: Exchange | None = None
    answer: Answer | None = None
    problem_id: str = ""
    understood: str = ""
    problem: Exception | None = None


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """Who said what: quotations of the corpus.

    Attributes:
        speaker: id or name of the speaker; empty for any.
        about: the topic in a few words; empty for any.
        article: id or title of the article; empty for any.
        limit: how many quotations to show.
        offset: how many of those found to pass over: the page.
        asker: who wants to know.
        collection: name of the corpus that is looked in.
    """

    speaker: str = ""
    about: str = ""
    article: str = ""
    limit: int = 5
    offset: int = 0
    asker: Asker = Asker()
    collection: str = DEFAULT_COLLECTION


@dataclass(frozen=True, slots=True)
class WhosaidRequest:
    """Whether words are a quotation of the corpus, and whose.

    Attributes:
        text: the words, with or without marks, with or without a name: ``"…" said Smith``,
            ``Smith: "…"``, ``"…" - Jane Smith``.
        asker: who wants to know.
        collection: name of the corpus that is looked in.
    """

    text: str
    asker: Asker = Asker()
    collection: str = DEFAULT_COLLECTION


@dataclass(frozen=True, slots=True)
class SpeakersRequest:
    """Who is quoted in the corpus.

    Attributes:
        limit: how many speakers to show.
        offset: how many to pass over: the page.
        asker: who wants to know.
        collection: name of the corpus that is looked in.
    """

    limit: int = 25
    offset: int = 0
    asker: Asker = Asker()
    collection: str = DEFAULT_COLLECTION


class Lookup(StrEnum):
    """What became of a request for quotations or speakers."""

    FOUND = "found"
    OFF_TOPIC = "off topic"  # quotations, but none that fits; the nearest are shown
    NO_QUOTES = "no quotes"  # nothing fits speaker and article, or nobody is quoted at all
    UNKNOWN_SPEAKER = "unknown speaker"
    SEVERAL_SPEAKERS = "several speakers"  # the name may mean several people
    UNKNOWN_ARTICLE = "unknown article"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class QuoteReply:
    """Quotations of the corpus, each with its speaker and proved citations.

    Attributes:
        kind: what became of the request.
        request: as it was made; the next page is its copy with another ``offset``.
        lead: the bot's own words before, in English; ``kind`` and ``suggestions`` say the same
            for other languages. Empty if it has none.
        items: the quotations of this page, in the order to show them, numbered from 1 on across
            pages. A renderer shows the words of ``item.source.citation`` and nothing else.
        total: how many quotations there are on all pages.
        speaker: whom the request was understood to mean.
        article: title of the article it was understood to mean, empty if any.
        suggestions: names to offer: of speakers, or titles of articles.
        index_version: the version that was asked; empty for a problem.
        problem_id: names a problem in the log; empty if there is nothing to look up.
        problem: what went wrong, for a reader in another language than ``lead`` is in.
    """

    kind: Lookup
    request: QuoteRequest
    lead: str = ""
    items: tuple[CitedQuote, ...] = ()
    total: int = 0
    speaker: Speaker | None = None
    article: str = ""
    suggestions: tuple[str, ...] = ()
    index_version: str = ""
    problem_id: str = ""
    problem: Exception | None = None

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // max(1, self.request.limit)))

    @property
    def page(self) -> int:
        """The number of this page, from 1."""
        return self.request.offset // max(1, self.request.limit) + 1


@dataclass(frozen=True, slots=True)
class WhosaidReply:
    """The verdict on words that may be a quotation, with the evidence.

    Attributes:
        verdict: ``None`` for a problem.
        asked: the words that were judged, as the asker wrote them, without marks and name.
        named: whom the asker says it is by, as they wrote it; empty if nobody.
        lead: the verdict and its reasons in the bot's own English words.
        items: the quotations that are evidence, each whole: one for an exact or altered one (more
            where its utterance has several parts, or other articles have the same words), both
            for a spliced one, in the order of the words asked.
        passages: the words of an article that are no quotation, for a paraphrase of those.
        differences: what differs, numbers and negations first.
        comparison: the words asked against the original in reading order, equal runs included.
        elided: whether words are left out at an ellipsis.
        partial: whether exact words are a part of what was said; the whole is shown.
        inside: whether the words are a quotation inside the one shown, whose speaker repeats them.
        misattributed: whether somebody else than ``named`` said them.
        nearest: the nearest quotations, where the words are not in the corpus.
        unjudged: other quotations in the text asked, which were not looked at.
        index_version: the version that was asked; empty for a problem.
        problem_id: as in ``QuoteReply``.
        problem: as in ``QuoteReply``.
    """

    verdict: Verdict | None
    asked: str = ""
    named: str = ""
    lead: str = ""
    items: tuple[CitedQuote, ...] = ()
    passages: tuple[Source, ...] = ()
    differences: tuple[Difference, ...] = ()
    comparison: tuple[Difference, ...] = ()
    elided: bool = False
    partial: bool = False
    inside: bool = False
    misattributed: bool = False
    nearest: tuple[CitedQuote, ...] = ()
    unjudged: tuple[str, ...] = ()
    index_version: str = ""
    problem_id: str = ""
    problem: Exception | None = None


@dataclass(frozen=True, slots=True)
class QuotedSpeaker:
    """Somebody who is quoted, with the articles that do.

    Attributes:
        speaker: name, aliases, roles and number of quotations.
        articles: id and title of each article that quotes them.
    """

    speaker: Speaker
    articles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SpeakersReply:
    """Who is quoted, most quoted first.

    Attributes:
        kind: ``FOUND``, ``NO_QUOTES`` or ``PROBLEM``.
        request: as it was made.
        lead: the bot's own words before, in English.
        speakers: of this page.
        total: how many there are on all pages.
        index_version: the version that was asked; empty for a problem.
        problem_id: as in ``QuoteReply``.
        problem: as in ``QuoteReply``.
    """

    kind: Lookup
    request: SpeakersRequest
    lead: str = ""
    speakers: tuple[QuotedSpeaker, ...] = ()
    total: int = 0
    index_version: str = ""
    problem_id: str = ""
    problem: Exception | None = None
