"""The preview: the real bot on a page of this machine, and a picture of it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.errors import PreviewError
from bot.previewing import picture, preview
from tests.discord_world import app_of, settings_in

if TYPE_CHECKING:
    from pathlib import Path

    from bot.app import App

pytest.importorskip("av", reason="the extra [preview] is not installed")

_BROWSER = """#!{python}
import base64, json, os
drawn = open("{picture}", "rb").read()
answers = {{
    "Target.createTarget": {{"targetId": "t"}},
    "Target.attachToTarget": {{"sessionId": "s"}},
    "Page.captureScreenshot": {{"data": base64.b64encode(drawn).decode()}},
}}
looks = iter([False, True])
with os.fdopen(3, "rb") as commands, os.fdopen(4, "wb", 0) as told:
    for command in iter(lambda: b"".join(iter(lambda: commands.read(1).strip(b"\\0"), b"")), b""):
        asked = json.loads(command)
        look = {{"result": {{"value": next(looks)}}}} if "evaluate" in asked["method"] else None
        told.write(json.dumps({{"method": "Something.happened"}}).encode() + b"\\0")
        answer = {{"id": asked["id"], "result": look or answers[asked["method"]]}}
        told.write(json.dumps(answer).encode() + b"\\0")
"""
"""A browser that finds a page ready at the second look and then draws a given picture."""


@pytest.fixture
def app(tmp_path: Path) -> App:
    made = app_of(settings_in(tmp_path / "home"))
    made.ensure_index()
    return made


def _browser(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    folder.mkdir()
    browser = folder / "chromium"
    browser.write_text(script)
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


async def test_the_page_is_served_on_this_machine_until_it_is_stopped(app: App) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    showing = asyncio.create_task(preview(app, said.put_nowait))
    address = re.search(r"http://127\.0\.0\.1:\d+/", await asyncio.wait_for(said.get(), 20))
    assert address is not None
    async with aiohttp.ClientSession() as session, session.get(address.group()) as page:
        assert page.status == 200
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(showing, 10)
    assert not (app.settings.home / "ledger.db").exists()
    app.service.close()


async def test_a_picture_is_made_small(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    drawn = tmp_path / "drawn.png"
    Image.effect_noise((1000, 560), 60).convert("RGB").save(drawn)
    script = _BROWSER.format(python=sys.executable, picture=drawn)
    _browser(tmp_path / "bin", monkeypatch, script)
    await picture(app, tmp_path / "page.png")
    with Image.open(tmp_path / "page.png") as made:
        assert made.size == (744, 508)
        assert made.mode == "P"
    app.service.close()


async def test_a_browser_that_draws_nothing_is_told(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _browser(tmp_path / "bin", monkeypatch, "#!/bin/sh\nexit 3\n")
    with pytest.raises(PreviewError, match="chromium drew nothing"):
        await picture(app, tmp_path / "page.png")
    app.service.close()


async def test_without_a_browser_it_is_told_what_to_install(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PreviewError, match="chromium"):
        await picture(app, tmp_path / "page.png")
    app.service.close()
