"""The commands of ``onrecord`` that run the chat platforms."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer looks at it
from typing import Annotated

import typer


def serve() -> None:
    """Answer on Discord and Slack until it is stopped; SIGTERM lets running questions finish."""
    import asyncio

    from bot.cli import _running, _settings
    from bot.console import say, told_plainly
    from bot.serving import check_platforms
    from bot.serving import serve as answer

    with told_plainly():
        check_platforms(_settings())
        with _running() as app:
            asyncio.run(answer(app, say))


def preview(
    port: Annotated[int, typer.Option(min=0, help="Port of the page; 0 for any free one.")] = 0,
    picture: Annotated[
        Path | None, typer.Option(help="Draw the page into this PNG file and end.")
    ] = None,
) -> None:
    """Try the bot in a browser, on a Discord in memory: no token, no account."""
    import asyncio

    from bot.cli import _running
    from bot.console import say, told_plainly
    from bot.previewing import picture as draw
    from bot.previewing import preview as show

    with told_plainly(), _running() as app:
        if picture is not None:
            asyncio.run(draw(app, picture))
        else:
            asyncio.run(show(app, say, port))
