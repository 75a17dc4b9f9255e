"""Rows of tables: where their cells stand in the source, and how they read as one paragraph."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.span import Span
from corpus.text import Mapped, MappedBuilder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.formats.lines import Line

CELL_BORDER = " | "

_BORDER = re.compile(r"(?<!\\)\|")
# What may stand before a row on its line: indentation and the marks of lists and quotations.
_BEFORE_ROW = re.compile(r"[\s>*+\-.)\d]*")


def lay_cells(cells: Sequence[str], line: Line) -> list[Mapped]:
    """The ``cells`` of a Markdown row, escaped borders in them decoded, laid on their line."""
    fields = _fields(line.text.rstrip())
    before = fields[0].of(line.text)
    led = _BEFORE_ROW.fullmatch(before) and len(fields) > 1
    if led and (not before.strip() or _decoded(fields[1], line) == cells[0].strip()):
        fields = fields[1:]
    return [
        _lay_cell(cell.strip(), field, line) for cell, field in zip(cells, fields, strict=False)
    ]


def row_of(cells: Iterable[Mapped]) -> Mapped:
    """The cells that say something, joined to one text."""
    builder = MappedBuilder()
    end = 0
    for cell in cells:
        if not cell.text.strip():
            continue
        place = cell.map.to_source(Span.whole(cell.text))
        if len(builder):
            builder.add(CELL_BORDER, end, place.start)
        end = place.end
        builder.extend(cell)
    return builder.build()


def _fields(row: str) -> list[Span]:
    starts = [0, *(border.end() for border in _BORDER.finditer(row))]
    ends = [*(border.start() for border in _BORDER.finditer(row)), len(row)]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True)]


def _decoded(field: Span, line: Line) -> str:
    return field.of(line.text).replace("\\|", "|").strip()


def _lay_cell(cell: str, field: Span, line: Line) -> Mapped:
    """Lay ``cell`` from its end, as marks of lists and quotations may stand before the first."""
    at = field.stripped(line.text).end
    places: list[int] = []
    for char in reversed(cell):
        at -= 1
        places.append(line.start + at)
        if char == "|":
            at -= 1  # the backslash before it
    builder = MappedBuilder()
    for char, place in zip(cell, reversed(places), strict=True):
        builder.copy(char, place)
    return builder.build()
