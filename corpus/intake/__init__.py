"""Taking articles in: from files and addresses to Markdown files in a folder, with their past."""

from corpus.intake.adding import Adder
from corpus.intake.gathering import Gatherer
from corpus.intake.history import Act, Event
from corpus.intake.locking import ShelfError
from corpus.intake.outcome import Outcome, Status
from corpus.intake.shelf import Shelf
from corpus.intake.watches import Watch, WatchStore
from corpus.intake.watching import Look, Watcher

__all__ = [
    "Act",
    "Adder",
    "Event",
    "Gatherer",
    "Look",
    "Outcome",
    "Shelf",
    "ShelfError",
    "Status",
    "Watch",
    "WatchStore",
    "Watcher",
]
