"""Reading and writing what belongs together: revisions, and answers with their messages."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bot.corrections import records, tables
from bot.corrections.model import Given, State
from bot.ledger import _answers, _messages, _shown, shown_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.corrections.model import Message
    from corpus.article import Article


def revision(
    connection: sa.Connection, collection: str, article_id: str, content_hash: str
) -> Article | None:
    """A revision that is kept."""
    named = _named(collection, article_id, content_hash)
    found = connection.scalar(sa.select(tables.revisions.c.article).where(named))
    return records.article(json.loads(found)) if found else None


def is_kept(connection: sa.Connection, collection: str, article_id: str, content_hash: str) -> bool:
    """Whether a revision is kept, without reading it."""
    named = _named(collection, article_id, content_hash)
    return connection.scalar(sa.select(tables.revisions.c.collection).where(named)) is not None


def _named(collection: str, article_id: str, content_hash: str) -> sa.ColumnElement[bool]:
    key = {"collection": collection, "article_id": article_id, "content_hash": content_hash}
    return sa.and_(*(tables.revisions.c[name] == value for name, value in key.items()))


def archive(connection: sa.Connection, collection: str, articles: Iterable[Article]) -> None:
    """Keep revisions."""
    for article in articles:
        row = {"article_id": article.id, "content_hash": article.content_hash}
        row |= {"collection": collection, "article": json.dumps(asdict(article))}
        connection.execute(insert(tables.revisions).values(row).on_conflict_do_nothing())


def given(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Given]:
    """What is kept of some answers."""
    answers = connection.execute(sa.select(_answers).where(which)).all()
    ids = [row.id for row in answers]
    compared = connection.execute(_of(tables.compared, ids, "answer", "version"))
    versions = {row.answer: row.version for row in compared}
    shown = _by_answer(connection, _shown, ids)
    messages = _messages_of(connection, ids, shown)
    return [
        Given(
            id=row.id,
            platform=row.platform,
            server=row.server,
            collection=row.collection,
            version=versions.get(row.id, row.index_version),
            question=row.question,
            shown=tuple(map(shown_in, shown.get(row.id, ()))),
            messages=tuple(
                replace(one, ephemeral=one.ephemeral or row.private)
                for one in messages.get(row.id, ())
            ),
        )
        for row in answers
    ]


def _messages_of(
    connection: sa.Connection, answers: Sequence[str], shown: Mapping[str, Sequence[sa.Row[Any]]]
) -> dict[str, tuple[Message, ...]]:
    """The messages of some answers, which show the rows ``shown``."""
    looks = _by_answer(connection, tables.as_sent, answers)
    as_sent = {row.message: row for some in looks.values() for row in some}
    told: dict[str, dict[int, str]] = {}
    for row in connection.execute(_of(tables.told, answers)):
        told.setdefault(row.message, {})[row.number] = row.key
    state = tables.corrections.c.state == State.DELETED
    gone = set(connection.scalars(_of(tables.corrections, answers, "message").where(state)))
    return {
        answer: tuple(
            records.message(
                row,
                [one.number for one in shown.get(answer, ()) if one.message == row.message],
                as_sent.get(row.message),
                told.get(row.message, {}),
                deleted=row.message in gone,
            )
            for row in some
        )
        for answer, some in _by_answer(connection, _messages, answers).items()
    }


def _of(table: sa.Table, answers: Sequence[str], *columns: str) -> sa.Select[Any]:
    return sa.select(*[table.c[name] for name in columns or table.c.keys()]).where(
        table.c.answer.in_(answers)
    )


def _by_answer(
    connection: sa.Connection, table: sa.Table, answers: Sequence[str]
) -> dict[str, list[sa.Row[Any]]]:
    found: dict[str, list[sa.Row[Any]]] = {}
    for row in connection.execute(_of(table, answers).order_by(*table.primary_key)):
        found.setdefault(row.answer, []).append(row)
    return found
