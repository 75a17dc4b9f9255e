"""The subjects of reporting verbs: the noun phrases before and after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
from corpus.quotes.mentions import Mention, is_adverb, read_mention
from corpus.quotes.names import is_name_word, person_part, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotes.tokens import Token

_LINKS = lexicon.NOUN_LINKS
_HARD_STOPS = lexicon.SUBORDINATORS | lexicon.CONJUNCTIONS
_PERSONS_OR_BODIES = lexicon.ROLES | {low.removesuffix("s") for low in lexicon.BODIES}


def subject_before(tokens: Sequence[Token], verb: int, floor: int) -> Mention | None:
    """The subject that ends right before token ``verb``, looking back as far as ``floor``.

    Adverbs and auxiliaries are skipped; an apposition, a relative clause or an aside between
    commas is jumped over.
    """
    end = verb
    while end > floor and is_adverb(tokens[end - 1]) and not _is_subject_like(tokens, end - 1):
        end -= 1
    if end <= floor:
        return None
    last = tokens[end - 1]
    if last.text in ",—–" or last.text.startswith("-"):
        return _subject_before_aside(tokens, end - 1, floor)
    return _chunk_mention(tokens, end, floor)


def _is_subject_like(tokens: Sequence[Token], index: int) -> bool:
    return (
        tokens[index].is_capital
        and index > 0
        and is_name_word(tokens[index])
        and (tokens[index].low not in lexicon.AUXILIARIES)
    )


def _before_parenthesis(tokens: Sequence[Token], end: int, floor: int) -> int:
    for index in range(end - 1, floor, -1):
        if tokens[index].text == "(":
            return index
    return end


def _subject_before_aside(tokens: Sequence[Token], mark: int, floor: int) -> Mention | None:
    """The phrase before an aside that ends with the comma or dash at ``mark``."""
    sign = tokens[mark].text
    for index in range(mark - 1, floor - 1, -1):
        if tokens[index].text != sign:
            continue
        inside = _chunk_mention(tokens, mark, index + 1)
        if (
            inside is not None
            and inside.name is not None
            and inside.first == index + 1
            and inside.name[1] - inside.name[0] > 1
            and _is_role_phrase_before(tokens, index, floor)
        ):
            # "the team's coach, Alireza Mehraban, said"
            office = _chunk_mention(tokens, index, floor)
            begin = office.first if office is not None else inside.first
            return Mention(begin, inside.last, "name", inside.name, inside.head)
        found = _chunk_mention(tokens, index, floor)
        if found is None or (found.last != index and tokens[index - 1].text != ")"):
            continue
        if tokens[found.first].low in lexicon.PREPOSITIONS:
            continue
        if found.kind != "nominal" or tokens[found.first].low in lexicon.DETERMINERS:
            return None if _is_introductory(tokens, found, floor) else found
    return None


def _is_role_phrase_before(tokens: Sequence[Token], comma: int, floor: int) -> bool:
    before = _chunk_mention(tokens, comma, floor)
    return before is not None and before.kind == "nominal"


def _is_introductory(tokens: Sequence[Token], found: Mention, floor: int) -> bool:
    """Whether the phrase belongs to "In a statement," and the like."""
    return found.first > floor and tokens[found.first - 1].low in lexicon.PREPOSITIONS


def _chunk_mention(tokens: Sequence[Token], end: int, floor: int) -> Mention | None:
    if end > floor and tokens[end - 1].text == ")":
        end = _before_parenthesis(tokens, end, floor)
    if end <= floor:
        return None
    low = tokens[end - 1].low
    if low in lexicon.SUBJECT_PRONOUNS or low == "which":
        return Mention(end - 1, end, "pronoun", None, low)
    start = _chunk_start(tokens, end, floor)
    return read_mention(tokens, start, end) if start < end else None


def _chunk_start(tokens: Sequence[Token], end: int, floor: int) -> int:
    """Where the noun phrase that ends at ``end`` begins."""
    index = end
    while index > floor and _belongs(tokens, index - 1, end, floor):
        index -= 1
        determined = tokens[index].low in lexicon.ARTICLES | lexicon.POSSESSIVES
        if determined and tokens[index - 1].low not in lexicon.PREPOSITIONS | {"and"}:
            break
    return index


def _belongs(tokens: Sequence[Token], index: int, end: int, floor: int) -> bool:
    token = tokens[index]
    if index == end - 1:
        return token.is_word or token.text[0] in "@#)" or token.text[0].isdigit()
    following = tokens[index + 1]
    if token.is_quote or token.text in "-–&":
        inside_name = index > floor and is_name_word(tokens[index - 1]) and following.is_capital
        return inside_name and (not token.is_quote or token.end - token.start <= 24)
    if token.low == "and":
        joined = following.is_capital or following.low in lexicon.POSSESSIVES
        return index > floor and is_name_word(tokens[index - 1]) and joined
    if token.low in _HARD_STOPS or token.low in lexicon.SUBJECT_PRONOUNS:
        return False
    if not (token.is_word or token.text[0].isdigit() or token.text in ("'s", "’s", "'", "’")):
        return False
    return not _is_finite_verb(token, following)


def _is_finite_verb(token: Token, following: Token) -> bool:
    if token.is_capital and not token.low.endswith("ing"):
        return False
    if following.low == "by":
        return False  # "a letter seen by Sky News"
    if token.low in lexicon.COMMON_VERBS:
        return True
    if token.low in lexicon.SPEECH and token.low.endswith(("ed", "said", "told")):
        return True
    return token.low.endswith("ed") and (
        following.low in lexicon.DETERMINERS or following.is_capital
    )


def subject_after(tokens: Sequence[Token], verb: int, ceiling: int) -> Mention | None:
    """The subject that begins right after token ``verb``: "said Tom Ashby"."""
    start = verb + 1
    if start >= ceiling:
        return None
    first = tokens[start]
    if first.low in lexicon.SUBJECT_PRONOUNS and first.low != "who":
        return Mention(start, start + 1, "pronoun", None, first.low)
    if not _may_begin(tokens, start, ceiling):
        return None
    end = _forward_end(tokens, start, ceiling)
    while end > start and tokens[end - 1].low in lexicon.PREPOSITIONS | lexicon.ARTICLES:
        end -= 1
    found = read_mention(tokens, start, end) if end > start else None
    return _with_name(tokens, found, ceiling) if found is not None else None


def _with_name(tokens: Sequence[Token], found: Mention, ceiling: int) -> Mention:
    """Join an office with the name set after it: "said the MP for Leeds, Ann Doe."."""
    start = found.last + 1
    if found.kind != "nominal" or start >= ceiling or tokens[found.last].text != ",":
        return found
    run = next(runs(tokens, start, ceiling), None)
    if run is None or run[0] != start or (run[1] < ceiling and tokens[run[1]].is_word):
        return found
    part = person_part(tokens, *run)
    return Mention(found.first, run[1], "name", part, found.head) if part is not None else found


def _may_begin(tokens: Sequence[Token], start: int, ceiling: int) -> bool:
    first = tokens[start]
    if first.low in lexicon.DETERMINERS or is_name_word(first):
        return True
    ahead = tokens[start : min(start + 4, ceiling)]
    return (
        (first.is_word or first.low.endswith("-old"))
        and first.low not in _HARD_STOPS
        and any(_means_somebody(token) for token in ahead)
        and first.low not in lexicon.PREPOSITIONS
    )


def _means_somebody(token: Token) -> bool:
    """Whether ``token`` is a noun for a person or body: "actors", "ex-president", "39-year-old"."""
    last = token.low.rpartition("-")[2].removesuffix("s")
    return last in _PERSONS_OR_BODIES or token.low.endswith("-old")


def _forward_end(tokens: Sequence[Token], start: int, ceiling: int) -> int:
    named = False
    index = start
    nominal = tokens[start].low in lexicon.DETERMINERS
    while index < ceiling:
        token = tokens[index]
        following = tokens[index + 1] if index + 1 < ceiling else None
        if is_name_word(token) or _joins_name(token, named, following):
            named = True
        elif token.low in lexicon.TIME_WORDS or token.low in _HARD_STOPS:
            break
        elif token.low in _LINKS:
            if token.low in ("in", "on", "to", "with", "by", "from", "behind") and not nominal:
                break
            close = token.low == "to" and tokens[index - 1].low == "close"  # a source close to X
            if (named and not nominal) or (
                token.low in ("in", "on", "to", "with", "by") and not close
            ):
                break
        elif token.low in lexicon.ARTICLES and index > start and tokens[index - 1].low in _LINKS:
            pass  # "the Department of the Interior"
        elif not _inside_phrase(token, named and not nominal, following):
            break
        index += 1
    return index


def _joins_name(token: Token, named: bool, following: Token | None) -> bool:
    if not named or following is None or not following.is_capital:
        return False
    return token.low in (
        "de",
        "van",
        "von",
        "der",
        "bin",
        "al",
        "la",
        "el",
        "du",
        "di",
        "da",
        "and",
        "&",
    ) or (token.is_quote and token.end - token.start <= 24)


def _inside_phrase(token: Token, named: bool, following: Token | None) -> bool:
    if token.text in ("'s", "’s", "'", "’"):
        return True
    if not (token.is_word or token.text[0].isdigit()):
        return False
    if token.low in lexicon.COMMON_VERBS or token.low in lexicon.PREPOSITIONS:
        return False
    if token.low.endswith("ing") and not token.is_capital:
        return False
    if named and not token.is_capital:
        # "said Bolden yesterday" ends with the name; "Trump campaign spokesman" does not.
        return following is not None and (
            token.low in lexicon.ROLES
            or following.low in lexicon.ROLES
            or following.low in lexicon.BODIES
            or token.low in lexicon.BODIES
        )
    return not (token.low.endswith("ly") and not token.is_capital)
