"""What was asked while there was no bot is answered by the next one, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adapters.discord.client import OnRecordBot
from tests.discord_world import ANSWER, QUESTION, WORDS, app_of, seen, world

if TYPE_CHECKING:
    from pathlib import Path

    import discord
    import pytest

    from tests.discord_world import World


def _answers(replies: list[discord.Message]) -> dict[int | None, str]:
    """What was replied, by the message it was replied to; each once."""
    found = [(one.reference.message_id if one.reference else None, seen(one)) for one in replies]
    assert len(dict(found)) == len(found)
    return dict(found)


async def test_mentions_and_direct_messages_missed_between_two_processes_are_answered(
    here: World,
) -> None:
    await here.ann.send_dm(QUESTION)
    reply = await here.ask(QUESTION)
    await here.ann.click(reply, custom_id=str(reply.components[0].children[-1].custom_id))  # type: ignore[union-attr]
    (thread,) = here.channel.threads
    direct = here.ann.user.dm_channel
    asked: list[int] = []

    def meanwhile() -> None:
        here.leave("nothing for the bot")
        for channel, text in (
            (here.channel.id, f"{here.me} {QUESTION}"),
            (thread.id, f"{here.me} {QUESTION}"),
            (direct.id, QUESTION),
        ):
            asked.append(here.leave(text, channel))

    before = len(here.replies()), len(here.replies(thread)), len(here.replies(direct))
    await here.restart(meanwhile)
    new = [
        *here.replies()[before[0] :],
        *here.replies(thread)[before[1] :],
        *here.replies(direct)[before[2] :],
    ]
    assert _answers(new) == dict.fromkeys(asked, ANSWER)
    await here.restart()
    await here.restart()
    assert len(here.replies()) == before[0] + 1


async def test_what_a_killed_process_missed_is_answered_too(here: World) -> None:
    await here.ask(QUESTION)
    asked: list[int] = []
    await here.restart(lambda: asked.append(here.leave(f"{here.me} {QUESTION}")), killed=True)
    assert _answers(here.replies()[1:]) == {asked[0]: ANSWER}


async def test_a_process_before_that_never_got_as_far_is_passed_over(here: World) -> None:
    await here.ask(QUESTION)
    asked: list[int] = []

    def meanwhile() -> None:
        asked.append(here.leave(f"{here.me} {QUESTION}"))

    await here.bot.close()
    never = app_of(here.settings)
    async with OnRecordBot(never, here.settings.home / "ledger.db"):
        await here.env.advance_time(600)
    never.service.close()
    await here.restart(meanwhile)
    assert _answers(here.replies()[1:]) == {asked[0]: ANSWER}


async def test_refusals_and_questions_whose_record_was_deleted_are_not_answered_again(
    here: World,
) -> None:
    await here.ask("")
    await here.ask("?!")
    await here.ask(QUESTION)
    await here.ann.slash(here.channel, "privacy delete")
    said = [one.id for one in here.replies()]
    await here.restart(killed=True)
    assert [one.id for one in here.replies()] == said


async def test_what_was_answered_in_a_thread_is_not_answered_again(here: World) -> None:
    await here.bot.desk.wish(str(here.guild.id), threads=True)
    await here.ann.send(here.channel, f"{here.me} ?!")
    (thread,) = here.channel.threads
    assert [seen(one) for one in here.replies(thread)] == [WORDS("no_words")]
    await here.restart(killed=True)
    assert here.replies() == []
    assert len(here.replies(thread)) == 1


async def test_nothing_is_looked_up_by_the_first_process_and_where_history_is_closed(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        here.deny("read_message_history")
        await here.restart(lambda: here.leave(f"{here.me} {QUESTION}"))
        assert here.replies() == []
        assert not [
            one
            for one in here.env.http_requests
            if one.method == "GET" and one.path.endswith("/messages")
        ]


async def test_only_a_day_is_looked_back(here: World) -> None:
    await here.ask(QUESTION)
    await here.env.advance_time(60)

    def long_ago() -> None:
        here.leave(f"{here.me} {QUESTION}")
        here.env.backend.advance_clock(25 * 3600)

    await here.restart(long_ago)
    assert len(here.replies()) == 1


async def test_a_channel_that_cannot_be_looked_up_keeps_no_other_from_it(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    await here.ann.send_dm(QUESTION)
    other = here.guild.create_text_channel("other")
    asked: list[int] = []

    def meanwhile() -> None:
        here.leave(f"{here.me} {QUESTION}")
        asked.append(here.leave(f"{here.me} {QUESTION}", other.id))
        here.env.inject_error("GET", f"/channels/{here.channel.id}/messages", status=403)

    await here.restart(meanwhile)
    assert here.replies() == []
    assert _answers(here.replies(other)) == {asked[0]: ANSWER}
    assert "could not look up channel" in caplog.text


async def test_what_a_server_said_before_the_bot_came_is_left_alone(here: World) -> None:
    await here.ask(QUESTION)
    await here.env.advance_time(30)
    guild = here.env.backend.get_guild(here.guild.id)
    assert here.bot.user is not None

    def meanwhile() -> None:
        here.leave(f"{here.me} {QUESTION}")
        here.env.backend.advance_clock(5)
        guild.members[here.bot.user.id].joined_at = here.env.backend.now_iso()  # type: ignore[union-attr]

    await here.restart(meanwhile)
    assert len(here.replies()) == 1
