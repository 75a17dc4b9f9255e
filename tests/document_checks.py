"""What must hold of every document, whatever format it was read from."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from corpus.span import Span

if TYPE_CHECKING:
    from corpus.formats import Document


def shown(document: Document) -> list[tuple[int, str]]:
    """The level and the words of each block."""
    return [(block.level, block.span.of(document.text)) for block in document.blocks]


def check(document: Document, source: str) -> None:
    """Fail unless the text is canonical, its blocks exact and its letters where the map says."""
    text = document.text
    assert unicodedata.is_normalized("NFC", text)
    words = [block.span.of(text) for block in document.blocks]
    assert "\n\n".join(words) == text
    assert all(word and word == " ".join(word.split(" ")).strip() for word in words)
    assert not any("\n" in word for word in words)
    assert len(document.map) == len(text)
    before = Span(0, 0)
    for at, char in enumerate(text):
        place = document.map.to_source(Span(at, at + 1))
        assert before.start <= place.start
        assert before.end <= place.end
        before = place
        if len(place) == 1 and not char.isspace():
            assert unicodedata.normalize("NFC", place.of(source)) == char
