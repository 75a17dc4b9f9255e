"""Two wordings are compared word by word, and nothing of either gets lost."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.rewording import at_most_similar, bag, compare, moved, similarity
from corpus.span import Span
from corpus.text import fold
from tests.strategies import PARAGRAPHS, SENTENCES


def _marked(before: str, after: str) -> str:
    """Both wordings in one: ``[-left out-]`` and ``{+put in+}``."""
    parts = []
    for step in compare(before, after):
        old, new = step.before.of(before), step.after.of(after)
        parts.append(old if step.kept else f"[-{old}-]" * bool(old) + f"{{+{new}+}}" * bool(new))
    return "".join(parts)


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("The set is closed.", "The set is closed.", "The set is closed."),
        ("The set is closed.", "The set is open.", "The set is[- closed-]{+ open+}."),
        ("Eight people.", "Eight brave people.", "Eight{+ brave+} people."),
        ("Eight brave people.", "Eight people.", "Eight[- brave-] people."),
        ("It’s well-known.", "It’s unknown.", "It’s[- well-known-]{+ unknown+}."),
        ("It cost 2.5 million.", "It cost 2,500 million.", "It cost[- 2.5-]{+ 2,500+} million."),
        ("“No,” she said.", "“Yes,” she said.", "“[-No-]{+Yes+},” she said."),
        # A comma that two changes share explains nothing.
        ("Ann, Bob came.", "Eve, Dan came.", "[-Ann, Bob-]{+Eve, Dan+} came."),
        ("He came.", "Did they go?", "[-He came.-]{+Did they go?+}"),
        ("One two three four", "Five two three six", "[-One-]{+Five+} two three[- four-]{+ six+}"),
        ("a\nb", "a b", "a\nb"),
        ("", "New.", "{+New.+}"),
        ("Old.", "", "[-Old.-]"),
        ("", "", ""),
        ("End. ", "End.", "End. "),
        (" ", "", "[- -]"),
        ("第一 幕", "第二 幕", "[-第一-]{+第二+} 幕"),
    ],
)
def test_a_difference_is_told_word_by_word(before: str, after: str, marked: str) -> None:
    assert _marked(before, after) == marked


@given(PARAGRAPHS | st.text(max_size=60), PARAGRAPHS | st.text(max_size=60))
def test_the_steps_cover_both_wordings_without_a_gap(before: str, after: str) -> None:
    steps = compare(before, after)
    for spans, text in (([s.before for s in steps], before), ([s.after for s in steps], after)):
        assert "".join(span.of(text) for span in spans) == text
        assert all(one.end == other.start for one, other in pairwise(spans))
    for step in steps:
        same = step.before.of(before).split() == step.after.of(after).split()
        assert not step.kept or same
        assert step.kept or len(step.before) or len(step.after)
    assert all(one.kept != other.kept for one, other in pairwise(steps))


@given(PARAGRAPHS)
def test_a_wording_does_not_differ_from_itself(text: str) -> None:
    (step,) = compare(text, text)
    assert step.kept
    assert similarity(text, text) == 1


@given(SENTENCES, SENTENCES)
def test_the_fast_bound_is_never_below_the_similarity(before: str, after: str) -> None:
    assert similarity(before, after) <= at_most_similar(bag(before), bag(after)) + 1e-9


def test_signs_do_not_count_as_similar() -> None:
    assert similarity("One, two.", "Six, ten.") == 0
    assert similarity("One, two.", "One; ten!") == 0.5
    assert similarity("…", "!") == 0
    assert similarity("…", " …") == 1
    assert at_most_similar(Counter(), Counter()) == 1


def test_what_makes_words_the_same_can_be_told() -> None:
    def folded(word: str) -> str:
        return fold(word).text

    assert similarity('"It\'s SO"', "“It’s so”") < 1
    assert similarity('"It\'s SO"', "“It’s so”", folded) == 1
    (step,) = compare('"It\'s SO"', "“It’s so”", folded)
    assert step.kept


def test_very_long_wordings_are_compared_at_their_ends_only() -> None:
    inner = " ".join(f"w{n}" for n in range(3000))
    steps = compare(f"a {inner} z", f"a b {inner} c z")
    assert [step.kept for step in steps] == [True, False, True]
    assert len(steps[1].before) > 10_000


@pytest.mark.parametrize(
    ("before", "part", "after", "found"),
    [
        ("She said it twice.", "said it", "She said it once.", "said it"),
        ("She said it twice.", "it twice", "She said it once or so.", "it once or so"),
        ("She said it twice.", "it twice", "Then she said it.", "it"),
        ("She said it twice.", "twice", "She said it.", ""),
        ("Oh, said she.", "said", "said she.", "said"),
        ("She said it.", "it", "Now she has said it.", "it"),
        ("She said it.", "id i", "She has said it.", "id i"),
    ],
)
def test_a_part_of_a_wording_is_found_in_the_other(
    before: str, part: str, after: str, found: str
) -> None:
    start = before.index(part)
    place = moved(Span(start, start + len(part)), compare(before, after))
    assert place.of(after).strip() == found


@given(SENTENCES, SENTENCES, st.data())
def test_a_part_is_always_somewhere_in_the_other(
    before: str, after: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, len(before)))
    place = moved(Span(start, end), compare(before, after))
    assert place.end <= len(after)
    assert moved(Span(start, end), compare(before, before)) in (Span(start, end), Span(0, 0))
