"""What becomes of a look-up is told in every language, and says what it is."""

from __future__ import annotations

import pytest

from bot.conversation import (
    Kind,
    Lookup,
    QuoteReply,
    QuoteRequest,
    Reply,
    SpeakersReply,
    SpeakersRequest,
    WhosaidReply,
)
from bot.errors import BusyError
from bot.localization import languages, phrases
from bot.localization.lookups import kind_of, quote_lead, speakers_lead, verdict
from corpus.speakers import Speaker
from index.answer import Answer, Timings
from index.comparison import Change, Difference, Matter
from index.source import Source
from index.verdict import Verdict
from index.whosaid import Examination

WORDS = phrases()
OOPS = Speaker("allie-oops", "Allie Oops", (), (), 1, ("a",))
REQUEST = QuoteRequest("Oops", "{doors}", "Talk")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    "reply",
    [
        QuoteReply(Lookup.PROBLEM, REQUEST, problem=BusyError()),
        QuoteReply(Lookup.SEVERAL_SPEAKERS, REQUEST, suggestions=("A", "B")),
        QuoteReply(Lookup.UNKNOWN_SPEAKER, REQUEST),
        QuoteReply(Lookup.UNKNOWN_SPEAKER, REQUEST, suggestions=("A",)),
        QuoteReply(Lookup.UNKNOWN_ARTICLE, REQUEST, suggestions=("A",)),
        QuoteReply(Lookup.NO_QUOTES, REQUEST, speaker=OOPS, article="Talk"),
        QuoteReply(Lookup.NO_QUOTES, REQUEST, speaker=OOPS),
        QuoteReply(Lookup.NO_QUOTES, REQUEST, article="Talk"),
        QuoteReply(Lookup.NO_QUOTES, REQUEST),
        QuoteReply(Lookup.OFF_TOPIC, REQUEST, speaker=OOPS),
        QuoteReply(Lookup.OFF_TOPIC, REQUEST),
    ],
)
def test_why_there_are_no_quotations_is_told_in_every_language(
    reply: QuoteReply, language: str
) -> None:
    told = quote_lead(reply, phrases(language))
    assert told
    assert (told == quote_lead(reply, WORDS)) == (language == "en")
    assert all(name in told for name in reply.suggestions)


def test_quotations_and_speakers_that_are_there_speak_for_themselves() -> None:
    assert quote_lead(QuoteReply(Lookup.FOUND, REQUEST), WORDS) == ""
    request = SpeakersRequest()
    assert speakers_lead(SpeakersReply(Lookup.FOUND, request), WORDS) == ""
    busy = SpeakersReply(Lookup.PROBLEM, request, problem=BusyError())
    assert speakers_lead(busy, WORDS) == WORDS("busy")
    nobody = SpeakersReply(Lookup.NO_QUOTES, request)
    assert speakers_lead(nobody, WORDS) == WORDS("nobody_quoted")


_SAME = Difference(Change.SAME, "a", "a")
_PASSAGE = (Source(1, None, "", "", 1, None, None, 0.0, context=False),)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("found", "keys"),
    [
        (WhosaidReply(Verdict.EXACT), ["verdict_exact"]),
        (WhosaidReply(Verdict.EXACT, elided=True, partial=True), ["verdict_elided"]),
        (WhosaidReply(Verdict.EXACT, partial=True), ["verdict_exact", "verdict_partial"]),
        (WhosaidReply(Verdict.EXACT, inside=True), ["verdict_exact", "verdict_inside"]),
        (
            WhosaidReply(Verdict.ALTERED, named="Roux", misattributed=True),
            ["verdict_altered", "misattributed"],
        ),
        (WhosaidReply(Verdict.ANOTHER, named="Roux", misattributed=True), ["verdict_another"]),
        (WhosaidReply(Verdict.PARAPHRASE), ["verdict_paraphrase"]),
        (WhosaidReply(Verdict.PARAPHRASE, passages=_PASSAGE), ["verdict_retold"]),
        (
            WhosaidReply(Verdict.PARAPHRASE, passages=_PASSAGE, comparison=(_SAME,)),
            ["verdict_own_words"],
        ),
        (WhosaidReply(Verdict.ABSENT), ["verdict_absent"]),
    ],
)
def test_a_verdict_is_told_in_every_language(
    found: WhosaidReply, keys: list[str], language: str
) -> None:
    words = phrases(language)
    values = {"named": found.named}
    assert verdict(found, words) == " ".join(words(key, **values) for key in keys)


def test_numbers_and_negations_are_named_before_the_kind_of_change() -> None:
    number = Difference(Change.CHANGED, "8", "9", Matter.NUMBER)
    assert kind_of(number, WORDS) == "number, changed"
    assert kind_of(Difference(Change.LEFT_OUT, "", "x"), phrases("de")).startswith("bei den")


def test_a_question_for_a_speaker_is_answered_with_the_verdict_in_the_language() -> None:
    found = Examination(Verdict.ABSENT, "words", inside=False)
    times = Timings(0.0, 0.0, 0.0, 0.0)
    answer = Answer("Who said words?", False, 0.0, (), (), "v", times, (), found)
    reply = Reply(Kind.NOT_FOUND, "…", answer=answer, understood="Who said words?")
    words = phrases("fr")
    understood = words("understood", question="Who said words?")
    assert words.lead(reply) == f"{understood}\n{words('verdict_absent')}"
