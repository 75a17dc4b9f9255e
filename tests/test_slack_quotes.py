"""Quotations on Slack: by command, by window, by shortcut; in pages; shared with a channel."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.conversation import QuoteRequest
from bot.localization import phrases
from tests.slack_world import ANN, BOB, CHANNEL, Body, World, seen, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

WORDS = phrases()
SAID = "A closed set has eight people at most,"
_ARTICLE = "# Voices\n\n" + "\n\n".join(
    f"“The lantern number {at} needs a steady pair of hands on any stage,” Mira Stone told Variety."
    for at in range(12)
)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def many(tmp_path: Path) -> AsyncIterator[World]:
    """A workspace whose articles hold more quotations than a page."""
    from tests.discord_world import articles

    (articles(tmp_path / "articles") / "voices.md").write_text(_ARTICLE, "utf-8")
    async with world(tmp_path) as made:
        yield made


def _told(here: World) -> Body:
    """What the one who asked was told, and nobody else."""
    response = here.responses()[-1]
    assert response["response_type"] == "ephemeral"
    return response


async def _page(here: World, message: Body, action: str, user: str = ANN, **more: Any) -> None:
    """Somebody clicks on a button under a page."""
    (found,) = {
        element["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if f":{action}:" in element["action_id"]
    }
    body: Body = {"type": "block_actions", "message": message, "channel": {"id": CHANNEL}}
    body |= {**here.who(user), "actions": [{"type": "button", "action_id": found}], **more}
    await here.interact(body)


@pytest.mark.parametrize(
    "text", ["Oops", "oops closed sets", "Oops about closed sets", "Allie Oops"]
)
async def test_a_speaker_and_a_topic_may_be_typed_behind_the_command(
    here: World, text: str
) -> None:
    await here.command("/quote", text)
    shown = seen(_told(here))
    assert f"{SAID} [1]" in shown
    assert "Oops" in shown
    assert here.posted() == []


async def test_without_a_speaker_all_is_the_topic(here: World) -> None:
    await here.command("/quote", "a closed set of eight people")
    assert f"{SAID} [1]" in seen(_told(here))


async def test_the_window_offers_speakers_while_somebody_types(here: World) -> None:
    await here.command("/quote")
    (opened,) = here.server.made("views.open")
    view = opened["view"]
    assert [block["element"]["type"] for block in view["blocks"]] == [
        "external_select",
        "plain_text_input",
    ]
    for typed, count in (("oo", 1), ("", 1), ("zzz", 0)):
        body = {"type": "block_suggestion", "action_id": "onrecord:speaker", "value": typed}
        offered = await here.interact({**body, "block_id": "x", **here.who(ANN)})
        assert len(offered["options"]) == count
    (option,) = (
        await here.interact(
            {"type": "block_suggestion", "action_id": "x", "value": "o", **here.who(ANN)}
        )
    )["options"]
    assert "Oops" in option["text"]["text"]
    values = {
        "onrecord:speaker": {"onrecord:speaker": {"selected_option": option}},
        "onrecord:about": {"onrecord:about": {"value": "closed set"}},
    }
    sent = {**view, "id": "V1", "state": {"values": values}}
    await here.interact({"type": "view_submission", "view": sent, **here.who(ANN)})
    assert f"{SAID} [1]" in seen(_told(here))


async def test_whosaid_judges_words_from_the_command_and_from_its_window(here: World) -> None:
    await here.command("/whosaid", "“A closed set has eight people at most” Oops")
    assert WORDS("verdict_exact").split(".")[0] in seen(_told(here))
    await here.command("/whosaid")
    view = here.server.made("views.open")[0]["view"]
    values = {
        "onrecord:said": {"onrecord:said": {"value": "A closed set has twelve people at most"}}
    }
    sent = {**view, "id": "V1", "state": {"values": values}}
    await here.interact({"type": "view_submission", "view": sent, **here.who(ANN)})
    shown = seen(_told(here))
    assert WORDS("verdict_altered").split(".")[0] in shown
    assert "“eight” → “twelve”" in shown


async def test_the_shortcut_tells_who_said_what_a_message_says(here: World) -> None:
    text = "&gt; *A closed set has eight people at most* [1]\nI think &lt;b&gt;"
    await here.shortcut(here.message(text, user=BOB), "onrecord:who_said")
    assert WORDS("verdict_exact").split(".")[0] in seen(_told(here))
    await here.shortcut(here.message(""), "onrecord:who_said")
    assert seen(_told(here)) == WORDS("no_quotation")


async def test_speakers_are_listed(here: World) -> None:
    await here.command("/speakers")
    assert "Oops" in seen(_told(here))


async def test_pages_turn_in_their_place_and_only_for_who_asked(many: World) -> None:
    await many.command("/quote", "Mira Stone")
    first = _told(many)
    assert "The lantern number 0 " in seen(first)
    await _page(many, first, "after")
    second = _told(many)
    assert second["replace_original"] is True
    assert "The lantern number 0 " not in seen(second)
    await _page(many, second, "before", BOB)
    assert seen(_told(many)) == f"Only <@{ANN}>" + WORDS("not_yours", asker="")[5:]
    await _page(many, second, "before")
    assert seen(_told(many)) == seen(first)


async def test_what_a_page_shows_can_be_seen_in_context_after_a_restart(many: World) -> None:
    await many.command("/quote", "Mira Stone")
    first = _told(many)
    await many.restart()
    await _page(many, first, "after")
    await many.click(_told(many), "context")
    assert "SHA-256" in seen(_told(many))


async def test_a_page_is_shared_once_and_stands_in_the_channel_like_an_answer(many: World) -> None:
    await many.command("/quote", "Mira Stone")
    private = _told(many)
    await _page(many, private, "share")
    shared = many.only()
    assert seen(shared).startswith(WORDS("shared_by", name="Ann"))
    assert "The lantern number 0 " in seen(shared)
    left = many.responses()[-1]
    assert left["replace_original"] is True
    assert "onrecord:page" in str(left["blocks"])
    assert ":share:" not in str(left["blocks"])
    await _page(many, private, "share")
    assert seen(_told(many)) == WORDS("already_shared")
    await many.click(shared, "up", BOB)
    assert seen(_told(many)) == WORDS("thanks")
    await _page(many, shared, "after")
    assert "The lantern number 0 " not in seen(many.only())
    await _page(many, many.only(), "before", BOB)
    assert seen(_told(many)).startswith("Only ")


async def test_a_page_is_shared_where_the_bot_is_no_member(many: World) -> None:
    await many.command("/quote", "Mira Stone")
    many.server.fail("chat.postMessage", "not_in_channel")
    await _page(many, _told(many), "share")
    shared = [one for one in many.responses() if one["response_type"] == "in_channel"]
    assert seen(shared[0]).startswith(WORDS("shared_by", name="Ann"))


async def test_somebody_who_may_not_ask_gets_no_quotations_and_no_names(here: World) -> None:
    await here.command("/quote", "Oops")
    page = _told(here)
    await here.bot.parts.desk.wish("T1", blocked="S7")
    here.server.groups = {"S7": [ANN]}
    await here.command("/quote", "Oops")
    assert seen(_told(here)) == WORDS("blocked")
    body = {"type": "block_suggestion", "action_id": "x", "value": "o", **here.who(ANN)}
    assert (await here.interact(body))["options"] == []
    await _page(here, page, "share")
    assert seen(_told(here)) == WORDS("blocked")
    assert here.posted() == []


async def test_a_lookup_that_is_no_longer_kept_is_told_so(here: World) -> None:
    await here.command("/quote", "Oops")
    page = _told(here)
    await here.command("/onrecord", "privacy delete")
    await _page(here, page, "share")
    assert seen(_told(here)) == WORDS("unknown_answer")


async def test_what_is_not_quoted_is_told(here: World) -> None:
    await here.bot.parts.looking._answer(_asked(here), QuoteRequest("Nobody Atall"))
    assert WORDS("unknown_speaker", name="Nobody Atall") in seen(_told(here))


def _asked(here: World) -> Any:
    from bot.adapters.slack.delivery import Spot
    from bot.adapters.slack.looking import Asked

    return Asked(ANN, "T1", Spot(CHANNEL), here.server.response_url(), "x", WORDS)


async def test_a_window_keeps_where_it_was_opened_within_what_slack_takes(here: World) -> None:
    await here.command("/quote")
    metadata = here.server.made("views.open")[0]["view"]["private_metadata"]
    assert json.loads(metadata)[0] == CHANNEL
    assert len(metadata) < 3000
