"""The verdict on words that may be a quotation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.citation import verify
from corpus.library import Library
from corpus.loader import Loaded
from index import cited_quotes
from index.comparison import Change, Matter
from index.manifest import Recipe
from index.snapshot import open_current
from index.verdict import Verdict
from index.versions import Versions
from index.whosaid import examine
from tests.making import article, build, loaded
from tests.whosaid_cases import ARTICLES, CASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.cited_quotes import CitedQuote
    from index.embedder import Embedder
    from index.snapshot import Snapshot
    from index.whosaid import Examination


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Snapshot]:
    """The small corpus of the cases, indexed with the model that users run."""
    folder = tmp_path_factory.mktemp("index")
    build(folder, loaded(*ARTICLES), embedder)
    opened = open_current(Versions(folder), Recipe.of(embedder))
    yield opened
    opened.close()


def texts(quotes: tuple[CitedQuote, ...]) -> list[str]:
    return [one.source.citation.text for one in quotes]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0][:50])
def test_verdicts(
    case: tuple[str, Verdict] | tuple[str, Verdict, Matter], snapshot: Snapshot, embedder: Embedder
) -> None:
    found = examine(case[0], snapshot, embedder)
    assert found.verdict is case[1]
    if len(case) == 3:
        assert found.differences[0].matter is case[2]


def every_citation(found: Examination) -> Iterator[CitedQuote]:
    yield from found.quotes
    yield from found.nearest


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0][:50])
def test_each_word_shown_stands_in_its_article(
    case: tuple[str, Verdict], snapshot: Snapshot, embedder: Embedder
) -> None:
    found = examine(case[0], snapshot, embedder)
    shown = [one.source.citation for one in every_citation(found)]
    shown += [one.sentence for one in every_citation(found)]
    shown += [one.citation for one in found.passages]
    for citation in shown:
        assert verify(citation, snapshot.article(citation.article_id))


def asked_of(found: Examination) -> str:
    return " ".join(one.asked for one in found.comparison if one.asked)


def test_the_comparison_holds_all_words_asked_in_order(
    snapshot: Snapshot, embedder: Embedder
) -> None:
    found = examine("We will close nine libraries in the next year", snapshot, embedder)
    assert asked_of(found) == "We will close nine libraries in the next year"
    told = [(one.change, one.asked, one.original, one.matter) for one in found.differences]
    assert told == [
        (Change.DROPPED, "", "not", Matter.NEGATION),
        (Change.CHANGED, "nine", "seven", Matter.NUMBER),
        (Change.CHANGED, "in the next", "this", Matter.NONE),
    ]


def test_all_parts_of_a_spliced_quotation_are_shown_in_the_order_asked(
    snapshot: Snapshot, embedder: Embedder
) -> None:
    found = examine("They were cold, we were hungry, and we had to do it twice", snapshot, embedder)
    assert found.verdict is Verdict.SPLICED
    assert [one.speaker for one in found.quotes] == ["Hope Moor", "Tom Reyes", "Tom Reyes"]


def test_a_longer_quotation_is_shown_whole(snapshot: Snapshot, embedder: Embedder) -> None:
    found = examine("the only thing that makes a scene", snapshot, embedder)
    assert texts(found.quotes) == [
        "Trust is the only thing that makes a scene work,", "Without it you have nothing.",
    ]  # fmt: skip
    assert [(one.part, one.parts) for one in found.quotes] == [(1, 2), (2, 2)]


def test_an_elided_quotation_is_exact_and_says_what_was_left_out(
    snapshot: Snapshot, embedder: Embedder
) -> None:
    found = examine("I was terrified … in the end I did it", snapshot, embedder)
    assert (found.verdict, found.elided) == (Verdict.EXACT, True)
    assert [one.original for one in found.differences] == ["of the height… but"]


def test_an_ellipsis_may_not_hide_a_negation(snapshot: Snapshot, embedder: Embedder) -> None:
    found = examine("We will … close seven libraries this year", snapshot, embedder)
    assert found.verdict is Verdict.ALTERED
    assert found.differences[0].matter is Matter.NEGATION


def test_editors_words_in_brackets_change_nothing_but_a_negation(
    snapshot: Snapshot, embedder: Embedder
) -> None:
    added = "We will not close seven [public] libraries this year"
    assert examine(added, snapshot, embedder).verdict is Verdict.EXACT
    denied = "It took us [not] 7.5 hours, and we had to do it twice"
    assert examine(denied, snapshot, embedder).verdict is Verdict.ALTERED


def test_words_inside_a_quotation_are_not_said_to_be_its_speakers(
    snapshot: Snapshot, embedder: Embedder
) -> None:
    found = examine('"You are what you do to them," said Jane Smith', snapshot, embedder)
    assert (found.verdict, found.inside, found.misattributed) == (Verdict.EXACT, True, False)


def test_an_open_speaker_is_never_guessed(snapshot: Snapshot, embedder: Embedder) -> None:
    found = examine('"You are what you do to them, and left the room" - Jane Smith',
                    snapshot, embedder)  # fmt: skip
    (quote,) = found.quotes
    assert quote.speaker is None
    assert len(quote.candidates) > 1
    assert not found.misattributed


def test_altered_words_of_somebody_else_are_both(snapshot: Snapshot, embedder: Embedder) -> None:
    found = examine('Ann Lee: "They were cold, we were angry and nobody came"', snapshot, embedder)
    assert (found.verdict, found.misattributed) == (Verdict.ALTERED, True)


def test_a_paraphrase_says_whether_it_is_of_a_quotation_or_of_the_article(
    snapshot: Snapshot, embedder: Embedder
) -> None:
    quotation = examine("I ran when I saw flames through the window of my kitchen",
                        snapshot, embedder)  # fmt: skip
    assert (len(quotation.quotes), quotation.passages) == (1, ())
    own = examine("The theatre reopened in March after two years of repairs", snapshot, embedder)
    assert (own.quotes, len(own.passages)) == ((), 1)


def test_words_that_nobody_said_come_with_the_nearest(
    snapshot: Snapshot, embedder: Embedder
) -> None:
    found = examine("There is no money left for new libraries in this town", snapshot, embedder)
    assert found.verdict is Verdict.ABSENT
    assert len(found.nearest) == 3


def test_two_articles_with_the_same_words_are_both_shown(tmp_path_factory: pytest.TempPathFactory,
                                                         embedder: Embedder) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("twice")
    same = "“The bridge will open before winter,” said"
    build(folder, loaded(article("a", f"{same} Ann Lee."), article("b", f"{same} Ann Lee.")),
          embedder)  # fmt: skip
    opened = open_current(Versions(folder))
    found = examine("the bridge will open before winter", opened, embedder)
    assert [one.source.citation.article_id for one in found.quotes] == ["a", "b"]
    named = examine("Bo Roe: the bridge will open before winter", opened, embedder)
    assert named.verdict is Verdict.ANOTHER


def test_nothing_is_in_a_corpus_without_quotations(
    tmp_path_factory: pytest.TempPathFactory, embedder: Embedder
) -> None:
    folder = tmp_path_factory.mktemp("empty")
    build(folder, Loaded(Library.of(()), ()), embedder)
    found = examine("the bridge will open before winter", open_current(Versions(folder)), embedder)
    assert (found.verdict, found.nearest) == (Verdict.ABSENT, ())


def test_what_does_not_verify_is_not_shown(
    snapshot: Snapshot, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cited_quotes, "verify", lambda *_: False)
    found = examine("We will not close seven libraries this year", snapshot, embedder)
    assert (found.verdict, found.quotes) == (Verdict.ABSENT, ())


@settings(max_examples=40)
@given(st.data())
def test_any_four_words_of_a_quotation_in_a_row_are_exact_in_any_dress(
    snapshot: Snapshot, embedder: Embedder, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(snapshot.quotes) - 1))
    (quote,) = snapshot.quotes.store.get([row])
    words = quote.span.of(snapshot.article(quote.article_id).text).split()
    if len(words) < 4:
        return
    start = data.draw(st.integers(0, len(words) - 4))
    part = words[start : data.draw(st.integers(start + 4, len(words)))]
    dress = data.draw(
        st.sampled_from([str.upper, str.lower, str.title, "“{}”".format, "{} —".format])
    )
    found = examine(dress(" ".join(part)), snapshot, embedder)
    assert found.verdict is Verdict.EXACT
