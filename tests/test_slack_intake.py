"""Keeping the articles from Slack: who may adds, shows and removes; others get the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.adapters.slack import intake as module
from bot.localization import phrases
from corpus.intake import Shelf
from tests.slack_world import ANN, BOB, CHANNEL, DIRECT, MENTION, Body, World, seen, world
from tests.web_site import SENTENCES, Site, page, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

WORDS = phrases()
TEXT = ("The pool will close\n\n" + "\n\n".join(SENTENCES) + "\n").encode()
GERMAN = ("Der Rat hat gestern beschlossen, das alte Bad zu schließen. " * 8).encode()
ADDED = f"Added: The pool will close (pool)\n{WORDS('corpus_next')}"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest_asyncio.fixture
async def here(tmp_path: Path, site: Site) -> AsyncIterator[World]:
    async with world(tmp_path, fetch_hosts=site.host) as made:
        yield made


def _file(here: World, name: str, data: bytes, **more: Any) -> Body:
    """A file that somebody shared."""
    here.server.files[name] = data
    url = f"{here.server.address.removesuffix('/api/')}/files/{name}"
    return {"name": name, "size": len(data), "url_private_download": url, **more}


def _board(here: World, channel: str = "DBOB") -> str:
    """What Bob is told in his direct messages with the bot."""
    return seen([one for (place, _), one in here.server.messages.items() if place == channel][-1])


def _titles(here: World) -> list[str]:
    return [article.title for article in Shelf(here.settings.articles).articles().values()]


async def _typed(here: World, text: str, user: str = BOB) -> str:
    await here.command("/corpus", text, user_id=user)
    response = here.responses()[-1]
    assert response["response_type"] == "ephemeral"
    return seen(response)


async def _confirm(here: World, message: Body, action: str, user: str = BOB) -> str:
    """Somebody clicks on a button under something to confirm."""
    (wanted,) = [
        element["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if f":{action}:" in element["action_id"]
    ]
    place: Body = {"channel_id": CHANNEL, "is_ephemeral": True}
    body: Body = {"type": "block_actions", "channel": {"id": CHANNEL}, "container": place}
    actions = [{"type": "button", "action_id": wanted}]
    await here.interact({**body, **here.who(user), "actions": actions})
    return seen(here.responses()[-1])


async def test_files_of_a_message_to_the_bot_are_added_once(here: World) -> None:
    files = [_file(here, "pool.txt", TEXT)]
    said = {"user": BOB, "channel": DIRECT, "channel_type": "im", "subtype": "file_share"}
    await here.event(here.message("corpus add", files=files, **said))
    assert _board(here) == ADDED
    assert "The pool will close" in _titles(here)
    mention = here.message(f"{MENTION} Corpus add this", files=files, user=BOB)
    await here.event({**mention, "type": "app_mention"})
    await here.event(mention)
    told = [seen(one) for (place, _), one in here.server.messages.items() if place == "DBOB"]
    assert told == [ADDED, "Unchanged: The pool will close (pool)"]


async def test_the_shortcut_adds_the_files_and_the_page_of_a_message(
    here: World, site: Site
) -> None:
    site.pages["/news"] = page("On the news")
    text = f"Look: <{site.url('/news')}|news>"
    birds = b"Storks\n\nStorks nest on chimneys in Alsace. They return in March.\n" * 3
    message = here.message(text, files=[_file(here, "birds.txt", birds)], user=ANN)
    body: Body = {"type": "message_action", "callback_id": "onrecord:add_this", "message": message}
    await here.interact({**body, **here.who(BOB), "channel": {"id": CHANNEL}})
    assert _board(here).startswith("2 added, 0 changed")
    assert {"On the news", "Storks"} <= set(_titles(here))


async def test_a_link_behind_the_command_is_added(here: World, site: Site) -> None:
    site.pages["/news?a=1&b=2"] = page("On the news")
    told = await _typed(here, f"add <{site.url('/news?a=1&amp;b=2')}>")
    assert told == WORDS("slack_in_direct")
    assert _board(here).startswith("Added: On the news")


async def test_what_is_doubted_is_added_by_those_who_say_so(here: World) -> None:
    files = [_file(here, "bad.txt", GERMAN)]
    await here.mention("corpus add", files=files, user=BOB)
    message = here.posted()[-1]
    assert "Not added: bad.txt" in seen(message)
    assert "bad" not in Shelf(here.settings.articles).articles()
    await _confirm(here, message, "force", ANN)
    assert seen(here.responses()[-1]) == WORDS("slack_not_runner")
    await here.bot.parts.desk.wish("T1", collection="scripts")
    assert await _confirm(here, message, "force") == WORDS("corpus_add_again")
    await here.bot.parts.desk.wish("T1", collection="main")
    await _confirm_board(here, message)
    assert "Added: " in _board(here)
    await here.restart()
    assert await _confirm(here, message, "force") == WORDS("corpus_add_again")


async def _confirm_board(here: World, message: Body) -> None:
    (wanted,) = [one["action_id"] for one in message["blocks"][-1]["elements"]]
    body: Body = {"type": "block_actions", "channel": {"id": "DBOB"}, "message": message}
    actions = [{"type": "button", "action_id": wanted}]
    await here.interact({**body, **here.who(BOB), "actions": actions})


async def test_a_file_that_slack_does_not_give_names_the_scope(here: World) -> None:
    here.server.closed_files = True
    await here.mention("corpus add", files=[_file(here, "pool.txt", TEXT)], user=BOB)
    assert _board(here) == WORDS("slack_scope", scope="files:read")


async def test_the_token_is_shown_to_slack_only(here: World, site: Site) -> None:
    asked: list[str | None] = []

    async def take(request: Any) -> Any:
        from aiohttp import web

        asked.append(request.headers.get("Authorization"))
        return web.Response(text="x")

    site.pages["/pool.txt"] = take
    file = _file(here, "pool.txt", TEXT, url_private_download=site.url("/pool.txt"))
    await here.mention("corpus add", files=[file], user=BOB)
    assert _board(here) == WORDS("corpus_failed", reason="pool.txt")
    assert asked == []


@pytest.mark.parametrize("told", [True, False])
async def test_a_file_that_is_too_large_is_not_taken(
    here: World, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    monkeypatch.setattr(module, "MAX_FILE", 1 << 20)
    file = _file(here, "pool.txt", b"x" * (1 << 21))
    size = {} if told else {"size": 0}
    await here.mention("corpus add", files=[{**file, **size}], user=BOB)
    assert _board(here) == WORDS("corpus_too_large", name="pool.txt", limit=1)


async def test_a_message_without_anything_to_add_is_told_how(here: World) -> None:
    await here.mention("corpus add", user=BOB)
    assert _board(here) == WORDS("slack_add_what")


async def test_articles_are_listed_shown_removed_and_brought_back(here: World) -> None:
    assert "Oops on set safety (safety)" in await _typed(here, "list")
    assert "page 1 of 1" in await _typed(here, "list 7")
    assert "Address: https://example.org/safety" in await _typed(here, "show safety")
    assert await _typed(here, "show nothing") == WORDS("corpus_no_article")
    sure = await _typed(here, "remove safety")
    assert sure == WORDS("corpus_remove_sure", title="Oops on set safety", id="safety")
    asked = here.responses()[-1]
    assert await _confirm(here, asked, "leave") == WORDS("corpus_left")
    assert await _confirm(here, asked, "remove", ANN) == WORDS("slack_not_runner")
    assert (await _confirm(here, asked, "remove")).startswith("Removed: Oops on set safety")
    assert "safety" not in Shelf(here.settings.articles).articles()
    assert "removed Oops on set safety" in await _typed(here, "history safety")
    assert (await _typed(here, "restore safety")).startswith("Brought back: Oops on set safety")
    assert "Bob (slack): " in await _typed(here, "history")


async def test_feeds_are_watched_and_told_of_in_the_channel(here: World, site: Site) -> None:
    assert await _typed(here, "watches") == WORDS("corpus_no_watches")
    site.pages["/feed.xml"] = (
        '<rss version="2.0"><channel><title>News</title><item><title>A</title>'
        f"<link>{site.url('/a')}</link></item></channel></rss>"
    )
    url = site.url("/feed.xml")
    told = await _typed(here, f"watch <{url}> 12")
    assert told == WORDS("corpus_watching", url=url, hours="12")
    assert url in await _typed(here, "watches")
    assert await _typed(here, f"unwatch <{url}>") == WORDS("corpus_unwatched", url=url)
    assert await _typed(here, f"unwatch {url}") == WORDS("corpus_not_watched", url=url)
    assert await here.app.notices.tell(
        f"slack:{CHANNEL}", "corpus_watch_stopped", url=url, reason="is gone"
    )
    assert seen(here.posted()[-1]) == WORDS("corpus_watch_stopped", url=url, reason="is gone")


@pytest.mark.parametrize(
    "text", ["add https://e.org", "list", "show safety", "remove safety", "watch https://e.org"]
)
async def test_whoever_may_not_run_the_corpus_is_refused(here: World, text: str) -> None:
    assert await _typed(here, text, ANN) == WORDS("slack_not_runner")


async def test_files_of_somebody_who_may_not_are_not_even_read(here: World) -> None:
    await here.mention("corpus add", files=[_file(here, "pool.txt", TEXT)])
    assert _board(here, "DANN") == WORDS("slack_not_runner")
    assert "The pool will close" not in _titles(here)
