"""The record of administrative acts: kept in order, told to those whom it concerns."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.audit import Act, Audit
from bot.ledger import Ledger, now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    ledger = Ledger(tmp_path / "ledger.db")
    yield Audit(ledger)
    ledger.close()


def act(what: str, server: str = "", collection: str = "main", minutes: int = 0) -> Act:
    platform = "discord" if server else "terminal"
    at = now() + timedelta(minutes=minutes)
    return Act(collection, what, "done", "x.md", platform, server, server, f"Ann {server}", at)


def test_acts_come_back_as_they_were_newest_first(audit: Audit) -> None:
    acts = [act("add", minutes=1), act("reindex", "s", minutes=2), act("rollback", minutes=2)]
    for one in acts:
        audit.add(one)
    assert audit.acts("main") == acts[::-1]
    assert audit.acts("main", limit=1) == acts[-1:]
    assert audit.acts("press") == []
    assert acts[0].as_json()["at"].endswith("Z")


def test_a_server_sees_what_others_did_to_the_corpus_but_not_who(audit: Audit) -> None:
    acts = [act("add", "a"), act("reindex", "b"), act("config", "b"), act("remove")]
    for one in acts:
        audit.add(one)
    audit.add(act("add", "a", "press"))
    seen = audit.acts_for("main", "discord", "a")
    assert [(one.what, one.name) for one in seen] == [
        ("remove", "Ann "),
        ("reindex", ""),
        ("add", "Ann a"),
    ]
    assert all("b" not in (one.who, one.server) for one in seen)
    assert seen[1].platform == "elsewhere"
