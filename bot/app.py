"""The composition root: settings in, working parts out."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot import messages
from bot.building import Builds
from bot.collections import Collections
from bot.corpus_admin import reindex
from bot.notices import Notices
from bot.service import Service
from bot.worker import Worker
from index.answer import Answerer
from index.errors import DamagedIndexError, NoIndexError, StaleIndexError
from index.manifest import Recipe
from index.models import open_embedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from slack_bolt.app.async_app import AsyncApp

    from bot.adapters.discord.client import OnRecordBot
    from bot.adapters.slack.socket import SlackHandler
    from bot.settings import Settings
    from index.build import Built, Progress
    from index.embedder import Embedder
    from index.live import LiveIndex


@dataclass(frozen=True, slots=True)
class App:
    """The parts of a running bot."""

    settings: Settings
    embedder: Embedder
    collections: Collections
    service: Service
    builds: Builds
    notices: Notices = field(default_factory=Notices)

    @property
    def live(self) -> LiveIndex:
        """What is answered from in the collection that the settings name."""
        return self.collections.live()

    @classmethod
    def build(cls, settings: Settings, preparing: Callable[[str], None] = lambda _: None) -> App:
        """Put the parts together.

        Args:
            settings: what to run with.
            preparing: told what is being prepared, where that takes a while.

        Raises:
            SearchIndexError: if the model cannot be used.
        """
        embedder = open_embedder(
            settings.model, settings.device, home=settings.home, status=preparing
        )
        return cls.of(settings, embedder, Answerer.default(embedder))

    @classmethod
    def of(
        cls,
        settings: Settings,
        embedder: Embedder,
        answerer: Answerer,
        builder: str = "bot.builder",
    ) -> App:
        """Put the parts together around a given model; ``builder`` is the module that builds."""
        collections = Collections(settings, Recipe.of(embedder))
        worker = Worker(settings.workers, settings.waiting, settings.timeout)
        service = Service(collections.live, answerer, worker)
        builds = Builds(settings, module=builder)
        return cls(settings, embedder, collections, service, builds)

    def ensure_index(
        self,
        progress: Callable[[Progress], None] = lambda _: None,
        explain: Callable[[str], None] = lambda _: None,
        name: str = "",
    ) -> Built | None:
        """Make the index if there is none that can be used; ``None`` if there is.

        Args:
            progress: told how far the indexing is.
            explain: told why there is something to do.
            name: of the collection; without one, the collection that the settings name.

        Raises:
            CorpusError: if the articles cannot be read.
            SearchIndexError: if the index cannot be written.
        """
        try:
            self.collections.live(name).snapshot()
        except NoIndexError:
            explain(messages.making_index(messages.no_index_yet()))
        except (StaleIndexError, DamagedIndexError) as error:
            explain(messages.making_index(messages.unusable_index(str(error))))
        else:
            return None
        return reindex(self.settings.on(name or None), self.embedder, progress)


def build_discord_bot(
    settings: Settings, app: App | None = None, ledger: Path | None = None
) -> OnRecordBot:
    """The Discord client, ready to start, with an index to answer from.

    Args:
        settings: what to run with.
        app: the parts to use, where they are there already.
        ledger: the file to remember in, where it is not the one in the home folder.

    Raises:
        CorpusError: if the articles cannot be read.
        SearchIndexError: if the model or the index cannot be used.
    """
    from bot.adapters.discord.client import OnRecordBot

    if app is None:
        app = App.build(settings)
    for name in app.collections.names():
        app.ensure_index(name=name)
    return OnRecordBot(app, ledger or settings.home / "ledger.db")


def build_slack_app(
    settings: Settings, app: App | None = None, ledger: Path | None = None
) -> tuple[AsyncApp, SlackHandler]:
    """The Slack app and what connects it, ready to start, with an index to answer from.

    To be called in a running event loop. In HTTP mode the handler listens for Slack's requests.

    Args:
        settings: what to run with.
        app: the parts to use, where they are there already.
        ledger: the file to remember in, where it is not the one in the home folder.

    Raises:
        CorpusError: if the articles cannot be read.
        SearchIndexError: if the model or the index cannot be used.
    """
    from bot.adapters.slack.bot import SlackBot
    from bot.adapters.slack.socket import SlackHandler

    if app is None:
        app = App.build(settings)
    for name in app.collections.names():
        app.ensure_index(name=name)
    bot = SlackBot(app, ledger or settings.home / "ledger.db")
    return bot.bolt, SlackHandler(bot, bot.bolt, settings.slack_app_token.get_secret_value())


def configure_logging(level: str) -> None:
    """Log to standard error, once, from the place where a process starts."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
