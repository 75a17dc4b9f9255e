"""How commands print, and how they tell what went wrong."""

from __future__ import annotations

import json
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

out = Console()
err = Console(stderr=True)

FAILED = 1
"""Exit code where something could not be done; 2 is for a command that makes no sense."""
_INTERRUPTED = 130
"""As shells tell of a process that Ctrl-C ended: 128 and the number of SIGINT."""
_SURROGATE = re.compile("[\ud800-\udfff]")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn errors that a user can do something about into one sentence and an exit code."""
    from bot import messages
    from bot.errors import BotError
    from corpus.errors import CorpusError
    from index.errors import SearchIndexError

    try:
        yield
    except (BotError, CorpusError, SearchIndexError) as error:
        fail(str(error))
    except BrokenPipeError:
        raise  # nobody reads any more: nothing to tell
    except OSError as error:
        fail(messages.system_fault(error.filename, error.strerror or str(error)))
    except KeyboardInterrupt:
        say(messages.stopped())
        raise typer.Exit(_INTERRUPTED) from None


def fail(sentence: str) -> NoReturn:
    """Tell ``sentence`` on stderr and end the command."""
    from bot import messages

    say(messages.sentence(sentence))
    raise typer.Exit(FAILED)


def say(sentence: str) -> None:
    """Print ``sentence`` on stderr."""
    from bot.rendering.terminal import show as show_on
    from bot.rendering.terminal import visible

    show_on(err, visible(sentence))


def show(part: RenderableType) -> None:
    """Print ``part`` on stdout."""
    from bot.rendering.terminal import show as show_on

    show_on(out, part)


def print_json(value: object, *, indent: int | None = 2) -> None:
    """Print ``value`` on stdout as JSON; without ``indent`` on one line."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    # Halves of a character, which JSON may hold escaped, cannot be written in UTF-8.
    sys.stdout.write(_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", written) + "\n")
    sys.stdout.flush()  # a full disk is to be noticed here, and not when Python ends
