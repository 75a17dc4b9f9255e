"""The one SQLite file of state under ONRECORD_HOME: opening it, and its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from pathlib import Path


def open_database(path: Path) -> sa.Engine:
    """The file at ``path``, made with its folder if there is none, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", _prepare)
    with engine.connect():
        path.chmod(0o600)
    return engine


def _prepare(connection: Any, _: object) -> None:
    for pragma in ("foreign_keys = on", "journal_mode = wal", "synchronous = normal"):
        connection.execute(f"pragma {pragma}")


def make_tables(engine: sa.Engine, tables: sa.MetaData) -> None:
    """Make the tables that there are not, and the columns that an earlier release had not."""
    tables.create_all(engine)
    there = sa.inspect(engine)
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            held = {column["name"] for column in there.get_columns(table.name)}
            for column in table.columns:
                if column.name not in held:
                    form = sa.schema.CreateColumn(column).compile(engine)
                    connection.execute(sa.text(f"alter table {table.name} add column {form}"))
