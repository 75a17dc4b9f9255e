"""Who said this: the verdict with its evidence, and the words that a message holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.adapters.discord.quoted_words import words_of
from bot.errors import NoQuotationError, QuotationTooLongError
from bot.localization import phrases
from tests.discord_world import World, seen
from tests.quote_world import blocks, ids, message_of, press, quote_world, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import discord

WORDS = phrases()
TWELVE = "We never work with more than twelve people,"


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with quote_world(tmp_path) as made:
        yield made


async def _judge(here: World, text: str) -> discord.Message:
    result = await here.ann.slash(here.channel, "whosaid", text=text)
    assert result.ephemeral
    return message_of(result)


async def test_exact_words_come_with_their_speaker_and_place(here: World) -> None:
    message = await _judge(here, "we never work with MORE than “twelve” people")
    assert seen(message) == (
        "Exact. The articles quote these words.\n"
        "The words asked about: we never work with MORE than “twelve” people\n\n"
        "In the articles:\n\n"
        "Lena Ortiz – by the words “Lena Ortiz”, “told”, to Variety\n"
        f"{TWELVE} [1]\n"
        "Talk at the festival, “On stage”, paragraph 1 · 2024-06-02"
    )
    assert here.replies() == []


async def test_what_was_altered_is_shown_word_by_word_numbers_and_negations_first(
    here: World,
) -> None:
    said = seen(await _judge(here, "We always work on sets with more than 8 people,"))
    assert said.startswith("Altered. The articles quote this, but not in these words.")
    listed = [line for line in said.split("\n") if line.startswith("• ")]
    assert listed[0].startswith("• negation")
    assert "• number, changed: “twelve” → “8”" in listed[:2]
    assert not any(line.startswith(("• number", "• negation")) for line in listed[2:])
    message = await _judge(here, "We never work with more than eight people")
    assert "work with more than ~~twelve~~ **eight** people" in message.content
    assert blocks(message.content) == [TWELVE]


async def test_words_left_out_at_an_ellipsis_are_told(here: World) -> None:
    assert seen(await _judge(here, "We never work … than twelve people")).startswith(
        "Exact, with words left out"
    )


async def test_a_splice_shows_its_pieces_and_both_quotations(here: World) -> None:
    message = await _judge(here, "Nobody may touch the promise and a promise does not wait")
    said = seen(message)
    assert said.startswith("Spliced.")
    assert "Put together from:\n• “Nobody may touch the”\n• “" in said
    found = blocks(message.content)
    assert "Nobody may touch the door," in found
    assert "and a promise does not wait." in found


async def test_words_of_another_speaker_are_told_so(here: World) -> None:
    message = await _judge(here, "“A door is a wall that gave up” – Lena Ortiz")
    said = seen(message)
    assert said.startswith("Real, but said by another.")
    assert "not by Lena Ortiz" in said
    assert "Émile Roux – " in said


async def test_what_is_not_there_is_never_called_false(here: World) -> None:
    message = await _judge(here, "Penguins trombone basketball glaciers taxes")
    said = seen(message)
    assert said.startswith("Not in this corpus. That says nothing about whether it was said")
    assert "Nearest, related at best:" in said
    assert "false" not in said.lower()
    assert all(block in here.texts() for block in blocks(message.content))


async def test_scraps_and_texts_without_words_are_refused_in_words(here: World) -> None:
    message = await _judge(here, "door two sides")
    assert seen(message).startswith("Not judged. Fewer than four words")
    assert message.components == []
    assert told(await here.ann.slash(here.channel, "whosaid", text="…?!")) == WORDS("no_quotation")


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_what_cannot_be_judged_is_told_in_every_language(language: str) -> None:
    from bot.conversation import WhosaidReply

    words = phrases(language)
    assert words.problem(WhosaidReply(None, problem=NoQuotationError())) == words("no_quotation")
    too_long = WhosaidReply(None, problem=QuotationTooLongError(7000, 6000))
    assert words.problem(too_long) == words("quotation_too_long", length=7000, limit=6000)


async def test_a_verdict_can_be_shared_with_its_evidence(here: World) -> None:
    await press(
        here, await _judge(here, "@everyone **We** never work with more than nine people"), "share"
    )
    (public,) = here.replies()
    said = seen(public)
    assert said.startswith("Ann shared:\nAltered.")
    assert "The words asked about: @everyone **We** never work with more than nine people" in said
    assert list(ids(public)) == ["context", "up", "down", "thread"]


async def test_a_long_verdict_is_paged_and_every_page_can_be_turned_back(here: World) -> None:
    message = await _judge(here, "We never work with more than eight people " + "and so on " * 550)
    pages = [message.content]
    while "after" in ids(message):
        await press(here, message, "after")
        message = next(one for one in here.channel.history(viewer=here.ann) if one.id == message.id)
        pages.append(message.content)
    assert all(len(page) <= 2000 for page in pages)
    for _ in pages[1:]:
        await press(here, message, "before")
        message = next(one for one in here.channel.history(viewer=here.ann) if one.id == message.id)
    assert message.content == pages[0]


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (TWELVE, "Exact."),
        ("> **We never** work with *more* than twelve people, [1]\nhm", "Exact."),
        ("Look! “A door is a wall that gave up” - Roux", "Exact."),
        ("> A door is a wall that gave up\n- Lena Ortiz", "Real, but said by another."),
        ("[A door](https://example.org/x) is a ~~wall~~ that gave up", "Exact."),
        ("I paint \\*\\*doors\\*\\* \\`red\\` for everyone", "Altered."),
    ],
)
async def test_the_message_command_judges_what_a_message_shows(
    here: World, content: str, verdict: str
) -> None:
    message = await here.member("bob").send(here.channel, content)
    result = await here.ann.context_menu(here.channel, "Who said this?", message)
    assert told(result).startswith(verdict)


async def test_the_message_command_takes_the_bot_s_own_messages_and_embeds(here: World) -> None:
    answer = await here.ask("How many people on a closed set?")
    result = await here.ann.context_menu(here.channel, "Who said this?", answer)
    first, asked, *_ = told(result).split("\n")
    assert first.startswith("Exact.")
    assert asked.startswith("The words asked about: ")
    assert "[" not in asked


class _Embed:
    description = "“A closed set has eight people at most”"


class _Message:
    content = ""
    embeds = (_Embed(),)


def test_a_message_without_words_says_what_its_embeds_say() -> None:
    assert words_of(_Message()) == _Embed.description  # type: ignore[arg-type]
