"""The command line: ``onrecord …``. What is heavy is imported by the command that needs it."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_chat import preview, serve
from bot.cli_corpus import Corpus, corpus_group, recording
from bot.cli_corrections import corrections
from bot.cli_intake import register_intake
from bot.cli_lookup import quote, speakers, whosaid
from bot.cli_quotes import UseParser, open_parser, quotes
from bot.cli_slack import slack
from bot.console import FAILED, err, fail, out, print_json, say, show, told_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.app import App
    from bot.building import Builds
    from bot.planning import Plan
    from bot.settings import Settings
    from index.build import Progress
    from index.embedder import Embedder
    from index.evaluate import Evaluation, JudgedSet, Outcome

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(quotes, name="quotes")
register_intake(corpus_group)
app.add_typer(slack, name="slack")
app.add_typer(corpus_group, name="corpus")
corpus_group.command()(corrections)

_MOST_READ = 4 << 20
"""Bytes read from stdin at most; a question may have far fewer."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10, help="Sentences to show at most.")]


def main() -> None:
    """Run the command line."""
    app()


def _tell_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"onrecord {version('onrecord')}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_tell_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Answers from a corpus of articles, in the articles' own words, each with its citation."""


@app.command()
def ask(
    question: Annotated[
        str,
        typer.Argument(metavar="QUESTION", help="The question, in quotes; - reads it from stdin."),
    ],
    limit: Limit = 3,
    corpus: Corpus = None,
    as_json: Json = False,
) -> None:
    """Answer one question."""
    import asyncio

    from bot.asking import clean
    from bot.conversation import Question
    from bot.rendering.json import answer_as_json
    from bot.rendering.terminal import render

    with told_plainly():
        text = _read_stdin() if question == "-" else question
        clean(text)  # what cannot be asked is refused before anything is loaded
        with _running(corpus) as running:
            asked = Question(text, limit=limit, collection=running.settings.corpus)
            reply = asyncio.run(running.service.ask(asked))
        if reply.answer is None:
            fail(reply.lead)
        elif as_json:
            print_json(answer_as_json(reply.answer))
        else:
            show(render(reply))


@app.command()
def chat(corpus: Corpus = None) -> None:
    """Ask and ask back, in a conversation."""
    import asyncio

    from bot.adapters.terminal import chat as converse

    with told_plainly(), _running(corpus) as running:
        articles = running.live.snapshot().manifest.counts["articles"]
        settings = running.settings
        asyncio.run(converse(running.service, out, settings.home, articles, settings.corpus))


app.command()(quote)
app.command()(whosaid)
app.command()(speakers)
app.command()(serve)
app.command()(preview)


@app.command()
def reindex(
    full: Annotated[bool, typer.Option("--full", help="Embed everything anew.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would change, and change nothing.")
    ] = False,
    corpus: Corpus = None,
    as_json: Json = False,
) -> None:
    """Bring the index up to date with the articles.

    Only what changed is embedded. It may be stopped at any moment and goes on there the next time.
    """
    import asyncio

    from bot.building import Builds
    from index.manifest import Recipe

    with told_plainly():
        settings = _settings(corpus)
        builds = Builds(settings, threads=0)
        recipe = Recipe.of(_open_embedder(settings))  # prepares the model, if it has to be
        if dry_run:
            _tell_plan(asyncio.run(builds.plan(settings.corpus, recipe)), as_json=as_json)
            return
        built = asyncio.run(_built(builds, settings, full=full))
        if as_json:
            print_json(built)
        else:
            _tell_problems(built)
            _tell_built(built)


async def _built(builds: Builds, settings: Settings, *, full: bool) -> dict[str, Any]:
    """Build in a process of its own, and record what came of it."""
    from bot import messages
    from bot.audit import Act
    from bot.cli_corpus import this_user
    from bot.errors import BuildError

    with recording(settings) as audit:
        who = this_user()
        try:
            with _indexing() as progress:
                built = await builds.build(settings.corpus, who, progress, full=full)
        except BuildError as error:
            audit.add(Act(settings.corpus, "reindex", str(error), name=who))
            raise
        audit.add(Act(settings.corpus, "reindex", messages.built(built), name=who))
        return built


@app.command()
def status(corpus: Corpus = None, as_json: Json = False) -> None:
    """Tell what is indexed and where it lies."""
    from bot.corpus_admin import status as find_status
    from bot.rendering.terminal import render_status

    with told_plainly():
        found = find_status(_settings(corpus))
        if as_json:
            print_json(found.as_json())
        else:
            show(render_status(found))
    if found.fault:
        raise typer.Exit(FAILED)


@app.command()
def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="Holds articles.jsonl with questions.jsonl, quotes.jsonl or both.",
        ),
    ],
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first so many.")] = None,
    details: Annotated[Path | None, typer.Option(help="Write a JSON line a question here.")] = None,
    parser: UseParser = None,
    as_json: Json = False,
) -> None:
    """Measure the answers on judged questions, and the quotations on judged ones.

    In a temporary index; the one in use is left alone.
    """
    from bot.rendering.terminal import render_figures
    from index.evaluate import JudgedSet
    from index.evaluate_quotes import measure

    with told_plainly():
        settings = _settings()
        judged = JudgedSet.read(folder, limit)
        if details is not None:
            details.open("a").close()  # better refused now than after an hour
        figures: dict[str, float | int | None] = {"articles": len(judged.library)}
        outcomes: tuple[Outcome, ...] = ()
        if judged.questions or not judged.quoting:
            evaluation = _ask_all(judged, settings)
            figures, outcomes = evaluation.figures(), evaluation.outcomes
        if judged.quoting:
            reader = open_parser(parser)
            with _bar() as bar:
                figures |= measure(judged.quoting, reader, bar).figures()
        if as_json:
            print_json(figures)
        else:
            show(render_figures(figures))
        if details is not None:
            lines = (json.dumps(one.details(), ensure_ascii=False) for one in outcomes)
            details.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def _ask_all(judged: JudgedSet, settings: Settings) -> Evaluation:
    from tempfile import TemporaryDirectory

    from index.evaluate import evaluate as measure

    embedder = _open_embedder(settings)
    with TemporaryDirectory(prefix="onrecord-") as home, _bar() as bar:
        return measure(judged, embedder, Path(home), bar)


@contextmanager
def _running(corpus: str | None = None) -> Iterator[App]:
    """A running bot with an index to answer from."""
    from bot.app import App
    from bot.corpus_admin import articles_changed, built_as_json

    settings = _settings(corpus)
    with _preparing() as preparing:
        running = App.build(settings, preparing)
    try:
        with _indexing() as progress:
            built = running.ensure_index(progress, say)
        if built is not None:
            _tell_problems(built_as_json(built))
        elif change := articles_changed(settings):
            say(change)
        yield running
    finally:
        running.service.close()


def _open_embedder(settings: Settings) -> Embedder:
    from index.models import open_embedder

    with _preparing() as preparing:
        return open_embedder(settings.model, settings.device, home=settings.home, status=preparing)


def _settings(corpus: str | None = None) -> Settings:
    """The settings, with the collection to work on in them."""
    from bot.app import configure_logging
    from bot.collections import Collection
    from bot.settings import load_settings

    settings = load_settings().on(corpus)
    Collection.of(settings).required()
    configure_logging(settings.log_level)
    return settings


def _read_stdin() -> str:
    return sys.stdin.buffer.read(_MOST_READ).decode("utf-8", "replace")


def _tell_problems(built: dict[str, Any]) -> None:
    from bot import messages

    for problem in built["problems"]:
        say(messages.unread(problem["source"], problem["reason"]))


def _tell_built(built: dict[str, Any]) -> None:
    from bot import messages

    show(messages.built(built))


def _tell_plan(plan: Plan, *, as_json: bool) -> None:
    from bot.rendering.corpus import plan_lines

    if as_json:
        print_json(plan.as_json())
    else:
        for line in plan_lines(plan):
            show(line)


@contextmanager
def _preparing() -> Iterator[Callable[[str], None]]:
    """A spinner while a model is prepared, lines in a log; nothing if there is nothing to do."""
    if not err.is_terminal:
        yield say
        return
    from rich.text import Text

    spinner = err.status("")

    def tell(what: str) -> None:
        spinner.update(Text(what))
        spinner.start()

    try:
        yield tell
    finally:
        spinner.stop()


@contextmanager
def _indexing() -> Iterator[Callable[[Progress], None]]:
    with _bar() as bar:
        yield lambda state: bar("Indexing", state.done, state.total)


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar that appears when it is first told something, on a terminal only."""
    from rich.progress import Progress as Bar

    with Bar(console=err, transient=True, disable=not err.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield tell
