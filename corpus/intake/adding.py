"""Taking what came in into a folder of articles: new, changed, the same, or refused and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.article import hash_text
from corpus.errors import ArticleError, OversizeError
from corpus.formats import decode, parse_text
from corpus.formats.front_matter import read_fields
from corpus.formats.sniffing import Kind
from corpus.formats.writing import with_fields, write
from corpus.intake.catalogue import Known
from corpus.intake.history import Act
from corpus.intake.likeness import likeness, runs_of
from corpus.intake.outcome import Outcome, Status
from corpus.intake.quality import language_doubts
from corpus.intake.reading import Incoming, understand
from corpus.intake.shelf import sha256
from corpus.loader import MAX_BYTES, listing, load_file, slug
from corpus.web.links import canonical

if TYPE_CHECKING:
    from corpus.intake.reading import Understood
    from corpus.intake.shelf import Shelf

Fields = dict[str, object]

NEARLY = 0.85
"""From this share of equal runs of words on, two texts are taken for versions of one."""
RELATED = 0.4
"""From this share on, a file of the same name is taken for a new state of the article."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a text may be no article of its own.

    Attributes:
        kind: scan, paywall, menu, language, edited or duplicate.
        reason: a sentence that its source begins.
        of: the id of the article that it is about, if any.
    """

    kind: str
    reason: str
    of: str = ""


@dataclass(slots=True)
class Adder:
    """Adds to one shelf, one after the other, each inside of its lock.

    Attributes:
        shelf: the folder.
        languages: codes of those that the model knows; ``None`` for all.
        who: adds, for the history.
        force: whether doubts that a person can overrule are overruled.
    """

    shelf: Shelf
    languages: frozenset[str] | None = None
    who: str = ""
    force: bool = False
    articles: dict[str, Known] = field(default_factory=dict, init=False)
    _seen: str = field(default="", init=False)

    def add(self, incoming: Incoming, kind: Kind | None = None) -> Outcome:
        """Take one file or page in."""
        try:
            found = understand(incoming, kind)
            with self.shelf.locked():
                self._look()
                return self._take(found)
        except ArticleError as error:
            return Outcome(incoming.source, Status.REFUSED, reason=str(error))

    def _look(self) -> None:
        """Read the shelf, unless it is as this adder left it."""
        seen = listing(self.shelf.folder)
        if seen != self._seen:
            self.articles, self._seen = self.shelf.articles(), seen

    def _take(self, found: Understood) -> Outcome:
        known = self._known(found)
        if known is not None and self._is_as_it_came(found, known):
            return _about(found, Status.UNCHANGED, known, "is in the corpus already, unchanged")
        if (same := self._with_text(found, known)) is not None:
            return _about(found, Status.DUPLICATE, same, f"has the same text as {same.title!r}")
        doubt = self._doubt(found, known)
        if doubt is not None and not self.force:
            of = known or self.articles.get(doubt.of)
            refused = Outcome(
                found.incoming.source, Status.REFUSED, reason=doubt.reason, doubt=doubt.kind
            )
            return replace(refused, id=of.id, title=of.title, file=of.source) if of else refused
        return self._write(found, known)

    def _known(self, found: Understood) -> Known | None:
        """The article that this is another state of: by its id, its address, or its file."""
        given = found.document.article_id
        if given is not None and given in self.articles:
            return self.articles[given]
        if found.url is not None:
            address = canonical(found.url)
            for article in self.articles.values():
                if article.url and canonical(article.url) == address:
                    return article
            return None
        return self._from_same_file(found)

    def _from_same_file(self, found: Understood) -> Known | None:
        """The article that came from a file of this name, if its title or words are alike."""
        for article in self.articles.values():
            last = self.shelf.last_written(article.id)
            if last is None or last.source != found.incoming.name:
                continue
            alike = likeness(runs_of(found.document.text), article.runs)
            if article.title == found.title or alike >= RELATED:
                return article
        return None

    def _is_as_it_came(self, found: Understood, known: Known) -> bool:
        """Whether neither its words nor its title changed since it was taken in.

        What was edited in the folder by hand stays, until its source changes.
        """
        last = self.shelf.last_written(known.id)
        if last is None or not last.text:
            return known.content_hash == hash_text(found.document.text)
        if last.original == sha256(found.incoming.data):
            return True
        return last.text == hash_text(found.document.text) and last.title == found.title

    def _with_text(self, found: Understood, known: Known | None) -> Known | None:
        digest = hash_text(found.document.text)
        others = (article for article in self.articles.values() if article is not known)
        return next((article for article in others if article.content_hash == digest), None)

    def _doubt(self, found: Understood, known: Known | None) -> Doubt | None:
        for kind, reason in (*found.doubts, *language_doubts(found.document, self.languages)):
            return Doubt(kind, reason)
        if known is not None:
            return self._edited(known)
        return self._nearly_the_same(found)

    def _edited(self, known: Known) -> Doubt | None:
        if not self.shelf.was_edited(known):
            return None
        return Doubt(
            "edited",
            f"has changed, but {known.source} was edited by hand since it was added; adding it "
            "anyway replaces that text, which stays in the history",
            known.id,
        )

    def _nearly_the_same(self, found: Understood) -> Doubt | None:
        runs = runs_of(found.document.text)
        for article in self.articles.values():
            share = likeness(runs, article.runs)
            if share >= NEARLY:
                return Doubt(
                    "duplicate",
                    f"is nearly the same as {article.title!r} ({share:.0%} of its words)",
                    article.id,
                )
        return None

    def _write(self, found: Understood, known: Known | None) -> Outcome:
        file = _file_of(known) if known else self._new_file(found)
        article_id = known.id if known else found.document.article_id or slug(file[:-3])
        original = self.shelf.keep_original(found.incoming.data, _original_name(found))
        markdown = _markdown(found, self._fields(found, original, known))
        if len(markdown.encode()) > MAX_BYTES:
            raise OversizeError(MAX_BYTES)
        act = Act.CHANGED if known else Act.ADDED
        event = replace(
            self.shelf.event(act, article_id, file, found.title, self.who),
            source=found.incoming.url or found.incoming.name,
            original=sha256(found.incoming.data),
            text=hash_text(found.document.text),
        )
        self.shelf.put(event, markdown, known.source if known else "")
        added = load_file(self.shelf.folder / file, self.shelf.folder)
        self.articles[article_id] = Known.of(added)
        self._seen = listing(self.shelf.folder)
        status = Status.CHANGED if known else Status.ADDED
        return Outcome(found.incoming.source, status, article_id, found.title, file)

    def _new_file(self, found: Understood) -> str:
        """From the name that a person gave the text, else from its title."""
        named = found.kind is Kind.TEXT and found.url is None
        stem = PurePosixPath(found.incoming.name).stem if named else found.title
        return self.shelf.free_file(stem, self.articles)

    def _fields(self, found: Understood, original: str, known: Known | None) -> Fields:
        """The front matter: what is known, then what else it said, in the source or by hand."""
        about = found.document.metadata
        today = self.shelf.now().date().isoformat()
        host = urlsplit(found.url).hostname if found.url and not about.outlet else None
        fields: Fields = {
            "title": found.title,
            "outlet": about.outlet or (host or "").removeprefix("www."),
            "author": about.author,
            "published": about.published,
            "language": about.language,
            "url": found.url,
            "retrieved": about.retrieved or today,
            "sha256": sha256(found.incoming.data),
            "original": original,
        }
        extra = self._extra_of(known) | dict(found.extra)
        return fields | {name: value for name, value in extra.items() if name not in fields}

    def _extra_of(self, known: Known | None) -> Fields:
        if known is None:
            return {}
        values = read_fields(decode(self.shelf.path_of(known).read_bytes())).values
        return {name: value for name, value in values.items() if isinstance(name, str)}


def _file_of(known: Known) -> str:
    """Its file; that of an article that was written in another format is replaced by Markdown."""
    path = PurePosixPath(known.source)
    return known.source if path.suffix == ".md" else path.with_suffix(".md").as_posix()


def _markdown(found: Understood, fields: Fields) -> str:
    """The article's file: Markdown as it was written, anything else written as Markdown."""
    if found.markdown is not None:
        kept = with_fields(fields, found.markdown)
        if parse_text(kept, ".md").text == found.document.text:
            return kept
    return write(fields, found.document)


def _original_name(found: Understood) -> str:
    name = found.incoming.name
    return name if "." in name and found.incoming.url is None else f"{name}{found.kind.suffix}"


def _about(found: Understood, status: Status, article: Known, reason: str) -> Outcome:
    source = found.incoming.source
    return Outcome(source, status, article.id, article.title, article.source, reason)
