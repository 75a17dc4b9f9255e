"""Files to articles: one module for each format, all making a ``Document``.

``parse`` chooses the format by the file's extension and content. Another format (PDF, DOCX, EPUB)
is one more entry of ``READERS``: a function from the file's bytes to a ``Document``.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from corpus.errors import UnknownFormatError
from corpus.formats import front_matter, html, markdown, plain
from corpus.formats.decoding import decode
from corpus.formats.document import About, Document, assemble

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.formats.document import RawBlock

__all__ = ["READERS", "Document", "decode", "parse", "parse_plain", "parse_text"]

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
    if suffix in (".html", ".htm") or _PAGE.match(source, front.body_start):
        blocks, page = html.read(source, front.body_start)
        about = about.or_else(page)
    elif suffix in (".md", ".markdown") or _MARKDOWN.search(source, front.body_start):
        blocks = markdown.read(source, front.body_start)
    else:
        blocks = plain.read(source, front.body_start)
    return assemble(blocks, about)


def parse_plain(source: str, title: str | None = None) -> Document:
    """Read text that is known to be plain, whatever it looks like, with its title if it has one."""
    return assemble(plain.read(source), About(title=title))


def _text_reader(suffix: str) -> Callable[[bytes], Document]:
    return lambda data: parse_text(decode(data), suffix)


READERS: dict[str, Callable[[bytes], Document]] = {
    suffix: _text_reader(suffix) for suffix in (".md", ".markdown", ".txt", ".html", ".htm")
}
"""From extension, in lower case, to the function that reads such a file."""
