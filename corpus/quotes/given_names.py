"""Given names with their usual gender.

They stand in ``given_names.txt``: names of the 1990 census of the United States (public domain),
the rarest left out, and others added by hand. "f" and "m" mark names that hardly ever belong to
the other gender, "e" those of either.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from corpus.quotes.lexicon import plain

Gender = Literal["f", "m"]


@cache
def _given_names() -> dict[str, Gender | None]:
    names: dict[str, Gender | None] = {}
    listed = files("corpus.quotes").joinpath("given_names.txt").read_text(encoding="utf-8")
    for line in listed.splitlines():
        kind, *entries = line.split()
        gender: Gender | None = "f" if kind == "f" else "m" if kind == "m" else None
        names.update(dict.fromkeys(entries, gender))
    return names


def is_given_name(word: str) -> bool:
    """Whether ``word`` is a common given name of either gender."""
    return plain(word) in _given_names()


def gender_of_name(word: str) -> Gender | None:
    """The gender that bearers of the given name ``word`` mostly have, if one is known."""
    return _given_names().get(plain(word))
