"""A reply on Slack: the same words as on Discord, within every limit, and nothing of it acts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.context import Context
from bot.conversation import Kind, Reply
from bot.localization import languages, phrases
from bot.rendering import discord, slack
from bot.rendering.slack import LIMIT, Message, escape, render, render_contexts, unescape
from bot.rendering.slack_markup import converted
from bot.rendering.splitting import Part, units
from tests import discord_markdown, slack_text
from tests.test_rendering_discord import _QUOTABLE, _REPLIES, _TEXTS, _source, _sources

if TYPE_CHECKING:
    from index.answer import Source

_ON_A_BUSY_MACHINE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def _sound(messages: tuple[Message, ...]) -> None:
    for message in messages:
        body = {"text": message.text, "blocks": message.blocks}
        assert slack_text.faults("chat.update", body) == []
        assert units(message.text) <= LIMIT
        assert _letters(unescape(message.text)) == _letters(slack_text.visible(message.blocks))


@_ON_A_BUSY_MACHINE
@given(_REPLIES, st.sampled_from(languages()), st.just("") | _TEXTS)
def test_a_reply_has_the_same_words_order_and_citations_on_both_platforms(
    reply: Reply, language: str, heading: str
) -> None:
    words = phrases(language)
    here = render(reply, words, heading)
    there = discord.render(reply, words, heading)
    _sound(here)
    seen_here = "".join(slack_text.visible(one.blocks) for one in here)
    seen_there = "".join(discord_markdown.visible(one.content) for one in there)
    assert _letters(seen_here) == _letters(seen_there)
    quoted_here = "".join(slack_text.quoted(one.blocks) for one in here)
    quoted_there = "".join(discord_markdown.quoted(one.content) for one in there)
    assert _letters(quoted_here) == _letters(quoted_there)
    links_here = [link for one in here for link in slack_text.links(one.blocks)]
    links_there = [link for one in there for link in discord_markdown.links(one.content)]
    assert links_here == links_there
    numbers = dict.fromkeys(number for one in here for number in one.numbers)
    assert list(numbers) == list(dict.fromkeys(number for part in there for number in part.numbers))


@_ON_A_BUSY_MACHINE
@given(_REPLIES, _TEXTS)
def test_what_is_worded_for_discord_is_read_back_exactly(reply: Reply, heading: str) -> None:
    there = discord.render(reply, phrases(), heading)
    here = converted(there, {"type": "divider"})
    _sound(here)
    assert [one.numbers for one in here] == [part.numbers for part in there]
    for one, part in zip(here, there, strict=True):
        seen = slack_text.visible(one.blocks)
        assert _letters(seen) == _letters(discord_markdown.visible(part.content))
        quoted = discord_markdown.quoted(part.content)
        assert _letters(slack_text.quoted(one.blocks)) == _letters(quoted)
        assert slack_text.links(one.blocks) == discord_markdown.links(part.content)


def test_bold_and_struck_out_words_stay_so() -> None:
    (one,) = converted([Part("> **new** ~~old~~ \\*\n-# small", (1,))])
    assert one.blocks[0]["elements"][0]["elements"] == [
        {"type": "text", "text": "new", "style": {"bold": True}},
        {"type": "text", "text": " "},
        {"type": "text", "text": "old", "style": {"strike": True}},
        {"type": "text", "text": " *"},
    ]
    assert slack_text.visible(one.blocks[1:]) == "small"
    assert one.divided()[0].numbers == (1,)


@settings(_ON_A_BUSY_MACHINE, max_examples=12)
@given(_sources(), _TEXTS, _TEXTS, st.sampled_from(languages()))
def test_contexts_have_the_same_words_on_both_platforms(
    sources: tuple[Source, ...], before: str, after: str, language: str
) -> None:
    contexts = [Context(source, before, after, "2026-11-22") for source in sources]
    here = render_contexts(contexts, phrases(language))
    there = discord.render_contexts(contexts, phrases(language))
    _sound(here)
    seen_here = "".join(slack_text.visible(one.blocks) for one in here)
    seen_there = "".join(discord_markdown.visible(one.content) for one in there)
    assert _letters(seen_here) == _letters(seen_there)


@_ON_A_BUSY_MACHINE
@given(_REPLIES)
def test_a_message_that_is_too_long_for_slack_is_divided_without_loss(reply: Reply) -> None:
    whole = render(reply, phrases(), "", {"type": "divider"})
    for message in whole:
        smaller = message.divided()
        assert smaller[-1].controls == message.controls
        assert _letters("".join(one.text for one in smaller)) == _letters(message.text)
        assert [piece for one in smaller for piece in one.pieces] == list(message.pieces)


@given(st.text())
def test_escaping_is_exact_and_reversible(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", escaped)


@settings(max_examples=100, deadline=None)
@given(_QUOTABLE)
def test_a_quotation_stands_in_elements_that_slack_does_not_parse(text: str) -> None:
    messages = render(Reply(Kind.ANSWER, sources=(_source(1, text),)), phrases())
    shown = "".join(slack.quoted_in(message.blocks)[0] for message in messages if message.numbers)
    assert _letters(shown) == _letters(f"{text} [1]")


def test_an_answer_looks_like_this() -> None:
    reply = Reply(
        Kind.ANSWER,
        sources=(
            _source(1, "First <!channel>.", "A *title*", "One", "https://example.org/a", 2),
            _source(2, "Second & last.", "A *title*", "One", None, 2),
            _source(3, "Third.", "B [b]", "", "https://example.org/b(1)", 3),
        ),
        understood="Who is *she*?",
    )
    (message,) = render(reply, phrases())
    assert message.text == (
        "Understood as: Who is *she*?\n\n"
        "First &lt;!channel&gt;. [1] Second &amp; last. [2]\n\nThird. [3]\n\n"
        "Sources\n[1] A *title*, “One”, paragraph 2\n[2] A *title*, “One”, paragraph 2\n"
        "[3] B [b], paragraph 3, link"
    )
    quote = {"type": "rich_text_quote"}
    lead, first, second, sources = [block["elements"][0] for block in message.blocks]
    assert lead["elements"] == [{"type": "text", "text": "Understood as: Who is *she*?"}]
    assert first == quote | {
        "elements": [{"type": "text", "text": "First <!channel>. [1] Second & last. [2]"}]
    }
    assert second == quote | {"elements": [{"type": "text", "text": "Third. [3]"}]}
    assert sources["elements"] == [
        {"type": "text", "text": "Sources", "style": {"bold": True}},
        {"type": "text", "text": "\n[1] "},
        {"type": "link", "url": "https://example.org/a", "text": "A *title*"},
        {
            "type": "text",
            "text": ", “One”, paragraph 2\n[2] A *title*, “One”, paragraph 2\n[3] "
            "B [b], paragraph 3, ",
        },
        {"type": "link", "url": "https://example.org/b%281%29", "text": "link"},
    ]
    assert message.numbers == (1, 2, 3)


def test_a_long_answer_is_divided_between_sentences_within_every_limit() -> None:
    sentences = [f"{number} {'word ' * 250}end." for number in range(1, 9)]
    reply = Reply(
        Kind.ANSWER, sources=tuple(_source(at + 1, text) for at, text in enumerate(sentences))
    )
    messages = render(reply, phrases(), "", {"type": "divider"})
    _sound(messages)
    assert [one.numbers for one in messages if one.numbers] == [(1, 2, 3), (4, 5, 6), (7, 8)]
    assert [bool(one.controls) for one in messages] == [False, False, True]


def test_what_is_seen_of_a_quotation_counts_only_words() -> None:
    emoji = {"type": "emoji", "name": "smile"}
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Ha "}, emoji]}
    assert slack.quoted_in([{"type": "rich_text", "elements": [quote]}]) == ["Ha "]


def test_a_message_without_its_quotations_says_where_to_read_them() -> None:
    (message,) = render(Reply(Kind.ANSWER, sources=(_source(1, "Words."),)), phrases())
    kept = message.without_quotations()
    assert slack_text.visible(kept.blocks) == "Sources\n[1] A title, paragraph 1"
    assert kept.numbers == ()


def test_blocks_are_what_slacks_own_schema_says() -> None:
    slack_text.need_schemas()
    broken = [{"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [{}]}]}]
    assert slack_text.faults("chat.postMessage", {"text": "x", "blocks": broken})
