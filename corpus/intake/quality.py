"""What makes a text look like no article: a paywall's stub, a menu, an unknown language.

Heuristics, so each is told and can be overruled by the person who adds the text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from corpus.formats.headings import ends_in_punctuation
from corpus.formats.markup import separates
from corpus.intake.language import detect, name_of, primary
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.formats import Document

STUB_WORDS = 350
"""Publishers show 50 to 250 words before a wall."""
PROSE_WORDS = 8
"""A paragraph of so many words that ends like a sentence is prose; items of menus are not."""
LEAST_PROSE = 30
"""A page that has fewer words of prose says nothing that could be quoted."""
PROSE_SHARE = 0.4
LINKED_SHARE = 0.7
"""A block of which so much is links is part of a menu, as are teasers of other pages."""

_PAYWALL = (
    "shows only its beginning to those who have no subscription; save the whole article to a file "
    "from your browser and add that"
)
_MENU = (
    "is mostly menus, links and headlines, with hardly any text; add the pages of the articles "
    "themselves"
)
_WALL = re.compile(
    r"subscribe (?:now )?to (?:continue|keep) reading|to (?:continue|keep) reading,? (?:please )?"
    r"(?:subscribe|log in|sign in|register|create)|already a (?:subscriber|member)\?"
    r"|this (?:article|content|story) is (?:for|available to|reserved for|only available to) "
    r"(?:our )?(?:subscribers|members|paying)|(?:subscribe|sign up|register) to (?:read|unlock)"
    r"|read the (?:full|rest of the) (?:article|story) with"
    r"|unlock (?:this|the full) (?:article|story)"
    r"|you have (?:reached|read) your (?:limit|last)|subscriber[- ]only"
    r"|weiterlesen mit|jetzt abonnieren|bereits abonnent|dieser artikel ist .{0,30}abonnent"
    r"|pour lire la suite|article (?:est )?reserve aux abonnes|deja abonne|abonnez-vous pour"
    r"|para (?:seguir|continuar) leyendo|contenido exclusivo para suscriptores|ya eres suscriptor"
)


Doubt = tuple[str, str]
"""The kind of a doubt (paywall, menu or language), and why, as a sentence its source begins."""


def page_doubts(document: Document, page: str) -> Iterator[Doubt]:
    """What speaks against taking ``document``, read from the HTML ``page``, for an article."""
    facts = _Facts.of(page)
    if _is_stub(document, facts):
        yield "paywall", _PAYWALL
    if _is_menu(document, facts):
        yield "menu", _MENU


def language_doubts(document: Document, languages: frozenset[str] | None) -> Iterator[Doubt]:
    """Whether the language is one of ``languages``, their codes; ``None`` stands for all."""
    if languages is None:
        return
    declared = document.metadata.language
    found = detect(document.text) or (primary(declared) if declared else None)
    if found is not None and found not in languages:
        known = " and ".join(sorted(map(name_of, languages)))
        reason = (
            f"is in {name_of(found)}, but the embedding model knows {known} only, so questions "
            "would hardly find it"
        )
        yield "language", reason


def _is_stub(document: Document, facts: _Facts) -> bool:
    if len(document.text.split()) > STUB_WORDS:
        return False
    if facts.declared_paid:
        return True
    return _WALL.search(facts.folded_text) is not None


def _is_menu(document: Document, facts: _Facts) -> bool:
    prose = words = 0
    for block in document.blocks:
        text = block.span.of(document.text)
        count = len(text.split())
        words += count
        if (
            not block.level
            and count >= PROSE_WORDS
            and ends_in_punctuation(text)
            and facts.linked_share(text) < LINKED_SHARE
        ):
            prose += count
    return prose < LEAST_PROSE or prose < PROSE_SHARE * words


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a page says beside its article.

    Attributes:
        folded_text: all its text, folded, spaces between words.
        linked: how much of each block is links, by its text.
        declared_paid: whether its structured data say that it is not free to read.
    """

    folded_text: str
    linked: dict[str, float]
    declared_paid: bool

    @classmethod
    def of(cls, page: str) -> _Facts:
        scanner = _Scanner()
        scanner.feed(page)
        scanner.close()
        scanner.flush()
        paid = any(map(_says_paid, scanner.data))
        return cls(_normal(" ".join(scanner.text)), scanner.linked, paid)

    def linked_share(self, text: str) -> float:
        """How much of the block ``text`` the texts of links make up."""
        return self.linked.get(_letters(text), 0.0)


def _normal(text: str) -> str:
    return " ".join(folded(text).split())


def _letters(text: str) -> str:
    return "".join(folded(text).split())


def _says_paid(data: str) -> bool:
    """Whether JSON-LD says so, as schema.org/isAccessibleForFree defines."""
    try:
        return any(_is_false(value) for value in _values(json.loads(data)))
    except (ValueError, RecursionError):
        return False


def _values(node: Any) -> Iterator[Any]:
    if isinstance(node, list):
        for item in node:
            yield from _values(item)
    elif isinstance(node, dict):
        yield node.get("isAccessibleForFree")
        for value in node.values():
            yield from _values(value)


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.lower() == "false")


class _Scanner(HTMLParser):
    """Collects a page's text, how much of each block is links, and its structured data."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.linked: dict[str, float] = {}
        self.data: list[str] = []
        self._block: list[str] = []
        self._in_links: list[str] = []
        self._in_link = False
        self._unshown = ""
        self._structured = False

    def flush(self) -> None:
        """End a block."""
        block = _letters(" ".join(self._block))
        if block:
            self.linked[block] = len(_letters(" ".join(self._in_links))) / len(block)
        self.text += self._block
        self._block, self._in_links = [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._unshown = tag
            self._structured = ("type", "application/ld+json") in attrs
        elif tag == "a":
            self._in_link = True
        elif separates(f"<{tag}"):
            self.flush()

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unshown:
            self._unshown = ""
        elif tag == "a":
            self._in_link = False
        elif separates(f"<{tag}"):
            self.flush()

    def handle_data(self, data: str) -> None:
        if self._unshown:
            if self._structured:
                self.data.append(data)
            return
        self._block.append(data)
        if self._in_link:
            self._in_links.append(data)
