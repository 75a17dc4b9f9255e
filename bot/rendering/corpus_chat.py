"""What is told in a chat about keeping the articles, in each language, as plain text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from corpus.intake import Act, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.intake import Past
    from bot.localization import Phrases
    from corpus.intake import Event, Outcome, Watch
    from corpus.intake.catalogue import Known

PAGE = 20
"""Articles on a page of the list."""
_LISTED = 15
"""Outcomes that are told one by one; what was refused goes first."""

_DONE = {
    Status.ADDED: "corpus_added",
    Status.CHANGED: "corpus_changed",
    Status.UNCHANGED: "corpus_unchanged",
    Status.DUPLICATE: "corpus_duplicate",
    Status.REFUSED: "corpus_refused",
}
_DOUBTS = {
    "scan": "corpus_doubt_scan",
    "paywall": "corpus_doubt_paywall",
    "menu": "corpus_doubt_menu",
    "language": "corpus_doubt_language",
    "edited": "corpus_doubt_edited",
    "duplicate": "corpus_doubt_duplicate",
}
_PAST = {
    Act.ADDED: "corpus_past_added",
    Act.CHANGED: "corpus_past_changed",
    Act.REMOVED: "corpus_past_removed",
    Act.RESTORED: "corpus_past_restored",
}
_NONE = "–"


def outcomes_text(outcomes: Sequence[Outcome], words: Phrases) -> str:
    """What became of what was to be added."""
    order = [Status.REFUSED, Status.DUPLICATE, Status.ADDED, Status.CHANGED, Status.UNCHANGED]
    ordered = sorted(outcomes, key=lambda outcome: order.index(outcome.status))
    lines = [_outcome(outcome, words) for outcome in ordered[:_LISTED]]
    if len(outcomes) > _LISTED:
        lines.append(words("corpus_more", count=len(outcomes) - _LISTED))
    if len(outcomes) > 1:
        lines.insert(0, counts_text(outcomes, words))
    if any(outcome.taken for outcome in outcomes):
        lines.append(words("corpus_next"))
    return "\n".join(lines)


def counts_text(outcomes: Sequence[Outcome], words: Phrases) -> str:
    """How many were added, changed, and so on."""
    counts = Counter(outcome.status for outcome in outcomes)
    return words("corpus_counts", **{status.value: counts[status] for status in Status})


def _outcome(outcome: Outcome, words: Phrases) -> str:
    key = _DOUBTS.get(outcome.doubt, _DONE[outcome.status])
    values = {"title": outcome.title, "id": outcome.id, "source": outcome.source}
    return words(key, **values, reason=outcome.reason)


def list_text(articles: Sequence[Known], page: int, words: Phrases) -> str:
    """One page of the list of articles; the last one where there are not so many."""
    if not articles:
        return words("corpus_empty")
    pages = -(-len(articles) // PAGE)
    page = min(page, pages)
    shown = articles[(page - 1) * PAGE : page * PAGE]
    head = words("corpus_list_head", count=len(articles), page=page, pages=pages)
    return "\n".join([head, *(f"{article.title} ({article.id})" for article in shown)])


def shown_text(past: Past, words: Phrases) -> str:
    """An article: where it is from, and what was done to it."""
    article = past.article
    about = article.metadata
    told = words(
        "corpus_shown",
        title=article.title,
        id=article.id,
        file=article.source,
        outlet=about.outlet or _NONE,
        author=about.author or _NONE,
        published=about.published or _NONE,
        url=about.url or _NONE,
        words=len(article.text.split()),
    )
    return "\n".join([told, *(_event(event, words) for event in past.events)])


def past_text(events: Sequence[Event], words: Phrases) -> str:
    """What was done to an article. Not by whom: that may have been in another server."""
    return "\n".join(_event(event, words) for event in events) or words("corpus_no_history")


def _event(event: Event, words: Phrases) -> str:
    return words(_PAST[event.act], when=event.at.replace("T", " ")[:16], title=event.title)


def watches_text(watches: Sequence[Watch], words: Phrases) -> str:
    """The feeds and sitemaps that are watched."""
    return "\n".join(_watch(watch, words) for watch in watches) or words("corpus_no_watches")


def _watch(watch: Watch, words: Phrases) -> str:
    if watch.paused:
        return words("corpus_watch_paused", url=watch.url, reason=watch.paused)
    return words(
        "corpus_watch_line",
        url=watch.url,
        hours=f"{watch.hours:g}",
        next=f"{watch.next:%Y-%m-%d %H:%M}",
        pages=len(watch.seen),
    )
