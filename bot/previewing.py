"""The real bot on a Discord in memory, to be tried in a browser without token or account."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.app import build_discord_bot
from bot.errors import PreviewError
from bot.screenshot import screenshot
from bot.serving import until_stopped

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.app import App

_SIZE = (1000, 620)
"""Width and height of the browser in pixels, its own frame included."""
_CONVERSATION = (256, 52)
"""Where the conversation begins on the page: right of the list of messages, below the tools."""
_READY = "document.body.innerText.includes('Viewport updated')"
"""What simcord's page says when its buttons work."""
_COLOURS = 48
_LONGEST_ANSWER = 60.0
"""Seconds that an answer may take on a slow machine."""
_ASKED = "What did David Simon say about working without an intimacy coordinator?"
_QUOTED = "David Simon"
"""Whose quotations are looked up, to show that this can be done."""


async def preview(app: App, say: Callable[[str], None], port: int = 0) -> None:
    """Show the bot on a page of this machine until somebody stops the process."""
    async with _page(app, port or None) as address:
        say(
            f"Open {address} in a browser. To ask, type /ask and choose it from the list, or press "
            "Reply under an answer: the page does not complete mentions. Ctrl-C ends the preview."
        )
        await until_stopped()


async def picture(app: App, file: Path) -> None:
    """Draw the page into a PNG file, with the Chromium that is installed.

    Raises:
        PreviewError: if there is none, or it draws nothing.
    """
    async with _page(app, None) as address:
        drawn = await screenshot(address, _READY, _SIZE)
    await asyncio.to_thread(_keep, drawn, file)


def _keep(drawn: bytes, file: Path) -> None:
    """Save the conversation with few colours, which makes the picture small."""
    from PIL import Image

    with Image.open(BytesIO(drawn)) as image:
        conversation = image.crop((*_CONVERSATION, *image.size)).convert("RGB")
        conversation.quantize(_COLOURS).save(file, "PNG", optimize=True)


@asynccontextmanager
async def _page(app: App, port: int | None) -> AsyncIterator[str]:
    """The address of a page that shows a demo server in which questions were asked."""
    # simcord's own clients tell of intents and voice that nobody misses here.
    logging.getLogger("discord").setLevel(logging.ERROR)
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
