"""Asking on Slack, through the front door: each question gets exactly one reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.localization import phrases
from tests.discord_world import articles
from tests.slack_server import ME, MY_BOT
from tests.slack_world import ANN, BOB, CHANNEL, DIRECT, MENTION, World, seen, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

WORDS = phrases()
CLOSED_SET = "“A closed set has eight people at most,” Oops told Mashable."
CLOSED_SET_SHOWN = (
    f"{CLOSED_SET} [1]\n\nSources\n[1] Oops on set safety, “Closed sets”, paragraph 1"
)
QUESTION = "How many people on a closed set?"


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def test_a_mention_is_answered_in_its_thread_in_the_articles_words(here: World) -> None:
    question = await here.mention(QUESTION)
    reply = here.only()
    assert seen(reply) == CLOSED_SET_SHOWN
    assert CLOSED_SET in here.texts()
    assert reply["thread_ts"] == question["ts"]
    (body,) = here.server.made("chat.postMessage")
    assert body["text"] == CLOSED_SET_SHOWN
    assert body["unfurl_links"] is body["unfurl_media"] is body["link_names"] is False


async def test_a_mention_in_a_thread_is_answered_in_that_thread(here: World) -> None:
    reply = await here.answer(QUESTION, thread_ts="1780000000.000100")
    assert reply["thread_ts"] == "1780000000.000100"


async def test_a_direct_message_needs_no_mention(here: World) -> None:
    await here.direct(QUESTION)
    assert seen(here.only()) == CLOSED_SET_SHOWN
    ((channel, _),) = here.server.messages
    assert channel == DIRECT
    assert "thread_ts" not in here.only()


async def test_a_direct_message_goes_on_with_the_conversation(here: World) -> None:
    await here.direct("What did Oops say about a closed set?")
    await here.direct("What did she say about directors?")
    assert seen(here.posted()[1]).startswith(
        "Understood as: What did Oops say about directors?\n\n"
    )


async def test_a_command_is_acknowledged_and_answered_with_the_question(here: World) -> None:
    await here.command("/ask", QUESTION)
    assert seen(here.only()) == f"Ann asked: {QUESTION}\n\n{CLOSED_SET_SHOWN}"
    assert "thread_ts" not in here.only()
    assert here.responses() == []


async def test_a_command_where_the_bot_is_no_member_is_answered_by_its_address(
    here: World,
) -> None:
    here.server.fail("chat.postMessage", "not_in_channel")
    await here.command("/ask", QUESTION)
    (response,) = here.responses()
    assert response["response_type"] == "in_channel"
    assert seen(response).endswith(CLOSED_SET_SHOWN)
    await here.click(response, "context")
    assert "She keeps a list at the door." in seen(here.responses()[1])


async def test_a_command_without_a_question_is_told_how_to_ask(here: World) -> None:
    await here.command("/ask", " ")
    (response,) = here.responses()
    assert seen(response) == WORDS("slack_how_to_ask")
    assert response["response_type"] == "ephemeral"


async def test_the_shortcut_asks_what_a_message_says_and_answers_in_its_thread(
    here: World,
) -> None:
    message = here.message("I wonder how many people a closed set has.", user=BOB)
    await here.shortcut(message)
    assert CLOSED_SET in seen(here.only())
    assert here.only()["thread_ts"] == message["ts"]


async def test_the_shortcut_reads_what_is_attached_to_a_message_without_text(
    here: World,
) -> None:
    message = here.message("", attachments=[{"fallback": QUESTION}])
    await here.shortcut(message)
    assert CLOSED_SET in seen(here.only())


async def test_a_message_without_words_is_told_so(here: World) -> None:
    await here.shortcut(here.message("", files=[{"id": "F1"}]))
    assert seen(here.responses()[0]) == WORDS("slack_how_to_ask")


async def test_a_shortcut_that_is_not_known_is_acknowledged_only(here: World) -> None:
    await here.shortcut(here.message(QUESTION), "somebody:elses")
    assert here.posted() == []


async def test_follow_ups_in_a_thread_of_the_bot_need_no_mention(here: World) -> None:
    question = await here.mention("What did Oops say about a closed set?")
    thread = {"thread_ts": question["ts"]}
    await here.event(here.message("What did she say about directors?", user=BOB, **thread))
    reply = here.posted()[1]
    assert seen(reply).startswith("Understood as: What did Oops say about directors?\n\n")
    assert "Directors feared a loss of control, said Oops. [1]" in seen(reply)
    assert reply["thread_ts"] == question["ts"]


async def test_follow_ups_are_understood_after_a_restart_and_without_the_history(
    here: World,
) -> None:
    question = await here.mention("What did Oops say about a closed set?")
    await here.restart()
    thread = {"thread_ts": question["ts"]}
    await here.event(here.message("What did she say about directors?", **thread))
    assert "directors" in seen(here.posted()[1])
    assert here.server.made("conversations.replies") == []


async def test_a_thread_under_an_answer_to_a_command_is_the_bots_too(here: World) -> None:
    await here.command("/ask", "What did Oops say about a closed set?")
    thread = {"thread_ts": here.only()["ts"], "parent_user_id": ME}
    await here.event(here.message("What did she say about directors?", **thread))
    assert seen(here.posted()[1]).startswith("Understood as: What did Oops say about directors?")
    await here.restart()
    thread.pop("parent_user_id")
    await here.event(here.message("And what about rehearsals?", **thread))
    assert len(here.posted()) == 3


async def test_a_thread_in_which_the_bot_only_told_how_to_ask_is_its_own(here: World) -> None:
    question = await here.mention("")
    await here.event(here.message(QUESTION, thread_ts=question["ts"]))
    assert [seen(one) for one in here.posted()] == [WORDS("slack_how_to_ask"), CLOSED_SET_SHOWN]


async def test_other_threads_and_other_peoples_talk_are_left_alone(here: World) -> None:
    question = await here.mention(QUESTION)
    thread = {"thread_ts": question["ts"]}
    await here.event(here.message(QUESTION))
    await here.event(here.message(QUESTION, thread_ts="1780000000.000200"))
    await here.event(here.message(f"<!channel> <@{BOB}> {QUESTION}", **thread))
    await here.event(here.message(f"<!subteam^S1|@crew> {QUESTION}", **thread))
    await here.event(here.message("", **thread))
    await here.event(here.message(f"<!here> {QUESTION}"))
    await here.event(here.message("joined", subtype="channel_join", **thread))
    assert len(here.posted()) == 1


async def test_bots_are_ignored_and_so_is_the_bot_itself(here: World) -> None:
    text = f"{MENTION} {QUESTION}"
    await here.event(here.message(text, subtype="bot_message", bot_id="B2", user=None))
    await here.event(here.message(text, bot_id="B2", user="U2"))
    await here.event(here.message(text, user=ME))
    await here.event(here.message(text, bot_id=MY_BOT, user=None))
    assert here.posted() == []


async def test_bots_are_answered_where_that_is_wanted_but_not_the_bot_itself(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, slack_answer_bots=True) as here:
        await here.mention(QUESTION, user="U2", bot_id="B2")
        assert seen(here.only()) == CLOSED_SET_SHOWN
        await here.mention(QUESTION, user=ME, bot_id=MY_BOT)
        assert len(here.posted()) == 1


async def test_names_stand_for_ids_in_a_question(here: World) -> None:
    reply = await here.answer(
        f"Does <@{BOB}> in <#C2|crew> &amp; <!here> know the closed set of <https://e.org|this>?"
    )
    assert CLOSED_SET in seen(reply)
    assert "Understood" not in seen(reply)
    await here.command("/ask", f"Does <@{BOB}> in <#C2|crew> &amp; <!here> know <https://e.org>?")
    asked = seen(here.posted()[1]).split("\n")[0]
    assert asked == "Ann asked: Does @Bob in #crew & @here know https://e.org?"


async def test_a_mention_without_a_question_is_told_how_to_ask(here: World) -> None:
    assert seen(await here.answer("")) == WORDS("slack_how_to_ask")


async def test_what_the_articles_do_not_say_is_told_with_what_comes_near(here: World) -> None:
    lines = seen(await here.answer("Which gaffer invented tungsten sausages?")).split("\n")
    assert lines[0] == WORDS("not_found")
    passages = [line.rsplit(" [", 1)[0] for line in lines[2 : lines.index("Sources")] if line]
    assert passages
    assert all(passage in here.texts() for passage in passages)


async def test_markup_and_pings_of_an_article_come_out_as_they_stand_there(here: World) -> None:
    lie = "@everyone on set knows where the barriers lie, see https://example.org/a_b_c."
    made = "Barriers are made of [silicone](https://evil.example/) and **felt**."
    stock = "Costume keeps <@&1> forty `barriers` in stock."
    for question, words in (
        ("Where do the barriers lie?", lie),
        ("Are barriers made of felt?", made),
        ("How many barriers in stock?", stock),
    ):
        assert words in here.texts()
        assert words in seen(await here.answer(question))
    for body in here.server.made("chat.postMessage"):
        assert "<" not in body["text"]


async def test_markup_and_pings_of_a_question_do_nothing(here: World) -> None:
    await here.command("/ask", "&lt;!channel&gt; *how* many people on a `closed set`?")
    assert seen(here.only()).startswith(
        "Ann asked: <!channel> *how* many people on a `closed set`?\n"
    )
    (body,) = here.server.made("chat.postMessage")
    assert "<" not in body["text"]
    assert body["mrkdwn"] is False


async def test_a_long_answer_is_divided_within_the_limits(tmp_path: Path) -> None:
    steps = [" ".join(f"walks{at}{'x' * 16}{step}" for step in range(80)) for at in range(5)]
    long = " ".join(f"Boom operator {walked} sits." for walked in steps)
    (articles(tmp_path / "articles") / "long.md").write_text(f"# Long\n\n{long}\n", "utf-8")
    async with world(tmp_path) as here:
        await here.mention("Which boom operator sits?")
        messages = here.posted()
        assert len(messages) > 1
        assert len({message["thread_ts"] for message in messages}) == 1
        under = [any(one["type"] == "actions" for one in made["blocks"]) for made in messages]
        assert under == [False] * (len(messages) - 1) + [True]


async def test_the_thread_shows_a_status_until_the_answer_is_there(here: World) -> None:
    await here.mention(QUESTION)
    methods = [call.method for call in here.server.calls]
    shown = methods.index("assistant.threads.setStatus")
    assert shown < methods.index("chat.postMessage")
    (status,) = here.server.made("assistant.threads.setStatus")
    assert status["status"] == WORDS("slack_status")


async def test_where_slack_has_no_status_it_is_asked_for_once(here: World) -> None:
    here.server.fail("assistant.threads.setStatus", "missing_scope", needed="assistant:write")
    for _ in range(2):
        assert CLOSED_SET in seen(await here.answer(QUESTION))
    assert len(here.server.made("assistant.threads.setStatus")) == 1


async def test_the_agent_view_suggests_questions_and_answers_in_its_thread(here: World) -> None:
    opened = {"type": "app_home_opened", "user": ANN, "channel": DIRECT, "tab": "messages"}
    await here.event(opened)
    thread = {"user_id": ANN, "channel_id": DIRECT, "thread_ts": "1780000000.000300"}
    await here.event({"type": "assistant_thread_started", "assistant_thread": thread})
    first, second = here.server.made("assistant.threads.setSuggestedPrompts")
    assert "thread_ts" not in first
    assert second["thread_ts"] == thread["thread_ts"]
    assert first["prompts"][0]["title"] in here.texts()
    await here.direct(QUESTION, thread_ts=thread["thread_ts"])
    assert here.only()["thread_ts"] == thread["thread_ts"]
    assert here.server.made("assistant.threads.setStatus")[0]["channel_id"] == DIRECT


async def test_a_workspace_without_the_agent_view_is_no_fault(here: World) -> None:
    here.server.fail("assistant.threads.setSuggestedPrompts", "not_allowed")
    await here.event({"type": "app_home_opened", "user": ANN, "channel": DIRECT, "tab": "messages"})
    await here.direct(QUESTION)
    assert seen(here.only()) == CLOSED_SET_SHOWN


async def test_the_home_tab_shows_the_corpus_and_what_one_may_do(here: World) -> None:
    for user in (ANN, BOB):
        await here.event({"type": "app_home_opened", "user": user, "tab": "home"})
    anns, bobs = (body["view"] for body in here.server.made("views.publish"))
    assert "• Oops on set safety" in seen(anns)
    assert here.app.live.snapshot().manifest.version in seen(anns)
    assert WORDS("slack_may_ask") in seen(anns)
    assert WORDS("slack_may_run") in seen(bobs)


@pytest.mark.parametrize(("locale", "language"), [("de-DE", "de"), ("fr-FR", "fr"), ("", "en")])
async def test_members_are_answered_in_the_language_of_their_slack(
    here: World, locale: str, language: str
) -> None:
    here.server.users[ANN]["locale"] = locale
    await here.command("/onrecord", "help")
    assert seen(here.responses()[0]) == phrases(language)("slack_help")


async def test_without_the_right_to_know_members_they_are_answered_in_english(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    here.server.fail("users.info", "missing_scope", needed="users:read")
    assert seen(await here.answer(QUESTION)) == CLOSED_SET_SHOWN
    assert "the app lacks the scope users:read" in caplog.text


async def test_about_and_privacy_tell_what_is_there_and_what_is_stored(here: World) -> None:
    await here.answer(QUESTION)
    await here.command("/onrecord", "about")
    await here.command("/onrecord", "privacy")
    await here.command("/onrecord", "privacy delete")
    await here.command("/onrecord", "dance now")
    about, privacy, deleted, unknown = map(seen, here.responses())
    assert "• Oops on set safety" in about
    assert WORDS("slack_privacy") in about
    assert privacy == WORDS("slack_privacy")
    assert deleted == WORDS("deleted", answers=1, feedback=0)
    assert unknown == WORDS("slack_unknown", command="/onrecord dance")
    await here.click(here.only(), "context")
    assert seen(here.responses()[-1]) == WORDS("unknown_answer")


async def test_admins_choose_where_questions_are_answered(here: World) -> None:
    await here.command("/onrecord", "config allow <#C2|films>")
    assert seen(here.responses()[0]) == WORDS("slack_not_admin")

    async def config(text: str) -> str:
        await here.command("/onrecord", f"config {text}", user_id=BOB)
        return seen(here.responses()[-1])

    assert await config("") == WORDS(
        "slack_config",
        channels=WORDS("everywhere"),
        group=WORDS("nobody"),
        blocked=WORDS("nobody"),
        collection="main",
        corrections=WORDS("yes"),
    )
    assert "#C2, #C3" in await config("allow <#C2|films> <#C3>")
    assert "#C2" not in await config("deny <#C2|films>")
    assert seen(await here.answer(QUESTION)) == WORDS("not_here", channels="#C3")
    assert WORDS("everywhere") in await config("everywhere")
    assert seen(await here.answer(QUESTION)) == CLOSED_SET_SHOWN
    await config("admins <!subteam^S7|@editors>")
    assert (await here.bot.parts.desk.wishes("T1")).admins == "S7"
    await config("admins")
    assert (await here.bot.parts.desk.wishes("T1")).admins == ""
    assert await config("allow nothing") == WORDS("slack_config_help")


async def test_a_group_that_is_blocked_is_not_answered_but_who_runs_the_corpus_is(
    here: World,
) -> None:
    here.server.groups = {"S7": [ANN, BOB], "S8": ["UEVE"]}
    await here.command("/onrecord", "config block <!subteam^S7|@guests>", user_id=BOB)
    assert seen(await here.answer(QUESTION)) == WORDS("blocked")
    await here.command("/ask", QUESTION)
    assert seen(here.responses()[-1]) == WORDS("blocked")
    assert seen(await here.answer(QUESTION, user=BOB)) == CLOSED_SET_SHOWN
    await here.click(here.posted()[-1], "context")
    assert seen(here.responses()[-1]) == WORDS("blocked")
    await here.command("/onrecord", "config admins <!subteam^S7>", user_id=BOB)
    assert seen(await here.answer(QUESTION)) == CLOSED_SET_SHOWN
    here.server.fail("usergroups.users.list", "missing_scope", needed="usergroups:read")
    assert seen(await here.answer(QUESTION)) == CLOSED_SET_SHOWN


async def test_an_answer_of_one_workspace_is_not_shown_in_another(here: World) -> None:
    reply = await here.answer(QUESTION)
    await here.click(reply, "context", team={"id": "T2"})
    assert seen(here.responses()[-1]) == WORDS("unknown_answer")


async def test_a_direct_message_is_answered_from_the_workspaces_own_corpus(here: World) -> None:
    await here.bot.parts.desk.wish("T1", collection="other", channels=("C7",))
    await here.direct(QUESTION)
    assert seen(here.only()).startswith("There is no collection")


async def test_too_many_questions_of_one_member_get_a_sentence_each(here: World) -> None:
    replies = [seen(await here.answer(QUESTION)) for _ in range(8)]
    limit = here.settings.member_questions
    assert replies[:limit] == [CLOSED_SET_SHOWN] * limit
    assert all(reply.startswith(f"You have asked {limit} questions") for reply in replies[limit:])
    assert seen(await here.answer(QUESTION, user=BOB)) == CLOSED_SET_SHOWN
    await here.command("/ask", QUESTION)
    assert seen(here.responses()[0]).startswith(f"You have asked {limit} questions")


async def test_channel_of_an_answer_is_the_channel_of_the_question(here: World) -> None:
    await here.mention(QUESTION, channel="C9")
    assert [channel for channel, _ in here.server.messages] == ["C9"]
    assert CHANNEL != "C9"
