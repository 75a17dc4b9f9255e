"""The quotations of one index version and who said them, in one file, read one at a time."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from weakref import finalize

from corpus.quotes import Person, Quote, Reading
from corpus.span import Span
from corpus.speakers import Speaker
from index.store import ReadOnlyFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

QUOTES = "quotes.db"
_AT_ONCE = 500  # rows asked for in one query: SQLite takes no query with any number of values
_SCHEMA = """
    create table speakers (
        number integer primary key, id text not null unique, name text not null,
        aliases text not null, roles text not null, quotes integer not null, articles text not null
    );
    create table quotes (
        row integer primary key, article text not null, content_hash text not null,
        utterance integer not null, speaker text not null, data text not null
    );
    create index by_speaker on quotes (speaker, row);
    create index by_article on quotes (article, row);
    create index by_utterance on quotes (utterance, row);
    create table spoken (row integer primary key, keys text not null);
    create table readings (key blob primary key, value text not null) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Nested:
    """A quotation inside another; its spans count in the same article."""

    span: Span
    speaker: str | None
    cue: str
    children: tuple[Nested, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation of the corpus. All spans count in the text of ``article_id``.

    Attributes:
        row: its number in this version, in the order of articles and of reading.
        article_id: where it stands.
        content_hash: of the text that the spans count in.
        span: its words, without the marks.
        sentence: the sentences that hold it.
        speaker: the speaker's fullest name in the corpus, or the words for an unnamed one ("the
            company"); ``None`` where the article does not make it clear.
        speaker_id: ``Speaker.id``; empty for an open or unnamed speaker.
        candidates: names of those who may have said it, best first, where the speaker is open.
        attribution: the words that attribute it ("she"); ``None`` where no words do.
        cue: the words that report it, or "".
        addressee: to whom or where it was said, as the article states it.
        utterance: row of the first part of its utterance; all parts share it.
        part: number of this part, from 0.
        parts: how many parts the utterance has.
        truncated: whether the article ends before the quotation does.
        rule: which rule found the speaker.
        confidence: how often that rule is right, 0 to 1.
        children: quotations inside it.
    """

    row: int
    article_id: str
    content_hash: str
    span: Span
    sentence: Span
    speaker: str | None
    speaker_id: str
    candidates: tuple[str, ...]
    attribution: Span | None
    cue: str
    addressee: str | None
    utterance: int
    part: int
    parts: int
    truncated: bool
    rule: str
    confidence: float
    children: tuple[Nested, ...]


def write(
    path: Path,
    speakers: Iterable[Speaker],
    quotations: Iterable[Quotation],
    spoken: Mapping[int, Sequence[str]],
    readings: Mapping[bytes, Reading],
) -> None:
    """Write a new file at ``path``.

    Args:
        path: of the file.
        speakers: most quoted first, the order in which they are read again.
        quotations: by ``row``.
        spoken: the keys of the words of each utterance, by the row of its first part.
        readings: what was read of each article, by key, for the build after this one.
    """
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("pragma journal_mode = off")
        database.executescript(_SCHEMA)
        database.executemany(
            "insert into speakers (id, name, aliases, roles, quotes, articles) "
            "values (?, ?, ?, ?, ?, ?)",
            map(_speaker_row, speakers),
        )
        database.executemany(
            "insert into quotes values (?, ?, ?, ?, ?, ?)", map(_quote_row, quotations)
        )
        database.executemany(
            "insert into spoken values (?, ?)",
            ((row, " ".join(keys)) for row, keys in spoken.items()),
        )
        database.executemany(
            "insert into readings values (?, ?)",
            ((key, json.dumps(asdict(reading))) for key, reading in readings.items()),
        )


def _speaker_row(speaker: Speaker) -> tuple[Any, ...]:
    return (
        speaker.id,
        speaker.name,
        json.dumps(speaker.aliases),
        json.dumps(speaker.roles),
        speaker.quotes,
        json.dumps(speaker.articles),
    )


def _quote_row(one: Quotation) -> tuple[Any, ...]:
    data = asdict(one)
    keys = ("row", "article_id", "content_hash", "utterance", "speaker_id")
    return (*(data.pop(key) for key in keys), json.dumps(data))


class QuoteStore:
    """Reads quotations by number. Safe to share between threads.

    Attributes:
        speakers: the named speakers, most quoted first.
        close: closes the file.

    Raises:
        DamagedIndexError: if the file is missing or broken; also from each method.
    """

    def __init__(self, path: Path) -> None:
        self._file = ReadOnlyFile(path)
        rows = self._file.select(
            "select id, name, aliases, roles, quotes, articles from speakers order by number"
        )
        self.speakers = tuple(map(_speaker, rows))
        self._size = int(self._file.select("select count(*) from quotes")[0][0])
        # Closed with the last one who holds this, if not before.
        self.close = finalize(self, self._file.close)

    def __len__(self) -> int:
        """Number of quotations."""
        return self._size

    def get(self, rows: Sequence[int]) -> tuple[Quotation, ...]:
        """The quotations with these numbers, in this order."""
        found: dict[int, Quotation] = {}
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            found |= {one.row: one for one in self._where(f"row in {_marks(some)}", *some)}
        return tuple(found[row] for row in rows)

    def utterance(self, row: int) -> tuple[Quotation, ...]:
        """The parts of the utterance that begins with ``row``."""
        return self._where("utterance = ?", row)

    def spoken(self, rows: Sequence[int]) -> dict[int, str]:
        """The keys of the words of the utterances that begin with ``rows``, a space between."""
        query = f"select row, keys from spoken where row in {_marks(rows)}"  # noqa: S608 - marks
        found = self._file.select(query, *rows)
        return dict(found)

    def utterances(self, rows: Sequence[int]) -> list[int]:
        """The utterance of each of ``rows``, in their order, each once."""
        query = f"select row, utterance from quotes where row in {_marks(rows)}"  # noqa: S608
        found = dict(self._file.select(query, *rows))
        return list(dict.fromkeys(found[row] for row in rows))

    def of_article(self, article_id: str) -> tuple[Quotation, ...]:
        """The quotations of an article in reading order."""
        return self._where("article = ?", article_id)

    def rows(self, speaker_id: str | None = None, article_id: str | None = None) -> list[int]:
        """The numbers of all quotations of a speaker, in an article, or of both, ascending."""
        tests = {"speaker": speaker_id, "article": article_id}
        given = {name: value for name, value in tests.items() if value is not None}
        if not given:
            return list(range(self._size))
        where = " and ".join(f"{name} = ?" for name in given)
        found = self._file.select(
            f"select row from quotes where {where} order by row",  # noqa: S608 - names above
            *given.values(),
        )
        return [int(row) for (row,) in found]

    def readings(self, keys: Iterable[bytes]) -> Iterator[tuple[bytes, Reading]]:
        """What was read under those of ``keys`` that are known."""
        for key in keys:
            for (value,) in self._file.select("select value from readings where key = ?", key):
                yield key, _reading(json.loads(value))

    def _where(self, test: str, *values: object) -> tuple[Quotation, ...]:
        query = (
            "select row, article, content_hash, utterance, speaker, data "  # noqa: S608 - tests
            f"from quotes where {test} order by row"
        )
        return tuple(map(_quotation, self._file.select(query, *values)))


def _marks(values: Sequence[object]) -> str:
    return f"({', '.join('?' * len(values))})"


def _speaker(row: tuple[Any, ...]) -> Speaker:
    id_, name, aliases, roles, quotes, articles = row
    return Speaker(
        id=id_,
        name=name,
        aliases=tuple(json.loads(aliases)),
        roles=tuple(json.loads(roles)),
        quotes=quotes,
        articles=tuple(json.loads(articles)),
    )


def _quotation(row: tuple[Any, ...]) -> Quotation:
    number, article, content_hash, utterance, speaker_id, data = row
    values = json.loads(data)
    for name in ("span", "sentence", "attribution"):
        values[name] = _span(values[name])
    values["candidates"] = tuple(values["candidates"])
    values["children"] = tuple(map(_nested, values["children"]))
    return Quotation(number, article, content_hash, utterance=utterance, speaker_id=speaker_id,
                     **values)  # fmt: skip


def _nested(values: dict[str, Any]) -> Nested:
    children = tuple(map(_nested, values["children"]))
    return Nested(Span(**values["span"]), values["speaker"], values["cue"], children)


def _span(values: dict[str, int] | None) -> Span | None:
    return None if values is None else Span(**values)


def _reading(values: dict[str, Any]) -> Reading:
    return Reading(tuple(map(_quote, values["quotes"])), tuple(map(_person, values["speakers"])))


def _quote(values: dict[str, Any]) -> Quote:
    spans = {name: _span(values[name]) for name in ("span", "speaker_span")}
    lists = {
        "children": tuple(map(_quote, values["children"])),
        "candidates": tuple(values["candidates"]),
    }
    return Quote(**(values | spans | lists))


def _person(values: dict[str, Any]) -> Person:
    return Person(**(values | {name: tuple(values[name]) for name in ("aliases", "roles")}))
