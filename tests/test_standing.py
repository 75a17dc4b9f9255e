"""Words that were shown are followed from one revision of an article to the next."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.span import Span
from corpus.standing import Comparison, Found, Standing
from tests.making import article
from tests.strategies import articles, articles_with_spans

if TYPE_CHECKING:
    from corpus.article import Article

_SETS = """
Oops coordinates. “A closed set has eight people at most,” Oops said. She keeps a list at the door.
"""
OLD = (
    "# Closed sets",
    _SETS.strip(),
    "Directors feared a loss of control. Rehearsals take two hours. Rehearsals need no camera.",
    "Directors feared a loss of control.",
)
QUOTE = "“A closed set has eight people at most,” Oops said."
TWO = "Rehearsals take two hours."


def _followed(shown: str, *new: str, nth: int = 0) -> tuple[str, str | None]:
    """What became of ``shown`` in ``OLD`` when the article reads ``new``."""
    old, later = article("a", *OLD), article("a", *new)
    start = -1
    for _ in range(nth + 1):
        start = old.text.index(shown, start + 1)
    found = Comparison(old, later).follow(Span(start, start + len(shown)))
    return found.standing.value, None if found.span is None else found.span.of(later.text)


def _with(shown: str, instead: str) -> list[str]:
    return [one.replace(shown, instead) for one in OLD]


@pytest.mark.parametrize(
    ("shown", "new", "standing", "now"),
    [
        pytest.param(QUOTE, OLD, "stands", QUOTE, id="nothing changed"),
        pytest.param(QUOTE, ("New.", *OLD[2:], *OLD[:2]), "stands", QUOTE, id="moved"),
        pytest.param(
            QUOTE, _with("She keeps", "Oops keeps"), "stands", QUOTE, id="a neighbour changed"
        ),
        pytest.param(
            QUOTE,
            _with(QUOTE, QUOTE.replace("“", '"').replace("”", '"')),
            "stands",
            QUOTE.replace("“", '"').replace("”", '"'),
            id="other marks",
        ),
        pytest.param(TWO, _with(TWO, "Rehearsals\ntake two hours."), "stands", None, id="space"),
        pytest.param(
            QUOTE,
            _with("eight", "six"),
            "reworded",
            "“A closed set has six people at most,” Oops said.",
            id="one word",
        ),
        pytest.param(
            TWO,
            _with(TWO, "Critics deny that Rehearsals take two hours."),
            "reworded",
            "Critics deny that Rehearsals take two hours.",
            id="a longer sentence around the same words",
        ),
        pytest.param(
            TWO,
            [*OLD[:2], "Other."],
            "gone",
            None,
            id="the paragraph is gone",
        ),
        pytest.param(
            TWO, _with(TWO + " ", ""), "gone", None, id="left out beside one that is similar"
        ),
        pytest.param(
            TWO,
            _with(TWO, "They last for some two hours each, says everybody who took part."),
            "reworded",
            "They last for some two hours each, says everybody who took part.",
            id="little is left, but in its place",
        ),
        pytest.param(
            TWO,
            ("Something else. They last for some two hours each, says everybody.",),
            "gone",
            None,
            id="little is left, and not in its place",
        ),
        pytest.param(
            "She keeps a list at the door.",
            _with("a list at", "a list. It lies at"),
            "reworded",
            "She keeps a list. It lies at the door.",
            id="two sentences of one",
        ),
        pytest.param(
            f"{TWO} Rehearsals need no camera.",
            _with(TWO, ""),
            "reworded",
            "Rehearsals need no camera.",
            id="one sentence of two is left",
        ),
        pytest.param(QUOTE, ("# Closed sets", "Nobody is here."), "gone", None, id="all new"),
        pytest.param(TWO, (f"# {TWO}", "Text."), "stands", None, id="became a heading"),
        pytest.param(
            "closed set has eight",
            _with("eight", "eighty"),
            "reworded",
            "closed set has eighty",
            id="a part of a sentence",
        ),
        pytest.param(
            "closed set has eight",
            _with("She keeps", "Oops keeps"),
            "stands",
            "closed set has eight",
            id="a part of a sentence that stands",
        ),
        pytest.param(
            "a list at",
            _with("a list at the door", "it"),
            "reworded",
            "it",
            id="a part of a sentence in what was replaced",
        ),
        pytest.param(
            " at most",
            _with(" at most", ""),
            "gone",
            None,
            id="a part of a sentence that was left out",
        ),
    ],
)
def test_words_are_followed_into_the_later_revision(
    shown: str, new: list[str], standing: str, now: str | None
) -> None:
    found = _followed(shown, *filter(None, new))
    if now is None and standing == "stands":
        assert found[0] == standing
    else:
        assert found == (standing, now)


def test_a_repetition_is_followed_to_its_like() -> None:
    same = "Directors feared a loss of control."
    old, new = article("a", *OLD), article("a", "New.", *OLD)
    places = [at for at in range(len(old.text)) if old.text.startswith(same, at)]
    found = [Comparison(old, new).follow(Span(at, at + len(same))) for at in places]
    assert [one.span and one.span.start for one in found] == [at + 6 for at in places]
    once = article("a", *OLD[:3])
    assert Comparison(old, once).follow(Span(places[1], places[1] + len(same))) == Found(
        Standing.STANDS, Span(places[0], places[0] + len(same))
    )


def test_white_space_became_of_nothing() -> None:
    old = article("a", "One.", "Two.")
    assert Comparison(old, article("a", "Three.")).follow(Span(4, 6)).standing is Standing.GONE


@given(articles_with_spans())
def test_all_words_stand_in_the_same_revision(drawn: tuple[Article, Span]) -> None:
    made, span = drawn
    found = Comparison(made, made).follow(span)
    assert found.standing is Standing.STANDS
    assert found.span is None or found.span.of(made.text) == span.of(made.text)


@settings(max_examples=30)
@given(articles_with_spans(), articles())
def test_words_are_said_to_be_gone_or_reworded_only_where_they_do_not_stand(
    drawn: tuple[Article, Span], other: Article
) -> None:
    made, span = drawn
    words = span.of(made.text)
    found = Comparison(made, replace(other, id=made.id)).follow(span)
    if found.standing is Standing.STANDS:
        assert found.span is None or "".join(filter(str.isalnum, words)) == "".join(
            filter(str.isalnum, found.span.of(other.text))
        )
        return
    if found.span is not None:
        assert found.span.of(other.text) != words
    sentences = [one for one in other.text.split("\n\n") if one == words]
    assert sentences == []


@settings(max_examples=30)
@given(articles_with_spans(), st.text("ab \n", max_size=9))
def test_words_stand_whatever_is_added_around_their_paragraph(
    drawn: tuple[Article, Span], more: str
) -> None:
    made, span = drawn
    paragraphs = [block.span.of(made.text) for block in made.blocks]
    later = article("made-up", "New words.", *paragraphs, *filter(None, [more.strip()]))
    assert Comparison(made, later).follow(span).standing is Standing.STANDS


def test_a_long_article_that_is_all_new_takes_no_time() -> None:
    old = article("a", *(f"The number {n} is in sentence {n} here." for n in range(500)))
    new = article("a", *(f"A figure {n} stands in this sentence now {n}." for n in range(500)))
    comparison = Comparison(old, new)
    started = time.process_time()
    comparison.follow(Span(0, len("The number 0 is in sentence 0 here.")))
    assert time.process_time() - started < 2
