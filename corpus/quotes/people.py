"""The people and bodies of one article: one entry each, with names, roles and gender."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import corpus.quotes.lexicon as lexicon
import corpus.quotes.roles as roles
from corpus.quotes.given_names import gender_of_name, is_given_name
from corpus.quotes.names import name_words, person_part, runs
from corpus.quotes.namesakes import form_of, one_apart, same_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.quotes.given_names import Gender
    from corpus.quotes.mentions import Mention
    from corpus.quotes.tokens import Narration, Token

_KIN = lexicon.words(
    "brother sister wife husband mother father son daughter cousin uncle aunt nephew niece widow "
    "widower twin parents namesake stepson stepdaughter grandson granddaughter"
)


class Sighting(NamedTuple):
    """One place where an entity is named in the narration.

    Attributes:
        token: the first token of the name.
        subject: whether it looks like the subject of its clause.
        possessive: whether it is followed by "'s".
    """

    token: int
    subject: bool
    possessive: bool


def _is_fuller(words: Sequence[str], known: Sequence[str]) -> bool:
    """Whether a name says more than the known one: more words, or a name for an initial."""
    if len(words) == len(known):
        return len(known[0].rstrip(".")) == 1 < len(words[0].rstrip("."))
    return len(words) > len(known)


def _is_noun(low: str, lowered: set[str]) -> bool:
    """Whether the one word is no name but opens its sentence: "Prosecutors said so"."""
    return low in lowered or (low.endswith("s") and low.removesuffix("s") in lexicon.ROLES)


@dataclass(slots=True, eq=False)
class Entity:
    """A person or body of the article.

    Attributes:
        name: the fullest form of the name, without titles.
        forms: each form of the name as a tuple of folded words.
        written: each form as written, with "Mr" and the like.
        person: whether it is known to be a person (``None``: not known either way).
        gender: "f", "m" or ``None`` where not known.
        roles: heads of the phrases it is described by ("mayor", "actress").
        sightings: where it is named, in reading order.
        titled: whether a title ("Mr") stands before its name somewhere.
    """

    name: str
    forms: set[tuple[str, ...]] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    person: bool | None = None
    gender: Gender | None = None
    roles: set[str] = field(default_factory=set)
    sightings: list[Sighting] = field(default_factory=list)
    titled: bool = False


class _Found(NamedTuple):
    first: int
    last: int
    words: tuple[str, ...]
    run_first: int


class People:
    """The table of an article's entities."""

    def __init__(
        self,
        narration: Narration,
        *,
        people: Iterable[int] = (),
        bodies: Iterable[int] = (),
        subjects: frozenset[int] | None = None,
    ) -> None:
        """Read the table off ``narration``.

        Args:
            narration: the tokens of the article.
            people: numbers of tokens that a parser takes for parts of persons' names.
            bodies: numbers of tokens that a parser takes for parts of other names.
            subjects: numbers of tokens that a parser takes for parts of subjects; without a
                parser (``None``) a subject is told by the words around it.
        """
        self.entities: list[Entity] = []
        self._tokens = narration.tokens
        self._narration = narration
        self._people = frozenset(people)
        self._bodies = frozenset(bodies)
        self._subjects = subjects
        self._by_last: dict[str, list[Entity]] = defaultdict(list)
        self._by_first: dict[str, list[Entity]] = defaultdict(list)
        self._at: dict[int, Entity] = {}
        self._read()

    # Building

    def _read(self) -> None:
        lowered = {token.low for token in self._tokens if token.text[0].islower()}
        found = list(self._names(lowered))
        for item in sorted(found, key=lambda item: -len(item.words)):
            if len(item.words) > 1:
                self._register(item)
        for item in found:
            if len(item.words) == 1:
                self._register(item)
        for entity in self.entities:
            entity.sightings.sort()
            self._decide(entity)

    def _names(self, lowered: set[str]) -> Iterable[_Found]:
        starts = set(self._narration.sentence_starts)
        for first, last in runs(self._tokens, 0, len(self._tokens)):
            pieces = self._split_at_sentences(first, last, starts)
            for begin, end in pieces:
                yield from self._name_in(begin, end, starts, lowered)

    def _split_at_sentences(self, first: int, last: int, starts: set[int]) -> list[tuple[int, int]]:
        cuts = [index for index in range(first + 1, last) if index in starts]
        return list(zip([first, *cuts], [*cuts, last], strict=True))

    def _name_in(
        self, first: int, last: int, starts: set[int], lowered: set[str]
    ) -> Iterable[_Found]:
        token = self._tokens[first]
        if (
            first in starts
            and last - first > 1
            and token.low in lowered
            and not (is_given_name(token.text) or token.low in lexicon.TITLES)
        ):
            first += 1
        elif first in starts and last - first == 1 and _is_noun(token.low, lowered):
            return
        part = person_part(self._tokens, first, last) or (first, last)
        begin, end = part
        if all(token.low.rstrip(".") in lexicon.TITLES for token in self._tokens[begin:end]):
            return
        words = name_words(self._tokens, begin, end)
        if words and words[0][0].isalpha():
            yield _Found(begin, end, words, first)

    def _register(self, item: _Found) -> None:
        form = form_of(item.words)
        title = self._title_gender(item)
        matches = [one for one in self._matching(form, title) if not self._is_kin(one, item)]
        if len(matches) > 1:
            return  # two of one surname: not this one's sighting, nor that one's
        entity = matches[0] if matches else self._new(item)
        if form not in entity.forms:
            entity.forms.add(form)
            self._index(form, entity)
            if _is_fuller(item.words, entity.name.split()):
                entity.name = " ".join(item.words)
        for token in self._tokens[item.first : item.last]:
            if token.is_quote:
                self._add_nickname(entity, token)
        acronym = self._acronym(item)
        if acronym is not None:
            entity.forms.add(acronym)
            entity.person = False
            self._index(acronym, entity)
        self._at[item.first] = entity
        self._describe(entity, item, title)

    def _is_kin(self, entity: Entity, item: _Found) -> bool:
        """Whether a surname is that of a relative who is named only later.

        "Bell, who made it with his brother Ian Bell": Bell is not Ian.
        """
        if len(item.words) > 1 or not entity.sightings:
            return False
        at = entity.sightings[0].token  # of its full name: these are registered first
        before = {token.low for token in self._tokens[max(at - 3, 0) : at]}
        return item.first < at and bool(before & _KIN)

    def _new(self, item: _Found) -> Entity:
        name = " ".join(item.words)
        if any(entity.name == name for entity in self.entities):
            name = " ".join(token.text for token in self._tokens[item.run_first : item.last])
        entity = Entity(name)
        self.entities.append(entity)
        return entity

    def _index(self, form: tuple[str, ...], entity: Entity) -> None:
        for table, key in ((self._by_last, form[-1]), (self._by_first, form[0])):
            if entity not in table[key]:
                table[key].append(entity)

    def _add_nickname(self, entity: Entity, token: Token) -> None:
        """Let Robert “Bob” Hale be Bob, too."""
        form = form_of(self._narration.text[token.start + 1 : token.end - 1].split())
        if form:
            entity.forms.add(form)
            self._index(form, entity)

    def _acronym(self, item: _Found) -> tuple[str, ...] | None:
        """The short form in brackets after a body's name: "Korean Central News Agency (KCNA)"."""
        after = [token.text for token in self._tokens[item.last : item.last + 3]]
        if len(after) < 3 or after[0] != "(" or not after[1].isupper():
            return None
        initials = "".join(word[0] for word in item.words if word[0].isupper())
        return (lexicon.plain(after[1]),) if initials == after[1].replace(".", "") else None

    def _describe(self, entity: Entity, item: _Found, title: Gender | None) -> None:
        tokens = self._tokens
        after = tokens[item.last] if item.last < len(tokens) else None
        possessive = after is not None and after.text in ("'s", "’s", "'", "’")
        subject = not possessive and self._is_subject(item)
        entity.sightings.append(Sighting(item.first, subject, possessive))
        entity.gender = entity.gender or title
        entity.written.add(self._as_written(item))
        known = roles.roles_at(tokens, item.run_first, item.first, item.last)
        entity.roles |= known
        before = {token.low.rstrip(".") for token in tokens[item.run_first : item.first]}
        if before & lexicon.TITLES or known:
            entity.titled = True
        if self._people.intersection(range(item.first, item.last)):
            entity.person = True
        elif entity.person is None and self._bodies.issuperset(range(item.first, item.last)):
            entity.person = False

    def _as_written(self, item: _Found) -> str:
        """The name with the honorific right before it, if there is one."""
        name = " ".join(item.words)
        before = self._tokens[item.first - 1] if item.first > item.run_first else None
        if before is None or before.low.rstrip(".") not in lexicon.HONORIFICS:
            return name
        return f"{before.text} {name}"

    def _is_subject(self, item: _Found) -> bool:
        if self._subjects is not None and item.first in self._subjects:
            return True
        return roles.looks_like_subject(self._tokens, item.first, item.last)

    def _title_gender(self, item: _Found) -> Gender | None:
        for token in self._tokens[item.run_first : item.first]:
            low = token.low.rstrip(".")
            if low in lexicon.FEMALE_TITLES:
                return "f"
            if low in lexicon.MALE_TITLES:
                return "m"
        return None

    def _decide(self, entity: Entity) -> None:
        """Settle what kind of entity this is, and its gender."""
        longest = max(entity.forms, key=len)
        given = longest[0] if len(longest) > 1 or is_given_name(longest[0]) else ""
        if entity.gender is None and given:
            entity.gender = gender_of_name(given)
        if entity.gender is None:
            entity.gender = roles.gender_of_roles(entity.roles)
        organisation = any(word in lexicon.ORGANISATION_WORDS for word in longest) and not (
            entity.titled or is_given_name(longest[0])
        )
        if organisation or (longest[-1].isupper() and len(longest) == 1):
            entity.person = False
        elif entity.titled or (len(longest) > 1 and is_given_name(longest[0])):
            entity.person = True

    # Finding

    def _matching(self, form: tuple[str, ...], gender: Gender | None) -> list[Entity]:
        exact = [entity for entity in self._by_last[form[-1]] if form in entity.forms]
        if exact and len(form) > 1:
            return exact[:1]
        found = [
            entity
            for entity in dict.fromkeys([*self._by_last[form[-1]], *(self._by_first[form[0]])])
            if any(same_name(form, known) for known in entity.forms)
        ]
        if not found and len(form) == 1:
            found = self._nearly(form[0])
        if len(found) > 1 and len(form) == 1:
            surname = [entity for entity in found if entity in self._by_last[form[-1]]]
            found = surname or found
        if found and len(form) == 1 and gender is not None:
            # Lord Pym is not Lady Pym.
            found = [entity for entity in found if self._gender(entity) in (gender, None)]
        if len(found) > 1 and gender is not None:
            fitting = [entity for entity in found if self._gender(entity) in (gender, None)]
            certain = [entity for entity in fitting if self._gender(entity) == gender]
            found = certain if len(certain) == 1 else fitting or found
        return found

    def _gender(self, entity: Entity) -> Gender | None:
        if entity.gender is not None:
            return entity.gender
        return gender_of_name(max(entity.forms, key=len)[0])

    def _nearly(self, word: str) -> list[Entity]:
        """Those of a surname that differs from ``word`` by one letter: a slip of the pen."""
        if len(word) < 5:
            return []
        near = [
            entity
            for last, entities in self._by_last.items()
            if abs(len(last) - len(word)) <= 1 and last[:1] == word[:1] and one_apart(last, word)
            for entity in entities
            if any(len(form) > 1 and form[-1] == last for form in entity.forms)
        ]
        return near if len(near) == 1 else []

    def at(self, index: int) -> Entity | None:
        """The entity whose name begins at token ``index``."""
        return self._at.get(index)

    def named(self, mention: Mention) -> tuple[Entity, ...]:
        """The entities that ``mention`` may name: one, or several of one surname, or none."""
        assert mention.name is not None
        first, last = mention.name
        known = self._at.get(first)
        if known is not None:
            return (known,)
        words = name_words(self._tokens, first, last)
        form = form_of(words)
        title = self._title_gender(_Found(first, last, words, mention.first))
        return tuple(self._matching(form, title)) if form else ()

    def with_role(self, head: str) -> tuple[Entity, ...]:
        """The persons described by the role ``head``, or by a narrower one."""
        narrower = lexicon.WIDER_ROLES.get(head, frozenset())
        exact = [entity for entity in self.entities if head in entity.roles]
        if exact:
            return tuple(exact)
        return tuple(entity for entity in self.entities if entity.roles & narrower)

    def commercial(self) -> tuple[Entity, ...]:
        """The companies, as far as their names or descriptions show it."""
        return tuple(
            entity
            for entity in self.entities
            if entity.person is not True
            and (
                any(form[-1] in lexicon.COMPANY_NAME_ENDS for form in entity.forms)
                or entity.roles & lexicon.COMMERCIAL
            )
        )

    def bodies_named(self, head: str) -> tuple[Entity, ...]:
        """The bodies whose name holds the word ``head``: "the council", Leeds City Council."""
        return tuple(
            entity
            for entity in self.entities
            if entity.person is not True
            and any(head in form and len(form) > 1 for form in entity.forms)
        )
