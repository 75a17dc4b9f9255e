"""What a reindex would change, found out without changing anything."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from bot.corpus_admin import reading
from bot.corrections.comparing import Corpus, touched
from bot.corrections.ledger import CorrectionLedger
from bot.corrections.model import State
from bot.pace import Pace
from corpus.article import BlockKind
from corpus.loader import load_folder
from corpus.quotes import extract
from index.errors import SearchIndexError
from index.prepare import prepare
from index.snapshot import Snapshot, open_current
from index.vector_cache import VectorCache

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.collections import Collection
    from bot.corrections.comparing import Touched
    from bot.corrections.model import Fate
    from bot.ledger import Ledger
    from corpus.article import Article
    from corpus.library import Library
    from corpus.span import Span
    from index.manifest import Recipe


@dataclass(frozen=True, slots=True)
class Affected:
    """Words of one earlier answer of which something would be told.

    Attributes:
        answer: its id.
        platform: where it was given.
        server: id of the server there, empty for a direct message.
        title: of the article.
        standing: what would become of the words, see ``Standing``.
        was: the words as they were shown; empty if nobody knows them any more.
        now: the words in their place, empty where there are none.
        reason: why the article is taken back, empty if nobody says.
        speaker: who said them by now, where that is another; empty if that is not clear.
        state: ``pending`` if it would be told; else why not, see ``State``.
    """

    answer: str
    platform: str
    server: str
    title: str
    standing: str
    was: str
    now: str
    reason: str
    speaker: str
    state: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the next version of a collection would be, against the one in use.

    Attributes:
        collection: its name.
        version: the version in use; empty where there is none.
        articles: how many there would be.
        added: titles of the articles that are new.
        changed: titles of those that are not as they were.
        removed: titles of those that are gone.
        embed: passages whose vectors have to be computed.
        reuse: passages whose vectors are known.
        quotes_new: quotations that come with added and changed articles.
        quotes_moved: quotations that stand elsewhere in a changed article.
        quotes_gone: quotations that go with changed and removed articles.
        affected: words of earlier answers that are changed or gone.
        seconds: how long it would take; ``None`` where nothing was measured yet.
        rebuilt: why every passage is indexed anew; empty if it is not.
        problems: name and reason of each file that would be left out.
    """

    collection: str
    version: str
    articles: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    embed: int
    reuse: int
    quotes_new: int
    quotes_moved: int
    quotes_gone: int
    affected: tuple[Affected, ...]
    seconds: float | None
    rebuilt: str = ""
    problems: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.added or self.changed or self.removed or self.rebuilt)

    @property
    def answers(self) -> int:
        """How many earlier answers have words that are changed or gone."""
        return len({one.answer for one in self.affected})

    def in_server(self, platform: str, server: str) -> Plan:
        """This plan as one server may see it: what was answered elsewhere is not its business."""
        own = (one for one in self.affected if (one.platform, one.server) == (platform, server))
        return replace(self, affected=tuple(own))

    def as_json(self) -> dict[str, Any]:
        """What ``onrecord reindex --dry-run --json`` prints."""
        problems = [{"source": source, "reason": reason} for source, reason in self.problems]
        return {**asdict(self), "problems": problems, "answers": self.answers}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Plan:
        """The plan that ``as_json`` wrote."""
        told = {one.name: data[one.name] for one in fields(cls)}
        for name in ("added", "changed", "removed"):
            told[name] = tuple(told[name])
        told["problems"] = tuple((one["source"], one["reason"]) for one in told["problems"])
        told["affected"] = tuple(Affected(**one) for one in told["affected"])
        return cls(**told)


@dataclass(frozen=True, slots=True)
class _Difference:
    """What the articles have become: pairs of an article as it was and as it is."""

    pairs: tuple[tuple[Article | None, Article | None], ...]
    library: Library

    @classmethod
    def between(cls, snapshot: Snapshot | None, library: Library) -> _Difference:
        held = frozenset(snapshot.store.ids if snapshot else ())
        pairs: list[tuple[Article | None, Article | None]] = []
        for id_ in sorted({*held, *(article.id for article in library)}):
            new = library.get(id_)
            old = snapshot.article(id_) if snapshot and id_ in held else None
            if old is None or new is None or _facts(old) != _facts(new):
                pairs.append((old, new))
        return cls(tuple(pairs), library)

    def titles(self, *, was: bool, is_: bool) -> tuple[str, ...]:
        found = (pair for pair in self.pairs if (bool(pair[0]), bool(pair[1])) == (was, is_))
        return tuple((new or old).title for old, new in found)  # type: ignore[union-attr]


def make_plan(collection: Collection, recipe: Recipe, ledger: Ledger | None = None) -> Plan:
    """The plan for bringing ``collection`` up to date.

    Args:
        collection: the collection.
        recipe: what its next version would be made with.
        ledger: knows the earlier answers; without one none are counted.

    Raises:
        CorpusError: if the folder of articles cannot be read.
    """
    with reading(collection) as kept:
        loaded = load_folder(collection.articles, kept)
    snapshot, rebuilt = _open(collection, recipe)
    try:
        difference = _Difference.between(snapshot, loaded.library)
        anew = loaded.library if rebuilt else [new for _, new in difference.pairs if new]
        embed, known = _passages(anew, collection, recipe)
        same = 0 if rebuilt or snapshot is None else _unchanged(snapshot, difference)
        quotes = _quotes(difference)
        return Plan(
            collection=collection.name,
            version=snapshot.manifest.version if snapshot else "",
            articles=len(loaded.library),
            added=difference.titles(was=False, is_=True),
            changed=difference.titles(was=True, is_=True),
            removed=difference.titles(was=True, is_=False),
            embed=embed,
            reuse=known + same,
            quotes_new=quotes["new"],
            quotes_moved=quotes["moved"],
            quotes_gone=quotes["gone"],
            affected=_affected(collection.name, difference, ledger) if ledger else (),
            seconds=Pace.read(collection.folder).seconds(embed, known + same),
            rebuilt=rebuilt,
            problems=tuple((one.source, one.reason) for one in loaded.problems),
        )
    finally:
        if snapshot is not None:
            snapshot.close()


def _open(collection: Collection, recipe: Recipe) -> tuple[Snapshot | None, str]:
    """The version in use, and why nothing of it can be kept."""
    try:
        snapshot = open_current(collection.versions)
    except SearchIndexError:
        return None, ""
    try:
        snapshot.manifest.check_recipe(recipe)
    except SearchIndexError as error:
        return snapshot, str(error)
    return snapshot, ""


def _facts(article: Article) -> tuple[object, ...]:
    """All of an article that an index is made from; where its file lies does not count."""
    return article.title, article.text, article.blocks, article.metadata


def _passages(
    articles: Iterable[Article], collection: Collection, recipe: Recipe
) -> tuple[int, int]:
    """How many passages of ``articles`` have to be embedded, and how many are known."""
    keys = [one.key for article in articles for one in prepare(article)]
    folder = collection.folder / "vectors"
    with closing(VectorCache(folder, recipe.embedder, recipe.dimension)) as cache:
        known = cache.known(keys)
    embed = len({key for key in keys if key not in known})
    return embed, len(keys) - embed


def _unchanged(snapshot: Snapshot, difference: _Difference) -> int:
    """How many passages belong to articles that stay as they are."""
    gone = {old.id for old, _ in difference.pairs if old}
    return snapshot.searcher.engine.count_of([id_ for id_ in snapshot.store.ids if id_ not in gone])


def _quotes(difference: _Difference) -> Counter[str]:
    """How many quotations are ``new``, ``moved`` and ``gone``."""
    counted: Counter[str] = Counter()
    for old, new in difference.pairs:
        before, after = _spoken(old), _spoken(new)
        for said in before.keys() | after.keys():
            was, now = before.get(said, []), after.get(said, [])
            counted["new"] += max(0, len(now) - len(was))
            counted["gone"] += max(0, len(was) - len(now))
            stayed = len(set(was) & set(now))
            counted["moved"] += min(len(was), len(now)) - stayed
    return counted


def _spoken(article: Article | None) -> dict[tuple[str, str | None], list[Span]]:
    """The quotations of an article by their words and speaker, with where each stands."""
    found: dict[tuple[str, str | None], list[Span]] = {}
    if article is None:
        return found
    paragraphs = [block.span for block in article.blocks if block.kind is BlockKind.PARAGRAPH]
    for quote in extract(article.text, paragraphs):
        found.setdefault((quote.span.of(article.text), quote.speaker), []).append(quote.span)
    return found


def _affected(name: str, difference: _Difference, ledger: Ledger) -> tuple[Affected, ...]:
    """The words that earlier answers showed and that are changed or gone."""
    was = {old.id: old for old, _ in difference.pairs if old}
    corpus = Corpus.of_library(difference.library)
    kept = CorrectionLedger(ledger)
    found = touched(kept, name, corpus, ledger.wishes, lambda shown: was.get(shown.article_id))
    return tuple(_words(one, number, fate) for one in found for number, fate in one.fates.items())


def _words(touched: Touched, number: int, fate: Fate) -> Affected:
    earlier, title = touched.earlier.get(number, ("", ""))
    return Affected(
        answer=touched.given.id,
        platform=touched.given.platform,
        server=touched.given.server,
        title=fate.title or title,
        standing=fate.standing.value,
        was=earlier,
        now=fate.words,
        reason=fate.reason,
        speaker=fate.speaker,
        state=min(touched.plans, key=lambda plan: plan.state is not State.PENDING).state.value,
    )
