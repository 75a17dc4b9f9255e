"""The folder of articles as it is kept: files, originals, earlier revisions, and what was done.

Hidden folders, which the loader does not read, hold what is no article: ``.originals/`` the files
as they came, by their hash; ``.revisions/`` what was replaced or removed; ``.history.jsonl`` every
act. All of it is plain files, fit for git; nothing is ever deleted.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from corpus.intake.catalogue import Known, catalogue
from corpus.intake.history import Act, Event, append_event, read_events
from corpus.intake.locking import ShelfError, locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


ORIGINALS = ".originals"
REVISIONS = ".revisions"
_LONGEST_NAME = 80
_IGNORED = ".lock\n.known.json*\n.writing-*\n"
"""What git is told to leave alone; all else in the folder is fit for it."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:$|\.)", re.IGNORECASE)


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class Shelf:
    """One folder of articles; what changes it is called inside of ``locked``.

    Args:
        folder: is made where it is missing.
        now: tells the time.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime] = utc_now) -> None:
        self.folder = folder
        self.now = now
        self._events: list[Event] | None = None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one to change the folder.

        Raises:
            ShelfError: if somebody else goes on doing so.
        """
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            (self.folder / ".gitignore").write_text(_IGNORED, "utf-8")
        with locked(self.folder, "the articles"):
            self._events = read_events(self.folder)
            try:
                yield
            finally:
                self._events = None

    def articles(self) -> dict[str, Known]:
        """All articles by their ids; what cannot be read is left out."""
        return catalogue(self.folder)

    def history(self, article_id: str | None = None) -> list[Event]:
        """What was done, oldest first: to one article, or to all."""
        events = read_events(self.folder) if self._events is None else self._events
        return [event for event in events if article_id in (None, event.id)]

    def last_written(self, article_id: str) -> Event | None:
        """How the article was last taken in or brought back."""
        events = self.history(article_id)
        return next((event for event in reversed(events) if event.act is not Act.REMOVED), None)

    def path_of(self, article: Known) -> Path:
        """The file of an article that ``articles`` gave."""
        return self.folder / article.source

    def was_edited(self, article: Known) -> bool:
        """Whether somebody edited its file since it was taken in; unknown counts as not."""
        last = self.last_written(article.id)
        if last is None or not last.written:
            return False
        return last.written != sha256(self.path_of(article).read_bytes())

    def free_file(self, title: str, ids: Iterable[str]) -> str:
        """A name for the file of a new article, that no file and no id has."""
        stem = file_stem(title)
        used = {path.name.casefold() for path in self.folder.glob("*.md")}
        used |= {f"{article_id}.md" for article_id in ids}
        numbered = (f"{stem}.md" if n == 1 else f"{stem}-{n}.md" for n in range(1, 10**6))
        return next(name for name in numbered if name not in used)

    def keep_original(self, data: bytes, name: str) -> str:
        """Keep a file as it came; gives its path below the folder."""
        place = f"{ORIGINALS}/{sha256(data)[:16]}/{safe_name(name)}"
        if not (self.folder / place).exists():
            self._write(place, data)
        return place

    def put(self, event: Event, markdown: str, replaces: str = "") -> Event:
        """Write the file of an article that came in.

        Args:
            event: of its coming in.
            markdown: what to write.
            replaces: the file that it takes the place of, which is kept as a revision.
        """
        data = markdown.encode()
        kept = self._keep_revision(replaces) if replaces else ""
        self._write(event.file, data)
        if replaces and replaces != event.file:
            self._inside(replaces).unlink()
        return self._note(event, revision=kept, written=sha256(data))

    def remove(self, article: Known, who: str) -> Event:
        """Take an article out of the folder; it can be brought back with ``restore``."""
        kept = self._keep_revision(article.source)
        self.path_of(article).unlink()
        event = self.event(Act.REMOVED, article.id, article.source, article.title, who)
        return self._note(event, revision=kept)

    def restore(self, article_id: str, who: str, revision: str = "") -> Event:
        """Bring an article back as it was before it was last removed or changed, or earlier.

        Args:
            article_id: of an article that is or was in the folder.
            who: does it.
            revision: a path as the history gives it; empty for the last one.

        Raises:
            ShelfError: if there is no such revision.
        """
        kept = [event for event in self.history(article_id) if event.revision]
        wanted = [event for event in kept if revision in ("", event.revision)]
        if not wanted:
            which = f"revision {revision!r}" if kept else "earlier revision"
            raise ShelfError(
                f"there is no {which} of {article_id!r}; `onrecord corpus history` lists all"
            )
        event = wanted[-1]
        data = self._inside(event.revision).read_bytes()
        replaced = self._keep_revision(event.file)
        self._write(event.file, data)
        came = self._came(event)
        back = self.event(Act.RESTORED, article_id, event.file, came.title, who)
        back = replace(back, source=came.source, original=came.original, text=came.text)
        return self._note(back, revision=replaced, written=sha256(data))

    def _came(self, event: Event) -> Event:
        """How the file came in that ``event`` replaced or removed."""
        events = self.history(event.id)
        before = events[: events.index(event)]
        return next((one for one in reversed(before) if one.act is not Act.REMOVED), event)

    def event(self, act: Act, article_id: str, file: str, title: str, who: str) -> Event:
        """An act of now, not yet noted."""
        at = self.now().isoformat(timespec="seconds")
        return Event(at, act, article_id, file, title, who)

    def _note(self, event: Event, revision: str, written: str = "") -> Event:
        noted = replace(event, revision=revision, written=written)
        append_event(self.folder, noted)
        if self._events is not None:
            self._events.append(noted)
        return noted

    def _keep_revision(self, file: str) -> str:
        """Copy what is in ``file`` to the revisions; gives where, or nothing if there is none."""
        path = self._inside(file)
        if not path.is_file():
            return ""
        place = PurePosixPath(REVISIONS) / PurePosixPath(file).with_suffix("")
        numbers = (self.folder / place).glob("*.*") if (self.folder / place).is_dir() else ()
        last = max((int(one.stem) for one in numbers if one.stem.isdecimal()), default=0)
        kept = f"{place}/{last + 1:04}{path.suffix}"
        self._write(kept, path.read_bytes())
        return kept

    def _inside(self, place: str) -> Path:
        """The path of ``place``, which a history edited by hand might name anything."""
        path = self.folder / place
        if not path.parent.resolve().is_relative_to(self.folder.resolve()):
            raise ShelfError(f"{place!r} is outside of the folder of articles; nothing was done")
        return path

    def _write(self, place: str, data: bytes) -> None:
        """Write a file whole or not at all."""
        target = self._inside(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def sha256(data: bytes) -> str:
    """SHA-256 of ``data``, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def file_stem(title: str) -> str:
    """A file's name without extension from a title: words and hyphens, the same on all systems."""
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", title.replace("ß", "ss")).casefold()
        if not unicodedata.combining(char)
    )
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", re.sub("['’]", "", plain))).strip(
        "-"
    )
    stem = words if len(words.encode()) <= _LONGEST_NAME else _cut(words)
    return f"article-{stem}" if not stem or _RESERVED.match(stem) else stem


def _cut(words: str) -> str:
    """At most ``_LONGEST_NAME`` bytes, whole words where there are any."""
    short = words.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
    return short.rpartition("-")[0] or short


def safe_name(name: str) -> str:
    """The last part of a file's name with nothing in it that leads elsewhere or is odd."""
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, suffix = last.rpartition(".")
    kept = file_stem(stem if dot and stem else last)
    suffix = re.sub(r"[^a-z0-9]", "", suffix.lower())[:10] if dot and stem else ""
    return f"{kept}.{suffix}" if suffix else kept
