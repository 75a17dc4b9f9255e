"""What is told about single articles, as plain text for every place where it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.intake import Status

if TYPE_CHECKING:
    from bot.intake import Past
    from corpus.intake import Event, Outcome, Watch
    from corpus.intake.catalogue import Known

_SHOWN = 300
"""Characters of a text that are shown of it."""


def outcome_line(outcome: Outcome) -> str:
    """What became of one thing that was to be added."""
    match outcome.status:
        case Status.ADDED | Status.CHANGED:
            return f"{outcome.status.value}: {outcome.title} ({outcome.id})"
        case Status.DUPLICATE:
            return f"not added: {outcome.source} {outcome.reason} ({outcome.id})"
        case Status.UNCHANGED:
            return f"unchanged: {outcome.title} ({outcome.id})"
        case _:
            of = f" ({outcome.id})" if outcome.id else ""
            return f"not added: {outcome.source} {outcome.reason}{of}"


def article_line(article: Known) -> str:
    """An article in a list: its id, its title, where and when it was published."""
    more = ", ".join(part for part in (article.outlet, article.published) if part)
    return f"{article.id}  {article.title}" + (f" ({more})" if more else "")


def event_line(event: Event) -> str:
    """What was done to an article on one line: when, who, what, and what is kept."""
    when = event.at.replace("T", " ")[:16]
    kept = f"; before it: {event.revision}" if event.revision else ""
    source = f" from {event.source}" if event.source else ""
    return f"{when} UTC  {event.who or 'somebody'}: {event.act.value} {event.title!r}{source}{kept}"


def watch_line(watch: Watch) -> str:
    """A watched list on one line: how often, when next, or why not."""
    count = f"{len(watch.seen)} pages read"
    if watch.paused:
        return f"{watch.url}  PAUSED: it {watch.paused} ({count})"
    failing = f", {watch.failures} failures" if watch.failures else ""
    when = f"every {watch.hours:g} hours, next {watch.next:%Y-%m-%d %H:%M} UTC"
    return f"{watch.url}  {when} ({count}{failing})"


def past_rows(past: Past) -> dict[str, str]:
    """An article as rows of a name and a value each."""
    article = past.article
    about = article.metadata
    text = article.text[:_SHOWN].rpartition(" ")[0] + " …"
    rows = {
        "Title": article.title,
        "Id": article.id,
        "File": str(past.path),
        "Outlet": about.outlet,
        "Author": about.author,
        "Published": about.published,
        "Language": about.language,
        "Address": about.url,
        "Retrieved": about.retrieved,
        "Words": f"{len(article.text.split()):,}",
        "Text": text.replace("\n\n", "\n") if len(article.text) > _SHOWN else article.text,
        "History": "\n".join(map(event_line, past.events)),
    }
    return {name: value for name, value in rows.items() if value}
