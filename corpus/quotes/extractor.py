"""From a text to its quotations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.quotes.attribution import Attributor, tokens_text
from corpus.quotes.marks import Quoted, paragraphs_of, quoted
from corpus.quotes.people import Entity, People
from corpus.quotes.quote import Person, Quote, Reading
from corpus.quotes.resolve import Resolver
from corpus.quotes.speech import is_title_case, word_count
from corpus.quotes.tokens import Narration
from corpus.quotes.turns import CONFIDENCE, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotes.parser import Parser
    from corpus.span import Span

EXTRACTOR = "3:rules"
"""Changes whenever ``read`` may find something else without a parser; an index made under another
is stale."""

_REPORTED = re.compile(
    r"(?P<who>\w+)\s+(?P<cue>said|says|say|asked|asks|told|thought|replied|goes|went|shouted|was\s+like"
    r"|were\s+like|is\s+like|’s\s+like|giving)(?:\s+(?:me|him|her|us|them|you))?[,:…]?\s*$"
)
_AND_THEN = re.compile(r",?\s+(?:and|then|or|but)(?:\s+then)?\s+", re.IGNORECASE)


def extract(
    text: str, paragraphs: Sequence[Span] | None = None, parser: Parser | None = None
) -> tuple[Quote, ...]:
    """Every direct quotation of ``text`` in reading order, with its speaker where that is clear.

    Args:
        text: canonical or any plain text.
        paragraphs: its paragraphs in reading order; by default what stands between blank lines.
            Headings may be left out: nothing in them is a quotation.
        parser: sharpens who is a person and who is a subject; everything works without.

    Returns:
        The outermost quotations; those inside another are its ``children``.
    """
    return read(text, paragraphs, parser).quotes


def read(
    text: str, paragraphs: Sequence[Span] | None = None, parser: Parser | None = None
) -> Reading:
    """The quotations of ``text`` and what it tells of their speakers; see ``extract``."""
    spans = paragraphs_of(text) if paragraphs is None else tuple(paragraphs)
    stretches = quoted(text, spans)
    if not any(stretches):
        return Reading()
    narration = Narration(text, (item.outer for items in stretches for item in items), spans)
    people = _people(narration, parser)
    turns = Attributor(narration, Resolver(narration, people), stretches).run()
    named = [turn.speaker.entity for turn in turns if turn.speaker.entity is not None]
    return Reading(
        tuple(_numbered(turns, narration)),
        tuple(_person(entity) for entity in dict.fromkeys(named)),
    )


def _person(entity: Entity) -> Person:
    return Person(
        entity.name,
        tuple(sorted(entity.written - {entity.name})),
        tuple(sorted(entity.roles)),
        entity.gender,
        entity.person,
    )


def _people(narration: Narration, parser: Parser | None) -> People:
    if parser is None:
        return People(narration)
    spans = narration.paragraphs
    parses = parser.parse([span.of(narration.text) for span in spans])
    numbers: dict[str, set[int]] = {"people": set(), "bodies": set(), "subjects": set()}
    for paragraph, parse in zip(spans, parses, strict=True):
        for kind, found in (
            ("people", parse.people),
            ("bodies", parse.bodies),
            ("subjects", parse.subjects),
        ):
            for span in found:
                numbers[kind].update(narration.indices(span.shifted(paragraph.start)))
    return People(
        narration,
        people=numbers["people"],
        bodies=numbers["bodies"],
        subjects=frozenset(numbers["subjects"]),
    )


def _numbered(turns: Sequence[Turn], narration: Narration) -> list[Quote]:
    quotes = []
    places: dict[int, tuple[int, int]] = {}
    addressees: dict[int, Span | None] = {}
    utterances = 0
    for turn in turns:
        if turn.before is not None and id(turn.before) in places:
            utterance, part = places[id(turn.before)]
            place = utterance, part + 1
        else:
            place = utterances, 0
            utterances += 1
        places[id(turn)] = place
        addressee = _addressee(turn, addressees.get(id(turn.before)))
        addressees[id(turn)] = addressee
        quotes.append(_quote(turn, place, addressee, narration))
    return quotes


def _quote(
    turn: Turn, place: tuple[int, int], addressee: Span | None, narration: Narration
) -> Quote:
    tokens, text = narration.tokens, narration.text
    speaker = turn.speaker
    named = speaker.name is not None
    return Quote(
        span=turn.item.span,
        speaker=speaker.name,
        speaker_span=turn.mention.span(tokens) if turn.mention is not None else None,
        cue=tokens_text(tokens, text, turn.cue),
        addressee=addressee.of(text) if addressee is not None else None,
        utterance=place[0],
        part=place[1],
        truncated=turn.item.truncated,
        rule=turn.rule,
        confidence=round(CONFIDENCE[turn.rule] * speaker.certainty, 3) if named else 0.0,
        children=tuple(_children(turn.item, text, speaker.name)),
        candidates=() if named else speaker.candidates,
    )


def _addressee(turn: Turn, of_part_before: Span | None) -> Span | None:
    """To whom it was said: what one clause says of an utterance holds for all its parts."""
    clause = turn.clause
    if turn.before is not None and (clause is None or clause.cue == turn.cue):
        return of_part_before
    return clause.addressee if clause is not None else None


def _children(item: Quoted, text: str, outer_speaker: str | None) -> list[Quote]:
    """The quotations inside ``item``: what its speaker repeats of another or of themselves."""
    found = []
    before: Quoted | None = None
    reported: re.Match[str] | None = None
    for child in item.children:
        words = child.span.of(text)
        start = before.outer.end if before is not None else item.span.start
        if not _AND_THEN.fullmatch(text, start, child.outer.start):
            # Else one verb reports both: said ‘no’ and then ‘well, some’.
            reported = _REPORTED.search(text, item.span.start, child.outer.start)
        before = child
        if not _is_repeated_speech(words, reported is not None):
            continue
        mine = reported is not None and reported["who"] == "I"
        speaker = outer_speaker if mine else None
        found.append(
            Quote(
                span=child.span,
                speaker=speaker,
                cue=reported["cue"] if reported is not None else "",
                rule="inside",
                confidence=0.8 if speaker is not None else 0.0,
                children=tuple(_children(child, text, None)),
                truncated=child.truncated,
            )
        )
    return found


def _is_repeated_speech(words: str, reported: bool) -> bool:
    if reported:
        return True
    if is_title_case(words):
        return False
    return word_count(words) > 3 or (word_count(words) > 1 and words[-1:] in ",.?!…")
