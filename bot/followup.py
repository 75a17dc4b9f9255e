"""Follow-up questions made to stand on their own, from the conversation before them.

By rules over the wording, without a model. Nothing is guessed in silence: what a question was
understood as is shown with the reply, and where "she" may be two people both are named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.people import is_thing, names, people, same_person, speakers
from index.question import Asks, QuestionForm
from index.terms import term_spans, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.conversation import Exchange
    from corpus.span import Span

_LOOKED_BACK = 3
"""Exchanges in which a person is looked for: beyond, nobody says "she" any more."""
_LONGEST_HINT = 80
"""Characters of an earlier question that are repeated as a hint."""

_AUXILIARY = (
    r"(?:do|does|did|is|are|was|were|am|has|have|had|can|could|will|would|shall|should|may|might|"
    r"must)(?:n['’]t)?"
)
_ASKING = r"(?:who|whom|whose|what|which|when|where|why|how)"
_PREPOSITION = (
    r"(?:about|after|against|at|before|between|by|during|for|from|in|of|on|outside|since|to|under|"
    r"until|with|within|without)"
)
_REQUEST = r"(?:tell|show|find|give|quote|explain|list|describe)"

_OPENING = re.compile(
    r"^(?:(?:and|but|so|then|ok(?:ay)?|also|or|well|yes|no)\b[,:.]?\s*)+", re.IGNORECASE
)
_ABOUT = re.compile(r"^(?:what|how) about\s+(?P<topic>.+)$", re.IGNORECASE)
_CLAUSE = re.compile(rf"\b(?:{_AUXILIARY}|{_ASKING})\b|^{_REQUEST}\b", re.IGNORECASE)
_LED = re.compile(rf"{_PREPOSITION}\s", re.IGNORECASE)
_HINTED = re.compile(r"^(?P<body>.*?)\s*\((?P<hint>[^()]*)\)$")

_PERSON = re.compile(r"\b(?:she|he|her|him|hers|his)\b", re.IGNORECASE)
_NOT_OWNED = re.compile(
    rf"\W*$|[,?.!(]|\s*(?:{_PREPOSITION}|an?|the|any|no|that|if|and|or|say|feel|do)\b",
    re.IGNORECASE,
)
_SAYING = r"(?:say|said|says|think|thought|feel|felt|claim|claimed|believe|believed|told|tell)"
# What comes right before a pronoun that begins a clause of its own.
_NEW_CLAUSE = re.compile(
    rf"(?:,|\b(?:if|when|before|after|that|because|while|than|so|and|but|since|until|whether|how|"
    rf"why|what|{_SAYING}))\s*(?:{_AUXILIARY}\s+)?$",
    re.IGNORECASE,
)
_POSSESSIVES = ("its", "their", "his", "her")
_SOMEBODY = re.compile(
    r"\b(?:an?|the|every|each|any|some)\s+(?:[\w-]+\s+)?(?:actor|actress|performer|director|person|"
    r"coordinator|producer|artist|star|writer|woman|man|extra|minor|someone|anyone)s?\b",
    re.IGNORECASE,
)

_THING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|else|these|those|this|that)\b"
    r"|\b(?:there|then|ones?|so|the same|other|others|another|more)(?=\s*(?:[,?.!]|$))",
    re.IGNORECASE,
)
# "this year", "those who": not a pointer. "that" only where it cannot join a clause.
_NO_POINTER = re.compile(
    r"^(?:this|these)\s+(?:days?|weeks?|months?|years?)\b|^those\s+who\b", re.IGNORECASE
)
_BEFORE_THAT = re.compile(rf"(?:^|\b(?:{_AUXILIARY}|{_PREPOSITION}|like|than))\s*$", re.IGNORECASE)
_EMPTY_IT = re.compile(
    rf"\b(?:is|was|be|isn['’]t|wasn['’]t|would be|will be)\s+it\s+(?:[\w’'-]+\s+){{1,5}}?"
    rf"(?:that|if|whether|to(?!\s+(?:an?|the|this|that|these|those|its?|their|her|his)\b))\b"
    rf"|\b(?:does|did|would|will)\s+it\s+(?:take|cost|matter|help|feel|hurt|make sense)\b"
    rf"(?=.*\b(?:to|if|whether|when|that)\b)"
    rf"|\bit(?:\s+is|\s+was|['’]s)?\s+(?:true|possible|legal|allowed|common|normal)\b"
    rf"|\bis it like\b|\b{_AUXILIARY}\s+there\b",
    re.IGNORECASE,
)
_SHORT_ASK = re.compile(
    rf"^(?:{_PREPOSITION}\s+)?(?:what|which|whose|how (?:many|much|long|often|old|far))"
    r"(?:\s+[\w’'-]+){0,2}$",
    re.IGNORECASE,
)
# Words that are no subject either, as terms.
_EMPTY = frozenset(
    terms(
        "come since until during after before by whom happen mean true really sure exactly example "
        "reason first last next second so far agree detail explain ago long again subject must may "
        "might shall"
    )
)
_AUXILIARIES = re.compile(rf"\b{_AUXILIARY}\b", re.IGNORECASE)
# "Who is she?" and "What did she say?" need no more than the name; "Did she?" does.
_ASKS_OF_PERSON = re.compile(r"(?:who|what)\b", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(?:outside|except|besides|without|beyond|than)\s+$", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:an?|the|every|each|any)\s", re.IGNORECASE)
_PHRASE_BEGUN = re.compile(
    r"\b(?:an?|the|every|each|any)\s+(?:(?!an?\b|the\b)[\w’'-]+\s+){0,3}$", re.IGNORECASE
)
_YEAR = re.compile(r"\b\d[\d,.]*\b")


def resolve(question: str, earlier: Sequence[Exchange]) -> str:
    """``question`` with what it leaves to the conversation put in; itself if it leaves nothing.

    * "And X?", "What about X?" repeat the last question with X in the place of what it replaces.
    * "She" and "he" become the one person spoken of last; of two, both are named in brackets.
    * Any other pronoun, and a question with no subject of its own ("Why?", "How many hours?"),
      takes the subject of the last question along in brackets.

    Args:
        question: what was asked.
        earlier: the conversation so far, oldest first, its questions as they were understood.
    """
    if not earlier:
        return question
    body = _OPENING.sub("", question).strip() or question
    opened = body != question
    bare = body.rstrip(" ?!.…")
    topic = _topic(bare, opened=opened, last=earlier[-1])
    if topic:
        return _ended(_with_topic(earlier[-1], _person_named(topic, earlier)[0]))
    named, added = _person_named(bare, earlier)
    hint = _hint(bare, f"{named} {added}".strip(), earlier[-1])
    notes = [note for note in (added, hint) if note]
    if not notes and named == bare:
        return question
    return _ended(f"{named} ({'; '.join(notes)})" if notes else named)


def _ended(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}?"


# --- another topic ------------------------------------------------------------------------------


def _topic(bare: str, *, opened: bool, last: Exchange) -> str:
    """What the last question is to be asked of, if this is no question of its own."""
    if about := _ABOUT.match(bare):
        return about["topic"]
    if _CLAUSE.search(bare.replace(" May", " ")) or not _content(bare) or _is_pointer_only(bare):
        return ""
    few = len(bare.split()) <= 6
    after_preposition = _LED.match(bare)
    same_kind = names(bare) == [bare] and names(last.question)
    return bare if few and (opened or after_preposition or same_kind) else ""


def _is_pointer_only(bare: str) -> bool:
    return bool(_THING.search(bare)) and len(bare.split()) <= 2


def _with_topic(last: Exchange, topic: str) -> str:
    """The last question, asked of another topic."""
    body, hint = _split(last.question)
    if _LED.match(topic) or _YEAR.fullmatch(topic):
        body = _number_replaced(body, topic) or _phrase_replaced(body, topic)
    elif hint and not (names(topic) and names(body)):
        hint = _put_into(hint, topic, last) or topic
    else:
        body = _put_into(body, topic, last) or f"{body}, {topic}"
    return f"{body} ({hint})" if hint else body


def _put_into(text: str, topic: str, last: Exchange) -> str:
    """``text`` with ``topic`` in the place of what it replaces; empty if it replaces nothing."""
    if names(topic):
        return _name_replaced(text, topic, last) or _subject_replaced(text, topic)
    return _about_replaced(text, topic) or _subject_replaced(text, topic)


def _number_replaced(body: str, topic: str) -> str:
    """2019 in the place of 2018."""
    new, old = _YEAR.search(topic), _YEAR.search(body)
    return body.replace(old.group(), new.group(), 1) if new and old else ""


def _phrase_replaced(body: str, topic: str) -> str:
    """Put "on stage" in the place of "on film"; at the end if there is no such phrase."""
    preposition = topic.split()[0]
    found = re.search(rf"\b{preposition}\s+[^?,]+$", body, re.IGNORECASE)
    if found and not re.search(r"\d", topic):
        return f"{body[: found.start()]}{topic}"
    return f"{body} {topic}"


def _about_replaced(body: str, topic: str) -> str:
    """Put "about crew" in the place of "about directors"."""
    found = re.search(r"\b(?:about|regarding)\s+[^?,]+$", body, re.IGNORECASE)
    return f"{body[: found.start()]}about {topic}" if found else ""


def _name_replaced(body: str, topic: str, last: Exchange) -> str:
    """A person in the place of a person, a thing in the place of a thing."""
    meant = people(body, last.shown)
    persons = [name for name in names(body) if any(same_person(name, one) for one in meant)]
    things = [
        name
        for name in names(body)
        if name not in persons and not _EXCEPT.search(body[: body.index(name)])
    ]
    wanted = things or persons if is_thing(topic, last.shown) else persons or things
    if not wanted:
        return ""
    first = re.escape(wanted[0])
    others = "|".join(map(re.escape, wanted))
    joined = rf"{first}(?:(?:,| and|, and)\s+(?:{others}))*"
    return re.sub(joined, lambda _: topic, body, count=1)


def _subject_replaced(body: str, topic: str) -> str:
    """Put "a stunt coordinator" in the place of "an intimacy coordinator"."""
    plain = re.match(r"(?P<ask>(?:what|who) (?:is|are|was|were)) .+$", body, re.IGNORECASE)
    if plain:
        return f"{plain['ask']} {topic}"
    acting = re.match(r"(?P<ask>what (?:does|do|did)) .+ (?P<verb>do)\b", body, re.IGNORECASE)
    if acting:
        return f"{acting['ask']} {topic} {acting['verb']}{body[acting.end() :]}"
    topic_terms = term_spans(topic)
    content = _content(topic)
    for term, span in term_spans(body):
        for other, place in topic_terms:
            if term == other and term in content:
                return _around(body, span, topic, place)
    return ""


def _around(body: str, span: Span, topic: str, place: Span) -> str:
    """``body`` with ``topic`` for the phrase around ``span``, the word that both have."""
    before = body[: span.start]
    article = _PHRASE_BEGUN.search(before) if _ARTICLE.match(topic) else None
    words = (before[: article.start()] if article else before).split()
    if not article:
        added = sum(1 for word in topic[: place.start].split() if _content(word))
        words = words[: max(0, len(words) - added)]
    after = body[span.end :].split(" ")
    kept = after[:1] + after[1 + len(topic[place.end :].split()) :]
    return " ".join([*words, f"{topic}{kept[0]}", *kept[1:]])


# --- she and he ---------------------------------------------------------------------------------


def _person_named(bare: str, earlier: Sequence[Exchange]) -> tuple[str, str]:
    """``bare`` with its first "she" or "he" named; and both names where it may be two people."""
    pronoun = _someone(bare)
    if pronoun is None:
        return bare, ""
    meant = _people_meant(bare, earlier)
    if len(meant) == 1:
        named = _in_case(meant[0], pronoun)
        return f"{bare[: pronoun.start()]}{named}{bare[pronoun.end() :]}", ""
    return bare, " or ".join(meant)


def _someone(bare: str) -> re.Match[str] | None:
    """The first "she" or "he" of a question, if it does not point into the question itself."""
    pronoun = _PERSON.search(bare)
    return None if pronoun is None or _is_within(pronoun, bare) else pronoun


def _is_within(pronoun: re.Match[str], bare: str) -> bool:
    """Whether a pronoun points to words before it in its own question."""
    before = bare[: pronoun.start()]
    word = pronoun.group().lower()
    owner = word in _POSSESSIVES and not _NOT_OWNED.match(bare[pronoun.end() :])
    if not owner and not _NEW_CLAUSE.search(before):
        before = before.rpartition(",")[0]
    if _PERSON.fullmatch(word):
        return bool(names(before) or _SOMEBODY.search(before))
    return bool(names(before) or _content(before))


def _content(text: str) -> set[str]:
    """The terms of ``text`` that may be a subject."""
    # The word before is one that carries meaning: without any, a form takes all for its subject.
    return set(QuestionForm.of(f"subject {text}").terms) - _EMPTY


def _in_case(name: str, pronoun: re.Match[str]) -> str:
    """``name`` in the case that the pronoun stands in."""
    word, after = pronoun.group().lower(), pronoun.string[pronoun.end() :]
    possessive = word in ("his", "hers") or (word == "her" and not _NOT_OWNED.match(after))
    return f"{name}’s" if possessive else name


def _people_meant(bare: str, earlier: Sequence[Exchange]) -> list[str]:
    """The people last spoken of, without those that the question itself names."""
    own = names(bare)
    for exchange in reversed(earlier[-_LOOKED_BACK:]):
        meant = [one for one in _people_of(exchange) if not any(same_person(one, o) for o in own)]
        if meant:
            return meant[:3]
    return []


def _people_of(exchange: Exchange) -> list[str]:
    """Those in the question; and in the answer if there are none, or if it asks for one."""
    asked = people(exchange.question, exchange.shown)
    heard = [one for one in speakers(exchange.shown) if not any(same_person(one, o) for o in asked)]
    wants_people = QuestionForm.of(exchange.question).asks is Asks.WHO
    if asked and (not wants_people or _asks_who_is(exchange.question)):
        return asked
    return [*asked, *heard]


def _asks_who_is(question: str) -> bool:
    """Whether a question is "Who is X?": X is spoken of, and not somebody in the answer."""
    found = re.match(r"who(?:['’]s| is| was)\s+(.+?)[\s?!.]*$", question, re.IGNORECASE)
    return found is not None and names(found[1]) == [found[1]]


# --- everything else ----------------------------------------------------------------------------


def _hint(bare: str, named: str, last: Exchange) -> str:
    """The subject of the last question, if this one points to it or has none of its own."""
    only_named = named != bare and not _content(bare) and not _ASKS_OF_PERSON.match(bare)
    nobody = named == bare and _someone(bare)
    if not (only_named or nobody or _points_back(bare) or _is_thin(named)):
        return ""
    return _subject(last.question, without=names(named))


def _points_back(bare: str) -> bool:
    text = _EMPTY_IT.sub(lambda found: " " * len(found.group()), bare)
    return any(_is_pointer(found, text) for found in _THING.finditer(text))


def _is_pointer(found: re.Match[str], text: str) -> bool:
    before, word = text[: found.start()], found.group().lower()
    if _NO_POINTER.match(text[found.start() :]):
        return False
    if word == "that" and text[found.end() :].strip() and not _BEFORE_THAT.search(before):
        return False
    if word in ("other", "others", "another", "more", "so") and len(text.split()) > 4:
        return False
    return not _is_within(found, text)


def _is_thin(bare: str) -> bool:
    """Whether a question has no subject of its own: "Why?", "Which union?"."""
    if not _content(bare):
        return True
    return bool(_SHORT_ASK.match(bare)) and not _AUXILIARIES.search(bare)


def _subject(question: str, without: Sequence[str]) -> str:
    """The words of a question from its first to its last that carries the subject."""
    dropped = {term for name in without for term in terms(name)}
    parts = [_carrying(part, _content(part) - dropped) for part in _split(question)]
    return _cut(", ".join(part for part in parts if part))


def _carrying(text: str, content: set[str]) -> str:
    kept = [span for term, span in term_spans(text) if term in content]
    return text[kept[0].start : kept[-1].end] if kept else ""


def _cut(hint: str) -> str:
    if len(hint) <= _LONGEST_HINT:
        return hint
    return hint[: _LONGEST_HINT + 1].rpartition(" ")[0].rstrip(" ,;")


def _split(question: str) -> tuple[str, str]:
    """A question without its end, and the hint in brackets that it ended with."""
    bare = question.rstrip(" ?!.…")
    found = _HINTED.match(bare)
    return (found["body"], found["hint"]) if found else (bare, "")
