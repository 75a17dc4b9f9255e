"""A correction on Discord: what was said stays readable, what changed is struck and told below."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import Kind, Reply
from bot.corrections import layouts
from bot.corrections.model import Change, Correction, Layout, Quoted, Words
from bot.ledger import Sent
from bot.localization import languages, phrases
from bot.rendering.corrections import render_edit, render_reply
from bot.rendering.discord import LIMIT, escape, pieces, render
from bot.rendering.splitting import units
from corpus.span import Span
from corpus.standing import Standing
from tests.discord_markdown import struck, visible
from tests.test_rendering_discord import _QUOTABLE, _source

if TYPE_CHECKING:
    from index.answer import Source

WORDS = phrases()
AT = datetime(2026, 11, 22, 23, 30)  # noqa: DTZ001 - as the ledger keeps it
SETS = "A closed set has eight people at most."
LIST = "She keeps a list at the door."


def _layouts(*sources: Source) -> list[Layout | None]:
    parts = render(Reply(Kind.ANSWER, sources=sources, understood="What?"), WORDS)
    sent = [Sent(str(at), "c", part.numbers, pieces(part)) for at, part in enumerate(parts)]
    return layouts.layouts(sent, {one.number: one.citation.text for one in sources})


def _correction(*changes: Change, others: tuple[Source, ...] = ()) -> Correction:
    sources = sorted((*(one.shown for one in changes), *others), key=lambda one: one.number)
    (layout, *_) = _layouts(*sources)
    shown = {one.number: one for one in sources}
    return Correction("a", "1", "2", "3", "en", layout, shown, changes, AT)


def _change(standing: Standing, now: str = "", reason: str = "", number: int = 1) -> Change:
    shown = _source(number, SETS if number == 1 else LIST, link="https://e.org/#:~:text=a")
    later = _source(number, now, link="https://e.org/#:~:text=b") if now else None
    return Change(shown, standing, later, shown.title, reason)


def _edited(*changes: Change, others: tuple[Source, ...] = ()) -> str:
    edited = render_edit(_correction(*changes, others=others), WORDS)
    assert edited.part is not None
    assert edited.further == ()
    return struck(edited.part.content)


SENT = (
    "Understood as: What?\n\n{body} [1]\n\nSources\n[1] A title, paragraph 1\n\n"
    "Correction, 2026-11-22:\n{told}"
)


@pytest.mark.parametrize(
    ("change", "body", "told"),
    [
        pytest.param(
            _change(Standing.REWORDED, SETS.replace("eight", "six")),
            "A closed set has {eight} people at most.",
            "[1] now reads, in A title, paragraph 1:\nA closed set has {eight} six people at most.",
            id="one word",
        ),
        pytest.param(
            _change(Standing.REWORDED, "Nobody counts who is there."),
            f"{{{SETS}}}",
            "[1] now reads, in A title, paragraph 1:\nNobody counts who is there.",
            id="all words",
        ),
        pytest.param(
            _change(Standing.GONE),
            f"{{{SETS}}}",
            "[1] The article “A title” no longer says this.",
            id="sentence gone",
        ),
        pytest.param(
            _change(Standing.ARTICLE_GONE),
            f"{{{SETS}}}",
            "[1] The article “A title” is no longer among the articles.",
            id="article gone",
        ),
        pytest.param(
            _change(Standing.RETRACTED, reason="Made *up*, see @everyone."),
            f"{{{SETS}}}",
            "[1] The article “A title” was retracted: Made *up*, see @everyone.",
            id="retracted",
        ),
        pytest.param(
            _change(Standing.RETRACTED),
            f"{{{SETS}}}",
            "[1] The article “A title” was retracted; no reason is given.",
            id="retracted without a reason",
        ),
        pytest.param(
            _change(Standing.STANDS),
            SETS,
            "[1] The article “A title” says this again.",
            id="says it again",
        ),
    ],
)
def test_the_message_shows_what_was_said_and_what_became_of_it(
    change: Change, body: str, told: str
) -> None:
    assert _edited(change) == SENT.replace("{body}", body).replace("{told}", told)


def test_what_still_stands_is_left_as_it_was_and_what_is_the_same_is_told_once() -> None:
    said = _edited(_change(Standing.GONE), others=(_source(2, LIST),))
    assert f"{{{SETS}}} [1] {LIST} [2]" in said
    both = _edited(_change(Standing.GONE), _change(Standing.GONE, number=2))
    assert both.endswith("[1], [2] The article “A title” no longer says this.")
    assert both.count("Correction") == 1


def test_the_new_words_are_linked_where_they_stand_now() -> None:
    edited = render_edit(_correction(_change(Standing.REWORDED, SETS + " Or nine.")), WORDS)
    assert edited.part is not None
    assert (
        "now reads, in [A title](<https://e.org/#:~:text=b>), paragraph 1:" in edited.part.content
    )


@pytest.mark.parametrize("language", languages())
def test_a_correction_is_told_in_the_language_of_its_message(language: str) -> None:
    said = phrases(language)
    edited = render_edit(_correction(_change(Standing.GONE)), said)
    assert edited.part is not None
    assert said("correction", date="2026-11-22") in visible(edited.part.content.replace("~~", ""))


def test_a_reply_shows_the_old_words_too() -> None:
    def reply(change: Change) -> str:
        (part,) = render_reply(_correction(change), WORDS)
        return struck(part.content)

    assert reply(_change(Standing.GONE)) == (
        f"Correction, 2026-11-22:\n[1] The article “A title” no longer says this.\n{{{SETS}}}"
    )
    assert reply(_change(Standing.STANDS)).endswith(f"says this again.\n{SETS}")
    assert reply(_change(Standing.REWORDED, "Nobody counts.")).endswith(
        f":\n{{{SETS}}}\nNobody counts."
    )
    small = reply(_change(Standing.REWORDED, SETS.replace("eight", "six")))
    assert small.endswith(":\nA closed set has {eight} six people at most.")
    (linked,) = render_reply(_correction(_change(Standing.GONE)), WORDS, "https://discord.com/x")
    assert linked.content.split("\n")[1] == "https://discord.com/x"


def test_a_long_correction_goes_into_a_reply_and_the_message_points_to_it() -> None:
    long = " ".join(f"word{number}" for number in range(150))
    change = Change(_source(1, long), Standing.REWORDED, _source(1, long[::-1]), "A title")
    edited = render_edit(_correction(change), WORDS)
    assert edited.part is not None
    assert edited.part.content.endswith("**Correction, 2026-11-22: see my reply below.**")
    assert struck(edited.part.content).count("{") == 1
    assert long[::-1] in visible("\n".join(part.content for part in edited.further))
    unknown = Correction("a", "1", "2", "3", "en", None, {}, (change,), AT)
    assert render_edit(unknown, WORDS).part is None


def test_a_message_without_any_room_is_left_to_a_reply() -> None:
    change = Change(_source(1, "x" * 1935), Standing.GONE, None, "A title")
    assert render_edit(_correction(change), WORDS).part is None
    assert all(units(part.content) <= LIMIT for part in render_reply(_correction(change), WORDS))


@settings(max_examples=40, deadline=None)
@given(st.lists(_QUOTABLE, min_size=1, max_size=3))
def test_a_message_is_written_again_as_it_was_sent(texts: list[str]) -> None:
    sources = [_source(number, text) for number, text in enumerate(texts, 1)]
    parts = render(Reply(Kind.ANSWER, sources=tuple(sources), understood="What?"), WORDS)
    for part, layout in zip(parts, _layouts(*sources), strict=True):
        assert layout is not None
        written = [
            escape(one.span.of(texts[one.number - 1])).replace("\n", "\n> ")
            if isinstance(one, Quoted)
            else str(one)
            for one in layout
        ]
        assert "".join(written) == part.content
        assert layouts.read(layouts.written(layout)) == layout


@settings(max_examples=40, deadline=None)
@given(_QUOTABLE, _QUOTABLE, st.sampled_from(Standing), _QUOTABLE)
def test_nothing_in_a_correction_acts_and_all_of_it_keeps_to_the_limits(
    old: str, new: str, standing: Standing, reason: str
) -> None:
    now = _source(1, new) if standing is Standing.REWORDED else None
    change = Change(_source(1, old), standing, now, "A title", reason)
    correction = _correction(change)
    edited = render_edit(correction, WORDS)
    parts = [*edited.further, *render_reply(correction, WORDS)]
    for part in (*parts, *([edited.part] if edited.part else [])):
        assert 0 < units(part.content) <= LIMIT
        assert part.content.strip()
        struck(part.content)


def test_words_that_are_not_cited_stay_as_they_are() -> None:
    sent = [Sent("1", "c", (1,), (("x", False), ("Other words.", True), ("y", False)))]
    (layout,) = layouts.layouts(sent, {1: SETS})
    assert layout == ("x", Words("Other words."), "y")
    assert layouts.read(layouts.written(layout)) == layout
    assert layouts.layouts([Sent("1", "c", ())], {1: SETS}) == [None]
    assert layouts.read(layouts.written(None)) is None
    split = [Sent("1", "c", (1,), ((SETS[:8], True),)), Sent("2", "c", (1,), ((SETS[9:], True),))]
    assert layouts.layouts(split, {1: SETS, 2: LIST}) == [
        (Quoted(1, Span(0, 8)),),
        (Quoted(1, Span(9, len(SETS))),),
    ]
