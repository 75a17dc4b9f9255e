"""Plain text: paragraphs and headings, which nothing but line breaks and looks sets apart."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from corpus.formats.document import RawBlock
from corpus.formats.headings import (
    ends_in_punctuation,
    is_heading_line,
    is_list_item,
    is_title_line,
)
from corpus.formats.lines import Line, lines_of
from corpus.text import Mapped, MappedBuilder, canonicalize_block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# No one wraps text wider by hand or by program; longer lines are paragraphs.
WIDEST_WRAPPED = 120
# More short lines in a row than a heading and its subheading are a list or verse.
HEADINGS_IN_A_ROW = 2
# Level 1 is the title's; nothing tells the rank of one short line from that of another.
HEADING_LEVEL = 2

_RULE = re.compile(r"[\W_]+")


def read(source: str, start: int = 0) -> list[RawBlock]:
    """The blocks of ``source`` from ``start`` on; offsets count from the start of ``source``."""
    paragraphs: list[list[Line]] = []
    for chunk in _chunks(lines_of(source, start)):
        paragraphs += _paragraphs(chunk, opening=not paragraphs)
    return _with_headings([_block(paragraph) for paragraph in paragraphs])


def _chunks(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines between blank lines; rules such as ``* * *`` count as blank."""
    for blank, group in groupby(lines, lambda line: _is_blank(line.text)):
        if not blank:
            yield list(group)


def _is_blank(text: str) -> bool:
    return not text.strip() or (text.isascii() and _RULE.fullmatch(text) is not None)


def _paragraphs(chunk: list[Line], *, opening: bool) -> Iterator[list[Line]]:
    """Cut lines that no blank line separates where a paragraph ends; the text may open here."""
    # A long address stands on a line of its own however narrow the text is.
    width = max((len(line.text) for line in chunk if " " in line.text.strip()), default=0)
    paragraph = chunk[:1]
    for line in chunk[1:]:
        heads = is_title_line if opening and paragraph == chunk[:1] else is_heading_line
        if _ends(paragraph[-1].text.rstrip(), line.text.strip(), width, heads):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    yield paragraph


def _ends(line: str, following: str, width: int, heads: Callable[[str], bool]) -> bool:
    """Whether ``line`` is the last of its paragraph, in text whose longest line has ``width``.

    In wrapped text it is when the next word would have had room on it and it reads like an end.
    """
    if is_list_item(following):
        return True
    if following[0].islower():
        return False
    if width > WIDEST_WRAPPED:
        return True
    has_room = width - len(line) > len(following.split()[0])
    return has_room and (ends_in_punctuation(line) or heads(line.strip()))


def _block(paragraph: list[Line]) -> RawBlock:
    builder = MappedBuilder()
    for line in paragraph:
        if len(builder):
            builder.add("\n", line.start - 1, line.start)
        builder.copy(line.text, line.start)
    return RawBlock(builder.build(), alone=len(paragraph) == 1)


def _with_headings(blocks: list[RawBlock]) -> list[RawBlock]:
    """Mark the short lines that head the paragraphs after them; the first block is left alone.

    The last block of a text heads nothing, so its unfinished last sentence is no heading.
    """
    looks = [block.alone and is_heading_line(_shown(block.content)) for block in blocks]
    marked = blocks[:1]
    at = 1
    while at < len(blocks):
        end = at
        while end < len(blocks) and looks[end]:
            end += 1
        heads = 0 < end - at <= HEADINGS_IN_A_ROW and end < len(blocks)
        marked += [replace(block, level=HEADING_LEVEL if heads else 0) for block in blocks[at:end]]
        marked += blocks[end : end + 1]
        at = end + 1
    return marked


def _shown(content: Mapped) -> str:
    return canonicalize_block(content.text).text
