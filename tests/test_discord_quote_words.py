"""In every message sent, each quotation is what the article has at the place the ledger names."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from bot.settings import SHIPPED_ARTICLES
from tests.discord_world import World, app_of, settings_in, world
from tests.quote_world import blocks, ids, message_of, press

if TYPE_CHECKING:
    from pathlib import Path

    import discord

_WHOSAID = (
    "I don't think I'm ever going to work without an intimacy coordinator again",
    "I think I'm going to work with 2 intimacy coordinators again",
    "There’s now something called an intimacy coordinator, I would feel very stifled by that",
    "Penguins eat quiet trombones on Monday",
)


def _words_at(here: World, message: discord.Message) -> list[str]:
    """The words of the spans that the ledger has of a message, from the articles."""
    with sqlite3.connect(here.settings.home / "ledger.db") as database:
        rows = database.execute(
            "select article_id, content_hash, start, end from shown where message = ? "
            "order by number",
            (str(message.id),),
        ).fetchall()
    database.close()
    snapshot = here.bot.app.live.snapshot()
    found = []
    for article_id, content_hash, start, end in rows:
        article = snapshot.article(article_id)
        assert article.content_hash == content_hash
        found.append(article.text[start:end])
    return found


def _check(here: World, message: discord.Message) -> list[str]:
    shown = blocks(message.content)
    assert shown
    assert shown == _words_at(here, message)
    return shown


async def test_every_quotation_shown_is_what_its_article_has_there(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, member_questions=100).model_copy(
        update={"articles": SHIPPED_ARTICLES}
    )
    async with world(tmp_path, app_of(settings)) as here:
        message = message_of(await here.ann.slash(here.channel, "quote"))
        every = _check(here, message)
        while "after" in ids(message):
            await press(here, message, "after")
            history = here.channel.history(viewer=here.ann)
            message = next(one for one in history if one.id == message.id)
            every += _check(here, message)
        assert len(every) > 50
        assert len(every) == len(here.bot.app.live.snapshot().quotes)
        for text in _WHOSAID:
            message = message_of(await here.ann.slash(here.channel, "whosaid", text=text))
            _check(here, message)
            await press(here, message, "share")
            _check(here, here.replies()[-1])
