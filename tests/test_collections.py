"""A collection is a corpus of its own: where it lies, what it may be called, who sees it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from bot.collections import Collection, Collections, is_name, names
from bot.errors import CollectionNameError, NoCollectionError
from bot.settings import PREFIX, SHIPPED_ARTICLES, Settings
from index.errors import NoIndexError
from index.manifest import Recipe
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result


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


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_collection_is_made_listed_and_recorded_in_the_terminal(home: Path) -> None:
    assert run("corpus", "history").stdout == "Nothing was done to this collection so far.\n"
    made = run("corpus", "create", "press")
    assert "Made the collection press." in made.stdout
    assert "already" in run("corpus", "create", "press").stderr
    assert run("corpus", "create", "../x").exit_code == 1
    listed = json.loads(run("corpus", "collections", "--json").stdout)
    assert [one["name"] for one in listed] == ["main", "press"]
    assert listed[1]["articles_folder"] == str(home / "collections" / "press" / "articles")
    assert run("corpus", "collections").stdout.splitlines()[1].startswith("press  ")
    assert "(terminal): create: done" in run("corpus", "history", "--corpus", "press").stdout
    (act,) = json.loads(run("corpus", "history", "--corpus", "press", "--json").stdout)
    assert (act["collection"], act["what"], act["platform"]) == ("press", "create", "terminal")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "command",
    [
        *(["status"], ["ask", "Who?"], ["reindex"], ["chat"]),
        *(["quote", "--speaker", "Lee"], ["whosaid", "“No,” said Lee."], ["speakers"]),
    ],
)
def test_a_collection_that_there_is_not_is_told_with_what_to_do(command: list[str]) -> None:
    result = run(*command, "--corpus", "nowhere")
    assert result.exit_code == 1
    assert "`onrecord corpus create nowhere` makes it" in " ".join(result.stderr.split())


@pytest.mark.usefixtures("home")
def test_the_environment_names_the_collection_and_the_option_goes_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run("corpus", "create", "press")
    monkeypatch.setenv("ONRECORD_CORPUS", "press")
    assert json.loads(run("status", "--json").stdout)["collection"] == "press"
    assert json.loads(run("status", "--corpus", "main", "--json").stdout)["collection"] == "main"
