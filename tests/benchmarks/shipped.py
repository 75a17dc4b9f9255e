"""Writes the shipped articles and their judged questions as a folder for ``onrecord evaluate``.

python -m tests.benchmarks.shipped FOLDER && onrecord evaluate FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.settings import SHIPPED_ARTICLES
from corpus.formats import parse_text
from corpus.span import Span

QUESTIONS = Path(__file__).parent.parent / "data" / "questions.jsonl"


def main() -> None:
    """Write ``articles.jsonl`` and ``questions.jsonl`` into the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    sources = {path.stem: path.read_text("utf-8") for path in SHIPPED_ARTICLES.glob("*.md")}
    documents = {id_: parse_text(source, ".md") for id_, source in sources.items()}
    articles = [
        {"id": id_, "title": documents[id_].title, "text": source, "format": "markdown"}
        for id_, source in sources.items()
    ]
    questions = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    for question in questions:
        for place in question["evidence"]:
            document = documents[place["article_id"]]
            start = document.text.index(place["quote"])
            span = document.map.to_source(Span(start, start + len(place["quote"])))
            place |= {"start": span.start, "end": span.end}
    for name, rows in (("articles", articles), ("questions", questions)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")


if __name__ == "__main__":
    main()
