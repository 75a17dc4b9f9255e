"""A collection is a corpus of its own: where it lies, what it may be called, who sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.collections import Collection, Collections, is_name, names
from bot.errors import CollectionNameError, NoCollectionError
from bot.settings import SHIPPED_ARTICLES, Settings
from index.errors import NoIndexError
from index.manifest import Recipe
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from pathlib import Path


def settings_in(home: Path, **given: object) -> Settings:
    return Settings(_env_file=None, home=home, **given)  # type: ignore[call-arg, arg-type]


@given(st.text(max_size=45))
def test_a_name_is_a_folder_of_its_own_and_nothing_else(name: str) -> None:
    if is_name(name):
        assert name == name.lower()
        assert not set(name) & set("/\\.: \0")
        assert 0 < len(name) <= 40


@pytest.mark.parametrize("name", ["..", "a/b", "A", "", "con", "lpt1", "-a", "a" * 41, "a\n", "é"])
def test_other_names_are_refused_in_words(tmp_path: Path, name: str) -> None:
    if name:
        with pytest.raises(CollectionNameError, match="small letters"):
            Collection.of(settings_in(tmp_path), name)
    assert not is_name(name)


def test_main_reads_the_given_folder_or_its_own_or_the_shipped_articles(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert Collection.of(settings_in(tmp_path)).articles == SHIPPED_ARTICLES
    own = Collection.of(settings_in(tmp_path)).own_articles
    own.mkdir(parents=True)
    assert Collection.of(settings_in(tmp_path)).articles == own
    assert Collection.of(settings_in(tmp_path, articles=elsewhere)).articles == elsewhere


def test_another_collection_reads_its_own_folder_whatever_main_is_given(tmp_path: Path) -> None:
    made = Collection.of(settings_in(tmp_path, articles=tmp_path), "press")
    assert not made.exists()
    with pytest.raises(NoCollectionError, match="onrecord corpus create press"):
        made.required()
    assert made.make()
    assert not made.make()
    assert made.articles == tmp_path / "collections" / "press" / "articles"
    assert made.required() == made


def test_the_settings_name_the_collection_where_nothing_else_does(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert Collection.of(settings.on("press")).name == "press"
    assert Collection.of(settings.on(None)).name == "main"
    assert settings.on("press").collection == Collection.of(settings, "press").folder


def test_all_collections_are_listed_main_first(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert names(settings) == ["main"]
    for name in ("zoo", "aviation"):
        Collection.of(settings, name).make()
    (tmp_path / "collections" / "No Name").mkdir()
    (tmp_path / "collections" / "half-made").mkdir()
    assert names(settings) == ["main", "aviation", "zoo"]


def test_each_collection_has_one_live_index_of_its_own(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    collections = Collections(settings, Recipe.of(HashEmbedder()))
    with pytest.raises(NoCollectionError):
        collections.live("press")
    Collection.of(settings, "press").make()
    assert collections.names() == ["main", "press"]
    assert collections.live("press") is collections.live("press")
    assert collections.live("press") is not collections.live()
    with pytest.raises(NoIndexError):
        collections.live("press").snapshot()
