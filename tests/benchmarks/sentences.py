"""Sentence splitters against ours: how often right, how fast, how long to import.

    python -m tests.benchmarks.sentences

Each splitter is measured as it comes and, as "+ whole", with our rule on top that a quotation or
bracket is not cut. Judged are the cases of ``tests/sentence_cases.py`` (a case counts when each of
its sentences is right), the shipped article (each sentence, split by hand) and, where the
``squad2`` folder is there (``ONRECORD_SHARED``, else ``../shared``), the sentences that hold the
evidence; those were split by somebody's program, so that a full score there would be wrong.
A splitter that is not installed is left out.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import time
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.enclosures import enclosed
from corpus.sentences import split_sentences
from corpus.span import Span
from tests.sentence_cases import ARTICLE, CASES, gold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Splitter = Callable[[str], list[Span]]

ROOT = Path(__file__).parents[2]
SQUAD = Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared")) / "data" / "squad2"
POLICY = "whole quotations"


def _load(name: str) -> Any:
    return importlib.import_module(name)


def _placed(text: str, sentences: Iterable[str]) -> Iterator[Span]:
    at = 0
    for sentence in sentences:
        at = text.index(sentence, at)
        yield Span(at, at + len(sentence))
        at += len(sentence)


def _spacy() -> Splitter:
    nlp = _load("spacy").blank("en")
    nlp.add_pipe("sentencizer")
    return lambda text: [Span(sent.start_char, sent.end_char) for sent in nlp(text).sents]


def _pysbd() -> Splitter:
    segmenter = _load("pysbd").Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [Span(found.start, found.end) for found in segmenter.segment(text)]


def _blingfire() -> Splitter:
    split = _load("blingfire").text_to_sentences_and_offsets
    return lambda text: [Span(*found) for found in split(text)[1]]


def _syntok() -> Splitter:
    segmenter = _load("syntok.segmenter")

    def split(text: str) -> list[Span]:
        sentences = [list(found) for part in segmenter.analyze(text) for found in part]
        return [Span(s[0].offset, s[-1].offset + len(s[-1].value)) for s in sentences]

    return split


def _nupunkt() -> Splitter:
    split = _load("nupunkt").sent_spans
    return lambda text: [Span(*found) for found in split(text)]


def _sentencex() -> Splitter:
    split = _load("sentencex").segment
    return lambda text: list(_placed(text, split("en", text)))


# Name: the module whose import is timed, and what makes the splitter.
CANDIDATES: dict[str, tuple[str, Callable[[], Splitter]]] = {
    "ours": ("corpus.sentences", lambda: lambda text: list(split_sentences(text))),
    "spacy sentencizer": ("spacy", _spacy),
    "pysbd": ("pysbd", _pysbd),
    "blingfire": ("blingfire", _blingfire),
    "syntok": ("syntok.segmenter", _syntok),
    "nupunkt": ("nupunkt", _nupunkt),
    "sentencex": ("sentencex", _sentencex),
}


def stripped(split: Splitter) -> Splitter:
    """The same splitter, its sentences without white space at their ends."""

    def tidied(text: str) -> list[Span]:
        return [span for span in (found.stripped(text) for found in split(text)) if len(span)]

    return tidied


def whole(split: Splitter) -> Splitter:
    """The same splitter without its ends inside a quotation or a bracket."""

    def merged(text: str) -> list[Span]:
        opened, closed = enclosed(text, Span.whole(text))
        kept: list[Span] = []
        for span in split(text):
            at = kept[-1].end if kept else 0
            inside = bisect_left(opened, at) > bisect_left(closed, at)
            kept.append(Span(kept.pop().start, span.end) if kept and inside else span)
        return kept

    return merged


@dataclass(frozen=True, slots=True)
class Squad:
    """The articles' texts by id, and the sentences that hold the evidence."""

    texts: dict[str, str]
    evidence: frozenset[tuple[str, Span]]

    @classmethod
    def read(cls, folder: Path) -> Squad:
        lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
        articles = [json.loads(line) for line in lines]
        lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        evidence = [e for line in lines for e in json.loads(line)["evidence"]]
        return cls(
            {article["id"]: article["text"] for article in articles},
            frozenset((e["article_id"], Span(e["start"], e["end"])) for e in evidence),
        )

    def paragraphs(self) -> Iterator[tuple[str, int, str]]:
        for name, text in self.texts.items():
            for found in re.finditer(r"\S.*", text):
                yield name, found.start(), found.group()


def _cases_right(split: Splitter, *, policy: bool) -> float:
    cases = [
        gold(c) for group, listed in CASES.items() if (group == POLICY) == policy for c in listed
    ]
    right = [tuple(span.of(text) for span in split(text)) == parts for text, parts in cases]
    return sum(right) / len(right)


def _article_right(split: Splitter) -> float:
    """The share of the article's sentences that begin and end where they do by hand."""
    path = ROOT / "corpus/articles/paltrow-on-intimacy-coordinators.md"
    if not path.exists():
        return float("nan")
    body = path.read_text(encoding="utf-8").replace("*", "")
    paragraphs = [part.strip() for part in body.split("\n\n")]
    found = [span.of(part) for part in paragraphs for span in split(part)]
    edges = {(sentence[:12], sentence[-12:]) for sentence in found}
    return sum(edge in edges for edge in ARTICLE) / len(ARTICLE)


def _squad_right(split: Splitter, squad: Squad) -> tuple[float, float]:
    """The share of evidence that is one sentence exactly, and megabytes a second."""
    paragraphs = list(squad.paragraphs())
    started = time.perf_counter()
    results = [split(text) for _, _, text in paragraphs]
    seconds = time.perf_counter() - started
    found = {
        (name, span.shifted(start))
        for (name, start, _), spans in zip(paragraphs, results, strict=True)
        for span in spans
    }
    size = sum(len(text.encode()) for _, _, text in paragraphs)
    return len(found & squad.evidence) / len(squad.evidence), size / seconds / 1e6


def _import_ms(module: str) -> float:
    """The median of three fresh interpreters, the interpreter's own start taken off."""

    def took(code: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
        return time.perf_counter() - started

    return sorted(took(f"import {module}") - took("pass") for _ in range(3))[1] * 1000


def _print_row(name: str, split: Splitter, squad: Squad | None, import_ms: float) -> None:
    evidence, speed = _squad_right(split, squad) if squad else (float("nan"), float("nan"))
    print(
        f"{name:26}{_cases_right(split, policy=False):6.3f}"
        f"{_cases_right(split, policy=True):8.3f}{_article_right(split):9.3f}"
        f"{evidence:8.3f}{speed:7.1f}{import_ms:11.0f}"
    )


def main() -> None:
    squad = Squad.read(SQUAD) if SQUAD.exists() else None
    count = sum(map(len, CASES.values())) - len(CASES[POLICY])
    print(
        f"{count} cases, {len(CASES[POLICY])} of whole quotations; {len(ARTICLE)} sentences of the"
    )
    print(f"article; {len(squad.evidence) if squad else 0} evidence sentences; speed on squad2")
    print(f"{'':26} cases  quoted  article  squad2   MB/s  import ms")
    for name, (module, make) in CANDIDATES.items():
        try:
            split = stripped(make())
        except ImportError:
            print(f"{name:26}not installed, left out")
            continue
        import_ms = _import_ms(module)
        _print_row(name, split, squad, import_ms)
        if name != "ours":
            _print_row(f"{name} + whole", whole(split), squad, import_ms)


if __name__ == "__main__":
    main()
