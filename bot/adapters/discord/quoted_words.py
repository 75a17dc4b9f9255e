"""The words of a message as its readers see them, to be judged as a quotation."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from corpus.wording import wording
from index.asked import SCRAP

if TYPE_CHECKING:
    import discord

_MENTION = re.compile(r"<(?:@[!&]?|#|/[^:>]*:|t:|a?:\w+:)[\w:]+>")
_LINK = re.compile(r"(?<!!)\[(?P<label>(?:\\.|[^\[\]\\])*)\]\(<?https?://[^\s<>()]+>?\)")
_SIGNS = re.compile(r"\\(?P<escaped>[^\w\s])|\*+|~~|\|\||`+|(?<!\w)_+(?=\w)|(?<=[\w.,!?…])_+(?!\w)")
_LINE = re.compile(r"^(?:#{1,3}|-#) ")
_MARKER = re.compile(r" \\?\[\d+\\?\]$")
"""The number that the bot puts after an article's words."""
_MARKS = re.compile(r"[\"“”„«»‟]")


def words_of(message: discord.Message) -> str:
    """What a message says, without Discord's markup; quotation blocks as quotations.

    A message without words of its own says what its embeds say.
    """
    text = message.content or "\n".join(embed.description or "" for embed in message.embeds)
    parts = []
    for is_block, lines in groupby(text.split("\n"), lambda line: line.startswith(">")):
        part = "\n".join(map(_shown, lines)).strip()
        parts.append(_block(part) if is_block else part)
    return "\n".join(filter(None, parts))


def _block(words: str) -> str:
    """``words`` in quotation marks, where they are long enough to be judged and have none."""
    if _MARKS.search(words) or len(wording(words)) < SCRAP:
        return words
    return f"“{words}”"


def _shown(line: str) -> str:
    """A line as it is seen."""
    quoted = line.startswith(">")
    line = line.lstrip("> ") if quoted else _LINE.sub("", line)
    if quoted:
        line = _MARKER.sub("", line)
    line = _LINK.sub(r"\g<label>", _MENTION.sub("", line))
    return _SIGNS.sub(lambda found: found["escaped"] or "", line).strip()
