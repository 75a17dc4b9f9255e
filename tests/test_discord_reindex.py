"""Running the corpus from Discord: shown before, confirmed, watched, undone, and by whom."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import discord
import pytest
import pytest_asyncio

from bot.adapters.discord import reindexing as module
from bot.build_lock import BuildLock
from bot.collections import Collection
from bot.localization import phrases
from bot.rendering.corpus import plan_lines, progress_line
from index.build import Progress
from tests.discord_markdown import visible
from tests.discord_world import DIRECTORS, World, seen, world
from tests.test_discord_collections import TwoServers, two_servers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord import InteractionResult, MemberActor


WORDS = phrases()
MANAGING = discord.Permissions(manage_guild=True)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[TwoServers]:
    async with two_servers(tmp_path) as made:
        yield made


def manager(here: World) -> MemberActor:
    role = here.guild.create_role("Managers", permissions=MANAGING)
    return here.member("mia", roles=[role])


def text_of(result: InteractionResult) -> str:
    assert result.response is not None
    return visible(result.response.content)


def said(result: InteractionResult) -> str:
    assert result.ephemeral
    return text_of(result)


async def click(mia: MemberActor, result: InteractionResult, action: str) -> InteractionResult:
    assert result.response is not None
    custom_id = f"onrecord:reindex:{action}:main"
    return await mia.click(result.response.message, custom_id=custom_id)


def version(here: World) -> str:
    return here.bot.app.live.snapshot().manifest.version


def change(here: World) -> None:
    (here.settings.articles / "safety.md").unlink()
    (here.settings.articles / "directors.md").write_text(f"{DIRECTORS}\nOne more.\n", "utf-8")
    (here.settings.articles / "new.md").write_text("# Newest\n\nAll is new here.\n", "utf-8")


async def test_a_reindex_is_shown_then_confirmed_then_done_and_recorded(here: World) -> None:
    mia, before = manager(here), version(here)
    await here.ask("How many people on a closed set?")
    change(here)
    shown = await mia.slash(here.channel, "reindex")
    plan = said(shown)
    assert plan.startswith(WORDS("plan_title", name="main"))
    for line in (
        "Articles added: 1: Newest",
        "Articles changed: 1: What directors say",
        "Articles removed: 1: Oops on set safety",
        "Earlier answers whose words change or go: 1",
    ):
        assert line in plan
    assert "1 gone" in plan
    assert version(here) == before
    await click(mia, shown, "start")
    done = text_of(shown)
    assert done.startswith("Done: version 000002-")
    assert version(here) != before
    assert shown.response is not None
    assert not shown.response.message.components
    history = said(await mia.slash(here.channel, "corpus history"))
    assert "mia (discord): reindex: Version 000002-" in history
    assert here.replies(here.channel)[0].content  # what was said before still stands


async def test_a_plan_too_long_for_a_message_has_its_buttons_below_the_last(here: World) -> None:
    mia = manager(here)
    for number in range(30):
        text = f"# {number} is {'quite ' * 20}long\n\nAll is new here.\n"
        (here.settings.articles / f"{number}.md").write_text(text, "utf-8")
        (here.settings.articles / f"{number}.pdf").write_text(f"no PDF {'at all ' * 20}")
    shown = await mia.slash(here.channel, "reindex")
    assert shown.response is not None
    assert not shown.response.message.components
    below = shown.followups[-1]
    assert "Takes about" in said(shown) + below.content
    assert below.content.endswith(WORDS("plan_left_out_more", count=20))
    assert below.message.flags.ephemeral
    await mia.click(below.message, custom_id="onrecord:reindex:start:main")
    assert "Done: version 000002-" in below.content


async def test_nothing_to_do_is_told_without_a_button(here: World) -> None:
    shown = await manager(here).slash(here.channel, "reindex")
    assert said(shown) == WORDS("plan_nothing", version=version(here))
    assert shown.response is not None
    assert not shown.response.message.components


async def test_a_plan_that_is_left_changes_nothing(here: World) -> None:
    mia, before = manager(here), version(here)
    change(here)
    shown = await mia.slash(here.channel, "reindex")
    await click(mia, shown, "leave")
    assert text_of(shown) == WORDS("plan_discarded")
    assert version(here) == before


async def test_a_bar_moves_and_cancelling_leaves_the_version_before(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, before = manager(here), version(here)
    for number in range(300):
        text = f"# Town {number}\n\nTown {number} has a tram.\n"
        (here.settings.articles / f"t{number}.md").write_text(text, "utf-8")
    monkeypatch.setattr(module, "_PAUSE", 0.0)
    shown = await mia.slash(here.channel, "reindex")
    bars: list[str] = []
    take, show, builds = module._Board.take, module._Board.show, here.bot.app.builds

    def held(board: Any, progress: Progress) -> None:
        """Stop the builder at its first step, however fast the machine is, and call it half."""
        if progress.done and not board.percent:
            builds._processes["main"].send_signal(signal.SIGSTOP)
            take(board, Progress(1, 2))

    async def watched(board: Any, text: str, view: Any = None) -> None:
        await show(board, text, view)
        if board.percent and not bars:
            bars.append(text)
            assert builds.cancel("main", "mia")

    monkeypatch.setattr(module._Board, "take", held)
    monkeypatch.setattr(module._Board, "show", watched)
    await click(mia, shown, "start")
    assert bars, text_of(shown)
    assert bars == [progress_line(50, WORDS)]
    assert text_of(shown) == WORDS("build_cancelled", who="mia")
    assert version(here) == before
    assert "cancelled by mia" in said(await mia.slash(here.channel, "corpus history"))


async def test_a_second_one_is_told_who_reindexes_and_how_far_it_is(here: World) -> None:
    mia = manager(here)
    change(here)
    shown = await mia.slash(here.channel, "reindex")
    with BuildLock(Collection.of(here.settings).folder).held("Zoe") as lock:
        lock.tell(2, 4)
        told = WORDS("build_running", who="Zoe", percent=50)
        assert said(await mia.slash(here.channel, "reindex")) == told
        await click(mia, shown, "start")
        assert text_of(shown) == told


async def test_cancelling_what_does_not_run_is_told(here: World) -> None:
    mia = manager(here)
    channel = here.bot.get_channel(here.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = module._buttons("main", WORDS, "cancel")
    bar = await channel.send("40 %", view=view, allowed_mentions=discord.AllowedMentions.none())
    for member, told in ((mia, "build_none"), (here.ann, "not_admin")):
        clicked = await member.click(bar, custom_id="onrecord:reindex:cancel:main")
        assert clicked.followups[-1].content == WORDS(told)


async def test_a_build_that_fails_is_told_with_what_to_do(here: World) -> None:
    mia, before = manager(here), version(here)
    change(here)
    shown = await mia.slash(here.channel, "reindex")
    here.settings.articles.rename(here.settings.articles.with_name("away"))
    await click(mia, shown, "start")
    assert "does not exist; create it or name another" in text_of(shown)
    assert "The version before stays in use" in text_of(shown)
    assert version(here) == before
    assert "create it" in said(await mia.slash(here.channel, "reindex"))


async def test_going_back_is_at_once_told_offered_and_recorded(here: World) -> None:
    mia, before = manager(here), version(here)
    assert WORDS("versions_title", name="main") in said(
        await mia.slash(here.channel, "corpus versions")
    )
    assert "no earlier version" in said(await mia.slash(here.channel, "corpus rollback"))
    change(here)
    here.reindex()
    (choice,) = await mia.autocomplete(here.channel, "corpus rollback", "version", "")
    assert choice["value"] == before
    assert said(await mia.slash(here.channel, "corpus rollback", version=before)) == WORDS(
        "rolled_back", version=before
    )
    assert version(here) == before
    assert "eight people" in seen(await here.ask("How many people on a closed set?"))
    listed = said(await mia.slash(here.channel, "corpus versions")).splitlines()
    assert listed[2].endswith("(in use)")
    assert f"rollback {before}: {before}" in said(await mia.slash(here.channel, "corpus history"))


COMMANDS = ("reindex", "corpus versions", "corpus rollback", "corpus history")


@pytest.mark.parametrize("command", COMMANDS)
async def test_whoever_may_not_run_the_corpus_is_refused_on_every_call(
    here: World, command: str
) -> None:
    change(here)
    before = version(here)
    assert said(await here.ann.slash(here.channel, command)) == WORDS("not_admin")
    assert version(here) == before
    assert await here.ann.autocomplete(here.channel, "corpus rollback", "version", "") == []


async def test_the_role_of_admins_may_run_the_corpus_until_it_is_taken_away(here: World) -> None:
    mia, role = manager(here), here.guild.create_role("Editors")
    await mia.slash(here.channel, "config admins", role=role)
    eve = here.member("eve", roles=[role])
    change(here)
    shown = await eve.slash(here.channel, "reindex")
    assert "Newest" in said(shown)
    await mia.slash(here.channel, "config admins")
    before = version(here)
    await click(eve, shown, "start")
    assert text_of(shown) == WORDS("not_admin")
    assert version(here) == before


async def test_owners_may_run_what_is_kept_to_them_and_nobody_else(tmp_path: Path) -> None:
    async with world(tmp_path, owners_only="main") as here:
        mia = manager(here)
        assert said(await mia.slash(here.channel, "corpus versions")) == WORDS("not_admin")


# --- collections --------------------------------------------------------------------------------


async def test_a_new_name_makes_a_corpus_of_the_servers_own(here: World) -> None:
    mia = manager(here)
    told = said(await mia.slash(here.channel, "config corpus", name="press"))
    assert "Corpus: press" in told
    folder = Collection.of(here.settings, "press").articles
    assert "no articles to answer from" in seen(await here.ask("Who is it?"))
    (folder / "storks.md").write_text("# Storks\n\nStorks nest in Alsace.\n", "utf-8")
    shown = await mia.slash(here.channel, "reindex")
    assert shown.response is not None
    await mia.click(shown.response.message, custom_id="onrecord:reindex:start:press")
    assert "Alsace" in seen(await here.ask("Where do storks nest?"))
    assert "collection: press" in said(await mia.slash(here.channel, "corpus history"))
    assert "small letters" in said(await mia.slash(here.channel, "config corpus", name="../x"))
    names = await mia.autocomplete(here.channel, "config corpus", "name", "")
    assert [one["value"] for one in names] == ["main", "press"]


async def test_a_corpus_of_another_server_is_closed_and_not_even_named(both: TwoServers) -> None:
    mia = manager(both.here)
    told = said(await mia.slash(both.here.channel, "config corpus", name="papers"))
    assert told == WORDS("corpus_closed")
    assert await both.here.bot.desk.collection(str(both.here.guild.id)) == "main"
    names = await mia.autocomplete(both.here.channel, "config corpus", "name", "")
    assert [one["value"] for one in names] == ["main"]


async def test_members_may_not_change_the_corpus_of_their_server(both: TwoServers) -> None:
    here = both.here
    for command in await here.bot.tree.fetch_commands():
        if command.name == "config":
            here.guild.set_command_permissions(command, {here.ann: True})
    told = said(await here.ann.slash(here.channel, "config corpus", name="mine"))
    assert told == WORDS("not_manager")
    assert not Collection.of(here.settings, "mine").exists()
    assert await here.ann.autocomplete(here.channel, "config corpus", "name", "") == []


async def test_a_plan_for_one_corpus_starts_no_build_of_another(both: TwoServers) -> None:
    here = both.here
    mia = manager(here)
    change(here)
    shown = await mia.slash(here.channel, "reindex")
    await here.bot.desk.wish(str(here.guild.id), collection="papers")
    await click(mia, shown, "start")
    assert text_of(shown) == WORDS("other_collection")


async def test_history_and_versions_are_those_of_the_servers_corpus(both: TwoServers) -> None:
    here, desk = both.here, both.here.bot.desk
    mia = manager(here)
    boss = both.guild.add_member(
        here.env.create_user("boss"),
        roles=[both.guild.create_role("Boss", permissions=MANAGING)],
    )
    change(here)
    shown = await mia.slash(here.channel, "reindex")
    await click(mia, shown, "start")
    assert said(await boss.slash(both.channel, "corpus history")) == WORDS("corpus_no_history")
    theirs = said(await boss.slash(both.channel, "corpus versions"))
    assert len(theirs.splitlines()) == 2
    await desk.wish(str(both.guild.id), collection="main")
    shared = said(await boss.slash(both.channel, "corpus history"))
    assert "reindex: Version 000002-" in shared
    assert "mia" not in shared


def test_a_plan_names_ten_articles_of_each_kind_and_counts_the_rest() -> None:
    from bot.planning import Plan

    titles = tuple(f"Article {number}" for number in range(12))
    problems = tuple((f"{number}.pdf", "is bad") for number in range(12))
    counts: dict[str, Any] = {
        "embed": 12,
        "reuse": 0,
        "quotes_new": 0,
        "quotes_moved": 0,
        "quotes_gone": 0,
    }
    changes: dict[str, Any] = {"added": titles, "changed": (), "removed": (), "affected": ()}
    plan = Plan(
        "main", "v", 12, **changes, **counts, seconds=300.0, rebuilt="why", problems=problems
    )
    lines = plan_lines(plan)
    assert lines[0] == "Everything is indexed anew: why"
    assert lines[1].startswith("Articles added: 12: Article 0, ")
    assert lines[1].endswith("Article 9 …")
    assert "Takes about 5 minutes." in lines
    assert lines[-1] == "Left out: 2 more files"
    assert progress_line(50, WORDS).count("█") == 10
