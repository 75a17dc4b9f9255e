"""Speakers by any of their names."""

from __future__ import annotations

import pytest

from corpus.speakers import Speaker
from index.speaker_names import MOST_COMPLETIONS, SpeakerNames


def speaker(
    name: str, quotes: int = 1, aliases: tuple[str, ...] = (), roles: tuple[str, ...] = ()
) -> Speaker:
    return Speaker(name.lower().replace(" ", "-"), name, aliases, roles, quotes, ("a",))


NAMES = SpeakerNames(
    [
        speaker("Barack Obama", 9, ("Mr. Obama", "Obama"), ("president",)),
        speaker("Mia Hansen-Løve", 5, ("Hansen-Løve",), ("director",)),
        speaker("Ann Moor", 4),
        speaker("Bill Moor", 3, (), ("mayor",)),
        speaker("Moor", 2),
        speaker("José Núñez", 1, ("Pepe Núñez",), ("director",)),
    ]
)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("barack-obama", ["Barack Obama"]),
        ("barack obama", ["Barack Obama"]),
        ("President Obama", ["Barack Obama"]),
        ("Senator Moor", ["Ann Moor", "Bill Moor", "Moor"]),
        ("Mr Obama", ["Barack Obama"]),
        ("OBAMA", ["Barack Obama"]),
        ("Obama's", ["Barack Obama"]),
        ("Mia Hansen-Love", ["Mia Hansen-Løve"]),
        ("hansen", ["Mia Hansen-Løve"]),
        ("jose nunez", ["José Núñez"]),
        ("Pepe", ["José Núñez"]),
        ("the mayor", ["Bill Moor"]),
        ("director", ["Mia Hansen-Løve", "José Núñez"]),
        ("Moor", ["Moor"]),
        ("Ann Moor", ["Ann Moor"]),
        ("she", []),
        ("", []),
        ("the", []),
    ],
)
def test_a_name_means_whom_it_names(name: str, meant: list[str]) -> None:
    assert [one.name for one in NAMES.find(name)] == meant


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", ["Barack Obama", "Mia Hansen-Løve", "Ann Moor", "Bill Moor", "Moor", "José Núñez"]),
        ("mo", ["Ann Moor", "Bill Moor", "Moor"]),
        ("LOV", ["Mia Hansen-Løve"]),
        ("nun jos", ["José Núñez"]),
        ("pep", ["José Núñez"]),
        ("oor", []),
    ],
)
def test_completion_goes_by_the_beginning_of_any_word(typed: str, offered: list[str]) -> None:
    assert [one.name for one in NAMES.complete(typed)] == offered


def test_no_more_are_offered_than_can_be_shown() -> None:
    names = SpeakerNames([speaker(f"Ann Number{at}") for at in range(60)])
    assert len(names.complete("ann")) == MOST_COMPLETIONS


@pytest.mark.parametrize(
    ("name", "near"), [("Obana", ["Barack Obama"]), ("Nunes", ["José Núñez"]), ("Qqqq", [])]
)
def test_the_nearest_names_of_a_mistyped_one(name: str, near: list[str]) -> None:
    assert [one.name for one in NAMES.nearest(name)] == near


def test_an_id_is_looked_up() -> None:
    assert NAMES.get("moor") is not None
    assert NAMES.get("nobody") is None
