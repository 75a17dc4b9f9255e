"""Taking articles in: from files and addresses to Markdown files in a folder, with their past."""

from corpus.intake.adding import Adder
from corpus.intake.gathering import Gatherer
from corpus.intake.history import Act, Event
from corpus.intake.outcome import Outcome, Status
from corpus.intake.shelf import Shelf, ShelfError

__all__ = ["Act", "Adder", "Event", "Gatherer", "Outcome", "Shelf", "ShelfError", "Status"]
