"""What the ledger keeps for corrections: revisions that were shown, and what was told of them.

Articles' words are kept by revision, once, so that an answer can be corrected after the version
that it came from is gone. All that belongs to an answer goes with it.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bot.corrections import layouts, records, stored, tables
from bot.corrections.model import OPEN, Given, State
from bot.database import make_tables
from bot.ledger import _answers, _messages, _shown, _tables, now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from bot.corrections.model import Fate, Planned, Summary, Task
    from bot.ledger import Entry, Ledger, Sent
    from corpus.article import Article
    from index.source import Shown

_STILL_OPEN = [*OPEN, State.OFF]
"""States of corrections that may still be told."""


class CorrectionLedger:
    """Keeps and finds, in the file of the ledger. Safe to share between threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._engine = ledger.engine
        make_tables(self._engine, _tables)

    # While an answer is given

    def missing(self, entry: Entry) -> list[Shown]:
        """One of the words of each revision that ``entry`` shows and that is not kept yet."""
        wanted = {(one.article_id, one.content_hash): one for one in (*entry.shown, *entry.more)}
        with self._engine.connect() as connection:
            return [
                one
                for one in wanted.values()
                if not stored.is_kept(connection, entry.collection, *_named(one))
            ]

    def remember(self, entry: Entry, articles: Iterable[Article]) -> None:
        """Keep the revisions of ``entry``, and which version it comes from."""
        with self._engine.begin() as connection:
            stored.archive(connection, entry.collection, articles)
            row = {"answer": entry.id, "platform": entry.platform}
            row |= {"collection": entry.collection, "version": entry.index_version}
            connection.execute(insert(tables.compared).values(row).on_conflict_do_nothing())

    def sent(self, answer: str, messages: Sequence[Sent]) -> None:
        """Keep how the messages of an answer looked; of one that is not kept, nothing."""
        with self._engine.begin() as connection:
            given = stored.given(connection, _answers.c.id == answer)
            if not given or not messages:
                return
            texts = _texts(connection, given[0])
            for one, layout in zip(messages, layouts.layouts(messages, texts), strict=True):
                row = {"answer": answer, "message": one.message, "ephemeral": one.ephemeral}
                look = {"language": one.language, "layout": layouts.written(layout)}
                added = insert(tables.as_sent).values(row | look)
                connection.execute(added.on_conflict_do_update(["message"], set_=look))

    def turned(
        self, entry: Entry, message: str, articles: Iterable[Article], sent: Sent | None
    ) -> None:
        """Keep that a message shows other words: what was told of those before is past.

        Args:
            entry: the answer, with what it shows now.
            message: id of the message.
            articles: the revisions that it shows now, as far as they were not kept.
            sent: how the message looks now; ``None`` if nobody knows.
        """
        with self._engine.begin() as connection:
            looks = tables.as_sent.c.message == message
            connection.execute(tables.as_sent.update().where(looks).values(layout=""))
            connection.execute(tables.told.delete().where(tables.told.c.message == message))
            past = tables.corrections.c.message == message
            past &= tables.corrections.c.state.in_(_STILL_OPEN)
            superseded = tables.corrections.update().where(past)
            connection.execute(superseded.values(state=State.SUPERSEDED.value))
            stored.archive(connection, entry.collection, articles)
            # The words may come from another version than the answer was compared with.
            anew = tables.compared.update().where(tables.compared.c.answer == entry.id)
            connection.execute(anew.values(version=""))
        if sent is not None:
            self.sent(entry.id, [sent])

    def sent_privately(self, answer: str, messages: Sequence[Sent]) -> None:
        """Keep messages with further words of an answer that only one person sees."""
        with self._engine.begin() as connection:
            if stored.given(connection, _answers.c.id == answer):
                for one in messages:
                    row = {"answer": answer, "message": one.message, "channel": one.channel}
                    connection.execute(insert(_messages).values(row).on_conflict_do_nothing())
        self.sent(answer, messages)

    # When a version comes

    def adopt(self, platform: str, collection: str) -> None:
        """Take in answers of which it is not known that they were ever compared."""
        ours = (_answers.c.platform == platform) & (_answers.c.collection == collection)
        known = sa.exists().where(tables.compared.c.answer == _answers.c.id)
        columns = (_answers.c.id, _answers.c.platform, _answers.c.collection)
        unknown = sa.select(*columns, _answers.c.index_version).where(ours & ~known)
        names = ["answer", "platform", "collection", "version"]
        with self._engine.begin() as connection:
            connection.execute(tables.compared.insert().from_select(names, unknown))

    def outdated(
        self, platform: str, collection: str, version: str, standing: Mapping[str, str]
    ) -> list[str]:
        """Ids of answers that are still to be compared with a version, the newest first.

        Those that show nothing but revisions which still stand are noted as compared at once.

        Args:
            platform: where they were given.
            collection: the corpus.
            version: its version.
            standing: the content hash of each article of that version, by its id.
        """
        with self._engine.begin() as connection:
            others = (tables.compared.c.version < version) | (tables.compared.c.version > version)
            of_ours = (tables.compared.c.platform == platform) & (
                tables.compared.c.collection == collection
            )
            sent = tables.compared.c.answer.in_(sa.select(_messages.c.answer))
            outdated = of_ours & others & sent
            if (
                connection.execute(sa.select(tables.compared.c.answer).where(outdated)).first()
                is None
            ):
                return []
            touched = tables.compared.c.answer.in_(_affected(connection, standing))
            rest = tables.compared.update().where(outdated & ~touched).values(version=version)
            connection.execute(rest)
            found = sa.select(tables.compared.c.answer).join(_answers).where(outdated)
            return list(connection.scalars(found.order_by(_answers.c.at.desc())))

    def affected(self, collection: str, standing: Mapping[str, str]) -> list[str]:
        """Ids of the answers that may have to be corrected for such a version, newest first."""
        with self._engine.begin() as connection:
            found = sa.select(_answers.c.id).where(
                (_answers.c.collection == collection)
                & _answers.c.id.in_(sa.select(_messages.c.answer))
                & _answers.c.id.in_(_affected(connection, standing))
            )
            return list(connection.scalars(found.order_by(_answers.c.at.desc())))

    def given(self, answers: Sequence[str]) -> list[Given]:
        """What is kept of some answers, in the same order."""
        with self._engine.connect() as connection:
            found = {one.id: one for one in stored.given(connection, _answers.c.id.in_(answers))}
        return [found[one] for one in answers if one in found]

    def article(self, collection: str, article_id: str, content_hash: str) -> Article | None:
        """A revision that was kept."""
        with self._engine.connect() as connection:
            return stored.revision(connection, collection, article_id, content_hash)

    def keep(self, collection: str, articles: Iterable[Article]) -> None:
        """Keep revisions."""
        with self._engine.begin() as connection:
            stored.archive(connection, collection, articles)

    def plan(
        self, given: Given, version: str, moved: Iterable[Shown], planned: Sequence[Planned]
    ) -> bool:
        """Note what comparing an answer with a version brought, all at once or not at all.

        What was still to be told of earlier versions is not told any more.

        Args:
            given: the answer, as it was compared.
            version: the version.
            moved: its words that still stand, where they stand now.
            planned: what is to be told.

        Returns:
            Whether it was noted; not if somebody else did or the answer is gone.
        """
        with self._engine.begin() as connection:
            same = (tables.compared.c.answer == given.id) & (
                tables.compared.c.version == given.version
            )
            noted = tables.compared.update().where(same).values(version=version)
            if not connection.execute(noted).rowcount:
                return False
            for one in moved:
                row = (_shown.c.answer == given.id) & (_shown.c.number == one.number)
                connection.execute(_shown.update().where(row).values(records.place(one)))
            superseded = (tables.corrections.c.answer == given.id) & tables.corrections.c.state.in_(
                _STILL_OPEN
            )
            connection.execute(
                tables.corrections.update().where(superseded).values(state=State.SUPERSEDED.value)
            )
            if planned:
                number = _round(connection, given, version)
                for plan in planned:
                    _add(connection, given, plan, number)
        return True

    # While corrections are told

    def next(self, platform: str, at: datetime) -> Task | None:
        """The correction to tell now, those of the newest answers first."""
        which = tables.corrections.c.state.in_(OPEN) & (tables.corrections.c.due <= at)
        found = self._tasks((_answers.c.platform == platform) & which, 1)
        return found[0] if found else None

    def note(self, task: Task, state: State, reason: str = "") -> None:
        """Note how far a correction is, and what its message tells now."""
        change = tables.corrections.update().where(_row(task))
        with self._engine.begin() as connection:
            connection.execute(change.values(state=state.value, reason=reason))
            if state not in _STILL_OPEN:
                _tell(connection, task.given.id, task.message.id, task.fates)

    def claim(self, task: Task, time: timedelta) -> bool:
        """Take on a reply, for some time. Returns whether nobody else has since it was read."""
        unchanged = (tables.corrections.c.state == task.state) & (
            tables.corrections.c.due == task.due
        )
        values = {"state": State.REPLYING.value, "due": now() + time}
        taken = tables.corrections.update().where(_row(task) & unchanged).values(values)
        with self._engine.begin() as connection:
            return bool(connection.execute(taken).rowcount)

    def release(self, task: Task) -> None:
        """Let a reply be told by whoever comes first: it was taken on and is not told."""
        values = {"state": task.state.value, "due": now()}
        with self._engine.begin() as connection:
            connection.execute(tables.corrections.update().where(_row(task)).values(values))

    def put_off(self, task: Task, reason: str, wait: timedelta) -> None:
        """Note that a correction failed and is to be tried again after some time."""
        values = {"reason": reason, "due": now() + wait, "tries": task.tries + 1}
        with self._engine.begin() as connection:
            connection.execute(tables.corrections.update().where(_row(task)).values(values))

    def switch_on(self, platform: str, server: str) -> int:
        """Tell what was not told because a server did not want it. Returns how much that is."""
        there = (_answers.c.platform == platform) & (_answers.c.server == server)
        answers = sa.select(_answers.c.id).where(there)
        off = tables.corrections.c.answer.in_(answers) & (tables.corrections.c.state == State.OFF)
        again = tables.corrections.update().where(off).values(state=State.PENDING.value, reason="")
        with self._engine.begin() as connection:
            return connection.execute(again).rowcount

    def sweep(self) -> None:
        """Drop the revisions that no answer shows any more."""
        same = [
            _shown.c[name] == tables.revisions.c[name] for name in ("article_id", "content_hash")
        ]
        used = sa.exists().where(*same)
        waiting = sa.exists().where(tables.corrections.c.state.in_(_STILL_OPEN))
        with self._engine.begin() as connection:
            connection.execute(tables.revisions.delete().where(~used & ~waiting))

    # For people

    def tasks(
        self, collection: str, limit: int, platform: str = "", server: str | None = None
    ) -> list[Task]:
        """The last corrections of a corpus, of all states but the superseded."""
        which = (_answers.c.collection == collection) & _at(platform, server)
        return self._tasks(
            which & (tables.corrections.c.state != State.SUPERSEDED), limit, newest=True
        )

    def summaries(
        self, collection: str, platform: str = "", server: str | None = None, limit: int = 1
    ) -> list[Summary]:
        """How the corrections after the last versions that needed some stand, newest first.

        Args:
            collection: the corpus.
            platform: count only what was told there, all platforms if empty.
            server: count only what was told there, all servers if ``None``.
            limit: how many versions.
        """
        columns = (
            tables.rounds.c.version,
            tables.rounds.c.at,
            tables.rounds.c.id,
            tables.corrections.c.answer,
        )
        query = (
            sa.select(*columns, tables.corrections.c.state)
            .select_from(tables.corrections.join(_answers).join(tables.rounds))
            .where((_answers.c.collection == collection) & _at(platform, server))
            .where(tables.corrections.c.state != State.SUPERSEDED)
            .order_by(tables.rounds.c.id.desc())
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        versions = [list(some) for _, some in groupby(rows, lambda row: row.version)]
        return [records.summary(some) for some in versions[:limit]]

    def _tasks(
        self, which: sa.ColumnElement[bool], limit: int, *, newest: bool = False
    ) -> list[Task]:
        order = [_answers.c.at.desc(), tables.corrections.c.message]
        query = (
            sa.select(tables.corrections, tables.rounds.c.version, tables.rounds.c.at)
            .select_from(tables.corrections.join(_answers).join(tables.rounds))
            .where(which)
            .order_by(*([tables.rounds.c.id.desc()] if newest else []), *order)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            ids = {row.answer for row in rows}
            given = {one.id: one for one in stored.given(connection, _answers.c.id.in_(ids))}
        return [records.task(row, given[row.answer]) for row in rows]


def _affected(connection: sa.Connection, standing: Mapping[str, str]) -> sa.Select[tuple[str]]:
    """The answers that show other revisions than ``standing``, or of which something was told."""
    tables.now_standing.create(connection, checkfirst=True)
    connection.execute(tables.now_standing.delete())
    rows = [{"article_id": one, "content_hash": digest} for one, digest in standing.items()]
    if rows:
        connection.execute(tables.now_standing.insert(), rows)
    same = [
        tables.now_standing.c[name] == _shown.c[name] for name in ("article_id", "content_hash")
    ]
    changed = sa.select(_shown.c.answer).where(~sa.exists().where(*same))
    waiting = sa.select(tables.corrections.c.answer).where(
        tables.corrections.c.state.in_(_STILL_OPEN)
    )
    return sa.select(
        sa.union(changed, sa.select(tables.told.c.answer), waiting).subquery().c.answer
    )


def _row(task: Task) -> sa.ColumnElement[bool]:
    row = tables.corrections.c.answer == task.given.id
    row &= tables.corrections.c.message == task.message.id
    return row & (tables.corrections.c.round == task.round)


def _named(one: Shown) -> tuple[str, str]:
    return one.article_id, one.content_hash


def _texts(connection: sa.Connection, given: Given) -> dict[int, str]:
    """The cited words of an answer by their markers."""
    found = {}
    for one in given.shown:
        article = stored.revision(connection, given.collection, *_named(one))
        if article is not None:
            found[one.number] = one.span.of(article.text)
    return found


def _round(connection: sa.Connection, given: Given, version: str) -> int:
    """The number of the round for a version: the last one, or a new one."""
    ours = (tables.rounds.c.platform == given.platform) & (
        tables.rounds.c.collection == given.collection
    )
    last = connection.execute(
        sa.select(tables.rounds).where(ours).order_by(tables.rounds.c.id.desc()).limit(1)
    ).first()
    if last is not None and last.version == version:
        return int(last.id)
    row = {"platform": given.platform, "collection": given.collection}
    row |= {"version": version, "at": now()}  # type: ignore[dict-item]
    (number,) = connection.execute(tables.rounds.insert().values(row)).inserted_primary_key or (0,)
    return int(number)


def _add(connection: sa.Connection, given: Given, plan: Planned, number: int) -> None:
    values = {
        "state": plan.state.value,
        "changes": records.fates_written(plan.fates),
        "tries": 0,
        "due": now(),
        "reason": plan.reason,
    }
    row = {"answer": given.id, "message": plan.message.id, "round": number}
    added = insert(tables.corrections).values(**row, **values)
    connection.execute(added.on_conflict_do_update(["answer", "message", "round"], set_=values))
    if plan.state not in _STILL_OPEN:
        _tell(connection, given.id, plan.message.id, plan.fates)


def _tell(connection: sa.Connection, answer: str, message: str, fates: Mapping[int, Fate]) -> None:
    """Note what a message tells now."""
    for number, fate in fates.items():
        row = {"answer": answer, "message": message, "number": number, "key": fate.key}
        told = insert(tables.told).values(row)
        key = ["answer", "message", "number"]
        connection.execute(told.on_conflict_do_update(key, set_={"key": fate.key}))


def _at(platform: str, server: str | None) -> sa.ColumnElement[bool]:
    there = sa.true() if not platform else _answers.c.platform == platform
    return there if server is None else there & (_answers.c.server == server)
