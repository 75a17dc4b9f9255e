"""A platform in memory on which answers are given and corrected, for tests of the corrections."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.corrections.comparing import revisions
from bot.corrections.corrector import Corrector
from bot.corrections.ledger import CorrectionLedger
from bot.corrections.model import Quoted
from bot.ledger import Entry, Ledger, Sent, now
from bot.worker import Worker
from corpus.span import Span
from corpus.standing import Standing
from index.live import LiveIndex
from index.manifest import Recipe
from index.source import Shown
from index.versions import Versions
from tests.fakes import HashEmbedder
from tests.making import build, loaded

if TYPE_CHECKING:
    from pathlib import Path

    from bot.corrections.model import Change, Correction
    from corpus.article import Article

PLATFORM = "paper"


def told(correction: Correction) -> list[str]:
    """What a correction says: a line for each marker."""
    return [
        f"[{one.number}] {one.standing}{_whose(one)}: {one.shown.citation.text}"
        + (f" -> {one.now.citation.text}" if one.now else "")
        + (f" ({one.reason})" if one.reason else "")
        for one in correction.changes
    ]


def _whose(change: Change) -> str:
    whose = f" to {change.speaker or 'nobody'}"
    return whose if change.standing is Standing.REATTRIBUTED else ""


@dataclass
class Paper:
    """A ``Delivery`` that writes down what it is told to tell.

    Attributes:
        edits: what each edit said, by message.
        replies: what each reply said, by message.
        trouble: errors to raise, the next one first.
        room: whether a message has room for all of a correction.
    """

    edits: list[tuple[str, list[str]]] = field(default_factory=list)
    replies: list[tuple[str, list[str]]] = field(default_factory=list)
    trouble: list[BaseException | None] = field(default_factory=list)
    room: bool = True
    seen: list[Correction] = field(default_factory=list)
    again: list[bool] = field(default_factory=list)

    async def edit(self, correction: Correction) -> bool:
        self._fail()
        self.seen.append(correction)
        self.edits.append((correction.message, told(correction)))
        return self.room

    async def reply(self, correction: Correction, *, again: bool) -> None:
        self.again.append(again)
        self._fail()
        self.seen.append(correction)
        self.replies.append((correction.message, told(correction)))

    def _fail(self) -> None:
        error = self.trouble.pop(0) if self.trouble else None
        if error is not None:
            raise error


class Desk:
    """Gives answers and corrects them."""

    def __init__(self, home: Path, *articles: Article, platform: str = PLATFORM) -> None:
        self.folder = home / "collections" / "main"
        self.platform = platform
        self.embedder = HashEmbedder()
        self.ledger = Ledger(home / "ledger.db")
        self.kept = CorrectionLedger(self.ledger)
        self.live = LiveIndex(Versions(self.folder), Recipe.of(self.embedder))
        self.paper = Paper()
        self.worker = Worker(1, 10, 60)
        self.time = 1000.0
        self.corrector = self.start()
        self._answers = 0
        if articles:
            self.publish(*articles)

    def start(self, *, wanted: bool = True) -> Corrector:
        """Another process takes over."""
        self.corrector = Corrector(
            self.platform,
            self.kept,
            self.ledger,
            lambda _: self.live,
            lambda: ["main"],
            self.worker,
            self.paper,
            pause=1.0,
            wanted=wanted,
            clock=lambda: self.time,
        )
        return self.corrector

    def publish(self, *articles: Article) -> str:
        """A version comes with these articles; its name."""
        return build(self.folder, loaded(*articles), self.embedder).manifest.version

    def point_to(self, version: str) -> None:
        """Another version that is there already is made the current one."""
        (self.folder / "CURRENT").write_text(f"{version}\n")

    def answer(
        self,
        *sentences: tuple[str, str],
        server: str = "s",
        sent: bool = True,
        more: int = 0,
        spoken: bool = False,
    ) -> str:
        """Answer with sentences, each given by the id of its article and its words.

        Args:
            sentences: what to show, the last ``more`` of them only on demand.
            server: where.
            sent: whether it gets there.
            more: how many are not shown.
            spoken: whether they are quotations that are shown with who said them.
        """
        self._answers += 1
        answer = f"{self._answers:016x}"
        snapshot = self.live.snapshot()
        words = []
        for number, (article_id, text) in enumerate(sentences, 1):
            article = snapshot.article(article_id)
            start = article.text.index(text)
            span = Span(start, start + len(text))
            words.append(Shown(number, article_id, article.content_hash, span, spoken=spoken))
        shown = len(words) - more
        entry = Entry(
            id=answer,
            platform=self.platform,
            server=server,
            channel="c",
            asker="ann",
            asked_in=f"q{answer}",
            parent="",
            question="What?",
            understood="What?",
            answered=True,
            index_version=snapshot.manifest.version,
            at=now(),
            shown=tuple(words[:shown]),
            more=tuple(words[shown:]),
        )
        self.ledger.add(entry)
        missing = self.kept.missing(entry)
        self.kept.remember(entry, revisions(missing, self.live))
        if sent:
            self.send(answer, *(text for _, text in sentences[:shown]))
        return answer

    def send(self, answer: str, *texts: str, ephemeral: bool = False) -> None:
        """The answer gets there in one message, whose id is that of the answer with an m."""
        pieces: list[tuple[str, bool]] = [("Hear: ", False)]
        for number, text in enumerate(texts, 1):
            pieces += [(text, True), (f" [{number}] ", False)]
        numbers = tuple(range(1, len(texts) + 1))
        sent = [Sent(f"m{answer}", "c", numbers, tuple(pieces), "de", ephemeral)]
        self.ledger.sent(answer, sent)
        self.kept.sent(answer, sent)

    async def work(self) -> None:
        """Do all that can be done now."""
        while await self.corrector.step() == 1.0:
            pass

    def close(self) -> None:
        self.worker.close()
        self.ledger.close()


def as_sent(correction: Correction) -> str:
    """The message of a correction as it was sent."""
    assert correction.layout is not None
    return "".join(
        part.span.of(correction.shown[part.number].citation.text)
        if isinstance(part, Quoted)
        else str(part)
        for part in correction.layout
    )
