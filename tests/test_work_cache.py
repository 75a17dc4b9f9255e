"""What unchanged articles became is found again, is the same, and is never needed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings

from corpus.loader import load_folder
from corpus.revision import code_revision
from corpus.stored import dump, load
from index.engines.lexical import joined_terms
from index.packed import Packed, key_of_article, pack
from index.prepare import prepare
from index.work_cache import WorkCache
from tests import strategies
from tests.making import article, build, contents, numbered

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.article import Article

ONE, TWO = b"1" * 32, b"2" * 32


def test_values_come_back_and_unused_ones_go_when_told(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    with closing(WorkCache(path)) as cache:
        cache.put(ONE, b"one")
        cache.put(TWO, b"two" * 10_000_000)  # more than is held back
    with closing(WorkCache(path)) as cache:
        assert cache.get([ONE, b"x"]) == {ONE: b"one"}
    with closing(WorkCache(path)) as cache:
        assert set(cache.get([ONE, TWO])) == {ONE, TWO}
    with closing(WorkCache(path)) as cache:
        cache.get([TWO])
        cache.forget_unused()
        assert cache.get([ONE]) == {}


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be one", b""])
def test_a_file_that_is_none_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "work.db"
    path.write_bytes(content)
    with closing(WorkCache(path)) as cache:
        cache.put(ONE, b"one")
    with closing(WorkCache(path)) as cache:
        assert cache.get([ONE]) == {ONE: b"one"}


def test_a_value_that_was_altered_is_not_found(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    with closing(WorkCache(path)) as cache:
        cache.put(ONE, b"one")
    with sqlite3.connect(path) as database:
        database.execute("update work set value = ?", (b"0000two",))
    database.close()
    with closing(WorkCache(path)) as cache:
        assert cache.get([ONE]) == {}


def test_where_nothing_can_be_kept_everything_works_without(tmp_path: Path) -> None:
    with closing(WorkCache(tmp_path)) as cache:  # a folder is in the way
        cache.put(ONE, b"one")
        assert cache.get([ONE]) == {}
        cache.forget_unused()


@settings(deadline=None)
@given(strategies.articles(url=True))
def test_an_article_is_stored_as_it_is(one: Article) -> None:
    assert load(dump(one)) == one


@settings(deadline=None, max_examples=50)
@given(strategies.articles())
def test_packed_passages_come_back_as_they_were(one: Article) -> None:
    prepared = list(prepare(one))
    packed = pack(prepared, [joined_terms(each.text) for each in prepared])
    found = Packed.from_bytes(packed.to_bytes())
    for name in ("passages", "sentences", "tokens", "contexts"):
        assert np.array_equal(getattr(found, name), getattr(packed, name))
    assert (found.words, found.keys) == (packed.words, packed.keys)


def test_passages_are_kept_by_all_that_they_are_made_from() -> None:
    one = article("a", "Storks nest.", title="Birds")
    keys = {
        key_of_article(one),
        key_of_article(article("a", "Storks nest!", title="Birds")),
        key_of_article(article("a", "Storks nest.", title="Storks")),
        key_of_article(article("a", "# Storks nest.", title="Birds")),
    }
    assert len(keys) == 4
    assert key_of_article(article("b", "Storks nest.", title="Birds")) in keys


def test_a_build_is_the_same_whether_its_work_was_kept_or_not(tmp_path: Path) -> None:
    build(tmp_path / "a", numbered(7))
    build(tmp_path / "a", numbered(9))
    build(tmp_path / "b", numbered(9))
    files = ("passages.bin", "sentences.bin", "tokens.bin", "contexts.bin", "vectors.faiss")
    kept = contents(tmp_path / "a" / "versions")
    fresh = contents(tmp_path / "b" / "versions")
    for name in files:
        (last,) = [kept[path] for path in kept if path.startswith("000002") and name in path]
        (only,) = [fresh[path] for path in fresh if name in path]
        assert last == only


def test_a_file_that_was_read_before_is_not_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.md").write_text(f"# {name}\n\nWords of {name}.\n")
    with closing(WorkCache(tmp_path / "work.db")) as cache:
        first = load_folder(folder, cache)
    parsed: list[str] = []

    def fail(_: bytes, name: str) -> None:
        parsed.append(name)
        raise ValueError

    monkeypatch.setattr("corpus.loader.parse", fail)
    with closing(WorkCache(tmp_path / "work.db")) as cache:
        assert load_folder(folder, cache) == first
        assert parsed == []
        (folder / "b.md").write_text("# b\n\nOther words.\n")
        assert len(load_folder(folder, cache).problems) == 1
    assert parsed == ["b.md"]


def test_the_revision_of_code_depends_on_the_packages() -> None:
    assert code_revision("corpus") == code_revision("corpus") != code_revision("corpus", "index")
