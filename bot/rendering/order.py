"""What every platform shows alike: which words, in which order, and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from bot.conversation import Kind
from bot.rendering.splitting import cut, units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.conversation import Reply
    from bot.localization import Phrases
    from index.answer import Source

_LONGEST_TITLE = 200
_LONGEST_URL = 1200
"""A longer address is left out: with the rest of its line it would not fit one message."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where cited words stand.

    Attributes:
        title: of the article, on one line.
        rest: section and paragraph, to follow the title.
        address: that leads to the words, if there is one that can be linked.
    """

    title: str
    rest: str
    address: str | None

    @classmethod
    def of(cls, source: Source, phrases: Phrases) -> Place:
        """Where the words of ``source`` stand."""
        section = shortened(source.section)
        rest = f", “{section}”" if section else ""
        rest += f", {phrases('paragraph', number=source.paragraph)}"
        return cls(shortened(source.title), rest, _address(source.link))

    @property
    def is_linked_beside(self) -> bool:
        """Whether the link stands after the place: not every platform can link such a title."""
        return self.address is not None and bool(re.search(r"[\[\]\\]|://", self.title))


def shortened(text: str, limit: int = _LONGEST_TITLE) -> str:
    """``text`` on one line, its end left out where it is longer than any title needs to be."""
    line = " ".join(text.split())
    return line if units(line) <= limit else f"{next(cut(line, limit - 1, str))}…"


def _address(url: str | None) -> str | None:
    """``url`` as it may stand in a link."""
    if url is None or not re.match(r"https?://", url, re.IGNORECASE):
        return None
    encoded = re.sub(r"[\s<>()\\\x00-\x1f]", lambda found: f"%{ord(found.group()):02X}", url)
    return encoded if units(encoded) <= _LONGEST_URL else None


def lines(text: str, limit: int, escape: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """The bot's own words in pieces that fit a message, each with what goes before it."""
    joint = ""
    for line in text.split("\n"):
        joint += "\n"
        for piece in cut(line.strip(), limit, escape) if line.strip() else ():
            yield piece, joint
            joint = " "
        joint = "" if line.strip() else joint


def quotations(reply: Reply) -> Iterator[tuple[Source, bool]]:
    """The sources of ``reply``, each with whether it begins a quotation of its own.

    Sentences that follow one another in a paragraph stay together in an answer.
    """
    for _, group in groupby(reply.sources, _paragraph):
        for at, source in enumerate(group):
            yield source, at == 0 or reply.kind is Kind.NOT_FOUND


def _paragraph(source: Source) -> tuple[str, int]:
    return source.citation.article_id, source.paragraph
