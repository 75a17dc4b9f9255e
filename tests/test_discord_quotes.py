"""Quotations on Discord through the front door: looked up, paged, shared, and kept."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import discord
import pytest
import pytest_asyncio
from discord.webhook.async_ import AsyncWebhookAdapter
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.localization import phrases
from tests.discord_markdown import links
from tests.discord_world import World, seen, world
from tests.quote_world import blocks, ids, message_of, press, quote_world, told, told_after

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord import InteractionResult, MemberActor

WORDS = phrases()


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with quote_world(tmp_path) as made:
        yield made


async def _quote(here: World, **options: object) -> discord.Message:
    result = await here.ann.slash(here.channel, "quote", **options)
    assert result.ephemeral
    return message_of(result)


def _shown(here: World) -> list[tuple[str, bool, str]]:
    """What the ledger has of shown words: message, whether only one person saw it, the words."""
    with sqlite3.connect(here.settings.home / "ledger.db") as database:
        rows = database.execute(
            "select shown.message, private, article_id, start, end from shown "
            "join answers on answers.id = answer order by at, number"
        ).fetchall()
    database.close()
    snapshot = here.bot.app.live.snapshot()
    return [
        (message, bool(private), snapshot.article(article).text[start:end])
        for message, private, article, start, end in rows
    ]


async def test_a_quotation_comes_with_speaker_attribution_place_and_part(here: World) -> None:
    message = await _quote(here, speaker="ortiz")
    assert seen(message) == (
        "Quotations · Lena Ortiz\n\n"
        "Lena Ortiz – by the words “Lena Ortiz”, “told”, to Variety\n"
        "We never work with more than twelve people, [1]\n"
        "Talk at the festival, “On stage”, paragraph 1 · 2024-06-02\n\n"
        "Lena Ortiz – by the words “she”, “said”\n"
        "A closed set is a promise, [2]\n"
        "Talk at the festival, “On stage”, paragraph 1 · 2024-06-02 · "
        "part 1 of 2 of what was said\n\n"
        "Lena Ortiz – by the words “she”, “said”\n"
        "and a promise does not wait. [3]\n"
        "Talk at the festival, “On stage”, paragraph 1 · 2024-06-02 · "
        "part 2 of 2 of what was said\n"
        "1–3 of 3"
    )
    assert links(message.content)[0].startswith("https://example.org/talk#:~:text=We%20never")
    assert all(block in here.texts() for block in blocks(message.content))
    assert here.replies() == []
    assert list(ids(message)) == ["context", "share"]


async def test_speaker_topic_and_article_narrow_what_is_shown(here: World) -> None:
    assert len(blocks((await _quote(here, speaker="Émile Roux", article="talk")).content)) == 2
    about = await _quote(here, about="red doors for everyone", article="Doors")
    assert "I paint **doors** `red` for <@&1> and @everyone," in blocks(about.content)
    assert seen(about).startswith("Quotations · “red doors for everyone” · Doors")
    nearest = await _quote(here, about="penguins", speaker="ortiz")
    assert WORDS("off_topic_by", speaker="Lena Ortiz", about="penguins") in seen(nearest)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"speaker": "Emil Roux"}, "called “Emil Roux”. Nearest names: Émile Roux."),
        ({"speaker": "Zebedee"}, "The articles quote nobody called “Zebedee”."),
        ({"article": "Talk at the carnival"}, "Nearest titles: Talk at the festival."),
        ({"article": "xyzzy"}, "No article is called “xyzzy”, or more than one is."),
        ({"article": "Barriers"}, "“Barriers” quotes nobody."),
        ({"article": "Barriers", "speaker": "Oops"}, "“Barriers” does not quote Allie Oops."),
    ],
)
async def test_what_is_not_there_is_told_and_cannot_be_shared(
    here: World, options: dict[str, str], said: str
) -> None:
    result = await here.ann.slash(here.channel, "quote", **options)
    assert told(result).endswith(said)
    assert message_of(result).components == []
    assert _shown(here) == []


async def test_speakers_are_offered_by_any_name_most_quoted_first_with_ids(here: World) -> None:
    every = await here.ann.autocomplete(here.channel, "quote", "speaker", "")
    assert [one["name"] for one in every] == ["Émile Roux (7)", "Lena Ortiz (3)", "Allie Oops (1)"]
    for typed in ("emile", "ÉMILE r", "Roux", "roux ém"):
        (one,) = await here.ann.autocomplete(here.channel, "quote", "speaker", typed)
        assert one["name"] == "Émile Roux (7)"
        assert len(blocks((await _quote(here, speaker=one["value"])).content)) >= 5
    assert await here.ann.autocomplete(here.channel, "quote", "speaker", "zzz") == []
    titles = await here.ann.autocomplete(here.channel, "quote", "article", "festival talk")
    assert titles == [{"name": "Talk at the festival", "value": "talk"}]


async def test_pages_reach_every_quotation_once_and_back_after_a_restart(here: World) -> None:
    message = await _quote(here, speaker="roux")
    pages = [blocks(message.content)]
    while "after" in ids(message):
        await here.restart()
        result = await press(here, message, "after")
        assert result.followups == []
        message = _now(here, message)
        pages.append(blocks(message.content))
    every = [block for page in pages for block in page]
    assert len(pages) > 1
    assert len(every) == len(set(every)) == 7
    assert seen(message).endswith("of 7")
    assert {words for _, _, words in _shown(here)} == set(pages[-1])
    while "before" in ids(message):
        await press(here, message, "before")
        message = _now(here, message)
    assert blocks(message.content) == pages[0]
    assert here.replies() == []


def _now(here: World, message: discord.Message) -> discord.Message:
    """A message as it is now, the ephemeral ones among them."""
    (found,) = [one for one in here.channel.history(viewer=here.ann) if one.id == message.id]
    return found


async def test_context_is_the_whole_sentence_and_its_neighbours(here: World) -> None:
    message = await _quote(here, about="closed set promise", speaker="ortiz")
    said = told(await press(here, message, "context"))
    assert (
        "“We never work with more than twelve people,” Lena Ortiz, the coordinator, told Variety. "
        "“A closed set is a promise,” she said, “and a promise does not wait.” Ortiz has no lists."
    ) in said
    assert here.bot.app.live.snapshot().article("talk").content_hash in said


async def test_sharing_makes_an_answer_of_a_page(here: World) -> None:
    message = await _quote(here, speaker="ortiz")
    result = await press(here, message, "share")
    (public,) = here.replies()
    assert seen(public) == f"Ann shared:\n{seen(message)}"
    assert list(ids(public)) == ["context", "up", "down", "thread"]
    assert list(ids(_now(here, message))) == ["context"]
    (followup,) = result.followups
    assert followup.message.id == public.id
    bob = here.member("bob")
    assert "Ortiz has no lists." in told(await press(here, public, "context", bob))
    assert told(await press(here, public, "up", bob)) == WORDS("thanks")
    shown = _shown(here)
    assert [one[2] for one in shown if one[:2] == (str(public.id), False)] == blocks(public.content)
    assert [one[2] for one in shown if one[:2] == (str(message.id), True)] == blocks(public.content)


async def test_a_double_click_shares_once(here: World) -> None:
    message = await _quote(here, speaker="ortiz")
    await press(here, message, "share")
    again = await _forged(here, here.ann, ids(message)["share"])
    assert told_after(again) == WORDS("already_shared")
    assert len(here.replies()) == 2  # with the forged one


async def test_only_the_asker_turns_shared_pages_even_after_a_restart(here: World) -> None:
    message = await _quote(here, speaker="roux")
    await press(here, message, "share")
    await here.restart()
    (public,) = here.replies()
    before = public.content
    bob = here.member("bob")
    other = await press(here, public, "after", bob)
    assert told_after(other) == WORDS("not_yours", asker=here.ann.mention)
    assert here.replies()[0].content == before
    await press(here, public, "after")
    (turned,) = here.replies()
    assert seen(turned).startswith("Ann shared:\nQuotations · Émile Roux")
    assert blocks(turned.content) != blocks(before)
    assert list(ids(turned)) == ["before", "context", "up", "down", "thread"]
    mine = [words for at, private, words in _shown(here) if at == str(turned.id) and not private]
    assert mine == blocks(turned.content)
    context = told(await press(here, turned, "context", bob))
    assert mine[0].split(",")[0] in context


async def test_nobody_else_gets_at_what_only_the_asker_sees(here: World) -> None:
    message = await _quote(here, speaker="roux")
    bob = here.member("bob")
    for action in ("after", "share"):
        result = await _forged(here, bob, ids(message)[action])
        assert told_after(result) == WORDS("not_yours", asker=here.ann.mention)
    context = await _forged(here, bob, ids(message)["context"])
    assert WORDS("not_yours", asker=here.ann.mention) in message_of(context).content


async def _forged(here: World, who: MemberActor, custom_id: str) -> InteractionResult:
    """Somebody presses a button of the same id under a message that they see."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(custom_id=custom_id, label="x"))
    channel = here.bot.get_channel(here.channel.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("-", view=view, allowed_mentions=discord.AllowedMentions.none())
    return await who.click(message, custom_id=custom_id)


async def test_who_may_not_post_may_not_share(here: World) -> None:
    message = await _quote(here, speaker="ortiz")
    denied = discord.Permissions(send_messages=True).value
    overwrite = Overwrite(here.ann.id, OverwriteType.MEMBER, deny=denied)
    here.env.backend.set_overwrite(here.channel.id, overwrite)
    assert told_after(await press(here, message, "share")) == WORDS("may_not_post")
    assert here.replies() == []


async def test_lookups_and_sharing_count_as_questions(tmp_path: Path) -> None:
    async with quote_world(tmp_path, member_questions=2) as here:
        message = await _quote(here, speaker="roux")
        await here.ann.slash(here.channel, "speakers")
        refused = WORDS("cooldown_member", count=2, seconds=60)
        assert told_after(await press(here, message, "share")) == refused
        assert told(await here.ann.slash(here.channel, "whosaid", text="a b c d")) == refused
        await press(here, message, "after")
        assert seen(_now(here, message)).endswith("of 7")


async def test_channels_that_are_not_answered_in_get_nothing(here: World) -> None:
    message = await _quote(here, speaker="roux")
    other = here.guild.create_text_channel("quotes")
    await here.bot.desk.wish(str(here.guild.id), channels=(str(other.id),))
    refusal = WORDS("not_here", channels=other.mention)
    for command, options in (("quote", {}), ("speakers", {}), ("whosaid", {"text": "a b c d"})):
        result = await here.ann.slash(here.channel, command, **options)
        assert message_of(result).content == refusal
    for action in ("after", "share"):
        assert told_after(await press(here, message, action)) == refusal
    for option in ("speaker", "article"):
        assert await here.ann.autocomplete(here.channel, "quote", option, "") == []
    assert "Quotations" in message_of(await here.ann.slash(other, "quote")).content


async def test_direct_messages_and_threads_work_alike(here: World) -> None:
    ann = here.ann.user
    message = message_of(await ann.slash("quote", speaker="ortiz"))
    await ann.click(message, custom_id=ids(message)["share"])
    shared = here.replies(ann.dm_channel)[-1]
    assert seen(shared).startswith("Ann shared:\nQuotations · Lena Ortiz")
    (name, *_) = await ann.autocomplete("quote", "speaker", "ort")
    assert name["name"] == "Lena Ortiz (3)"
    start = await here.ann.send(here.channel, "quotes, please")
    here.env.backend.create_thread(here.channel.id, "Quotes", here.ann.id, message_id=start.id)
    (thread,) = here.channel.threads
    message = message_of(await here.ann.slash(thread, "quote", speaker="ortiz"))
    await here.ann.click(message, custom_id=ids(message)["share"])
    (public,) = here.replies(thread)
    assert blocks(public.content) == blocks(message.content)


async def test_a_follow_up_goes_on_with_what_was_shared_and_with_nothing_private(
    here: World,
) -> None:
    start = await here.ann.send(here.channel, "quotes, please")
    here.env.backend.create_thread(here.channel.id, "Quotes", here.ann.id, message_id=start.id)
    (thread,) = here.channel.threads
    message = message_of(await here.ann.slash(thread, "quote", speaker="ortiz"))
    bob = here.member("bob")
    question = await bob.send(thread, f"{here.me} And what did she say about twelve people?")
    assert not seen(here.reply_to(question, thread)).startswith("Understood")
    await here.ann.click(message, custom_id=ids(message)["share"])
    question = await bob.send(thread, f"{here.me} And what did she say about twelve people?")
    first = seen(here.reply_to(question, thread)).split("\n")[0]
    assert first == "Understood as: What did Lena Ortiz say about twelve people?"


async def test_a_deleted_message_hurts_nobody(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    message = await _quote(here, speaker="roux")
    await press(here, message, "share")
    (public,) = here.replies()
    here.env.inject_error("PATCH", "/webhooks/*", status=404, code=10008)
    result = await press(here, public, "after")
    assert result.followups == []
    here.env.backend.delete_message(here.channel.id, public.id)
    again = _now(here, await _quote(here, speaker="roux"))
    assert "after" in ids(again)
    assert "problem" in caplog.text


async def test_deleting_what_is_stored_deletes_lookups(here: World) -> None:
    message = await _quote(here, speaker="roux")
    await here.ann.slash(here.channel, "privacy delete")
    assert _shown(here) == []
    assert told_after(await press(here, message, "after")) == WORDS("unknown_answer")
    assert told_after(await press(here, message, "share")) == WORDS("unknown_answer")


async def test_articles_that_changed_are_paged_as_they_are_now(here: World) -> None:
    message = await _quote(here, speaker="roux")
    (here.settings.articles / "doors.md").unlink()
    here.reindex()
    assert told_after(await press(here, message, "after")) == WORDS("page_gone")
    assert seen(await _quote(here, speaker="roux")).endswith("1–2 of 2")


async def test_words_that_discord_alters_are_taken_back(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "edit_original_interaction_response"
    edit = getattr(AsyncWebhookAdapter, name)

    async def altered(*args: Any, **options: Any) -> Any:
        data = await edit(*args, **options)
        return {**data, "content": data["content"].replace("promise", "premise")}

    monkeypatch.setattr(AsyncWebhookAdapter, name, altered)
    message = await _quote(here, speaker="ortiz")
    assert seen(message).startswith(WORDS("altered"))
    assert blocks(message.content) == []
    assert {at for at, _, _ in _shown(here)} == {""}


async def test_the_bot_speaks_the_language_of_a_member_and_of_no_article(here: World) -> None:
    result = await here.ann.slash(here.channel, "speakers")
    assert told(result) == (
        "Émile Roux – 7 quotations, in Doors; Talk at the festival\n"
        "Lena Ortiz (coordinator) – 3 quotations, in Talk at the festival\n"
        "Allie Oops – 1 quotation, in Oops on set safety\n"
        "1–3 of 3"
    )
    await press(here, message_of(result), "share")
    (public,) = here.replies()
    assert seen(public).startswith("Ann shared:\nÉmile Roux – 7")
    assert list(ids(public)) == ["up", "down", "thread"]


async def test_nobody_quoted_is_said(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        (here.settings.articles / "safety.md").write_text("# Safety\n\nNobody speaks here.\n")
        here.reindex()
        for command in ("quote", "speakers"):
            result = await here.ann.slash(here.channel, command)
            assert told(result) == WORDS("nobody_quoted")


async def test_what_fails_is_told_with_an_id_or_in_words(
    here: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    message = await _quote(here, speaker="roux")
    monkeypatch.setattr("bot.service.look_up", lambda *_: 1 / 0)
    said = told(await here.ann.slash(here.channel, "quote"))
    assert said.startswith("Something went wrong while answering.")
    assert said.split("report problem ")[1].split(",")[0] in caplog.text
    assert told_after(await press(here, message, "after")).startswith("Something went wrong")
