"""The words of a quotation as they are compared: what changes them, and what does not.

Case, accents, quotation marks, apostrophes, dashes, brackets, ellipses and all other punctuation
are no part of a word. A number is one word with its sign of currency or per cent: ``7`` is not
``7.5``, and ``$5m`` is not ``£5m``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.quotes.lexicon import words
from corpus.span import Span
from corpus.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

# Scripts written without spaces: kana, Han, Thai, Lao, Burmese, Khmer. A character is a word.
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_LETTER = rf"(?:[^\W\d_{_UNSPACED}]|[\u0900-\u0963\u0970-\u0de5\u0df0-\u0dff])"
_WORD = re.compile(
    rf"[$£€¥₹]?\d+(?:[.,:]\d+)*(?:{_LETTER}+|%)?"
    rf"|{_LETTER}+(?:'{_LETTER}+)*"
    rf"|[{_UNSPACED}&]"
)
_ELLIPSIS = re.compile(r"\.(?:\s?\.)+")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# Without its apostrophe each of these would be another word.
_TWO_WORDS = words("we're we'll i'll he'll she'll i'd we'd she'd who're")
_NEGATIONS = words(
    "not no never none nobody nothing nor neither nowhere cannot without hardly barely "
    "aint cant dont wont shant didnt doesnt isnt arent wasnt werent hasnt havent hadnt couldnt "
    "wouldnt shouldnt mustnt neednt mightnt"
)
_NUMBERS = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred hundreds thousand thousands million millions billion billions trillion dozen dozens "
    "half quarter third once twice thrice first second double triple"
)
_SMALL = """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty
"""
_TENS = "thirty forty fifty sixty seventy eighty ninety hundred"
_FIGURES = {
    **{name: str(number) for number, name in enumerate(_SMALL.split(), 2)},
    **{name: str(10 * number) for number, name in enumerate(_TENS.split(), 3)},
    **{name: name for name in ("thousand", "million", "billion")},
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of some text.

    Attributes:
        key: equal for equal words.
        span: its characters in the text.
        bracketed: whether it stands in square brackets: an editor's word.
        gap: whether an ellipsis stands between it and the word after it.
    """

    key: str
    span: Span
    bracketed: bool = False
    gap: bool = False

    @property
    def is_negation(self) -> bool:
        """Whether it turns what is said into its opposite."""
        return self.key in _NEGATIONS

    @property
    def is_number(self) -> bool:
        """Whether it is a number, in figures or in letters."""
        return self.key in _NUMBERS or any(char.isdigit() for char in self.key)

    @property
    def amount(self) -> str | None:
        """The number it is, in figures; ``None`` for other words and for "one" or "first"."""
        if self.key in _FIGURES:
            return _FIGURES[self.key]
        return self.key if any(char.isdigit() for char in self.key) else None


def wording(text: str, within: Span | None = None) -> tuple[Word, ...]:
    """The words of ``text``, or of the part ``within`` of it, in order. Spans count in ``text``."""
    part = Span.whole(text) if within is None else within
    plain = fold(part.of(text))
    found = list(_WORD.finditer(plain.text))
    inside = _brackets(plain.text)
    gaps = _gaps(plain.text, found)
    collected = []
    for number, match in enumerate(found):
        span = Span(*match.span())
        bracketed = bool(inside) and any(one.contains(span) for one in inside)
        place = (span if plain.map.is_identity else plain.map.to_source(span)).shifted(part.start)
        collected.append(Word(_key(match.group()), place, bracketed, number in gaps))
    return tuple(collected)


def _gaps(text: str, found: Sequence[re.Match[str]]) -> frozenset[int]:
    """The numbers of the words of ``found`` after which an ellipsis stands."""
    ends = [match.end() for match in found]
    elided = (bisect_right(ends, match.start()) - 1 for match in _ELLIPSIS.finditer(text))
    return frozenset(number for number in elided if number >= 0)


def _key(word: str) -> str:
    if word.isalpha():
        return word
    if word == "&":
        return "and"
    if "'" in word and not any(char.isdigit() for char in word):
        return word if word in _TWO_WORDS else word.replace("'", "")
    return _GROUPED.sub("", word)


def _brackets(text: str) -> list[Span]:
    return [Span(*match.span()) for match in re.finditer(r"\[[^\[\]]{0,200}\]", text)]


def keys_of(found: Sequence[Word]) -> tuple[str, ...]:
    """The keys of ``found``."""
    return tuple(word.key for word in found)
