"""One file or page that came in, understood: its kind, by its content, its text, its origin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from corpus.errors import EmptyArticleError, OversizeError, UnreadableError
from corpus.formats import Form, decode, form_of, parse_text
from corpus.formats.confined import READERS
from corpus.formats.confined import read as read_confined
from corpus.formats.decoding import decode_page
from corpus.formats.front_matter import read_fields
from corpus.formats.sniffing import Kind, kind_of
from corpus.intake.pages import read_page
from corpus.loader import MAX_BYTES, readable
from corpus.web.links import declared_canonical, without_tracking

if TYPE_CHECKING:
    from corpus.formats import Document
    from corpus.intake.quality import Doubt

_TEXT_SUFFIXES = (".md", ".markdown", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class Incoming:
    """Bytes that came in.

    Attributes:
        data: as they came.
        name: the file's name, or the last part of the address; a hint among kinds of text alone.
        source: as the person gave it, for messages and the history.
        url: where it was found on the web; ``None`` for a file.
        charset: what the server says of its encoding.
    """

    data: bytes
    name: str
    source: str
    url: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What came in, as an article to be.

    Attributes:
        incoming: what it was read from.
        kind: by its content.
        document: its text and what it says of itself.
        title: the document's, or one made from its name.
        url: the address it is to be known by; ``None`` where it has none.
        doubts: why it may be no article, as far as its format shows that.
        markdown: its source if it is Markdown, which is kept as it was written.
        extra: what its front matter says beyond what is known here.
    """

    incoming: Incoming
    kind: Kind
    document: Document
    title: str
    url: str | None
    doubts: tuple[Doubt, ...] = ()
    markdown: str | None = None
    extra: tuple[tuple[str, object], ...] = ()


def understand(incoming: Incoming, kind: Kind | None = None) -> Understood:
    """Read what came in; ``kind`` is found out where it is not told.

    Raises:
        ArticleError: if no article can be made of it.
    """
    kind = kind or kind_of(incoming.data)
    if kind in READERS:
        found = read_confined(incoming.data, kind)
        return replace(_understood(incoming, kind, found.document), doubts=found.doubts)
    if kind not in (Kind.PAGE, Kind.TEXT):
        raise UnreadableError(f"is a {kind}, not an article")
    return _from_text(incoming, kind)


def _from_text(incoming: Incoming, kind: Kind) -> Understood:
    if len(incoming.data) > MAX_BYTES:
        raise OversizeError(MAX_BYTES)
    is_page = kind is Kind.PAGE
    decoded = decode_page(incoming.data, incoming.charset) if is_page else decode(incoming.data)
    suffix = PurePosixPath(incoming.name.lower()).suffix
    suffix = suffix if suffix in _TEXT_SUFFIXES else ".txt"
    fields = read_fields(decoded)
    form = Form.HTML if is_page else form_of(decoded, suffix, fields.body_start)
    if form is Form.HTML and not fields.values:
        return _from_page(incoming, kind, decoded)
    understood = _understood(incoming, kind, parse_text(decoded, suffix))
    extra = tuple((name, value) for name, value in fields.values.items() if isinstance(name, str))
    markdown = decoded if form is Form.MARKDOWN else None
    return replace(understood, markdown=markdown, extra=extra)


def _from_page(incoming: Incoming, kind: Kind, decoded: str) -> Understood:
    try:
        page = read_page(decoded)
    except EmptyArticleError as error:
        raise UnreadableError(
            "is a page without text: it is likely to be filled in by a script, in a browser "
            "alone; save it to a file from your browser and add that"
        ) from error
    return replace(_understood(incoming, kind, page.document, decoded), doubts=page.doubts)


def _understood(
    incoming: Incoming, kind: Kind, document: Document, page: str | None = None
) -> Understood:
    title = document.title or readable(_stem(incoming))
    return Understood(incoming, kind, document, title, _url(incoming, document, page))


def _url(incoming: Incoming, document: Document, page: str | None) -> str | None:
    """The address that the page declares, if it may, else the one where it was found."""
    if incoming.url is None:
        return document.metadata.url
    declared = declared_canonical(page, incoming.url) if page is not None else None
    return without_tracking(declared or incoming.url)


def _stem(incoming: Incoming) -> str:
    """A name without extension: of the file, or of the last part of the address that has one."""
    name = incoming.name
    if incoming.url is not None:
        parts = urlsplit(incoming.url)
        name = next((part for part in reversed(parts.path.split("/")) if part), parts.netloc)
    return PurePosixPath(unquote(name)).stem or "article"
