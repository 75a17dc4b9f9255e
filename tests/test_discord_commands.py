"""Help, what is stored, and what those who manage a server can set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import discord
import pytest

from bot.ledger import Wishes
from tests.discord_world import QUESTION, WORDS, World, answer_of, seen
from tests.making import ROOT

if TYPE_CHECKING:
    from simcord import InteractionResult, MemberActor


def _said(result: InteractionResult) -> str:
    assert result.ephemeral
    assert result.response is not None
    return result.response.content


def _manager(here: World) -> MemberActor:
    role = here.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return here.member("mia", roles=[role])


async def test_help_tells_how_to_ask(here: World) -> None:
    assert _said(await here.ann.slash(here.channel, "help")) == WORDS("help")


async def test_about_tells_what_there_is_and_what_is_kept(here: World) -> None:
    result = await here.ann.slash(here.channel, "about")
    assert result.response is not None
    said = seen(result.response.message)
    manifest = here.bot.app.live.snapshot().manifest
    assert manifest.version in said
    assert "3 articles" in said
    assert "hash-embedder" in said
    assert "• Oops on set safety" in said
    assert WORDS("about_privacy") in said


async def test_privacy_delete_deletes_what_the_ledger_has_of_a_member_only(here: World) -> None:
    bob = here.member("bob")
    await here.ask(QUESTION)
    await bob.send(here.channel, f"{here.me} {QUESTION}")
    asked = [message for message in here.channel.history() if here.me in message.content]
    first, second = (str(message.id) for message in asked)
    assert await here.bot.desk.is_answered(first)
    said = _said(await here.ann.slash(here.channel, "privacy delete"))
    assert said == WORDS("deleted", answers=1, feedback=0)
    assert not await here.bot.desk.is_answered(first)
    assert await here.bot.desk.is_answered(second)


async def test_allowed_channels_are_answered_in_with_their_threads_and_others_refer_to_them(
    here: World,
) -> None:
    mia = _manager(here)
    other = here.guild.create_text_channel("questions")
    said = _said(await mia.slash(here.channel, "config allow", channel=other))
    assert said == _config(channels=other.mention)
    refusal = WORDS("not_here", channels=other.mention)
    assert (await here.ask(QUESTION)).content == refusal
    assert _said(await here.ann.slash(here.channel, "ask", question=QUESTION)) == refusal
    answer = await here.ask(QUESTION, other)
    thread = here.env.backend.create_thread(other.id, "In it", here.ann.id, message_id=answer.id)
    assert "eight people" in seen(await here.ask(QUESTION, other.threads[0]))
    assert thread.id == answer.id
    await here.ann.send_dm(QUESTION)
    assert "eight people" in seen(here.replies(here.ann.user.dm_channel)[0])
    _said(await mia.slash(here.channel, "config deny", channel=other))
    assert "eight people" in seen(await here.ask(QUESTION))


async def test_answering_everywhere_again_undoes_it(here: World) -> None:
    mia = _manager(here)
    await mia.slash(here.channel, "config allow", channel=here.guild.create_text_channel("a"))
    said = _said(await mia.slash(here.channel, "config everywhere"))
    assert said == _config(channels=WORDS("everywhere"))
    assert "eight people" in seen(await here.ask(QUESTION))


def _config(**changes: str) -> str:
    said = {"channels": WORDS("everywhere"), "threads": "no", "role": "nobody"}
    return WORDS(
        "config",
        **{**said, "blocked": "nobody", "collection": "main", "corrections": "yes", **changes},
    )


async def test_members_of_a_blocked_role_get_nothing_but_a_reason(here: World) -> None:
    mia, role = _manager(here), here.guild.create_role("Trolls")
    tim = here.member("tim", roles=[role])
    answer = await here.ask(QUESTION)
    said = _said(await mia.slash(here.channel, "config block", role=role))
    assert said == _config(blocked=role.mention)
    refusal = WORDS("blocked")
    question = await tim.send(here.channel, f"{here.me} {QUESTION}")
    assert here.reply_to(question).content == refusal
    assert _said(await tim.slash(here.channel, "ask", question=QUESTION)) == refusal
    for action in ("context", "up", "down", "thread"):
        custom_id = f"onrecord:{action}:{answer_of(answer)}"
        assert _said(await tim.click(answer, custom_id=custom_id)) == refusal
    assert "eight people" in seen(await here.ask(QUESTION))
    await mia.slash(here.channel, "config block")
    again = await tim.slash(here.channel, "ask", question=QUESTION)
    assert again.response is not None
    assert "eight people" in again.response.content


async def test_what_is_configured_is_recorded_with_who_did_it(here: World) -> None:
    mia = _manager(here)
    await mia.slash(here.channel, "config show")
    await mia.slash(here.channel, "config threads", use=True)
    (act,) = await here.bot.desk.acts(str(here.guild.id))
    assert (act.what, act.details, act.name) == ("config", "threads: True", "mia")
    assert (act.platform, act.server, act.who) == ("discord", str(here.guild.id), str(mia.id))


async def test_settings_outlive_a_restart(here: World) -> None:
    mia = _manager(here)
    role = here.guild.create_role("Editors")
    await mia.slash(here.channel, "config allow", channel=here.channel)
    await mia.slash(here.channel, "config threads", use=True)
    await mia.slash(here.channel, "config admins", role=role)
    await here.restart()
    wishes = await here.bot.desk.wishes(str(here.guild.id))
    assert wishes == Wishes((str(here.channel.id),), threads=True, admins=str(role.id))
    said = _said(await mia.slash(here.channel, "config show"))
    assert said == _config(channels=here.channel.mention, threads="yes", role=role.mention)
    await mia.slash(here.channel, "config admins")
    assert (await here.bot.desk.wishes(str(here.guild.id))).admins == ""


async def test_answers_go_into_threads_where_that_is_wanted(here: World) -> None:
    await _manager(here).slash(here.channel, "config threads", use=True)
    await here.ann.send(here.channel, f"{here.me} {QUESTION}")
    (thread,) = here.channel.threads
    assert thread.name == QUESTION
    (answer,) = here.replies(thread)
    assert "eight people" in seen(answer)
    assert here.replies() == []
    follow_up = await here.ask("And about rehearsals?", thread)
    assert "ehearsals" in seen(follow_up)
    here.deny("create_public_threads")
    assert "eight people" in seen(await here.ask(QUESTION))


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("config show", {}),
        ("config everywhere", {}),
        ("config threads", {"use": True}),
        ("config admins", {}),
        ("config block", {}),
    ],
)
async def test_the_right_to_manage_is_checked_in_code_on_every_call(
    here: World, command: str, options: dict[str, object]
) -> None:
    # Server owners can let anybody see a command; this is what such a member gets.
    commands = await here.bot.tree.fetch_commands()
    (config,) = [one for one in commands if one.name == "config"]
    here.guild.set_command_permissions(config, {here.ann: True})
    assert _said(await here.ann.slash(here.channel, command, **options)) == WORDS("not_manager")
    assert await here.bot.desk.wishes(str(here.guild.id)) == Wishes()


def test_the_invitation_in_the_readme_asks_for_what_its_table_explains() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (number,) = re.findall(r"permissions=(\d+)", readme)
    granted = {name for name, given in discord.Permissions(int(number)) if given}
    invited = {"view_channel" if name == "read_messages" else name for name in granted}
    table = readme.split("| permission | what for |")[1].split("\n\n")[0]
    told = {row.split("|")[1].strip() for row in table.strip().splitlines()[1:]}
    assert told == {WORDS(name) for name in invited}
