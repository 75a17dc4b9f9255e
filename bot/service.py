"""From a question to a reply: the one place where errors become sentences."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import TYPE_CHECKING

from bot import messages
from bot.asking import ask
from bot.conversation import Kind, Reply
from bot.errors import BotError
from corpus.errors import CorpusError
from index.errors import SearchIndexError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.conversation import Question
    from bot.worker import Worker
    from index.answer import Answerer
    from index.live import LiveIndex

    Lives = Callable[[str], LiveIndex]

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
        try:
            return await self._worker.run(self._ask, question)
        except asyncio.CancelledError:
            raise
        except (BotError, CorpusError) as error:
            return Reply(Kind.PROBLEM, messages.sentence(str(error)), problem=error)
        except SearchIndexError as error:
            _log.error("cannot answer: %s", error)
            return Reply(Kind.PROBLEM, messages.sentence(str(error)))
        except Exception:  # noqa: BLE001 - the boundary: no traceback reaches a user
            problem_id = secrets.token_hex(4)
            _log.exception("problem %s while answering", problem_id)
            return Reply(Kind.PROBLEM, messages.unexpected(problem_id), problem_id=problem_id)

    def _ask(self, question: Question) -> Reply:
        return ask(question, self._lives(question.collection), self._answerer)

    def close(self) -> None:
        """Finish what is running, then stop."""
        self._worker.close()
