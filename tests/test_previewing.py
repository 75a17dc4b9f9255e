"""The preview: the real bot on a page of this machine, and a picture of it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
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

_BROWSER = """#!/bin/sh
for option in "$@"; do case "$option" in
  --screenshot=*) test -n "{picture}" && cp "{picture}" "${{option#--screenshot=}}";;
esac; done
echo "made up" >&2
"""


@pytest.fixture
def app(tmp_path: Path) -> App:
    made = app_of(settings_in(tmp_path / "home"))
    made.ensure_index()
    return made


def _browser(folder: Path, monkeypatch: pytest.MonkeyPatch, picture: Path | str) -> None:
    folder.mkdir()
    script = folder / "chromium"
    script.write_text(_BROWSER.format(picture=picture))
    script.chmod(0o755)
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
    Image.effect_noise((300, 200), 60).convert("RGB").save(drawn)
    _browser(tmp_path / "bin", monkeypatch, drawn)
    await picture(app, tmp_path / "page.png")
    with Image.open(tmp_path / "page.png") as made:
        assert made.size == (300, 200)
        assert made.mode == "P"
    app.service.close()


async def test_a_browser_that_draws_nothing_is_told(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _browser(tmp_path / "bin", monkeypatch, "")
    with pytest.raises(PreviewError, match="made up"):
        await picture(app, tmp_path / "page.png")
    app.service.close()


async def test_without_a_browser_it_is_told_what_to_install(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PreviewError, match="chromium"):
        await picture(app, tmp_path / "page.png")
    app.service.close()
