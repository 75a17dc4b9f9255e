"""What is known of one direct quotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.span import Span


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or some body, that an article names.

    Attributes:
        name: canonical name: the fullest form in the article, without titles.
        aliases: the other forms in which the article names them ("Mr. Obama"), sorted.
        roles: heads of the phrases that describe them ("mayor", "actress"), sorted.
        gender: "f", "m", or ``None`` where not known.
        is_person: false for a body, ``None`` where not known.
    """

    name: str
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    gender: str | None = None
    is_person: bool | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """One stretch of speech between quotation marks, and who said it.

    All spans count characters of the text that was given to ``extract``.

    Attributes:
        span: the quoted words, without the marks around them.
        speaker: the speaker's canonical name, or the words for an unnamed one ("the company");
            ``None`` where the text does not make it clear.
        speaker_span: the words that attribute it ("she", "Mayor Lena Ortiz"); ``None`` where no
            words do, as in a dialogue whose turns are understood.
        cue: the words that report it, as written ("said", "according to"), or "".
        addressee: to whom or where it was said, only where the text states it.
        utterance: number of the utterance in the text, counted from 0; the parts of one
            utterance, split by a reporting clause or by paragraphs, share it.
        part: number of this part in its utterance, counted from 0.
        truncated: whether the text ends before the quotation does.
        rule: name of the rule that found the speaker, or "open".
        confidence: 0 to 1, how often that rule is right.
        children: quotations inside this one.
        candidates: names of those who may have said it, best first, where ``speaker`` is open.
    """

    span: Span
    speaker: str | None = None
    speaker_span: Span | None = None
    cue: str = ""
    addressee: str | None = None
    utterance: int = 0
    part: int = 0
    truncated: bool = False
    rule: str = "open"
    confidence: float = 0.0
    children: tuple[Quote, ...] = ()
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The quotations of one text, and those who speak in it under a name.

    Attributes:
        quotes: the outermost quotations in reading order.
        speakers: the named speakers of ``quotes``, each once, in the order of their first words.
    """

    quotes: tuple[Quote, ...] = ()
    speakers: tuple[Person, ...] = ()
