"""The record of administrative acts: who did what, where and when, and what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.database import make_tables
from bot.ledger import now

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ledger import Ledger

_tables = sa.MetaData()
_acts = sa.Table(
    "acts",
    _tables,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("collection", sa.String, nullable=False),
    sa.Column("platform", sa.String, nullable=False),
    sa.Column("server", sa.String, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("what", sa.String, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Index("acts_by_collection", "collection", "at"),
)

TERMINAL = "terminal"
SCHEDULE = "schedule"
ELSEWHERE = "elsewhere"
"""Platforms of acts that no chat platform names: the last for what another server did."""


@dataclass(frozen=True, slots=True)
class Act:
    """One administrative act.

    Attributes:
        collection: name of the corpus that it is about.
        what: the command, such as ``reindex`` or ``rollback``.
        result: what came of it, in a few words.
        details: what was asked for, such as the name of a file or version.
        platform: where it was done; ``terminal``, or ``schedule`` for the bot by itself.
        server: id of the server or workspace, empty for the terminal.
        who: id of the person there.
        name: as people know them.
        at: when, in UTC.
    """

    collection: str
    what: str
    result: str
    details: str = ""
    platform: str = TERMINAL
    server: str = ""
    who: str = ""
    name: str = ""
    at: datetime = field(default_factory=now)

    def as_json(self) -> dict[str, Any]:
        """What ``onrecord corpus history --json`` prints of it."""
        return {**asdict(self), "at": f"{self.at.isoformat(timespec='seconds')}Z"}


class Audit:
    """Keeps and finds acts, in the file of the ledger. Safe to share between threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._engine = ledger.engine
        make_tables(self._engine, _tables)

    def add(self, act: Act) -> None:
        """Keep ``act``. There is nothing that takes it away again."""
        with self._engine.begin() as connection:
            connection.execute(_acts.insert().values(asdict(act)))

    def acts(self, collection: str, limit: int = 20) -> list[Act]:
        """The last acts about a collection, newest first, wherever they were done."""
        return self._found(_acts.c.collection == collection, limit)

    def acts_for(self, collection: str, platform: str, server: str, limit: int = 20) -> list[Act]:
        """The same for the members of one server.

        They hear what was done to the corpus that they are answered from, but not by whom where
        that was in another server.
        """
        there = (_acts.c.platform == platform) & (_acts.c.server == server)
        about = _acts.c.what.not_like("config%")  # what another server wants is its own business
        found = self._found((_acts.c.collection == collection) & (there | about), limit)
        return [_without_name(act, platform, server) for act in found]

    def _found(self, which: sa.ColumnElement[bool], limit: int) -> list[Act]:
        newest = (_acts.c.at.desc(), _acts.c.number.desc())
        query = sa.select(_acts).where(which).order_by(*newest).limit(limit)
        with self._engine.connect() as connection:
            rows = [dict(row._mapping) for row in connection.execute(query)]
        return [Act(**{name: row[name] for name in row if name != "number"}) for row in rows]


def _without_name(act: Act, platform: str, server: str) -> Act:
    is_here = (act.platform, act.server) == (platform, server)
    if is_here or not act.server:
        return act
    return replace(act, who="", name="", server="", platform=ELSEWHERE)
