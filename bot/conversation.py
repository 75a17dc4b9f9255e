"""What is asked and what is replied, without a word of any platform."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.settings import DEFAULT_COLLECTION

if TYPE_CHECKING:
    from index.answer import Answer, Source


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
