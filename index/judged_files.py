"""Reading the files of a judged set: articles, and what people judged of them, a JSON line each."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from corpus.article import Article, Metadata
from corpus.errors import ArticleError
from corpus.formats import parse_plain, parse_text
from index.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.formats import Document
    from corpus.text import OffsetMap

    Documents = dict[str, tuple[Article, OffsetMap]]

_SUFFIXES = {"markdown": ".md", "html": ".html"}


def read_articles(folder: Path) -> Documents:
    """By id, each article of ``articles.jsonl`` with the map to its text as the file has it.

    An article may name its ``format``: ``text`` (if it does not), ``markdown``, ``html``.

    Raises:
        EvaluationError: naming the file and line that does not fit.
    """
    documents: Documents = {}
    for place, row in rows(folder / "articles.jsonl"):
        with naming(place):
            documents[row["id"]] = _article(row)
    return documents


def rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each line of a file of JSON lines with its place, for messages.

    Raises:
        EvaluationError: if the file or a line cannot be read.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                place = f"{path}, line {number}"
                if line.strip():
                    with naming(place):
                        yield place, dict(json.loads(line))
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"{path} cannot be read ({error}); see README.md for its form"
        ) from error


@contextmanager
def naming(place: str) -> Iterator[None]:
    """Turn what is wrong with a line into an ``EvaluationError`` that names the line."""
    try:
        yield
    except KeyError as error:
        raise EvaluationError(f"{place}: {error} is missing") from error
    except (ArticleError, ValueError, TypeError, AttributeError) as error:
        raise EvaluationError(f"{place}: {error}") from error


def _article(row: dict[str, Any]) -> tuple[Article, OffsetMap]:
    document = _parse(row["text"], row.get("format", "text"), row.get("title"))
    known = {name: row.get(name) for name in ("url", "outlet", "author", "published")}
    title = row.get("title") or document.title or row["id"]
    metadata = Metadata(**known)
    return Article(row["id"], title, document.text, document.blocks, metadata), document.map


def _parse(text: str, form: str, title: str | None) -> Document:
    if form == "text":
        return parse_plain(text, title)
    return parse_text(text, _SUFFIXES[form])
