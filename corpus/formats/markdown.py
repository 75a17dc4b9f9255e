"""Markdown: CommonMark with tables and strikethrough, every word with its place in the source.

markdown-it-py says on which lines a block stands, but not where the words of a line do. So a
block's text is laid on the source lines that it was cut from, and the inline rules are wrapped,
each noting the characters that it used.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt, rules_inline

from corpus.formats.document import RawBlock
from corpus.formats.headings import HEADING_CHARACTERS, ends_in_punctuation
from corpus.formats.lines import Line, lay, lines_of
from corpus.formats.markup import read_markup, separates
from corpus.formats.table import lay_cells, row_of
from corpus.text import Mapped, MappedBuilder, canonicalize_block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping
    from typing import Any

    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    InlineRule = Callable[[StateInline, bool], bool]

# A bold line can divide only what a marked heading has opened, so it ranks below all of them.
BOLD_HEADING_LEVEL = 6
# Bold or underlined, a line may be longer than an unmarked heading, but not a paragraph.
HEADING_LIMIT = HEADING_CHARACTERS + 40

_NESTING = ("bullet_list", "ordered_list", "blockquote")
_FOOTNOTE = re.compile(r"(?P<mark>\[\^[^\]\s]+\]):?")
_SILENT_TAG = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)


def read(source: str, start: int = 0) -> list[RawBlock]:
    """The blocks of ``source`` from ``start`` on; offsets count from the start of ``source``."""
    return list(_Reader(lines_of(source, start)).blocks())


def _without_nul(text: str) -> str:
    """``text`` as the parser takes it: it would replace NUL itself. Offsets stay as they are."""
    return text.replace("\0", "\ufffd")


class _Reader:
    """The walk over the block tokens of one source."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._references: MutableMapping[str, Any] = {}
        self._tokens = _parser().parse(
            _without_nul("\n".join(line.text for line in lines)), self._references
        )

    def blocks(self) -> Iterator[RawBlock]:
        depth = 0
        tokens = iter(self._tokens)
        for token in tokens:
            kind = token.type.removesuffix("_open").removesuffix("_close")
            if kind in _NESTING:
                depth += token.nesting
            elif token.type == "heading_open":
                yield self._heading(token, next(tokens))
            elif token.type == "paragraph_open":
                yield self._paragraph(next(tokens), alone=depth == 0)
            elif token.type == "tr_open":
                yield self._row(token, tokens)
            elif kind == "html_block":
                yield from self._html(token)
            elif kind in ("fence", "code_block"):
                yield from self._code(token)

    def _heading(self, opening: Token, inline: Token) -> RawBlock:
        lines = self._lines_of(opening)
        if opening.markup.startswith("#"):
            # What stands before it on its line (`>`, `-`, `1.`) holds no other `#`.
            [line] = lines
            after = line.text.index("#") + len(opening.markup)
            at = _without_nul(line.text).index(inline.content, after)
            lines = [Line(inline.content, line.start + at)]
        content, _ = self._words(lay(inline.content, lines))
        if len(lines) > 1 and len(content.text) > HEADING_LIMIT:
            # A paragraph with a rule right below it, where its author forgot the blank line.
            return RawBlock(content)
        return RawBlock(content, level=int(opening.tag[1:]))

    def _paragraph(self, inline: Token, *, alone: bool) -> RawBlock:
        content, children = self._words(lay(inline.content, self._lines_of(inline)))
        bold = alone and _is_bold_heading(content.text, children)
        return RawBlock(content, level=BOLD_HEADING_LEVEL if bold else 0, alone=alone)

    def _row(self, opening: Token, tokens: Iterator[Token]) -> RawBlock:
        row = takewhile(lambda token: token.type != "tr_close", tokens)
        cells = [token.content for token in row if token.type == "inline"]
        [line] = self._lines_of(opening)
        return RawBlock(row_of([self._words(cell)[0] for cell in lay_cells(cells, line)]))

    def _html(self, token: Token) -> Iterator[RawBlock]:
        laid = lay(token.content, self._lines_of(token))
        for found in read_markup(laid.text):
            content = Mapped(found.block.content.text, found.block.content.map.after(laid.map))
            yield RawBlock(content, level=found.block.level)

    def _code(self, token: Token) -> Iterator[RawBlock]:
        lines = self._lines_of(token)[1 if token.type == "fence" else 0 :]
        at = 0
        for part in re.split(r"(\n(?:[ \t]*\n)+)", token.content):
            if part.strip():
                yield RawBlock(lay(part, lines[at:]))
            at += part.count("\n")

    def _lines_of(self, token: Token) -> list[Line]:
        assert token.map is not None, f"{token.type} tokens say where they stand"
        return self._lines[slice(*token.map)]

    def _words(self, laid: Mapped) -> tuple[Mapped, list[Token]]:
        """The visible words of inline text and the tokens they came from."""
        parser = _parser()
        children: list[Token] = []
        parser.inline.parse(laid.text, parser, self._references, children)
        words = _visible(laid.text, children)
        return Mapped(words.text, words.map.after(laid.map)), children


def _visible(text: str, children: list[Token]) -> Mapped:
    """What a reader sees of inline ``text``: no marks, no images, no tags."""
    builder = MappedBuilder()
    silent = False
    for token, before in zip(children, [None, *children], strict=False):
        start, end = token.meta.get("at", (0, 0))
        if token.type == "html_inline":
            if tag := _SILENT_TAG.match(token.content):
                silent = not tag[1]
            if separates(token.content):
                builder.add(" ", start, end)
        elif token.type.endswith("break"):
            builder.add(" ", start, end)
        elif before is not None and before.type == "link_open" and before.info == "auto":
            # As written between the angle brackets, its escapes not decoded.
            builder.copy(text[start + 1 : end - 1], start + 1)
        elif token.content and token.type != "image" and not silent:
            _add_text(builder, token, start, end)
    return builder.build()


def _add_text(builder: MappedBuilder, token: Token, start: int, end: int) -> None:
    if token.info == "entity":
        builder.add(token.content, start, end)
    elif token.type == "code_inline":
        # One space may have been taken off at both ends.
        around = (end - start - len(token.content)) // 2
        builder.copy(token.content, start + around)
    else:
        # A backslash escape is shown without the backslash.
        builder.copy(token.content, end - len(token.content))


def _is_bold_heading(text: str, children: list[Token]) -> bool:
    """Whether a paragraph is bold from end to end, short, and not a sentence."""
    marks = [token for token in children if token.content.strip() or token.nesting]
    if not marks or marks[0].type != "strong_open" or marks[-1].type != "strong_close":
        return False
    shown = canonicalize_block(text).text
    return (
        sum(token.type == "strong_open" for token in marks) == 1
        and 0 < len(shown) <= HEADING_LIMIT
        and not ends_in_punctuation(shown.removesuffix(":"))
    )


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # Inline text is parsed block by block here, and joined tokens would have lost their places.
    parser.disable(["inline", "text_join", "fragments_join"])
    for name, rule in _INLINE_RULES.items():
        parser.inline.ruler.at(name, _noting(rule))
    parser.inline.ruler.before("link", "footnote", _noting(_footnote))
    parser.inline.ruler.push("literal", _noting(_literal))
    return parser


def _literal(state: StateInline, silent: bool) -> bool:
    """The last rule: a character that no other rule took stands for itself."""
    if not silent:
        state.pending += state.src[state.pos]
    state.pos += 1
    return True


def _footnote(state: StateInline, silent: bool) -> bool:
    """A footnote's mark is not shown, nor is the one that its text opens with."""
    mark = _FOOTNOTE.match(state.src, state.pos)
    if mark is None:
        return False
    if not silent:
        state.push("footnote", "", 0)
    state.pos = mark.end() if state.pos == 0 else mark.end("mark")
    return True


_INLINE_RULES: dict[str, InlineRule] = {
    "text": rules_inline.text,
    "newline": rules_inline.newline,
    "escape": rules_inline.escape,
    "backticks": rules_inline.backtick,
    "strikethrough": rules_inline.strikethrough.tokenize,
    "emphasis": rules_inline.emphasis.tokenize,
    "link": rules_inline.link,
    "image": rules_inline.image,
    "autolink": rules_inline.autolink,
    "html_inline": rules_inline.html_inline,
    "entity": rules_inline.entity,
}


def _noting(rule: InlineRule) -> InlineRule:
    """``rule``, noting in each token's ``meta["at"]`` which characters it was made from."""

    def noting(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        matched = rule(state, silent)
        if matched and not silent:
            if state.pending:
                state.pushPending()
            _note(state.tokens[count:], start, state.pos)
        return matched

    return noting


def _note(tokens: list[Token], start: int, end: int) -> None:
    """Give ``tokens``, made from ``[start, end)``, their places, unless they have them."""
    fresh = [token for token in tokens if "at" not in token.meta]
    delimiters = len(fresh) > 1 and all(token.type == "text" for token in fresh)
    for token in fresh:
        if delimiters:  # one token for each mark of a run like `***`
            end = start + len(token.content)
        token.meta["at"] = (start, end)
        if delimiters:
            start = end
