"""A retracted article is known, with its reason, and nothing is answered from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from corpus.errors import DuplicateIdError, EmptyArticleError, FrontMatterError
from corpus.formats import parse_text
from corpus.library import Library
from corpus.loader import load_folder
from index.answer import Answerer
from index.manifest import Manifest
from index.snapshot import open_current
from index.source import Shown
from index.versions import Versions
from tests.fakes import HashEmbedder
from tests.making import article, build, loaded

if TYPE_CHECKING:
    from pathlib import Path

GONE = article("birds", "Storks nest.", status="retracted", retraction_reason="Made up.")
THERE = article("films", "The film cost 70 million dollars.")


@pytest.mark.parametrize(
    ("fields", "retracted", "reason"),
    [
        ("status: retracted\nretraction_reason: Made up.", True, "Made up."),
        ("status: Retracted\nreason: Made up.", True, "Made up."),
        ("status: retracted\nreason: b\nretraction_reason: a", True, "a"),
        ("status: retracted", True, None),
        ("status: draft\nreason: Not done.", False, "Not done."),
        ("reason: None", False, "None"),
    ],
)
def test_the_front_matter_says_whether_and_why(
    fields: str, retracted: bool, reason: str | None
) -> None:
    metadata = parse_text(f"---\n{fields}\n---\nWords.", ".md").metadata
    assert (metadata.retracted, metadata.retraction_reason) == (retracted, reason)


def test_a_status_that_is_no_text_is_told() -> None:
    with pytest.raises(FrontMatterError, match="`status` must be one line"):
        parse_text("---\nstatus: [retracted]\n---\nWords.", ".md")


def test_of_a_retracted_article_nothing_but_the_notice_may_be_left() -> None:
    document = parse_text("---\ntitle: Storks\nstatus: retracted\n---\n", ".md")
    assert (document.title, document.text) == ("Storks", "")
    with pytest.raises(EmptyArticleError):
        parse_text("---\ntitle: Storks\n---\n", ".md")


def test_a_library_keeps_retracted_articles_apart() -> None:
    library = Library.of([THERE, GONE])
    assert (list(library), library.retracted) == ([THERE], (GONE,))
    assert library.get("birds") is None
    assert len(library) == 1
    with pytest.raises(DuplicateIdError):
        Library.of([GONE, replace(THERE, id="birds")])


def test_retracting_and_its_reason_make_another_corpus() -> None:
    other = replace(GONE, metadata=replace(GONE.metadata, retraction_reason="Stolen."))
    again = replace(GONE, metadata=replace(GONE.metadata, status=None))
    libraries = [Library.of([THERE, one]) for one in (GONE, other, again)]
    assert len({library.fingerprint for library in [*libraries, Library.of([THERE])]}) == 4


def test_a_folder_may_hold_a_retracted_article_and_its_copy(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Storks nest.")
    (tmp_path / "b.md").write_text("---\nstatus: retracted\n---\nStorks nest.")
    (tmp_path / "c.md").write_text("---\nid: b\n---\nOther words.")
    found = load_folder(tmp_path)
    assert [one.id for one in found.library] == ["a"]
    assert [one.id for one in found.library.retracted] == ["b"]
    assert [str(problem).split(";")[0] for problem in found.problems] == [
        "c.md has the id 'b', as b.md has"
    ]


def test_nothing_is_answered_from_a_retracted_article(tmp_path: Path) -> None:
    embedder = HashEmbedder(256)
    build(tmp_path, loaded(THERE, replace(GONE, metadata=THERE.metadata)), embedder)
    built = build(tmp_path, loaded(THERE, GONE), embedder)
    assert built.changed
    assert built.embedded == 0
    assert built.manifest.retracted == (("birds", GONE.title, "Made up."),)
    assert Manifest.read(Versions(tmp_path).path(built.manifest.version)) == built.manifest
    snapshot = open_current(Versions(tmp_path))
    assert snapshot.store.ids == ("films",)
    with pytest.raises(KeyError):
        snapshot.article("birds")
    answer = Answerer.default(embedder).answer("Where do storks nest?", snapshot)
    shown = [*map(Shown.of, (*answer.sentences, *answer.nearest)), *answer.more]
    assert {one.article_id for one in shown} <= {"films"}
    snapshot.close()
