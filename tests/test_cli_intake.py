"""``onrecord corpus add``, ``list``, ``show``, ``remove``, ``restore`` and ``watch``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PREFIX, SHIPPED_ARTICLES, Settings
from tests.documents import zipped
from tests.web_site import SENTENCES, Site, page, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typer.testing import Result

TEXT = "The pool will close\n\n" + "\n\n".join(SENTENCES) + "\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pool.txt").write_text(TEXT, "utf-8")
    return tmp_path / "home"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serving() as found:
        monkeypatch.setenv("ONRECORD_FETCH_HOSTS", found.host)
        yield found


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["corpus", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def data(*arguments: str) -> Any:
    return json.loads(done(*arguments, "--json"))


def test_the_first_article_is_added_to_a_copy_of_the_shipped_ones(home: Path) -> None:
    shipped = sorted(path.name for path in SHIPPED_ARTICLES.iterdir())
    assert ".known.json" not in shipped
    assert len(data("list")) == len(shipped)
    told = done("add", "pool.txt")
    assert told == (
        "added: The pool will close (pool)\nRun `onrecord reindex` to answer from them.\n"
    )
    assert sorted(path.name for path in SHIPPED_ARTICLES.iterdir()) == shipped
    own = home / "collections/main/articles"
    assert sorted(p.name for p in own.glob("*.md")) == sorted([*shipped, "pool.md"])
    assert "pool  The pool will close" in done("list")


def test_articles_go_to_the_folder_of_the_settings_and_of_each_collection(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "There are no articles yet" in done("create", "papers") + done(
        "list", "--corpus", "papers"
    )
    done("add", "pool.txt", "--corpus", "papers")
    assert (home / "collections/papers/articles/pool.md").exists()
    monkeypatch.setenv("ONRECORD_ARTICLES", str(tmp_path / "mine"))
    done("add", "pool.txt")
    assert (tmp_path / "mine/pool.md").exists()
    assert [one["id"] for one in data("list")] == ["pool"]


def test_each_thing_added_has_an_outcome_and_refusals_fail(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(zipped({"a.txt": TEXT, "b.png": b"\x89PNG"}))
    result = run("add", "pool.txt", "all.zip", "nowhere.pdf", "--json")
    assert result.exit_code == 1
    assert [one["status"] for one in json.loads(result.stdout)] == [
        "added",
        "duplicate",
        "refused",
        "refused",
    ]
    told = run("add", "nowhere.pdf", "pool.txt")
    assert told.stdout == ""
    assert told.stderr == (
        "not added: nowhere.pdf cannot be read (No such file or directory)\n"
        "unchanged: The pool will close (pool)\n"
    )


def test_a_doubt_is_told_with_how_to_overrule_it(tmp_path: Path) -> None:
    (tmp_path / "de.txt").write_text("Der Rat hat gestern die Schließung beschlossen. " * 8)
    refused = run("add", "de.txt")
    assert refused.exit_code == 1
    assert "is in German" in refused.stderr
    assert "--force" in refused.stderr
    assert "added" in done("add", "de.txt", "--force")


def test_a_page_and_a_feed_are_added_by_their_addresses(site: Site) -> None:
    site.pages["/pool"] = page()
    site.pages["/feed"] = (
        f"<rss><channel><item><link>{site.url('/pool')}</link></item></channel></rss>"
    )
    assert [one["status"] for one in data("add", site.url("/pool"))] == ["added"]
    assert [one["status"] for one in data("add", site.url("/feed"))] == ["unchanged"]
    assert data("show", site.url("/pool"))["url"] == site.url("/pool")


def test_an_address_inside_the_network_is_refused_with_the_setting_that_allows_it() -> None:
    told = run("add", "http://169.254.169.254/latest/meta-data/")
    assert told.exit_code == 1
    assert "link-local or metadata" in told.stderr
    assert "ONRECORD_FETCH_HOSTS" in told.stderr


def test_an_article_is_shown_with_its_past() -> None:
    done("add", "pool.txt")
    shown = done("show", "pool")
    for part in ("The pool will close", "pool.md", "added", "from pool.txt"):
        assert part in shown
    by_title = data("show", "the POOL will close")
    assert by_title["text"].startswith("The pool will close")
    assert [event["act"] for event in by_title["history"]] == ["added"]


def test_what_is_removed_can_be_restored_and_all_of_it_is_recorded(tmp_path: Path) -> None:
    done("add", "pool.txt")
    assert "corpus restore pool" in done("remove", "pool")
    assert "pool" not in [one["id"] for one in data("list")]
    assert data("restore", "pool")["act"] == "restored"
    (tmp_path / "pool.txt").write_text(TEXT + "\nMore.\n", "utf-8")
    done("add", "pool.txt")
    first = data("history", "pool")[-1]["revision"]
    assert "as it was before" in done("restore", "pool", "--revision", first)
    assert data("remove", "pool")[0]["act"] == "removed"
    acts = [act["what"] for act in data("history")]
    assert acts == ["remove", "restore", "add", "restore", "remove", "add"]
    assert "removed" in done("history", "pool")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "poool"), "Did you mean pool?"),
        (("remove", "nix"), "There is no article 'nix'"),
        (("restore", "nix"), "No earlier revision of 'nix'"),
        (("history", "nix"), "Nothing is recorded of an article 'nix'"),
        (("unwatch", "https://x.org/feed"), "is not watched"),
        (("watch", "http://10.0.0.1/feed"), "inside a private network"),
        (("add", "pool.txt", "--corpus", "none"), "none"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(arguments: tuple[str, ...], said: str) -> None:
    done("add", "pool.txt")
    result = run(*arguments)
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert said.casefold() in line.casefold()


def test_a_feed_is_watched_until_it_is_not(site: Site) -> None:
    site.pages["/feed"] = "<rss><channel></channel></rss>"
    assert "No feed" in done("watches")
    assert "every 12 hours" in done("watch", site.url("/feed"), "--every", "12")
    assert data("watch", site.url("/feed"), "--every", "6")["hours"] == 6
    assert site.url("/feed") in done("watches")
    assert [one["url"] for one in data("watches")] == [site.url("/feed")]
    assert "no longer watched" in done("unwatch", site.url("/feed"))
