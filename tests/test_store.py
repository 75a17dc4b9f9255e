"""Articles come out of the store as they went in, one at a time, from any thread."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article
from index.errors import DamagedIndexError
from index.store import ArticleStore, write
from tests import strategies
from tests.making import article

ODD = article(
    "odd/ä?#%20",
    "# “Heading”",
    "Words with \x00, \u2028, 😀 and '; drop table articles; --",
    title="Tïtle",
    url="https://example.org/?a=1#b",
    note="cut off",
)
ARTICLES = [article("b", "Second."), ODD, article("a", "First.")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder with ? # % and ü"
    folder.mkdir()
    write(folder / "articles.db", ARTICLES)
    return folder / "articles.db"


def test_articles_come_out_as_they_went_in(path: Path) -> None:
    with closing(ArticleStore(path)) as store:
        assert store.ids == ("a", "b", ODD.id)
        assert [store.get(one.id) for one in ARTICLES] == ARTICLES
        assert store.get("a") is store.get("a")  # kept


@settings(max_examples=25, deadline=None)
@given(st.lists(strategies.articles(url=True), max_size=3))
def test_any_article_comes_out_as_it_went_in(drawn: list[Article]) -> None:
    given_articles = [
        Article(f"{at}", one.title, one.text, one.blocks, one.metadata, one.source)
        for at, one in enumerate(drawn)
    ]
    with TemporaryDirectory() as folder:
        write(Path(folder) / "articles.db", given_articles)
        with closing(ArticleStore(Path(folder) / "articles.db")) as store:
            assert [store.get(id_) for id_ in store.ids] == given_articles


def test_an_unknown_id_is_a_key_error(path: Path) -> None:
    with closing(ArticleStore(path)) as store, pytest.raises(KeyError, match="absent"):
        store.get("absent")


def test_a_store_is_never_written_over(path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        write(path, [])


def test_threads_share_a_store(path: Path) -> None:
    with closing(ArticleStore(path)) as store, ThreadPoolExecutor(4) as pool:
        ids = [one.id for one in ARTICLES] * 50
        assert [one.id for one in pool.map(store.get, ids)] == ids


@pytest.mark.parametrize("content", [None, b"", b"no database at all" * 100])
def test_what_is_no_store_is_damage(path: Path, content: bytes | None) -> None:
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedIndexError, match=r"articles\.db.*onrecord reindex"):
        ArticleStore(path)


def test_damage_found_later_is_told(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    write(path, [article(f"a{number:03}", "words " * 1000) for number in range(100)])
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(len(content) - 4096))
    with pytest.raises(DamagedIndexError, match=r"articles\.db.*onrecord reindex"):
        ArticleStore(path).get("a050")


@pytest.mark.skipif(os.name == "nt", reason="open files cannot be deleted there")
def test_a_store_is_read_after_its_folder_is_gone(path: Path) -> None:
    with closing(ArticleStore(path)) as store:
        shutil.rmtree(path.parent)
        assert [store.get(one.id) for one in ARTICLES] == ARTICLES


def is_open(path: Path) -> bool:
    links = Path("/proc/self/fd").iterdir()
    return any(link.is_symlink() and link.readlink() == path for link in links)


@pytest.mark.skipif(sys.platform != "linux", reason="counts files in /proc")
def test_the_file_closes_with_the_last_one_who_holds_the_store(path: Path) -> None:
    gc.disable()
    try:
        store = ArticleStore(path)
        held = store.get("a")
        assert is_open(path)
        del store
        assert not is_open(path)
    finally:
        gc.enable()
    assert held.text == "First."
