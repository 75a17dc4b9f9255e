"""``onrecord corpus …``: the collections, their versions, and what was done to them."""

from __future__ import annotations

import getpass
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
            audit.add(Act(name, "create", "done", name=this_user()))
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
    article: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Tell what was done to this article.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Acts to show at most.")] = 20,
    corpus: Corpus = None,
    as_json: _Json = False,
) -> None:
    """Tell what was done to a collection: who, what, when, and what came of it."""
    from bot import messages
    from bot.cli import _settings
    from bot.cli_intake import tell_past
    from bot.rendering.corpus import act_line

    with told_plainly():
        settings = _settings(corpus)
        if article is not None:
            tell_past(settings, article, as_json=as_json)
            return
        with recording(settings) as audit:
            acts = audit.acts(settings.corpus, limit)
        if as_json:
            print_json([act.as_json() for act in acts])
        elif acts:
            for act in acts:
                show(act_line(act))
        else:
            show(messages.no_acts())


@corpus_group.command()
def versions(corpus: Corpus = None, as_json: _Json = False) -> None:
    """List the versions that can be gone back to, newest first."""
    from bot import messages
    from bot.cli import _settings
    from bot.collections import Collection
    from bot.rendering.corpus import version_line
    from bot.versioning import versions_of

    with told_plainly():
        found = versions_of(Collection.of(_settings(corpus)))
        if as_json:
            print_json([one.as_json() for one in found])
        elif found:
            for one in found:
                show(version_line(one))
        else:
            show(messages.no_index_yet())


@corpus_group.command()
def rollback(
    version: Annotated[
        str, typer.Argument(help="The version, or how its name begins; else the one before.")
    ] = "",
    corpus: Corpus = None,
    as_json: _Json = False,
) -> None:
    """Go back to an earlier version, at once. The articles are left as they are."""
    from bot import messages
    from bot.audit import Act
    from bot.cli import _open_embedder, _settings
    from bot.collections import Collection
    from bot.versioning import held, roll_back
    from index.manifest import Recipe

    with told_plainly():
        settings = _settings(corpus)
        recipe = Recipe.of(_open_embedder(settings))
        chosen = roll_back(Collection.of(settings), version, recipe)
        with recording(settings) as audit:
            audit.add(Act(settings.corpus, "rollback", "done", chosen.name, name=this_user()))
        if as_json:
            print_json(chosen.as_json())
        else:
            is_held = bool(held(Collection.of(settings)))
            show((messages.gone_back if is_held else messages.in_use)(chosen.name))


@corpus_group.command()
def config(
    schedule: Annotated[
        str | None, typer.Option(help="When to reindex, in cron form; '' for never.")
    ] = None,
    on_change: Annotated[
        bool | None, typer.Option(help="Reindex when the folder of articles has changed.")
    ] = None,
    admit: Annotated[
        str | None, typer.Option(help="A server that may have it, such as discord:1234.")
    ] = None,
    corpus: Corpus = None,
) -> None:
    """Show the settings of a collection as JSON, and change those that are given."""
    from dataclasses import asdict, replace

    from bot.audit import Act
    from bot.cli import _settings
    from bot.collection_settings import CollectionSettings
    from bot.collections import Collection

    with told_plainly():
        settings = _settings(corpus)
        collection = Collection.of(settings)
        held = CollectionSettings.of(collection, settings)
        given = {"schedule": schedule, "on_change": on_change}
        changes = {name: value for name, value in given.items() if value is not None}
        wanted = replace(held, **changes)  # type: ignore[arg-type]
        if admit:
            wanted = wanted.admitting(admit)
        if wanted != held:
            wanted.write(collection)
            with recording(settings) as audit:
                details = f"{changes or ''} {admit or ''}".strip()
                audit.add(Act(collection.name, "config", "done", details, name=this_user()))
        print_json(asdict(wanted))


def this_user() -> str:
    """Who runs this command, as the system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"


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
