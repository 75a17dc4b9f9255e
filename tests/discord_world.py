"""A Discord in memory with the real bot in it, for scenarios through the front door."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
import numpy as np
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from simcord.env import Env

from bot.app import App, build_discord_bot
from bot.corpus_admin import reindex
from bot.localization import phrases
from bot.settings import Settings
from index.answer import Answerer
from index.judge import Judgement
from index.tokens import bare
from tests.discord_api import faults
from tests.discord_markdown import visible
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    import simcord

    from bot.adapters.discord.client import OnRecordBot
    from index.embedder import Embedder, PassageVectors
    from index.question import QuestionForm
    from index.search import Ranked
    from index.snapshot import Snapshot

SAFETY = """---
title: Oops on set safety
url: https://example.org/safety
published: "2024-05-01"
---

# Oops on set safety

## Closed sets

Allie Oops coordinates intimate scenes for a *living*. “A closed set has eight people at most,”
Oops told Mashable. She keeps a list at the door.

"""

MARKUP = r"""# Barriers

Barriers are made of \[silicone\](https://evil.example/) and \*\*felt\*\*. @everyone on set knows
where the barriers lie, see https://example.org/a_b_c. Costume keeps \<@&1> forty \`barriers\` in
stock.
"""

DIRECTORS = """---
title: What directors say
---

# What directors say

Directors feared a loss of control, said Oops. Directors now ask for rehearsals by themselves.
Rehearsals take two hours. Rehearsals happen before the shoot. Rehearsals need no camera.
Rehearsals end with a talk.
"""

WORDS = phrases()
QUESTION = "How many people on a closed set?"
CLOSED_SET = "“A closed set has eight people at most,” Oops told Mashable."
ANSWER = f"{CLOSED_SET} [1]\n\nSources\n[1] Oops on set safety, “Closed sets”, paragraph 1"
"""What a reader sees of the answer to ``QUESTION``."""


class WordJudge:
    """Judges by the words that a sentence shares with the question: simple and predictable."""

    threshold = 0.5

    def judge(
        self, form: QuestionForm, vectors: PassageVectors, ranked: Ranked, snapshot: Snapshot
    ) -> Judgement:
        found = ranked.candidates
        asked = set(form.ids.tolist())
        scores = np.zeros(len(found.sentence_spans), np.float32)
        for sentence in range(len(scores)):
            words = set(bare(found.tokens[found.token_owners == sentence]).tolist())
            scores[sentence] = (len(asked & words) / max(len(asked), 1)) ** 4
        return Judgement(scores, float(scores.max()))


@dataclass
class World:
    """A server with a channel, a member, and the bot."""

    env: Env
    bot: OnRecordBot
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    ann: simcord.MemberActor
    settings: Settings

    async def restart(
        self, meanwhile: Callable[[], object] = lambda: None, *, killed: bool = False
    ) -> None:
        """Another process takes over: a new bot with the same home.

        Args:
            meanwhile: what happens while there is no bot.
            killed: whether the old one had no time to note anything.
        """
        old = self.bot
        if not killed:
            await old.close()
        self.env.backend.subscribers.clear()
        meanwhile()
        self.bot = build_discord_bot(self.settings, app_of(self.settings, old.app.embedder))
        await self.env.restart_bot(self.bot)
        await self.env.settle()
        await old.close()
        old.app.service.close()

    def leave(self, text: str, channel: int | None = None, who: int | None = None) -> int:
        """Ann says something, and nothing waits for an answer; the id of her message."""
        place = channel or self.channel.id
        return self.env.backend.create_message(place, who or self.ann.id, text).id

    @property
    def me(self) -> str:
        assert self.bot.user is not None
        return self.bot.user.mention

    def member(self, name: str, **options: Any) -> simcord.MemberActor:
        return self.guild.add_member(self.env.create_user(name), **options)

    async def ask(self, text: str, channel: simcord.ChannelHandle | None = None) -> discord.Message:
        """Ann mentions the bot; its one reply comes back."""
        channel = channel or self.channel
        question = await self.ann.send(channel, f"{self.me} {text}")
        return self.reply_to(question, channel)

    def replies(self, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """What the bot said in a channel."""
        assert self.bot.user is not None
        history = (channel or self.channel).history()
        return [
            message
            for message in history
            if message.author.id == self.bot.user.id
            and message.type is not discord.MessageType.thread_created
            and not message.flags.ephemeral
        ]

    def reply_to(
        self, question: discord.Message, channel: simcord.ChannelHandle | None = None
    ) -> discord.Message:
        (reply,) = [
            message
            for message in self.replies(channel)
            if message.reference and message.reference.message_id == question.id
        ]
        return reply

    def texts(self) -> str:
        """All that the articles say."""
        snapshot = self.bot.app.live.snapshot()
        return "\n\n".join(snapshot.article(one).text for one in snapshot.store.ids)

    def reindex(self) -> None:
        """The articles changed."""
        reindex(self.settings, self.bot.app.embedder)

    def deny(self, *permissions: str) -> None:
        """Take permissions away from the bot in the channel."""
        assert self.bot.user is not None
        denied = discord.Permissions(**dict.fromkeys(permissions, True)).value
        overwrite = Overwrite(self.bot.user.id, OverwriteType.MEMBER, deny=denied)
        self.env.backend.set_overwrite(self.channel.id, overwrite)

    def bodies(self, method: str = "POST") -> list[Any]:
        """Bodies of the requests that the bot made."""
        return [one.json for one in self.env.http_requests if one.method == method and one.json]


def answer_of(message: discord.Message) -> str:
    """The id of an answer, from its buttons."""
    (row,) = message.components
    assert isinstance(row, discord.ActionRow)
    (answer,) = {str(button.custom_id).rsplit(":", 1)[1] for button in row.children}
    return answer


def articles(folder: Path) -> Path:
    """A folder with the two articles of this world."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "safety.md").write_text(SAFETY, "utf-8")
    (folder / "directors.md").write_text(DIRECTORS, "utf-8")
    (folder / "markup.md").write_text(MARKUP, "utf-8")
    return folder


def settings_in(home: Path, **changes: Any) -> Settings:
    given = {"articles": articles(home / "articles"), "build_nice": 0, **changes}
    return Settings(_env_file=None, home=home, **given)  # type: ignore[call-arg]


def app_of(settings: Settings, embedder: Embedder | None = None) -> App:
    embedder = embedder or HashEmbedder()
    return App.of(settings, embedder, Answerer(embedder, WordJudge()), "tests.hash_builder")


@asynccontextmanager
async def world(home: Path, app: App | None = None, **changes: Any) -> AsyncIterator[World]:
    """A world with a running bot; what it raised and did not deal with ends it."""
    app = app or app_of(settings_in(home, **changes))
    bot = build_discord_bot(app.settings, app)
    env = Env(bot, shard_count=1, settle_timeout=60.0)  # a build starts a process
    # Its clock stands still until it is moved; the ledger's is the machine's.
    env.backend.clock._epoch = datetime.now(UTC).replace(microsecond=0)
    await env.start()
    try:
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        ann = guild.add_member(env.create_user("ann", global_name="Ann"))
        made = World(env, bot, guild, channel, ann, app.settings)
        yield made
        if found := faults(env.http_requests):
            pytest.fail("\n".join(found))
        env.raise_errors()
    finally:
        await env.shutdown()
        await made.bot.close()
        made.bot.app.service.close()


def seen(message: discord.Message) -> str:
    """What a reader sees of a message."""
    return visible(message.content)
