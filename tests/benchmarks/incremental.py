"""What one changed article costs in a corpus of many, against indexing all of it.

    python -m tests.benchmarks.incremental [--articles 1000] [--passages 6]

The articles are synthetic, the model is the real one, and both builds run as they do for users:
each in a process of its own, started, loaded and ended within the time that is told.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from bot.building import Builds
from bot.settings import Settings
from index.models import open_embedder
from tests.benchmarks import synthetic


def write_articles(folder: Path, articles: int, passages: int) -> None:
    """Markdown files of so many paragraphs, each of about a passage."""
    folder.mkdir(parents=True)
    texts = list(synthetic.passages(articles * passages))
    for number in range(articles):
        body = "\n\n".join(texts[number * passages : (number + 1) * passages])
        (folder / f"a{number:06}.md").write_text(f"# Article {number}\n\n{body}\n", "utf-8")


def change(folder: Path, number: int) -> None:
    """One more sentence at the end of an article."""
    path = folder / f"a{number:06}.md"
    path.write_text(f"{path.read_text('utf-8').rstrip()} One more sentence stands here.\n", "utf-8")


def _timed(settings: Settings, *, full: bool = False) -> tuple[dict[str, Any], float]:
    started = time.perf_counter()
    built = asyncio.run(Builds(settings, threads=0).build("main", "benchmark", full=full))
    return built, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--passages", type=int, default=6)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        home, folder = Path(place) / "home", Path(place) / "articles"
        write_articles(folder, chosen.articles, chosen.passages)
        settings = Settings(_env_file=None, home=home, articles=folder)  # type: ignore[call-arg]
        open_embedder(home=home)  # exported before the clock starts
        built, whole = _timed(settings)
        print(f"all: {built['passages']} passages, {built['embedded']} embedded, {whole:.1f} s")
        for number in (3, chosen.articles // 2):
            change(folder, number)
            built, one = _timed(settings)
            told = f"{built['embedded']} embedded, {one:.2f} s, 1/{whole / one:.0f} of all"
            print(f"one article changed: {built['passages']} passages, {told}", flush=True)


if __name__ == "__main__":
    main()
