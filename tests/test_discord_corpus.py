"""Running the corpus from Discord: who may adds, shows and removes; others get the reason."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import pytest
import pytest_asyncio
from aiohttp import web

from bot.adapters.discord import corpus_commands
from bot.collections import Collection
from bot.librarian import Sending, key_of
from bot.localization import phrases
from bot.watching import watching_for
from corpus.intake import Outcome, Shelf, Status
from tests.discord_world import World, app_of, seen, settings_in, world
from tests.documents import pdf, zipped
from tests.web_site import SENTENCES, Site, page, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from simcord import InteractionResult, MemberActor

WORDS = phrases()
TEXT = ("The pool will close\n\n" + "\n\n".join(SENTENCES) + "\n").encode()
GERMAN = ("Der Rat hat gestern beschlossen, das alte Bad zu schließen. " * 8).encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest_asyncio.fixture
async def here(tmp_path: Path, site: Site) -> AsyncIterator[World]:
    async with world(tmp_path, app_of(settings_in(tmp_path, fetch_hosts=site.host))) as made:
        yield made


@pytest_asyncio.fixture
async def mia(here: World) -> MemberActor:
    permissions = discord.Permissions(manage_guild=True)
    return here.member("mia", roles=[here.guild.create_role("Managers", permissions=permissions)])


def said(result: InteractionResult) -> str:
    """What a member alone was told, as they see it."""
    assert result.ephemeral
    assert result.response is not None
    return seen(result.response.message)


async def click(member: MemberActor, result: InteractionResult, action: str) -> str:
    """Click the button of ``result`` that does ``action``."""
    assert result.response is not None
    rows = result.response.message.components
    ids = [
        str(getattr(one, "custom_id", "")) for row in rows for one in getattr(row, "children", ())
    ]
    (custom_id,) = [one for one in ids if f":{action}:" in one]
    return said(await member.click(result.response.message, custom_id=custom_id))


def titles(here: World) -> list[str]:
    return [article.title for article in Shelf(here.settings.articles).articles().values()]


async def test_a_file_that_is_sent_is_added_and_answered_from_after_a_reindex(
    here: World, mia: MemberActor
) -> None:
    told = said(await mia.slash(here.channel, "corpus add", file=("pool.txt", TEXT)))
    assert told == f"Added: The pool will close (pool)\n{WORDS('corpus_next')}"
    assert (here.settings.articles / ".originals").is_dir()
    assert "2019" not in here.texts()
    here.reindex()
    assert "2019" in here.texts()
    again = said(await mia.slash(here.channel, "corpus add", file=("pool.txt", TEXT)))
    assert again == "Unchanged: The pool will close (pool)"


async def test_a_link_and_a_file_can_be_added_at_once(
    here: World, mia: MemberActor, site: Site
) -> None:
    site.pages["/news"] = page("On the news")
    birds = pdf([["Storks nest on chimneys here.", "They return in March."]], title="Birds")
    result = await mia.slash(
        here.channel, "corpus add", file=("birds.pdf", birds), link=site.url("/news")
    )
    assert said(result).startswith("2 added, 0 changed")
    assert {"Birds", "On the news"} <= set(titles(here))


async def test_what_is_refused_in_an_archive_is_told_one_by_one(
    here: World, mia: MemberActor
) -> None:
    made = zipped({"a.txt": TEXT, "../b.txt": TEXT, "c.png": b"\x89PNG"})
    told = said(await mia.slash(here.channel, "corpus add", file=("all.zip", made)))
    assert "1 added" in told
    assert "leads out of the archive" in told
    assert "an image" in told


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("http://169.254.169.254/latest/", "metadata"),
        ("file:///etc/passwd", "only http and https"),
        ("/etc/passwd", "only http and https"),
        ("nonsense", "only http and https"),
    ],
)
async def test_a_link_never_leads_inside(
    here: World, mia: MemberActor, link: str, reason: str
) -> None:
    assert reason in said(await mia.slash(here.channel, "corpus add", link=link))
    assert len(titles(here)) == 3


async def test_nothing_sent_is_told(here: World, mia: MemberActor) -> None:
    assert said(await mia.slash(here.channel, "corpus add")) == WORDS("corpus_add_what")


async def test_a_file_that_is_too_large_is_not_fetched(
    here: World, mia: MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.discord.corpus_commands.MAX_FILE", 10)
    told = said(await mia.slash(here.channel, "corpus add", file=("pool.txt", TEXT)))
    assert told.startswith("pool.txt has more than")


async def test_what_is_doubted_is_added_on_a_click(here: World, mia: MemberActor) -> None:
    doubted = await mia.slash(here.channel, "corpus add", file=("bad.txt", GERMAN))
    assert said(doubted).startswith("Not added: bad.txt is in a language")
    assert (await click(mia, doubted, "force")).startswith("Added: Bad (bad)")


async def test_what_is_doubted_has_to_be_sent_again_after_a_restart(
    here: World, mia: MemberActor
) -> None:
    doubted = await mia.slash(here.channel, "corpus add", file=("bad.txt", GERMAN))
    await here.restart()
    assert await click(mia, doubted, "force") == WORDS("corpus_add_again")


class Told:
    """Stands in for an interaction: simcord's clock stands still while a command runs."""

    id = 1
    user = discord.Object(1)
    guild_id = None
    channel = None
    permissions = discord.Permissions.none()

    def __init__(self) -> None:
        self.client = self.librarian = self
        self.contents: list[str] = []
        self.edited = asyncio.Event()

    async def add(self, *_: object, **__: object) -> list[Outcome]:
        await self.edited.wait()
        return [Outcome("a.txt", Status.ADDED, "a", "A", "a.md")]

    async def edit_original_response(self, content: str, **_: object) -> Told:
        self.contents.append(content)
        self.content, self.channel = content, self
        self.edited.set()
        return self


async def test_a_long_reading_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus_commands, "_PROGRESS", 0.01)
    monkeypatch.setattr(corpus_commands, "user_of", lambda _: None)
    interaction: Any = Told()
    await corpus_commands._add(interaction, Sending(url="https://example.org/"), WORDS)
    assert interaction.contents[0] == WORDS("corpus_working", count=0)
    assert interaction.contents[-1].startswith("Added: A")


async def test_the_list_has_pages(here: World, mia: MemberActor) -> None:
    told = said(await mia.slash(here.channel, "corpus list"))
    assert told.splitlines() == [
        "3 articles, page 1 of 1:",
        "Barriers (markup)",
        "Oops on set safety (safety)",
        "What directors say (directors)",
    ]
    for number in range(20):
        text = f"Number {number}\n\nThis is article number {number}, and no other is."
        (here.settings.articles / f"n{number:02}.md").write_text(f"# {text}\n", "utf-8")
    second = said(await mia.slash(here.channel, "corpus list", page=9)).splitlines()
    assert second[0] == "23 articles, page 2 of 2:"
    assert len(second) == 4


async def test_an_article_is_shown_and_offered_by_its_title(here: World, mia: MemberActor) -> None:
    choices = await mia.autocomplete(here.channel, "corpus show", "article", "SAFE")
    assert [one["value"] for one in choices] == ["safety"]
    told = said(await mia.slash(here.channel, "corpus show", article="safety"))
    for part in ("Oops on set safety", "Id: safety", "https://example.org/safety", "2024-05-01"):
        assert part in told
    missing = said(await mia.slash(here.channel, "corpus show", article="nix"))
    assert missing == WORDS("corpus_no_article")


async def test_an_article_is_removed_after_a_confirmation_and_brought_back(
    here: World, mia: MemberActor
) -> None:
    asked = await mia.slash(here.channel, "corpus remove", article="safety")
    assert said(asked) == WORDS("corpus_remove_sure", title="Oops on set safety", id="safety")
    assert await click(mia, asked, "leave") == WORDS("corpus_left")
    assert "Oops on set safety" in titles(here)
    await here.restart()
    assert (await click(mia, asked, "remove")).startswith("Removed: Oops on set safety")
    assert "Oops on set safety" not in titles(here)
    assert await click(mia, asked, "remove") == WORDS("corpus_no_article")
    told = said(await mia.slash(here.channel, "corpus restore", article="safety"))
    assert told.startswith("Brought back: Oops on set safety")
    past = said(await mia.slash(here.channel, "corpus history", article="safety"))
    assert "removed Oops on set safety" in past
    assert "brought back Oops on set safety" in past
    acts = said(await mia.slash(here.channel, "corpus history"))
    assert "mia (discord): remove safety: removed" in acts
    failed = said(await mia.slash(here.channel, "corpus restore", article="nix"))
    assert "no earlier revision of 'nix'" in failed


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("corpus add", {"file": ("pool.txt", TEXT)}),
    ("corpus add", {"link": "https://example.org/"}),
    ("corpus list", {}),
    ("corpus show", {"article": "safety"}),
    ("corpus remove", {"article": "safety"}),
    ("corpus restore", {"article": "safety"}),
    ("corpus history", {}),
    ("corpus history", {"article": "safety"}),
    ("corpus watch", {"link": "https://example.org/feed"}),
    ("corpus unwatch", {"link": "https://example.org/feed"}),
    ("corpus watches", {}),
]


@pytest.mark.parametrize(("command", "options"), CALLS)
async def test_who_may_not_gets_the_reason_on_every_command(
    here: World, command: str, options: dict[str, Any]
) -> None:
    result = await here.ann.slash(here.channel, command, **options)
    assert raw(result) == WORDS("not_admin")
    assert len(titles(here)) == 3


def raw(result: InteractionResult) -> str:
    """What a member alone was told, as it was sent."""
    assert result.ephemeral
    assert result.response is not None
    return result.response.content


async def test_who_may_not_gets_the_reason_on_every_button_and_no_choices(
    here: World, mia: MemberActor
) -> None:
    asked = await mia.slash(here.channel, "corpus remove", article="safety")
    assert asked.response is not None
    bot, key = here.bot, key_of("main", "safety")
    for action in ("remove", "leave", "force"):
        custom_id = f"onrecord:corpus:{action}:{key}"
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="x", custom_id=custom_id))
        channel = bot.get_channel(here.channel.id)
        assert isinstance(channel, discord.TextChannel)
        message = await channel.send("x", view=view)  # as if it were shown to everybody
        result = await here.ann.click(message, custom_id=custom_id)
        assert raw(result) == WORDS("not_admin")
    assert "Oops on set safety" in titles(here)
    for command, option in (("corpus show", "article"), ("corpus unwatch", "link")):
        assert await here.ann.autocomplete(here.channel, command, option, "") == []


async def test_the_role_that_config_names_may_run_the_corpus(here: World, mia: MemberActor) -> None:
    role = here.guild.create_role("Editors")
    ed = here.member("ed", roles=[role])
    assert raw(await ed.slash(here.channel, "corpus list")) == WORDS("not_admin")
    await mia.slash(here.channel, "config admins", role=role)
    assert "3 articles" in said(await ed.slash(here.channel, "corpus list"))


async def test_a_feed_is_watched_and_its_failure_told_in_the_channel(
    here: World, mia: MemberActor, site: Site
) -> None:
    site.pages["/feed.xml"] = "<rss><channel></channel></rss>"
    url = site.url("/feed.xml")
    told = said(await mia.slash(here.channel, "corpus watch", link=url, hours=12))
    assert told.startswith(f"I read {url} every 12 hours")
    assert url in said(await mia.slash(here.channel, "corpus watches"))
    page_url = site.url("/page")
    site.pages["/page"] = page()
    no_feed = said(await mia.slash(here.channel, "corpus watch", link=page_url))
    assert "neither a feed" in no_feed
    store = watching_for(here.bot.app, here.bot.librarian._audit)
    site.pages["/feed.xml"] = web.Response(status=500)
    for _ in range(3):
        await due_now(here, url)
        await store.round()
    (notice,) = here.replies()
    assert "I have stopped reading" in notice.content
    assert "status 500" in notice.content
    assert "paused" in said(await mia.slash(here.channel, "corpus watches"))
    choices = await mia.autocomplete(here.channel, "corpus unwatch", "link", "feed")
    assert [one["value"] for one in choices] == [url]
    told = said(await mia.slash(here.channel, "corpus unwatch", link=url))
    assert told == f"I no longer read {url}. Its articles stay."
    told = said(await mia.slash(here.channel, "corpus unwatch", link=url))
    assert told == f"{url} is not watched."


async def due_now(here: World, url: str) -> None:
    """Set the clock of a watch back."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from bot.collections import Collection
    from corpus.intake import WatchStore

    store = WatchStore(Collection.of(here.settings).folder)
    store.put(replace(store.all()[url], next=datetime(2020, 1, 1, tzinfo=UTC)))


async def test_a_notice_for_a_channel_that_is_gone_is_logged(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    notices = here.bot.app.notices
    assert not await notices.tell("discord:1", "corpus_empty")
    assert not await notices.tell("", "corpus_empty")
    assert "could not tell at 'discord:1'" in caplog.text
    assert "nobody to tell at ''" in caplog.text


@pytest.mark.parametrize("language", ["de", "es", "fr"])
async def test_what_is_said_is_in_the_language_of_the_member(
    here: World, mia: MemberActor, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = phrases(language)
    monkeypatch.setattr(corpus_commands, "phrases", lambda _: words)  # simcord speaks English only
    asked = await mia.slash(here.channel, "corpus remove", article="safety")
    assert said(asked) == words("corpus_remove_sure", title="Oops on set safety", id="safety")
    doubted = await mia.slash(here.channel, "corpus add", file=("bad.txt", GERMAN))
    assert said(doubted) == words("corpus_doubt_language", source="bad.txt", title="", id="")


async def test_a_button_does_nothing_once_the_server_is_tied_to_another_collection(
    here: World, mia: MemberActor
) -> None:
    asked = await mia.slash(here.channel, "corpus remove", article="safety")
    doubted = await mia.slash(here.channel, "corpus add", file=("bad.txt", GERMAN))
    other = Collection.of(here.settings, "other")
    other.make()
    (other.articles / "safety.md").write_text("# Same id\n\nBut another article.\n", "utf-8")
    await here.bot.desk.wish(str(here.guild.id), collection="other")
    assert await click(mia, asked, "remove") == WORDS("corpus_no_article")
    assert await click(mia, doubted, "force") == WORDS("corpus_add_again")
    assert (other.articles / "safety.md").exists()
