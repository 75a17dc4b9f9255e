"""The process that builds, with the embedder of ``tests.fakes``; see ``bot.builder``."""

from __future__ import annotations

from typing import Any

import index.models
from bot.builder import main
from tests.fakes import HashEmbedder


def _open(*_: object, **__: Any) -> HashEmbedder:
    return HashEmbedder()


if __name__ == "__main__":
    index.models.open_embedder = _open
    main()
