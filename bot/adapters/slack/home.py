"""The app's own pages in Slack: the Home tab, and the questions suggested to begin with."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.adapters.slack.calls import code, retried
from bot.adapters.slack.controls import controls
from bot.rendering.slack import plain, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.adapters.slack.members import Members
    from bot.desk import Desk
    from bot.ledger import Wishes
    from bot.localization import Phrases
    from bot.rights import Refusal, Rights
    from bot.worker import Worker
    from index.live import LiveIndex

_TITLES = 15
"""Articles that are named."""
_PROMPTS = 3
"""Questions that are suggested; Slack shows four at most."""
_LONGEST_PROMPT = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Described:
    """What is there to ask.

    Attributes:
        about: the corpus and its version, in the bot's words.
        titles: of the first articles.
    """

    about: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What somebody may do in a workspace.

    Attributes:
        refusal: why they may not ask; nothing if they may.
        run: whether they may run the corpus.
        configure: whether they may change what the workspace wants.
    """

    refusal: Refusal | None
    run: bool
    configure: bool

    def told(self, words: Phrases) -> str:
        """The same in a few sentences."""
        parts = [words(self.refusal or "slack_may_ask")]
        parts += [words("slack_may_run")] if self.run else []
        parts += [words("slack_may_configure")] if self.configure else []
        return " ".join(parts)


class Home:
    """Shows people what they can ask, and how.

    Args:
        client: of the Web API.
        desk: knows which corpus a workspace is tied to.
        lives: where the articles of each corpus are.
        records: where the index is read.
        members: know who looks.
        rights: what they may do.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        desk: Desk,
        lives: Callable[[str], LiveIndex],
        records: Worker,
        members: Members,
        rights: Rights,
    ) -> None:
        self._client = client
        self._desk = desk
        self._lives = lives
        self._records = records
        self._members = members
        self._rights = rights

    async def publish(self, user: str, team: str) -> None:
        """Show somebody their Home tab."""
        member = await self._members.fetch(user)
        wishes = await self._desk.wishes(team)
        runner = await self._members.running(user, team, wishes)
        described = await self.describe(member.words, team)
        asker = await self._members.asking(user, team, "D", wishes)
        allowed = Allowed(
            refusal=self._rights.to_ask(asker, wishes),
            run=self._rights.to_run(runner, wishes) is None,
            configure=self._rights.to_configure(runner) is None,
        )
        view = home_view(described, member.words, allowed, wishes)
        await retried(lambda: self._client.views_publish(user_id=user, view=view))

    async def suggest(self, user: str, team: str, channel: str, thread: str = "") -> None:
        """Suggest questions to begin with, where Slack has a place for them."""
        words = (await self._members.get(user)).words
        titles = (await self.describe(words, team)).titles[:_PROMPTS]
        prompts = [
            {"title": title[:_LONGEST_PROMPT], "message": words("slack_prompt", title=title)}
            for title in titles
        ]
        try:
            await retried(
                lambda: self._client.assistant_threads_setSuggestedPrompts(
                    channel_id=channel,
                    thread_ts=thread or None,
                    title=words("slack_prompts"),
                    prompts=prompts,
                )
            )
        except SlackApiError as error:
            _log.info("Slack has no place for suggested questions: %s", code(error))

    async def describe(self, words: Phrases, team: str) -> Described:
        """What the articles of a workspace are."""
        live = self._lives(await self._desk.collection(team))
        snapshot = await self._records.run(live.snapshot)
        manifest = snapshot.manifest
        about = words(
            "about",
            version=version("onrecord"),
            articles=manifest.counts["articles"],
            sentences=manifest.counts["sentences"],
            index=manifest.version,
            created=manifest.created,
            model=manifest.recipe.model,
        )
        titles = await self._records.run(
            lambda: [snapshot.article(one).title for one in snapshot.store.ids[:_TITLES]]
        )
        return Described(about, tuple(filter(None, titles)))


def about_text(described: Described, words: Phrases) -> str:
    """What ``/onrecord about`` tells."""
    listed = "\n".join(f"• {title}" for title in described.titles)
    told = f"{described.about}\n\n{words('about_articles')}\n{listed}"
    return f"{told}\n\n{words('slack_privacy')}"


def home_view(
    described: Described, words: Phrases, allowed: Allowed, wishes: Wishes
) -> dict[str, Any]:
    """The Home tab: how to ask, what may be done and the controls for it, what the articles are.

    Args:
        described: what the articles are.
        words: of the reader's language.
        allowed: what the reader may do.
        wishes: what the workspace wants.
    """
    correcting = wishes.corrections if allowed.configure else None
    text = f"{words('slack_help')}\n\n{allowed.told(words)}\n\n{about_text(described, words)}"
    blocks = [block for message in plain(text) for block in message.blocks]
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain_text("On Record")},
            *(controls(wishes.collection, words, correcting=correcting) if allowed.run else []),
            *blocks,
        ],
    }
