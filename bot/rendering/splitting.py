"""Text divided into messages at the borders of sentences, the same way on every platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Chunk:
    """Text that must stand in one message: a sentence with its marker, a source, a heading.

    Attributes:
        text: as it is sent.
        opening: what goes before it where it begins a message.
        joint: what goes before it where it follows another chunk.
        number: the source whose words it holds, if any.
        quotation: the article's words in it, as they are sent.
    """

    text: str
    opening: str = ""
    joint: str = "\n"
    number: int | None = None
    quotation: str = ""


C = TypeVar("C", bound=Chunk)


@dataclass(frozen=True, slots=True)
class Part:
    """One message.

    Attributes:
        content: its text.
        numbers: the sources whose words it shows, in order.
        quotations: the articles' words in it, as they are sent, in order.
    """

    content: str
    numbers: tuple[int, ...] = ()
    quotations: tuple[str, ...] = ()


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 code units.

    Platforms count code points or UTF-16 units and do not all say which; the larger of the two
    is within a limit in either count.
    """
    return len(text) + sum(char > "\uffff" for char in text)


def pack(chunks: Iterable[Chunk], limit: int) -> tuple[Part, ...]:
    """``chunks`` in as few messages as hold them in this order.

    Args:
        chunks: none of them longer than ``limit`` with its opening.
        limit: of one message, in UTF-16 units.
    """
    return tuple(map(_part, grouped(chunks, limit)))


def grouped(chunks: Iterable[C], limit: int) -> list[list[C]]:
    """The same, what goes into one message still in its chunks."""
    groups: list[list[C]] = []
    size = 0
    for chunk in chunks:
        longer = size + units(chunk.joint) + units(chunk.text)
        if groups and longer <= limit:
            groups[-1].append(chunk)
            size = longer
        else:
            groups.append([chunk])
            size = units(chunk.opening) + units(chunk.text)
    return groups


def _part(chunks: list[Chunk]) -> Part:
    first, *rest = chunks
    content = first.opening + first.text + "".join(chunk.joint + chunk.text for chunk in rest)
    numbers = dict.fromkeys(chunk.number for chunk in chunks if chunk.number is not None)
    return Part(
        content, tuple(numbers), tuple(chunk.quotation for chunk in chunks if chunk.quotation)
    )


def cut(text: str, limit: int, escape: Callable[[str], str]) -> Iterator[str]:
    """``text`` in pieces that are at most ``limit`` UTF-16 units long when escaped.

    Cut at white space, which goes with the cut; a word that is too long alone is cut inside.
    """
    while units(escape(text)) > limit:
        at = _cut_at(text, limit, escape)
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    yield text


def _cut_at(text: str, limit: int, escape: Callable[[str], str]) -> int:
    """The last place at which ``text`` can be cut: its beginning is at most ``limit`` long."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if units(escape(text[:middle])) <= limit:
            low = middle
        else:
            high = middle - 1
    if text[low].isspace():
        return low
    borders = (at for at in range(low, 0, -1) if text[at - 1].isspace() and text[: at - 1].strip())
    return next(borders, low)
