"""Replies as Discord messages. An article's words never become markup, a link or a ping."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.rendering.order import Place, lines, quotations
from bot.rendering.order import shortened as shortened
from bot.rendering.splitting import Chunk, cut, pack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.context import Context
    from bot.conversation import Reply
    from bot.localization import Phrases
    from bot.rendering.splitting import Part
    from index.answer import Source

LIMIT = 2000
"""Characters of one message."""

_MARKUP = re.compile(
    r"[\\*_~`|<]"
    r"|@(?=everyone|here)"
    r"|:(?=//|[^\s:]*:)"  # an address; the short name of an emoji
    r"|(?<=\])\("  # a masked link
    r"|(?:(?<=^)|(?<=\n))(?:[#>+-]|\d+\.(?=\s))"  # a heading, quotation or list
)


def escape(text: str) -> str:
    """``text`` with backslashes before what Discord would read as markup.

    Discord shows the characters without the backslashes, so what is seen is ``text``.
    """
    return _MARKUP.sub(_escaped, text)


def pieces(part: Part) -> tuple[tuple[str, bool], ...]:
    """The text of a message in order, and of each piece whether it is an article's words.

    The bot's own text is as it is sent, the articles' words are as they stand in the article.
    """
    found: list[tuple[str, bool]] = []
    at = 0
    for quotation in part.quotations:
        start = part.content.index(quotation, at)
        words = _unescape(quotation.replace("\n> ", "\n"))
        found += [(part.content[at:start], False), (words, True)]
        at = start + len(quotation)
    return (*found, (part.content[at:], False))


def _unescape(text: str) -> str:
    """What ``escape`` was given: it puts a backslash before each backslash too."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _escaped(found: re.Match[str]) -> str:
    mark = found.group()
    return f"{mark[:-1]}\\{mark[-1]}"


def render(reply: Reply, phrases: Phrases, heading: str = "") -> tuple[Part, ...]:
    """``reply`` in messages, each within Discord's limit, ``heading`` before all of it."""
    return pack([*said(heading), *_chunks(reply, phrases)], LIMIT)


def _chunks(reply: Reply, phrases: Phrases) -> Iterator[Chunk]:
    yield from said(phrases.lead(reply))
    yield from quoted(reply)
    if reply.sources:
        yield from sources(reply.sources, phrases)
    yield from said(reply.note)


def said(text: str, limit: int = LIMIT) -> Iterator[Chunk]:
    """The bot's own words, with nothing in them read as markup."""
    for piece, joint in lines(text, limit, escape):
        yield Chunk(escape(piece), joint=joint)


def quoted(reply: Reply) -> Iterator[Chunk]:
    """The articles' words: sentences that follow one another in a paragraph stay together."""
    for source, starts in quotations(reply):
        yield from quotation(source, "\n\n> " if starts else " ")


def quotation(source: Source, joint: str, limit: int = LIMIT) -> Iterator[Chunk]:
    """The words of ``source`` with its marker after the last of them."""
    marker = f" [{source.number}]"
    pieces = list(cut(source.citation.text, limit - len("> ") - len(marker), _quote))
    for at, piece in enumerate(pieces):
        words = _quote(piece)
        text = words + (marker if at == len(pieces) - 1 else "")
        yield Chunk(text, "> ", joint if at == 0 else " ", source.number, words)


def _quote(text: str) -> str:
    return escape(text).replace("\n", "\n> ")


def sources(cited: Sequence[Source], phrases: Phrases) -> Iterator[Chunk]:
    """The list of sources, its heading in one message with the first of them."""
    for at, source in enumerate(cited):
        line = f"[{source.number}] {place(source, phrases)}"
        heading = f"**{escape(phrases('sources'))}**\n" if at == 0 else ""
        yield Chunk(heading + line, joint="\n\n" if at == 0 else "\n")


def place(source: Source, phrases: Phrases) -> str:
    """Where the words of ``source`` stand, with a link to them where there is an address."""
    found = Place.of(source, phrases)
    title, rest = escape(found.title), escape(found.rest)
    if found.address is None:
        return title + rest
    if found.is_linked_beside:  # what a masked link cannot have in its name
        return f"{title}{rest}, [{phrases('link')}](<{found.address}>)"
    return f"[{title}](<{found.address}>){rest}"


def render_contexts(contexts: Sequence[Context], phrases: Phrases) -> tuple[Part, ...]:
    """Each citation between the sentences before and after it, with the proof of its words."""
    return pack([chunk for one in contexts for chunk in _context(one, phrases)], LIMIT)


def _context(context: Context, phrases: Phrases) -> Iterator[Chunk]:
    source = context.source
    yield Chunk(f"[{source.number}] {place(source, phrases)}", joint="\n\n")
    yield from _plain_quotation(context.before, "\n> ")
    yield from _plain_quotation(context.opening, " " if context.before else "\n> ")
    joint = " " if context.before else "\n> "
    joint = _between(context.opening[-1:]) if context.opening else joint
    room = LIMIT - len("> ****")
    for piece in cut(source.citation.text, room, _bold):
        yield Chunk(_bold(piece), "> ", joint, source.number, _bold(piece))
        joint = " "
    yield from _plain_quotation(context.closing, _between(context.closing[:1]))
    yield from _plain_quotation(context.after, " ")
    yield Chunk(f"-# {escape(_proof(context, phrases))}")


def _between(char: str) -> str:
    """What joins the cited words with the character beside them: nothing, or the space it is."""
    return " " if char.isspace() else ""


def _bold(text: str) -> str:
    return "\n> ".join(f"**{escape(line)}**" if line else "" for line in text.split("\n"))


def _plain_quotation(text: str, joint: str) -> Iterator[Chunk]:
    text = text.strip()
    for at, piece in enumerate(cut(text, LIMIT - len("> "), _quote) if text else ()):
        yield Chunk(_quote(piece), "> ", " " if at else joint, None, _quote(piece))


def _proof(context: Context, phrases: Phrases) -> str:
    date = shortened(context.published or phrases("no_date"))
    return phrases("proof", date=date, hash=context.source.citation.content_hash)
