"""DOCX files by mammoth, which makes HTML of them, read as any HTML is.

mammoth and not python-docx: it keeps inserted text that is still marked as a change, footnotes,
text boxes, tables and lists in reading order, where python-docx leaves such paragraphs' text out
or hands them over apart, and it makes what the HTML reader understands already.
"""

from __future__ import annotations

import re
from io import BytesIO

import mammoth

from corpus.article import Metadata
from corpus.errors import ArticleError, UnreadableError
from corpus.formats.archive import Archive
from corpus.formats.document import About, RawBlock
from corpus.formats.markup import read_markup
from corpus.formats.xml import parse_xml, text_of
from corpus.text import canonicalize_block

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""
# What mammoth writes for the mark of a note, and for the way back from the note.
_NOTE_MARK = re.compile(r'<sup><a href="#(?:foot|end)note-[^"]*"[^>]*>\[\d+\]</a></sup>')
_WAY_BACK = re.compile(r' ?<a href="#(?:foot|end)note-ref-[^"]*">↑</a>')


def read(data: bytes) -> tuple[list[RawBlock], About]:
    """The blocks of a DOCX file and what it says of itself.

    Raises:
        UnsafeFileError: if it unpacks to too much, or its XML declares entities.
        UnreadableError: if it is damaged.
    """
    archive = Archive(data)
    parts = {}
    for entry in archive.entries():
        if entry.name.endswith((".xml", ".rels")):
            parts[entry.name] = archive.read(entry.name)
            parse_xml(parts[entry.name], entry.name)  # mammoth's own parser takes entities
    try:
        html: str = mammoth.convert_to_html(
            BytesIO(data),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=lambda _image: [],
        ).value
    except (ArticleError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(f"is a damaged DOCX file ({error}); save it anew") from error
    html = _WAY_BACK.sub("", _NOTE_MARK.sub("", html))
    return [found.block for found in read_markup(html)], _about(parts.get("docProps/core.xml"))


def _about(core: bytes | None) -> About:
    if core is None:
        return About()
    root = parse_xml(core, "docProps/core.xml")
    title, author, language = (
        _line(text_of(root, name)) for name in ("title", "creator", "language")
    )
    published = (text_of(root, "created") or "")[:10] or None
    metadata = Metadata(author=author, published=published, language=language)
    return About(title=title, metadata=metadata)


def _line(value: str | None) -> str | None:
    return canonicalize_block(value or "").text or None
