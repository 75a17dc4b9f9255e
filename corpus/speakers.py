"""Speakers across articles: one entry a person, with aliases and roles."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.quotes.lexicon import HONORIFICS, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from corpus.quotes import Person, Reading

_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A named speaker of a corpus.

    Attributes:
        id: stable as long as the corpus is: made from the name.
        name: the fullest form of the name.
        aliases: all other forms, sorted.
        roles: what the articles say the speaker is, most often said first.
        quotes: how many quotations the corpus has of the speaker.
        articles: ids of the articles that quote the speaker, in reading order.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    roles: tuple[str, ...]
    quotes: int
    articles: tuple[str, ...]


@dataclass(slots=True, eq=False)
class _Entry:
    """A speaker while the articles are read."""

    people: list[tuple[str, Person]] = field(default_factory=list)

    @property
    def words(self) -> tuple[str, ...]:
        return max((_words(person.name) for _, person in self.people), key=len)

    def agrees_with(self, person: Person) -> bool:
        """Whether nothing that is known of ``person`` contradicts this entry."""
        return all(
            known.gender in (person.gender, None) or person.gender is None
            for _, known in self.people
        )


class Speakers:
    """The speakers of a corpus, and who in which article is which of them."""

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        """Merge the speakers of ``readings``, which are keyed by article id in reading order.

        Equal names are one speaker unless what is known of their gender differs; so are names
        that differ in middle names only. A lone surname joins the one speaker of the corpus who
        bears it; where two do, it stays an entry of its own.
        """
        self._at: dict[tuple[str, str], Speaker] = {}
        entries = _merged(readings)
        counts = Counter(
            (article, quote.speaker)
            for article, reading in readings.items()
            for quote in reading.quotes
        )
        taken: Counter[str] = Counter()
        for entry in entries:
            speaker = _speaker(entry, counts, taken)
            for article, person in entry.people:
                self._at[article, person.name] = speaker
        self._all = tuple(
            sorted(set(self._at.values()), key=lambda one: (-one.quotes, one.name, one.id))
        )

    def __iter__(self) -> Iterator[Speaker]:
        """The speakers, most quoted first."""
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def of(self, article: str, name: str | None) -> Speaker | None:
        """The speaker whom ``article`` calls ``name`` in its quotations, if it is a named one."""
        return self._at.get((article, name)) if name is not None else None


def _merged(readings: Mapping[str, Reading]) -> list[_Entry]:
    named = [(article, one) for article, reading in readings.items() for one in reading.speakers]
    full = [item for item in named if len(_words(item[1].name)) > 1]
    short = [item for item in named if len(_words(item[1].name)) <= 1]
    entries: list[_Entry] = []
    by_ends: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
    for item in full:
        words = _words(item[1].name)
        _join(item, by_ends[words[0], words[-1]], entries)
    by_last: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_last[entry.words[-1]].append(entry)
    alone: dict[str, list[_Entry]] = defaultdict(list)
    for item in short:
        word = " ".join(_words(item[1].name))
        bearers = [entry for entry in by_last[word] if entry.agrees_with(item[1])]
        if len(bearers) == 1 and item[1].is_person is not False:
            bearers[0].people.append(item)
        else:
            _join(item, alone[word], entries)
    return entries


def _join(item: tuple[str, Person], known: list[_Entry], entries: list[_Entry]) -> None:
    """Add ``item`` to the entry of ``known`` that it agrees with, else as a new one."""
    fitting = [
        entry
        for entry in known
        if entry.agrees_with(item[1]) and _nested(_words(item[1].name), entry.words)
    ]
    if len(fitting) == 1:
        fitting[0].people.append(item)
        return
    entry = _Entry([item])
    known.append(entry)
    entries.append(entry)


def _nested(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the shorter name leaves out middle names of the longer one at most."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return all(word in rest for word in short)


def _words(name: str) -> tuple[str, ...]:
    words = tuple(plain(word) for word in name.split())
    return tuple(word for word in words if word.rstrip(".") not in HONORIFICS | {"the"}) or words


def _speaker(
    entry: _Entry, counts: Mapping[tuple[str, str | None], int], taken: Counter[str]
) -> Speaker:
    names = [person.name for _, person in entry.people]
    name = max(names, key=lambda one: len(_words(one)))
    stem = _NOT_IN_ID.sub("-", plain(name)).strip("-") or "speaker"
    taken[stem] += 1
    return Speaker(
        id=stem if taken[stem] == 1 else f"{stem}-{taken[stem]}",
        name=name,
        aliases=tuple(sorted(_aliases(entry) - {name})),
        roles=_roles(person for _, person in entry.people),
        quotes=sum(counts[article, person.name] for article, person in entry.people),
        articles=tuple(dict.fromkeys(article for article, _ in entry.people)),
    )


def _aliases(entry: _Entry) -> set[str]:
    return {form for _, person in entry.people for form in (person.name, *person.aliases)}


def _roles(people: Iterable[Person]) -> tuple[str, ...]:
    counts = Counter(role for person in people for role in person.roles)
    return tuple(role for role, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
