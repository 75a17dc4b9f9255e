"""Conversations about the shipped articles, with the model that is shipped."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.asking import ask
from bot.conversation import Question
from bot.corpus_admin import reindex
from bot.service import Service
from bot.settings import SHIPPED_ARTICLES, Settings
from bot.worker import Worker
from index.answer import Answerer
from index.live import LiveIndex
from index.manifest import Recipe
from index.versions import Versions
from tests.dialogues import DIALOGUES

if TYPE_CHECKING:
    from bot.conversation import Exchange, Reply
    from index.embedder import Embedder


@pytest.fixture(scope="module")
def live(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> LiveIndex:
    home = tmp_path_factory.mktemp("dialogues")
    settings = Settings(home=home, articles=SHIPPED_ARTICLES)
    reindex(settings, embedder)
    return LiveIndex(Versions(settings.collection), Recipe.of(embedder))


@pytest.mark.parametrize(
    ("questions", "meaning", "words"), DIALOGUES, ids=[" ".join(row[0]) for row in DIALOGUES]
)
def test_the_last_question_is_understood_and_the_right_words_come_up(
    live: LiveIndex, embedder: Embedder, questions: tuple[str, ...], meaning: str, words: str
) -> None:
    answerer = Answerer.default(embedder)
    earlier: list[Exchange] = []
    for question in questions:
        reply = ask(Question(question, earlier=tuple(earlier)), live, answerer)
        assert reply.exchange is not None
        earlier.append(reply.exchange)
    assert earlier[-1].question == meaning
    shown = [source.citation.text for source in reply.sources]
    assert any(words in text for text in shown), shown


async def test_many_questions_at_once_share_the_model_and_get_the_answers_of_single_ones(
    live: LiveIndex, embedder: Embedder
) -> None:
    questions = [Question(row[0][0]) for row in DIALOGUES]
    answerer = Answerer.default(embedder)
    alone = [_shown(ask(question, live, answerer)) for question in questions]
    service = Service(lambda _: live, answerer, Worker(4, len(questions), 120))
    together = await asyncio.gather(*(service.ask(question) for question in questions))
    assert [_shown(reply) for reply in together] == alone
    service.close()


def _shown(reply: Reply) -> list[tuple[str, int, int]]:
    cited = (source.citation for source in reply.sources)
    return [(one.article_id, one.span.start, one.span.end) for one in cited]
