"""The ledger: which message showed which words, what was thought of it, what a server wants.

One SQLite file under ONRECORD_HOME. Words are kept as spans of articles, never as text; of people
only the questions they asked, their ratings, and under which id, until they delete it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bot.database import make_tables, open_database
from bot.settings import DEFAULT_COLLECTION
from corpus.span import Span
from index.source import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_tables = sa.MetaData()
_answers = sa.Table(
    "answers",
    _tables,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("platform", sa.String, nullable=False),
    sa.Column("server", sa.String, nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("asker", sa.String, nullable=False),
    sa.Column("asked_in", sa.String, nullable=False),
    sa.Column("parent", sa.String, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("understood", sa.Text, nullable=False),
    sa.Column("answered", sa.Boolean, nullable=False),
    sa.Column("index_version", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("collection", sa.String, nullable=False, server_default=DEFAULT_COLLECTION),
    sa.Column("lookup", sa.Text, nullable=False, server_default=""),
    sa.Column("private", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("answers_by_channel", "platform", "channel", "at"),
    sa.Index("answers_by_asker", "platform", "asker"),
    sa.Index("answers_by_question", "platform", "asked_in"),
)


def _answer(*, primary_key: bool) -> sa.Column[str]:
    """The answer that a row belongs to and goes with."""
    owner = sa.ForeignKey("answers.id", ondelete="CASCADE")
    return sa.Column("answer", sa.String, owner, primary_key=primary_key, nullable=False)


_messages = sa.Table(
    "messages",
    _tables,
    _answer(primary_key=False),
    sa.Column("message", sa.String, primary_key=True),
    sa.Column("channel", sa.String, nullable=False),
    sa.Index("messages_by_answer", "answer"),
)
_shown = sa.Table(
    "shown",
    _tables,
    _answer(primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("message", sa.String, nullable=False),
    sa.Column("article_id", sa.String, nullable=False),
    sa.Column("content_hash", sa.String, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("context", sa.Boolean, nullable=False),
    sa.Column("spoken", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("shown_by_article", "article_id"),
)
_feedback = sa.Table(
    "feedback",
    _tables,
    _answer(primary_key=True),
    sa.Column("member", sa.String, primary_key=True),
    sa.Column("helpful", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Index("feedback_by_member", "member"),
)
_servers = sa.Table(
    "servers",
    _tables,
    sa.Column("platform", sa.String, primary_key=True),
    sa.Column("server", sa.String, primary_key=True),
    sa.Column("wishes", sa.Text, nullable=False),
)
_facts = sa.Table(
    "facts",
    _tables,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
_deliveries = sa.Table(
    "deliveries",
    _tables,
    sa.Column("platform", sa.String, primary_key=True),
    sa.Column("delivery", sa.String, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
)
_REDELIVERED = timedelta(days=1)
"""How long a platform may take to report something again: Slack takes minutes."""

_REMEMBERED = 10
"""Exchanges of a conversation that are looked up: a follow-up refers to the last one or two."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer, as it is kept.

    Attributes:
        id: names the answer, for its buttons.
        platform: where it was asked.
        server: id of the server or workspace there, empty for a direct message.
        channel: id of the channel or thread that the answer stands in.
        asker: id of the person there.
        asked_in: id of the message or command that asked; answered once only.
        parent: id of the answer that this one follows up, empty if none.
        question: as it was asked.
        understood: as it was understood.
        answered: whether the articles answered it.
        index_version: the version that was asked.
        at: when, in UTC.
        shown: the words that were shown.
        more: further words, not shown, numbered on.
        collection: name of the corpus that was asked.
        lookup: the request for quotations that it answers, see ``bot.lookups``; empty for a
            question.
        private: whether only the person who asked sees it.
    """

    id: str
    platform: str
    server: str
    channel: str
    asker: str
    asked_in: str
    parent: str
    question: str
    understood: str
    answered: bool
    index_version: str
    at: datetime
    shown: tuple[Shown, ...] = ()
    more: tuple[Shown, ...] = ()
    collection: str = DEFAULT_COLLECTION
    lookup: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent for an answer.

    Attributes:
        message: its id on its platform.
        channel: id of the channel or thread that it stands in.
        numbers: the markers of the words it shows.
        pieces: its text in order, and of each piece whether it is an article's words.
        language: that it is in.
        ephemeral: whether one person sees it for a moment, so that nobody can reach it later.
    """

    message: str
    channel: str
    numbers: tuple[int, ...]
    pieces: tuple[tuple[str, bool], ...] = ()
    language: str = "en"
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """What those who manage a server want.

    Attributes:
        channels: ids of the channels to answer in; none for all.
        threads: whether answers go into threads.
        admins: id of the role that may run the corpus, empty for none.
        collection: name of the corpus that is answered from.
        blocked: id of the role whose members are not answered, empty for none.
        corrections: whether earlier answers are corrected when an article changes.
    """

    channels: tuple[str, ...] = ()
    threads: bool = False
    admins: str = ""
    collection: str = DEFAULT_COLLECTION
    blocked: str = ""
    corrections: bool = True


@dataclass(frozen=True, slots=True)
class Deleted:
    """How much was deleted of what was kept about a person."""

    answers: int
    feedback: int


class Ledger:
    """Keeps and finds entries. Synchronous; safe to share between threads.

    Args:
        path: the file, made with its folder if there is none.
    """

    def __init__(self, path: Path) -> None:
        self._engine = open_database(path)
        make_tables(self._engine, _tables)

    @property
    def engine(self) -> sa.Engine:
        """The open file, for what else is kept in it."""
        return self._engine

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def add(self, entry: Entry) -> None:
        """Keep ``entry``."""
        values = {name: getattr(entry, name) for name in _answers.columns.keys()}  # noqa: SIM118
        with self._engine.begin() as connection:
            connection.execute(_answers.insert().values(values))
            rows = [_row(entry.id, one) for one in (*entry.shown, *entry.more)]
            if rows:
                connection.execute(_shown.insert(), rows)

    def sent(self, answer: str, messages: Sequence[Sent]) -> None:
        """Keep in which messages ``answer`` was sent. Nothing happens if it is not kept itself."""
        with self._engine.begin() as connection:
            if not _exists(connection, answer):
                return
            for one in messages:
                place = {"message": one.message, "channel": one.channel}
                connection.execute(_messages.insert().values(answer=answer, **place))
                showing = (_shown.c.answer == answer) & _shown.c.number.in_(one.numbers)
                connection.execute(_shown.update().where(showing).values(message=one.message))

    def turn(self, answer: str, message: str, shown: Sequence[Shown]) -> None:
        """Keep that the message of an answer shows other words now."""
        with self._engine.begin() as connection:
            if not _exists(connection, answer):
                return
            connection.execute(_shown.delete().where(_shown.c.answer == answer))
            rows = [{**_row(answer, one), "message": message} for one in shown]
            if rows:
                connection.execute(_shown.insert(), rows)

    def forget(self, answer: str) -> None:
        """Keep ``answer`` no longer: it was never sent, or was taken back."""
        with self._engine.begin() as connection:
            connection.execute(_answers.delete().where(_answers.c.id == answer))

    def get(self, answer: str) -> Entry | None:
        """The entry of an answer."""
        return next(iter(self._entries(_answers.c.id == answer)), None)

    def last_message(self, answer: str) -> str:
        """The last of the messages in which an answer was sent; empty if there are none."""
        of_answer = sa.select(_messages.c.message).where(_messages.c.answer == answer)
        with self._engine.connect() as connection:
            rows = connection.execute(of_answer.order_by(sa.text("rowid"))).all()
        return rows[-1].message if rows else ""

    def of_message(self, platform: str, message: str) -> Entry | None:
        """The answer that a message shows a part of."""
        shows = sa.select(_messages.c.answer).where(_messages.c.message == message)
        return next(
            iter(self._entries((_answers.c.platform == platform) & _answers.c.id.in_(shows))), None
        )

    def is_answered(self, platform: str, asked_in: str) -> bool:
        """Whether the question in a message has an entry."""
        asked = (_answers.c.platform == platform) & (_answers.c.asked_in == asked_in)
        with self._engine.connect() as connection:
            return connection.execute(sa.select(_answers.c.id).where(asked)).first() is not None

    def direct_channels(self, platform: str, count: int) -> list[str]:
        """Ids of the channels in which a person and the bot talk alone, those used last first."""
        direct = (_answers.c.platform == platform) & (_answers.c.server == "")
        latest = sa.func.max(_answers.c.at).desc()
        query = sa.select(_answers.c.channel).where(direct).group_by(_answers.c.channel)
        with self._engine.connect() as connection:
            return list(connection.scalars(query.order_by(latest).limit(count)))

    def last_at(self, platform: str) -> datetime | None:
        """When the last answer was given, in UTC."""
        query = sa.select(sa.func.max(_answers.c.at)).where(_answers.c.platform == platform)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def chain(self, entry: Entry) -> list[Entry]:
        """``entry`` and those that it follows up, oldest first."""
        found = [entry]
        while found[-1].parent and len(found) < _REMEMBERED:
            before = self.get(found[-1].parent)
            if before is None:
                break
            found.append(before)
        return found[::-1]

    def in_channel(
        self, platform: str, channel: str, within: timedelta | None = None
    ) -> list[Entry]:
        """The last answers that all see in a channel or thread, oldest first."""
        there = (_answers.c.platform == platform) & (_answers.c.channel == channel)
        there &= ~_answers.c.private
        if within is not None:
            there &= _answers.c.at >= now() - within
        return self._entries(there)[::-1]

    def rate(self, answer: str, member: str, *, helpful: bool, reason: str = "") -> bool:
        """Keep what a member thinks of an answer, in place of what they thought before.

        Returns:
            Whether the answer is kept, so that there was something to rate.
        """
        told = {"helpful": helpful, "reason": reason, "at": now()}
        with self._engine.begin() as connection:
            if not _exists(connection, answer):
                return False
            added = insert(_feedback).values(answer=answer, member=member, **told)
            connection.execute(added.on_conflict_do_update(["answer", "member"], set_=told))
        return True

    def ratings(self, answer: str) -> list[tuple[str, bool, str]]:
        """Who thought what of an answer: member, whether it was helpful, reason."""
        columns = (_feedback.c.member, _feedback.c.helpful, _feedback.c.reason)
        query = sa.select(*columns).where(_feedback.c.answer == answer).order_by(_feedback.c.at)
        with self._engine.connect() as connection:
            return [(row.member, row.helpful, row.reason) for row in connection.execute(query)]

    def delete_person(self, platform: str, person: str) -> Deleted:
        """Delete all that is kept about somebody: their questions' entries and their ratings."""
        of_platform = sa.select(_answers.c.id).where(_answers.c.platform == platform)
        rated = (_feedback.c.member == person) & _feedback.c.answer.in_(of_platform)
        asked = (_answers.c.platform == platform) & (_answers.c.asker == person)
        with self._engine.begin() as connection:
            feedback = connection.execute(_feedback.delete().where(rated)).rowcount
            answers = connection.execute(_answers.delete().where(asked)).rowcount
        return Deleted(answers, feedback)

    def wishes(self, platform: str, server: str) -> Wishes:
        """What a server wants."""
        there = (_servers.c.platform == platform) & (_servers.c.server == server)
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(_servers.c.wishes).where(there)).first()
        if row is None:
            return Wishes()
        kept = json.loads(row.wishes)
        return Wishes(**{**kept, "channels": tuple(kept["channels"])})

    def wish(self, platform: str, server: str, wishes: Wishes) -> None:
        """Keep what a server wants, in place of what it wanted before."""
        told = {"wishes": json.dumps(asdict(wishes))}
        added = insert(_servers).values(platform=platform, server=server, **told)
        with self._engine.begin() as connection:
            connection.execute(added.on_conflict_do_update(["platform", "server"], set_=told))

    def is_handled(self, platform: str, delivery: str) -> bool:
        """Whether something that a platform reported, by its id, was dealt with."""
        known = (_deliveries.c.platform == platform) & (_deliveries.c.delivery == delivery)
        with self._engine.connect() as connection:
            return connection.execute(sa.select(_deliveries.c.at).where(known)).first() is not None

    def handled(self, platform: str, delivery: str) -> None:
        """Keep for a day that it was."""
        added = insert(_deliveries).values(platform=platform, delivery=delivery, at=now())
        with self._engine.begin() as connection:
            connection.execute(_deliveries.delete().where(_deliveries.c.at < now() - _REDELIVERED))
            connection.execute(added.on_conflict_do_nothing())

    def fact(self, name: str) -> str:
        """Something that the bot noted down for itself; empty if it did not."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(_facts.c.value).where(_facts.c.name == name)).first()
        return row.value if row else ""

    def note(self, name: str, value: str) -> None:
        """Note something down."""
        added = insert(_facts).values(name=name, value=value)
        with self._engine.begin() as connection:
            connection.execute(added.on_conflict_do_update(["name"], set_={"value": value}))

    def _entries(self, which: sa.ColumnElement[bool]) -> list[Entry]:
        """The last entries of some, the newest first."""
        query = sa.select(_answers).where(which).order_by(_answers.c.at.desc()).limit(_REMEMBERED)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            spans = connection.execute(
                sa.select(_shown)
                .where(_shown.c.answer.in_([row.id for row in rows]))
                .order_by(_shown.c.number)
            ).all()
        return [_entry(row, [one for one in spans if one.answer == row.id]) for row in rows]


def now() -> datetime:
    """The time in UTC, as it is kept: SQLite has no time zones."""
    return datetime.now(UTC).replace(tzinfo=None)


def _exists(connection: sa.Connection, answer: str) -> bool:
    query = sa.select(_answers.c.id).where(_answers.c.id == answer)
    return connection.execute(query).first() is not None


def _row(answer: str, one: Shown) -> dict[str, object]:
    return {
        "answer": answer,
        "number": one.number,
        "message": "",
        "article_id": one.article_id,
        "content_hash": one.content_hash,
        "start": one.span.start,
        "end": one.span.end,
        "context": one.context,
        "spoken": one.spoken,
    }


def shown_in(row: sa.Row[Any]) -> Shown:
    """The words that a row is about."""
    place = row.article_id, row.content_hash, Span(row.start, row.end)
    return Shown(row.number, *place, row.context, row.spoken)


def _entry(row: sa.Row[Any], spans: Iterable[sa.Row[Any]]) -> Entry:
    """The entry of a row. Words that no message shows are the ones that "More" would show."""
    shown: list[Shown] = []
    more: list[Shown] = []
    for one in spans:
        (shown if one.message else more).append(shown_in(one))
    return Entry(**row._mapping, shown=tuple(shown), more=tuple(more))
