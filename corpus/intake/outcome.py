"""What became of each thing that was to be added."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """What became of it."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file, page or entry.

    Attributes:
        source: its name or address, as the person gave it or a list names it.
        status: what became of it.
        id: of the article that it is now, or that it is the same as; empty if there is none.
        title: of that article.
        file: of that article, below the folder.
        reason: why it is no new article, as a sentence that ``source`` begins.
        again: whether it may succeed later, as what a server does not send now may.
        doubt: the kind of doubt that a person can overrule with `force`; empty if there is none.
    """

    source: str
    status: Status
    id: str = ""
    title: str = ""
    file: str = ""
    reason: str = ""
    doubt: str = ""
    again: bool = False

    @property
    def taken(self) -> bool:
        """Whether the folder changed."""
        return self.status in (Status.ADDED, Status.CHANGED)

    def as_json(self) -> dict[str, Any]:
        """One object of ``onrecord corpus add --json``; fields may be added, never go."""
        return {
            "source": self.source,
            "status": self.status.value,
            "id": self.id,
            "title": self.title,
            "file": self.file,
            "reason": self.reason,
            "can_force": bool(self.doubt),
        }
