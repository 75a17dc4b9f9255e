"""Small corpora, and indexes made from them as users' are, for the tests of ``index``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.article import Article, Block, BlockKind, Metadata
from corpus.library import Library
from corpus.loader import Loaded, Problem
from corpus.span import Span
from index.build import Builder
from index.snapshot import open_current
from index.versions import Versions
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from index.build import Built
    from index.embedder import Embedder
    from index.snapshot import Snapshot

ROOT = Path(__file__).parent.parent
FOLDER = Path("articles")
"""Where the articles are said to be; nothing reads them from there."""

FILMS = (
    "The director spoke about Marty Supreme. The film cost 70 million dollars.",
    "An intimacy coordinator works with the actors.",
)
BIRDS = ("Storks nest on chimneys in Alsace. They return in March.",)


def article(id_: str, *paragraphs: str, title: str = "", **metadata: str) -> Article:
    """An article of ``paragraphs``; one that begins with ``#`` is a heading of level 2."""
    blocks: list[Block] = []
    text = ""
    for given in paragraphs:
        words = given.removeprefix("# ")
        start = len(text) + 2 if text else 0
        text = f"{text}\n\n{words}" if text else words
        heading = words != given
        kind = BlockKind.HEADING if heading else BlockKind.PARAGRAPH
        blocks.append(Block(Span(start, start + len(words)), kind, 2 if heading else 0))
    return Article(id_, title, text, tuple(blocks), Metadata(**metadata), f"{id_}.md")


def loaded(*articles: Article, problems: tuple[Problem, ...] = ()) -> Loaded:
    """A folder that holds ``articles``."""
    return Loaded(Library.of(articles), problems)


def small() -> Loaded:
    """Two articles, one of two paragraphs and one of one."""
    return loaded(article("birds", *BIRDS), article("films", *FILMS, title="On set"))


def numbered(count: int, *, start: int = 0) -> Loaded:
    """``count`` articles of one passage each, no two of them alike."""
    return loaded(
        *(
            article(f"a{number:04}", f"The number {number} stands in article {number}.")
            for number in range(start, start + count)
        )
    )


def build(
    folder: Path, corpus: Loaded, embedder: Embedder | None = None, *, full: bool = False
) -> Built:
    """Bring the index in ``folder`` up to date with ``corpus``."""
    return Builder(Versions(folder), embedder or HashEmbedder()).build(corpus, FOLDER, full=full)


def contents(folder: Path) -> dict[str, bytes]:
    """All files below ``folder``."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def start_building(folder: Path, *arguments: object) -> subprocess.Popen[str]:
    """Run ``tests.building`` on ``folder`` in a process of its own."""
    command = [sys.executable, "-m", "tests.building", folder, *arguments]
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def snapshot_of(folder: Path, *articles: Article) -> tuple[Snapshot, HashEmbedder]:
    """An index of ``articles`` in ``folder``, open, and the embedder that it was made with."""
    embedder = HashEmbedder(256)
    build(folder, loaded(*articles), embedder)
    return open_current(Versions(folder)), embedder
