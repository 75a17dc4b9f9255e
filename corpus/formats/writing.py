"""A ``Document`` as a Markdown file whose canonical text is, once read again, the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.errors import ArticleError
from corpus.formats import parse_text
from corpus.formats.document import BETWEEN_BLOCKS
from corpus.formats.front_matter import read_fields, write_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corpus.formats.document import Document

# What can be a mark anywhere in a line: CommonMark's, and those of footnotes and strikethrough.
_INSIDE = re.compile(r"[\\`*_\[\]<]|&(?=#|\w)|~(?=~)|(?<=~)~|!(?=\[)")
# An underscore between letters never opens or closes emphasis.
_HARMLESS = re.compile(r"(?<=[^\W_])\\_(?=[^\W_])")
# What can be one at its start only, and would make it a heading, a list, a rule or a table.
_OPENING = re.compile(r"(?=[#>=~|:+-])")
_NUMBER = re.compile(r"(\d{1,9})(?=[.)])")
_ALL = re.compile(r"[!-/:-@\[-`{-~]")


def write(fields: Mapping[str, object], document: Document) -> str:
    """A Markdown file with ``fields`` as its front matter, line ends being LF.

    Readable first: only what could be a mark is escaped, and all punctuation is only where that
    would change a word.

    Raises:
        ArticleError: if the text cannot be written so that it reads the same.
    """
    head = write_fields(fields)
    # A paragraph on its own at the top may read as a title; a quotation never does.
    for first, escape in (("", _escaped), ("> ", _escaped), ("", _escaped_wholly)):
        written = f"{head}\n{first}{_body(document, escape)}\n"
        if _reads_as(written, document, blocks_too=escape is _escaped):
            return written
    raise ArticleError("cannot be written as Markdown; save it as plain text and add that")


def with_fields(fields: Mapping[str, object], source: str) -> str:
    """The Markdown ``source`` with ``fields`` in place of its front matter, line ends being LF."""
    body = source[read_fields(source).body_start :]
    return write_fields(fields) + "\n" + re.sub(r"\r\n?", "\n", body).strip("\n") + "\n"


def _body(document: Document, escape: Callable[[str], str]) -> str:
    parts = []
    for block in document.blocks:
        text = escape(block.span.of(document.text))
        parts.append(f"{'#' * block.level} {_with_plain_end(text)}" if block.level else text)
    return BETWEEN_BLOCKS.join(parts)


def _escaped(text: str) -> str:
    text = _HARMLESS.sub("_", _INSIDE.sub(r"\\\g<0>", text))
    if _OPENING.match(text):
        return f"\\{text}"
    return _NUMBER.sub(r"\1\\", text, count=1) if _NUMBER.match(text) else text


def _escaped_wholly(text: str) -> str:
    return _ALL.sub(r"\\\g<0>", text)


def _with_plain_end(escaped: str) -> str:
    """A heading's text with the number signs at its end kept from closing it."""
    return re.sub(r"(?<!\\)#+$", lambda signs: "\\#" * len(signs[0]), escaped)


def _reads_as(written: str, document: Document, *, blocks_too: bool) -> bool:
    try:
        read = parse_text(written, ".md")
    except ArticleError:
        return False
    return read.text == document.text and (not blocks_too or read.blocks == document.blocks)
