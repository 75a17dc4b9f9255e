"""The parts of the bot on Slack, put together."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.adapters.slack.answering import Answering
from bot.adapters.slack.clicks import Clicks
from bot.adapters.slack.commands import Commands
from bot.adapters.slack.console import Console
from bot.adapters.slack.corpus import CorpusRuns
from bot.adapters.slack.correcting import SlackDelivery
from bot.adapters.slack.delivery import Delivery
from bot.adapters.slack.home import Home
from bot.adapters.slack.intake import Articles
from bot.adapters.slack.looking import Looking
from bot.adapters.slack.members import PLATFORM, Members
from bot.adapters.slack.problems import Problems
from bot.audit import Audit
from bot.corrections.corrector import Corrector
from bot.corrections.ledger import CorrectionLedger
from bot.desk import Desk
from bot.keeping import Keeping
from bot.ledger import Ledger
from bot.librarian import Librarian
from bot.limits import Limits
from bot.lookups import Lookups
from bot.rights import Rights
from bot.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.app import App

_RECORDS_WAITING = 10_000
"""Entries that may wait to be written: each takes about a millisecond."""
_COMPARING = 3600.0
"""Seconds that comparing earlier answers with a version may take."""


class Parts:
    """What the bot on Slack is made of.

    Args:
        app: the parts of the running bot, whatever platform.
        ledger: the file to remember in.
        client: of the Web API.
        lost: told when Slack no longer knows the bot, with Slack's word for it.
    """

    def __init__(
        self, app: App, ledger: Path, client: AsyncWebClient, lost: Callable[[str], None]
    ) -> None:
        settings = app.settings
        self.ledger = Ledger(ledger)
        self.records = Worker(1, _RECORDS_WAITING, settings.timeout)
        self.desk = Desk(PLATFORM, app.service, self.ledger, app.collections.live, self.records)
        self.rights = Rights.of(settings.owners, settings.owners_only)
        self.members = Members(client)
        self.delivery = Delivery(client)
        self.limits = Limits(settings, self.rights, time.monotonic)
        self.problems = Problems(self.delivery, lost)
        self._answer(app, client)
        self._keep(app, client)
        self._talk(client)
        # Threads of its own: comparing many answers must keep none waiting that is to be written.
        self.comparing = Worker(1, 1, _COMPARING)
        self.corrector = self._corrector(app)

    def _answer(self, app: App, client: AsyncWebClient) -> None:
        """What answers questions and looks quotations up."""
        desk, delivery, members, problems = self.desk, self.delivery, self.members, self.problems
        self.answering = Answering(desk, self.limits, delivery, members, problems, app.settings)
        self.looking = Looking(
            desk, Lookups(desk, app.service), self.limits, delivery, members, problems, client
        )

    def _keep(self, app: App, client: AsyncWebClient) -> None:
        """What runs the corpus."""
        desk, delivery, members, problems = self.desk, self.delivery, self.members, self.problems
        settings = app.settings
        self.keeping = Keeping(app, desk, self.rights)
        self.librarian = Librarian(settings, Audit(self.ledger), self.rights, desk.wishes)
        self.articles = Articles(
            self.librarian, desk, delivery, members, problems, settings, client
        )
        self.runs = CorpusRuns(self.keeping, desk, delivery, members, problems, self.articles)
        self.home = Home(client, desk, app.collections.live, self.records, members, self.rights)

    def _talk(self, client: AsyncWebClient) -> None:
        """What takes commands and clicks."""
        desk, delivery, members, problems = self.desk, self.delivery, self.members, self.problems
        self.clicks = Clicks(desk, delivery, members, problems, client, self.rights)
        self.commands = Commands(
            self.answering,
            desk,
            delivery,
            members,
            problems,
            self.home,
            self.looking,
            self.runs,
            self.rights,
        )
        self.console = Console(
            self.runs,
            self.articles,
            self.librarian,
            self.keeping,
            desk,
            delivery,
            members,
            problems,
            self.home,
            self.rights,
        )

    def _corrector(self, app: App) -> Corrector:
        """What keeps earlier answers true."""
        return Corrector(
            PLATFORM,
            CorrectionLedger(self.ledger),
            self.ledger,
            app.collections.live,
            app.collections.names,
            self.comparing,
            SlackDelivery(self.delivery, self.desk),
            pause=app.settings.correction_pause,
            wanted=app.settings.corrections,
        )

    def close(self) -> None:
        """Write what waits to be written, and let go of the ledger."""
        self.comparing.close()
        self.records.close()
        self.ledger.close()
