"""Speakers by any of their names: looked up, completed while typing, and the nearest ones."""

from __future__ import annotations

from collections import defaultdict
from difflib import get_close_matches
from typing import TYPE_CHECKING

from corpus.quotes.lexicon import HONORIFICS, TITLES, plain
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.speakers import Speaker

MOST_COMPLETIONS = 25
"""What Discord shows at most."""
_NEAREST = 3
_UNSAID = HONORIFICS | {"the", "a", "an"}


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared: folded, without titles, points and possessives."""
    bare = folded(name).replace("-", " ").removesuffix("'s").removesuffix("'")
    words = tuple(plain(word.strip(".,'\"()")) for word in bare.split())
    return tuple(word for word in words if word and word not in _UNSAID)


class SpeakerNames:
    """The speakers of a corpus by their names.

    Args:
        speakers: most quoted first; answers keep this order.
    """

    def __init__(self, speakers: Sequence[Speaker]) -> None:
        self._speakers = tuple(speakers)
        self._by_id = {speaker.id: speaker for speaker in speakers}
        self._by_name: dict[tuple[str, ...], list[Speaker]] = defaultdict(list)
        self._by_role: dict[tuple[str, ...], list[Speaker]] = defaultdict(list)
        self._words: list[tuple[frozenset[str], Speaker]] = []
        for speaker in speakers:
            names = [name_words(name) for name in (speaker.name, *speaker.aliases)]
            for words in dict.fromkeys(names):
                self._by_name[words].append(speaker)
            for role in speaker.roles:
                self._by_role[name_words(role)].append(speaker)
            self._words.append((frozenset(word for words in names for word in words), speaker))

    def get(self, speaker_id: str) -> Speaker | None:
        """The speaker with this id."""
        return self._by_id.get(speaker_id)

    def find(self, name: str) -> tuple[Speaker, ...]:
        """Those whom ``name`` may mean: one where it is clear, none where nobody is called so.

        Tried in this order, the first that finds somebody decides: the id; the whole name; an
        alias ("Mr. Obama"); some words of the name ("Obama"); a role ("the mayor"); some words of
        the name with a role or title ("President Obama").
        """
        if name in self._by_id:
            return (self._by_id[name],)
        words = name_words(name)
        if not words:
            return ()
        called = self._by_name.get(words, [])
        for found in (
            [one for one in called if name_words(one.name) == words],
            called,
            [one for known, one in self._words if known.issuperset(words)],
            self._by_role.get(words, []),
            self._titled(words),
        ):
            if found:
                return tuple(found)
        return ()

    def _titled(self, words: Iterable[str]) -> list[Speaker]:
        """Those who are called by ``words`` without their roles and any title."""
        found = []
        for known, speaker in self._words:
            roles = {word for role in speaker.roles for word in name_words(role)}
            bare = set(words) - roles - TITLES
            if bare and known.issuperset(bare):
                found.append(speaker)
        return found

    def complete(self, typed: str, limit: int = MOST_COMPLETIONS) -> tuple[Speaker, ...]:
        """The speakers to offer for what was typed so far, most quoted first.

        Each word typed must begin a word of the name or of an alias; nothing typed offers all.
        """
        words = name_words(typed)
        fitting = (
            speaker
            for known, speaker in self._words
            if all(any(one.startswith(word) for one in known) for word in words)
        )
        return tuple(_first(fitting, limit))

    def nearest(self, name: str, limit: int = _NEAREST) -> tuple[Speaker, ...]:
        """The speakers whose names look most like ``name``, for one who mistyped it."""
        by_words: dict[str, list[Speaker]] = defaultdict(list)
        for known, speaker in self._words:
            for word in (*known, " ".join(name_words(speaker.name))):
                by_words[word].append(speaker)
        typed = name_words(name)
        close = [
            match
            for word in (" ".join(typed), *typed)
            for match in get_close_matches(word, by_words, limit, cutoff=0.6)
        ]
        found = (speaker for match in close for speaker in by_words[match])
        return tuple(_first(dict.fromkeys(found), limit))


def _first(speakers: Iterable[Speaker], limit: int) -> list[Speaker]:
    return [speaker for speaker, _ in zip(speakers, range(limit), strict=False)]
