"""``onrecord corpus corrections``: how corrections of earlier answers stand, and would stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_corpus import Corpus  # noqa: TC001 - typer looks at it
from bot.console import print_json, show, told_plainly

if TYPE_CHECKING:
    from bot.corrections.comparing import Touched
    from bot.corrections.ledger import CorrectionLedger
    from bot.ledger import Ledger
    from bot.settings import Settings


def corrections(
    preview: Annotated[
        bool, typer.Option("--preview", help="Tell what a reindex now would have corrected.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Messages to list at most.")] = 20,
    corpus: Corpus = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object and nothing else.")
    ] = False,
) -> None:
    """List the corrections of earlier answers: told, still to be told, and not to be told."""
    from bot.cli import _settings
    from bot.corrections.ledger import CorrectionLedger
    from bot.ledger import Ledger

    with told_plainly():
        settings = _settings(corpus)
        ledger = Ledger(settings.home / "ledger.db")
        try:
            kept = CorrectionLedger(ledger)
            if preview:
                _tell_preview(_touched(settings, ledger, kept), limit, as_json=as_json)
            else:
                _tell(kept, settings.corpus, limit, as_json=as_json)
        finally:
            ledger.close()


def _touched(settings: Settings, ledger: Ledger, kept: CorrectionLedger) -> list[Touched]:
    from bot.collections import Collection
    from bot.corrections import comparing
    from corpus.loader import load_folder

    collection = Collection.of(settings).required()
    corpus = comparing.Corpus.of_library(load_folder(collection.articles).library)
    on_disk = comparing.OnDisk(collection.versions)
    return comparing.touched(kept, collection.name, corpus, ledger.wishes, on_disk)


def _tell_preview(found: list[Touched], limit: int, *, as_json: bool) -> None:
    from bot import messages
    from bot.rendering.corpus import touched_as_json, touched_lines

    if as_json:
        print_json({"touched": len(found), "answers": [touched_as_json(one) for one in found]})
        return
    show(messages.would_correct(len(found)))
    for one in found[:limit]:
        for line in touched_lines(one):
            show(line)


def _tell(kept: CorrectionLedger, collection: str, limit: int, *, as_json: bool) -> None:
    from bot import messages
    from bot.rendering.corpus import correction_as_json, correction_line, summary_as_json

    summaries, tasks = kept.summaries(collection, limit=5), kept.tasks(collection, limit)
    if as_json:
        found: dict[str, Any] = {
            "versions": [summary_as_json(one) for one in summaries],
            "messages": [correction_as_json(one) for one in tasks],
        }
        print_json(found)
        return
    if not summaries:
        show(messages.no_corrections())
    for summary in summaries:
        show(f"{summary.version}  {messages.corrections(summary)}")
    for task in tasks:
        show(correction_line(task))
