"""Answers in threads, and threads that do not let the bot in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.localization import phrases
from tests.discord_world import ANSWER, QUESTION, WORDS, World, answer_of, seen

if TYPE_CHECKING:
    from simcord import ChannelHandle

ASKED = f"Ann asked: {QUESTION}"


async def _into_threads(here: World) -> None:
    await here.bot.desk.wish(str(here.guild.id), threads=True)


def _direct(here: World) -> list[str]:
    return [message.content for message in here.replies(here.ann.user.dm_channel)]


async def _thread(here: World) -> ChannelHandle:
    """A thread under an answer."""
    reply = await here.ask(QUESTION)
    await here.ann.click(reply, custom_id=f"onrecord:thread:{answer_of(reply)}")
    (thread,) = here.channel.threads
    return thread


def _change(here: World, thread: ChannelHandle, **metadata: bool) -> None:
    """A moderator changes a thread."""
    here.env.backend.edit_channel(thread.id, {}, thread_metadata=metadata)


async def test_a_command_s_answer_goes_into_a_thread_under_the_question(here: World) -> None:
    await _into_threads(here)
    result = await here.ann.slash(here.channel, "ask", question=QUESTION)
    assert result.response is not None
    assert seen(result.response.message) == ASKED
    assert result.followups == []
    (thread,) = here.channel.threads
    assert (thread.id, thread.name) == (result.response.message.id, QUESTION)
    assert [seen(one) for one in here.replies(thread)] == [ANSWER]
    follow_up = await here.ask("And about rehearsals?", thread)
    assert "ehearsals" in seen(follow_up)
    assert len(here.bodies("PATCH")) == 1


async def test_a_message_command_s_answer_goes_into_a_thread_too(here: World) -> None:
    await _into_threads(here)
    message = await here.member("bob").send(here.channel, QUESTION)
    result = await here.ann.context_menu(here.channel, "Ask about this", message)
    assert result.response is not None
    assert seen(result.response.message) == ASKED
    (thread,) = here.channel.threads
    assert [seen(one) for one in here.replies(thread)] == [ANSWER]


async def test_a_command_in_a_thread_or_direct_message_is_answered_there(here: World) -> None:
    thread = await _thread(here)
    await _into_threads(here)
    result = await here.ann.slash(thread, "ask", question=QUESTION)
    assert result.response is not None
    assert seen(result.response.message) == f"{ASKED}\n\n{ANSWER}"
    direct = await here.ann.user.slash("ask", question=QUESTION)
    assert seen(direct.response.message) == f"{ASKED}\n\n{ANSWER}"
    assert len(here.channel.threads) == 1


@pytest.mark.parametrize("code", [160006, 50013, 50035])
async def test_where_discord_opens_no_thread_the_answer_stands_in_the_channel(
    here: World, code: int
) -> None:
    await _into_threads(here)
    here.env.inject_error("POST", "/channels/*/messages/*/threads", status=400, code=code, times=2)
    assert seen(await here.ask(QUESTION)) == ANSWER
    result = await here.ann.slash(here.channel, "ask", question=QUESTION)
    assert result.response is not None
    assert seen(result.response.message) == f"{ASKED}\n\n{ANSWER}"
    assert result.followups == []


async def test_without_the_permission_a_command_is_answered_in_the_channel(here: World) -> None:
    await _into_threads(here)
    here.deny("create_public_threads")
    result = await here.ann.slash(here.channel, "ask", question=QUESTION)
    assert result.response is not None
    assert seen(result.response.message) == f"{ASKED}\n\n{ANSWER}"
    assert here.channel.threads == []


async def test_in_an_archived_thread_questions_are_answered(here: World) -> None:
    thread = await _thread(here)
    _change(here, thread, archived=True)
    assert seen(await here.ask(QUESTION, thread)) == ANSWER
    _change(here, thread, archived=True)
    await here.restart()
    assert seen(await here.ask(QUESTION, thread)) == ANSWER


async def test_a_locked_thread_is_named_by_direct_message(here: World) -> None:
    thread = await _thread(here)
    before = len(here.replies(thread))
    here.deny("manage_threads")
    _change(here, thread, locked=True)
    await here.ann.send(thread, f"{here.me} {QUESTION}")
    assert _direct(here) == [WORDS("locked", channel=thread.mention)]
    assert len(here.replies(thread)) == before
    _change(here, thread, locked=False)
    assert seen(await here.ask(QUESTION, thread)) == ANSWER


@pytest.mark.parametrize("code", [50083, 160005])
async def test_a_thread_that_is_locked_while_a_question_is_answered_is_named_too(
    here: World, code: int
) -> None:
    thread = await _thread(here)
    here.env.inject_error("POST", f"/channels/{thread.id}/messages", status=400, code=code)
    await here.ann.send(thread, f"{here.me} {QUESTION}")
    assert _direct(here) == [WORDS("locked", channel=thread.mention)]


async def test_a_follow_up_where_no_thread_can_be_opened_says_what_works(here: World) -> None:
    reply = await here.ask("What did Oops say about a closed set?")
    pattern = "/channels/*/messages/*/threads"
    here.env.inject_error("POST", pattern, status=400, code=160006)
    here.env.inject_error("POST", pattern, status=400, code=50035)
    custom_id = f"onrecord:thread:{answer_of(reply)}"
    full = await here.ann.click(reply, custom_id=custom_id)
    assert full.response is not None
    assert seen(full.response.message) == WORDS("follow_up_no_thread")
    failed = await here.ann.click(reply, custom_id=custom_id)
    assert failed.response is not None
    assert seen(failed.response.message).startswith("Something went wrong")


async def test_a_follow_up_in_a_voice_channel_is_asked_by_a_reply(here: World) -> None:
    voice = here.guild.create_voice_channel("studio")
    reply = await here.ask("What did Oops say about a closed set?", voice)
    clicked = await here.ann.click(reply, custom_id=f"onrecord:thread:{answer_of(reply)}")
    assert clicked.response is not None
    assert seen(clicked.response.message) == WORDS("follow_up_reply")
    question = await here.ann.send(voice, "What did she say about directors?", reply_to=reply)
    shown = seen(here.reply_to(question, voice))
    assert shown.startswith("Understood as: What did Oops say about directors?")


async def test_a_missing_permission_is_named_in_the_language_of_the_server(here: World) -> None:
    guild = here.env.create_guild("Servidor", preferred_locale="es-ES")
    ana = guild.add_member(here.env.create_user("ana"))
    other = World(here.env, here.bot, guild, guild.create_text_channel("a"), ana, here.settings)
    other.deny("send_messages")
    await ana.send(other.channel, f"{here.me} {QUESTION}")
    (told,) = _direct(other)
    assert told == phrases("es")(
        "missing", channel=other.channel.mention, permission="Enviar mensajes"
    )
