"""Asking on Discord, through the front door: each question gets exactly one reply."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from tests.discord_world import (
    ANSWER,
    CLOSED_SET,
    QUESTION,
    WORDS,
    World,
    answer_of,
    app_of,
    seen,
    settings_in,
    world,
)
from tests.fakes import SlowEmbedder

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_mention_is_answered_in_the_articles_words(here: World) -> None:
    reply = await here.ask(QUESTION)
    assert seen(reply) == ANSWER
    assert CLOSED_SET in here.texts()
    assert len(here.replies()) == 1


async def test_the_reply_is_acknowledged_by_typing_first(here: World) -> None:
    await here.ask(QUESTION)
    paths = [one.path.split("/")[-1] for one in here.env.http_requests if one.method == "POST"]
    assert paths == ["typing", "messages"]


@pytest.mark.parametrize(("intent", "said"), [(True, ANSWER), (False, WORDS("unreadable"))])
async def test_a_mention_of_the_managed_role_is_answered_or_told_what_to_do(
    tmp_path: Path, intent: bool, said: str
) -> None:
    async with world(tmp_path, discord_message_content=intent) as here:
        await _ask_the_role(here, said)


async def _ask_the_role(here: World, said: str) -> None:
    role = here.guild.create_role("On Record")
    backend = here.env.backend.get_guild(here.guild.id)
    backend.roles[role.id].managed = True
    assert here.bot.user is not None
    backend.members[here.bot.user.id].role_ids.append(role.id)
    await here.restart()
    question = await here.ann.send(here.channel, f"{QUESTION} {role.mention}")
    assert seen(here.reply_to(question)) == said
    other = here.guild.create_role("Others")
    await here.ann.send(here.channel, f"{QUESTION} {other.mention}")
    assert len(here.replies()) == 1


async def test_an_answer_is_one_message_that_is_not_edited(here: World) -> None:
    await here.ask(QUESTION)
    await here.ann.send_dm(QUESTION)
    assert here.bodies("PATCH") == []
    await here.ann.slash(here.channel, "ask", question=QUESTION)
    assert len(here.bodies("PATCH")) == 1


async def test_a_question_is_acknowledged_while_the_answer_is_still_being_looked_for(
    tmp_path: Path,
) -> None:
    embedder = SlowEmbedder()
    async with world(tmp_path, app_of(settings_in(tmp_path), embedder)) as here:
        started = time.monotonic()
        here.leave(f"{here.me} {QUESTION}")
        await asyncio.to_thread(embedder.asked.wait, 5)
        assert any(one.path.endswith("/typing") for one in here.env.http_requests)
        assert time.monotonic() - started < 1
        assert here.replies() == []
        embedder.go.set()
        await here.env.settle()
        assert seen(here.replies()[0]) == ANSWER


async def test_a_direct_message_needs_no_mention(here: World) -> None:
    await here.ann.send_dm(QUESTION)
    (reply,) = here.replies(here.ann.user.dm_channel)
    assert seen(reply) == ANSWER


async def test_a_slash_command_is_deferred_then_answered_with_the_question(here: World) -> None:
    result = await here.ann.slash(here.channel, "ask", question=QUESTION)
    (callback,) = [one for one in here.env.http_requests if one.path.endswith("/callback")]
    assert callback.json is not None
    assert callback.json["type"] == 5
    assert not result.ephemeral
    assert result.response is not None
    assert seen(result.response.message) == f"Ann asked: {QUESTION}\n\n{ANSWER}"
    assert result.followups == []


async def test_a_message_command_asks_what_a_message_says(here: World) -> None:
    bob = here.member("bob")
    message = await bob.send(here.channel, "I wonder how many people a closed set has.")
    result = await here.ann.context_menu(here.channel, "Ask about this", message)
    assert result.response is not None
    assert CLOSED_SET in seen(result.response.message)


async def test_a_message_without_words_is_told_so(here: World) -> None:
    message = await here.ann.send(here.channel, attachments=[("a.png", b"\x89PNG")])
    result = await here.ann.context_menu(here.channel, "Ask about this", message)
    assert result.response is not None
    assert WORDS("no_words") in seen(result.response.message)


async def test_a_reply_to_the_bot_goes_on_with_the_conversation(here: World) -> None:
    first = await here.ask("What did Oops say about a closed set?")
    question = await here.ann.send(
        here.channel, "What did she say about directors?", reply_to=first
    )
    reply = here.reply_to(question)
    shown = seen(reply)
    assert shown.startswith("Understood as: What did Oops say about directors?\n\n")
    assert "Directors feared a loss of control, said Oops. [1]" in shown


async def test_a_reply_to_a_command_s_answer_is_told_that_discord_hides_its_words(
    here: World,
) -> None:
    shown = await here.ann.slash(here.channel, "ask", question=QUESTION)
    assert shown.response is not None
    asked = await here.ann.send(here.channel, "And rehearsals?", reply_to=shown.response.message)
    assert seen(here.reply_to(asked)) == WORDS("unreadable")
    picture = await here.ann.send(
        here.channel, here.me, reply_to=shown.response.message, attachments=[("a.png", b"\x89PNG")]
    )
    assert seen(here.reply_to(picture)) == WORDS("how_to_ask")


@pytest.mark.parametrize(("intent", "said"), [(True, ANSWER), (False, WORDS("how_to_ask"))])
async def test_a_mention_in_a_reply_asks_what_somebody_else_said_where_that_can_be_read(
    tmp_path: Path, intent: bool, said: str
) -> None:
    async with world(tmp_path, discord_message_content=intent) as here:
        bob = here.member("bob")
        message = await bob.send(here.channel, QUESTION)
        question = await here.ann.send(here.channel, here.me, reply_to=message)
        assert seen(here.reply_to(question)) == said


async def test_a_mention_without_a_question_is_told_how_to_ask(here: World) -> None:
    assert seen(await here.ask("")) == WORDS("how_to_ask")


async def test_other_mentions_in_a_question_become_the_names_they_show(here: World) -> None:
    bob = here.member(
        "bob",
    )
    result = await here.ask(f"Does {bob.mention} know the closed set?")
    assert CLOSED_SET in seen(result)
    entry = await here.bot.desk.entry(answer_of(result), str(here.guild.id))
    assert entry is not None
    assert entry.question == "Does @bob know the closed set?"


async def test_what_the_articles_do_not_say_is_told_with_what_comes_near(here: World) -> None:
    reply = await here.ask("Which gaffer invented tungsten sausages?")
    lines = seen(reply).split("\n")
    assert lines[0] == WORDS("not_found")
    passages = [line.rsplit(" [", 1)[0] for line in lines[2 : lines.index("Sources")] if line]
    assert passages
    assert all(passage in here.texts() for passage in passages)


async def test_markup_and_pings_of_an_article_come_out_as_they_stand_there(here: World) -> None:
    lie = "@everyone on set knows where the barriers lie, see https://example.org/a_b_c."
    made = "Barriers are made of [silicone](https://evil.example/) and **felt**."
    stock = "Costume keeps <@&1> forty `barriers` in stock."
    assert all(text in here.texts() for text in (lie, made, stock))
    for question, shown in (
        ("Where do the barriers lie?", lie),
        ("Are barriers made of felt?", made),
        ("How many barriers in stock?", stock),
    ):
        reply = await here.ask(question)
        assert shown in seen(reply)
        assert not reply.mention_everyone
        assert not reply.role_mentions


async def test_markup_and_pings_of_a_question_do_nothing(here: World) -> None:
    question = "@everyone **how** many people on a `closed set`? <@&1> [x](https://e.example)"
    result = await here.ann.slash(here.channel, "ask", question=question)
    assert result.response is not None
    assert seen(result.response.message).startswith(f"Ann asked: {question}\n")


async def test_nothing_that_is_sent_or_edited_can_ping(here: World) -> None:
    await here.ask(QUESTION)
    await here.ann.slash(here.channel, "ask", question=QUESTION)
    await here.ann.slash(here.channel, "help")
    await here.ann.send_dm(QUESTION)
    sent = [body for method in ("POST", "PATCH") for body in here.bodies(method)]
    contents = [body for body in sent if "content" in body]
    assert len(contents) == 4
    assert all(body["allowed_mentions"]["parse"] == [] for body in contents)


async def test_a_post_in_a_forum_is_answered_in_the_post(here: World) -> None:
    forum = here.guild.create_forum_channel("questions")
    here.env.backend.create_thread(forum.id, "A post", here.ann.id)
    (post,) = forum.threads
    question = await here.ann.send(post, f"{here.me} {QUESTION}")
    assert seen(here.reply_to(question, post)) == ANSWER


async def test_a_long_answer_is_divided_within_the_limit(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    long = " ".join(
        f"Boom operator {' '.join(f'walks{at}x{step}' for step in range(80))} is quiet."
        for at in range(5)
    )
    (settings.articles / "long.md").write_text(f"# Long\n\n{long}\n", "utf-8")
    async with world(tmp_path, app_of(settings)) as here:
        result = await here.ann.slash(here.channel, "ask", question="Which boom operator is quiet?")
        assert result.response is not None
        messages = [result.response, *result.followups]
        assert len(messages) > 1
        assert all(len(message.content) <= 2000 for message in messages)
        assert [bool(message.components) for message in messages] == [False] * (
            len(messages) - 1
        ) + [True]


async def test_everyone_and_here_and_other_peoples_talk_are_left_alone(here: World) -> None:
    bob = here.member("bob")
    await here.ann.send(here.channel, f"@everyone {QUESTION}")
    await here.ann.send(here.channel, f"{bob.mention} {QUESTION}")
    await bob.send(here.channel, QUESTION)
    assert here.replies() == []


async def test_bots_and_webhooks_are_ignored(here: World) -> None:
    robot = here.guild.add_member(here.env.create_user("robot", bot=True))
    await robot.send(here.channel, f"{here.me} {QUESTION}")
    hook = here.guild.create_webhook(here.channel)
    await hook.send(f"{here.me} {QUESTION}")
    assert here.replies() == []


async def test_bots_and_webhooks_are_answered_where_that_is_wanted(tmp_path: Path) -> None:
    async with world(tmp_path, discord_answer_bots=True) as here:
        hook = here.guild.create_webhook(here.channel)
        asked = await hook.send(f"{here.me} {QUESTION}")
        assert seen(here.reply_to(asked)) == ANSWER
        robot = here.guild.add_member(here.env.create_user("robot", bot=True))
        question = await robot.send(here.channel, f"{here.me} {QUESTION}")
        assert seen(here.reply_to(question)) == ANSWER


@pytest.mark.parametrize("intent", [True, False])
async def test_a_thread_of_the_bot_needs_no_mention_with_the_intent_only(
    tmp_path: Path, intent: bool
) -> None:
    async with world(tmp_path, discord_message_content=intent) as here:
        reply = await here.ask("What did Oops say about a closed set?")
        await here.ann.click(reply, custom_id=f"onrecord:thread:{answer_of(reply)}")
        (thread,) = here.channel.threads
        await here.ann.send(thread, "What did she say about directors?")
        said = [seen(message) for message in here.replies(thread)]
        assert said[0] == WORDS("follow_up_here")
        assert len(said) == (2 if intent else 1)
        if intent:
            assert said[1].startswith("Understood as: What did Oops say about directors?")
        reply = await here.ask("And what did she say about directors?", thread)
        assert seen(reply).startswith("Understood as: What did Oops say about directors?")
