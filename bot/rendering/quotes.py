"""Quotations of a text for a terminal: the speaker, the words, and why that speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from bot import messages
from bot.rendering.terminal import Hanging, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from bot.extracting import Extracted

_INDENT = "  "


def render_extracted(found: Sequence[Extracted]) -> RenderableType:
    """Each quotation below its speaker; what is quoted inside it further in."""
    if not found:
        return Text(messages.no_quotations(), "italic")
    parts = [part for one in found for part in (Text(), *_parts(one, ""))]
    return Group(*parts[1:])


def _parts(one: Extracted, indent: str) -> Iterator[RenderableType]:
    yield Hanging(Text(indent), Text.assemble(_speaker(one), "  ", (_reason(one), "dim")))
    cut_off = " (cut off)" if one.quote.truncated else ""
    yield Hanging(Text(indent + _INDENT), Text.assemble(visible(f"“{one.text}”"), (cut_off, "dim")))
    for child in one.children:
        yield from _parts(child, indent + 2 * _INDENT)


def _speaker(one: Extracted) -> tuple[str, str]:
    quote = one.quote
    if quote.speaker is not None:
        return visible(quote.speaker), "bold"
    return visible(messages.speaker_open(quote.candidates)), "italic"


def _reason(one: Extracted) -> str:
    """By which words and which rule: ``“she” told, to Mashable; after 0.90``."""
    quote = one.quote
    by = f"“{one.speaker_text}”" if one.speaker_text else ""
    words = " ".join(filter(None, (by, quote.cue)))
    told = ", ".join(filter(None, (words, f"to {quote.addressee}" if quote.addressee else "")))
    rule = quote.rule if quote.speaker is None else f"{quote.rule} {quote.confidence:.2f}"
    return visible("; ".join(filter(None, (told, rule))))
