"""Words and sentences of the narration, with the quoted stretches taken out of the way."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from corpus.quotes.lexicon import plain
from corpus.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Stands for each character of a quoted stretch, so that offsets stay as they are.
FILLER = "\ue000"
_ABBREVIATIONS = (
    r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sen|Rep|Gov|Gen|Col|Capt|Maj|Lt|Sgt|Cpl|Det|Rev|Fr|St|Hon|Jr|Sr|No|vs|Inc|"
    r"Ltd|Corp|Co|Cllr|Adm|Supt|Insp|Messrs)\.(?=\s+\S)"
)
# A letter with the accents that stand after it where the text is not composed.
_LETTERS = r"(?:[^\W\d_\ue000][\u0300-\u036f]*)"
_TOKEN = re.compile(
    rf"{FILLER}+"
    rf"|{_ABBREVIATIONS}"
    r"|(?:[^\W\d_]\.){2,}|[A-Z]\.(?=\s+[A-Z])"
    r"|['’](?:[sS]|ve|d|ll|re)(?!\w)"
    rf"|{_LETTERS}+(?:(?:['’](?!(?:[sS]|ve|d|ll|re)(?!\w))|[-‐‑–.&/](?=\w)){_LETTERS}+)*"
    r"|#?\d+(?:[.,:]\d+)*\w*(?:-\w+)*"
    r"|@\w+|#\w+"
    r"|--+|[^\s*_]"
)
_LONGEST_SENTENCE = 400
"""Tokens after which a sentence ends in any case, for whole sentences are looked through for each
quotation in them. The longest in the judged articles has 108."""
_TERMINATORS = frozenset(".!?…")
_QUOTE_END = re.compile(r"[.!?…][\"'”’»*_)\]]*\s*$")


class Token(NamedTuple):
    """A word or mark of the narration.

    Attributes:
        text: as written, or one FILLER for a quoted stretch.
        low: lower case without accents.
        start, end: characters ``[start, end)`` of the text.
    """

    text: str
    low: str
    start: int
    end: int

    @property
    def is_quote(self) -> bool:
        """Whether this stands for a quoted stretch."""
        return self.text == FILLER

    @property
    def is_word(self) -> bool:
        """Whether this is a word (letters, not digits or marks)."""
        return self.text[0].isalpha() and not self.is_quote

    @property
    def is_capital(self) -> bool:
        """Whether this is a word that begins with a capital letter."""
        return self.text[0].isupper()


class Narration:
    """The tokens of a text with its quoted stretches masked, cut into paragraphs and sentences."""

    def __init__(self, text: str, quoted: Iterable[Span], paragraphs: Sequence[Span]) -> None:
        """Read ``text``; ``quoted`` are the outermost quoted stretches with their marks."""
        self.text = text
        self.masked = _mask(text, quoted)
        self.paragraphs = tuple(paragraphs)
        self.tokens: list[Token] = []
        self.sentence_starts: list[int] = []
        for paragraph in paragraphs:
            self._read(paragraph)
        self._starts = [token.start for token in self.tokens]

    def index_at(self, at: int) -> int:
        """The number of the first token that starts at character ``at`` or after it."""
        return bisect_left(self._starts, at)

    def indices(self, span: Span) -> range:
        """The numbers of the tokens that start inside ``span``."""
        return range(self.index_at(span.start), self.index_at(span.end))

    def sentence_of(self, index: int) -> int:
        """The number of the sentence in which token ``index`` stands."""
        return bisect_left(self.sentence_starts, index + 1) - 1

    def starts_sentence(self, index: int) -> bool:
        """Whether token ``index`` is the first of a sentence."""
        at = bisect_left(self.sentence_starts, index)
        return at < len(self.sentence_starts) and self.sentence_starts[at] == index

    def sentence(self, number: int) -> tuple[int, int]:
        """The tokens ``[first, last)`` of sentence ``number``."""
        starts = self.sentence_starts
        end = starts[number + 1] if number + 1 < len(starts) else len(self.tokens)
        return starts[number], end

    def _read(self, paragraph: Span) -> None:
        first = len(self.tokens)
        for match in _TOKEN.finditer(self.masked, paragraph.start, paragraph.end):
            word = match.group()
            if word[0] == FILLER:
                word = FILLER
            self.tokens.append(Token(word, plain(word), match.start(), match.end()))
        if len(self.tokens) > first:
            self.sentence_starts.append(first)
        for index in range(first, len(self.tokens) - 1):
            size = index + 1 - self.sentence_starts[-1]
            if self._ends_sentence(index) or size >= _LONGEST_SENTENCE:
                self.sentence_starts.append(index + 1)

    def _ends_sentence(self, index: int) -> bool:
        token, following = self.tokens[index], self.tokens[index + 1]
        if following.text in ")]”’\"'" or following.text in _TERMINATORS:
            return False
        if token.text in _TERMINATORS:
            return not following.text[0].islower()
        if token.text in ")]" and index and self.tokens[index - 1].text in _TERMINATORS:
            return following.is_capital or following.is_quote
        if token.is_quote and _QUOTE_END.search(self.text, token.start, token.end):
            return following.is_capital or following.is_quote
        return False


def _mask(text: str, quoted: Iterable[Span]) -> str:
    parts = []
    done = 0
    for span in quoted:
        parts += [text[done : span.start], FILLER * len(span)]
        done = span.end
    parts.append(text[done:])
    return "".join(parts)


def span_of(tokens: Sequence[Token]) -> Span:
    """The characters from the first of ``tokens`` to the last."""
    return Span(tokens[0].start, tokens[-1].end)
