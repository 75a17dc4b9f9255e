"""What corrections are made of. A platform tells its part by implementing ``Delivery``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from corpus.rewording import compare, similarity
from corpus.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from corpus.rewording import Step
    from corpus.span import Span
    from index.answer import Source
    from index.source import Shown

_SMALL = 0.5
"""From this share of common words on a change is told word by word; below, as old and new."""


class State(StrEnum):
    """How far the correction of one message is."""

    PENDING = "pending"
    REPLYING = "replying"  # about to be told, or told and not noted any more
    EDITED = "edited"
    REPLIED = "replied"
    DELETED = "deleted"  # the message is no longer there
    UNREACHABLE = "unreachable"  # the platform lets the bot neither edit nor reply
    EPHEMERAL = "ephemeral"  # it was shown to one person for a moment
    FAILED = "failed"
    OFF = "off"  # the server does not want corrections
    SUPERSEDED = "superseded"  # a later version came before it was told


OPEN = (State.PENDING, State.REPLYING)
CORRECTED = (State.EDITED, State.REPLIED)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the words under one marker.

    Attributes:
        standing: whether they still stand.
        now: where they, or the words that took their place, stand; ``None`` where nothing does.
            Of a quotation that is another's by now, the sentences that say whose.
        words: what stands there, empty where nothing does.
        title: of the article, where it is gone or retracted.
        reason: why it was retracted, empty if nobody says.
        speaker: who said them by now, where that is another; empty if that is not clear.
    """

    standing: Standing
    now: Shown | None = None
    words: str = ""
    title: str = ""
    reason: str = ""
    speaker: str = ""

    @property
    def key(self) -> str:
        """Equal for fates of which a reader would be told the same; empty for none to tell."""
        if self.standing is Standing.STANDS:
            return ""
        said = (self.words or self.reason) + self.speaker
        return f"{self.standing}:{sha256(said.encode()).hexdigest()[:16] if said else ''}"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A part of cited words in a message.

    Attributes:
        number: their marker.
        span: which of the cited words' characters.
    """

    number: int
    span: Span


@dataclass(frozen=True, slots=True)
class Words:
    """An article's words in a message that are not cited, such as the verb of a speaker.

    Attributes:
        text: the words as they stand in the article.
    """

    text: str


Layout = tuple["str | Quoted | Words", ...]
"""A message as it was sent: the bot's own text as it was written for the platform, and between
it the places of the articles' words."""


@dataclass(frozen=True, slots=True)
class Change:
    """What there is to tell of the words under one marker.

    Attributes:
        shown: the words, proved in the revision that they were taken from.
        standing: whether they still stand; if they do, an earlier correction is taken back.
        now: the words that took their place, proved in the later revision, if any did; of a
            quotation that is another's by now, the sentences that say whose.
        title: of the article.
        reason: why it was retracted, empty if nobody says.
        speaker: who said them by now, where that is another; empty if that is not clear.
    """

    shown: Source
    standing: Standing
    now: Source | None = None
    title: str = ""
    reason: str = ""
    speaker: str = ""

    @property
    def number(self) -> int:
        """The marker."""
        return self.shown.number

    @property
    def steps(self) -> tuple[Step, ...]:
        """From the words shown to those that stand now, word by word; none where all changed."""
        if self.now is None or self.standing is not Standing.REWORDED:
            return ()
        old, new = self.shown.citation.text, self.now.citation.text
        return compare(old, new) if similarity(old, new) >= _SMALL else ()


@dataclass(frozen=True, slots=True)
class Correction:
    """All that is needed to correct one message.

    Attributes:
        answer: id of the answer.
        message: id of the message.
        channel: id of the channel or thread that it stands in.
        server: id of the server or workspace, empty for a direct message.
        language: that the message is in.
        layout: the message as it was sent; ``None`` where that is not known.
        shown: the words that it showed, by their markers.
        changes: what is to be told, by marker; words of other markers still stand.
        at: when the version came, in UTC.
    """

    answer: str
    message: str
    channel: str
    server: str
    language: str
    layout: Layout | None
    shown: Mapping[int, Source]
    changes: Sequence[Change]
    at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """A message that showed a part of an answer.

    Attributes:
        id: of the message.
        channel: id of the channel or thread that it stands in.
        numbers: the markers of the words that it shows.
        language: that it is in.
        layout: as it was sent; ``None`` where that is not known.
        ephemeral: whether one person saw it for a moment.
        told: ``Fate.key`` of what was told last, by marker.
        deleted: whether it is known to be gone.
    """

    id: str
    channel: str
    numbers: tuple[int, ...]
    language: str = "en"
    layout: Layout | None = None
    ephemeral: bool = False
    told: Mapping[int, str] | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given, with all that is kept for correcting it.

    Attributes:
        id: of the answer.
        platform: where it was given.
        server: id of the server there, empty for a direct message.
        collection: name of the corpus.
        version: that it was compared with last.
        question: that it answers.
        shown: its words, those that were found and not shown included.
        messages: that show them.
    """

    id: str
    platform: str
    server: str
    collection: str
    version: str
    question: str
    shown: tuple[Shown, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be told in one message.

    Attributes:
        message: which.
        state: whether it can be told.
        fates: what became of the words, by marker; only what is to be told.
        reason: why it cannot.
    """

    message: Message
    state: State
    fates: Mapping[int, Fate]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A correction that is to be told, or was.

    Attributes:
        given: the answer.
        message: the message.
        round: names the version that it is about.
        version: that version.
        state: how far it is.
        fates: what is to be told, by marker.
        tries: how often that failed.
        due: not to be tried before, in UTC.
        at: when the version was noticed, in UTC.
        reason: why it is not told.
    """

    given: Given
    message: Message
    round: int
    version: str
    state: State
    fates: Mapping[int, Fate]
    tries: int
    due: datetime
    at: datetime
    reason: str


class RefusedError(Exception):
    """The platform does not let the bot do it, and will not."""


class GoneError(Exception):
    """The message or the place that it stood in is no longer there."""


class PausedError(Exception):
    """The platform wants to be left alone for some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"pause for {seconds:g} s")
        self.seconds = seconds


class Delivery(Protocol):
    """Tells corrections on one platform."""

    async def edit(self, correction: Correction) -> bool:
        """Put the correction into the message itself.

        May be called again for the same correction after a crash; the message is then the same.

        Returns:
            Whether the message has room for all of it; otherwise the rest goes into a reply.

        Raises:
            RefusedError: if the message may not be edited, or has no room for any of it.
            GoneError: if the message is no longer there.
            PausedError: if the platform wants a pause.
        """
        ...

    async def reply(self, correction: Correction, *, again: bool) -> None:
        """Tell the correction in a message of its own.

        Args:
            correction: what to tell.
            again: whether that was begun before and nobody knows how it ended: if it was told
                after all it must not be told twice.

        Raises:
            RefusedError: if nothing may be said there.
            GoneError: if the place is no longer there.
            PausedError: if the platform wants a pause.
        """
        ...


@dataclass(frozen=True, slots=True)
class Summary:
    """How the corrections after one version stand, counted in answers.

    Attributes:
        version: the version of the index.
        at: when it was noticed, in UTC.
        counts: answers by the state of their corrections.
    """

    version: str
    at: datetime
    counts: Mapping[State, int] = field(default_factory=dict)

    @property
    def touched(self) -> int:
        """Answers that showed words which changed."""
        return sum(self.counts.values())

    @property
    def corrected(self) -> int:
        """Answers whose correction was told."""
        return sum(self.counts.get(state, 0) for state in CORRECTED)

    @property
    def pending(self) -> int:
        """Answers whose correction is still to be told."""
        return sum(self.counts.get(state, 0) for state in OPEN)

    @property
    def unreached(self) -> int:
        """Answers that could not be corrected."""
        return sum(self.counts.get(state, 0) for state in (State.UNREACHABLE, State.FAILED))
