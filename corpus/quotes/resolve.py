"""From the words that name a speaker to the person or body they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
import corpus.quotes.pronouns as pronouns
from corpus.quotes.names import is_demonym

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotes.mentions import Mention
    from corpus.quotes.people import Entity, People
    from corpus.quotes.tokens import Narration

_MOST_CANDIDATES = 5
_INDEFINITE = lexicon.words("a an one another some several many two three other")


@dataclass(frozen=True, slots=True)
class Resolution:
    """Whom a mention means.

    Attributes:
        name: canonical name, or the words for an unnamed speaker; ``None`` where not clear.
        entity: the entry of the people table, for named speakers.
        certainty: 0 to 1.
        candidates: names of those it may mean, best first, where ``name`` is ``None``.
    """

    name: str | None
    entity: Entity | None = None
    certainty: float = 1.0
    candidates: tuple[str, ...] = ()


#: Nobody is known yet.
UNRESOLVED = Resolution(None)


class Resolver:
    """Resolves mentions in reading order, remembering who spoke last."""

    def __init__(self, narration: Narration, people: People) -> None:
        self.narration = narration
        self.people = people
        self.last: Resolution | None = None
        self._last_sentence = 0

    def spoke(self, who: Resolution, index: int) -> None:
        """Remember that ``who`` spoke at token ``index``."""
        if who.name is not None:
            self.last = who
            self._last_sentence = self.narration.sentence_of(index)

    def resolve(self, mention: Mention) -> Resolution:
        """The person or body that ``mention`` means."""
        if mention.kind == "pronoun":
            return self._pronoun(mention)
        if mention.kind == "name":
            return self._name(mention)
        return self._nominal(mention)

    def candidates_at(self, index: int) -> tuple[str, ...]:
        """Names of the persons most present before token ``index``."""
        both = [pair for head in ("she", "he") for pair in self._ranked(head, index)]
        best = sorted((pair for pair in both if pair[1].person), key=lambda pair: -pair[0])
        if not best:
            persons = [entity for entity in self.people.entities if entity.person]
            return _names(sorted(persons, key=lambda entity: entity.sightings))
        return _names([entity for _, entity in best])

    def _ranked(self, head: str, index: int) -> list[tuple[float, Entity]]:
        speaker = self.last.entity if self.last else None
        return pronouns.ranked(
            head, index, self.narration, self.people, speaker, self._last_sentence
        )

    def _pronoun(self, mention: Mention) -> Resolution:
        if mention.head in ("he", "she"):
            scored = self._ranked(mention.head, mention.first)
            best = pronouns.decided(scored)
            rival = pronouns.unnamed_rival(mention.head, mention.first, self.narration)
            if best is not None and (rival is None or self._is_named_since(best, rival)):
                return Resolution(best.name, best, 0.92)
            return Resolution(None, candidates=_names([entity for _, entity in scored]))
        if mention.head in ("it", "they") and self.last is not None:
            near = self.narration.sentence_of(mention.first) - self._last_sentence <= 2
            entity = self.last.entity
            if near and not (entity is not None and entity.person):
                return Resolution(self.last.name, entity, 0.85)
        return Resolution(None, candidates=self.candidates_at(mention.first))

    def _is_named_since(self, entity: Entity, index: int) -> bool:
        return any(sighting.token > index for sighting in entity.sightings if sighting.subject) or (
            self.last is not None
            and self.last.entity is entity
            and self._last_sentence >= self.narration.sentence_of(index)
        )

    def _name(self, mention: Mention) -> Resolution:
        found = self.people.named(mention)
        if len(found) == 1:
            entity = found[0]
            return Resolution(self._display(entity, mention), entity)
        if found:
            return Resolution(None, candidates=_names(found))
        assert mention.name is not None
        return Resolution(self._words(*mention.name))

    def _display(self, entity: Entity, mention: Mention) -> str:
        """The entity's name; a body's as written with its article ("The Straits Times")."""
        assert mention.name is not None
        first = self.narration.tokens[mention.first]
        if (
            mention.name[0] == mention.first + 1
            and first.text == "The"
            and entity.person is not True
        ):
            return f"{first.text} {entity.name}"
        return entity.name

    def _nominal(self, mention: Mention) -> Resolution:
        tokens = self.narration.tokens
        first = tokens[mention.first].low
        phrase = self._words(mention.first, mention.last)
        if first in _INDEFINITE or mention.head == "and":
            return Resolution(phrase, certainty=0.95)
        if mention.head.endswith("-old") or is_demonym(mention.head):
            return self._anaphor(mention, phrase)
        if first in lexicon.POSSESSIVES:
            return Resolution(phrase, certainty=0.95)  # "his manager" need not be "the manager"
        plain = mention.last - mention.first <= 3
        if mention.head in lexicon.ROLES and plain:
            found = self.people.with_role(mention.head)
            if len(found) == 1:
                return Resolution(found[0].name, found[0], 0.93)
            if found:
                return Resolution(None, candidates=_names(found))
        if mention.head in lexicon.BODIES | lexicon.COMMERCIAL and plain and first == "the":
            found = self.people.bodies_named(mention.head)
            if not found and mention.head in lexicon.COMMERCIAL:
                found = self.people.commercial()
            if len(found) == 1:
                return Resolution(found[0].name, found[0], 0.85)
        return Resolution(phrase, certainty=0.95)

    def _anaphor(self, mention: Mention, phrase: str) -> Resolution:
        """Whoever is most present, if by a margin: "the 52-year-old"."""
        both = {
            id(entity): (score, entity)
            for head in ("she", "he")
            for score, entity in self._ranked(head, mention.first)
            if entity.person
        }
        best = pronouns.decided(sorted(both.values(), key=lambda pair: -pair[0]))
        return Resolution(best.name, best, 0.85) if best else Resolution(phrase, certainty=0.9)

    def _words(self, first: int, last: int) -> str:
        tokens = self.narration.tokens
        words = " ".join(self.narration.text[tokens[first].start : tokens[last - 1].end].split())
        if tokens[first].low in lexicon.DETERMINERS:
            return words[:1].lower() + words[1:]
        return words


def _names(entities: Sequence[Entity]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entity.name for entity in entities))[:_MOST_CANDIDATES]
