"""Running the corpus from the Home tab in Slack: by those who may, checked at each click."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.corpus_admin import reindex
from bot.localization import phrases
from corpus.intake import Shelf
from tests.slack_server import TEAM
from tests.slack_world import ANN, BOB, Body, World, seen, world
from tests.web_site import Site, page, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

WORDS = phrases()
TEXT = ("# The tram\n\n" + "The tram to the harbour runs every ten minutes. " * 40).encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest_asyncio.fixture
async def here(tmp_path: Path, site: Site) -> AsyncIterator[World]:
    async with world(tmp_path, fetch_hosts=site.host) as made:
        yield made


async def _home(here: World, user: str = BOB) -> Body:
    await here.event({"type": "app_home_opened", "user": user, "tab": "home"})
    view: Body = here.server.made("views.publish")[-1]["view"]
    return view


async def _click(here: World, action: str, user: str = BOB, chosen: str = "") -> None:
    """Somebody uses a control of their Home tab."""
    used: Body = {"action_id": f"onrecord:home:{action}", "type": "button"}
    if chosen:
        used |= {"type": "external_select", "selected_option": {"value": chosen}}
    body: Body = {"type": "block_actions", "container": {"type": "view", "view_id": "V1"}}
    who = {key: value for key, value in here.who(user).items() if key != "response_url"}
    await here.interact({**body, **who, "actions": [used]})


async def _offered(here: World, action: str, typed: str = "", user: str = BOB) -> list[Body]:
    body: Body = {"type": "block_suggestion", "action_id": f"onrecord:home:{action}"}
    shown = await here.interact({**body, **here.who(user), "value": typed})
    options: list[Body] = shown["options"]
    return options


async def _send(here: World, values: dict[str, Any], user: str = BOB) -> None:
    """Somebody fills in the window that was opened last, and sends it."""
    view = here.server.made("views.open")[-1]["view"]
    state = {"values": {name: {name: value} for name, value in values.items()}}
    body: Body = {"type": "view_submission", **here.who(user), "view": {**view, "state": state}}
    await here.interact(body)


def _told(here: World, user: str = BOB) -> list[str]:
    """What somebody reads in their direct messages with the bot."""
    found = [
        one
        for (place, _), one in here.server.messages.items()
        if place == f"D{user.removeprefix('U')}"
    ]
    return [seen(one) for one in found]


def _titles(here: World) -> list[str]:
    return [article.title for article in Shelf(here.settings.articles).articles().values()]


async def test_only_those_who_may_run_the_corpus_see_its_controls(here: World) -> None:
    anns, bobs = str(await _home(here, ANN)), str(await _home(here))
    assert "onrecord:home:" not in anns
    for action in ("add", "watch", "list", "history", "watches", "article", "version"):
        assert f"onrecord:home:{action}'" in bobs


async def test_what_one_may_do_is_told_truly_to_a_listed_group(here: World) -> None:
    await here.bot.parts.desk.wish(TEAM, admins="S1")
    here.server.groups["S1"] = [ANN]
    anns, bobs = await _home(here, ANN), await _home(here)
    assert WORDS("slack_may_run") in seen(anns)
    assert WORDS("slack_may_configure") not in seen(anns)
    assert "correcting" not in str(anns)
    assert WORDS("slack_may_configure") in seen(bobs)


async def test_one_who_is_blocked_is_told_so_on_the_home_tab(here: World) -> None:
    await here.bot.parts.desk.wish(TEAM, blocked="S1")
    here.server.groups["S1"] = [ANN]
    view = await _home(here, ANN)
    assert WORDS("blocked") in seen(view)
    assert WORDS("slack_may_ask") not in seen(view)


async def test_files_and_a_link_are_added_by_a_window(here: World, site: Site) -> None:
    site.pages["/pool"] = page("The pool will close")
    here.server.files["tram.md"] = TEXT
    url = f"{here.server.address.removesuffix('/api/')}/files/tram.md"
    file = {"name": "tram.md", "size": len(TEXT), "url_private_download": url}
    await _click(here, "add")
    fields = {"onrecord:url": {"value": site.url("/pool")}, "onrecord:files": {"files": [file]}}
    await _send(here, fields)
    assert {"The tram", "The pool will close"} <= set(_titles(here))
    assert WORDS("corpus_next") in _told(here)[-1]


async def test_a_window_sent_empty_is_told_what_it_takes(here: World) -> None:
    await _click(here, "add")
    await _send(here, {})
    assert _told(here) == [WORDS("slack_add_what")]


async def test_the_command_without_a_link_opens_the_same_window(here: World) -> None:
    for text, window in (("add", "onrecord:bringing"), ("watch", "onrecord:reading")):
        await here.command("/corpus", text, user_id=BOB)
        assert here.server.made("views.open")[-1]["view"]["callback_id"] == window
    assert not here.responses()


async def test_a_feed_is_watched_and_told_of(here: World, site: Site) -> None:
    feed = site.url("/feed.xml")
    site.pages["/feed.xml"] = (
        '<rss version="2.0"><channel><title>News</title><item><title>A</title>'
        f"<link>{site.url('/a')}</link></item></channel></rss>"
    )
    await _click(here, "watch")
    await _send(here, {"onrecord:url": {"value": feed}, "onrecord:hours": {"value": "12"}})
    assert _told(here) == [WORDS("corpus_watching", url=feed, hours="12")]
    await _click(here, "watches")
    assert feed in _told(here)[-1]


async def test_an_article_is_found_by_its_title_shown_and_removed(here: World) -> None:
    (option,) = await _offered(here, "article", "set saf")
    assert option["text"]["text"].startswith("Oops on set safety")
    await _click(here, "article", chosen=option["value"])
    shown, asked = _told(here)
    assert "safety.md" in shown
    assert asked.startswith("Remove Oops on set safety (safety)?")
    message = [one for (place, _), one in here.server.messages.items() if place == "DBOB"][-1]
    elements = [one for block in message["blocks"] for one in block.get("elements", ())]
    (remove,) = [one for one in elements if ":remove:" in one.get("action_id", "")]
    body: Body = {"type": "block_actions", "message": message, "channel": {"id": "DBOB"}}
    await here.interact({**body, **here.who(BOB), "actions": [remove]})
    assert "Oops on set safety" not in _titles(here)


async def test_an_article_that_is_gone_by_now_is_told(here: World) -> None:
    (option,) = await _offered(here, "article", "set saf")
    (here.settings.articles / "safety.md").unlink()
    await _click(here, "article", chosen=option["value"])
    assert _told(here) == [WORDS("corpus_no_article")]


async def test_going_back_to_a_version_is_confirmed_done_and_shown(here: World) -> None:
    assert await _offered(here, "version") == []
    before = here.app.live.snapshot().manifest.version
    (here.settings.articles / "new.md").write_text("# Newest\n\nAll is new here.\n", "utf-8")
    await asyncio.to_thread(reindex, here.settings, here.app.embedder)
    view = await _home(here)
    select = next(
        block["accessory"]
        for block in view["blocks"]
        if block.get("accessory", {}).get("action_id") == "onrecord:home:version"
    )
    assert select["confirm"]["text"]["text"] == WORDS("slack_home_sure")
    (option,) = await _offered(here, "version")
    assert option["value"] == before
    await _click(here, "version", chosen=before)
    assert _told(here) == [WORDS("rolled_back", version=before)]
    assert here.app.live.snapshot().manifest.version == before
    assert before in seen(here.server.made("views.publish")[-1]["view"])


async def test_lists_come_by_direct_message(here: World) -> None:
    await _click(here, "list")
    assert "Oops on set safety (safety)" in _told(here)[-1]
    await _click(here, "history")
    assert _told(here)[-1] == WORDS("corpus_no_history")


async def test_corrections_are_switched_off_and_on_by_admins_only(here: World) -> None:
    assert "stop_correcting" in str(await _home(here))
    await _click(here, "stop_correcting", ANN)
    assert _told(here, ANN) == [WORDS("slack_not_admin")]
    await _click(here, "stop_correcting")
    assert not (await here.bot.parts.desk.wishes(TEAM)).corrections
    assert "home:correct'" in str(here.server.made("views.publish")[-1]["view"])
    await _click(here, "correct")
    assert (await here.bot.parts.desk.wishes(TEAM)).corrections


@pytest.mark.parametrize("action", ["add", "watch", "list", "history", "article", "version"])
async def test_a_click_of_one_who_may_not_does_nothing_and_says_why(
    here: World, action: str
) -> None:
    assert await _offered(here, "article", user=ANN) == []
    chosen = "0123456789abcdef" if action in ("article", "version") else ""
    await _click(here, action, ANN, chosen)
    assert _told(here, ANN) == [WORDS("slack_not_runner")]
    assert not here.server.made("views.open")
