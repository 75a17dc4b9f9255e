"""How fast a collection was built last, to tell how long the next build will take."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from index.build import Built

_FILE = "pace.json"
_LATEST = 0.5
"""Weight of the latest build against those before it: machines change, and so does their load."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds a passage, as measured; ``None`` where it never was.

    Attributes:
        embedding: to embed one.
        keeping: for everything else, whether it is new or known.
    """

    embedding: float | None = None
    keeping: float | None = None

    @classmethod
    def read(cls, folder: Path) -> Pace:
        """The pace kept in the folder of a collection."""
        try:
            kept = json.loads((folder / _FILE).read_text("utf-8"))
            return cls(_positive(kept["embedding"]), _positive(kept["keeping"]))
        except (OSError, ValueError, TypeError, KeyError):
            return cls()

    def write(self, folder: Path) -> None:
        """Keep it."""
        with suppress(OSError):  # it only serves to guess
            (folder / _FILE).write_text(json.dumps(asdict(self)) + "\n", "utf-8")

    def after(self, built: Built) -> Pace:
        """The pace with what a build has shown."""
        embedding, keeping = self.embedding, self.keeping
        if built.embedded:
            embedding = _mixed(embedding, built.embedding_seconds / built.embedded)
        if built.changed and (passages := built.embedded + built.reused):
            rest = max(0.0, built.seconds - built.embedding_seconds)
            keeping = _mixed(keeping, rest / passages)
        return Pace(embedding, keeping)

    def seconds(self, embed: int, reuse: int) -> float | None:
        """How long a build would take; ``None`` where that cannot be known yet."""
        if self.keeping is None or (embed and self.embedding is None):
            return None
        return embed * (self.embedding or 0.0) + (embed + reuse) * self.keeping


def _mixed(before: float | None, latest: float) -> float:
    return latest if before is None else _LATEST * latest + (1 - _LATEST) * before


def _positive(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value >= 0 else None
