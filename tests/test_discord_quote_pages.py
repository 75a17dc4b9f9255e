"""Pages of quotations: all words, in order, each page within every limit, from any place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.adapters.discord.pages import PageButton, private_buttons, public_buttons
from bot.conversation import (
    Lookup,
    QuotedSpeaker,
    QuoteReply,
    QuoteRequest,
    SpeakersReply,
    SpeakersRequest,
    WhosaidReply,
)
from bot.localization import languages, phrases
from bot.rendering.discord_quotes import render_lookup
from bot.rendering.paging import CODE, Place
from bot.rendering.splitting import units
from corpus.citation import Citation
from corpus.span import Span
from corpus.speakers import Speaker
from index.cited_quotes import CitedNested, CitedQuote
from index.comparison import Change, Difference, Matter
from index.source import Source
from index.verdict import Verdict
from tests.discord_markdown import quoted, visible
from tests.strategies import WORDS

if TYPE_CHECKING:
    from bot.rendering.paging import Leaf

LIMIT = 2000
MOST = 5
_ODD_WORDS = r"""
    @everyone <@1234> [x](https://evil.example/) **bold** ~~gone~~ ``` ||hid|| :smile: \ #
    > -# https://example.org/a_b [1] 👩🏽‍🎬 שלום ¯\_(ツ)_/¯
"""
_ODD = st.sampled_from([*_ODD_WORDS.split(), "x" * 2100, "a\nb", "\n# b", "\n> c", "1. d"])
_TEXT = st.lists(WORDS | _ODD, min_size=1, max_size=6).map(lambda words: " ".join(words).strip())
_LONG = st.tuples(_TEXT, st.integers(1, 80)).map(
    lambda drawn: " ".join([drawn[0]] * drawn[1])[:2500].strip()
)
_SOME = st.just("") | _TEXT


def _citation(text: str) -> Citation:
    return Citation("made-up", "0" * 64, Span(0, len(text)), text)


@st.composite
def _quote(draw: st.DrawFn) -> CitedQuote:
    words = _citation(draw(_TEXT | _LONG))
    link = draw(st.none() | st.sampled_from(["https://e.org/a", "https://e.org/" + "a" * 1100]))
    parts = draw(st.integers(1, 3))
    child = CitedNested(_citation(draw(_TEXT)), draw(st.none() | _TEXT), "")
    return CitedQuote(
        row=0,
        source=Source(1, words, draw(_TEXT), draw(_SOME), 3, link, link, 0.0, context=False),
        speaker=draw(st.none() | _TEXT),
        speaker_id="",
        candidates=tuple(draw(st.lists(_TEXT, max_size=5))),
        attribution=_citation(draw(_TEXT)) if draw(st.booleans()) else None,
        cue=draw(_SOME),
        addressee=draw(st.none() | _TEXT),
        sentence=words,
        utterance=0,
        part=parts,
        parts=parts,
        truncated=draw(st.booleans()),
        rule="after",
        confidence=0.9,
        outlet=None,
        published=draw(st.none() | _TEXT),
        children=(child,) if draw(st.booleans()) else (),
    )


_QUOTES = st.lists(_quote(), min_size=1, max_size=7).map(
    lambda quotes: tuple(
        replace(one, source=replace(one.source, number=at)) for at, one in enumerate(quotes, 1)
    )
)
_BUSY = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # what it finds is too big to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _page(quotes: tuple[CitedQuote, ...], place: Place, language: str = "en") -> Leaf:
    """The page of some quotations at a place, as the adapter asks for it."""
    start, count = place.window(MOST)
    request = QuoteRequest(about="anything", offset=start, limit=count)
    items = quotes[start : start + count]
    reply = QuoteReply(Lookup.FOUND, request, items=items, total=len(quotes))
    return render_lookup(reply, phrases(language), place)


def _words(text: str) -> str:
    return re.sub(r"\s|\[\d+\]", "", text)


def _shown(leaves: list[Leaf]) -> str:
    return _words("\n".join(quoted(leaf.part.content) for leaf in leaves))


@_BUSY
@given(_QUOTES, st.sampled_from(languages()))
def test_all_quotations_are_reached_whole_in_order_forward_and_back(
    quotes: tuple[CitedQuote, ...], language: str
) -> None:
    said = _words(" ".join(one.source.citation.text for one in quotes))
    leaves = [_page(quotes, Place(), language)]
    while (after := leaves[-1].after) is not None:
        leaves.append(_page(quotes, Place.of(after.code), language))
    assert _shown(leaves) == said
    back = [leaves[-1]]
    while (before := back[0].before) is not None:
        back.insert(0, _page(quotes, Place.of(before.code), language))
    assert _shown(back) == said
    for way in (leaves, back):
        assert {one.number for leaf in way for one in leaf.sources} == set(
            range(1, len(quotes) + 1)
        )
    for leaf in [*leaves, *back]:
        assert 0 < units(leaf.part.content) <= LIMIT
        visible(leaf.part.content)
        assert _page(quotes, leaf.here, language).part == leaf.part
        numbers = {one.number for one in leaf.sources}
        assert numbers == set(leaf.part.numbers)
        at = 0
        for quotation in leaf.part.quotations:
            at = leaf.part.content.index(quotation, at) + len(quotation)


_PIECES = st.lists(
    st.builds(
        Difference,
        st.sampled_from(list(Change)),
        _LONG,
        _LONG,
        st.sampled_from(list(Matter)),
    ),
    max_size=14,
).map(tuple)


@_BUSY
@given(st.sampled_from(list(Verdict)), _LONG, _PIECES, _QUOTES, st.sampled_from(languages()))
def test_any_verdict_keeps_to_the_limits_and_shows_its_evidence_whole(
    verdict: Verdict,
    asked: str,
    comparison: tuple[Difference, ...],
    quotes: tuple[CitedQuote, ...],
    language: str,
) -> None:
    differences = tuple(one for one in comparison if one.change is not Change.SAME)
    reply = WhosaidReply(
        verdict,
        asked,
        asked,
        items=quotes[:2],
        passages=tuple(one.source for one in quotes[2:4]),
        nearest=quotes[4:],
        differences=differences,
        comparison=comparison,
        unjudged=(asked,),
    )
    leaves = [render_lookup(reply, phrases(language), Place(), "Ann:")]
    while (after := leaves[-1].after) is not None:
        leaves.append(render_lookup(reply, phrases(language), after, "Ann:"))
    assert all(0 < units(leaf.part.content) <= LIMIT for leaf in leaves)
    assert _shown(leaves) == _words(" ".join(one.source.citation.text for one in quotes))
    numbers = [number for leaf in leaves for number in leaf.part.numbers]
    assert list(dict.fromkeys(numbers)) == list(range(1, len(quotes) + 1))


@_BUSY
@given(st.lists(st.tuples(_TEXT, _SOME, st.integers(0, 12)), min_size=1, max_size=15))
def test_speakers_keep_to_the_limits(drawn: list[tuple[str, str, int]]) -> None:
    every = [
        QuotedSpeaker(
            Speaker("x", name, (), (role,) if role else (), count + 1, ("a",) * count),
            tuple(("a", name) for _ in range(count)),
        )
        for name, role, count in drawn
    ]
    place: Place | None = Place()
    seen = 0
    while place is not None:
        start, count = place.window(15)
        request = SpeakersRequest(count, start)
        shown = tuple(every[start : start + count])
        reply = SpeakersReply(Lookup.FOUND, request, "", shown, len(every))
        leaf = render_lookup(reply, phrases(), place)
        assert 0 < units(leaf.part.content) <= LIMIT
        visible(leaf.part.content)
        seen += 1
        place = leaf.after
    assert seen <= len(every)


@given(st.integers(0, 10**9 - 1), st.integers(0, 999), st.booleans())
def test_a_place_is_the_same_after_its_way_through_a_button(
    offset: int, piece: int, back: bool
) -> None:
    place = Place(offset, 0 if back else piece, back)
    assert re.fullmatch(CODE, place.code)
    assert Place.of(place.code) == place
    button = PageButton("after", "0" * 16, place)
    assert len(button.custom_id) <= 100


def test_what_is_no_place_is_refused() -> None:
    with pytest.raises(ValueError, match="not a place"):
        Place.of("12")


@pytest.mark.parametrize("language", languages())
async def test_buttons_keep_to_the_limits(language: str) -> None:
    quotes = tuple(_some_quote(at) for at in range(1, 16))
    leaf = _page(quotes, Place(5, back=False), language)
    for view in (
        private_buttons("0" * 16, leaf, phrases(language)),
        public_buttons("0" * 16, leaf, phrases(language)),
    ):
        rows = view.to_components()
        assert len(rows) <= 2
        for row in rows:
            assert len(row["components"]) <= 5
            for button in row["components"]:
                assert len(button["custom_id"]) <= 100
                assert len(button.get("label") or "") <= 80


def _some_quote(number: int) -> CitedQuote:
    words = _citation(f"Quotation number {number}")
    source = Source(number, words, "Title", "", 1, None, None, 0.0, context=False)
    return CitedQuote(
        row=0,
        source=source,
        speaker=None,
        speaker_id="",
        candidates=(),
        attribution=None,
        cue="",
        addressee=None,
        sentence=words,
        utterance=0,
        part=1,
        parts=1,
        truncated=False,
        rule="",
        confidence=0.0,
        outlet=None,
        published=None,
        children=(),
    )


def test_an_open_speaker_is_shown_as_open_with_the_candidates() -> None:
    candidates = replace(_some_quote(1), candidates=("Ann Lee", "Bo Day"))
    leaf = _page((candidates, _some_quote(2)), Place())
    assert visible(leaf.part.content) == (
        "Quotations · “anything”\n\n"
        "Speaker not clear from the article; perhaps Ann Lee, Bo Day – by what stands around it\n"
        "Quotation number 1 [1]\nTitle, paragraph 1\n\n"
        "Speaker not clear from the article – by what stands around it\n"
        "Quotation number 2 [2]\nTitle, paragraph 1\n1–2 of 2"
    )
