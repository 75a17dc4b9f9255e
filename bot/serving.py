"""Running the chat platforms until somebody stops the process."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from bot.app import build_discord_bot, build_slack_app
from bot.audit import Audit
from bot.errors import NoPlatformError, PlatformError, SettingsError
from bot.ledger import Ledger
from bot.schedule import Schedule
from bot.watching import watching_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.adapters.discord.client import OnRecordBot
    from bot.adapters.slack.socket import SlackHandler
    from bot.app import App
    from bot.settings import Settings

Platform = Callable[["App", asyncio.Event, Callable[[str], None]], Awaitable[None]]

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 300.0
"""Seconds before a connection that broke for no known reason is made anew; doubled each time."""
_CLOSING = 10.0
"""Seconds that a closed client has to end."""

_log = logging.getLogger(__name__)


def check_platforms(settings: Settings) -> None:
    """See whether there is anything to serve, before a model is loaded for it.

    Raises:
        NoPlatformError: if no platform has a token.
        SettingsError: if a platform lacks another setting that it needs.
    """
    if not _platforms(settings):
        raise NoPlatformError
    if not settings.slack_bot_token.get_secret_value():
        return
    if settings.slack_mode == "socket" and not settings.slack_app_token.get_secret_value():
        raise SettingsError(
            ["ONRECORD_SLACK_APP_TOKEN is missing, which Socket Mode needs besides the bot's token"]
        )
    if settings.slack_mode == "http" and not settings.slack_signing_secret.get_secret_value():
        raise SettingsError(
            ["ONRECORD_SLACK_SIGNING_SECRET is missing, by which Slack's requests are known"]
        )


def _platforms(settings: Settings) -> list[Platform]:
    """The platforms that have a token."""
    found: list[Platform] = []
    if settings.discord_token.get_secret_value():
        found.append(_discord)
    if settings.slack_bot_token.get_secret_value():
        found.append(_slack)
    return found


async def serve(app: App, ready: Callable[[str], None] = lambda _: None) -> None:
    """Answer until SIGTERM or SIGINT; questions that are running then are finished.

    Each platform connects, fails and reconnects by itself.

    Args:
        app: the running bot.
        ready: told when a platform is connected.

    Raises:
        PlatformError: if a platform refuses the bot for good, once all have ended.
    """
    # What is loaded stays: a collection over a model's objects would hold every member up.
    gc.freeze()
    with stop_signals() as stop:
        platforms = _platforms(app.settings)
        running = [
            _alone(platform(app, stop, ready), alone=len(platforms) == 1) for platform in platforms
        ]
        async with _scheduled(app):
            refused = [error for error in await asyncio.gather(*running) if error is not None]
    if refused:
        raise refused[0]


@asynccontextmanager
async def _scheduled(app: App) -> AsyncIterator[None]:
    """Reindex by schedule and read what is watched meanwhile; a build under way ends with it."""
    ledger = Ledger(app.settings.home / "ledger.db")
    running = asyncio.create_task(Schedule(app, Audit(ledger)).run())
    watching = asyncio.create_task(watching_for(app, Audit(ledger)).run())
    try:
        yield
    finally:
        running.cancel()
        watching.cancel()
        app.builds.close()
        await asyncio.wait((running, watching))
        ledger.close()


async def _alone(platform: Awaitable[None], *, alone: bool) -> PlatformError | None:
    """Run one platform to its end. Returns why it was refused, and stops no other for it."""
    try:
        await platform
    except PlatformError as error:
        if not alone:
            _log.error("%s The other platform goes on.", error)
        return error
    return None


async def until_stopped() -> None:
    """Wait for SIGTERM or SIGINT."""
    with stop_signals() as stop:
        await stop.wait()


@contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set instead of ending the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _discord(app: App, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
    def build() -> tuple[Awaitable[None], Callable[[], Awaitable[None]]]:
        bot: OnRecordBot = build_discord_bot(app.settings, app)
        bot.when_ready = ready
        return bot.run_until_closed(), bot.close

    await _keep("Discord", build, stop)


async def _slack(app: App, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
    def build() -> tuple[Awaitable[None], Callable[[], Awaitable[None]]]:
        handler: SlackHandler = build_slack_app(app.settings, app)[1]
        handler.bot.when_ready = ready
        return handler.start_async(), handler.close_async

    await _keep("Slack", build, stop)


async def _keep(
    name: str,
    build: Callable[[], tuple[Awaitable[None], Callable[[], Awaitable[None]]]],
    stop: asyncio.Event,
) -> None:
    """Keep a client running; a new one takes the place of one that broke.

    Args:
        name: of the platform, for the log.
        build: makes a client: what runs it, and what closes it.
        stop: set when it is to end.
    """
    pause = _FIRST_PAUSE
    while not stop.is_set():
        started = loop_time()
        try:
            await _until(stop, *build(), name)
        except PlatformError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever ended it, members wait for the next one
            if isinstance(error, OSError):
                _log.error("%s cannot be reached (%s); trying again in %g s", name, error, pause)
            else:
                _log.exception("the %s client broke; starting it anew in %g s", name, pause)
            if loop_time() - started > _LONGEST_PAUSE:
                pause = _FIRST_PAUSE
            await _pause(stop, pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def loop_time() -> float:
    """The time of the running event loop, in seconds."""
    return asyncio.get_running_loop().time()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def _until(
    stop: asyncio.Event, run: Awaitable[None], close: Callable[[], Awaitable[None]], name: str
) -> None:
    """Run a client until it ends by itself or is to stop; it is closed in either case."""
    running = asyncio.ensure_future(run)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        await close()
    await asyncio.wait((running,), timeout=_CLOSING)
    if running.cancel():
        _log.warning("the %s client did not end in %g s after it was closed", name, _CLOSING)
        return
    await running
