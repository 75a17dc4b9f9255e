"""What is worded for Discord, as Slack's rich text: so that it reads the same on both.

The renderers of lookups and corrections write the little markup that ``bot.rendering.discord``
uses: quotation lines, small lines, bold and struck-out words, links, and backslashes before all
other signs. Each character of it has one meaning, so that it can be read back exactly.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.rendering import discord
from bot.rendering.slack import Message, Piece, escape, text_element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.rendering.splitting import Part

    Element = dict[str, Any]

_TOKEN = re.compile(
    r"\\(?P<sign>[^0-9A-Za-z\s])"
    r"|\[(?P<label>(?:\\.|[^\[\]\\])+)\]\(<(?P<url>https?://[^\s<>()]+)>\)"
    r"|(?P<toggle>\*\*|~~)"
)
_LINE = re.compile(r"(?P<mark>> ?|-# )?(?P<rest>.*)", re.DOTALL)
_STYLES = {"**": "bold", "~~": "strike"}


def converted(parts: Iterable[Part], *controls: dict[str, Any]) -> tuple[Message, ...]:
    """``parts`` as Slack messages, ``controls`` under the last."""
    made = [
        Message(tuple(_pieces(part.content)), shown=part.numbers, written=discord.pieces(part))
        for part in parts
    ]
    return (*made[:-1], replace(made[-1], controls=controls))


def _pieces(content: str) -> Iterator[Piece]:
    joint = ""
    for line in content.split("\n"):
        joint += "\n"
        found = _LINE.fullmatch(line)
        assert found is not None  # every line has the form
        elements = tuple(_elements(found["rest"]))
        if not elements:
            continue
        words = "".join(str(element["text"]) for element in elements)
        is_quote = (found["mark"] or "").startswith(">")
        yield Piece(
            escape(words),
            joint=joint[:2],
            quotation=words if is_quote else "",
            kind="quote" if is_quote else "said",
            elements=elements,
        )
        joint = ""


def _elements(line: str) -> Iterator[Element]:
    style: dict[str, bool] = {}
    at, words = 0, ""
    for found in _TOKEN.finditer(line):
        words += line[at : found.start()] + (found["sign"] or "")
        at = found.end()
        if found["sign"]:
            continue
        if words:
            yield text_element(words, **style)
            words = ""
        if found["url"]:
            yield {"type": "link", "url": found["url"], "text": _plain(found["label"])}
        else:
            name = _STYLES[found["toggle"]]
            style = {key: on for key, on in {**style, name: name not in style}.items() if on}
    if words := words + line[at:]:
        yield text_element(words, **style)


def _plain(text: str) -> str:
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


def written(message: Message) -> tuple[tuple[str, bool], ...]:
    """The text of ``message`` in the same markup, and of each piece whether it is an article's."""
    if message.written:
        return message.written
    found: list[tuple[str, bool]] = []
    for at, piece in enumerate(message.pieces):
        joint = piece.joint if at else ""
        if not piece.quotation:
            found.append((joint + "".join(map(_markup, piece.elements)), False))
            continue
        begins = "> " if not at or joint.startswith("\n") else ""
        words = "".join(str(element["text"]) for element in piece.elements)
        after = discord.escape(words[len(piece.quotation) :])
        found += [(joint + begins, False), (piece.quotation, True), (after, False)]
    return tuple(found)


def _markup(element: Element) -> str:
    text = discord.escape(element["text"])
    if element["type"] == "link":
        return f"[{text}](<{element['url']}>)"
    return f"**{text}**" if element.get("style", {}).get("bold") else text
