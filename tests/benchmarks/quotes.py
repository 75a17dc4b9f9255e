"""Measure quotation extraction on the judged sets: ``python -m tests.benchmarks.quotes``.

Prints, with and without the parser, for ``quotes_hard`` (all fields) and ``gum_news`` (found,
speakers, pronouns, precision over coverage, speed). The folder is ``ONRECORD_SHARED``, else
``../shared`` beside the checkout.

Judged spans, names and words are taken as ``index.evaluate_quotes`` and ``index.quote_scores``
describe, with one difference: found quotations that overlap no judged one are left out, as the
annotation of ``gum_news`` does not list every quotation and most of them are right.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.quotes import ParserUnavailableError, extract, load_parser
from index.evaluate_quotes import measure, read_quotes
from index.judged_files import read_articles
from index.quote_scores import matched, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotes import Parser, Quote

_COVERAGE = 0.85


def shared_folder() -> Path:
    """The folder of the judged data, which may not exist."""
    beside = Path(__file__).resolve().parents[2].parent / "shared"
    return Path(os.environ.get("ONRECORD_SHARED", beside))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def hard(folder: Path, parser: Parser | None) -> tuple[int, int, int, int]:
    """Cases right in all fields, cases, non-speech spans taken for quotations, such spans."""
    right = taken = spans = 0
    cases = _lines(folder / "quotes_hard" / "cases.jsonl")
    for case in cases:
        text = case["text"]
        found = extract(text, parser=parser)
        want = [
            (q["start"], q["end"], q["speaker"].removeprefix("NP:"), q["speaker_text"], q["cue"])
            for q in case["quotes"]
        ]
        got = [(q.span.start, q.span.end, q.speaker, _surface(q, text), q.cue) for q in found]
        right += got == want
        spans += len(case["not_speech"])
        taken += sum(
            (q.span.start, q.span.end) == tuple(span) for q in found for span in case["not_speech"]
        )
    return right, len(cases), taken, spans


def _surface(quote: Quote, text: str) -> str:
    return quote.speaker_span.of(text) if quote.speaker_span else ""


def gum(folder: Path, parser: Parser | None) -> dict[str, float]:
    """The figures of the ``gum_news`` set."""
    articles = folder / "gum_news"
    documents = read_articles(articles)
    measured = measure(read_quotes(articles / "quotes.jsonl", documents), parser).judged_only()
    scores = score(measured.texts)
    golds = [one for _, judged, _ in measured.texts for one in judged]
    spoken = [one for one in golds if one.attributed]
    pairs = [
        pair for text, judged, found in measured.texts for pair in matched(judged, found, text)
    ]
    heard = [pair for pair in pairs if pair.judged.attributed]
    pronouns = [one for one in spoken if one.pronoun]
    shown = sorted(
        (pair for pair in heard if pair.found.speaker is not None),
        key=lambda pair: -pair.found.confidence,
    )
    cut = shown[: max(1, round(_COVERAGE * len(spoken)))]
    return {
        "judged quotations": len(golds),
        "F1, of judged quotations": scores.quote_f1,
        "exact F1": scores.quote_exact_f1,
        "found and right person": scores.speaker_canonical,
        "pronoun speakers": len(pronouns),
        "pronoun speakers resolved": sum(pair.right_person for pair in heard if pair.judged.pronoun)
        / max(1, len(pronouns)),
        "speakers shown": len(shown) / len(spoken),
        "precision of all shown": scores.speaker_precision,
        "precision at 85 % coverage": sum(pair.right_person for pair in cut) / len(cut),
        "right words": scores.speaker_surface,
        "words per CPU second": measured.words / measured.cpu_seconds,
    }


def main(arguments: Sequence[str]) -> None:
    """Print all figures."""
    folder = Path(arguments[0]) if arguments else shared_folder() / "data"
    parsers: list[tuple[str, Parser | None]] = [("without a parser", None)]
    try:
        parsers.append(("with a parser", load_parser()))
    except ParserUnavailableError as missing:
        print(missing)
    for name, parser in parsers:
        right, cases, taken, spans = hard(folder, parser)
        print(f"{name}\n  quotes_hard: {right} of {cases} right in all fields")
        print(f"  quotes_hard: {taken} of {spans} non-speech spans taken for quotations")
        for label, value in gum(folder, parser).items():
            shown = f"{value:.3f}" if 0 <= value <= 1 else f"{value:,.0f}"
            print(f"  gum_news: {label}: {shown}")


if __name__ == "__main__":
    main(sys.argv[1:])
