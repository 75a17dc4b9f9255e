"""Whatever an article or a question is written in comes out as it is, and does nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.localization import phrases
from corpus.text import canonicalize
from tests.discord_markdown import quoted
from tests.discord_world import ANSWER, QUESTION, WORDS, World, answer_of, app_of, seen, settings_in
from tests.discord_world import world as discord_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import discord

SENTENCES = {
    "everyone": "The zorgle says @everyone and @here, and <@200> with <@&300> in <#400>.",
    "masked": "The zorgle hides [a link](https://evil.example/?q=*a*_b_) and [x](<https://e.org>).",
    "fence": "The zorgle types ```py print('x')``` and `code` and ``more``.",
    "styles": "The zorgle is **bold**, __under__, *it*, _it_, ~~gone~~, ||hidden|| and \\*so\\*.",
    "stamps": "The zorgle clicks </ask:12345> at <t:0:R>, smiles :smile: and <:dot:12345>.",
    "invites": "The zorgle joins discord.gg/abc, mails a@b.org and reads www.example.org/_x_.",
    "rtl": "The zorgle reads \u202eesrever\u202c, שלום עולם and مرحبا بالعالم\u200f.",
    "zero": "The zorgle ze\u200bro jo\u200din\u200cs words, a\u00adsoft hyphen and a\u2060gap.",
    "marks": "The zorgle combines Z\u0351\u036b\u0343algo\u0324\u0353, n\u0303 and क्षि in नमस्ते.",
    "emoji": "The zorgle waves 👩🏽‍🎬, 🏳️‍🌈, 🇫🇷 and 1️⃣ under 𝔪𝔞𝔱𝔥 𝕝𝕖𝕥𝕥𝕖𝕣𝕤.",
    "lines": "The zorgle quotes >>> all of it, -# in small, # as a title and 1. as a list.",
    "long": "The zorgle " + " ".join(f"walks*{at}*_far_" for at in range(140)) + ".",
}


@pytest_asyncio.fixture
async def zoo(tmp_path: Path) -> AsyncIterator[World]:
    """A corpus in which every sign is escaped, so that none of them is markup."""
    settings = settings_in(tmp_path)
    for key, sentence in SENTENCES.items():
        words = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", _named(key, sentence))
        (settings.articles / f"z-{key}.md").write_text(f"# {key.upper()}\n\n{words}\n", "utf-8")
    async with discord_world(tmp_path, app_of(settings)) as made:
        yield made


def _named(key: str, sentence: str) -> str:
    return sentence.replace("zorgle", f"zorgle{key}")


def _harmless(message: discord.Message) -> None:
    assert not message.mention_everyone
    assert not message.mentions or [one.bot for one in message.mentions] == [False]  # the reply
    assert not message.role_mentions
    assert not message.embeds


def _squeezed(text: str) -> str:
    return "".join(text.split())


async def test_every_article_s_words_come_out_as_they_are(zoo: World) -> None:
    for key, sentence in SENTENCES.items():
        member, before = zoo.member(f"m{key}"), len(zoo.replies())
        await member.send(zoo.channel, f"{zoo.me} zorgle{key}")
        replies = zoo.replies()[before:]
        shown = _squeezed(" ".join(quoted(one.content) for one in replies))
        expected = canonicalize(_named(key, sentence)).text
        assert expected in zoo.texts()
        assert _squeezed(expected) in shown, key
        for reply in replies:
            _harmless(reply)


@pytest.mark.parametrize("key", [key for key in SENTENCES if key != "long"])
async def test_a_question_in_anything_is_repeated_as_it_is(here: World, key: str) -> None:
    question = SENTENCES[key]
    result = await here.ann.slash(here.channel, "ask", question=question)
    assert result.response is not None
    message = result.response.message
    assert seen(message).startswith(f"Ann asked: {question}\n")
    _harmless(message)


async def test_a_member_s_name_does_nothing_either(here: World) -> None:
    user = here.env.create_user("eve", global_name="**@everyone** [x](https://e.org)")
    eve = here.guild.add_member(user)
    result = await eve.slash(here.channel, "ask", question=QUESTION)
    assert result.response is not None
    shown = seen(result.response.message)
    assert shown == f"**@everyone** [x](https://e.org) asked: {QUESTION}\n\n{ANSWER}"


async def test_a_thread_s_name_takes_any_question(here: World) -> None:
    await here.bot.desk.wish(str(here.guild.id), threads=True)
    for key, question in SENTENCES.items():
        member = here.member(f"m{key}")
        await member.send(here.channel, f"{here.me} {question[:1900]}")
    names = [thread.name or "" for thread in here.channel.threads]
    assert len(names) == len(SENTENCES)
    assert all(len(name) <= 100 for name in names)


@pytest.mark.parametrize(
    "text", ["\u200b", "\u200d\u2060", "\u202e", "\u0301", "🎬", "*** __ ~~", "\u00ad?"]
)
async def test_a_question_in_which_nothing_can_be_read_is_told_so(here: World, text: str) -> None:
    assert seen(await here.ask(text)) in (WORDS("no_words"), WORDS("how_to_ask"))


async def test_half_a_surrogate_pair_is_no_fault(here: World) -> None:
    reply = await here.ask(f"\ud83d {QUESTION} \udc69")
    assert seen(reply).endswith(ANSWER)
    assert answer_of(reply)
    result = await here.ann.slash(here.channel, "ask", question=f"\ud83d {QUESTION}")
    assert result.response is not None
    assert seen(result.response.message).endswith(ANSWER)


async def test_a_mention_between_words_leaves_the_words_apart(here: World) -> None:
    question = await here.ann.send(here.channel, f"How many{here.me}people on a closed set?")
    assert seen(here.reply_to(question)) == ANSWER


async def test_words_around_the_articles_follow_the_reader_s_language(zoo: World) -> None:
    guild = zoo.env.create_guild("Serveur", preferred_locale="fr")
    channel = guild.create_text_channel("a")
    member = guild.add_member(zoo.env.create_user("luc"))
    await member.send(channel, f"{zoo.me} zorglertl")
    (reply,) = zoo.replies(channel)
    assert phrases("fr")("sources") in seen(reply)
    assert canonicalize(_named("rtl", SENTENCES["rtl"])).text in seen(reply)
