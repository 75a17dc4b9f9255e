"""Replies as text for a terminal. Nothing in an article is read as markup.

On a terminal lines are wrapped between words with a hanging indent; links never are, so that they
can be clicked and copied. In a pipe or a file nothing is wrapped: a line is a paragraph.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.console import Group
from rich.style import Style
from rich.text import Text

from bot.conversation import Kind
from bot.messages import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from bot.conversation import Reply
    from bot.corpus_admin import Status
    from index.answer import Source

_WIDEST = 100
"""Columns of text at most: longer lines are hard to read."""
_NARROWEST = 10
"""Columns of text at least, however far it is indented."""
_GAP = 1
"""Characters between two sentences that follow one another."""
_INDENT = "  "
_STEERING = frozenset(("Cc", "Cs", "Zl", "Zp", "Zs"))
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def show(console: Console, *parts: RenderableType) -> None:
    """Print ``parts`` as they are: what is to be wrapped wraps itself."""
    for part in parts:
        console.print(part, soft_wrap=True, markup=False, highlight=False, emoji=False)


def render(reply: Reply) -> RenderableType:
    """``reply`` with its words, the marker of each, and the list of sources."""
    sections: list[list[RenderableType]] = []
    if reply.lead:
        sections.append(_own_words(reply.lead, "red" if reply.kind is Kind.PROBLEM else "italic"))
    sections += [[Hanging(Text(_INDENT), _marked(one))] for one in _paragraphs(reply)]
    if reply.sources:
        sections.append([Text("Sources", "bold"), *map(_source, reply.sources)])
    if reply.note:
        sections.append(_own_words(reply.note, "dim"))
    return Group(*[part for section in sections for part in (Text(), *section)][1:])


def _own_words(text: str, style: str) -> list[RenderableType]:
    return [Hanging(Text(), Text(visible(line), style)) for line in _lines(text)]


def _lines(text: str) -> list[str]:
    return text.split("\n")


@dataclass(frozen=True, slots=True)
class Hanging:
    """A paragraph whose further lines begin below the first word after its marker."""

    marker: Text
    body: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if not console.is_terminal:
            yield Text.assemble(self.marker, self.body)
            return
        room = max(_NARROWEST, min(options.max_width, _WIDEST) - self.marker.cell_len)
        for number, line in enumerate(self.body.wrap(console, room)):
            line.rstrip()
            before = Text(" " * self.marker.cell_len) if number else self.marker
            yield Text.assemble(before, line)


def _paragraphs(reply: Reply) -> list[list[Source]]:
    """The sources to show together: sentences of an answer that follow one another."""
    paragraphs = [[source] for source in reply.sources[:1]]
    for before, source in pairwise(reply.sources):
        if reply.kind is Kind.ANSWER and _follows(before, source):
            paragraphs[-1].append(source)
        else:
            paragraphs.append([source])
    return paragraphs


def _follows(before: Source, source: Source) -> bool:
    """Whether nothing but a space stands between two sources, and no paragraph ends there."""
    one, other = before.citation, source.citation
    same = (one.article_id, before.paragraph) == (other.article_id, source.paragraph)
    return same and 0 <= other.span.start - one.span.end <= _GAP


def _marked(sources: Sequence[Source]) -> Text:
    line = Text()
    for source in sources:
        line.append(" " if line else "")
        line.append(visible(source.citation.text), "dim" if source.context else "")
        marker = f"[{source.number}, for context]" if source.context else f"[{source.number}]"
        line.append(f" {marker}", "bold cyan")
    return line


def _source(source: Source) -> RenderableType:
    marker = Text(f"{_INDENT}[{source.number}] ", "bold cyan")
    place = Hanging(marker, Text(visible(place_of(source))))
    if not source.link:
        return place
    link = visible(source.link)
    clickable = Style(link=link) if link.startswith(("https://", "http://")) else Style()
    return Group(place, Text.assemble(" " * marker.cell_len, (link, clickable)))


def place_of(source: Source) -> str:
    """Where cited words stand, for people: title, section, paragraph."""
    section = f", “{source.section}”" if source.section else ""
    return f"{source.title}{section}, paragraph {source.paragraph}"


def visible(text: str) -> str:
    """``text`` on one line, as it may be shown in a terminal.

    Spaces for what could steer the terminal or turn the direction of writing, which would show
    other words than the article's: canonical text has little of it, a title may have any.
    """
    return "".join(" " if _steers(char) else char for char in text)


def _steers(char: str) -> bool:
    return char in _REORDERING or unicodedata.category(char) in _STEERING


def render_status(status: Status) -> RenderableType:
    """How the corpus and its index stand, a line each."""
    rows = {
        "Collection": status.collection,
        "Articles folder": str(status.articles_folder),
        "Home": f"{status.home} ({_bytes(status.bytes_on_disk)})",
        "Model": status.model,
        "Index version": status.index_version or "none yet; `onrecord reindex` makes one",
    }
    if manifest := status.manifest:
        nouns = ("article", "passage", "sentence")
        held = [counted(manifest.counts[f"{noun}s"], noun) for noun in nouns]
        rows |= {
            "Made": f"{manifest.created} from {manifest.corpus_folder}",
            "Holds": f"{', '.join(held)} ({_bytes(manifest.size)})",
            "With": f"{manifest.recipe.model}, {manifest.recipe.dimension} dimensions",
        }
        left_out = [f"{source} {reason}" for source, reason in manifest.problems]
        rows |= {"Left out": "\n".join(left_out)} if left_out else {}
        taken_back = [
            f"{title}: {reason or 'no reason given'}" for _, title, reason in manifest.retracted
        ]
        rows |= {"Retracted": "\n".join(taken_back)} if taken_back else {}
    rows["Versions kept"] = ", ".join(status.versions) or "none"
    if status.changed:
        rows["Changed"] = status.changed
    if status.fault:
        rows["Fault"] = status.fault
    return table(rows)


def render_figures(figures: Mapping[str, float | int | None]) -> RenderableType:
    """The figures of an evaluation, a line each."""
    return table({name: "–" if value is None else f"{value:g}" for name, value in figures.items()})


def table(rows: Mapping[str, str]) -> RenderableType:
    """A line for each row, the values below one another."""
    widest = max(map(len, rows))
    lines = []
    for name, value in rows.items():
        for number, line in enumerate(_lines(value)):
            label = Text(f"{'' if number else name:<{widest}}  ", "bold")
            lines.append(Hanging(label, Text(visible(line))))
    return Group(*lines)


def _bytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
