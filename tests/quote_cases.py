"""Own annotated cases: one difficulty each; news, entertainment and British copy.

A case gives its kind, its text, and its quotations as ``[words, speaker, attributing words, cue]``
in reading order; a speaker of null must stay open. Whatever else stands between quotation marks
is not speech and must not be taken for it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).parent / "data" / "quote_cases.jsonl"

Expected = tuple[str, str | None, str, str]


class Case(NamedTuple):
    """One annotated text."""

    kind: str
    text: str
    quotes: tuple[Expected, ...]


def load_cases() -> tuple[Case, ...]:
    """All cases, in the order of the file."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return tuple(_case(json.loads(line)) for line in lines)


def _case(line: dict[str, object]) -> Case:
    quotes = line["quotes"]
    assert isinstance(quotes, list)
    return Case(str(line["kind"]), str(line["text"]), tuple(tuple(quote) for quote in quotes))
