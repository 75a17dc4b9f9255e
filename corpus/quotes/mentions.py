"""Noun phrases that name a speaker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import corpus.quotes.lexicon as lexicon
from corpus.quotes.names import is_demonym, is_name_word, person_part, runs
from corpus.quotes.tokens import span_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotes.tokens import Token
    from corpus.span import Span


Kind = Literal["pronoun", "name", "nominal"]
_SENTENCE_ADVERBS = lexicon.words(
    "finally recently reportedly allegedly initially eventually additionally similarly previously "
    "briefly apparently originally separately ultimately shortly subsequently famously specifically"
)
_NOT_LAST = (lexicon.TIME_WORDS - {"may", "april", "june"}) | {"himself", "herself", "themselves"}
_LINKS = lexicon.NOUN_LINKS
_HARD_STOPS = lexicon.SUBORDINATORS | lexicon.CONJUNCTIONS


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase that may name a speaker.

    Attributes:
        first, last: its tokens ``[first, last)``.
        kind: a pronoun, a phrase headed by a name, or one headed by a common noun.
        name: the tokens of the name in it, where ``kind`` is "name".
        head: the pronoun or the head noun, in lower case.
    """

    first: int
    last: int
    kind: Kind
    name: tuple[int, int] | None
    head: str

    def span(self, tokens: Sequence[Token]) -> Span:
        """The characters of the phrase."""
        return span_of(tokens[self.first : self.last])


def is_adverb(token: Token) -> bool:
    """Whether ``token`` is an adverb or auxiliary that may stand before a verb."""
    if token.low in lexicon.AUXILIARIES or token.low in _SENTENCE_ADVERBS:
        return True
    return (
        token.low.endswith("ly")
        and not token.is_capital
        and token.low not in ("family", "ally", "bully", "assembly")
    )


def read_mention(tokens: Sequence[Token], first: int, last: int) -> Mention | None:
    """What ``tokens[first:last]``, a noun phrase with some words too many, names."""
    first, last = _trimmed(tokens, first, last)
    if first >= last:
        return None
    if tokens[last - 1].low in lexicon.SUBJECT_PRONOUNS:
        return Mention(last - 1, last, "pronoun", None, tokens[last - 1].low)
    link = next((i for i in range(first + 1, last - 1) if tokens[i].low in _LINKS), None)
    if link is not None and is_body_name(tokens, first, link):
        found = list(runs(tokens, first, last))
        whole = found[-1][1] == last and found[-1][0] <= first + 1
        if whole and person_part(tokens, *found[-1]) is None:
            return Mention(first, last, "name", found[-1], tokens[last - 1].low)
    elif link is not None:
        linked = _read_linked(tokens, first, link, last)
        if linked is not None:
            return linked
    return _read_plain(tokens, first, last)


def is_body_name(tokens: Sequence[Token], first: int, link: int) -> bool:
    """Whether "Department of Agriculture" or the like begins at ``first``."""
    head = tokens[link - 1]
    return (
        head.is_capital
        and head.low in (lexicon.ORGANISATION_WORDS | lexicon.BODIES)
        and (head.low not in lexicon.TITLES or first == link)
    )


def _trimmed(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    while first < last and (
        tokens[first].low in lexicon.CONJUNCTIONS
        or (is_adverb(tokens[first]) and not is_name_word(tokens[first]))
        or tokens[first].low in _SENTENCE_ADVERBS
        or (tokens[first].low in ("more", "most", "less") and tokens[first + 1].low.endswith("ly"))
        or tokens[first].low in lexicon.TIME_WORDS - {"may", "april", "june", "august"}
        or tokens[first].text in ("'s", "’s")
    ):
        first += 1
    while last > first and tokens[last - 1].low in _NOT_LAST:
        last -= 1
    if first < last and tokens[first].low in lexicon.PREPOSITIONS:
        first = _after_introduction(tokens, first, last)
    return first, last


def _after_introduction(tokens: Sequence[Token], first: int, last: int) -> int:
    """Skip "On Tuesday" and the like before the phrase proper."""
    for index in range(last - 1, first, -1):
        if tokens[index].low in lexicon.DETERMINERS:
            return index
        if is_name_word(tokens[index]) and not is_name_word(tokens[index - 1]):
            while index - 1 > first and tokens[index - 1].low in lexicon.ROLES:
                index -= 1
            return index
    return last - 1


def _read_linked(tokens: Sequence[Token], first: int, link: int, last: int) -> Mention | None:
    """A phrase with "of", "for" or the like in it; ``None`` if that changes nothing."""
    left = _read_plain(tokens, first, link)
    if left is None:
        return None
    if left.kind == "name":
        head = tokens[link - 1].low.rstrip(".")
        if head not in lexicon.TITLES:
            return left  # "Lydia Buchtmann for Food Standards"
    tail = list(runs(tokens, link + 1, last))
    if tail and tail[-1][1] == last and tokens[first].low not in ("a", "an"):
        part = person_part(tokens, *tail[-1])
        if part is not None and part[0] > tail[-1][0] and not _plural(tokens[link - 1].low):
            return Mention(first, last, "name", part, tokens[last - 1].low)
    head = tokens[link - 1].low
    return Mention(first, last, "nominal", None, head)


def _plural(low: str) -> bool:
    return low.endswith("s") and not low.endswith(("ss", "us"))


def _read_plain(tokens: Sequence[Token], first: int, last: int) -> Mention | None:
    found = list(runs(tokens, first, last))
    head = tokens[last - 1]
    if head.low == "there" or head.low in lexicon.ARTICLES | lexicon.POSSESSIVES:
        return None
    if found and any(token.low == "and" for token in tokens[found[0][1] : last]):
        return Mention(first, last, "nominal", None, "and")  # two speakers, neither alone
    if head.low in _HARD_STOPS | lexicon.PREPOSITIONS:
        return None
    if not found or found[-1][1] != last:
        if found and found[-1][1] < last and head.low in lexicon.BODIES and found[0][0] == first:
            return Mention(first, last, "nominal", None, head.low)
        named = head.is_word or head.text.endswith("-old")
        if not named and last - first > 1 and tokens[last - 2].is_word:
            return Mention(first, last, "nominal", None, tokens[last - 2].low)  # "article 288"
        return Mention(first, last, "nominal", None, head.low) if named else None
    run = found[-1]
    determined = tokens[first].low in lexicon.DETERMINERS
    bare = tokens[run[0] : run[1]]
    if all(token.low.rstrip(".") in lexicon.TITLES - {"may"} for token in bare) and (
        determined or len(bare) > 1 or head.low in lexicon.ROLES
    ):
        return Mention(first, last, "nominal", None, head.low)
    if determined and len(bare) == 1 and is_demonym(head.low):
        return Mention(first, last, "nominal", None, head.low)  # "the Portuguese"
    part = person_part(tokens, *run)
    if determined and run[0] == first + 1 and (part is None or part[0] == run[0]):
        return Mention(first, last, "name", run, head.low)
    return Mention(first, last, "name", part or run, head.low)
