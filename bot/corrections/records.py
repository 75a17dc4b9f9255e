"""Rows of the ledger to what they stand for, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.corrections import layouts
from bot.corrections.model import OPEN, Fate, Message, Quoted, State, Summary, Task
from bot.localization import DEFAULT
from corpus.article import Article, Block, BlockKind, Metadata
from corpus.span import Span
from corpus.standing import Standing
from index.source import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.corrections.model import Given


def article(kept: dict[str, Any]) -> Article:
    """An article from its fields, as ``asdict`` gives them."""
    blocks = tuple(
        Block(Span(**one["span"]), BlockKind(one["kind"]), one["level"]) for one in kept["blocks"]
    )
    return Article(**{**kept, "blocks": blocks, "metadata": Metadata(**kept["metadata"])})


def place(one: Shown) -> dict[str, object]:
    """Where words stand, as columns."""
    return {
        "article_id": one.article_id,
        "content_hash": one.content_hash,
        "start": one.span.start,
        "end": one.span.end,
    }


def message(
    row: Any, numbers: Iterable[int], as_sent: Any, told: Mapping[int, str], *, deleted: bool
) -> Message:
    """A message of an answer.

    Args:
        row: of the message.
        numbers: the markers that it is known to show, besides those of its layout.
        as_sent: the row with its layout, ``None`` if there is none.
        told: what was told in it last.
        deleted: whether it is gone.
    """
    layout = layouts.read(as_sent.layout) if as_sent else None
    if layout is not None:
        quoted = [part.number for part in layout if isinstance(part, Quoted)]
        numbers = sorted({*quoted, *numbers})
    return Message(
        id=row.message,
        channel=row.channel,
        numbers=tuple(dict.fromkeys(numbers)),
        language=as_sent.language if as_sent else DEFAULT,
        layout=layout,
        ephemeral=bool(as_sent and as_sent.ephemeral),
        told=told,
        deleted=deleted,
    )


def fates_written(fates: Mapping[int, Fate]) -> str:
    """Fates by their markers, as they are kept."""
    return json.dumps({number: asdict(fate) for number, fate in fates.items()})


def fates_read(written: str) -> dict[int, Fate]:
    """What ``fates_written`` gave."""
    return {int(number): _fate(kept) for number, kept in json.loads(written).items()}


def _fate(kept: dict[str, Any]) -> Fate:
    place = kept["now"]
    where = Shown(**{**place, "span": Span(**place["span"])}) if place else None
    return Fate(**{**kept, "standing": Standing(kept["standing"]), "now": where})


def task(row: Any, given: Given) -> Task:
    """A correction of ``given``."""
    return Task(
        given=given,
        message=next(one for one in given.messages if one.id == row.message),
        round=row.round,
        version=row.version,
        state=State(row.state),
        fates=fates_read(row.changes),
        tries=row.tries,
        due=row.due,
        at=row.at,
        reason=row.reason,
    )


_ORDER = (
    *OPEN,
    State.FAILED,
    State.UNREACHABLE,
    State.EDITED,
    State.REPLIED,
    State.DELETED,
    State.OFF,
    State.EPHEMERAL,
)
"""An answer in several messages counts as the first of these that one of them is in."""


def summary(rows: Sequence[Any]) -> Summary:
    """The corrections of one round, counted in answers."""
    states: dict[str, set[State]] = {}
    for row in rows:
        states.setdefault(row.answer, set()).add(State(row.state))
    counts: dict[State, int] = {}
    for found in states.values():
        state = next(one for one in _ORDER if one in found)
        counts[state] = counts.get(state, 0) + 1
    return Summary(rows[0].version, rows[0].at, counts)
