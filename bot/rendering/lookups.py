"""Quotations that were looked up, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.style import Style
from rich.text import Text

from bot import messages
from bot.rendering.terminal import Hanging, place_of, visible
from index.comparison import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from bot.conversation import QuotedSpeaker, QuoteReply, SpeakersReply, WhosaidReply
    from index.cited_quotes import CitedNested, CitedQuote
    from index.comparison import Difference
    from index.source import Source

_INDENT = "  "
_STYLES = {
    Change.ADDED: "bold red",
    Change.DROPPED: "strike yellow",
    Change.CHANGED: "bold red",
    Change.LEFT_OUT: "dim",
}


def render_quotes(reply: QuoteReply) -> RenderableType:
    """The quotations of one page, each below its speaker."""
    parts: list[RenderableType] = [_own(reply.lead), Text()] if reply.lead else []
    parts += _quotes(reply.items)
    shown = reply.request.offset + len(reply.items)
    if shown < reply.total:
        parts += [Text(), _own(messages.more_quotes(reply.total - shown, shown))]
    return Group(*parts)


def render_whosaid(reply: WhosaidReply) -> RenderableType:
    """The verdict, the words asked against the original, and the evidence."""
    parts: list[RenderableType] = [_own(reply.lead)]
    if reply.differences:
        parts += [Text(), Hanging(Text(_INDENT), _compared(reply.comparison))]
    for passage in reply.passages:
        parts += [Text(), Hanging(Text(_INDENT), Text(visible(passage.citation.text)))]
        parts += _place(passage, "")
    for quotes in (reply.items, reply.nearest):
        parts += [Text(), *_quotes(quotes)] if quotes else []
    return Group(*parts)


def render_speakers(reply: SpeakersReply) -> RenderableType:
    """Each speaker with the articles."""
    if reply.lead:
        return _own(reply.lead)
    return Group(*(part for one in reply.speakers for part in _speaker(one)))


def _speaker(one: QuotedSpeaker) -> Iterator[RenderableType]:
    speaker = one.speaker
    about = "; ".join(filter(None, (", ".join(speaker.aliases), ", ".join(speaker.roles))))
    name = Text.assemble((visible(speaker.name), "bold"), (f"  {visible(about)}", "dim"))
    yield Hanging(Text(f"{speaker.quotes:>5}  ", "cyan"), name)
    for _, title in one.articles:
        yield Hanging(Text(" " * 9), Text(visible(title), "dim"))


def _own(text: str) -> RenderableType:
    return Hanging(Text(), Text(visible(text), "italic"))


def _quotes(quotes: Iterable[CitedQuote]) -> list[RenderableType]:
    parts = [part for one in quotes for part in (Text(), *_quote(one))]
    return parts[1:]


def _quote(one: CitedQuote) -> Iterator[RenderableType]:
    marker = Text(f"[{one.source.number}] ", "bold cyan")
    yield Hanging(marker, Text.assemble(_name(one), (visible(_attribution(one)), "dim")))
    indent = " " * marker.cell_len
    cut_off = " (the article is cut off here)" if one.truncated else ""
    words = visible(f"“{one.source.citation.text}”")
    yield Hanging(Text(indent), Text.assemble(words, (cut_off, "dim")))
    yield from _nested(one.children, indent + _INDENT)
    yield from _place(one.source, indent)


def _name(one: CitedQuote) -> tuple[str, str]:
    if one.speaker is not None:
        return visible(one.speaker), "bold"
    return visible(messages.speaker_not_named(one.candidates)), "italic"


def _attribution(one: CitedQuote) -> str:
    """By which words, to whom, and which part: ``  “she” told, to Mashable; part 1 of 3``."""
    by = f"“{one.attribution.text}”" if one.attribution else ""
    to = f"to {one.addressee}" if one.addressee else ""
    words = ", ".join(filter(None, (" ".join(filter(None, (by, one.cue))), to)))
    part = f"part {one.part} of {one.parts}" if one.parts > 1 else ""
    told = "; ".join(filter(None, (words, part)))
    return f"  {told}" if told else ""


def _nested(children: Iterable[CitedNested], indent: str) -> Iterator[RenderableType]:
    for child in children:
        who = child.speaker or messages.speaker_not_named(())
        words = Text.assemble(visible(f"“{child.citation.text}”"), (f"  {visible(who)}", "dim"))
        yield Hanging(Text(indent), words)
        yield from _nested(child.children, indent + _INDENT)


def _place(source: Source, indent: str) -> Iterator[RenderableType]:
    yield Hanging(Text(indent), Text(visible(place_of(source)), "dim"))
    if source.link:
        link = visible(source.link)
        clickable = Style(link=link) if link.startswith(("https://", "http://")) else Style()
        yield Text.assemble(indent, (link, clickable))


def _compared(comparison: Iterable[Difference]) -> Text:
    """The words asked, with what was added, dropped and changed: ``[+not] [-seven-] [six > …]``."""
    line = Text()
    for one in comparison:
        line.append(" " if line else "")
        line.append(visible(_marked(one)), _STYLES.get(one.change, ""))
    return line


def _marked(one: Difference) -> str:
    match one.change:
        case Change.ADDED:
            return f"[+ {one.asked}]"
        case Change.DROPPED:
            return f"[- {one.original}]"
        case Change.CHANGED:
            return f"[{one.original} → {one.asked}]"
        case Change.LEFT_OUT:
            return "[…]"
        case _:
            return one.asked
