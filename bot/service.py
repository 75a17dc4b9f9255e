"""From a question to a reply: the one place where errors become sentences."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import TYPE_CHECKING, TypeVar

from bot import messages
from bot.asking import ask
from bot.conversation import Kind, Lookup, QuoteReply, Reply, SpeakersReply, WhosaidReply
from bot.errors import BotError
from bot.quoting import (
    complete_articles,
    complete_speakers,
    list_speakers,
    look_up,
    speaker_first,
    who_said,
)
from bot.settings import DEFAULT_COLLECTION
from corpus.errors import CorpusError
from index.errors import SearchIndexError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.conversation import Question, QuoteRequest, SpeakersRequest, WhosaidRequest
    from bot.worker import Worker
    from index.answer import Answerer
    from index.live import LiveIndex

    Lives = Callable[[str], LiveIndex]

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Service:
    """Answers questions, whatever platform they come from.

    Args:
        lives: where the articles of the collection of a given name are.
        answerer: how they answer.
        worker: where the work is done.
    """

    def __init__(self, lives: Lives, answerer: Answerer, worker: Worker) -> None:
        self._lives = lives
        self._answerer = answerer
        self._worker = worker

    async def ask(self, question: Question) -> Reply:
        """The reply to ``question``. Never raises but when it is cancelled.

        What a user can do something about is told in the error's own words; anything else is
        logged under an id that the user is told.
        """
        return await self._within(
            lambda lead, problem_id, problem: Reply(
                Kind.PROBLEM, lead, problem_id=problem_id, problem=problem
            ),
            question.collection,
            lambda live: ask(question, live, self._answerer),
        )

    async def quote(self, request: QuoteRequest) -> QuoteReply:
        """The quotations that ``request`` asks for. Raises as ``ask`` does."""
        return await self._within(
            lambda lead, problem_id, problem: QuoteReply(
                Lookup.PROBLEM, request, lead, problem_id=problem_id, problem=problem
            ),
            request.collection,
            lambda live: look_up(request, live, self._answerer.embedder),
        )

    async def whosaid(self, request: WhosaidRequest) -> WhosaidReply:
        """The verdict on words that may be a quotation. Raises as ``ask`` does."""
        return await self._within(
            lambda lead, problem_id, problem: WhosaidReply(
                None, request.text, lead=lead, problem_id=problem_id, problem=problem
            ),
            request.collection,
            lambda live: who_said(request, live, self._answerer.embedder),
        )

    async def speakers(self, request: SpeakersRequest) -> SpeakersReply:
        """Who is quoted. Raises as ``ask`` does."""
        return await self._within(
            lambda lead, problem_id, problem: SpeakersReply(
                Lookup.PROBLEM, request, lead, problem_id=problem_id, problem=problem
            ),
            request.collection,
            lambda live: list_speakers(request, live),
        )

    async def complete_speakers(
        self, typed: str, collection: str = DEFAULT_COLLECTION
    ) -> tuple[tuple[str, str, int], ...]:
        """See ``bot.quoting.complete_speakers``; nothing where something goes wrong."""
        return await self._within(
            lambda *_: (), collection, lambda live: complete_speakers(typed, live)
        )

    async def speaker_first(
        self, text: str, collection: str = DEFAULT_COLLECTION
    ) -> tuple[str, str]:
        """See ``bot.quoting.speaker_first``; all a topic where something goes wrong."""
        return await self._within(
            lambda *_: ("", text), collection, lambda live: speaker_first(text, live)
        )

    async def complete_articles(
        self, typed: str, collection: str = DEFAULT_COLLECTION
    ) -> tuple[tuple[str, str], ...]:
        """See ``bot.quoting.complete_articles``; nothing where something goes wrong."""
        return await self._within(
            lambda *_: (), collection, lambda live: complete_articles(typed, live)
        )

    async def _within(
        self,
        trouble: Callable[[str, str, Exception | None], T],
        collection: str,
        work: Callable[[LiveIndex], T],
    ) -> T:
        """What ``work`` returns for ``collection``, or what ``trouble`` makes of what went wrong.

        The one error boundary. ``trouble`` is given the sentence to say, the id in the log (empty
        if there is nothing to look up) and the error where a user can do something about it.
        """
        try:
            return await self._worker.run(lambda: work(self._lives(collection)))
        except asyncio.CancelledError:
            raise
        except (BotError, CorpusError) as error:
            return trouble(messages.sentence(str(error)), "", error)
        except SearchIndexError as error:
            problem_id = secrets.token_hex(4)
            _log.error("problem %s, cannot answer: %s", problem_id, error)
            return trouble(messages.sentence(str(error)), problem_id, error)
        except Exception:  # noqa: BLE001 - the boundary: no traceback reaches a user
            problem_id = secrets.token_hex(4)
            _log.exception("problem %s while answering", problem_id)
            return trouble(messages.unexpected(problem_id), problem_id, None)

    def close(self) -> None:
        """Finish what is running, then stop."""
        self._worker.close()
