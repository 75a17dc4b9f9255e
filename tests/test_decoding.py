"""Bytes to text: what is read, and how what is not is told."""

from __future__ import annotations

import codecs
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ArticleError, BinaryFileError, WrongEncodingError
from corpus.formats import decode

TEXT = "Naïve “words”\r\nand more.\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
    ],
    ids=["UTF-8", "UTF-8 with mark", "UTF-16 LE", "UTF-16 BE", "UTF-32 LE", "UTF-32 BE"],
)
def test_utf_8_and_marked_encodings_are_read_without_their_mark(data: bytes) -> None:
    assert decode(data) == TEXT


@pytest.mark.parametrize("encoding", ["windows-1252", "mac-roman", "shift-jis"])
def test_another_encoding_is_reported_with_its_line_and_not_guessed(encoding: str) -> None:
    text = "First line.\n“Second”\n" if encoding != "shift-jis" else "First line.\n日本語\n"
    with pytest.raises(WrongEncodingError, match=r"line 2 .*save it as UTF-8"):
        decode(text.encode(encoding))


def test_a_broken_utf_16_file_is_reported() -> None:
    with pytest.raises(WrongEncodingError):
        decode(codecs.BOM_UTF16_LE + b"a\0b")


@pytest.mark.parametrize(
    ("data", "sign"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04...", "ZIP"),
        (b"\x89PNG\r\n", "image"),
        (b"\x1f\x8b" + zlib.compress(b"x"), "compressed"),
        (b"{\\rtf1 text}", "RTF"),
        ("text without a mark".encode("utf-16-le"), "NUL"),
        ("\ufeffNUL \0 in it".encode("utf-16-le"), "NUL"),
        (bytes(range(1, 32)) * 3, "control characters"),
    ],
)
def test_a_binary_file_is_told_from_text(data: bytes, sign: str) -> None:
    with pytest.raises(BinaryFileError, match=sign):
        decode(data)


def test_a_stray_control_character_does_not_make_a_text_binary() -> None:
    assert decode(b"word " * 100 + b"\x0c\x1a").endswith("\x1a")


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_reported(data: bytes) -> None:
    try:
        text = decode(data)
    except ArticleError:
        return
    assert "\0" not in text
