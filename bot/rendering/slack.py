"""Replies as Slack messages: blocks, and the same words as plain text beside them.

Words stand in rich text elements, which Slack shows as they are: it parses neither formatting nor
mentions nor addresses in them. Only the text beside the blocks, for notifications and readers of
screens, is parsed; there ``&``, ``<`` and ``>`` are escaped, as Slack demands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.rendering.order import Place, lines, quotations, shortened
from bot.rendering.splitting import Chunk, cut, grouped, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.context import Context
    from bot.conversation import Reply
    from bot.localization import Phrases
    from index.answer import Source

    Element = dict[str, Any]
    Block = dict[str, Any]

LIMIT = 3900
"""Characters of one message, escaped. Slack refuses to edit a text of more than 4,000, and its
other limits are wider: 13,200 characters in all blocks, 40,000 in a text."""
_LONGEST_PIECE = 2800
"""Characters of one piece: a block's text may have 3,000."""
_SIGNS = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def escape(text: str) -> str:
    """``text`` as it may stand where Slack looks for mentions, links and entities."""
    for sign, entity in _SIGNS:
        text = text.replace(sign, entity)
    return text


def unescape(text: str) -> str:
    """What ``escape`` made of a text, as it was before."""
    for sign, entity in reversed(_SIGNS):
        text = text.replace(entity, sign)
    return text


@dataclass(frozen=True, slots=True)
class Piece(Chunk):
    """Words that must stand in one message; ``text`` is escaped, ``quotation`` is not.

    Attributes:
        kind: of the block they stand in, one of ``_BLOCKS``.
        elements: the words as Slack's rich text.
    """

    kind: str = "said"
    elements: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        pieces: what stands in it.
        controls: blocks that follow the words: buttons.
        shown: the sources whose words it shows, where the pieces do not say.
        written: the same in the markup of ``bot.rendering.discord``, see ``pieces`` there, where
            it was worded in it.
    """

    pieces: tuple[Piece, ...]
    controls: tuple[Block, ...] = ()
    shown: tuple[int, ...] = ()
    written: tuple[tuple[str, bool], ...] = ()

    @property
    def text(self) -> str:
        """All words of the message, escaped, for where blocks are not shown."""
        first, *rest = self.pieces
        return first.text + "".join(piece.joint + piece.text for piece in rest)

    @property
    def blocks(self) -> list[Block]:
        """The words in blocks, then the controls."""
        return [*(_block(run) for run in _runs(self.pieces)), *self.controls]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The sources whose words it shows, in order."""
        told = [piece.number for piece in self.pieces if piece.number is not None]
        return tuple(dict.fromkeys((*self.shown, *told)))

    def divided(self) -> tuple[Message, ...]:
        """The same in smaller messages, the controls under the last; itself if that cannot be."""
        groups = _messages(grouped(self.pieces, units(self.text) // 2), self.controls)
        return tuple(replace(one, shown=self.shown) for one in groups)

    def without_quotations(self) -> Message:
        """What stays if the articles' words are taken out: where to read them."""
        kept = tuple(piece for piece in self.pieces if not piece.quotation)
        return Message(kept, self.controls)


def messages(pieces: Iterable[Piece], *controls: Block) -> tuple[Message, ...]:
    """``pieces`` in as few messages as hold them, ``controls`` under the last."""
    return _messages(grouped(pieces, LIMIT), controls)


def _messages(groups: list[list[Piece]], controls: tuple[Block, ...]) -> tuple[Message, ...]:
    last = len(groups) - 1
    return tuple(
        Message(tuple(group), controls if at == last else ()) for at, group in enumerate(groups)
    )


def _runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The pieces of each block."""
    run: list[Piece] = []
    for piece in pieces:
        if run and (piece.kind != run[0].kind or piece.joint == "\n\n"):
            yield run
            run = []
        run.append(piece)
    yield run


def _block(run: list[Piece]) -> Block:
    kind = run[0].kind
    elements: list[Element] = []
    for at, piece in enumerate(run):
        if at and piece.joint:
            elements.append(text_element(piece.joint))
        elements += piece.elements
    if kind == "note":
        words = "".join(str(element["text"]) for element in elements)
        return {"type": "context", "elements": [plain_text(words)]}
    if kind == "own":
        words = "".join(str(element["text"]) for element in elements)
        return {"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}
    inner = "rich_text_quote" if kind == "quote" else "rich_text_section"
    return {"type": "rich_text", "elements": [{"type": inner, "elements": _joined(elements)}]}


def _joined(elements: Iterable[Element]) -> list[Element]:
    """Neighbouring texts that look alike as one."""
    joined: list[Element] = []
    for element in elements:
        last = joined[-1] if joined else None
        if last and last["type"] == element["type"] == "text" and _style(last) == _style(element):
            joined[-1] = {**last, "text": last["text"] + element["text"]}
        else:
            joined.append(element)
    return joined


def _style(element: Element) -> object:
    return element.get("style")


def text_element(words: str, **style: bool) -> Element:
    """Words in which nothing is parsed, bold or struck out if ``style`` says so."""
    element: Element = {"type": "text", "text": words}
    wanted = {name: on for name, on in style.items() if on}
    return {**element, "style": wanted} if wanted else element


def plain_text(words: str) -> Block:
    """A text object in which nothing is parsed, not even the short name of an emoji."""
    return {"type": "plain_text", "text": words, "emoji": False}


def quoted_in(blocks: Iterable[Block]) -> list[str]:
    """The words of each quotation in ``blocks``, as a reader sees them."""
    return [
        "".join(_seen(element) for element in inner.get("elements", ()))
        for block in blocks
        if block.get("type") == "rich_text"
        for inner in block.get("elements", ())
        if inner.get("type") == "rich_text_quote"
    ]


def _seen(element: Element) -> str:
    """What a reader sees of an element: nothing of its words where it is not text."""
    return str(element.get("text", "")) if element.get("type") == "text" else ""


def render(
    reply: Reply, phrases: Phrases, heading: str = "", *controls: Block
) -> tuple[Message, ...]:
    """``reply`` in messages, ``heading`` before all of it, ``controls`` under the last."""
    return messages([*said(heading), *_pieces(reply, phrases)], *controls)


def _pieces(reply: Reply, phrases: Phrases) -> Iterator[Piece]:
    yield from said(phrases.lead(reply))
    for source, starts in quotations(reply):
        yield from _quotation(source, "\n\n" if starts else " ")
    if reply.sources:
        yield from sources(reply.sources, phrases)
    yield from said(reply.note)


def said(text: str) -> Iterator[Piece]:
    """The bot's own words, and a person's, with nothing in them parsed."""
    for words, joint in lines(text, _LONGEST_PIECE, escape):
        yield Piece(escape(words), joint=joint, elements=(text_element(words),))


def sentence(text: str) -> tuple[Message, ...]:
    """A sentence of the bot's own, in which it may name channels as Slack does."""
    return (Message((Piece(text, kind="own", elements=(text_element(text),)),)),)


def plain(text: str, *controls: Block) -> tuple[Message, ...]:
    """The bot's own words, however long, with nothing in them parsed."""
    return messages(said(text), *controls)


def _quotation(source: Source, joint: str) -> Iterator[Piece]:
    """The words of ``source`` with its marker after the last of them."""
    marker = f" [{source.number}]"
    words = list(cut(source.citation.text, _LONGEST_PIECE, escape))
    for at, one in enumerate(words):
        shown = one + (marker if at == len(words) - 1 else "")
        yield Piece(
            escape(shown),
            joint=joint if at == 0 else " ",
            number=source.number,
            quotation=one,
            kind="quote",
            elements=(text_element(shown),),
        )


def sources(cited: Sequence[Source], phrases: Phrases) -> Iterator[Piece]:
    """The list of sources, its heading in one message with the first of them."""
    for at, source in enumerate(cited):
        heading = phrases("sources") if at == 0 else ""
        elements = (text_element(heading, bold=True), text_element("\n")) if heading else ()
        joint = "\n\n" if heading else "\n"
        yield _piece((*elements, *place(source, phrases)), joint, kind="sources")


def place(source: Source, phrases: Phrases) -> tuple[Element, ...]:
    """Where the words of ``source`` stand, with a link to them where there is an address."""
    found = Place.of(source, phrases)
    number = text_element(f"[{source.number}] ")
    if found.address is None:
        return number, text_element(found.title + found.rest)
    if found.is_linked_beside:
        before = text_element(f"{found.title}{found.rest}, ")
        return number, before, _link(found.address, phrases("link"))
    return number, _link(found.address, found.title), text_element(found.rest)


def _link(address: str, name: str) -> Element:
    return {"type": "link", "url": address, "text": name} if name else text_element(address)


def _piece(elements: tuple[Element, ...], joint: str, kind: str = "said") -> Piece:
    """The bot's own words in several elements."""
    words = "".join(str(element["text"]) for element in elements)
    return Piece(escape(words), joint=joint, kind=kind, elements=elements)


def render_contexts(contexts: Sequence[Context], phrases: Phrases) -> tuple[Message, ...]:
    """Each citation between the sentences before and after it, with the proof of its words."""
    return messages(piece for one in contexts for piece in _context(one, phrases))


def _context(context: Context, phrases: Phrases) -> Iterator[Piece]:
    source = context.source
    yield _piece(place(source, phrases), "\n\n")
    joint = "\n"
    parts = (context.before, context.opening, source.citation.text, context.closing, context.after)
    for at, words in enumerate(parts):
        cited = at == _CITED
        for one in cut(words.strip(), _LONGEST_PIECE, escape) if words.strip() else ():
            yield Piece(
                escape(one),
                joint=joint,
                number=source.number if cited else None,
                quotation=one,
                kind="quote",
                elements=(text_element(one, bold=cited),),
            )
            joint = " "
        joint = _joint_after(context, at, joint)
    date = shortened(context.published or phrases("no_date"))
    proof = phrases("proof", date=date, hash=source.citation.content_hash)
    yield Piece(escape(proof), kind="note", elements=(text_element(proof),))


_CITED = 2
"""The place of the cited words among the parts of a context."""


def _joint_after(context: Context, at: int, joint: str) -> str:
    """What joins a part of a context with the next: within a sentence only what stands there."""
    if at == _CITED - 1 and context.opening.strip():
        return " " if context.opening[-1].isspace() else ""
    if at == _CITED and context.closing.strip():
        return " " if context.closing[0].isspace() else ""
    return joint if at < _CITED else " "
