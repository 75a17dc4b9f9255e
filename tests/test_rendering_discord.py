"""A reply on Discord: every word, in order, within every limit, and nothing of it acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.context import Context
from bot.conversation import Kind, Reply
from bot.localization import languages, phrases
from bot.rendering.discord import LIMIT, escape, render, render_contexts
from bot.rendering.splitting import Chunk, cut, pack, units
from corpus.citation import Citation
from corpus.span import Span
from index.answer import Source
from tests.discord_markdown import links, quoted, visible
from tests.strategies import WORDS

_ODD = st.sampled_from(
    [
        "@everyone",
        "@here",
        "<@123456789012345678>",
        "<@&123456789012345678>",
        "<#42>",
        "</ask:1>",
        "<t:0:R>",
        "[here](https://evil.example/)",
        "[a [b] c](<http://x.example>)",
        "https://example.org/a_b?c=*d*",
        "discord://x",
        "**bold**",
        "__under__",
        "snake_case_word",
        "~~gone~~",
        "||hidden||",
        "```",
        "`code`",
        ":smile:",
        "\\",
        "\\*",
        "# heading",
        "- item",
        "1. first",
        "> said",
        ">>> said",
        "-# small",
        "¯\\_(ツ)_/¯",
        "[1]",
        "👩🏽‍🎬",
        "é",
        "שלום",
        "x" * 2100,
        "a\nb",
        "\n# b",
    ]
)
_SIGNS = st.text("*_~`|<>[]()@:/\\#-1. a\n", min_size=1)
_TEXTS = st.lists(WORDS | _ODD | _SIGNS, min_size=1, max_size=30).map(
    lambda words: " ".join(words).strip()
)
_QUOTABLE = _TEXTS.filter(bool)
_URLS = st.none() | st.sampled_from(
    [
        "https://example.org/a#:~:text=one,two",
        "javascript:alert(1)",
        "https://e.org/" + "a" * 3000,
        "https://e.org/a_(b)?c=<d> e",
    ]
)


@st.composite
def _sources(draw: st.DrawFn) -> tuple[Source, ...]:
    count = draw(st.integers(1, 10))
    return tuple(
        _source(number, *draw(st.tuples(_QUOTABLE, _TEXTS, _TEXTS, _URLS, st.integers(1, 3))))
        for number in range(1, count + 1)
    )


def _source(
    number: int,
    text: str,
    title: str = "A title",
    section: str = "",
    link: str | None = None,
    paragraph: int = 1,
) -> Source:
    citation = Citation("made-up", "0" * 64, Span(0, len(text)), text)
    return Source(number, citation, title, section, paragraph, link, link, 0.5, False)


# Drawing these replies takes a while; how long says nothing about the renderer.
_ON_A_BUSY_MACHINE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def _words(text: str) -> str:
    return re.sub(r"\s|\[\d+\]", "", text)


_REPLIES = st.builds(
    Reply,
    st.sampled_from([Kind.ANSWER, Kind.NOT_FOUND]),
    sources=_sources(),
    note=_TEXTS,
    understood=st.just("") | _TEXTS,
)


@_ON_A_BUSY_MACHINE
@given(_REPLIES, st.sampled_from(languages()))
def test_any_reply_is_shown_whole_in_order_and_within_the_limit(
    reply: Reply, language: str
) -> None:
    parts = render(reply, phrases(language))
    assert all(0 < units(part.content) <= LIMIT for part in parts)
    assert all(part.content == part.content.strip() for part in parts)
    shown = "".join(quoted(part.content) + "\n" for part in parts)
    assert _words(shown) == _words(" ".join(source.citation.text for source in reply.sources))
    numbers = [number for part in parts for number in part.numbers]
    assert list(dict.fromkeys(numbers)) == [source.number for source in reply.sources]
    for part in parts:
        at = 0
        for quotation in part.quotations:
            at = part.content.index(quotation, at) + len(quotation)


@_ON_A_BUSY_MACHINE
@given(_REPLIES)
def test_markers_and_sources_carry_the_same_numbers_and_links_stay_whole(reply: Reply) -> None:
    parts = render(reply, phrases())
    text = "\n".join(part.content for part in parts)
    for source in reply.sources:
        assert re.search(rf"^(?:\*\*Sources\*\*\n)?\[{source.number}\] ", text, re.MULTILINE)
    addresses = [link for part in parts for link in links(part.content)]
    expected = [
        one.link
        for one in reply.sources
        if one.link and one.link.startswith("https:") and len(one.link) < 1000
    ]
    assert len(addresses) == len(expected)


@settings(max_examples=150, deadline=None)
@given(_QUOTABLE)
def test_what_is_seen_of_escaped_text_is_the_text(text: str) -> None:
    assert visible("> " + escape(text).replace("\n", "\n> ")) == text


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: "\r" not in text))
def test_escaping_keeps_any_characters(text: str) -> None:
    assert visible(escape(text)) == text


def test_plain_prose_needs_no_backslash() -> None:
    prose = "“It’s 10:30, and [the] set – a ‘closed’ one – costs $5.2m (net),” she said; #1 - ok!"
    assert escape(prose) == prose


def test_an_answer_looks_like_this() -> None:
    reply = Reply(
        Kind.ANSWER,
        sources=(
            _source(1, "First.", "A *title*", "One", "https://example.org/a#:~:text=First.", 2),
            _source(2, "Second.", "A *title*", "One", None, 2),
            _source(3, "Third [x](y).", "B [b]", "", "https://example.org/b(1)", 3),
        ),
        understood="Who is *she*?",
    )
    (part,) = render(reply, phrases())
    assert part.content == (
        "Understood as: Who is \\*she\\*?\n\n"
        "> First. [1] Second. [2]\n\n"
        "> Third [x]\\(y). [3]\n\n"
        "**Sources**\n"
        "[1] [A \\*title\\*](<https://example.org/a#:~:text=First.>), “One”, paragraph 2\n"
        "[2] A \\*title\\*, “One”, paragraph 2\n"
        "[3] B [b], paragraph 3, [link](<https://example.org/b%281%29>)"
    )
    assert part.numbers == (1, 2, 3)


def test_an_answer_is_divided_between_sentences() -> None:
    sentences = [f"{number} {'word ' * 150}end." for number in range(1, 8)]
    reply = Reply(
        Kind.ANSWER, sources=tuple(_source(at + 1, text) for at, text in enumerate(sentences))
    )
    parts = render(reply, phrases())
    assert [part.numbers for part in parts if part.numbers] == [(1, 2), (3, 4), (5, 6), (7,)]
    assert all(re.search(r"\[\d\]$", part.content.split("\n\n")[0]) for part in parts)


def test_a_long_title_does_not_take_the_room_of_the_words() -> None:
    reply = Reply(Kind.ANSWER, sources=(_source(1, "Words.", "Title " * 1000, "Section " * 900),))
    (part,) = render(reply, phrases())
    assert len(part.content) < 600
    assert "Title…" in part.content


@_ON_A_BUSY_MACHINE
@given(_sources(), st.just("") | _QUOTABLE, st.just("") | _QUOTABLE, st.sampled_from(languages()))
def test_context_shows_the_cited_words_and_their_neighbours_within_the_limit(
    sources: tuple[Source, ...], before: str, after: str, language: str
) -> None:
    contexts = [Context(source, before, after, "2026-11-22") for source in sources]
    parts = render_contexts(contexts, phrases(language))
    assert all(0 < units(part.content) <= LIMIT for part in parts)
    expected = "".join(before + source.citation.text + after for source in sources)
    assert _words("".join(quoted(part.content) for part in parts)) == _words(expected)


def test_context_carries_the_proof() -> None:
    context = Context(_source(1, "Cited.", "T", "S", None, 4), "Before.", "After.", None)
    (part,) = render_contexts([context], phrases())
    assert part.content == (
        "[1] T, “S”, paragraph 4\n> Before. **Cited.** After.\n"
        f"-# Published: no date. SHA-256 of the article’s text: {'0' * 64}"
    )


@given(st.text("ab \n", max_size=60), st.integers(1, 20))
def test_cutting_loses_nothing_but_white_space(text: str, limit: int) -> None:
    pieces = list(cut(text, limit, str))
    assert all(len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(("text", "count"), [("a", 1), ("é", 1), ("👩", 2), ("第", 1)])
def test_length_counts_what_the_stricter_platform_counts(text: str, count: int) -> None:
    assert units(text) == count


def test_packing_starts_a_part_only_where_the_last_is_full() -> None:
    parts = pack(
        [Chunk("aa", ">", "-", 1, "aa"), Chunk("bb", ">", "-", 1), Chunk("c", ">", "-")], 6
    )
    assert [part.content for part in parts] == [">aa-bb", ">c"]
    assert [part.numbers for part in parts] == [(1,), ()]
