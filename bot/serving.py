"""Running the chat platforms until somebody stops the process."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from bot.app import build_discord_bot
from bot.audit import Audit
from bot.errors import NoPlatformError, PlatformError
from bot.ledger import Ledger
from bot.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from bot.adapters.discord.client import OnRecordBot
    from bot.app import App
    from bot.settings import Settings

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
    """
    if not settings.discord_token.get_secret_value():
        raise NoPlatformError


async def serve(app: App, ready: Callable[[str], None] = lambda _: None) -> None:
    """Answer until SIGTERM or SIGINT; questions that are running then are finished.

    Args:
        app: the running bot.
        ready: told when a platform is connected.

    Raises:
        PlatformError: if a platform refuses the bot for good.
    """
    # What is loaded stays: a collection over a model's objects would hold every member up.
    gc.freeze()
    with stop_signals() as stop:
        async with _scheduled(app):
            await _discord(app, stop, ready)


@asynccontextmanager
async def _scheduled(app: App) -> AsyncIterator[None]:
    """Reindex by schedule meanwhile; a build that is under way ends with it."""
    ledger = Ledger(app.settings.home / "ledger.db")
    running = asyncio.create_task(Schedule(app, Audit(ledger)).run())
    try:
        yield
    finally:
        running.cancel()
        app.builds.close()
        await asyncio.wait((running,))
        ledger.close()


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
    """Keep a Discord client running; a new one takes the place of one that broke."""
    pause = _FIRST_PAUSE
    while not stop.is_set():
        bot = build_discord_bot(app.settings, app)
        bot.when_ready = ready
        started = loop_time()
        try:
            await _until(stop, bot)
        except PlatformError:
            raise
        except Exception:  # noqa: BLE001 - whatever ended it, members wait for the next one
            _log.exception("the Discord client broke; starting it anew in %g s", pause)
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


async def _until(stop: asyncio.Event, bot: OnRecordBot) -> None:
    """Run ``bot`` until it ends by itself or is to stop; it is closed in either case."""
    running = asyncio.create_task(bot.run_until_closed())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        await bot.close()
    await asyncio.wait((running,), timeout=_CLOSING)
    if running.cancel():
        _log.warning("the Discord client did not end in %g s after it was closed", _CLOSING)
        return
    await running
