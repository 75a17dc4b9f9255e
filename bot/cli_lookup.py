"""``onrecord quote``, ``whosaid`` and ``speakers``: quotations looked up from the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.console import FAILED, fail, print_json, say, show, told_plainly

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.service import Service

T = TypeVar("T")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def quote(
    speaker: Annotated[
        str, typer.Option(help="Who said it: a name, an alias or a role such as mayor.")
    ] = "",
    about: Annotated[str, typer.Option(help="What about, in a few words.")] = "",
    article: Annotated[str, typer.Option(help="Title or id of the article.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=25, help="Quotations to show at most.")] = 5,
    offset: Annotated[int, typer.Option(min=0, help="Quotations to pass over first.")] = 0,
    as_json: Json = False,
) -> None:
    """Show who said what, word for word."""
    from bot.conversation import Lookup, QuoteRequest
    from bot.rendering.json import quotes_as_json
    from bot.rendering.lookups import render_quotes

    request = QuoteRequest(speaker, about, article, limit, offset)
    with told_plainly():
        reply = _served(lambda service: service.quote(request))
        if reply.kind is Lookup.PROBLEM:
            fail(reply.lead)
        unknown = not reply.items and reply.kind is not Lookup.NO_QUOTES and not reply.total
        if as_json:
            print_json(quotes_as_json(reply))
        elif unknown:
            say(reply.lead)
        else:
            show(render_quotes(reply))
    if unknown:
        raise typer.Exit(FAILED)


def whosaid(
    text: Annotated[
        str,
        typer.Argument(metavar="TEXT", help="What was said, in quotes; - reads it from stdin."),
    ],
    as_json: Json = False,
) -> None:
    """Tell whether words are a quotation of the articles, and whose."""
    from bot.cli import _read_stdin
    from bot.conversation import WhosaidRequest
    from bot.quoting import check
    from bot.rendering.json import whosaid_as_json
    from bot.rendering.lookups import render_whosaid

    with told_plainly():
        given = _read_stdin() if text == "-" else text
        check(given)  # what cannot be judged is refused before anything is loaded
        reply = _served(lambda service: service.whosaid(WhosaidRequest(given)))
        if reply.verdict is None:
            fail(reply.lead)
        elif as_json:
            print_json(whosaid_as_json(reply))
        else:
            show(render_whosaid(reply))


def speakers(as_json: Json = False) -> None:
    """List who is quoted, how often, and in which articles."""
    from bot.conversation import Lookup, SpeakersRequest
    from bot.quoting import ALL_SPEAKERS
    from bot.rendering.json import speakers_as_json
    from bot.rendering.lookups import render_speakers

    with told_plainly():
        reply = _served(lambda service: service.speakers(SpeakersRequest(limit=ALL_SPEAKERS)))
        if reply.kind is Lookup.PROBLEM:
            fail(reply.lead)
        elif as_json:
            print_json(speakers_as_json(reply))
        else:
            show(render_speakers(reply))


def _served(asked: Callable[[Service], Awaitable[T]]) -> T:
    """What the service answers, with an index to answer from."""
    import asyncio

    from bot.cli import _running

    async def run(service: Service) -> T:
        return await asked(service)

    with _running() as running:
        return asyncio.run(run(running.service))
