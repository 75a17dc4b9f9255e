"""Long lists one message at a time: as much as fits, and where to go from there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rendering.splitting import Chunk, Part, pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.localization import Phrases
    from index.source import Source

LIMIT = 1900
"""Characters of a page; the rest of a message is for the line below it."""
_CODE = re.compile(r"(?P<offset>\d{1,9})(?:\.(?P<piece>\d{1,3})|(?P<back>-))")
CODE = r"\d{1,9}(?:\.\d{1,3}|-)"
"""What a place looks like in the id of a button, as a pattern."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins, or ends.

    Attributes:
        offset: how many items of the list come before it; before its end if ``back``.
        piece: which piece of an item that is too long for one message, from 0.
        back: whether it is the page that ends before ``offset``.
    """

    offset: int = 0
    piece: int = 0
    back: bool = False

    @property
    def code(self) -> str:
        """The place in a few characters, for the id of a button."""
        return f"{self.offset}-" if self.back else f"{self.offset}.{self.piece}"

    @classmethod
    def of(cls, code: str) -> Place:
        """The place with that code.

        Raises:
            ValueError: if it is none.
        """
        found = _CODE.fullmatch(code)
        if found is None:
            raise ValueError(f"not a place: {code!r}")
        return cls(int(found["offset"]), int(found["piece"] or 0), bool(found["back"]))

    def window(self, most: int) -> tuple[int, int]:
        """Offset and number of the items that may stand on the page, of which there are some."""
        if not self.back:
            return self.offset, most
        start = max(0, self.offset - most)
        return start, max(1, self.offset - start)


@dataclass(frozen=True, slots=True)
class Block:
    """An item of the list: what it looks like, and the articles' words that it shows."""

    chunks: tuple[Chunk, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page.

    Attributes:
        part: the message.
        here: the place that shows it again.
        before: the place of the page before, if there is one.
        after: the place of the page after, if there is one.
        sources: the articles' words that it shows.
    """

    part: Part
    here: Place
    before: Place | None = None
    after: Place | None = None
    sources: tuple[Source, ...] = ()


def leaf(
    head: Sequence[Chunk],
    blocks: Sequence[Block],
    at: Place,
    start: int,
    total: int,
    phrases: Phrases,
) -> Leaf:
    """The page at ``at``.

    Args:
        head: what stands above the items.
        blocks: the items that may stand on it, in order.
        at: where it begins or ends.
        start: how many items come before ``blocks``.
        total: how many there are in all; 0 to count none of them.
        phrases: for the line below.
    """
    if not blocks:
        return Leaf(pack(head, LIMIT)[0], Place(start))
    chosen = _fitting(head, blocks, back=at.back)
    first = start + (len(blocks) - len(chosen) if at.back else 0)
    pieces = _packed(head, chosen)
    number = len(pieces) - 1 if at.back else min(at.piece, len(pieces) - 1)
    last = first + len(chosen)
    after = Place(last) if last < total else None
    before = Place(first, back=True) if first else None
    if number + 1 < len(pieces):
        after = Place(first, number + 1)
    if number:
        before = Place(first, number - 1)
    foot = _foot(first + 1, last, total, number, len(pieces), phrases)
    part = _with(pieces[number], foot)
    sources = tuple(source for block in chosen for source in block.sources)
    shown = tuple(one for one in sources if one.number in part.numbers)
    # Forward from the same item more may fit than backward to it.
    here = at if at.back and len(pieces) == 1 else Place(first, number)
    return Leaf(part, here, before, after, shown)


def _fitting(head: Sequence[Chunk], blocks: Sequence[Block], *, back: bool) -> Sequence[Block]:
    """As many blocks as one message holds from one end, at least one."""
    for count in range(len(blocks), 1, -1):
        chosen = blocks[-count:] if back else blocks[:count]
        if len(_packed(head, chosen)) == 1:
            return chosen
    return blocks[-1:] if back else blocks[:1]


def _packed(head: Sequence[Chunk], blocks: Sequence[Block]) -> tuple[Part, ...]:
    return pack([*head, *(chunk for block in blocks for chunk in block.chunks)], LIMIT)


def _foot(first: int, last: int, total: int, number: int, count: int, phrases: Phrases) -> str:
    told = [phrases("range", first=first, last=last, total=total)] if total > 1 else []
    if count > 1:
        told.append(phrases("piece", number=number + 1, count=count))
    return f"-# {' · '.join(told)}" if told else ""


def _with(part: Part, foot: str) -> Part:
    content = f"{part.content}\n{foot}" if foot else part.content
    return Part(content, part.numbers, part.quotations)
