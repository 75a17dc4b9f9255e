"""Fixtures that several test modules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from index.models import open_embedder
from tests.discord_world import world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from index.embedder import Embedder
    from tests.discord_world import World


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the default model is prepared once for the whole run."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def embedder(model_home: Path) -> Embedder:
    """The default model as users run it: exported, in int8."""
    return open_embedder(home=model_home)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    """A Discord in memory with the real bot in it."""
    async with world(tmp_path) as made:
        yield made
