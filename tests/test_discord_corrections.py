"""Answers on Discord are corrected when their articles change: once, and as readers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
import pytest_asyncio

from bot.localization import phrases
from tests.discord_markdown import struck
from tests.discord_world import SAFETY, World, answer_of, seen, world
from tests.test_discord_trouble import _altering

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import simcord

WORDS = phrases()
QUESTION = "How many people on a closed set?"
QUOTE = "“A closed set has eight people at most,” Oops told Mashable."
AGAIN = "The article “Oops on set safety” says this again."


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, correction_pause=0) as made:
        yield made


def _write(here: World, text: str) -> None:
    (here.settings.articles / "safety.md").write_text(text, "utf-8")
    here.reindex()


def _reword(here: World) -> None:
    _write(here, SAFETY.replace("eight people", "six people"))


async def _work(here: World) -> None:
    """The bot does what there is to do."""
    while await here.bot.corrector.step() < 1:
        pass
    await here.env.settle()


def _now(here: World, message: discord.Message, channel: Any = None) -> str:
    """A message as it is read now, what is struck in braces."""
    (found,) = [one for one in here.replies(channel) if one.id == message.id]
    return struck(found.content)


def _told(here: World, message: discord.Message, channel: Any = None) -> str:
    """What is told below the answer."""
    return _now(here, message, channel).partition("Correction, ")[2].partition(":\n")[2]


def _edits(here: World) -> list[Any]:
    return [one for one in here.env.http_requests if one.method == "PATCH" and one.json]


async def test_an_answer_whose_words_changed_is_edited_once_and_says_how(here: World) -> None:
    reply = await here.ask(QUESTION)
    before = seen(reply)
    _reword(here)
    for _ in range(3):
        await _work(here)
    date = discord.utils.utcnow().strftime("%Y-%m-%d")
    assert _now(here, reply) == before.replace("eight", "{eight}") + (
        f"\n\nCorrection, {date}:\n"
        "[1] now reads, in Oops on set safety, “Closed sets”, paragraph 1:\n"
        "“A closed set has {eight} six people at most,” Oops told Mashable."
    )
    assert len(_edits(here)) == 1
    assert here.replies() == [reply]
    (edited,) = here.replies()
    assert answer_of(edited) == answer_of(reply)


async def test_the_bot_notices_a_new_version_by_itself(here: World) -> None:
    reply = await here.ask(QUESTION)
    _reword(here)
    await here.env.advance_time(30)
    await here.env.settle()
    assert "six people" in _told(here, reply)
    assert len(_edits(here)) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            SAFETY.replace("“A closed set has eight people at most,”\nOops told Mashable. ", ""),
            "[1] The article “Oops on set safety” no longer says this.",
            id="removed",
        ),
        pytest.param(
            SAFETY.replace("url:", "status: retracted\nretraction_reason: Made *up*.\nurl:"),
            "[1] The article “Oops on set safety” was retracted: Made *up*.",
            id="retracted",
        ),
        pytest.param(
            "", "[1] The article “Oops on set safety” is no longer among the articles.", id="gone"
        ),
    ],
)
async def test_words_that_are_gone_are_struck_and_it_is_said_why(
    here: World, text: str, told: str
) -> None:
    reply = await here.ask(QUESTION)
    _write(here, text)
    await _work(here)
    assert _now(here, reply).startswith(f"{{{QUOTE}}} [1]\n")
    assert _told(here, reply) == told
    answer = await here.ask(QUESTION)
    assert QUOTE not in seen(answer)


async def test_going_back_to_the_version_before_corrects_back(here: World) -> None:
    first = here.bot.app.live.snapshot().manifest.version
    reply = await here.ask(QUESTION)
    before = seen(reply)
    _reword(here)
    await _work(here)
    (here.settings.collection / "CURRENT").write_text(f"{first}\n")
    await _work(here)
    assert _now(here, reply).startswith(before + "\n\nCorrection, ")
    assert _told(here, reply) == f"[1] {AGAIN}"
    assert len(_edits(here)) == 2


async def test_answers_to_commands_in_threads_and_in_direct_messages_are_corrected(
    here: World,
) -> None:
    result = await here.ann.slash(here.channel, "ask", question=QUESTION)
    assert result.response is not None
    by_command = result.response.message
    first = await here.ask(QUESTION)
    await here.ann.click(first, custom_id=f"onrecord:thread:{answer_of(first)}")
    (thread,) = here.channel.threads
    inside = await here.ask(QUESTION, thread)
    await here.ann.send_dm(QUESTION)
    (direct,) = here.replies(here.ann.user.dm_channel)
    _reword(here)
    await _work(here)
    places = [
        (by_command, None),
        (first, None),
        (inside, thread),
        (direct, here.ann.user.dm_channel),
    ]
    for message, channel in places:
        assert "six people" in _told(here, message, channel)
    assert "Ann asked" in _now(here, by_command)


async def test_where_editing_is_refused_the_bot_replies(here: World) -> None:
    reply = await here.ask(QUESTION)
    _reword(here)
    here.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50005)
    await _work(here)
    await _work(here)
    (correction,) = [one for one in here.replies() if one.id != reply.id]
    assert correction.reference is not None
    assert correction.reference.message_id == reply.id
    assert struck(correction.content).endswith(
        "has {eight} six people at most,” Oops told Mashable."
    )


async def test_an_answer_whose_looks_are_not_known_gets_a_reply_if_it_is_still_there(
    here: World,
) -> None:
    gone, reply = await here.ask(QUESTION), await here.ask(QUESTION)
    here.env.backend.delete_message(here.channel.id, gone.id)
    with here.bot._ledger.engine.begin() as connection:
        connection.exec_driver_sql("delete from as_sent")
    _reword(here)
    await _work(here)
    (correction,) = [one for one in here.replies() if one.id != reply.id]
    assert correction.reference is not None
    assert correction.reference.message_id == reply.id
    assert (await _summary(here)).endswith("touched: 2 (1 corrected, 1 deleted since).")


async def test_words_that_discord_alters_in_an_edit_are_told_in_a_reply(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = await here.ask(QUESTION)
    _reword(here)
    _altering(here, monkeypatch, "six", "sick", "edit_message")
    await _work(here)
    (correction,) = [one for one in here.replies() if one.id != reply.id]
    assert "{eight} six people" in struck(correction.content)
    assert len(_edits(here)) == 2


async def test_without_the_history_the_reply_links_to_the_answer(here: World) -> None:
    here.deny("read_message_history")
    question = await here.ann.send(here.channel, f"{here.me} {QUESTION}")
    (reply,) = [one for one in here.replies() if one.id > question.id]
    _reword(here)
    here.env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=50083)
    await _work(here)
    (correction,) = [one for one in here.replies() if one.id > reply.id]
    link = f"https://discord.com/channels/{here.guild.id}/{here.channel.id}/{reply.id}"
    assert link in correction.content.split("\n")
    assert correction.reference is None


async def test_who_cannot_be_reached_is_counted(here: World) -> None:
    await here.ask(QUESTION)
    _reword(here)
    for method in ("PATCH", "POST"):
        here.env.inject_error(method, "/channels/*", status=403, code=50001, times=None)
    await _work(here)
    here.env.backend.faults.clear()
    said = await _summary(here)
    assert said.endswith("earlier answers touched: 1 (1 could not be reached).")


async def test_a_message_that_was_deleted_is_passed_over(here: World) -> None:
    gone = await here.ask(QUESTION)
    reply = await here.ask(QUESTION)
    here.env.backend.delete_message(here.channel.id, gone.id)
    _reword(here)
    await _work(here)
    assert "six people" in _told(here, reply)
    assert (await _summary(here)).endswith(
        "earlier answers touched: 2 (1 corrected, 1 deleted since)."
    )


async def test_a_rate_limit_is_waited_for(here: World) -> None:
    reply = await here.ask(QUESTION)
    _reword(here)
    here.env.inject_error("PATCH", "/channels/*/messages/*", status=429)
    assert await here.bot.corrector.step() > 10
    assert "Correction" not in _now(here, reply)
    here.bot.corrector._paused_until = 0.0
    await _work(here)
    assert "six people" in _told(here, reply)


async def test_a_fault_of_discord_is_tried_again_later(here: World) -> None:
    reply = await here.ask(QUESTION)
    _reword(here)
    here.env.inject_error("PATCH", "/channels/*/messages/*", status=500)
    await _work(here)
    assert "Correction" not in _now(here, reply)
    assert (await _summary(here)).endswith("(1 still to be corrected).")


async def test_the_work_goes_on_after_a_restart_and_nothing_is_corrected_twice(
    here: World,
) -> None:
    replies = [await here.ask(QUESTION) for _ in range(4)]
    _reword(here)
    await here.bot.corrector.step()
    await here.restart()
    await here.env.settle()
    await _work(here)
    assert all("six people" in _told(here, reply) for reply in replies)
    assert len(_edits(here)) == 4


async def test_a_version_that_came_while_the_bot_was_away_is_noticed_at_the_start(
    here: World,
) -> None:
    reply = await here.ask(QUESTION)
    old = here.bot
    await old.close()
    _reword(here)
    here.bot = old
    await here.restart()
    await here.env.settle()
    await _work(here)
    assert "six people" in _told(here, reply)


async def test_a_reply_that_was_sent_before_a_crash_is_not_sent_again(here: World) -> None:
    reply = await here.ask(QUESTION)
    _reword(here)
    here.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50005, times=None)
    await _work(here)
    (sent,) = _replies_to(here, reply)
    await here.ask("What about rehearsals?")
    await _crash_while_replying(here)
    assert _replies_to(here, reply) == [sent]
    # Where it cannot be seen whether it was sent, it is rather not sent than twice.
    here.env.inject_error("GET", "/channels/*/messages", status=403, code=50001)
    await _crash_while_replying(here)
    assert _replies_to(here, reply) == [sent]
    here.env.backend.delete_message(here.channel.id, sent.id)
    await _crash_while_replying(here)
    assert len(_replies_to(here, reply)) == 1


async def _crash_while_replying(here: World) -> None:
    """The bot ended before it could note what came of the reply; it goes on from there."""
    with here.bot._ledger.engine.begin() as connection:
        connection.exec_driver_sql(
            "update corrections set state = 'replying', due = '2000-01-01 00:00:00.000000'"
        )
    await _work(here)


def _replies_to(here: World, message: discord.Message) -> list[discord.Message]:
    return [
        one
        for one in here.replies()
        if one.reference is not None and one.reference.message_id == message.id
    ]


async def test_a_server_can_switch_corrections_off_and_on_again(here: World) -> None:
    reply = await here.ask(QUESTION)
    said = await _summary(here, use=False)
    assert "Earlier answers are corrected: no" in said
    assert said.endswith(WORDS("corrections_none"))
    _reword(here)
    await _work(here)
    assert "Correction" not in _now(here, reply)
    said = await _summary(here)
    assert said.endswith("(1 left alone, as corrections are switched off).")
    assert "Earlier answers are corrected: yes" in await _summary(here, use=True)
    await _work(here)
    assert "six people" in _told(here, reply)
    assert (await _summary(here)).endswith("earlier answers touched: 1 (1 corrected).")


async def test_whoever_reindexes_is_told_how_many_answers_are_touched(here: World) -> None:
    reply = await here.ask(QUESTION)
    path = here.settings.articles / "safety.md"
    path.write_text(SAFETY.replace("eight people", "six people"), "utf-8")
    boss = _manager(here)
    shown = await boss.slash(here.channel, "reindex")
    assert shown.response is not None
    assert _preview(shown) == [
        "Earlier answers whose words change or go: 1",
        (
            f"• “{QUOTE}” The article “Oops on set safety” now says: "
            f"“{QUOTE.replace('eight', 'six')}” (1×)"
        ),
    ]
    await boss.click(shown.response.message, custom_id="onrecord:reindex:start:main")
    assert "earlier answers touched: 1 (1 " in shown.response.content
    await _work(here)
    assert "six people" in _told(here, reply)
    assert len([one for one in _edits(here) if "Correction" in str(one.json)]) == 1


def _preview(shown: simcord.InteractionResult) -> list[str]:
    """What a plan says of earlier answers."""
    assert shown.response is not None
    lines = seen(shown.response.message).splitlines()
    return [one for one in lines if one.startswith(("Earlier answers", "•", "…"))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            SAFETY.replace("“A closed set has eight people at most,”\nOops told Mashable. ", ""),
            f"“{QUOTE}” The article “Oops on set safety” no longer says this.",
            id="removed",
        ),
        pytest.param(
            SAFETY.replace("url:", "status: retracted\nretraction_reason: Made *up*.\nurl:"),
            f"“{QUOTE}” The article “Oops on set safety” was retracted: Made *up*.",
            id="retracted",
        ),
        pytest.param(
            "",
            f"“{QUOTE}” The article “Oops on set safety” is no longer among the articles.",
            id="gone",
        ),
    ],
)
async def test_a_plan_shows_what_earlier_answers_would_be_told(
    here: World, text: str, told: str
) -> None:
    for _ in range(2):
        await here.ask(QUESTION)
    await here.ann.slash(here.channel, "quote", speaker="Oops")
    (here.settings.articles / "safety.md").write_text(text, "utf-8")
    first, line, *others = _preview(await _manager(here).slash(here.channel, "reindex"))
    assert first == "Earlier answers whose words change or go: 3 (1 ephemeral)"
    assert line == f"• {told} (2×)"
    assert others == []


async def test_a_plan_says_of_how_many_answers_nobody_will_be_told(here: World) -> None:
    boss = _manager(here)
    await here.ask(QUESTION)
    await boss.slash(here.channel, "config corrections", use=False)
    (here.settings.articles / "safety.md").write_text("", "utf-8")
    assert _preview(await boss.slash(here.channel, "reindex")) == [
        (
            "Earlier answers whose words change or go: 1 "
            "(1 left alone, as corrections are switched off)"
        )
    ]


async def test_a_plan_shows_nothing_of_what_was_answered_in_another_server(here: World) -> None:
    other = here.env.create_guild()
    channel = other.create_text_channel("elsewhere")
    bob = other.add_member(here.env.create_user("bob"))
    await bob.send(channel, f"{here.me} {QUESTION}")
    (here.settings.articles / "safety.md").write_text("", "utf-8")
    plan = _preview(await _manager(here).slash(here.channel, "reindex"))
    assert plan == ["Earlier answers whose words change or go: 0"]


async def test_each_server_hears_of_its_own_answers_only(here: World) -> None:
    other = here.env.create_guild()
    channel = other.create_text_channel("elsewhere")
    bob = other.add_member(here.env.create_user("bob"))
    mine = await here.ask(QUESTION)
    question = await bob.send(channel, f"{here.me} {QUESTION}")
    theirs = here.reply_to(question, channel)
    _reword(here)
    await _work(here)
    assert "six people" in _told(here, mine)
    assert "six people" in _told(here, theirs, channel)
    assert (await _summary(here)).endswith("earlier answers touched: 1 (1 corrected).")


async def test_further_words_that_one_member_saw_are_counted(here: World) -> None:
    reply = await here.ask("What about rehearsals?")
    await here.ann.click(reply, custom_id=f"onrecord:more:{answer_of(reply)}")
    text = (here.settings.articles / "directors.md").read_text("utf-8")
    changed = text.replace("no camera", "one camera")
    (here.settings.articles / "directors.md").write_text(changed, "utf-8")
    here.reindex()
    await _work(here)
    assert (await _summary(here)).endswith("earlier answers touched: 1 (1 ephemeral).")
    assert "Correction" not in _now(here, reply)
    more = await here.ann.click(reply, custom_id=f"onrecord:more:{answer_of(reply)}")
    assert more.response is not None
    assert "one camera" not in seen(more.response.message)


async def test_a_quotation_that_was_shared_is_corrected_and_the_private_one_counted(
    here: World,
) -> None:
    private = await here.ann.slash(here.channel, "quote")
    assert private.response is not None
    await _press(here, private.response.message, "share")
    (shared,) = here.replies()
    before = seen(shared)
    _reword(here)
    await _work(here)
    after = _now(here, shared)
    assert after.startswith(before.replace("eight", "{eight}"))
    assert after.endswith("\nA closed set has {eight} six people at most,")
    said = await _summary(here)
    assert said.endswith("earlier answers touched: 2 (1 corrected, 1 ephemeral).")


async def test_a_shared_quotation_that_is_anothers_by_now_says_whose(here: World) -> None:
    private = await here.ann.slash(here.channel, "quote")
    assert private.response is not None
    await _press(here, private.response.message, "share")
    (shared,) = here.replies()
    before = seen(shared)
    _write(here, SAFETY.replace("Oops told Mashable", "Ada Kerr told Mashable"))
    await _work(here)
    assert _now(here, shared).startswith(before)
    assert _told(here, shared) == (
        "[1] The article “Oops on set safety” now says that Ada Kerr said this:\n"
        "“A closed set has eight people at most,” Ada Kerr told Mashable."
    )


async def test_a_page_that_was_turned_is_corrected_in_what_it_shows_now(here: World) -> None:
    told = "".join(f"“Word {n} is said twice and thrice,” Oops told them. " for n in range(30))
    _write(here, SAFETY + told)
    private = await here.ann.slash(here.channel, "quote")
    assert private.response is not None
    await _press(here, private.response.message, "share")
    (shared,) = here.replies()
    await _press(here, shared, "after")
    (turned,) = here.replies()
    shows = max(n for n in range(30) if f"Word {n} " in seen(turned))
    _write(here, SAFETY + told.replace(f"Word {shows} is said", f"Word {shows} was said"))
    await _work(here)
    assert f"Word {shows} {{is}} said" in _now(here, shared)
    assert f"Word {shows} {{is}} was said" in _told(here, shared)
    _write(here, (SAFETY + told).replace("eight people", "six people"))
    await _work(here)
    assert "says this again" in _told(here, shared)
    assert "people" not in _told(here, shared)


async def _press(here: World, message: discord.Message, action: str) -> None:
    ids = [str(one.custom_id) for row in message.components for one in row.children]  # type: ignore[union-attr]
    (found,) = [one for one in ids if f":{action}:" in one]
    await here.ann.click(message, custom_id=found)


async def test_deleting_what_is_stored_stops_corrections(here: World) -> None:
    reply = await here.ask(QUESTION)
    await here.ann.slash(here.channel, "privacy delete")
    _reword(here)
    await _work(here)
    assert "Correction" not in _now(here, reply)


async def _summary(here: World, **options: object) -> str:
    result = await _manager(here).slash(here.channel, "config corrections", **options)
    assert result.response is not None
    return seen(result.response.message)


def _manager(here: World) -> simcord.MemberActor:
    role = here.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    return here.member("boss", roles=[role])
