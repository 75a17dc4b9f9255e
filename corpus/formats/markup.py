"""HTML cut into headings and paragraphs, every character with its place in the source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from itertools import accumulate

from corpus.formats.document import RawBlock
from corpus.formats.table import CELL_BORDER
from corpus.text import MappedBuilder

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li
    listing main menu nav ol optgroup option p plaintext pre search section summary table tbody
    tfoot thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset(("td", "th"))
# Their content is never shown, or is no text of the page.
_UNSHOWN_NAMES = """
    audio button canvas head iframe math noscript object script select style svg template textarea
    title video
"""
_UNSHOWN = frozenset(_UNSHOWN_NAMES.split())
_BESIDE = frozenset(("nav", "aside", "footer", "form", "dialog", "menu"))
_TAG_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """A block and what its elements say of it.

    Attributes:
        block: its text, with places in the source, and its level.
        beside: it stands in navigation, a footer or the like, so hardly in an article.
    """

    block: RawBlock
    beside: bool = False


def read_markup(source: str, start: int = 0) -> list[FoundBlock]:
    """The blocks of all the text in ``source`` from ``start`` on, empty ones left out."""
    splitter = _Splitter(source, start)
    splitter.feed(source[start:])
    splitter.close()
    return splitter.finish()


def separates(tag: str) -> bool:
    """Whether the words on either side of ``tag`` (as written) stand apart on the page."""
    name = _TAG_NAME.match(tag)
    return name is not None and name[1].lower() in _BLOCKS | _CELLS | {"br"}


class _Splitter(HTMLParser):
    """Collects text between the borders of block elements."""

    def __init__(self, source: str, start: int) -> None:
        super().__init__(convert_charrefs=False)
        self._source = source
        lengths = (len(line) + 1 for line in source[start:].split("\n"))
        self._line_starts = [*accumulate(lengths, initial=start)]
        self._found: list[FoundBlock] = []
        self._builder = MappedBuilder()
        # Whether there are words since the last line break, and in the block so far.
        self._blank = True
        self._says_something = False
        self._level = 0
        self._border_due = False
        self._end = start
        self._unshown: list[str] = []
        self._beside = 0

    def finish(self) -> list[FoundBlock]:
        self._flush()
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if self._unshown == ["head"] and (tag == "body" or tag in _BLOCKS):
            self._unshown.clear()  # `</head>` may be left out
        if tag in _UNSHOWN:
            self._unshown.append(tag)
        elif tag in _CELLS:
            self._border_due = True
        elif tag == "br":
            self._line_break()
        elif tag in _BLOCKS:
            self._flush()
            self._level = _HEADINGS.get(tag, 0)
            self._beside += tag in _BESIDE

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSHOWN | _BESIDE:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unshown:
            del self._unshown[self._unshown.index(tag) :]
        elif tag in _BLOCKS:
            self._flush()
            self._level = 0
            self._beside = max(0, self._beside - (tag in _BESIDE))

    def handle_data(self, data: str) -> None:
        self._add(data, data)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name}")

    def _reference(self, written: str) -> None:
        if self._source.startswith(";", self._at() + len(written)):
            written += ";"
        self._add(unescape(written), written)

    def _add(self, text: str, written: str) -> None:
        """Add ``text``, for which ``written`` stands here in the source."""
        if self._unshown:
            return
        start = self._at()
        if text.strip():
            if self._border_due and self._says_something:
                self._builder.add(CELL_BORDER, self._end, start)
            self._border_due = self._blank = False
            self._says_something = True
        elif self._border_due:
            return  # white space at the start of a cell; the border takes its place
        if text == written:
            self._builder.copy(text, start)
        else:
            self._builder.add(text, start, start + len(written))
        self._end = start + len(written)

    def _line_break(self) -> None:
        """One is a space, two border a paragraph."""
        if self._blank:
            self._flush()
        else:
            self._end = self._at() + len("<br>")
            self._builder.add("\n", self._at(), self._end)
            self._blank = True

    def _flush(self) -> None:
        built = self._builder.build()
        if built.text.strip():
            self._found.append(FoundBlock(RawBlock(built, self._level), self._beside > 0))
        self._builder = MappedBuilder()
        self._blank = True
        self._says_something = False
        self._border_due = False

    def _at(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column
