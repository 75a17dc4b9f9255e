"""The buttons under an answer: they show, they rate, they open threads, and they last."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.discord_world import QUESTION, WORDS, World, answer_of, seen

if TYPE_CHECKING:
    import discord
    from simcord import InteractionResult, MemberActor


async def _click(
    here: World, message: discord.Message, action: str, member: MemberActor | None = None
) -> InteractionResult:
    who = member or here.ann
    return await who.click(message, custom_id=f"onrecord:{action}:{answer_of(message)}")


def _said(result: InteractionResult) -> str:
    assert result.ephemeral
    assert result.response is not None
    return "\n".join(seen(one.message) for one in (result.response, *result.followups))


def _told(result: InteractionResult) -> str:
    """The bot's own words, in which it may name channels."""
    assert result.response is not None
    return result.response.content


def _labels(message: discord.Message) -> list[str]:
    (row,) = message.components
    return [str(button.label or button.emoji) for button in row.children]  # type: ignore[union-attr]


def _ratings(here: World) -> list[tuple[str, bool, str]]:
    with sqlite3.connect(here.settings.home / "ledger.db") as database:
        rows = database.execute("select member, helpful, reason from feedback").fetchall()
    database.close()
    return [(member, bool(helpful), reason) for member, helpful, reason in rows]


async def test_context_shows_the_neighbours_the_place_the_date_and_the_hash(here: World) -> None:
    reply = await here.ask(QUESTION)
    said = _said(await _click(here, reply, "context"))
    article = here.bot.app.live.snapshot().article("safety")
    assert said == (
        "[1] Oops on set safety, “Closed sets”, paragraph 1\n"
        "Allie Oops coordinates intimate scenes for a living. “A closed set has eight people at "
        "most,” Oops told Mashable. She keeps a list at the door.\n"
        f"Published: 2024-05-01. SHA-256 of the article’s text: {article.content_hash}"
    )
    assert here.replies() == [reply]


async def test_more_shows_what_was_found_beyond_and_is_offered_only_then(here: World) -> None:
    reply = await here.ask("What about rehearsals?")
    assert _labels(reply) == ["Show in context", "More", "👍", "👎", "Ask a follow-up"]
    said = _said(await _click(here, reply, "more"))
    assert said.startswith(WORDS("more"))
    first = seen(reply).split("\n\n")[0]
    quoted = said.split("\n\n")[1]
    assert quoted == "Rehearsals need no camera. [4] Rehearsals end with a talk. [5]"
    assert re.sub(r" \[\d\]", "", quoted) in here.texts()
    assert first.endswith("[3]")
    few = await here.ask(QUESTION)
    assert _labels(few) == ["Show in context", "👍", "👎", "Ask a follow-up"]


async def test_a_thumb_up_is_kept(here: World) -> None:
    reply = await here.ask(QUESTION)
    assert _said(await _click(here, reply, "up")) == WORDS("thanks")
    assert _ratings(here) == [(str(here.ann.id), True, "")]


async def test_a_thumb_down_is_kept_at_once_and_asks_why(here: World) -> None:
    reply = await here.ask(QUESTION)
    shown = await _click(here, reply, "down")
    assert shown.modal is not None
    assert shown.modal["title"] == WORDS("why_title")
    assert _ratings(here) == [(str(here.ann.id), False, "")]
    result = await here.ann.submit_modal(shown, {"onrecord:reason": " Wrong *set*. "})
    assert _said(result) == WORDS("thanks")
    assert _ratings(here) == [(str(here.ann.id), False, "Wrong *set*.")]


async def test_each_member_has_one_rating_and_may_change_it(here: World) -> None:
    reply = await here.ask(QUESTION)
    bob = here.member("bob")
    await _click(here, reply, "up")
    await _click(here, reply, "up")
    await _click(here, reply, "down", bob)
    await _click(here, reply, "up", bob)
    assert sorted(_ratings(here)) == sorted([(str(here.ann.id), True, ""), (str(bob.id), True, "")])


async def test_buttons_work_after_a_restart(here: World) -> None:
    reply = await here.ask("What about rehearsals?")
    modal = await _click(here, reply, "down")
    await here.restart()
    assert "Published" in _said(await _click(here, reply, "context"))
    assert _said(await _click(here, reply, "more")).startswith(WORDS("more"))
    await here.ann.submit_modal(modal, {"onrecord:reason": "late"})
    assert _ratings(here) == [(str(here.ann.id), False, "late")]
    await here.restart()
    assert _said(await _click(here, reply, "up")) == WORDS("thanks")


async def test_buttons_of_a_command_s_answer_work_too(here: World) -> None:
    result = await here.ann.slash(here.channel, "ask", question=QUESTION)
    assert result.response is not None
    assert "Published" in _said(await _click(here, result.response.message, "context"))


async def test_words_that_have_changed_since_are_not_shown_again(here: World) -> None:
    reply = await here.ask("What about rehearsals?")
    (here.settings.articles / "directors.md").write_text("# Other\n\nOther words now.\n", "utf-8")
    here.reindex()
    assert _said(await _click(here, reply, "context")) == WORDS("gone")
    assert _said(await _click(here, reply, "more")) == WORDS("no_more")
    (here.settings.articles / "directors.md").unlink()
    here.reindex()
    assert _said(await _click(here, reply, "context")) == WORDS("gone")


async def test_a_follow_up_opens_a_thread_that_knows_the_answer(here: World) -> None:
    reply = await here.ask("What did Oops say about a closed set?")
    said = _told(await _click(here, reply, "thread"))
    (thread,) = here.channel.threads
    assert said == WORDS("follow_up_in", thread=thread.mention)
    assert thread.name == "What did Oops say about a closed set?"
    answer = await here.ask("and what did she say about directors?", thread)
    assert "Directors feared a loss of control, said Oops." in seen(answer)
    again = await here.ask("And about rehearsals?", thread)
    assert "rehearsals" in seen(again)


async def test_a_second_click_finds_the_thread_of_the_first(here: World) -> None:
    reply = await here.ask(QUESTION)
    bob = here.member("bob")
    first = _told(await _click(here, reply, "thread"))
    assert _told(await _click(here, reply, "thread", bob)) == first
    (thread,) = here.channel.threads
    assert len(here.replies(thread)) == 1


async def test_a_thread_that_was_opened_in_the_same_moment_is_found(here: World) -> None:
    reply = await here.ask(QUESTION)
    here.env.inject_error("POST", "/channels/*/messages/*/threads", status=400, code=160004)
    here.env.backend.create_thread(
        here.channel.id, "Same moment", here.ann.id, message_id=reply.id, broadcast=False
    )
    (thread,) = here.channel.threads
    said = _told(await _click(here, reply, "thread"))
    assert said == WORDS("follow_up_in", thread=thread.mention)


async def test_in_a_thread_or_direct_message_a_follow_up_needs_no_new_thread(here: World) -> None:
    reply = await here.ask(QUESTION)
    await _click(here, reply, "thread")
    (thread,) = here.channel.threads
    inside = await here.ask(QUESTION, thread)
    assert _said(await _click(here, inside, "thread")) == WORDS("follow_up_here")
    await here.ann.send_dm(QUESTION)
    (direct,) = here.replies(here.ann.user.dm_channel)
    result = await here.ann.user.click(direct, custom_id=f"onrecord:thread:{answer_of(direct)}")
    assert result.response is not None
    assert seen(result.response.message) == WORDS("follow_up_dm")


async def test_a_follow_up_says_which_permission_is_missing(here: World) -> None:
    reply = await here.ask(QUESTION)
    here.deny("create_public_threads")
    said = _told(await _click(here, reply, "thread"))
    assert "“Create Public Threads”" in said
    assert here.channel.threads == []


@pytest.mark.parametrize("action", ["context", "more", "up", "thread"])
async def test_a_button_of_a_forgotten_answer_says_so(here: World, action: str) -> None:
    reply = await here.ask("What about rehearsals?")
    await here.ann.slash(here.channel, "privacy delete")
    assert _said(await _click(here, reply, action)) == WORDS("unknown_answer")


async def test_a_reason_for_a_forgotten_answer_is_not_kept(here: World) -> None:
    reply = await here.ask(QUESTION)
    shown = await _click(here, reply, "down")
    await here.ann.slash(here.channel, "privacy delete")
    result = await here.ann.submit_modal(shown, {"onrecord:reason": "late"})
    assert _said(result) == WORDS("unknown_answer")
    assert _ratings(here) == []
