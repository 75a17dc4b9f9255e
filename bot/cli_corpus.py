"""``onrecord corpus …``: the collections, their versions, and what was done to them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console import fail, print_json, show, told_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.audit import Audit
    from bot.settings import Settings

corpus_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Corpus = Annotated[
    str | None, typer.Option("--corpus", metavar="NAME", help="The collection to work on.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


@corpus_group.callback()
def _group() -> None:
    """Keep the articles: collections, versions, and the record of what was done."""


@corpus_group.command()
def create(
    name: Annotated[str, typer.Argument(help="Small letters, digits, hyphens, underscores.")],
) -> None:
    """Make a collection: a corpus of its own, with no articles yet."""
    from bot import messages
    from bot.audit import Act
    from bot.collections import Collection
    from bot.settings import load_settings

    with told_plainly():
        settings = load_settings()
        collection = Collection.of(settings, name)
        if not collection.make():
            fail(messages.collection_exists(name))
        with recording(settings) as audit:
            audit.add(Act(name, "create", "done"))
        show(messages.collection_made(name, str(collection.articles)))


@corpus_group.command()
def collections(as_json: _Json = False) -> None:
    """List the collections, with their folders of articles."""
    from bot.collections import Collection, names
    from bot.settings import load_settings

    with told_plainly():
        settings = load_settings()
        found = {name: Collection.of(settings, name) for name in names(settings)}
        if as_json:
            print_json(
                [
                    {"name": name, "articles_folder": str(one.articles.absolute())}
                    for name, one in found.items()
                ]
            )
            return
        for name, one in found.items():
            show(f"{name}  {one.articles}")


@corpus_group.command()
def history(
    limit: Annotated[int, typer.Option("--limit", min=1, help="Acts to show at most.")] = 20,
    corpus: Corpus = None,
    as_json: _Json = False,
) -> None:
    """Tell what was done to a collection: who, what, when, and what came of it."""
    from bot import messages
    from bot.cli import _settings
    from bot.rendering.corpus import act_line

    with told_plainly():
        settings = _settings(corpus)
        with recording(settings) as audit:
            acts = audit.acts(settings.corpus, limit)
        if as_json:
            print_json([act.as_json() for act in acts])
        elif acts:
            for act in acts:
                show(act_line(act))
        else:
            show(messages.no_acts())


@contextmanager
def recording(settings: Settings) -> Iterator[Audit]:
    """The record of administrative acts, open."""
    from bot.audit import Audit
    from bot.ledger import Ledger

    ledger = Ledger(settings.home / "ledger.db")
    try:
        yield Audit(ledger)
    finally:
        ledger.close()
