"""Comparing answers with another version of the articles: what became of the words they showed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.corrections.attributed import Attributions
from bot.corrections.model import Fate, Planned, State
from corpus.standing import Comparison, Standing
from index.errors import DamagedIndexError
from index.snapshot import ARTICLES
from index.store import ArticleStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bot.corrections.ledger import CorrectionLedger
    from bot.corrections.model import Given, Message
    from bot.ledger import Wishes
    from corpus.article import Article
    from corpus.library import Library
    from index.live import LiveIndex
    from index.snapshot import Snapshot
    from index.source import Shown
    from index.versions import Versions


@dataclass(frozen=True)
class Corpus:
    """The articles to compare with: those of a version, or those that a version would have.

    Attributes:
        version: its name, empty for one that is not made yet.
        hashes: content hash of each article by its id.
        retracted: title and reason of each article that was taken back, by its id.
        article: the article with an id.
    """

    version: str
    hashes: Mapping[str, str]
    retracted: Mapping[str, tuple[str, str]]
    article: Callable[[str], Article]

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot) -> Corpus:
        """The articles of a version."""
        engine = snapshot.searcher.engine
        return cls(
            snapshot.manifest.version,
            dict(zip(engine.article_ids, engine.content_hashes, strict=True)),
            {id_: (title, reason) for id_, title, reason in snapshot.manifest.retracted},
            snapshot.article,
        )

    @classmethod
    def of_library(cls, library: Library) -> Corpus:
        """Articles that were read and are not indexed yet."""
        by_id = {article.id: article for article in library}
        return cls(
            "",
            {article.id: article.content_hash for article in library},
            {
                article.id: (article.title, article.metadata.retraction_reason or "")
                for article in library.retracted
            },
            by_id.__getitem__,
        )

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """Ids by content hashes: an article whose file was renamed is the same article."""
        return {digest: id_ for id_, digest in self.hashes.items()}


class Comparer:
    """Tells what became of shown words in ``corpus``.

    Args:
        kept: has the revisions that were shown.
        corpus: the articles to look in.
        elsewhere: where to look for a revision that is not kept.
    """

    def __init__(
        self,
        kept: CorrectionLedger,
        corpus: Corpus,
        elsewhere: Callable[[Shown], Article | None] = lambda _: None,
    ) -> None:
        self._kept = kept
        self._elsewhere = elsewhere
        self.corpus = corpus
        self._comparisons: dict[tuple[str, str, str], Comparison] = {}
        self._attributions: dict[tuple[str, str], Attributions] = {}

    def fate(self, collection: str, shown: Shown) -> Fate | None:
        """What became of ``shown``; ``None`` if it was changed and nobody knows what it was."""
        corpus = self.corpus
        if shown.article_id in corpus.retracted:
            title, reason = corpus.retracted[shown.article_id]
            return Fate(Standing.RETRACTED, title=title, reason=reason)
        if corpus.hashes.get(shown.article_id) == shown.content_hash:
            return Fate(Standing.STANDS, shown)
        if shown.article_id not in corpus.hashes and shown.content_hash in corpus.ids:
            same = corpus.ids[shown.content_hash]
            return Fate(Standing.STANDS, replace(shown, article_id=same))
        old = self.revision(collection, shown)
        if shown.article_id not in corpus.hashes:
            return Fate(Standing.ARTICLE_GONE, title=old.title if old else "")
        return None if old is None else self._followed(collection, shown, old)

    def revision(self, collection: str, shown: Shown) -> Article | None:
        """The article as it was when it was shown."""
        kept = self._kept.article(collection, shown.article_id, shown.content_hash)
        found = kept or self._elsewhere(shown)
        return found if found and found.content_hash == shown.content_hash else None

    def _followed(self, collection: str, shown: Shown, old: Article) -> Fate:
        new = self.corpus.article(shown.article_id)
        key = collection, shown.article_id, shown.content_hash
        comparison = self._comparisons.get(key) or Comparison(old, new)
        self._comparisons[key] = comparison
        found = comparison.follow(shown.span)
        if found.span is None:
            return Fate(found.standing)
        words = found.span.of(new.text)
        now = replace(shown, content_hash=new.content_hash, span=found.span)
        if found.standing is Standing.STANDS:
            if shown.spoken and (otherwise := self._reattributed(shown, old, now, new)):
                return otherwise
            # With other marks or spaces the words stand, but it is the old ones that were shown.
            return Fate(Standing.STANDS, now if words == shown.span.of(old.text) else None)
        return Fate(found.standing, now, words)

    def _reattributed(self, shown: Shown, old: Article, now: Shown, new: Article) -> Fate | None:
        """What there is to tell of a quotation whose words stand, if it is another's by now."""
        before = self._attributions_of(old).of(shown.span)
        after = self._attributions_of(new).of(now.span)
        if before.says_as(after):
            return None
        place = replace(now, span=after.sentences)
        words = after.sentences.of(new.text)
        return Fate(Standing.REATTRIBUTED, place, words, speaker=after.speaker or "")

    def _attributions_of(self, article: Article) -> Attributions:
        key = article.id, article.content_hash
        if key not in self._attributions:
            self._attributions[key] = Attributions(article)
        return self._attributions[key]

    def fates(self, given: Given) -> dict[int, Fate | None]:
        """What became of all words of an answer, by their markers."""
        return {one.number: self.fate(given.collection, one) for one in given.shown}


def moved(given: Given, fates: Mapping[int, Fate | None]) -> Iterator[Shown]:
    """The words of an answer that still stand, at other places or in other revisions."""
    for one in given.shown:
        fate = fates[one.number]
        if fate and fate.standing is Standing.STANDS and fate.now and fate.now != one:
            yield fate.now


def planned(given: Given, fates: Mapping[int, Fate | None], wishes: Wishes | None) -> list[Planned]:
    """What is to be told of an answer: what became of its words, as far as that was not told.

    Args:
        given: the answer.
        fates: what became of its words.
        wishes: what its server wants; ``None`` if nobody is to be told anything.
    """
    plans = []
    for message in given.messages:
        if message.deleted:
            continue
        told = message.told or {}
        known = {number: fates.get(number) for number in message.numbers}
        news = any(fate and fate.key != told.get(number, "") for number, fate in known.items())
        if news:
            fates_told = {
                number: fate
                for number, fate in known.items()
                if fate and (fate.key or told.get(number))
            }
            plans.append(_plan(given, message, fates_told, wishes))
    return plans


def _plan(
    given: Given, message: Message, fates: Mapping[int, Fate], wishes: Wishes | None
) -> Planned:
    if message.ephemeral:
        return Planned(message, State.EPHEMERAL, fates)
    if wishes is None or not wishes.corrections:
        return Planned(message, State.OFF, fates, "corrections are switched off")
    if wishes.collection != given.collection:
        return Planned(message, State.OFF, fates, "the server is tied to another corpus by now")
    return Planned(message, State.PENDING, fates)


@dataclass(frozen=True, slots=True)
class Touched:
    """An answer that would be corrected.

    Attributes:
        given: the answer.
        plans: what would be told, message by message.
        earlier: the words that it showed, with the title of their article, by their markers; of
            revisions that nobody knows any more, none.
    """

    given: Given
    plans: tuple[Planned, ...]
    earlier: Mapping[int, tuple[str, str]]

    @property
    def fates(self) -> dict[int, Fate]:
        """What would be told in any of its messages, by marker."""
        return {number: fate for plan in self.plans for number, fate in plan.fates.items()}


def touched(
    kept: CorrectionLedger,
    collection: str,
    corpus: Corpus,
    wishes: Callable[[str, str], Wishes],
    elsewhere: Callable[[Shown], Article | None] = lambda _: None,
) -> list[Touched]:
    """The answers that ``corpus`` would make corrections of, the newest first: a preview.

    Args:
        kept: the ledger.
        collection: the name of the corpus.
        corpus: its articles as they would be, see ``Corpus.of_library``.
        wishes: what a server wants, by platform and id.
        elsewhere: where to look for a revision that is not kept.
    """
    comparer = Comparer(kept, corpus, elsewhere)
    found = []
    for given in kept.given(kept.affected(collection, corpus.hashes)):
        fates = comparer.fates(given)
        if plans := planned(given, fates, wishes(given.platform, given.server)):
            found.append(Touched(given, tuple(plans), _earlier(given, comparer)))
    return found


def _earlier(given: Given, comparer: Comparer) -> dict[int, tuple[str, str]]:
    revisions = {one.number: comparer.revision(given.collection, one) for one in given.shown}
    return {
        one.number: (one.span.of(revision.text), revision.title)
        for one in given.shown
        if (revision := revisions[one.number])
    }


class OnDisk:
    """Looks for revisions in the versions that are still on disk, the newest first."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions

    def __call__(self, shown: Shown) -> Article | None:
        """The article that ``shown`` was taken from, ``None`` if no version has it."""
        for name in reversed(self._versions.names()):
            with suppress(DamagedIndexError, KeyError):
                store = ArticleStore(self._versions.path(name) / ARTICLES)
                article = store.get(shown.article_id)
                if article.content_hash == shown.content_hash:
                    return article
        return None


def revisions(missing: Iterable[Shown], live: LiveIndex) -> list[Article]:
    """The articles that ``missing`` were taken from a moment ago.

    A version may have been published since, so the one in use may not have them.
    """
    snapshot, on_disk = live.snapshot(), OnDisk(live.versions)
    found = []
    for one in missing:
        with suppress(KeyError):
            article = snapshot.article(one.article_id)
            if article.content_hash == one.content_hash:
                found.append(article)
                continue
        if earlier := on_disk(one):
            found.append(earlier)
    return found
