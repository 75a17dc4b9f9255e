"""The lines of a source, with their places in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.text import Mapped, MappedBuilder

if TYPE_CHECKING:
    from collections.abc import Sequence

# A carriage return alone ends a line too, as it does in CommonMark.
_LINE = re.compile(r"([^\r\n]*)(?:\r\n?|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Line:
    """The text of one line, without its ending, which stands at ``start`` in the source."""

    text: str
    start: int


def lines_of(source: str, start: int = 0) -> list[Line]:
    """The lines of ``source`` from ``start`` on."""
    return [Line(match[1], match.start()) for match in _LINE.finditer(source, start)]


def lay(content: str, lines: Sequence[Line]) -> Mapped:
    """``content`` without its indentation, laid on the lines that it was cut from.

    Each line of ``content`` is the end of one of ``lines``, except for white space at either end
    of it: what was cut off are the marks of the lists and quotations that it stands in.
    """
    parts = content.split("\n")
    lines = lines[_lines_cut_off(parts[0].strip(), lines) :]
    builder = MappedBuilder()
    end = 0
    for part, line in zip(parts, lines, strict=False):
        text = part.strip()
        start = max(line.start, line.start + len(line.text.rstrip()) - len(text))
        if line is not lines[0]:
            builder.add("\n", end, start)
        # White space after a backslash tells it from a line break; it is kept there.
        text += part[len(part.rstrip()) :] if text.endswith("\\") else ""
        builder.copy(text, start)
        end = start + len(text)
    return builder.build()


def _lines_cut_off(first: str, lines: Sequence[Line]) -> int:
    """How many lines of nothing but unusual white space were cut off before ``first``."""
    ending = (at for at, line in enumerate(lines) if line.text.rstrip().endswith(first))
    return next(ending, 0)
