"""Two servers with a collection each: what is private to one never shows in the other."""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest_asyncio

from bot.collections import Collection
from bot.corpus_admin import reindex
from bot.ledger import Ledger
from tests.discord_world import World, answer_of, app_of, seen, settings_in, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import discord
    import simcord

PRIVATE = """# Merger papers

The merger of Quagga and Okapi is signed on a closed set on Monday. Eight people know of the merger.
Quagga pays nine million. “Quagga stays quiet,” said Ola Numbat. Rehearsals take an hour.
Rehearsals happen in Okapi House. Rehearsals need no Numbat. Rehearsals end with Quagga.
"""
PRIVATE_WORDS = ("Quagga", "Okapi", "Numbat", "Merger")
PUBLIC_WORDS = ("Oops", "Mashable", "silicone", "shoot")
ASKED = (
    "How many people on a closed set?",
    "Who pays for the merger of Quagga and Okapi?",
    "What about rehearsals?",
    "What did Ola Numbat say?",
    "What did Oops say?",
    "Where do barriers lie?",
)


class TwoServers:
    """The world's own server, tied to ``main``, and another one, tied to ``papers``."""

    def __init__(self, here: World) -> None:
        self.here = here
        self.guild = here.env.create_guild("Second")
        self.channel = self.guild.create_text_channel("general")
        self.bob = self.guild.add_member(here.env.create_user("bob"))

    async def ask(self, text: str) -> discord.Message:
        """Bob mentions the bot in the second server."""
        question = await self.bob.send(self.channel, f"{self.here.me} {text}")
        return self.here.reply_to(question, self.channel)

    def shown(self, channel: simcord.ChannelHandle) -> str:
        return "\n".join(seen(message) for message in self.here.replies(channel))


@asynccontextmanager
async def two_servers(home: Path) -> AsyncIterator[TwoServers]:
    settings = settings_in(home)
    papers = Collection.of(settings, "papers")
    papers.make()
    (papers.articles / "merger.md").write_text(PRIVATE, "utf-8")
    async with world(home, app_of(settings)) as here:
        made = TwoServers(here)
        await here.bot.desk.wish(str(made.guild.id), collection="papers")
        yield made


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[TwoServers]:
    async with two_servers(tmp_path) as made:
        yield made


def holds(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


async def test_each_server_is_answered_from_its_own_collection_only(both: TwoServers) -> None:
    here = both.here
    for text in ASKED:
        first, second = await here.ask(text), await both.ask(text)
        for message, other in ((first, PRIVATE_WORDS), (second, PUBLIC_WORDS)):
            said = seen(message).split("\n")
            own = [line for line in said if not line.startswith("Understood as")]
            assert not holds("\n".join(own), other)
    assert "nine million" in both.shown(both.channel)
    assert "eight people at most" in both.shown(here.channel)


async def test_buttons_show_the_collection_of_their_answer(both: TwoServers) -> None:
    reply = await both.ask("What about rehearsals?")
    for action in ("context", "more"):
        clicked = await both.bob.click(reply, custom_id=f"onrecord:{action}:{answer_of(reply)}")
        assert clicked.response is not None
        text = seen(clicked.response.message)
        assert "ehearsals" in text
        assert not holds(text, PUBLIC_WORDS)


async def test_an_answer_is_unknown_in_every_other_server(both: TwoServers) -> None:
    desk = both.here.bot.desk
    mine, theirs = await both.here.ask(ASKED[0]), await both.ask(ASKED[0])
    for message, guild, other in (
        (mine, both.here.guild, both.guild),
        (theirs, both.guild, both.here.guild),
    ):
        answer = answer_of(message)
        assert await desk.entry(answer, str(guild.id)) is not None
        for server in (str(other.id), ""):
            assert await desk.entry(answer, server) is None
            assert not await desk.rate(answer, server, "eve", helpful=True)


async def test_a_server_that_is_tied_elsewhere_is_shown_no_more_of_before(
    both: TwoServers,
) -> None:
    reply = await both.ask("What about rehearsals?")
    await both.here.bot.desk.wish(str(both.guild.id), collection="main")
    for action in ("context", "more"):
        clicked = await both.bob.click(reply, custom_id=f"onrecord:{action}:{answer_of(reply)}")
        assert clicked.response is not None
        assert not holds(clicked.response.content, PRIVATE_WORDS)
    question = await both.bob.send(both.channel, f"{both.here.me} And where?", reply_to=reply)
    assert not holds(seen(both.here.reply_to(question, both.channel)), PRIVATE_WORDS)


async def test_about_counts_and_names_the_collection_of_the_server(both: TwoServers) -> None:
    here = both.here
    papers = await both.bob.slash(both.channel, "about")
    main = await here.ann.slash(here.channel, "about")
    assert papers.response is not None
    assert main.response is not None
    assert "1 articles" in papers.response.content
    assert "Merger papers" in papers.response.content
    assert "3 articles" in main.response.content
    assert not holds(main.response.content, PRIVATE_WORDS)
    assert not holds(papers.response.content, PUBLIC_WORDS)


async def test_quotations_and_speakers_are_those_of_the_servers_collection(
    both: TwoServers,
) -> None:
    here = both.here
    for member, channel, other in (
        (here.ann, here.channel, PRIVATE_WORDS),
        (both.bob, both.channel, PUBLIC_WORDS),
    ):
        for command in ("quote", "speakers"):
            shown = await member.slash(channel, command)
            assert shown.response is not None
            assert not holds(shown.response.content, other)
        offered = await member.autocomplete(channel, "quote", "speaker", "")
        assert offered
        assert not holds(str(offered), other)
    theirs = await both.bob.slash(both.channel, "speakers")
    assert theirs.response is not None
    assert "Ola Numbat" in theirs.response.content


async def test_direct_messages_are_answered_from_main(both: TwoServers) -> None:
    await both.bob.send_dm("Who pays for the merger of Quagga and Okapi?")
    (said,) = both.here.replies(both.bob.user.dm_channel)
    assert not holds(seen(said), ("nine million", "Numbat"))


async def test_a_reindexed_collection_leaves_the_other_as_it_was(both: TwoServers) -> None:
    here = both.here
    before = here.bot.app.live.snapshot().manifest.version
    articles = Collection.of(here.settings, "papers").articles
    (articles / "merger.md").write_text("# Merger papers\n\nQuagga pays ten million.\n", "utf-8")
    reindex(here.settings.on("papers"), here.bot.app.embedder)
    assert "ten million" in seen(await both.ask("What does Quagga pay?"))
    assert here.bot.app.live.snapshot().manifest.version == before


def test_a_ledger_of_an_earlier_release_belongs_to_main(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path).close()
    with sqlite3.connect(path) as database:
        database.execute("alter table answers drop column collection")
        columns = "id, platform, server, channel, asker, asked_in, parent, question, understood"
        database.execute(
            f"insert into answers ({columns}, answered, index_version, at) values "
            "('a', 'discord', 's', 'c', 'ann', 'm', '', 'Q', 'Q', 1, 'v', '2026-01-01 00:00:00')"
        )
    database.close()
    ledger = Ledger(path)
    entry = ledger.get("a")
    ledger.close()
    assert entry is not None
    assert entry.collection == "main"
