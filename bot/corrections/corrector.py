"""The work on corrections: notice a version, note what is to be told, tell it in small steps."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import messages
from bot.corrections.comparing import Comparer, Corpus, OnDisk, moved, planned
from bot.corrections.model import (
    Change,
    Correction,
    GoneError,
    PausedError,
    RefusedError,
    State,
)
from bot.errors import BotError
from bot.ledger import now
from corpus.citation import Citation, verify
from corpus.standing import Standing
from index.answer import Source
from index.errors import SearchIndexError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.corrections.ledger import CorrectionLedger
    from bot.corrections.model import Delivery, Fate, Given, Summary, Task
    from bot.ledger import Ledger, Wishes
    from bot.service import Lives
    from bot.worker import Worker
    from index.source import Shown

CHECK = 5.0
"""Seconds between two looks at which version is in use."""
_BATCH = 50
"""Answers that are compared at a time."""
_TRIES = 5
_FIRST_WAIT = 30.0
"""Seconds before a correction that failed is tried again; four times as long each time."""
_CLAIMED = timedelta(minutes=1)
"""How long nobody else takes on what one process began to tell: by then it has, or has died."""

_log = logging.getLogger(__name__)


class _TakenError(Exception):
    """Another process tells the correction."""


class Corrector:
    """Corrects the answers that were given on one platform.

    Nothing is in memory that counts: what is to be told stands in the ledger, so another process
    goes on where this one stopped.

    Args:
        platform: names the platform in the ledger.
        kept: what is kept for corrections.
        ledger: knows what servers want.
        lives: the articles of each collection.
        names: of all collections.
        worker: where the work is done.
        delivery: tells.
        pause: seconds between two messages.
        wanted: whether anybody is to be told anything.
        clock: the time in seconds.
    """

    def __init__(
        self,
        platform: str,
        kept: CorrectionLedger,
        ledger: Ledger,
        lives: Lives,
        names: Callable[[], Sequence[str]],
        worker: Worker,
        delivery: Delivery,
        *,
        pause: float,
        wanted: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._platform = platform
        self._kept = kept
        self._ledger = ledger
        self._lives = lives
        self._names = names
        self._run = worker.run
        self._delivery = delivery
        self._pause = pause
        self._wanted = wanted
        self._clock = clock
        self._paused_until = 0.0
        self._comparers: dict[str, Comparer] = {}
        self._faults: dict[str, str] = {}

    async def step(self) -> float:
        """Do the next thing: note what a new version changed, then tell one message.

        Returns:
            Seconds to wait before the next step.
        """
        while await self._run(self._compare):
            pass
        if (left := self._paused_until - self._clock()) > 0:
            return left
        task = await self._run(self._kept.next, self._platform, now())
        if task is None:
            return CHECK
        try:
            await self._tell(task)
        except PausedError as pause:
            _log.warning("corrections pause for %g s, as %s wants", pause.seconds, self._platform)
            self._paused_until = self._clock() + pause.seconds
            return pause.seconds
        return self._pause

    async def after(self, collection: str, version: str, server: str) -> Summary | None:
        """How the corrections stand that a version makes necessary in a server.

        ``None`` if it makes none, or if nobody can say just now.
        """
        try:
            while await self._run(self._compare):
                pass
            found = await self._run(self._kept.summaries, collection, self._platform, server, 1)
        except BotError as error:
            _log.warning("cannot tell how corrections after %s stand: %s", version, error)
            return None
        return found[0] if found and found[0].version == version else None

    # A version

    def _compare(self) -> bool:
        """Compare some answers with the versions in use. Returns whether there were any."""
        return any(self._compare_collection(name) for name in self._names())

    def _compare_collection(self, name: str) -> bool:
        try:
            comparer = self._comparer(name)
        except (SearchIndexError, BotError) as error:
            if self._faults.get(name) != str(error):
                self._faults[name] = str(error)
                _log.warning("cannot compare earlier answers with %s: %s", name, error)
            return False
        version, hashes = comparer.corpus.version, comparer.corpus.hashes
        outdated = self._kept.outdated(self._platform, name, version, hashes)
        for given in self._kept.given(outdated[:_BATCH]):
            self._compare_answer(given, comparer)
        if outdated and len(outdated) <= _BATCH:
            self._kept.sweep()
        return bool(outdated)

    def _comparer(self, name: str) -> Comparer:
        live = self._lives(name)
        snapshot = live.snapshot()
        held = self._comparers.get(name)
        if held is None or held.corpus.version != snapshot.manifest.version:
            self._kept.adopt(self._platform, name)
            corpus = Corpus.of_snapshot(snapshot)
            held = self._comparers[name] = Comparer(self._kept, corpus, OnDisk(live.versions))
        return held

    def _compare_answer(self, given: Given, comparer: Comparer) -> None:
        corpus = comparer.corpus
        try:
            fates = comparer.fates(given)
            places = list(moved(given, fates))
            plans = planned(given, fates, self._wishes(given))
            ids = {one.article_id for one in places}
            ids |= {fate.now.article_id for fate in fates.values() if fate and fate.now}
            used = [corpus.article(one) for one in ids]
            if plans:
                old = [comparer.revision(given.collection, one) for one in given.shown]
                used += [article for article in old if article]
            self._kept.keep(given.collection, used)
        except Exception:  # noqa: BLE001 - one answer must not keep the others from being corrected
            _log.exception("answer %s cannot be compared with %s", given.id, corpus.version)
            places, plans = [], []
        self._kept.plan(given, corpus.version, places, plans)

    def _wishes(self, given: Given) -> Wishes | None:
        return self._ledger.wishes(given.platform, given.server) if self._wanted else None

    # Telling

    async def _tell(self, task: Task) -> None:
        """Tell a correction and note what came of it."""
        wishes = await self._run(self._wishes, task.given)
        if wishes is None or not wishes.corrections:
            await self._note(task, State.OFF, "corrections are switched off")
            return
        correction = await self._run(correction_of, self._kept, task)
        if correction is None:
            await self._note(task, State.FAILED, "its words cannot be proved")
            return
        try:
            state, reason = await self._deliver(task, correction), ""
        except GoneError as error:
            state, reason = State.DELETED, str(error)
        except RefusedError as error:
            state, reason = State.UNREACHABLE, str(error)
        except PausedError:
            raise
        except _TakenError:
            return  # another process tells it, and notes what comes of it
        except Exception as error:  # noqa: BLE001 - whatever a platform raises: tried again
            await self._put_off(task, error)
            return
        await self._note(task, state, reason)
        await self._conclude(task)

    async def _deliver(self, task: Task, correction: Correction) -> State:
        again = task.state is State.REPLYING
        done = State.REPLIED
        if not again:
            try:
                if await self._delivery.edit(correction):
                    return State.EDITED
                done = State.EDITED
            except RefusedError as error:
                _log.info("message %s may not be edited: %s", correction.message, error)
        if not await self._run(self._kept.claim, task, _CLAIMED):
            raise _TakenError
        try:
            await self._delivery.reply(correction, again=again)
        except PausedError:
            await self._run(self._kept.release, task)  # it was not told, there is none to look for
            raise
        return done

    async def _put_off(self, task: Task, error: Exception) -> None:
        _log.warning("correction of message %s failed", task.message.id, exc_info=error)
        reason = f"{type(error).__name__}: {error}"
        if task.tries + 1 >= _TRIES:
            _log.error("message %s stays as it is: %s", task.message.id, reason)
            await self._note(task, State.FAILED, reason)
            return
        wait = timedelta(seconds=_FIRST_WAIT * 4**task.tries)
        await self._run(self._kept.put_off, task, reason, wait)

    async def _note(self, task: Task, state: State, reason: str = "") -> None:
        if reason:
            _log.info("correction of message %s: %s, %s", task.message.id, state.value, reason)
        await self._run(self._kept.note, task, state, reason)

    async def _conclude(self, task: Task) -> None:
        """Log how it went when the last correction of a version is told."""
        summaries = await self._run(
            self._kept.summaries, task.given.collection, self._platform, None, 1
        )
        if summaries and not summaries[0].pending:
            _log.info("version %s: %s", summaries[0].version, messages.corrections(summaries[0]))


def correction_of(kept: CorrectionLedger, task: Task) -> Correction | None:
    """What to tell for ``task``, every word of it proved in its revision; ``None`` if not."""
    given = task.given
    by_number = {one.number: one for one in given.shown}
    shown = {}
    for number in {*task.message.numbers, *task.fates}:
        source = _source(kept, given, by_number.get(number))
        if source is None:
            return None
        shown[number] = source
    changes = []
    for number, fate in sorted(task.fates.items()):
        change = _change(kept, given, shown[number], fate)
        if change is None:
            return None
        changes.append(change)
    return Correction(
        answer=given.id,
        message=task.message.id,
        channel=task.message.channel,
        server=given.server,
        language=task.message.language,
        layout=task.message.layout,
        shown=shown,
        changes=tuple(changes),
        at=task.at,
    )


def _change(kept: CorrectionLedger, given: Given, shown: Source, fate: Fate) -> Change | None:
    if fate.standing not in (Standing.REWORDED, Standing.REATTRIBUTED):
        return Change(shown, fate.standing, None, fate.title or shown.title, fate.reason)
    now = _source(kept, given, fate.now)
    if now is None or now.citation.text != fate.words:
        return None
    return Change(shown, fate.standing, now, now.title, speaker=fate.speaker)


def _source(kept: CorrectionLedger, given: Given, shown: Shown | None) -> Source | None:
    """The words ``shown`` with their proof, from the revision that is kept."""
    if shown is None:
        return None
    article = kept.article(given.collection, shown.article_id, shown.content_hash)
    if article is None or shown.span.end > len(article.text):
        return None
    words = shown.span.of(article.text)
    citation = Citation(article.id, shown.content_hash, shown.span, words)
    if not verify(citation, article):
        _log.error("dropped a correction that does not verify: %s", citation)
        return None
    return Source.at(citation, article, shown.number, shown.context, spoken=shown.spoken)
