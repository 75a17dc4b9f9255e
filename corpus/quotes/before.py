"""Reporting clauses that lead up to a quotation: Tom Ashby said: "…"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
from corpus.quotes.addressees import addressee_after, addressee_beside
from corpus.quotes.clauses import (
    BASE_FORMS,
    CUES,
    REPORTS,
    Clause,
    Manner,
    asserts,
    chain_start,
    is_passive,
    is_verb_here,
    main_subject,
    next_comma,
    passive,
)
from corpus.quotes.given_names import is_given_name
from corpus.quotes.lexicon import words
from corpus.quotes.mentions import Mention, is_adverb, read_mention
from corpus.quotes.names import person_part, runs
from corpus.quotes.roles import looks_like_verb
from corpus.quotes.subjects import subject_after, subject_before

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.quotes.tokens import Token


_OF = frozenset({"'s", "’s", "'", "’"})
_CHAINS = words("on took used stopped paused continued had tweeted turned posted stood rose")
_IMAGINING = words("imagine suppose supposing")
_PHRASE_STARTS = lexicon.PREPOSITIONS - {"of", "for"}
_SUPPOSING = words("if imagine suppose supposing unless whenever")


def clause_before(tokens: Sequence[Token], start: int, end: int) -> Clause | None:
    """The clause that reports a quotation, in ``tokens[start:end]``, its sentence up to there.

    The last verb of reporting counts; without one, what stands before a colon.
    """
    floor = start
    for verb in _outside_brackets(tokens, floor, end):
        reports = tokens[verb].low in REPORTS or _puts_it(tokens, verb, end)
        if reports and is_verb_here(tokens, verb):
            found = _reporting(tokens, verb, floor, end)
            if found is not None:
                return found
    introduced = _introduced(tokens, start, end)
    if introduced is not None:
        return introduced
    if end > start and tokens[end - 1].text == ":":
        return _colon(tokens, start, end)
    return None


def _colon(tokens: Sequence[Token], start: int, end: int) -> Clause | None:
    """Read "Ann Doe: “…”", "Ann Doe, in an email: “…”", "Ann Doe was blunt: “…”"."""
    while start < end - 2 and tokens[start].low in lexicon.CONJUNCTIONS:
        start += 1  # "And Tom: “…”"
    subject = subject_before(tokens, end - 1, start)
    if subject is None or subject.kind == "nominal" or subject.first > start:
        subject = main_subject(tokens, start, end) or _leading_name(tokens, start, end)
    if subject is None or (
        subject.kind == "nominal" and subject.head not in lexicon.ROLES | lexicon.BODIES
    ):
        return None
    asserted = subject.head not in lexicon.GENERIC_SUBJECTS
    verb = subject.last
    spoken = verb < end and tokens[verb].low in CUES
    cue = (verb, verb + 1) if spoken else (end, end)
    return Clause("colon", cue, subject, asserted=asserted)


def _leading_name(tokens: Sequence[Token], start: int, end: int) -> Mention | None:
    run = next(runs(tokens, start, end), None)
    if run is None or run[0] != start or any(looks_like_verb(token) for token in tokens[start:end]):
        return None
    if run[1] - run[0] == 1 and not is_given_name(tokens[start].text):
        return None
    part = person_part(tokens, *run)
    return Mention(*run, "name", part, tokens[run[1] - 1].low) if part is not None else None


def _outside_brackets(tokens: Sequence[Token], floor: int, end: int) -> Iterator[int]:
    """The places from ``end`` back to ``floor``, without asides "(as reported by Vulture)"."""
    depth = 0
    for index in range(end - 1, floor - 1, -1):
        if tokens[index].text == ")":
            depth += 1
        elif tokens[index].text == "(":
            depth = max(depth - 1, 0)
        elif not depth:
            yield index


def _puts_it(tokens: Sequence[Token], verb: int, end: int) -> bool:
    """Whether this is the verb of "as Alan Grant put it"."""
    return (
        tokens[verb].low in ("put", "puts", "putting")
        and verb + 1 < end
        and tokens[verb + 1].low in ("it", "this", "that", "things")
    )


def _introduced(tokens: Sequence[Token], start: int, end: int) -> Clause | None:
    """Read "According to Hugo Brandt, …" and "In the words of Hugo Brandt, …"."""
    for index in range(start, end - 2):
        pair = (tokens[index].low, tokens[index + 1].low)
        if pair == ("according", "to"):
            subject = subject_after(tokens, index + 1, end)
            manner: Manner = "direct" if _touches(tokens, subject, end) else "loose"
            return Clause("according-to", (index, index + 2), subject, manner)
        if pair == ("words", "of"):
            subject = subject_after(tokens, index + 1, end)
            return _in_words_of(tokens, index, subject, end)
    return _in_their_words(tokens, start, end)


def _in_their_words(tokens: Sequence[Token], start: int, end: int) -> Clause | None:
    """Read "in Brandt's words, …"."""
    last = end - 1 if end > start and tokens[end - 1].text in ",:" else end
    if last - start < 4 or tokens[last - 1].low != "words" or tokens[last - 2].text not in _OF:
        return None
    within = next((i for i in range(last - 3, start - 1, -1) if tokens[i].low == "in"), None)
    subject = subject_after(tokens, within, last - 2) if within is not None else None
    named = subject is not None and subject.kind == "name" and subject.last == last - 2
    return Clause("according-to", (last - 1, last), subject) if named else None


def _in_words_of(
    tokens: Sequence[Token], index: int, subject: Mention | None, end: int
) -> Clause | None:
    """Of "in the words of the prosecutor, Mark Tedeschi, QC, …" the name after the office."""
    if subject is None:
        return None
    if subject.kind == "nominal" and subject.last + 1 < end and tokens[subject.last].text == ",":
        named = read_mention(tokens, subject.last + 1, next_comma(tokens, subject.last + 1, end))
        subject = named if named is not None and named.kind == "name" else subject
    return Clause("according-to", (index, index + 2), subject)


def _touches(tokens: Sequence[Token], subject: Mention | None, end: int) -> bool:
    return subject is not None and all(not token.is_word for token in tokens[subject.last : end])


def _reporting(tokens: Sequence[Token], verb: int, floor: int, end: int) -> Clause | None:
    """The clause of the reporting verb at ``verb``, or ``None`` where it reports something else."""
    low = tokens[verb].low
    manner: Manner = "direct" if _leads_into_quote(tokens, verb, end) else "loose"
    if manner == "loose" and low in lexicon.THOUGHT:
        return None
    if is_passive(tokens, verb):
        return passive(tokens, verb, end, manner)
    rule, subject, asserted = _speaker(tokens, verb, floor, end)
    if low in lexicon.JUDGING and low not in lexicon.SPEECH:
        rule, manner = "judging", "loose"
    addressee = addressee_after(tokens, verb, verb + 1, end)
    addressee = addressee or addressee_beside(tokens, floor, verb)
    return Clause(rule, (verb, verb + 1), subject, manner, asserted, addressee)


def _speaker(
    tokens: Sequence[Token], verb: int, floor: int, end: int
) -> tuple[str, Mention | None, bool]:
    """Rule, subject, and whether the words were said at all, for an active verb."""
    governing = chain_start(tokens, verb, floor)
    in_order = _said_in_order_to(tokens, floor, verb, end)
    subject = _own_subject(tokens, governing, floor)
    if subject is not None:
        asserted = asserts(tokens, subject, verb)
        return "before", subject, asserted and not _supposes(tokens[floor], subject)
    joined = governing != verb or tokens[max(verb - 1, 0)].low == "and" or in_order
    if tokens[verb].low in BASE_FORMS and not joined:
        return "before", None, False  # an imperative, or an infinitive of something undone
    subject = main_subject(tokens, floor, governing)
    asserted = in_order or asserts(tokens, subject, verb)
    return "shared-subject", subject, asserted and not _supposes(tokens[floor], subject)


def _own_subject(tokens: Sequence[Token], verb: int, floor: int) -> Mention | None:
    if _shares_subject(tokens, verb, floor):
        return None
    subject = subject_before(tokens, verb, floor)
    if subject is None or not _plausible(tokens, subject):
        return None
    relative = subject.head in ("who", "which")
    return _antecedent(tokens, subject.first, floor) if relative else subject


def _supposes(first: Token, subject: Mention | None) -> bool:
    """Whether a sentence that begins with ``first`` only supposes that the words are said."""
    generic = subject is None or subject.head in lexicon.GENERIC_SUBJECTS
    return first.low in _IMAGINING or (first.low in _SUPPOSING and generic)


def _said_in_order_to(tokens: Sequence[Token], floor: int, verb: int, end: int) -> bool:
    """Whether the infinitive tells what was done: "took to Instagram to say: “…”"."""
    if verb == floor or tokens[verb - 1].low != "to":
        return False
    done = any(token.low in _CHAINS for token in tokens[floor:verb])
    return done or tokens[end - 1].text == ":"


def _shares_subject(tokens: Sequence[Token], verb: int, floor: int) -> bool:
    """Whether the verb takes its subject from the verb before: "rose and said", ", adding"."""
    back = verb - 1
    while back > floor and is_adverb(tokens[back]) and tokens[back].low not in ("and", "but"):
        back -= 1
    if back <= floor:
        return False
    low = tokens[back].low
    if low in lexicon.CONJUNCTIONS or low in (
        "by",
        "before",
        "after",
        "while",
        "whilst",
        "to",
        "without",
    ):
        return True
    return tokens[verb].low.endswith("ing") and (tokens[back].text in ",)" or tokens[back].is_quote)


def _plausible(tokens: Sequence[Token], subject: Mention) -> bool:
    before = tokens[subject.first - 1].low if subject.first else ""
    if subject.kind == "pronoun":
        return True
    return before not in lexicon.POSSESSIVES and before not in ("of", "to")


def _antecedent(tokens: Sequence[Token], who: int, floor: int) -> Mention | None:
    """The phrase before a relative pronoun at ``who``: "funded by the Hale Foundation, which"."""
    end = who - 1 if who > floor and tokens[who - 1].text == "," else who
    links = (i for i in range(end - 1, floor - 1, -1) if tokens[i].low in _PHRASE_STARTS)
    start = next(links, floor - 1) + 1
    return subject_before(tokens, end, start) if end > start else None


def _leads_into_quote(tokens: Sequence[Token], verb: int, end: int) -> bool:
    """Whether only an addressee, a place or time, or "that" stands before the quotation."""
    between = tokens[verb + 1 : end]
    if not between:
        return True
    if any(looks_like_verb(token) for token in between[1:] if token.low not in lexicon.SPEECH):
        return between[-1].text == ":"
    if between[-1].text in ",:" or between[-1].low in ("that", "how", "as", "--"):
        return True
    return (
        between[0].low in ("in", "on", "to", "at", "during")
        and len(between) <= 8
        and (not looks_like_verb(between[-1]) and between[-1].low not in lexicon.DETERMINERS)
    )
