"""The real bot on a Discord in memory, to be tried in a browser without token or account."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.app import build_discord_bot
from bot.errors import PreviewError
from bot.serving import until_stopped

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.app import App

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_SIZE = (1000, 760)
"""Width and height of the picture in pixels."""
_DRAWING = 15_000
"""Milliseconds that a browser has to draw the page before the picture is taken."""
_COLOURS = 48
_LONGEST_ANSWER = 60.0
"""Seconds that an answer may take on a slow machine."""
_ASKED = "What did David Simon say about working without an intimacy coordinator?"
_QUOTED = "David Simon"
"""Whose quotations are looked up, to show that this can be done."""


async def preview(app: App, say: Callable[[str], None], port: int = 0) -> None:
    """Show the bot on a page of this machine until somebody stops the process."""
    async with _page(app, port or None) as address:
        say(f"Open {address} in a browser. Ctrl-C ends the preview.")
        await until_stopped()


async def picture(app: App, file: Path) -> None:
    """Draw the page into a PNG file, with the Chromium that is installed.

    Raises:
        PreviewError: if there is none, or it draws nothing.
    """
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise PreviewError(f"To make a picture, install one of: {', '.join(_BROWSERS)}.")
    async with _page(app, None) as address:
        with TemporaryDirectory(prefix="onrecord-") as folder:
            drawn = Path(folder) / "page.png"
            drawing = await asyncio.create_subprocess_exec(
                browser,
                *_drawing(address, drawn, folder),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
            _, told = await drawing.communicate()
            await asyncio.to_thread(_keep, drawn, file, told.decode(errors="replace"))


def _drawing(address: str, drawn: Path, folder: str) -> list[str]:
    """The options with which a Chromium draws ``address`` into a file."""
    return [
        "--headless",
        "--no-sandbox",  # the page is this process's own, and root cannot have one
        "--hide-scrollbars",
        f"--user-data-dir={folder}/profile",
        f"--window-size={_SIZE[0]},{_SIZE[1]}",
        f"--virtual-time-budget={_DRAWING}",
        f"--screenshot={drawn}",
        address,
    ]


def _keep(drawn: Path, file: Path, told: str) -> None:
    """Save a picture with few colours, which makes it small."""
    from PIL import Image

    if not drawn.exists():
        raise PreviewError(f"The browser drew nothing: {told[-500:]}")
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(_COLOURS).save(file, "PNG", optimize=True)


@asynccontextmanager
async def _page(app: App, port: int | None) -> AsyncIterator[str]:
    """The address of a page that shows a demo server in which questions were asked."""
    try:
        from simcord.env import Env
        from simcord.preview import Preview  # noqa: F401 - needs the rest of the extra
    except ImportError as error:
        raise PreviewError(
            "The preview is not installed: pip install 'onrecord[preview]'"
        ) from error
    with TemporaryDirectory(prefix="onrecord-") as folder:
        bot = build_discord_bot(app.settings, app, Path(folder) / "ledger.db")
        env = Env(bot, shard_count=1, settle_timeout=_LONGEST_ANSWER)
        env.backend.bot_user.name = "On Record"
        await env.start()
        try:
            guild = env.create_guild("On Record demo")
            channel = guild.create_text_channel("ask-the-articles")
            ann = guild.add_member(env.create_user("ann", global_name="Ann"))
            assert bot.user is not None
            await ann.send(channel, f"{bot.user.mention} {_ASKED}")
            await ann.slash(channel, "quote", speaker=_QUOTED)
            async with env.preview(channel, viewers=[ann], layout="channel", port=port) as page:
                yield page.url
        finally:
            await env.shutdown()
            await bot.close()
