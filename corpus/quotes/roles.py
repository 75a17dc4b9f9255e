"""What an article says of a named person in passing: roles, gender, and place in the clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.quotes.given_names import Gender
    from corpus.quotes.tokens import Token

_TITLE_ROLES = {
    "dr": "doctor", "prof": "professor", "sen": "senator", "gov": "governor", "gen": "general",
    "capt": "captain", "sgt": "sergeant", "det": "detective", "rep": "representative",
    "cllr": "councillor", "col": "colonel", "maj": "major",
}  # fmt: skip
_COPULAS = lexicon.words(
    "is was are were became becomes remains remained elected named appointed made been be works "
    "worked serves served"
)
#: What somebody is who does this: "Margaret Oduya chairs the panel".
VERB_ROLES = {
    "chairs": "chair", "chaired": "chair", "coaches": "coach", "coached": "coach",
    "directs": "director", "directed": "director", "edits": "editor", "edited": "editor",
    "manages": "manager", "managed": "manager", "leads": "leader", "led": "leader",
    "teaches": "teacher", "taught": "teacher", "founded": "founder", "owns": "owner",
    "captains": "captain", "captained": "captain", "produces": "producer", "produced": "producer",
}  # fmt: skip
_KINDS = lexicon.ROLES | lexicon.BODIES
_NEVER_VERBS = (
    lexicon.PREPOSITIONS
    | lexicon.SUBORDINATORS
    | lexicon.CONJUNCTIONS
    | lexicon.DETERMINERS
    | lexicon.words(
        "his hers its ours yours theirs this perhaps always sometimes yes news series as"
    )
)
_ASIDE = frozenset(",(—–")


def roles_at(tokens: Sequence[Token], run_first: int, first: int, last: int) -> set[str]:
    """The roles given to the name ``tokens[first:last]`` by the words around it.

    Read from titles and nouns before it ("actress Gwyneth Paltrow"), an apposition on either side
    ("Hugo Brandt, an auditor") and a copula after it ("Bill Carver was elected mayor").
    ``run_first`` is where the capitalised run begins that the name ends.
    """
    before = [token.low.rstrip(".") for token in tokens[run_first:first]]
    found = {_TITLE_ROLES.get(low, low) for low in before} & lexicon.ROLES
    if run_first > 0:
        found |= _role_before(tokens, run_first)
    if last < len(tokens):
        found |= _roles_after(tokens, last)
    return found


def _role_before(tokens: Sequence[Token], first: int) -> set[str]:
    found = set()
    index = first - 1
    while index >= 0 and tokens[index].low in lexicon.ROLES:
        found.add(tokens[index].low)
        index -= 1
    office = tokens[index - 1].low if index >= 1 and tokens[index].text == "," else ""
    if not found and office in lexicon.ROLES and _determined(tokens, index - 1):
        found.add(office)
    return found


def _determined(tokens: Sequence[Token], index: int) -> bool:
    """Whether the noun at ``index`` has a determiner or possessor in front: "the team's coach"."""
    for back in range(index - 1, max(index - 7, -1), -1):
        token = tokens[back]
        if token.low in lexicon.DETERMINERS or token.text in ("'s", "’s"):
            return True
        if not token.is_word:
            return False
    return False


def _roles_after(tokens: Sequence[Token], last: int) -> set[str]:
    token = tokens[last]
    if token.text in _ASIDE:
        start = last + 1
        while start + 1 < len(tokens) and tokens[start].text[0].isdigit():
            start += 2  # "Daniel Montalvo, 19, a member"
        return _head_of_phrase(tokens, start, asides=True)
    if token.low in VERB_ROLES:
        return {VERB_ROLES[token.low]}
    index = last
    while (
        index < len(tokens)
        and index < last + 4
        and (
            tokens[index].low in _COPULAS or tokens[index].low in ("has", "had", "as", "re-elected")
        )
    ):
        index += 1
    if index > last and tokens[index - 1].low in _COPULAS | {"as", "re-elected"}:
        return _head_of_phrase(tokens, index, asides=False)
    return set()


def _head_of_phrase(tokens: Sequence[Token], start: int, *, asides: bool) -> set[str]:
    """The role that heads the noun phrase at ``start``, if that is what stands there."""
    found: set[str] = set()
    if asides and start < len(tokens) and tokens[start].low in ("and", "or"):
        return found
    for index in range(start, min(start + 9, len(tokens))):
        token = tokens[index]
        if token.low in _KINDS:
            found.add(token.low)
        elif token.text in ("'s", "’s"):
            found.clear()
        elif (
            not token.is_word
            or token.low in lexicon.PREPOSITIONS
            or (token.low in lexicon.SUBORDINATORS or token.low in lexicon.SUBJECT_PRONOUNS)
        ):
            break
        elif token.low == "and":
            continue
        elif token.low in lexicon.COMMON_VERBS or (
            asides and index == start and token.low in lexicon.SPEECH
        ):
            break
    return found & _KINDS


def gender_of_roles(roles: Iterable[str]) -> Gender | None:
    """The gender that ``roles`` tell, if they do and agree."""
    female = any(role in lexicon.FEMALE_ROLES for role in roles)
    male = any(role in lexicon.MALE_ROLES for role in roles)
    if female == male:
        return None
    return "f" if female else "m"


def looks_like_subject(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether the name ``tokens[first:last]`` looks like the subject of a clause.

    That is: a verb follows it (after adverbs or an aside), and no preposition or verb that would
    make it an object stands before it.
    """
    before = first - 1
    while before >= 0 and (
        tokens[before].low in lexicon.TITLES
        or tokens[before].low in lexicon.ROLES
        or tokens[before].low in lexicon.ARTICLES
    ):
        before -= 1
    if before >= 0 and tokens[before].low in lexicon.PREPOSITIONS - {
        "after",
        "before",
        "since",
        "as",
    }:
        return False
    return _verb_follows(tokens, last)


def _verb_follows(tokens: Sequence[Token], index: int) -> bool:
    if index + 1 < len(tokens) and tokens[index].text in (",", "("):
        if tokens[index].text == "," and looks_like_verb(tokens[index + 1]):
            return True  # "Her daughter, Carol, said"
        index = _after_aside(tokens, index)
    if index + 1 < len(tokens) and tokens[index].low == "and" and tokens[index + 1].is_capital:
        index += 2  # "She and Chalamet asked": both are subjects
        while index < len(tokens) and tokens[index].is_capital:
            index += 1
    while index < len(tokens) and tokens[index].low.endswith("ly"):
        index += 1
    return index < len(tokens) and looks_like_verb(tokens[index])


def _after_aside(tokens: Sequence[Token], index: int) -> int:
    closing = ")" if tokens[index].text == "(" else ","
    for later in range(index + 1, min(index + 18, len(tokens))):
        if tokens[later].text == closing:
            return later + 1
        if tokens[later].text in ".;:":
            break
    return index


def looks_like_verb(token: Token) -> bool:
    """Whether ``token`` has the form of a finite verb (a guess by ending, for want of a tagger)."""
    low = token.low
    if token.is_capital or not token.is_word:
        return False
    if low in lexicon.NOUN_FORMS:
        return False
    if low in lexicon.COMMON_VERBS or low in lexicon.SPEECH or low in lexicon.AUXILIARIES:
        return True
    if low in _NEVER_VERBS:
        return False
    return low.endswith(("ed", "n't")) or (
        low.endswith("s") and not low.endswith(("ss", "us", "ings"))
    )
