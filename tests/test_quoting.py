"""Looking up quotations below any platform: requests in, replies of proved citations out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.context import contexts
from bot.conversation import Kind, Lookup, Question, QuoteRequest, SpeakersRequest, WhosaidRequest
from bot.errors import NoQuotationError, QuotationTooLongError
from bot.quoting import LONGEST_QUOTATION, MOST_ITEMS
from bot.rendering.json import answer_as_json
from bot.service import Service
from bot.verdicts import verdict_on
from bot.worker import Worker
from corpus.citation import verify
from index.answer import Answerer
from index.judge import SignalJudge
from index.live import LiveIndex
from index.manifest import Recipe
from index.source import Shown
from index.verdict import Verdict
from index.versions import Versions
from index.whosaid import examine
from tests.fakes import HashEmbedder
from tests.making import article, build, loaded
from tests.whosaid_cases import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.conversation import QuoteReply

MANY = article(
    "many", *(f"“There are {number} herons here,” said Zoe Hale." for number in range(12)),
    title="Herons, one by one",
)  # fmt: skip


def served(folder: Path) -> Service:
    embedder = HashEmbedder(256)
    live = LiveIndex(Versions(folder), Recipe.of(embedder))
    return Service(lambda _: live, Answerer(embedder, SignalJudge.load()), Worker(1, 8, 20))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("index")
    build(made, loaded(*ARTICLES, MANY), HashEmbedder(256))
    return made


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    made = served(folder)
    yield made
    made.close()


def words(reply: QuoteReply) -> list[str]:
    return [one.source.citation.text for one in reply.items]


async def test_a_speaker_is_found_by_name_alias_role_and_id(service: Service) -> None:
    for name in ("lena-ortiz", "Lena Ortiz", "ortiz", "the mayor"):
        reply = await service.quote(QuoteRequest(name))
        assert (reply.kind, reply.total, reply.lead) == (Lookup.FOUND, 2, "")
        assert reply.speaker is not None
        assert reply.speaker.name == "Lena Ortiz"


async def test_each_item_is_whole_and_can_be_shown_in_its_context(
    service: Service, folder: Path
) -> None:
    snapshot = LiveIndex(Versions(folder), Recipe.of(HashEmbedder(256))).snapshot()
    reply = await service.quote(QuoteRequest("Tom Reyes"))
    first, second = reply.items
    assert [(one.part, one.parts) for one in reply.items] == [(1, 2), (2, 2)]
    assert first.attribution is not None
    assert first.attribution.text == "Tom Reyes"
    assert first.source.title == "Ortiz keeps the libraries"
    assert second.sentence == first.sentence
    found = contexts([Shown.of(second.source)], snapshot)
    assert found[0].source.citation == second.source.citation


async def test_pages_follow_one_another_and_cover_all(service: Service) -> None:
    request = QuoteRequest("Zoe Hale", limit=5)
    seen: list[int] = []
    while True:
        reply = await service.quote(request)
        assert (reply.pages, reply.total) == (3, 12)
        seen += [one.source.number for one in reply.items]
        if reply.page == reply.pages:
            break
        request = replace(reply.request, offset=request.offset + request.limit)
    assert seen == list(range(1, 13))


async def test_a_page_beyond_the_last_is_empty_and_limits_have_bounds(service: Service) -> None:
    beyond = await service.quote(QuoteRequest("Zoe Hale", offset=99))
    assert (beyond.kind, beyond.items, beyond.total) == (Lookup.FOUND, (), 12)
    assert len((await service.quote(QuoteRequest(limit=10**6))).items) == MOST_ITEMS
    assert len((await service.quote(QuoteRequest(limit=-3, offset=-3))).items) == 1


async def test_a_topic_narrows_and_orders(service: Service) -> None:
    reply = await service.quote(QuoteRequest("ortiz", about="the budget"))
    assert words(reply) == ["The budget is $5m, and it has never been higher,"]
    anyone = await service.quote(QuoteRequest(about="libraries"))
    assert {one.speaker for one in anyone.items} == {"Lena Ortiz", "John Doe"}


async def test_off_the_topic_the_nearest_are_shown_as_such(service: Service) -> None:
    reply = await service.quote(QuoteRequest("ortiz", about="penguins"))
    assert reply.kind is Lookup.OFF_TOPIC
    assert reply.lead.startswith("No quotation of Lena Ortiz is clearly about “penguins”.")


async def test_an_article_is_found_by_id_title_and_part_of_it(service: Service) -> None:
    for name in ("herald", "The council meets again", "council MEETS"):
        reply = await service.quote(QuoteRequest(article=name))
        assert (reply.kind, reply.total, reply.article) == (
            Lookup.FOUND, 4, "The council meets again",
        )  # fmt: skip


async def test_what_cannot_be_found_is_told_with_what_could(service: Service) -> None:
    mistyped = await service.quote(QuoteRequest("Ortis"))
    assert (mistyped.kind, mistyped.suggestions) == (Lookup.UNKNOWN_SPEAKER, ("Lena Ortiz",))
    assert mistyped.lead == "The articles quote nobody called “Ortis”. Nearest names: Lena Ortiz."
    nobody = await service.quote(QuoteRequest("Xqz"))
    assert nobody.lead == "The articles quote nobody called “Xqz”."
    several = await service.quote(QuoteRequest("Moor"))
    assert several.kind is Lookup.SEVERAL_SPEAKERS
    assert set(several.suggestions) == {"Sam Moor", "Bill Moor", "Hope Moor"}
    elsewhere = await service.quote(QuoteRequest(article="council meets agian"))
    assert elsewhere.kind is Lookup.UNKNOWN_ARTICLE
    assert elsewhere.suggestions[0] == "The council meets again"
    apart = await service.quote(QuoteRequest("ortiz", article="herald"))
    assert (apart.kind, apart.items) == (Lookup.NO_QUOTES, ())
    assert apart.lead == "“The council meets again” does not quote Lena Ortiz."


async def test_open_speakers_come_with_candidates(service: Service) -> None:
    reply = await service.quote(QuoteRequest(article="stage"))
    (opened,) = [one for one in reply.items if one.speaker is None]
    assert set(opened.candidates) == {"Sam Moor", "Bill Moor", "Hope Moor"}
    (child,) = opened.children
    assert child.citation.text == "You are what you do to them,"


async def test_every_word_of_every_reply_stands_in_its_article(service: Service) -> None:
    known = {one.id: one for one in (*ARTICLES, MANY)}
    for request in (QuoteRequest(limit=25), QuoteRequest(limit=25, offset=25)):
        for item in (await service.quote(request)).items:
            for citation in (item.source.citation, item.sentence, item.attribution):
                if citation is not None:
                    assert verify(citation, known[citation.article_id])


async def test_a_verdict_comes_with_its_reasons(service: Service) -> None:
    reply = await service.whosaid(WhosaidRequest("We will close six libraries this year"))
    assert reply.verdict is Verdict.ALTERED
    assert reply.lead == (
        "Altered: Lena Ortiz said this, but not so. Negation dropped: “not”; "
        "number changed: “seven” to “six”."
    )


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("We will not close seven libraries this year", "Exact: Lena Ortiz said this."),
        (
            "I was terrified … in the end I did it",
            "Exact, but for the words left out at the ellipsis: Jane Smith said this.",
        ),
        (
            "Without it you have nothing, we were hungry and nobody came",
            "Spliced: put together from parts of several quotations, of Ann Lee and Hope Moor.",
        ),
        (
            '"We will not close eight libraries this year" — Lena Ortiz',
            "Real, but said by another: John Doe said this, not Lena Ortiz.",
        ),
        (
            'Ann Lee: "They were cold, we were angry and nobody came"',
            (
                "Altered: Hope Moor said this, but not so. Changed: “hungry” to “angry”. "
                "Nor is it by Ann Lee."
            ),
        ),
        (
            "The theatre reopened in March after two years of repairs",
            "Words of the article, not a quotation: nobody is quoted as saying them.",
        ),
        (
            "The theatre reopened in May after two years of repairs",
            "A paraphrase of words of the article, which are not a quotation.",
        ),
        (
            "we will not close seven",
            ("Exact: Lena Ortiz said this. It is a part of what was said, which is shown whole."),
        ),
        ("What would you", "Fewer than four words are not judged: anybody may have said them."),
    ],
)
async def test_each_verdict_is_told_in_a_sentence(service: Service, text: str, lead: str) -> None:
    assert (await service.whosaid(WhosaidRequest(text))).lead == lead


def test_a_paraphrase_of_a_quotation_names_who_said_it(folder: Path) -> None:
    embedder = HashEmbedder(256)
    snapshot = LiveIndex(Versions(folder), Recipe.of(embedder)).snapshot()
    exact = examine("They were cold, we were hungry and nobody came", snapshot, embedder)
    told = verdict_on(replace(exact, verdict=Verdict.PARAPHRASE))
    assert told == "A paraphrase of a quotation: Hope Moor said this, in other words."


async def test_absent_words_are_never_called_false(service: Service) -> None:
    reply = await service.whosaid(WhosaidRequest("Penguins ought to rule the entire planet"))
    assert reply.verdict is Verdict.ABSENT
    assert "false" not in reply.lead
    assert reply.lead.startswith("Not in this corpus;")


async def test_a_quotation_repeated_by_its_speaker_and_one_left_unjudged_are_told(
    service: Service,
) -> None:
    inside = await service.whosaid(WhosaidRequest("You are what you do to them"))
    assert inside.partial
    assert "They repeat there what somebody else said." in inside.lead
    assert "speaker not named clearly; candidates: " in inside.lead
    two = WhosaidRequest("“What would you do then?” said Doe. “We were hungry and nobody came,” "
                         "said Moor.")  # fmt: skip
    assert (await service.whosaid(two)).lead.endswith(
        "Only the longest quotation in this text was looked at."
    )


async def test_many_differences_are_counted(service: Service) -> None:
    text = "It then took us the whole 7.5 hours, oh and so we had just to do all it now twice"
    reply = await service.whosaid(WhosaidRequest(text))
    assert (reply.verdict, len(reply.differences)) == (Verdict.ALTERED, len(reply.differences))
    assert len(reply.differences) > 6
    assert reply.lead.endswith(f"; and {len(reply.differences) - 6} more.")


@pytest.mark.parametrize("text", ["", "  ", "😀😀", "“…”", "\u200b"])
async def test_words_that_are_none_are_refused(service: Service, text: str) -> None:
    reply = await service.whosaid(WhosaidRequest(text))
    assert reply.verdict is None
    assert isinstance(reply.problem, NoQuotationError)


async def test_a_megabyte_is_refused_in_a_sentence(service: Service) -> None:
    reply = await service.whosaid(WhosaidRequest("word " * 200_000))
    assert isinstance(reply.problem, QuotationTooLongError)
    assert f"Give at most {LONGEST_QUOTATION:,}" in reply.lead


async def test_the_longest_text_is_judged(service: Service) -> None:
    reply = await service.whosaid(WhosaidRequest(("It took us 7.5 hours. " * 400)[:6000]))
    assert reply.verdict is not None


async def test_speakers_come_most_quoted_first_with_their_articles(service: Service) -> None:
    reply = await service.speakers(SpeakersRequest(limit=2))
    assert (reply.kind, reply.total) == (Lookup.FOUND, 11)
    assert [(one.speaker.name, one.speaker.quotes) for one in reply.speakers] == [
        ("Zoe Hale", 12), ("Ann Lee", 2),
    ]  # fmt: skip
    assert reply.speakers[0].articles == (("many", "Herons, one by one"),)
    rest = await service.speakers(SpeakersRequest(limit=50, offset=2))
    assert len(rest.speakers) == 9


async def test_names_and_titles_are_completed(service: Service) -> None:
    assert await service.complete_speakers("nun") == (("zoe-nunez", "Zoë Núñez", 1),)
    assert len(await service.complete_speakers("")) == 11
    assert await service.complete_articles("HERONS one") == (("many", "Herons, one by one"),)
    assert len(await service.complete_articles("")) == 4


async def test_nobody_quoted_is_told(tmp_path: Path) -> None:
    build(tmp_path, loaded(article("a", "Nobody spoke.", title="Silence")), HashEmbedder(256))
    service = served(tmp_path)
    assert (await service.quote(QuoteRequest())).lead == "Nobody is quoted in these articles."
    assert (await service.quote(QuoteRequest(article="Silence"))).kind is Lookup.NO_QUOTES
    assert (await service.speakers(SpeakersRequest())).kind is Lookup.NO_QUOTES
    service.close()


async def test_an_article_that_quotes_nobody_is_told(tmp_path: Path) -> None:
    silent = article("a", "Nobody spoke.", title="Silence")
    build(tmp_path, loaded(silent, MANY), HashEmbedder(256))
    service = served(tmp_path)
    reply = await service.quote(QuoteRequest(article="Silence"))
    assert reply.lead == "“Silence” quotes nobody."
    service.close()


async def test_trouble_is_told_by_each_and_completion_offers_nothing(tmp_path: Path) -> None:
    service = served(tmp_path / "absent")
    assert (await service.quote(QuoteRequest())).kind is Lookup.PROBLEM
    assert (await service.whosaid(WhosaidRequest("one two three four"))).verdict is None
    assert (await service.speakers(SpeakersRequest())).kind is Lookup.PROBLEM
    assert await service.complete_speakers("a") == ()
    assert await service.complete_articles("a") == ()
    service.close()


# --- asking -------------------------------------------------------------------------------------


async def test_asked_who_said_words_the_verdict_leads_the_answer(service: Service) -> None:
    reply = await service.ask(Question("Who said “We will not close seven libraries this year”?"))
    assert (reply.kind, reply.lead) == (Kind.ANSWER, "Exact: Lena Ortiz said this.")
    assert reply.answer is not None
    (source,) = reply.sources
    assert source.citation.text.endswith(
        "“We will not close seven libraries this year,” Ortiz said."
    )
    assert answer_as_json(reply.answer)["verdict"] == "exact"


async def test_asked_who_said_words_that_nobody_said_it_is_told(service: Service) -> None:
    reply = await service.ask(Question("Who said “Penguins should rule the whole planet”?"))
    assert reply.kind is Kind.NOT_FOUND
    assert reply.lead.startswith("Not in this corpus")


async def test_a_follow_up_and_a_verdict_are_both_told(service: Service) -> None:
    question = Question("Who said “It took us 7.5 hours, and we had to do it twice”?")
    reply = await service.ask(question)
    assert reply.exchange is not None
    assert reply.exchange.shown == tuple(one.citation.text for one in reply.sources)
    assert (
        answer_as_json((await service.ask(Question("What reopened in March?"))).answer)[  # type: ignore[arg-type]
            "verdict"
        ]
        is None
    )
