"""A picture of a page, drawn by the Chromium that is installed.

Chromium is told what to do over two pipes, in the DevTools protocol
(https://chromedevtools.github.io/devtools-protocol/): only so can one wait for a page that goes
on changing after it was loaded.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
from contextlib import asynccontextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.errors import PreviewError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PATIENCE = 60.0
"""Seconds that a browser has to start and to draw, on a busy machine."""
_PAUSE = 0.2
"""Seconds between two looks at whether a page is ready."""
_LARGEST = 64 << 20
"""Bytes of one message of the browser: a picture."""


async def screenshot(address: str, ready: str, size: tuple[int, int]) -> bytes:
    """A picture of a page as PNG.

    Args:
        address: of the page.
        ready: a JavaScript expression that is true when the page can be drawn.
        size: width and height of the page in pixels.

    Raises:
        PreviewError: if there is no browser, or it draws nothing.
    """
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise PreviewError(f"To make a picture, install one of: {', '.join(_BROWSERS)}.")
    with TemporaryDirectory(prefix="onrecord-", ignore_cleanup_errors=True) as folder:
        try:
            async with asyncio.timeout(_PATIENCE), _page(browser, address, folder, size) as page:
                await page.until(ready)
                drawn = await page.ask("Page.captureScreenshot", format="png")
        except (TimeoutError, asyncio.IncompleteReadError, OSError, KeyError) as error:
            raise PreviewError(f"{browser} drew nothing: {error!r}") from error
    return base64.b64decode(drawn["data"])


class _Page:
    """A page in a browser that takes commands."""

    def __init__(self, commands: int, answers: asyncio.StreamReader) -> None:
        self._commands = commands
        self._answers = answers
        self._count = 0
        self.session = ""

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What comes back from a command; what the browser tells besides is passed over."""
        self._count += 1
        command: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while True:
            told = json.loads((await self._answers.readuntil(b"\0"))[:-1])
            if told.get("id") == self._count:
                result: dict[str, Any] = told["result"]
                return result

    async def until(self, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        while True:
            found = await self.ask("Runtime.evaluate", expression=expression)
            if found["result"]["value"]:
                return
            await asyncio.sleep(_PAUSE)


@asynccontextmanager
async def _page(
    browser: str, address: str, folder: str, size: tuple[int, int]
) -> AsyncIterator[_Page]:
    """A page at ``address`` in a browser of its own, which is ended afterwards."""
    (commands_out, commands), (answers, answers_in) = os.pipe(), os.pipe()
    process = await asyncio.create_subprocess_exec(
        "/bin/sh",  # puts the pipes where the browser looks for them
        "-c",
        f'exec "$@" 3</dev/fd/{commands_out} 4>/dev/fd/{answers_in}',
        "sh",
        browser,
        *_options(folder, size),
        pass_fds=(commands_out, answers_in),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    os.close(commands_out)
    os.close(answers_in)
    reader = asyncio.StreamReader(_LARGEST)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(answers, "rb", 0)
    )
    try:
        page = _Page(commands, reader)
        target = await page.ask("Target.createTarget", url=address)
        attached = await page.ask(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        page.session = attached["sessionId"]
        yield page
    finally:
        os.close(commands)  # with which a browser ends
        transport.close()
        await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(5):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _options(folder: str, size: tuple[int, int]) -> list[str]:
    return [
        "--headless",
        "--no-sandbox",  # the page is this process's own, and root cannot have one
        "--hide-scrollbars",
        f"--user-data-dir={folder}/profile",
        f"--window-size={size[0]},{size[1]}",
        "--remote-debugging-pipe",
        "about:blank",
    ]
