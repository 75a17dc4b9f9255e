"""``onrecord corpus add``, ``remove`` and what else is done to articles and watched feeds."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_corpus import Corpus, recording, this_user
from bot.console import FAILED, fail, print_json, say, show, told_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.intake import Intake
    from bot.settings import Settings
    from corpus.intake import Outcome

_Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
_Id = Annotated[str, typer.Argument(metavar="ID", help="Its id, file, address or title.")]
_Url = Annotated[str, typer.Argument(metavar="URL", help="Of a feed or a sitemap.")]


def register_intake(group: typer.Typer) -> None:
    """Give ``onrecord corpus`` its commands about articles."""
    for command in (add, show_articles, show_one, remove, restore, watch, unwatch, watches):
        group.command(name=_NAMES.get(command.__name__))(command)


def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE…",
            help="Files, folders, ZIP archives, or addresses of pages, feeds and sitemaps.",
        ),
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Add what is doubted too: a stub, another language…")
    ] = False,
    pages: Annotated[
        int, typer.Option("--pages", min=1, help="Pages of a feed or sitemap at most.")
    ] = 200,
    corpus: Corpus = None,
    as_json: _Json = False,
) -> None:
    """Add articles to the folder. Nothing is indexed by it."""
    from bot import messages
    from bot.rendering.intake import outcome_line
    from corpus.intake import Status

    with told_plainly(), _keeping(corpus) as intake:
        intake.pages = pages
        outcomes: list[Outcome] = []
        for source in sources:
            for outcome in intake.add(source, force=force):
                outcomes.append(outcome)
                if not as_json:
                    (show if outcome.taken else say)(outcome_line(outcome))
        refused = [one for one in outcomes if one.status is Status.REFUSED]
        if as_json:
            print_json([outcome.as_json() for outcome in outcomes])
        else:
            if any(outcome.doubt for outcome in refused):
                say(messages.add_anyway())
            if any(outcome.taken for outcome in outcomes):
                show(messages.run_reindex())
    if refused:
        raise typer.Exit(FAILED)


def show_articles(corpus: Corpus = None, as_json: _Json = False) -> None:
    """List the articles."""
    from bot import messages
    from bot.rendering.intake import article_line

    with told_plainly(), _keeping(corpus) as intake:
        articles = intake.articles()
        if as_json:
            print_json(
                [
                    {"id": one.id, "title": one.title, "file": one.source, "url": one.url}
                    for one in articles
                ]
            )
        for article in [] if as_json else articles:
            show(article_line(article))
        if not articles and not as_json:
            show(messages.no_articles())


def show_one(article: _Id, corpus: Corpus = None, as_json: _Json = False) -> None:
    """Show an article: what is known of it, how it begins, and its history."""
    from bot.rendering.intake import past_rows
    from bot.rendering.terminal import table

    with told_plainly(), _keeping(corpus) as intake:
        past = intake.show(article)
        if as_json:
            print_json(past.as_json())
        else:
            show(table(past_rows(past)))


def remove(
    articles: Annotated[list[str], typer.Argument(metavar="ID…", help="As `list` shows them.")],
    corpus: Corpus = None,
    as_json: _Json = False,
) -> None:
    """Take articles out of the folder. They are kept in the history."""
    from bot import messages

    with told_plainly(), _keeping(corpus) as intake:
        for article in articles:
            intake.find(article)  # a slip in one name is told before anything is done
        events = [intake.remove(article) for article in articles]
        if as_json:
            print_json([event.as_json() for event in events])
            return
        for event in events:
            show(messages.removed(event.title, event.id))
        show(messages.run_reindex())


def restore(
    article: Annotated[str, typer.Argument(metavar="ID", help="As `history` shows it.")],
    revision: Annotated[
        str, typer.Option("--revision", metavar="FILE", help="As `history ID` shows it.")
    ] = "",
    corpus: Corpus = None,
    as_json: _Json = False,
) -> None:
    """Bring back an article as it was before it was removed or changed."""
    from bot import messages

    with told_plainly(), _keeping(corpus) as intake:
        event = intake.restore(article, revision)
        if as_json:
            print_json(event.as_json())
            return
        show(messages.restored(event.title))
        show(messages.run_reindex())


def watch(
    url: _Url,
    every: Annotated[
        float, typer.Option("--every", min=0.25, max=24 * 31, metavar="HOURS", help="How often.")
    ] = 6.0,
    corpus: Corpus = None,
    as_json: _Json = False,
) -> None:
    """Read a feed or sitemap again and again while `onrecord serve` runs."""
    from bot import messages
    from corpus.errors import ArticleError

    with told_plainly(), _keeping(corpus) as intake:
        try:
            watched = intake.watch(url, every)
        except ArticleError as error:
            fail(f"the address {url} {error}")
        if as_json:
            print_json(watched.as_json())
        else:
            show(messages.watching(url, every))


def unwatch(url: _Url, corpus: Corpus = None, as_json: _Json = False) -> None:
    """Read a feed or sitemap no longer."""
    from bot import messages

    with told_plainly(), _keeping(corpus) as intake:
        if not intake.unwatch(url):
            fail(messages.not_watched(url))
        if as_json:
            print_json({"url": url})
        else:
            show(messages.unwatched(url))


def watches(corpus: Corpus = None, as_json: _Json = False) -> None:
    """List the feeds and sitemaps that are watched."""
    from bot import messages
    from bot.rendering.intake import watch_line

    with told_plainly(), _keeping(corpus) as intake:
        found = list(intake.watches.all().values())
        if as_json:
            print_json([one.as_json() for one in found])
            return
        for one in found:
            show(watch_line(one))
        if not found:
            show(messages.no_watches())


def tell_past(settings: Settings, article_id: str, *, as_json: bool) -> None:
    """Print what was done to an article, which may be gone; to be called in ``told_plainly``."""
    from bot import messages
    from bot.rendering.intake import event_line

    with _keeping(settings.corpus) as intake:
        events = intake.history(article_id)
    if not events:
        fail(messages.never_there(article_id))
    if as_json:
        print_json([event.as_json() for event in events])
        return
    for event in events:
        show(event_line(event))


_NAMES = {"show_articles": "list", "show_one": "show"}


@contextmanager
def _keeping(corpus: str | None) -> Iterator[Intake]:
    """What keeps the articles of a collection, with a record of what is done."""
    from bot.cli import _settings
    from bot.collections import Collection
    from bot.intake import Actor, Intake

    settings = _settings(corpus)
    with recording(settings) as audit:
        yield Intake(settings, Collection.of(settings).required(), audit, Actor(this_user()))
