"""Reporting clauses: the words beside a quotation that say who said it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import corpus.quotes.lexicon as lexicon
from corpus.quotes.lexicon import words
from corpus.quotes.mentions import is_adverb
from corpus.quotes.roles import looks_like_verb
from corpus.quotes.subjects import subject_after, subject_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotes.mentions import Mention
    from corpus.quotes.tokens import Token
    from corpus.span import Span


Manner = Literal["direct", "loose"]
CUES = lexicon.SPEECH | lexicon.MANNER
REPORTS = lexicon.SPEECH | lexicon.JUDGING
BASE_FORMS = words(
    "say tell ask write think shout add reply answer claim argue insist scream yell whisper "
    "respond explain call"
)
CLAUSE_SPAN = 30  # tokens looked through for the verb of a clause that begins with its subject
_STATES = words("member united nation city all other both these those many some several between")
_WITNESSED = words("heard overheard seen filmed recorded caught shown")
_POSSIBLY = words("could might should may can")
_BETWEEN = words("also often now still then once sometimes since again")
_BE = words("was were been being be is are")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that reports a quotation.

    Attributes:
        rule: name of the pattern that found it.
        cue: the tokens ``[first, last)`` of the words that report.
        subject: who speaks, as the clause names it; ``None`` where it names nobody.
        manner: "direct" where the clause stands right beside the quotation, "loose" where the
            quoted words are a part of what it reports.
        asserted: false where nobody is said to have said it: "never said", "if anyone asks, say".
        addressee: the words for those it was said to, or where, if stated.
    """

    rule: str
    cue: tuple[int, int]
    subject: Mention | None
    manner: Manner = "direct"
    asserted: bool = True
    addressee: Span | None = None


def is_verb_here(tokens: Sequence[Token], verb: int) -> bool:
    """Whether the word at ``verb`` can be a verb where it stands ("the report" is not one)."""
    token = tokens[verb]
    if token.is_capital or token.low in ("like", "mean", "means"):
        return False
    if verb == 0:
        return True
    before = tokens[verb - 1]
    if token.low == "state" or (token.low == "states" and before.low in _STATES):
        return False  # "each member state"
    if token.low in lexicon.NOUN_FORMS and not (
        _may_precede_verb(before) or _ends_clause(tokens, verb)
    ):
        return False
    determined = before.low in lexicon.ARTICLES | lexicon.POSSESSIVES or before.text in ("'s", "’s")
    return not determined and before.low not in ("of", "in")


def _ends_clause(tokens: Sequence[Token], verb: int) -> bool:
    """Whether "reads" or the like stands last in its clause: "the lease reads."."""
    if not tokens[verb].low.endswith("s") or verb + 1 >= len(tokens):
        return False
    return tokens[verb + 1].text in ".,:" or tokens[verb + 1].is_quote


def _may_precede_verb(token: Token) -> bool:
    """Whether a form that is a noun too reads as a verb after ``token``."""
    return (
        token.is_capital
        or token.low in lexicon.SUBJECT_PRONOUNS
        or token.low in lexicon.ROLES
        or token.low in lexicon.BODIES
        or token.text in ",)"
        or token.is_quote
        or is_adverb(token)
    )


def chain_start(tokens: Sequence[Token], verb: int, floor: int) -> int:
    """The finite verb that leads to ``verb``: "was quoted as saying", "went on to say"."""
    if tokens[verb].low.endswith("ing") and tokens[verb - 1].low in _WITNESSED and verb > floor:
        return verb - 1
    if verb - 2 <= floor:
        return verb
    before, second = tokens[verb - 1].low, tokens[verb - 2].low
    if before == "as" and second in ("quoted", "cited", "reported"):
        return verb - 2
    if before == "by" and second in ("continued", "responded", "replied", "began", "ended"):
        return verb - 2
    if before == "to" and second == "wanted" and tokens[verb].low == "know":
        return verb - 2
    if before == "to" and second == "on":
        return verb - 3
    if before == "have" and second == "to":
        return max(verb - 3, floor)
    return verb


def asserts(tokens: Sequence[Token], subject: Mention | None, verb: int) -> bool:
    """Whether the clause says that the words were said."""
    token = tokens[verb]
    start = subject.last if subject is not None and subject.last <= verb else max(verb - 4, 0)
    between = {item.low for item in tokens[start:verb]}
    if between & lexicon.NEGATIONS and "only" not in between:
        return False
    generic = subject is None or subject.head in lexicon.GENERIC_SUBJECTS | {"i", "we"}
    near = {item.low for item in _same_clause(tokens, verb)}
    if (near & _POSSIBLY and not near & _WITNESSED) or (
        near & lexicon.NEGATIONS and "only" not in near
    ):
        return False
    if _head(subject) in lexicon.SIGNS | lexicon.SAYINGS:
        return False
    past = token.low.endswith("ed") or token.low in lexicon.PAST_FORMS
    if generic and between & lexicon.MODALS:
        return False
    if _head(subject) in lexicon.GENERIC_SUBJECTS - {"they"} and not past:
        return False
    if token.low in BASE_FORMS and (subject is None or subject.head in lexicon.GENERIC_SUBJECTS):
        return False
    before = tokens[subject.first - 1].low if subject is not None and subject.first else ""
    return before not in ("did", "does", "do", "if") and not between & {"did", "does"}


def _head(subject: Mention | None) -> str:
    return subject.head if subject is not None else ""


def _links(token: Token) -> bool:
    return (token.is_word and token.low not in lexicon.CONJUNCTIONS) or token.text in "'’"


def _same_clause(tokens: Sequence[Token], verb: int) -> Sequence[Token]:
    """The few words before ``verb``, back to the nearest mark."""
    start = verb
    while start > max(verb - 6, 0) and _links(tokens[start - 1]):
        start -= 1
    return tokens[start:verb]


def next_comma(tokens: Sequence[Token], start: int, end: int) -> int:
    """Where the first comma of ``tokens[start:end]`` stands, else ``end``."""
    return next((i for i in range(start, end) if tokens[i].text == ","), end)


def main_subject(tokens: Sequence[Token], start: int, end: int) -> Mention | None:
    """The subject of the first main clause in ``tokens[start:end]``."""
    first = start
    if first < end and tokens[first].low in lexicon.SUBORDINATORS | {"as"}:
        comma = next_comma(tokens, first, end)
        first = comma + 1 if comma < end else first
    for verb in range(first + 1, end):
        if not looks_like_verb(tokens[verb]) or tokens[verb].low.endswith("ing"):
            continue
        if tokens[verb].low in lexicon.AUXILIARIES and tokens[verb].low.endswith("ly"):
            continue
        subject = subject_before(tokens, verb, first)
        if subject is None or tokens[subject.first].low in lexicon.PREPOSITIONS:
            continue
        if subject.first > first and tokens[subject.first - 1].low in lexicon.SUBORDINATORS:
            continue
        return subject
    return None


def is_passive(tokens: Sequence[Token], verb: int) -> bool:
    """Whether the subject does not speak: "Paltrow was told", "when asked", "it was reported"."""
    low = tokens[verb].low
    if not (low.endswith("ed") or low in lexicon.PAST_FORMS):
        return False
    back = verb - 1
    while back > 0 and (tokens[back].low.endswith("ly") or tokens[back].low in _BETWEEN):
        back -= 1
    if _by_follows(tokens, verb):
        return True
    asked = low in ("told", "asked") and back >= 0 and tokens[back].low in ("when", "if")
    return asked or (back >= 0 and tokens[back].low in _BE)


def _by_follows(tokens: Sequence[Token], verb: int) -> bool:
    return verb + 1 < len(tokens) and tokens[verb + 1].low == "by"


def passive(tokens: Sequence[Token], verb: int, end: int, manner: Manner) -> Clause:
    """Of "was told by the judge" the judge speaks; of "was told" and "was dubbed" nobody known."""
    cue = (verb, verb + 1)
    agent = subject_after(tokens, verb + 1, end) if _by_follows(tokens, verb) else None
    if agent is not None:
        return Clause("before", cue, agent, manner)
    asserted = tokens[verb].low in lexicon.ADDRESSED
    return Clause("passive", cue, None, manner, asserted)
