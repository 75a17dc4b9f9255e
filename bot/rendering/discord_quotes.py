"""Quotations, verdicts and speakers on Discord, one message a page.

Only the articles' words stand in quotation blocks; the words asked about never do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.conversation import Lookup, QuoteReply, SpeakersReply, WhosaidReply
from bot.localization.lookups import kind_of, quote_lead, speakers_lead, verdict
from bot.rendering.discord import escape, place, quotation, said, shortened
from bot.rendering.paging import LIMIT, Block, leaf
from bot.rendering.splitting import Chunk, cut, units
from index.comparison import Change
from index.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.conversation import QuotedSpeaker
    from bot.localization import Phrases
    from bot.rendering.paging import Leaf, Place
    from index.cited_quotes import CitedNested, CitedQuote
    from index.comparison import Difference
    from index.source import Source

_ECHOED = 300
"""Characters of the words asked about that are said back."""
_PIECE = 1000
"""Characters of a long quotation that stay together: with its speaker they fit one page."""
_MOST_DIFFERENCES = 12
_LONGEST_RUN = 12
"""Equal words of a comparison; of a longer run the middle is left out."""
_KEPT = 4
"""Words that stay at each end of such a run."""
_MOST_TITLES = 100
"""Articles that are named for one speaker."""
_LONGEST_NAME = 80
_LONGEST_TITLE = 150
_LONGEST_PLACE = 1500
_LONGEST_PART = 300
"""Characters of one side of a difference."""


def render_lookup(
    reply: QuoteReply | WhosaidReply | SpeakersReply, phrases: Phrases, at: Place, heading: str = ""
) -> Leaf:
    """The page of ``reply`` at ``at``, with ``heading`` before all of it."""
    head = list(_said(heading))
    if isinstance(reply, QuoteReply):
        return _quotes(reply, phrases, at, head)
    if isinstance(reply, SpeakersReply):
        return _speakers(reply, phrases, at, head)
    return _whosaid(reply, phrases, at, head)


def _said(text: str) -> Iterator[Chunk]:
    return said(text, LIMIT)


# Quotations


def _quotes(reply: QuoteReply, phrases: Phrases, at: Place, head: list[Chunk]) -> Leaf:
    if reply.items:
        head.append(Chunk(f"**{escape(_sought(reply, phrases))}**"))
    elif reply.kind in (Lookup.FOUND, Lookup.OFF_TOPIC):
        return leaf([*head, *_said(phrases("page_gone"))], [], at, 0, 0, phrases)
    head += _said(quote_lead(reply, phrases))
    blocks = [Block(tuple(_item(one, phrases)), (one.source,)) for one in reply.items]
    return leaf(head, blocks, at, reply.request.offset, reply.total, phrases)


def _sought(reply: QuoteReply, phrases: Phrases) -> str:
    """What was looked for, on one line."""
    speaker = reply.speaker.name if reply.speaker else ""
    about = f"“{reply.request.about}”" if reply.request.about.strip() else ""
    parts = (phrases("quotations"), speaker, about, reply.article)
    return " · ".join(shortened(one, _LONGEST_NAME) for one in parts if one)


def _item(one: CitedQuote, phrases: Phrases) -> Iterator[Chunk]:
    """A quotation below its speaker, above its place."""
    yield Chunk(f"**{escape(_speaker(one, phrases))}**", joint="\n\n")
    yield from _attribution(one, phrases)
    yield from quotation(one.source, "\n> ", _PIECE)
    yield from _nested(one.children, phrases)
    where = _where(one.source, [*_position(one, phrases)], phrases)
    yield Chunk(f"-# {where}", number=one.source.number)


def _nested(children: Iterable[CitedNested], phrases: Phrases) -> Iterator[Chunk]:
    """What is quoted inside a quotation, with who said that."""
    for child in children:
        words = escape(f"“{shortened(child.citation.text)}”")
        who = escape(shortened(child.speaker, _LONGEST_NAME) if child.speaker else "?")
        yield Chunk(f"-# {escape(phrases('inside'))} {words} – {who}", quotation=words)
        yield from _nested(child.children, phrases)


def _where(source: Source, rest: Sequence[str], phrases: Phrases) -> str:
    """The place of ``source`` and what is known beyond; without the link if it is too long."""
    for shown in (source, replace(source, link=None)):
        where = " · ".join([place(shown, phrases), *map(escape, rest)])
        if units(where) <= _LONGEST_PLACE:
            break
    return where


def _speaker(one: CitedQuote, phrases: Phrases) -> str:
    if one.speaker is not None:
        return shortened(one.speaker, _LONGEST_NAME)
    if one.candidates:
        names = ", ".join(shortened(name, _LONGEST_NAME) for name in one.candidates[:_KEPT])
        return phrases("speaker_candidates", names=names)
    return phrases("speaker_open")


def _attribution(one: CitedQuote, phrases: Phrases) -> Iterator[Chunk]:
    """The words by which the article says who it is, and to whom it was said."""
    words = shortened(one.attribution.text) if one.attribution else ""
    given = [f"“{part}”" for part in (words, shortened(one.cue)) if part]
    told = phrases("attributed", words=", ".join(given)) if given else phrases("from_context")
    if one.addressee:
        told += f", {phrases('to_whom', name=shortened(one.addressee))}"
    shown = escape(f"“{words}”") if words else ""
    yield Chunk(f" – {escape(told)}", joint="", quotation=shown)


def _position(one: CitedQuote, phrases: Phrases) -> Iterator[str]:
    if one.published:
        yield shortened(one.published, _LONGEST_NAME)
    if one.parts > 1:
        yield phrases("part_of", part=one.part, parts=one.parts)
    if one.truncated:
        yield phrases("cut_off")


# Verdicts


def _whosaid(reply: WhosaidReply, phrases: Phrases, at: Place, head: list[Chunk]) -> Leaf:
    if reply.verdict is not None:
        head += _bold_lines(verdict(reply, phrases))
        asked = shortened(reply.asked, _ECHOED)
        head += _said(phrases("asked_words", words=asked))
    else:
        head += _said(phrases.problem(reply))
    head += _differences(reply, phrases)
    numbered = _Numbered()
    chunks = list(head)
    evidence = [*_evidence(reply.items, numbered, phrases)]
    evidence += _passages(reply.passages, numbered, phrases)
    chunks += _under(phrases("evidence"), evidence)
    chunks += _under(phrases("nearest"), [*_evidence(reply.nearest, numbered, phrases)])
    for words in reply.unjudged:
        chunks += _said(phrases("unjudged", words=shortened(words, _ECHOED)))
    return leaf([], [Block(tuple(chunks), tuple(numbered.sources))], at, 0, 1, phrases)


def _bold_lines(text: str) -> Iterator[Chunk]:
    first, _, rest = text.partition(". ")
    yield Chunk(f"**{escape(first)}.**" if rest else f"**{escape(first)}**")
    if rest:
        yield from (replace(chunk, joint=" ") for chunk in _said(rest))


class _Numbered:
    """Gives the sources of a verdict one numbering."""

    def __init__(self) -> None:
        self.sources: list[Source] = []

    def __call__(self, source: Source) -> Source:
        numbered = replace(source, number=len(self.sources) + 1)
        self.sources.append(numbered)
        return numbered


def _evidence(items: Iterable[CitedQuote], number: _Numbered, phrases: Phrases) -> Iterator[Chunk]:
    for one in items:
        yield from _item(replace(one, source=number(one.source)), phrases)


def _passages(passages: Iterable[Source], number: _Numbered, phrases: Phrases) -> Iterator[Chunk]:
    for one in passages:
        source = number(one)
        yield from quotation(source, "\n\n> ", _PIECE)
        yield Chunk(f"-# {_where(source, [], phrases)}", number=source.number)


def _under(title: str, chunks: Sequence[Chunk]) -> Iterator[Chunk]:
    """``chunks`` below a title, if there are any."""
    if chunks:
        yield Chunk(escape(title), joint="\n\n")
        yield from chunks


def _differences(reply: WhosaidReply, phrases: Phrases) -> Iterator[Chunk]:
    if reply.verdict is Verdict.SPLICED:
        yield from _said(phrases("pieces"))
        asked = (shortened(_abridged(one.asked), _LONGEST_PART) for one in reply.comparison)
        yield from (Chunk(f"• “{escape(part)}”") for part in asked if part)
    if not any(one.change is not Change.LEFT_OUT for one in reply.differences):
        return
    yield from _said(phrases("differences"))
    for one in reply.differences[:_MOST_DIFFERENCES]:
        yield Chunk(f"• {escape(kind_of(one, phrases))}: {_sides(one)}")
    if (more := len(reply.differences) - _MOST_DIFFERENCES) > 0:
        yield from _said(phrases("more_differences", count=more))
    yield from _said(phrases("comparison"))
    first, *rest = (piece for one in reply.comparison for piece in _compared(one))
    yield from (replace(first, joint="\n"), *rest)


def _sides(one: Difference) -> str:
    """``“eight” → “twelve”``: the article's words, then the words asked about."""
    original, asked = (
        f"“{escape(shortened(part, _LONGEST_PART))}”" if part else ""
        for part in (one.original, one.asked)
    )
    return " → ".join(filter(None, (original, asked)))


def _compared(one: Difference) -> Iterator[Chunk]:
    """A run of words of both texts: as it is, struck out, bold, or both."""
    if one.change is Change.SAME:
        yield from _pieces(_abridged(one.asked), "")
    elif one.change is Change.LEFT_OUT:
        yield Chunk("\\[…\\]", joint=" ")
    else:
        yield from _pieces(_one_line(one.original), "~~")
        yield from _pieces(_one_line(one.asked), "**")


def _pieces(text: str, mark: str) -> Iterator[Chunk]:
    def marked(piece: str) -> str:
        return f"{mark}{escape(piece)}{mark}"

    for piece in cut(text, LIMIT, marked) if text else ():
        yield Chunk(marked(piece), joint=" ")


def _abridged(text: str) -> str:
    words = text.split()
    if len(words) <= _LONGEST_RUN:
        return " ".join(words)
    return " ".join([*words[:_KEPT], "…", *words[-_KEPT:]])


def _one_line(text: str) -> str:
    return " ".join(text.split())


# Speakers


def _speakers(reply: SpeakersReply, phrases: Phrases, at: Place, head: list[Chunk]) -> Leaf:
    head += _said(speakers_lead(reply, phrases))
    blocks = [Block(tuple(_quoted(one, phrases)), ()) for one in reply.speakers]
    if not blocks and not reply.lead:
        head += _said(phrases("page_gone"))
    return leaf(head, blocks, at, reply.request.offset, reply.total, phrases)


def _quoted(one: QuotedSpeaker, phrases: Phrases) -> Iterator[Chunk]:
    """Who, how often, in which articles."""
    speaker = one.speaker
    role = shortened(speaker.roles[0], _LONGEST_NAME) if speaker.roles else ""
    often = (
        phrases("quoted_once")
        if speaker.quotes == 1
        else phrases("quoted_often", count=speaker.quotes)
    )
    named = f"**{escape(shortened(speaker.name, _LONGEST_NAME))}**"
    named += f" ({escape(role)})" if role else ""
    yield Chunk(f"{named} – {escape(often)}")
    joint = " "
    for _, title in one.articles[:_MOST_TITLES]:
        yield Chunk(escape(shortened(title, _LONGEST_TITLE)), joint=joint)
        joint = "; "
    if (more := len(one.articles) - _MOST_TITLES) > 0:
        yield Chunk(escape(phrases("more_articles", count=more)), joint=" ")
