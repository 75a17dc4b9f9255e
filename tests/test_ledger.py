"""The ledger remembers who was shown which words, and forgets people who ask for it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.ledger import Deleted, Entry, Ledger, Sent, Wishes, now
from corpus.span import Span
from index.source import Shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "new" / "ledger.db")
    yield opened
    opened.close()


def _shown(number: int) -> Shown:
    return Shown(number, "article", "f" * 64, Span(number * 10, number * 10 + 5), number == 2)


_ENTRY = Entry(
    id="a1",
    platform="discord",
    server="s",
    channel="c",
    asker="ann",
    asked_in="m0",
    parent="",
    question="And she?",
    understood="And Oops?",
    answered=True,
    index_version="v1",
    at=now(),
    shown=(_shown(1), _shown(2)),
    more=(_shown(3),),
)


def _kept(ledger: Ledger, **changes: str) -> Entry:
    entry = replace(_ENTRY, **changes)  # type: ignore[arg-type]
    ledger.add(entry)
    ledger.sent(entry.id, [Sent(f"m-{entry.id}", "c", (1,)), Sent(f"n-{entry.id}", "c", (2,))])
    return entry


def test_an_entry_comes_back_as_it_was_and_knows_what_was_shown(ledger: Ledger) -> None:
    entry = _kept(ledger)
    assert ledger.get("a1") == entry
    assert ledger.of_message("discord", "n-a1") == entry
    assert ledger.of_message("slack", "n-a1") is None
    assert ledger.is_answered("discord", "m0")
    assert not ledger.is_answered("discord", "m1")


def test_an_entry_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    first = Ledger(path)
    entry = _kept(first)
    first.close()
    second = Ledger(path)
    assert second.get("a1") == entry
    second.close()
    assert path.stat().st_mode & 0o077 == 0


def test_an_answer_that_shows_nothing_is_kept_too(ledger: Ledger) -> None:
    ledger.add(replace(_ENTRY, shown=(), more=(), answered=False))
    kept = ledger.get("a1")
    assert kept is not None
    assert (kept.shown, kept.more, kept.answered) == ((), (), False)


def test_what_was_never_sent_or_is_forgotten_is_gone(ledger: Ledger) -> None:
    ledger.sent("unknown", [Sent("m", "c", ())])
    assert ledger.of_message("discord", "m") is None
    _kept(ledger)
    ledger.forget("a1")
    assert ledger.get("a1") is None
    assert ledger.of_message("discord", "m-a1") is None


def test_a_conversation_is_found_by_what_follows_what_and_by_place(ledger: Ledger) -> None:
    first = _kept(ledger)
    second = _kept(ledger, id="a2", parent="a1")
    third = _kept(ledger, id="a3", parent="a2")
    assert ledger.chain(third) == [first, second, third]
    ledger.forget("a1")
    assert ledger.chain(third) == [second, third]
    assert {entry.id for entry in ledger.in_channel("discord", "c")} == {"a2", "a3"}
    assert ledger.in_channel("discord", "elsewhere") == []


def test_a_conversation_may_be_limited_in_time_and_is_limited_in_length(ledger: Ledger) -> None:
    for number in range(14):
        at = now() - timedelta(minutes=14 - number)
        ledger.add(replace(_ENTRY, id=f"b{number}", at=at, parent=f"b{number - 1}"))
    assert [one.id for one in ledger.in_channel("discord", "c")] == [f"b{n}" for n in range(4, 14)]
    recent = ledger.in_channel("discord", "c", timedelta(minutes=3, seconds=30))
    assert [one.id for one in recent] == ["b11", "b12", "b13"]
    last = ledger.get("b13")
    assert last is not None
    assert len(ledger.chain(last)) == 10


def test_a_second_rating_takes_the_place_of_the_first(ledger: Ledger) -> None:
    _kept(ledger)
    assert ledger.rate("a1", "bob", helpful=True)
    assert ledger.rate("a1", "bob", helpful=False, reason="beside the question")
    assert ledger.rate("a1", "ann", helpful=True)
    assert ledger.ratings("a1") == [("bob", False, "beside the question"), ("ann", True, "")]
    assert not ledger.rate("unknown", "bob", helpful=True)


def test_deleting_a_person_leaves_nothing_of_them_and_all_of_others(
    ledger: Ledger, tmp_path: Path
) -> None:
    _kept(ledger)
    _kept(ledger, id="a2", asker="bob")
    _kept(ledger, id="a3", platform="slack")
    ledger.rate("a2", "ann", helpful=False, reason="no")
    ledger.rate("a1", "bob", helpful=True)
    assert ledger.delete_person("discord", "ann") == Deleted(1, 1)
    assert ledger.get("a1") is None
    assert ledger.get("a2") is not None
    assert ledger.get("a3") is not None
    with sqlite3.connect(tmp_path / "new" / "ledger.db") as raw:
        for table in ("messages", "shown", "feedback"):
            left = raw.execute(f"select count(*) from {table} where answer = 'a1'").fetchone()
            assert left == (0,), table
        assert raw.execute("select count(*) from feedback where member = 'ann'").fetchone() == (0,)
    raw.close()
    assert ledger.delete_person("discord", "ann") == Deleted(0, 0)


def test_what_a_server_wants_is_kept(ledger: Ledger) -> None:
    assert ledger.wishes("discord", "s") == Wishes()
    for wishes in (Wishes(("1", "2"), threads=True, admins="9"), Wishes()):
        ledger.wish("discord", "s", wishes)
        assert ledger.wishes("discord", "s") == wishes
    assert ledger.wishes("discord", "other") == Wishes()


def test_a_note_is_found_again_and_replaced(ledger: Ledger) -> None:
    assert ledger.fact("hash") == ""
    ledger.note("hash", "1")
    ledger.note("hash", "2")
    assert ledger.fact("hash") == "2"


def test_it_knows_when_it_last_answered_and_with_whom_it_talks_alone(ledger: Ledger) -> None:
    assert ledger.last_at("discord") is None
    assert ledger.direct_channels("discord", 9) == []
    for number in range(4):
        at = _ENTRY.at + timedelta(seconds=number)
        name, place = f"a{number}", f"d{number % 3}"
        ledger.add(replace(_ENTRY, id=name, server="", channel=place, at=at))
    later = _ENTRY.at + timedelta(hours=1)
    ledger.add(replace(_ENTRY, id="b", platform="slack", server="", channel="x", at=later))
    ledger.add(replace(_ENTRY, id="c"))
    assert ledger.last_at("discord") == _ENTRY.at + timedelta(seconds=3)
    assert ledger.direct_channels("discord", 9) == ["d0", "d2", "d1"]
    assert ledger.direct_channels("discord", 1) == ["d0"]
