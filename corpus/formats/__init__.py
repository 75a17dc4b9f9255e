"""Files to articles: one module for each format, all making a ``Document``.

``parse`` chooses the format by the file's extension and content, among those that people write by
hand into the folder of articles. What programs write (PDF, DOCX, EPUB) is read in a process of its
own, by ``corpus.formats.confined``, when it is added with ``corpus.intake``.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from pathlib import PurePath
from typing import TYPE_CHECKING

from corpus.errors import UnknownFormatError
from corpus.formats import front_matter, html, markdown, plain
from corpus.formats.decoding import decode
from corpus.formats.document import About, Document, assemble

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.formats.document import RawBlock

__all__ = [
    "READERS",
    "Document",
    "Form",
    "decode",
    "form_of",
    "parse",
    "parse_plain",
    "parse_text",
]

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKDOWN = re.compile(
    r"^#{1,6}[ \t]+\S.*(?:\r\n?|\n|\Z)(?=\s|\Z)"  # a heading with a blank line below it
    r"|^\*\*\S.*\S\*\*[ \t]*$"  # a bold line
    r"|\]\(https?://[^\s)]+\)",  # a link
    re.MULTILINE,
)


class Form(Enum):
    """How a text is written."""

    HTML = auto()
    MARKDOWN = auto()
    PLAIN = auto()


def parse(data: bytes, name: str) -> Document:
    """Read the file ``name`` (only its extension counts), whose content is ``data``.

    Raises:
        ArticleError: one of its kinds, with a reason that says what to do.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in READERS:
        raise UnknownFormatError(suffix, tuple(READERS))
    return READERS[suffix](data)


def parse_text(source: str, suffix: str) -> Document:
    """Read text that is already decoded, as a file ending in ``suffix`` (such as ``.md``)."""
    front = front_matter.split(source)
    about = front.about
    blocks: list[RawBlock]
    form = form_of(source, suffix, front.body_start)
    if form is Form.HTML:
        blocks, page = html.read(source, front.body_start)
        about = about.or_else(page)
    elif form is Form.MARKDOWN:
        blocks = markdown.read(source, front.body_start)
    else:
        blocks = plain.read(source, front.body_start)
    return assemble(blocks, about)


def form_of(source: str, suffix: str, start: int = 0) -> Form:
    """How ``source``, from ``start`` on, is written, as a file ending in ``suffix``."""
    if suffix in (".html", ".htm") or _PAGE.match(source, start):
        return Form.HTML
    if suffix in (".md", ".markdown") or _MARKDOWN.search(source, start):
        return Form.MARKDOWN
    return Form.PLAIN


def parse_plain(source: str, title: str | None = None) -> Document:
    """Read text that is known to be plain, whatever it looks like, with its title if it has one."""
    return assemble(plain.read(source), About(title=title))


def _text_reader(suffix: str) -> Callable[[bytes], Document]:
    return lambda data: parse_text(decode(data), suffix)


READERS: dict[str, Callable[[bytes], Document]] = {
    suffix: _text_reader(suffix) for suffix in (".md", ".markdown", ".txt", ".html", ".htm")
}
"""From extension, in lower case, to the function that reads such a file."""
