"""Bytes to text: UTF-8, or what a byte order mark says; anything else is reported, not guessed."""

from __future__ import annotations

import codecs
import re

from corpus.errors import BinaryFileError, UnreadableError, WrongEncodingError

# Longer marks first: that of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_SIGNATURES = (
    (b"%PDF-", "it is a PDF"),
    (b"PK\x03\x04", "it is a ZIP archive, as DOCX, ODT and EPUB files are"),
    (b"\x89PNG", "it is an image"),
    (b"\xff\xd8\xff", "it is an image"),
    (b"GIF8", "it is an image"),
    (b"\x1f\x8b", "it is compressed"),
    (b"{\\rtf", "it is an RTF document"),
    (b"\xd0\xcf\x11\xe0", "it is an old Office document"),
)
_META = re.compile(rb"<meta\b[^>]*\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
# Old files may hold a stray control character; a file with one in a hundred is no text.
_MOST_CONTROLS = 0.01


def decode(data: bytes) -> str:
    """The text of a file, without its byte order mark and otherwise as it stands.

    Raises:
        BinaryFileError: if it is not text.
        WrongEncodingError: if it is text, but in neither UTF-8 nor marked UTF-16 or UTF-32.
    """
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), None)
    if encoding is None:
        _refuse_binary(data)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        raise WrongEncodingError(data.count(b"\n", 0, error.start) + 1) from None
    if "\0" in text:
        raise BinaryFileError("it has NUL characters")
    return text


def decode_page(data: bytes, declared: str | None = None) -> str:
    """The text of an HTML page in the encoding that it declares, UTF-8 where it declares none.

    Args:
        data: the page.
        declared: what the server says of its encoding, which goes before what the page says.

    Raises:
        ArticleError: if it is not text, or not in that encoding.
    """
    found = _META.search(data[:2048])
    name = (declared or (found[1].decode("ascii") if found else "")).lower()
    if any(data.startswith(mark) for mark, _ in MARKS) or name in ("", "utf-8", "utf8"):
        return decode(data)
    # As browsers read these (WHATWG Encoding, 4.2): pages that say so have its curly quotes.
    name = "windows-1252" if name in ("iso-8859-1", "latin1", "ascii", "us-ascii") else name
    try:
        return data.decode(name)
    except (LookupError, UnicodeDecodeError):
        raise UnreadableError(
            f"says that it is in the encoding {name!r}, but is not; save it as UTF-8"
        ) from None


def _refuse_binary(data: bytes) -> None:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise BinaryFileError(kind)
    if b"\0" in data:
        raise BinaryFileError("it has NUL bytes")
    if len(data) - len(data.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(data):
        raise BinaryFileError("it is full of control characters")
