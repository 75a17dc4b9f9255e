"""Questions for what somebody said are answered from the quotations, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.answer import Answerer
from index.judge import SignalJudge
from index.quote_question import QuoteQuestion, quote_questions, words_asked
from index.verdict import Verdict
from tests.fakes import HashEmbedder
from tests.making import article, snapshot_of

if TYPE_CHECKING:
    from index.answer import Answer
    from index.snapshot import Snapshot

ARTICLES = (
    article(
        "harbour",
        "Mayor Lena Ortiz opened the harbour on Monday.",
        "“The cranes cost 7 million,” she told the Herald.",
        "“I have always loved boats,” Ortiz said in April 2021.",
        "“Boats are for dreamers,” she said in June 2022.",
        "Tom Reyes said that the quay would be ready before winter.",
        "Ben Hale walked along the quay with his dog.",
    ),
    article("gulls", "“Gulls steal from everybody,” said Ann Lee.", "Gulls nest on the cranes."),
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("index"), *ARTICLES)[0]


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(HashEmbedder(256), SignalJudge.load())


def shown(answer: Answer) -> list[str]:
    return [source.citation.text for source in answer.sentences]


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("What did Lena Ortiz say about boats?", QuoteQuestion("Lena Ortiz", "", "boats")),
        ("what has ortiz said on the cranes", QuoteQuestion("ortiz", "", "the cranes")),
        ("What did she tell the Herald about it?", QuoteQuestion("she", "the Herald", "it")),
        ("What did Oops tell Mashable?", QuoteQuestion("Oops", "Mashable")),
        ("What did Ortiz tell reporters about gulls?", QuoteQuestion("Ortiz", "", "gulls")),
        ("What does Jane Smith think of boats?", QuoteQuestion("Jane Smith", "", "boats")),
        ("What is Ortiz's view on cranes?", QuoteQuestion("Ortiz", "", "cranes")),
        ("Quote the mayor on boats", QuoteQuestion("the mayor", "", "boats")),
        ("Show me quotes by Ann Lee about gulls", QuoteQuestion("Ann Lee", "", "gulls")),
        ("Ann Lee's quotes", QuoteQuestion("Ann Lee")),
        (
            "According to Ann Lee, what do gulls do?",
            QuoteQuestion("Ann Lee", "", "what do gulls do"),
        ),
        (
            "What do gulls do, according to Ann Lee?",
            QuoteQuestion("Ann Lee", "", "What do gulls do"),
        ),
        ("Tell me what Ortiz said about boats", QuoteQuestion("Ortiz", "", "boats")),
        ("How did Ortiz describe the boats?", QuoteQuestion("Ortiz", "", "the boats")),
    ],
)
def test_questions_for_quotations(question: str, read: QuoteQuestion) -> None:
    assert read in quote_questions(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who directed Marty Supreme?",
        "When did Ortiz open the harbour?",
        "What does an intimacy coordinator do?",
        "How old was he when he said that?",
        "Who wrote the screenplay of Anora?",
        "How did Safdie react to what Paltrow told Vanity Fair?",
        "What is a quay?",
    ],
)
def test_other_questions(question: str) -> None:
    assert quote_questions(question) == []
    assert words_asked(question) == ""


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who said “The cranes cost 7 million”?", "“The cranes cost 7 million”"),
        ('Whose words are these: "The cranes cost 7 million"?', '"The cranes cost 7 million"'),
        ("Who said that gulls steal from everybody?", "gulls steal from everybody"),
        ("who said on the radio that gulls steal from everybody?", "gulls steal from everybody"),
        ("Who said it?", ""),
        ("Who was there?", ""),
    ],
)
def test_words_whose_speaker_is_asked_for(question: str, words: str) -> None:
    assert words_asked(question) == words


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        (
            "What did Ortiz say about the cranes?",
            ["“The cranes cost 7 million,” she told the Herald."],
        ),
        ("What did Ortiz tell the Herald?", ["“The cranes cost 7 million,” she told the Herald."]),
        ("Quote the mayor on cranes", ["“The cranes cost 7 million,” she told the Herald."]),
        (
            "What did Ortiz say about boats in 2022?",
            ["“Boats are for dreamers,” she said in June 2022."],
        ),
        (
            "What did Ortiz say about boats in April?",
            ["“I have always loved boats,” Ortiz said in April 2021."],
        ),
        ("What did Ann Lee say?", ["“Gulls steal from everybody,” said Ann Lee."]),
        ("Who said “Gulls steal from everybody”?", ["“Gulls steal from everybody,” said Ann Lee."]),
    ],
)
def test_the_sentences_that_hold_what_was_said_are_shown(
    snapshot: Snapshot, answerer: Answerer, question: str, sentences: list[str]
) -> None:
    answer = answerer.answer(question, snapshot)
    assert answer.answered
    assert answer.confidence >= answerer.judge.threshold
    assert shown(answer) == sentences


def test_more_than_fits_can_be_asked_for(snapshot: Snapshot, answerer: Answerer) -> None:
    answer = answerer.answer("What did Lena Ortiz and Ann Lee say?", snapshot, limit=2)
    assert [source.number for source in answer.sentences] == [1, 2]
    assert [place.number for place in answer.more] == [3, 4]


@pytest.mark.parametrize(
    "question",
    [
        "What did Ortiz say about penguins in Norway?",
        "What did Ortiz tell the Guardian?",
        "What did Ann Lee say about opera?",
        "What did Ben Hale say about the quay?",
        "What did Greta Nobody say about gulls?",
        "Who said “Penguins should rule the whole planet”?",
    ],
)
def test_what_was_not_said_is_refused(
    snapshot: Snapshot, answerer: Answerer, question: str
) -> None:
    answer = answerer.answer(question, snapshot)
    assert not answer.answered
    assert answer.confidence < answerer.judge.threshold


def test_indirect_speech_still_answers(snapshot: Snapshot, answerer: Answerer) -> None:
    answer = answerer.answer("What did Tom Reyes say about when the quay would be ready?", snapshot)
    found = [source.citation.text for source in (*answer.sentences, *answer.nearest)]
    assert any("Tom Reyes said that the quay would be ready before winter." in one for one in found)


def test_the_verdict_is_kept_with_the_answer(snapshot: Snapshot, answerer: Answerer) -> None:
    answer = answerer.answer("Who said “Gulls never steal from everybody”?", snapshot)
    assert answer.examination is not None
    assert answer.examination.verdict is Verdict.ALTERED
    assert answerer.answer("Where do gulls nest?", snapshot).examination is None


def test_a_scrap_is_an_ordinary_question(snapshot: Snapshot, answerer: Answerer) -> None:
    assert answerer.answer("Who said “Gulls steal”?", snapshot).examination is None
