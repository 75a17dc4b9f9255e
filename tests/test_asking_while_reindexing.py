"""Questions without pause while articles come, change, go and come back: every answer is whole."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.context import sources_of
from bot.conversation import Kind, Question
from corpus.citation import verify
from index.snapshot import Snapshot
from tests.discord_world import World, world
from tests.test_discord_reindex import manager

if TYPE_CHECKING:
    from pathlib import Path

    from simcord import MemberActor

    from bot.conversation import Reply

TOWNS = tuple(f"Town{number}" for number in range(50))
QUESTIONS = ("Who is mayor of Town7?", "What about rehearsals?", "Where do trams of Town31 run?")


def write(folder: Path, towns: tuple[str, ...], mayor: str) -> None:
    for town in towns:
        text = f"# {town}\n\nThe mayor of {town} is {mayor}. Trams of {town} run all day.\n"
        (folder / f"{town.lower()}.md").write_text(text, "utf-8")


async def asking(here: World, replies: list[Reply], stop: asyncio.Event) -> None:
    while not stop.is_set():
        for text in QUESTIONS:
            reply = await here.bot.app.service.ask(Question(text))
            replies.append(reply)


def check(here: World, reply: Reply, opened: dict[str, Snapshot]) -> None:
    """Each word of an answer stands in the version that the answer names."""
    assert reply.kind is not Kind.PROBLEM, reply.lead
    assert reply.answer is not None
    version = reply.answer.index_version
    if version not in opened:
        opened[version] = Snapshot.open(here.bot.app.collections.get().versions.path(version))
    more = sources_of(reply.answer.more, opened[version])
    assert len(more) == len(reply.answer.more)
    for source in (*reply.sources, *more):
        article = opened[version].article(source.citation.article_id)
        assert article.content_hash == source.citation.content_hash
        assert verify(source.citation, article)


async def reindexed(here: World, mia: MemberActor) -> None:
    shown = await mia.slash(here.channel, "reindex")
    assert shown.response is not None
    await mia.click(shown.response.message, custom_id="onrecord:reindex:start:main")
    assert shown.response.content.startswith("Done: ")


async def test_no_answer_fails_or_mixes_two_versions(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        mia = manager(here)
        folder, stop = here.settings.articles, asyncio.Event()
        replies: list[Reply] = []
        task = asyncio.create_task(asking(here, replies, stop))
        write(folder, TOWNS, "Ann")
        await reindexed(here, mia)
        added = here.bot.app.live.snapshot().manifest.version
        write(folder, TOWNS, "Bob")
        await reindexed(here, mia)
        for town in TOWNS:
            (folder / f"{town.lower()}.md").unlink()
        await reindexed(here, mia)
        await mia.slash(here.channel, "corpus rollback", version=added)
        assert named(await here.bot.app.service.ask(Question(QUESTIONS[0]))) == added
        await reindexed(here, mia)
        stop.set()
        await task
        opened: dict[str, Snapshot] = {}
        for reply in replies:
            check(here, reply, opened)
        assert len(replies) > 10
        assert added in opened
        assert len(opened) > 2
        history = await here.bot.desk.acts(str(here.guild.id))
        assert [act.what for act in history] == ["reindex", "rollback", *["reindex"] * 3]


def named(reply: Reply) -> str:
    return reply.answer.index_version if reply.answer else ""
