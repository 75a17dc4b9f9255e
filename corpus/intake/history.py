"""What was done to the articles of a folder, one JSON line an act, fit for git."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FILE = ".history.jsonl"


class Act(StrEnum):
    """What can be done to an article."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Event:
    """One act.

    Attributes:
        at: when, in UTC, ISO 8601 with seconds.
        act: what was done.
        id: the article's.
        file: its path below the folder, with ``/``.
        title: its title afterwards.
        who: who did it, as the terminal or the chat names them.
        source: where it came from: an address or a file's name.
        original: SHA-256 of the original, in hexadecimal.
        text: SHA-256 of the canonical text as it came in.
        written: SHA-256 of the file as it was written, to tell whether somebody edited it.
        revision: where the file that it replaced or removed is kept, below the folder.
    """

    at: str
    act: Act
    id: str
    file: str
    title: str
    who: str = ""
    source: str = ""
    original: str = ""
    text: str = ""
    written: str = ""
    revision: str = ""

    def as_json(self) -> dict[str, Any]:
        """One object of ``onrecord corpus history --json``; fields may be added, never go."""
        return asdict(self)


_NAMES = {field.name for field in fields(Event)}


def read_events(folder: Path) -> list[Event]:
    """All acts on the articles of ``folder``, oldest first; broken lines are left out."""
    try:
        lines = (folder / FILE).read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [event for line in lines if (event := _event(line)) is not None]


def append_event(folder: Path, event: Event) -> None:
    """Note ``event``."""
    with (folder / FILE).open("a", encoding="utf-8", newline="\n") as opened:
        given = {name: value for name, value in asdict(event).items() if value}
        opened.write(json.dumps(given, ensure_ascii=False) + "\n")


def _event(line: str) -> Event | None:
    try:
        found = json.loads(line)
        known: dict[str, Any] = {n: str(value) for n, value in found.items() if n in _NAMES}
        return Event(**(known | {"act": Act(known["act"])}))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # cut short by a crash, or merged badly by hand
