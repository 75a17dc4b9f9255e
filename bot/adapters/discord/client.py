"""The client: what Discord reports, handed to whoever deals with it."""

from __future__ import annotations

import logging
from importlib.metadata import version
from typing import TYPE_CHECKING

import discord
import yarl
from discord.ext import commands, tasks
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.adapters.discord.addressing import is_addressed
from bot.adapters.discord.answering import Answering
from bot.adapters.discord.buttons import WHY, AnswerButton, custom_id
from bot.adapters.discord.clicks import Clicks
from bot.adapters.discord.commands import Translator, Tree, add_commands
from bot.adapters.discord.corpus_commands import CorpusButton, Pending
from bot.adapters.discord.correcting import DiscordDelivery
from bot.adapters.discord.delivery import NO_PINGS, plain, send
from bot.adapters.discord.limits import Limits
from bot.adapters.discord.looking import Looking
from bot.adapters.discord.members import PLATFORM
from bot.adapters.discord.pages import PageButton
from bot.adapters.discord.quote_commands import add_quote_commands
from bot.adapters.discord.recovery import Missed, guard_parsers
from bot.adapters.discord.reindexing import ReindexButton, Reindexing
from bot.adapters.discord.sync import sync_changed
from bot.audit import Audit
from bot.corrections.corrector import CHECK, Corrector
from bot.corrections.ledger import CorrectionLedger
from bot.desk import Desk
from bot.errors import ClosingError, PlatformError
from bot.keeping import Keeping
from bot.ledger import Ledger
from bot.librarian import Librarian
from bot.localization import DEFAULT, load_all, phrases
from bot.lookups import Lookups
from bot.rights import Rights
from bot.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bot.app import App
    from bot.localization import Phrases

_AUTHENTICATION_FAILED = 4004
"""The gateway's code for a token that it does not know, or no longer."""
_REFUSED = (
    "Discord refused the token. Make a new one in the developer portal, under Bot, and put it "
    "into ONRECORD_DISCORD_TOKEN."
)
_NO_INTENT = (
    "Discord refused the message content intent. Switch it on in the developer portal, under "
    "Bot, or set ONRECORD_DISCORD_MESSAGE_CONTENT=false."
)
_RECORDS_WAITING = 10_000
"""Entries that may wait to be written: each takes about a millisecond."""

_COMPARING = 3600.0
"""Seconds that comparing earlier answers with a version may take."""
_SHORTEST = 0.05
"""Seconds between two steps of the corrections at least."""

_log = logging.getLogger(__name__)


class OnRecordBot(commands.AutoShardedBot):
    """Answers on Discord. Needs no network until it is started.

    Args:
        app: the parts of the running bot.
        ledger: the file to remember in.
    """

    def __init__(self, app: App, ledger: Path) -> None:
        Route.BASE = app.settings.discord_api.rstrip("/")  # discord.py has one for the process
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it never speaks
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=_intents(message_content=app.settings.discord_message_content),
            allowed_mentions=NO_PINGS,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        load_all()
        self.app = app
        self._ledger = Ledger(ledger)
        self._records = Worker(1, _RECORDS_WAITING, app.settings.timeout)
        self.desk = Desk(PLATFORM, app.service, self._ledger, app.collections.live, self._records)
        self.rights = Rights.of(app.settings.owners, app.settings.owners_only)
        limits = Limits(app.settings, self.rights)
        self.answering = Answering(self.desk, limits, self._me)
        self.looking = Looking(
            self.desk, Lookups(self.desk, app.service), limits, self.answering.counted
        )
        self.clicks = Clicks(self.desk, self.rights)
        self.keeping = Keeping(app, self.desk, self.rights)
        self.reindexing = Reindexing(self.keeping)
        self.librarian = Librarian(app.settings, Audit(self._ledger), self.rights, self.desk.wishes)
        self.pending = Pending()
        app.notices.register(PLATFORM, self._notice)
        self.corrector = self._corrector()
        self._missed = Missed(self)
        self.when_ready: Callable[[str], None] = lambda _: None
        guard_parsers(self)

    async def run_until_closed(self) -> None:
        """Log in and stay connected.

        Raises:
            PlatformError: if Discord refuses the token or the intents.
        """
        try:
            async with self:
                await self.start(self.app.settings.discord_token.get_secret_value())
        except discord.LoginFailure as error:
            raise PlatformError(_REFUSED) from error
        except discord.PrivilegedIntentsRequired as error:
            raise PlatformError(_NO_INTENT) from error
        except discord.ConnectionClosed as error:
            if error.code == _AUTHENTICATION_FAILED:
                raise PlatformError(_REFUSED) from error
            raise

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect a shard, to the address in the settings or the one that Discord names."""
        gateway = yarl.URL(self.app.settings.discord_gateway or gateway)
        # Where discord.py goes with a new session after an old one was lost.
        DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await super().launch_shard(gateway, shard_id, initial=initial)

    def _corrector(self) -> Corrector:
        settings, collections = self.app.settings, self.app.collections
        # Threads of its own: comparing many answers must keep none waiting that is to be written.
        self._correcting = Worker(1, 10, _COMPARING)
        return Corrector(
            PLATFORM,
            CorrectionLedger(self._ledger),
            self._ledger,
            collections.live,
            collections.names,
            self._correcting,
            DiscordDelivery(self),
            pause=settings.correction_pause,
            wanted=settings.corrections,
        )

    @tasks.loop(seconds=CHECK)
    async def correct(self) -> None:
        """Correct earlier answers, step by step."""
        try:
            seconds = await self.corrector.step()
        except ClosingError:
            self.correct.stop()
            return
        except Exception:  # noqa: BLE001 - whatever failed, the next step may not
            _log.exception("a step of the corrections failed")
            seconds = CHECK
        self.correct.change_interval(seconds=max(seconds, _SHORTEST))

    async def on_ready(self) -> None:
        """Tell that the bot is connected."""
        if not self.correct.is_running():
            self.correct.start()
        self.when_ready(f"Connected to Discord as {self._me()}.")

    async def setup_hook(self) -> None:
        """Make buttons and commands known, once the bot is logged in."""
        self.add_dynamic_items(AnswerButton, PageButton, ReindexButton, CorpusButton)
        add_commands(self.tree)  # type: ignore[arg-type]
        add_quote_commands(self.tree)
        await self.tree.set_translator(Translator())
        await self._missed.started()
        await sync_changed(self.tree, self.desk, self.app.settings.discord_server)

    async def on_message(self, message: discord.Message, /) -> None:
        """Answer what is addressed to the bot."""
        if self.addresses_me(message):
            await self.answering.message(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """The question may have changed."""
        self.answering.edited(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """The question may be gone."""
        self.answering.deleted(payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many questions may be gone."""
        for message_id in payload.message_ids:
            self.answering.deleted(message_id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take windows that were filled in; buttons and commands find their own way.

        A window may be sent after a restart, when no object of it is left.
        """
        submitted = interaction.type is discord.InteractionType.modal_submit
        if submitted and custom_id(interaction).startswith(WHY):
            await self.clicks.submitted(interaction)

    async def on_shard_connect(self, shard_id: int) -> None:
        """What is said comes here now; a lost connection goes on at the address in the settings."""
        self._missed.connected()
        if address := self.app.settings.discord_gateway:
            # Discord names one in each session; discord.py has no other place to put it.
            self.shards[shard_id]._parent.ws.gateway = yarl.URL(address)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """From now on messages may be missed."""
        self._missed.lost(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Discord sends what was missed."""
        self._missed.resumed(shard_id)

    async def on_shard_ready(self, shard_id: int) -> None:
        """A new session: what was missed in between has to be looked up."""
        await self._missed.look_up(shard_id)

    def addresses_me(self, message: discord.Message) -> bool:
        """Whether a message is for the bot."""
        return is_addressed(message, self._me(), self.app.settings)

    async def describe(self, words: Phrases, server: str = "") -> str:
        """What ``/about`` tells in a server."""
        collection = await self.desk.collection(server)
        snapshot = await self._records.run(self.app.collections.live(collection).snapshot)
        counts = snapshot.manifest.counts
        told = words(
            "about",
            version=version("onrecord"),
            articles=counts["articles"],
            sentences=counts["sentences"],
            index=snapshot.manifest.version,
            created=snapshot.manifest.created,
            model=snapshot.manifest.recipe.model,
        )
        titles = await self._records.run(
            lambda: [snapshot.article(one).title for one in snapshot.store.ids[:_TITLES]]
        )
        listed = "\n".join(f"• {title}" for title in titles)
        return f"{told}\n\n{words('about_articles')}\n{listed}\n\n{words('about_privacy')}"

    async def close(self) -> None:
        """Answer what is being asked, as long as the settings allow, then leave."""
        if not self.is_closed():
            await self._missed.stopped()
        self.librarian.close()
        self.correct.cancel()
        await self.answering.stop(self.app.settings.grace)
        await self.reindexing.stop()
        await super().close()
        self._correcting.close()
        self._records.close()
        self._ledger.close()

    async def _notice(self, place: str, key: str, values: Mapping[str, object]) -> None:
        """Tell something in a channel, in the language of its server."""
        channel = await self.fetch_channel(int(place))
        guild = getattr(channel, "guild", None)
        words = phrases(str(guild.preferred_locale) if guild is not None else DEFAULT)
        if isinstance(channel, discord.abc.Messageable):
            await send(channel, plain(words(key, **values)), words)

    def _me(self) -> discord.ClientUser:
        assert self.user is not None, "only asked once the bot is logged in"
        return self.user


_TITLES = 15
"""Articles that ``/about`` names."""


def _intents(*, message_content: bool) -> discord.Intents:
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        message_content=message_content,
    )
