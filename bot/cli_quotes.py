"""``onrecord quotes …``: who said what in any text, word for word."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from bot.console import FAILED, fail, print_json, say, show, told_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.quotes import Parser

quotes = typer.Typer(no_args_is_help=True, help="Find who said what in a text, word for word.")


class Form(StrEnum):
    """How a text is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


_SUFFIXES = {Form.TEXT: None, Form.MARKDOWN: ".md", Form.HTML: ".html"}

UseParser = Annotated[
    bool | None,
    typer.Option(
        "--parser/--no-parser",
        help="Insist on the optional parser, or do without. It is used where it is installed.",
        show_default=False,
    ),
]

_STDIN = "-"


@quotes.callback()
def _group() -> None:
    """Find who said what in a text, word for word."""


@quotes.command()
def extract(
    file: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="The text in UTF-8; - reads it from stdin.")
    ] = _STDIN,
    form: Annotated[
        Form, typer.Option("--format", help="How the text is written; plain if not told.")
    ] = Form.TEXT,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON list and nothing else.")
    ] = False,
    as_lines: Annotated[
        bool,
        typer.Option("--jsonl", help="Read lines of {id, text}, print lines of {id, quotes}."),
    ] = False,
    parser: UseParser = None,
) -> None:
    """List the direct quotations of one text, each with its speaker.

    Offsets in JSON count the characters of the text as it was given, without the marks.
    """
    from bot.extracting import extracted
    from bot.rendering.quotes import render_extracted

    with told_plainly():
        if as_lines:
            _extract_lines(file, _SUFFIXES[form], open_parser(parser))
            return
        text = _read(file)
        with _naming(_name(file)):
            found = extracted(text, _SUFFIXES[form], open_parser(parser))
        if as_json:
            print_json([one.as_json() for one in found])
        else:
            show(render_extracted(found))


def open_parser(wanted: bool | None) -> Parser | None:
    """The optional parser: ``None`` takes it where it is installed and works.

    Ends the command where it is wanted and cannot be had. Where it is installed and does not
    work, that is told, and everything works without.
    """
    from corpus.quotes import ParserMissingError, ParserUnavailableError, load_parser

    if wanted is False:
        return None
    try:
        return load_parser()
    except ParserUnavailableError as error:
        if wanted:
            fail(str(error))
        if not isinstance(error, ParserMissingError):
            say(f"{error}. Going on without the parser.")
    return None


def _extract_lines(file: str, suffix: str | None, parser: Parser | None) -> None:
    """Print the quotations of each line; a bad line is told on stderr, and the rest goes on."""
    failed = False
    with _opened(file) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    print_json(_extract_line(line, suffix, parser), indent=None)
                except _LineError as error:
                    say(f"Line {number} {error}.")
                    failed = True
    if failed:
        raise typer.Exit(FAILED)


class _LineError(Exception):
    """Why a line cannot be used; continues the sentence that its number begins."""


def _extract_line(line: bytes, suffix: str | None, parser: Parser | None) -> dict[str, Any]:
    from bot.extracting import extracted
    from corpus.errors import ArticleError

    row = _row(line)
    try:
        found = extracted(row["text"], suffix, parser)
    except ArticleError as error:
        raise _LineError(str(error)) from error
    return {"id": row["id"], "quotes": [one.as_json() for one in found]}


def _row(line: bytes) -> dict[str, Any]:
    """The object of a line, which has an ``id`` of any kind and a ``text``."""
    from corpus.errors import OversizeError
    from corpus.loader import MAX_BYTES

    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _LineError("is not in UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise _LineError(f"is not JSON ({error})") from error
    if not isinstance(row, dict) or "id" not in row:
        raise _LineError('is not an object with an "id" and a "text"')
    if not isinstance(row.get("text"), str):
        raise _LineError('has no "text", or one that is not a string')
    if len(row["text"]) > MAX_BYTES:
        raise _LineError(str(OversizeError(MAX_BYTES)))
    return row


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == _STDIN:
        yield sys.stdin.buffer
    else:
        with Path(file).open("rb") as opened:
            yield opened


def _read(file: str) -> str:
    """The text of ``file``. A byte order mark is no character of it; line ends stay as they are."""
    from corpus.errors import OversizeError
    from corpus.formats import decode
    from corpus.loader import MAX_BYTES

    with _opened(file) as opened:
        data = opened.read(MAX_BYTES + 1)
    with _naming(_name(file)):
        if len(data) > MAX_BYTES:
            raise OversizeError(MAX_BYTES)
        return decode(data)


def _name(file: str) -> str:
    return "the text on stdin" if file == _STDIN else f"the text in {file}"


@contextmanager
def _naming(what: str) -> Iterator[None]:
    """Let the reason why a text cannot be used begin with what it is."""
    from corpus.errors import ArticleError

    try:
        yield
    except ArticleError as error:
        fail(f"{what} {error}")
