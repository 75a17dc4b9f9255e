"""From a question to a reply: what is answered, what is refused, and what leaks of a failure."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import pytest

from bot.asking import LONGEST_QUESTION, clean
from bot.conversation import Exchange, Kind, Question
from bot.corpus_admin import reindex
from bot.errors import NoWordsError, TooLongError
from bot.rendering.json import answer_as_json
from bot.service import Service
from bot.settings import Settings
from bot.worker import Worker
from corpus.citation import verify
from index.answer import Answerer
from index.errors import StorageError
from index.judge import SignalJudge
from index.live import LiveIndex
from index.manifest import Recipe
from index.versions import Versions
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.conversation import Reply
    from index.answer import Answer
    from index.snapshot import Snapshot

TOWNS = ("Bergen", "Oslo", "Paris", "Lagos", "Lima", "Turin", "Delhi", "Kyoto", "Quito", "Accra")


class ScriptedAnswerer(Answerer):
    """An answerer that does what it is told before it answers."""

    before: Callable[[], object] = staticmethod(lambda: None)

    def answer(self, question: str, snapshot: Snapshot, limit: int = 3) -> Answer:
        self.before()
        return super().answer(question, snapshot, limit)


def answerer(before: Callable[[], object] = lambda: None) -> Answerer:
    kind = type("Told", (ScriptedAnswerer,), {"before": staticmethod(before)})
    made = kind(HashEmbedder(), SignalJudge.load())
    assert isinstance(made, Answerer)
    return made


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    articles = tmp_path_factory.mktemp("articles")
    for number, town in enumerate(TOWNS):
        text = f"# {town}\n\nThe mayor of {town} is called Name{number}. Trams run in {town}.\n"
        (articles / f"{town}.md").write_text(text)
    home = tmp_path_factory.mktemp("home")
    made = Settings(home=home, articles=articles)
    reindex(made, HashEmbedder())
    return made


@pytest.fixture
def live(settings: Settings) -> LiveIndex:
    return LiveIndex(Versions(settings.collection), Recipe.of(HashEmbedder()))


@pytest.fixture
def service(live: LiveIndex) -> Iterator[Service]:
    made = Service(lambda _: live, answerer(), Worker(2, 64, 20))
    yield made
    made.close()


def failing(live: LiveIndex, error: BaseException) -> Service:
    def fail() -> None:
        raise error

    return Service(lambda _: live, answerer(fail), Worker(1, 0, 5))


async def test_an_answer_is_made_of_verified_sources_and_can_be_followed_up(
    service: Service, live: LiveIndex
) -> None:
    reply = await service.ask(Question("Who is the mayor of Lima?"))
    assert reply.answer is not None
    assert reply.sources == (reply.answer.sentences or reply.answer.nearest)
    snapshot = live.snapshot()
    for source in reply.sources:
        assert verify(source.citation, snapshot.article(source.citation.article_id))
    shown = tuple(source.citation.text for source in reply.sources)
    assert reply.exchange == Exchange("Who is the mayor of Lima?", shown)
    assert (reply.kind is Kind.ANSWER) == reply.answer.answered


async def test_a_follow_up_is_told_as_it_was_understood(service: Service) -> None:
    earlier = Exchange("Who is the mayor of Lima?", ())
    reply = await service.ask(Question("And of Quito?", earlier=(earlier,)))
    assert reply.lead.startswith("Understood as: Who is the mayor of Quito?")
    assert reply.exchange is not None
    assert reply.exchange.question == "Who is the mayor of Quito?"
    assert any("Quito" in source.citation.text for source in reply.sources)


async def test_what_the_articles_do_not_say_comes_with_the_nearest_passages(
    service: Service,
) -> None:
    reply = await service.ask(Question("zyzzyva quokka wombat?"))
    assert reply.kind is Kind.NOT_FOUND
    assert reply.lead.startswith("The articles do not say")
    assert reply.answer is not None
    assert reply.sources == reply.answer.nearest


async def test_a_refused_follow_up_tells_both_how_it_was_understood_and_that_nothing_is_said(
    service: Service,
) -> None:
    earlier = Exchange("zyzzyva quokka wombat?", ())
    reply = await service.ask(Question("Why?", earlier=(earlier,)))
    assert reply.kind is Kind.NOT_FOUND
    assert reply.lead.startswith("Understood as: Why (zyzzyva quokka wombat)?\nThe articles do")


async def test_the_limit_is_how_many_sentences_are_shown_at_most(service: Service) -> None:
    reply = await service.ask(Question("Which trams run in which town?", limit=2))
    assert 0 < len(reply.sources) <= 2


async def test_json_of_an_answer_has_the_fields_and_types_of_the_contract(
    service: Service, live: LiveIndex
) -> None:
    snapshot = live.snapshot()
    for question in ("Who is the mayor of Lima?", "zyzzyva quokka wombat?"):
        reply = await service.ask(Question(question))
        assert reply.answer is not None
        found = json.loads(json.dumps(answer_as_json(reply.answer)))
        assert {name: type(value) for name, value in found.items()} == {
            "question": str, "answered": bool, "confidence": float, "sentences": list,
            "citations": list, "nearest": list, "index_version": str, "timings_ms": dict,
        }  # fmt: skip
        assert 0 <= found["confidence"] <= 1
        assert bool(found["sentences"]) == found["answered"] != bool(found["nearest"])
        assert set(found["timings_ms"]) == {"embed", "search", "answer", "total"}
        for sentence, citation in zip(found["sentences"], found["citations"], strict=True):
            same = ("text", "start", "end", "article_id")
            assert [sentence[name] for name in same] == [citation[name] for name in same]
            assert sentence["citation"] == citation["number"]
            assert type(sentence["context"]) is bool
        for number, one in enumerate([*found["citations"], *found["nearest"]], 1):
            assert {name: type(value) for name, value in one.items()} == {
                "number": int, "article_id": str, "title": str, "section": str, "paragraph": int,
                "start": int, "end": int, "text": str, "content_hash": str,
                "url": type(None), "link": type(None), "similarity": float,
            }  # fmt: skip
            assert one["number"] == number
            article = snapshot.article(one["article_id"])
            assert article.text[one["start"] : one["end"]] == one["text"]
            assert article.content_hash == one["content_hash"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("  What\n is\tthis? ", "What is this?"),
        ("What\x00 is\x1b[31m this?\x07", "What is[31m this?"),
        ("caf\udce9?", "caf??"),
        ("什么是亲密协调员？", "什么是亲密协调员？"),
        ("Cafe\u0301?", "Café?"),
        ('"“\'Who\'” said "x"?', '"“\'Who\'” said "x"?'),
        ("x" * LONGEST_QUESTION, "x" * LONGEST_QUESTION),
    ],
)
def test_a_question_is_cleaned_of_what_cannot_be_seen(text: str, meant: str) -> None:
    assert clean(text) == meant


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "?!…", "🎬🎭🙈", "\x00\x01", "— “” '"])
def test_a_question_without_words_is_refused(text: str) -> None:
    with pytest.raises(NoWordsError, match="Ask in a sentence"):
        clean(text)


@pytest.mark.parametrize("length", [LONGEST_QUESTION + 1, 1 << 20])
def test_a_question_that_is_too_long_is_refused_with_its_length(length: int) -> None:
    with pytest.raises(TooLongError, match=f"has {length:,} characters.*at most 2,000"):
        clean("x" * length)


async def test_a_question_that_cannot_be_asked_is_told_why(service: Service) -> None:
    reply = await service.ask(Question("🎬"))
    assert reply.kind is Kind.PROBLEM
    assert "no words" in reply.lead
    assert (reply.exchange, reply.answer, reply.problem_id) == (None, None, "")


async def test_a_corpus_without_articles_says_where_to_put_some(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    empty = Settings(home=tmp_path / "home", articles=tmp_path / "none")
    reindex(empty, HashEmbedder())
    live = LiveIndex(Versions(empty.collection), Recipe.of(HashEmbedder()))
    service = Service(lambda _: live, answerer(), Worker(1, 0, 5))
    reply = await service.ask(Question("Who is the mayor?"))
    assert reply.kind is Kind.PROBLEM
    assert "ONRECORD_ARTICLES" in reply.lead
    service.close()


async def test_without_an_index_the_reply_says_what_to_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveIndex(Versions(tmp_path), Recipe.of(HashEmbedder()))
    service = Service(lambda _: live, answerer(), Worker(1, 0, 5))
    reply = await service.ask(Question("Who is the mayor?"))
    assert reply.kind is Kind.PROBLEM
    assert "onrecord reindex" in reply.lead
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert reply.problem_id
    assert reply.problem_id in record.getMessage()
    service.close()


@pytest.mark.parametrize("error", [ValueError("a secret"), TimeoutError("a secret"), MemoryError()])
async def test_an_unexpected_error_is_told_by_an_id_that_the_log_explains(
    live: LiveIndex, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    service = failing(live, error)
    reply = await service.ask(Question("Who is the mayor of Lima?"))
    assert reply.kind is Kind.PROBLEM
    assert reply.problem_id
    assert reply.problem_id in reply.lead
    assert "secret" not in reply.lead
    assert type(error).__name__ not in reply.lead
    (record,) = caplog.records
    assert reply.problem_id in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is type(error)
    service.close()


async def test_two_problems_have_two_ids(live: LiveIndex) -> None:
    service = failing(live, ValueError())
    ids = {(await service.ask(Question("Who is it?"))).problem_id for _ in range(20)}
    assert len(ids) == 20
    service.close()


async def test_an_error_that_a_user_can_mend_is_told_in_its_own_words(
    live: LiveIndex, tmp_path: Path
) -> None:
    error = StorageError(tmp_path, OSError(28, "No space left on device"))
    service = failing(live, error)
    reply = await service.ask(Question("Who is it?"))
    assert reply.lead == f"C{str(error)[1:]}."
    assert "free some space" in reply.lead
    service.close()


async def test_too_many_and_too_slow_questions_are_told_so(live: LiveIndex) -> None:
    release = Event()
    service = Service(lambda _: live, answerer(lambda: release.wait(5)), Worker(1, 1, 0.1))
    replies = await asyncio.gather(*(service.ask(Question("Who is it?")) for _ in range(3)))
    release.set()
    assert [reply.kind for reply in replies] == [Kind.PROBLEM] * 3
    assert "Too many questions" in replies[2].lead
    assert all("longer than 0.1 seconds" in reply.lead for reply in replies[:2])
    service.close()


async def test_cancelling_a_question_cancels_it(live: LiveIndex) -> None:
    release = Event()
    service = Service(lambda _: live, answerer(lambda: release.wait(5)), Worker(1, 1, 5))
    asking = asyncio.ensure_future(service.ask(Question("Who is it?")))
    await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    release.set()
    service.close()


async def test_closing_answers_what_runs_and_refuses_what_waits(live: LiveIndex) -> None:
    begun, release = Event(), Event()

    def wait() -> None:
        begun.set()
        release.wait(5)

    service = Service(lambda _: live, answerer(wait), Worker(1, 1, 20))
    running, waiting = (
        asyncio.ensure_future(service.ask(Question(f"Who is the mayor of {town}?")))
        for town in ("Lima", "Oslo")
    )
    await asyncio.to_thread(begun.wait, 5)
    closing = asyncio.ensure_future(asyncio.to_thread(service.close))
    assert (await waiting).lead.startswith("The bot is being restarted")
    release.set()
    assert (await running).kind is not Kind.PROBLEM
    await closing
    assert (await service.ask(Question("Who?"))).kind is Kind.PROBLEM


async def test_many_questions_at_once_each_get_their_own_answer(live: LiveIndex) -> None:
    service = Service(lambda _: live, answerer(), Worker(4, 500, 60))
    asked = [town for _ in range(8) for town in TOWNS]
    replies = await asyncio.gather(
        *(service.ask(Question(f"Who is the mayor of {town}?")) for town in asked)
    )
    for town, reply in zip(asked, replies, strict=True):
        _shows(reply, f"The mayor of {town} is called Name{TOWNS.index(town)}.")
    service.close()


def _shows(reply: Reply, words: str) -> None:
    assert any(words in source.citation.text for source in reply.sources), reply


class SilentAnswerer(Answerer):
    """An answerer that finds nothing."""

    def answer(self, question: str, snapshot: Snapshot, limit: int = 3) -> Answer:
        found = super().answer(question, snapshot, limit)
        return replace(found, answered=False, sentences=(), nearest=())


async def test_where_nothing_comes_near_the_reply_says_so(live: LiveIndex) -> None:
    silent = SilentAnswerer(HashEmbedder(), SignalJudge.load())
    service = Service(lambda _: live, silent, Worker(1, 0, 5))
    reply = await service.ask(Question("Who is the mayor of Lima?"))
    assert (reply.kind, reply.sources) == (Kind.NOT_FOUND, ())
    assert reply.lead == "The articles do not say, and nothing in them comes near."
    service.close()
