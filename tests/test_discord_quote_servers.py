"""Two servers with a collection each, and lists longer than Discord takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.collections import Collection
from bot.rendering.splitting import units
from tests.discord_world import World, app_of, seen, settings_in, world
from tests.quote_world import blocks, ids, message_of, press, quote_world

if TYPE_CHECKING:
    from pathlib import Path

PAPERS = """# Merger papers

“Quagga stays quiet,” said Ola Numbat. “A closed set has nine people at most,” Numbat told Okapi.
“Nobody may touch the papers,” said Zora Quoll.
"""
PRIVATE = ("Numbat", "Quoll", "Quagga", "Okapi", "Merger")
PUBLIC = ("Oops", "Mashable", "safety")


async def test_nothing_of_one_server_s_articles_shows_in_another(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, member_questions=100)
    papers = Collection.of(settings, "papers")
    papers.make()
    (papers.articles / "merger.md").write_text(PAPERS, "utf-8")
    async with world(tmp_path, app_of(settings)) as here:
        guild = here.env.create_guild("Second")
        channel = guild.create_text_channel("general")
        bob = guild.add_member(here.env.create_user("bob"))
        await here.bot.desk.wish(str(guild.id), collection="papers")
        for member, place, own, other in (
            (here.ann, here.channel, PUBLIC, PRIVATE),
            (bob, channel, PRIVATE, PUBLIC),
        ):
            told: list[Any] = [
                await member.autocomplete(place, "quote", option, typed)
                for typed in ("", "numb", "oops", "merger", "a")
                for option in ("speaker", "article")
            ]
            for command, options in (
                ("quote", {}),
                ("quote", {"about": "closed set people at most"}),
                ("whosaid", {"text": "A closed set has ten people at most"}),
                ("whosaid", {"text": "Penguins eat quiet trombones on Monday"}),
                ("speakers", {}),
            ):
                message = message_of(await member.slash(place, command, **options))
                told.append(seen(message))
            assert any(name in str(told) for name in own)
            assert not any(name in str(told) for name in other)
            await member.click(message, custom_id=ids(message)["share"])
        mine, theirs = seen(here.replies()[-1]), seen(here.replies(channel)[-1])
        assert "Oops" in mine
        assert "Numbat" in theirs


async def test_a_lookup_is_unknown_in_another_server(tmp_path: Path) -> None:
    async with quote_world(tmp_path) as here:
        message = message_of(await here.ann.slash(here.channel, "quote"))
        guild = here.env.create_guild("Second")
        answer = ids(message)["share"].split(":")[2]
        assert await here.bot.desk.entry(answer, str(guild.id)) is None
        await here.bot.desk.wish(str(here.guild.id), collection="other")
        assert await here.bot.desk.entry(answer, str(here.guild.id)) is None


def _many(count: int) -> str:
    first = ["Ann", "Bo", "Cy", "Di", "Ed", "Fay", "Gus", "Hal", "Ida", "Jo"]
    last = ["Adams", "Baker", "Clark", "Davis", "Evans", "Fox", "Green", "Hill"]
    names = [f"{one} {other}" for other in last for one in first][:count]
    return "# Many\n\n" + "\n\n".join(
        f"“We met {name} on a day like this one,” said {name}." for name in names
    )


async def test_lists_keep_to_what_discord_takes(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    (settings.articles / "many.md").write_text(_many(40), "utf-8")
    title = "A very long title " * 12
    for number in range(30):
        path = settings.articles / f"{'long-name-' * 12}{number}.md"
        path.write_text(f"# {title}{number}\n\n“Doors open at eight,” said Lena Ortiz.", "utf-8")
    async with world(tmp_path, app_of(settings)) as here:
        for option in ("speaker", "article"):
            choices = await here.ann.autocomplete(here.channel, "quote", option, "")
            assert len(choices) == 25
            for choice in choices:
                assert 1 <= units(choice["name"]) <= 100
                assert 1 <= units(choice["value"]) <= 100
        await _walk(here)


async def _walk(here: World) -> None:
    """All speakers are listed once, page by page."""
    message = message_of(await here.ann.slash(here.channel, "speakers"))
    names = _names(seen(message))
    while "after" in ids(message):
        await press(here, message, "after")
        history = here.channel.history(viewer=here.ann)
        message = next(one for one in history if one.id == message.id)
        names += _names(seen(message))
    every = [one.name for one in here.bot.app.live.snapshot().quotes.speakers]
    assert names == every
    assert blocks(message.content) == []


def _names(text: str) -> list[str]:
    return [line.split(" – ")[0].split(" (")[0] for line in text.split("\n") if " – " in line]
