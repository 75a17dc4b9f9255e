"""The quotations of an index version: read, merged, kept, and found again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.settings import SHIPPED_ARTICLES
from corpus import quotes as extraction
from corpus.citation import verify
from corpus.loader import load_folder
from corpus.span import Span
from index import quote_build
from index.cited_quotes import cite
from index.errors import DamagedIndexError, StaleIndexError
from index.manifest import MANIFEST, Recipe
from index.quote_index import QuoteIndex
from index.quote_store import QUOTES
from index.snapshot import open_current
from index.versions import Versions
from tests.fakes import HashEmbedder
from tests.making import article, build, loaded, snapshot_of
from tests.whosaid_cases import ARTICLES

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.article import Article
    from index.cited_quotes import CitedNested
    from index.quote_store import Quotation
    from index.snapshot import Snapshot


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The small corpus of the cases, under the hashing embedder."""
    return snapshot_of(tmp_path_factory.mktemp("index"), *ARTICLES)[0]


def words(one: Quotation, snapshot: Snapshot) -> str:
    return one.span.of(snapshot.article(one.article_id).text)


def test_a_quotation_is_kept_with_all_that_was_read_of_it(snapshot: Snapshot) -> None:
    first, second = snapshot.quotes.store.of_article("council")[2:4]
    assert words(first, snapshot) == "It took us 7.5 hours,"
    assert (first.part, first.parts, second.part, second.parts) == (0, 2, 1, 2)
    assert first.utterance == second.utterance == first.row
    assert snapshot.quotes.utterance(first.row) == (first, second)
    assert (first.speaker, first.speaker_id) == ("Tom Reyes", "tom-reyes")
    assert first.sentence == second.sentence
    text = snapshot.article("council").text
    assert first.attribution is not None
    assert first.attribution.of(text) == "Tom Reyes"
    assert first.sentence.contains(first.span)
    assert (first.cue, first.rule, first.truncated) == ("said", "inverted-after", False)


def test_an_addressee_and_a_pronoun_are_kept(snapshot: Snapshot) -> None:
    budget = snapshot.quotes.store.of_article("council")[1]
    text = snapshot.article("council").text
    assert budget.attribution is not None
    assert (budget.speaker, budget.attribution.of(text)) == ("Lena Ortiz", "she")
    assert budget.addressee is not None
    assert "Herald" in budget.addressee


def test_an_open_speaker_has_candidates_and_no_id(snapshot: Snapshot) -> None:
    (opened,) = [one for one in snapshot.quotes.store.of_article("stage") if one.speaker is None]
    assert opened.speaker_id == ""
    assert set(opened.candidates) == {"Sam Moor", "Bill Moor", "Hope Moor"}
    (child,) = opened.children
    assert child.span.of(snapshot.article("stage").text) == "You are what you do to them,"


def test_an_unnamed_speaker_is_shown_in_the_articles_words(snapshot: Snapshot) -> None:
    (unnamed,) = [one for one in snapshot.quotes.store.of_article("herald") if not one.speaker_id]
    assert unnamed.speaker == "a neighbour"


def test_counts_stand_in_the_manifest(snapshot: Snapshot) -> None:
    counts = snapshot.manifest.counts
    assert counts["quotes"] == len(snapshot.quotes) == 16
    assert counts["speakers"] == len(snapshot.quotes.speakers) == 10
    assert QUOTES in snapshot.manifest.files


def test_rows_of_a_speaker_of_an_article_and_of_both(snapshot: Snapshot) -> None:
    store = snapshot.quotes.store
    assert store.rows() == list(range(16))
    assert [one.speaker for one in store.get(store.rows("lena-ortiz"))] == ["Lena Ortiz"] * 2
    assert len(store.rows(article_id="herald")) == 4
    assert store.rows("lena-ortiz", "herald") == []


def test_many_rows_are_read_in_the_order_asked(snapshot: Snapshot) -> None:
    rows = list(range(16)) * 70
    assert [one.row for one in snapshot.quotes.store.get(rows)] == rows


def test_two_people_with_one_surname_stay_two(snapshot: Snapshot) -> None:
    found = snapshot.quotes.names.find("Moor")
    assert {one.name for one in found} == {"Sam Moor", "Bill Moor", "Hope Moor"}


@pytest.mark.parametrize(
    ("topic", "words_there"),
    [("libraries", "libraries"), ("a fire in the kitchen", "fire"), ("the budget", "budget")],
)
def test_a_topic_finds_the_quotations_on_it_first(
    snapshot: Snapshot, topic: str, words_there: str
) -> None:
    found = snapshot.quotes.topic(HashEmbedder(256).embed_query(topic), topic)
    (best,) = snapshot.quotes.store.get([int(found.rows[0])])
    assert found.fits[0]
    assert words_there in words(best, snapshot)
    assert list(found.scores) == sorted(found.scores, reverse=True)


def test_a_topic_finds_only_among_the_rows_it_may(snapshot: Snapshot) -> None:
    found = snapshot.quotes.topic(HashEmbedder(256).embed_query("fire"), "fire", [0, 3])
    assert set(found.rows) <= {0, 3}
    assert not found.fits.any()


def test_a_topic_without_words_fits_nothing(snapshot: Snapshot) -> None:
    assert not snapshot.quotes.topic(HashEmbedder(256).embed_query("…"), "…").fits.any()


def test_a_word_around_a_quotation_counts_less_than_one_in_its_sentence(tmp_path: Path) -> None:
    one = article("a", "# Herons", "Herons came back. “They are large,” said Ann Lee.")
    other = article("b", "# Crows", "“Herons are large,” said Bo Roe.")
    snapshot, embedder = snapshot_of(tmp_path, one, other)
    found = snapshot.quotes.topic(embedder.embed_query("herons"), "herons")
    assert [one.speaker for one in snapshot.quotes.store.get([int(r) for r in found.rows])] == [
        "Bo Roe", "Ann Lee",
    ]  # fmt: skip
    assert found.scores[1] > found.similarities[1]


def test_utterances_that_share_runs_of_words_come_by_how_many(snapshot: Snapshot) -> None:
    keys = ["we", "will", "not", "close", "seven", "libraries", "this", "year"]
    rows = snapshot.quotes.sharing(keys, 5)
    assert [one.speaker for one in snapshot.quotes.store.get(rows)] == ["Lena Ortiz", "John Doe"]
    assert snapshot.quotes.sharing(["we", "will"], 5) == []
    assert snapshot.quotes.sharing(["no", "such", "run", "of", "words"], 5) == []


def nested(children: tuple[CitedNested, ...]) -> list[CitedNested]:
    return [part for child in children for part in (child, *nested(child.children))]


def test_every_quotation_of_a_whole_corpus_equals_its_span(tmp_path: Path) -> None:
    """The one idea, over all shipped articles and the cases: what is shown is the article's."""
    corpus = [*load_folder(SHIPPED_ARTICLES).library, *ARTICLES]
    snapshot, _ = snapshot_of(tmp_path, *corpus)
    cited = cite(snapshot.quotes.store.get(range(len(snapshot.quotes))), snapshot)
    assert len(cited) == len(snapshot.quotes) > 50
    articles = {one.id: one for one in corpus}
    for number, one in enumerate(cited, 1):
        text = articles[one.source.citation.article_id].text
        assert one.source.number == number
        inner = [child.citation for child in nested(one.children)]
        every = [one.source.citation, one.sentence, one.attribution, *inner]
        for citation in filter(None, every):
            assert citation.text == text[citation.span.start : citation.span.end]
            assert verify(citation, articles[citation.article_id])


def test_a_quotation_that_does_not_verify_is_dropped_and_logged(
    snapshot: Snapshot, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = snapshot.quotes.store.get([0, 1])
    altered = replace(bad, content_hash="0" * 64)
    beyond = replace(bad, span=Span(10**6, 10**6 + 5))
    cited = cite([altered, good, beyond], snapshot)
    assert [one.row for one in cited] == [0]
    assert [one.source.number for one in cited] == [1]
    assert "does not verify" in caplog.text


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are read from now on."""
    read: list[str] = []

    def told(text: str, *rest: object) -> extraction.Reading:
        read.append(text)
        return extraction.read(text, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(quote_build, "read", told)
    return read


def test_only_changed_articles_are_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, loaded(*ARTICLES))
    read = counting(monkeypatch)
    new = article("new", "“This is new to everybody here,” said Ann Lee.")
    built = build(tmp_path, loaded(*ARTICLES[:2], new))
    assert read == [new.text]
    assert built.manifest.counts["quotes"] == 13
    fresh = build(tmp_path / "fresh", loaded(*ARTICLES[:2], new))
    assert everything(tmp_path) == everything(tmp_path / "fresh")
    assert fresh.manifest.counts == built.manifest.counts


def everything(folder: Path) -> tuple[object, ...]:
    quotes = open_current(Versions(folder)).quotes
    return quotes.store.get(quotes.store.rows()), quotes.speakers


def test_another_extractor_reads_all_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, loaded(*ARTICLES))
    read = counting(monkeypatch)
    monkeypatch.setattr(quote_build, "EXTRACTOR", "another")
    build(tmp_path, loaded(*ARTICLES), full=True)
    assert len(read) == 3


def test_vectors_of_known_quotations_are_not_computed_again(tmp_path: Path) -> None:
    build(tmp_path, loaded(*ARTICLES))
    embedder = HashEmbedder()
    build(tmp_path, loaded(*ARTICLES[:2]), embedder)
    assert embedder.passages == []


def test_an_article_that_cannot_be_read_has_no_quotations_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(text: str, *rest: object) -> extraction.Reading:
        if "Moor" in text:
            raise RecursionError
        return extraction.read(text, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(quote_build, "read", failing)
    built = build(tmp_path, loaded(*ARTICLES))
    assert built.manifest.counts["quotes"] == 10
    assert "the quotations of stage.md cannot be read" in caplog.text


def test_a_corpus_without_quotations_is_indexed(tmp_path: Path) -> None:
    snapshot, embedder = snapshot_of(tmp_path, article("a", "Nobody said a word."))
    assert len(snapshot.quotes) == 0
    assert snapshot.quotes.topic(embedder.embed_query("word"), "word").rows.size == 0
    assert snapshot.quotes.sharing(["nobody", "said", "a", "word"], 3) == []
    assert snapshot.quotes.with_words("nobody said a word", 3) == []


@pytest.mark.parametrize(
    "name", [QUOTES, quote_build.SHINGLES, quote_build.TERM_ENDS, quote_build.QUOTE_VECTORS]
)
def test_a_damaged_file_is_told(tmp_path: Path, name: str) -> None:
    built = build(tmp_path, loaded(*ARTICLES))
    folder = Versions(tmp_path).path(built.manifest.version)
    (folder / name).write_bytes(b"no longer what it was")
    with pytest.raises(DamagedIndexError, match="run `onrecord reindex`"):
        QuoteIndex(folder)


def test_a_version_of_before_quotations_were_kept_is_stale_and_made_anew(tmp_path: Path) -> None:
    first = build(tmp_path, loaded(*ARTICLES))
    folder = Versions(tmp_path).path(first.manifest.version)
    about = json.loads((folder / MANIFEST).read_text())
    del about["recipe"]["quotes"]
    about["files"] = {name: about["files"][name] for name in about["files"] if name != QUOTES}
    (folder / MANIFEST).write_text(json.dumps(about))
    (folder / QUOTES).unlink()
    with pytest.raises(StaleIndexError, match="another version of On Record"):
        open_current(Versions(tmp_path), Recipe.of(HashEmbedder()))
    again = build(tmp_path, loaded(*ARTICLES))
    assert again.changed
    assert again.embedded == 0
    assert again.manifest.counts["quotes"] == 16


def test_one_article_twice_is_read_once_and_cited_twice(tmp_path: Path) -> None:
    def copy(id_: str) -> Article:
        return article(id_, "“The bridge will open before winter,” said Ann Lee.")

    snapshot, _ = snapshot_of(tmp_path, copy("a"), copy("b"))
    assert [one.article_id for one in snapshot.quotes.store.get([0, 1])] == ["a", "b"]
    (speaker,) = snapshot.quotes.speakers
    assert (speaker.quotes, speaker.articles) == (2, ("a", "b"))
