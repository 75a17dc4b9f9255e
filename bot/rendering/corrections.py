"""Corrections as Discord messages: old words struck, new ones shown, and why."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from bot.corrections.model import Words
from bot.rendering.discord import LIMIT, escape, place, shortened
from bot.rendering.splitting import Chunk, Part, cut, pack, units
from corpus.span import Span
from corpus.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.corrections.model import Change, Correction
    from bot.localization import Phrases
    from corpus.rewording import Step

_LONGEST_REASON = 500
_STRIKE, _BOLD = "~~", "**"
_UNCHANGED = (Standing.STANDS, Standing.REATTRIBUTED)
"""Where the words shown stand as they were shown."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A message with its correction.

    Attributes:
        part: the message; ``None`` where there is no room for any correction in it.
        further: messages for what found no room in it.
    """

    part: Part | None
    further: tuple[Part, ...] = ()


def render_edit(correction: Correction, phrases: Phrases, limit: int = LIMIT) -> Edited:
    """The message as it was sent, with words struck that no longer stand and the change below.

    Args:
        correction: what to tell.
        phrases: the language.
        limit: characters of a message that can be edited.
    """
    if correction.layout is None:
        return Edited(None)
    texts, quotations = _body(correction)
    body = "".join(texts).rstrip()
    first, *others = _block(correction, phrases, alone=False)
    below = first.text + "".join(chunk.joint + chunk.text for chunk in others)
    numbers = tuple(sorted(correction.shown))
    whole = f"{body}\n\n{below}"
    if units(whole) <= limit:
        new = tuple(chunk.quotation for chunk in others if chunk.quotation)
        return Edited(Part(whole, numbers, (*quotations, *new)))
    date = f"{correction.at:%Y-%m-%d}"
    pointing = f"{body}\n\n{_strong(phrases('correction_below', date=date))}"
    if units(pointing) <= limit:
        further = pack([first, *others], LIMIT)
        return Edited(Part(pointing, numbers, tuple(quotations)), further)
    return Edited(None)


def render_reply(correction: Correction, phrases: Phrases, link: str = "") -> tuple[Part, ...]:
    """The correction in messages of its own, the old words with it.

    Args:
        correction: what to tell.
        phrases: the language.
        link: leads to the message that it corrects, where a reply cannot.
    """
    chunks = _block(correction, phrases, alone=True)
    if link:
        chunks.insert(1, Chunk(link))
    return pack(chunks, LIMIT)


def _body(correction: Correction) -> tuple[list[str], list[str]]:
    """The message in pieces, and those of them that are an article's words."""
    changes = {change.number: change for change in correction.changes}
    texts: list[str] = []
    quotations: list[str] = []
    for part in correction.layout or ():
        if isinstance(part, str):
            texts.append(part)
            continue
        if isinstance(part, Words):
            text = _quote(part.text)
        else:
            words = correction.shown[part.number].citation.text
            text = _with_strikes(part.span, words, changes.get(part.number))
        texts.append(text)
        quotations.append(text)
    return texts, quotations


def _with_strikes(span: Span, words: str, change: Change | None) -> str:
    if change is None or change.standing in _UNCHANGED:
        return _quote(span.of(words))
    pieces = change.steps
    if not pieces:
        return _styled(span.of(words), _STRIKE)
    shown = []
    for step in pieces:
        if step.before.overlaps(span):
            start, end = max(step.before.start, span.start), min(step.before.end, span.end)
            text = Span(start, end).of(words)
            shown.append(_quote(text) if step.kept else _styled(text, _STRIKE))
    return "".join(shown)


def _block(correction: Correction, phrases: Phrases, *, alone: bool) -> list[Chunk]:
    """The heading and what is told of each marker, the same of several told once."""
    heading = Chunk(_strong(phrases("correction", date=f"{correction.at:%Y-%m-%d}")))
    chunks = [heading]
    told = [(_told(change, phrases), change) for change in correction.changes]
    for (said, _), some in groupby(told, _alike):
        group = [change for _, change in some]
        marks = ", ".join(f"[{change.number}]" for change in group)
        chunks.append(Chunk(f"{marks} {said}"))
        for change in group:
            chunks += _quotation(change, alone=alone)
    return chunks


def _alike(told: tuple[str, Change]) -> tuple[str, int]:
    """Equal for what can be told of several markers at once."""
    said, change = told
    return said, change.number if change.now is not None else 0


def _told(change: Change, phrases: Phrases) -> str:
    title = escape(shortened(change.title))
    match change.standing:
        case Standing.REWORDED:
            assert change.now is not None
            return phrases("reworded", place=place(change.now, phrases))
        case Standing.REATTRIBUTED if change.speaker:
            speaker = escape(shortened(change.speaker))
            return phrases("reattributed", title=title, speaker=speaker)
        case Standing.REATTRIBUTED:
            return phrases("reattributed_open", title=title)
        case Standing.GONE:
            return phrases("no_longer_said", title=title)
        case Standing.ARTICLE_GONE:
            return phrases("no_longer_there", title=title)
        case Standing.RETRACTED if change.reason:
            reason = escape(shortened(change.reason, _LONGEST_REASON))
            return phrases("retracted_for", title=title, reason=reason)
        case Standing.RETRACTED:
            return phrases("retracted", title=title)
        case Standing.STANDS:
            return phrases("said_again", title=title)


def _quotation(change: Change, *, alone: bool) -> Iterator[Chunk]:
    """The words that changed: word by word where few did, else the new ones."""
    old = change.shown.citation.text
    if steps := change.steps:
        text = _marked(old, change.now.citation.text if change.now else "", steps)
        if units(text) <= LIMIT - len("> "):
            yield Chunk(text, "> ", "\n> ", None, text)
            return
    if alone:
        yield from _pieces(old, "" if change.standing in _UNCHANGED else _STRIKE)
    if change.now is not None:
        yield from _pieces(change.now.citation.text, "")


def _pieces(words: str, style: str) -> Iterator[Chunk]:
    room = LIMIT - len("> ")
    for at, piece in enumerate(cut(words, room, lambda text: _styled(text, style))):
        text = _styled(piece, style)
        yield Chunk(text, "> ", " " if at else "\n> ", None, text)


def _marked(old: str, new: str, steps: Sequence[Step]) -> str:
    """Both wordings in one: what was left out struck, what was put in bold."""
    parts = []
    for step in steps:
        before, after = step.before.of(old), step.after.of(new)
        if step.kept:
            parts.append(_quote(after))
            continue
        parts.append(_styled(before, _STRIKE))
        if before and after and not after[0].isspace():
            parts.append(" ")
        parts.append(_styled(after, _BOLD))
    return "".join(parts)


def _styled(text: str, style: str) -> str:
    """``text`` in a style, line by line, the space at the ends of a line outside of it."""
    lines = []
    for line in text.split("\n"):
        words = line.strip()
        start = len(line) - len(line.lstrip())
        around = line[:start], line[start + len(words) :]
        lines.append(f"{around[0]}{style}{escape(words)}{style}{around[1]}" if words else line)
    return "\n> ".join(lines)


def _quote(text: str) -> str:
    return escape(text).replace("\n", "\n> ")


def _strong(text: str) -> str:
    return f"**{escape(text)}**"
