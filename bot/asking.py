"""Asking: from a question to the sentences that answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import messages
from bot.conversation import Exchange, Kind, Reply
from bot.errors import NoArticlesError, NoWordsError, TooLongError
from bot.followup import resolve
from bot.verdicts import verdict_on
from corpus.text import canonicalize
from index.terms import terms

if TYPE_CHECKING:
    from bot.conversation import Question
    from index.answer import Answer, Answerer
    from index.live import LiveIndex

LONGEST_QUESTION = 2000
"""Characters: what a Discord message holds, and several times what an embedding model reads."""


def ask(question: Question, live: LiveIndex, answerer: Answerer) -> Reply:
    """Answer ``question`` from the articles that ``live`` has now.

    Raises:
        QuestionError: if it cannot be asked of a corpus.
        NoArticlesError: if there is nothing to answer from.
        SearchIndexError: if the index cannot be used.
    """
    text = clean(question.text)
    meant = resolve(text, question.earlier)
    snapshot = live.snapshot()
    answer = answerer.answer(meant, snapshot, question.limit)
    if not snapshot.manifest.counts["articles"]:
        raise NoArticlesError
    return _reply(answer, meant if meant != text else "")


def clean(text: str) -> str:
    """A question without what cannot be seen and with plain spaces.

    Raises:
        TooLongError: if it is longer than ``LONGEST_QUESTION``.
        NoWordsError: if there are no words in it.
    """
    if len(text) > LONGEST_QUESTION:
        raise TooLongError(len(text), LONGEST_QUESTION)
    cleaned = " ".join(canonicalize(whole(text)).text.split())
    if not terms(cleaned):
        raise NoWordsError
    return cleaned


def whole(text: str) -> str:
    """``text`` with a question mark for each half of a surrogate pair.

    They come from bytes on a command line that are no text, and from JSON; they cannot be sent on
    or kept.
    """
    return text.encode("utf-8", "replace").decode()


def _reply(answer: Answer, understood: str) -> Reply:
    lead = messages.understood(understood) if understood else ""
    sources = answer.sentences or answer.nearest
    if answer.examination is not None:
        verdict = verdict_on(answer.examination)
        lead = f"{lead}\n{verdict}" if lead else verdict
    exchange = Exchange(answer.question, tuple(source.citation.text for source in sources))
    if answer.answered:
        return Reply(
            Kind.ANSWER, lead, sources, exchange=exchange, answer=answer, understood=understood
        )
    if answer.examination is None:
        told = messages.not_found() if sources else messages.nothing_near()
        lead = f"{lead}\n{told}" if lead else told
    return Reply(
        Kind.NOT_FOUND, lead, sources, exchange=exchange, answer=answer, understood=understood
    )
