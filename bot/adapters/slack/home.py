"""The app's own pages in Slack: the Home tab, and the questions suggested to begin with."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.adapters.slack.calls import code, retried
from bot.adapters.slack.corpus import step_buttons
from bot.rendering.slack import plain, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.adapters.slack.members import Members
    from bot.desk import Desk
    from bot.localization import Phrases
    from bot.rights import Rights
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
        may_run = self._rights.to_run(runner, wishes) is None
        described = await self.describe(member.words, team)
        view = home_view(described, member.words, wishes.collection if may_run else "")
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


def home_view(described: Described, words: Phrases, corpus: str) -> dict[str, Any]:
    """The Home tab: how to ask, what may be done, and what the articles are.

    Args:
        described: what the articles are.
        words: of the reader's language.
        corpus: the name of the corpus that the reader may run, empty if none.
    """
    rights = words("slack_may_manage" if corpus else "slack_may_ask")
    text = f"{words('slack_help')}\n\n{rights}\n\n{about_text(described, words)}"
    blocks = [block for message in plain(text) for block in message.blocks]
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain_text("On Record")},
            *([step_buttons(corpus, words, "propose")] if corpus else []),
            *blocks,
        ],
    }
