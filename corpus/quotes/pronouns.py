"""Which person a pronoun means: by gender and salience, with a margin."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
from corpus.quotes.given_names import is_given_name
from corpus.quotes.roles import looks_like_verb

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from corpus.quotes.given_names import Gender
    from corpus.quotes.people import Entity, People
    from corpus.quotes.tokens import Narration, Token

# Weights of a sighting, tuned by hand on own cases: a subject is spoken of, a possessor or object
# less so; each sentence in between halves it; known gender counts more than unknown.
_SUBJECT, _POSSESSOR, _OTHER = 1.0, 0.45, 0.4
_FADING = 0.62
_UNKNOWN_GENDER = 0.6
_SPEAKER_BONUS = 0.7
_SAME_SENTENCE = 0.25
_MARGIN = 1.25
_REACH = 9  # sentences
_JOINED_WITHIN = 9  # tokens from one name to the next: "Mayor Ann Roe and her deputy Carla Diaz"


def gender_of_pronoun(head: str) -> Gender | None:
    """The gender a pronoun tells."""
    if head in lexicon.FEMALE_PRONOUNS:
        return "f"
    return "m" if head in lexicon.MALE_PRONOUNS else None


def ranked(
    head: str,
    index: int,
    narration: Narration,
    people: People,
    last_speaker: Entity | None,
    speaker_sentence: int,
) -> list[tuple[float, Entity]]:
    """The persons that the pronoun ``head`` at token ``index`` may mean, most salient first.

    Args:
        head: "she" or "he", in lower case.
        index: where it stands.
        narration: the article's tokens.
        people: the article's table.
        last_speaker: who spoke before, if known; speakers are spoken of again.
        speaker_sentence: the sentence of that speech.
    """
    gender = gender_of_pronoun(head)
    here = narration.sentence_of(index)
    subjects = {one.token for entity in people.entities for one in entity.sightings if one.subject}
    scored = []

    def known(entity: Entity) -> float:
        # Two who did something together may each be meant, whatever the gender of one name.
        tokens = [one.token for one in entity.sightings if one.token < index]
        together = tokens and _joins_subject(tokens[-1], narration, subjects)
        return 1.0 if together or entity.gender == gender else _UNKNOWN_GENDER

    def others_since(speaker: Entity) -> bool:
        # Who was told of since that speech is as likely meant as who spoke.
        return any(
            _was_subject(entity, speaker_sentence, index, narration)
            for entity in people.entities
            if entity is not speaker and entity.person and entity.gender in (None, gender)
        )

    for entity in people.entities:
        if entity.person is False or (entity.gender and entity.gender != gender):
            continue
        score = _salience(entity, index, here, narration, subjects)
        if entity is last_speaker and not others_since(entity):
            score += _SPEAKER_BONUS * _FADING ** max(0, here - speaker_sentence)
        if score and (entity.person or _may_be_person(entity) or entity is last_speaker):
            scored.append((score * known(entity), entity))
    return sorted(scored, key=lambda pair: -pair[0])


def _was_subject(entity: Entity, after: int, before: int, narration: Narration) -> bool:
    """Whether ``entity`` was a subject after the sentence ``after`` and before token ``before``."""
    for at in range(bisect_left(entity.sightings, (before,)) - 1, -1, -1):
        sighting = entity.sightings[at]
        if narration.sentence_of(sighting.token) <= after:
            return False
        if sighting.subject:
            return True
    return False


def _may_be_person(entity: Entity) -> bool:
    """Whether a name of unknown kind has two words or is a given one, and is a subject."""
    several = len(entity.name.split()) > 1
    return (several or is_given_name(entity.name)) and any(
        sighting.subject for sighting in entity.sightings
    )


def _salience(
    entity: Entity, index: int, here: int, narration: Narration, subjects: Container[int]
) -> float:
    best = 0.0
    for sighting in entity.sightings:
        if sighting.token >= index:
            break
        distance = here - narration.sentence_of(sighting.token)
        if distance > _REACH:
            continue
        subject = sighting.subject or _joins_subject(sighting.token, narration, subjects)
        kind = _SUBJECT if subject else _POSSESSOR if sighting.possessive else _OTHER
        near = _SAME_SENTENCE if distance == 0 else 0.0
        best = max(best, kind * _FADING**distance + near)
    return best


def _joins_subject(at: int, narration: Narration, subjects: Container[int]) -> bool:
    """Whether the name at token ``at`` is a subject with another one: Roe in "Roe and Dee left"."""
    _, end = narration.sentence(narration.sentence_of(at))
    joined = False
    for place in range(at + 1, min(at + _JOINED_WITHIN, end)):
        token = narration.tokens[place]
        if joined and place in subjects:
            return True
        if token.low in lexicon.SPEECH or (not token.is_capital and looks_like_verb(token)):
            return False
        joined = joined or token.low == "and"
    return False


def unnamed_rival(head: str, index: int, narration: Narration) -> int | None:
    """Where somebody without a name last was the subject whom "she" or "he" may mean as well.

    "Lucy Kane’s mother was there. “…,” she said": the mother, and not Lucy Kane. Looks back over
    the sentence of token ``index`` and the two before.
    """
    roles = lexicon.FEMALE_ROLES if head == "she" else lexicon.MALE_ROLES
    here = narration.sentence_of(index)
    start, _ = narration.sentence(max(here - 2, 0))
    tokens = narration.tokens
    for at in range(index - 1, start - 1, -1):
        if tokens[at].low not in roles or tokens[at].is_capital:
            continue
        named = tokens[at + 1].is_capital or (
            tokens[at + 1].text == "," and tokens[at + 2].is_capital
        )
        if not named and _has_determiner(tokens, at) and looks_like_verb(tokens[at + 1]):
            return at
    return None


def _has_determiner(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[max(at - 3, 0) : at]
    return any(
        token.low in lexicon.POSSESSIVES | {"a", "an", "one"} or token.text in ("'s", "’s")
        for token in before
    )


def decided(scored: Iterable[tuple[float, Entity]]) -> Entity | None:
    """The first of ``scored`` if it leads by the margin, else ``None``."""
    best, *others = [*scored, (0.0, None)]
    return best[1] if not others or best[0] >= _MARGIN * others[0][0] else None
