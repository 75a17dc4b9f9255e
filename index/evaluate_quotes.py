"""How well quotations and their speakers are found, measured on a judged ``quotes.jsonl``.

Each line has ``article_id``, ``start`` and ``end`` (characters of the article's text in
``articles.jsonl``), ``speaker`` (the words that name the speaker), ``speaker_resolved`` (who that
is), and may have ``speaker_is_pronoun``, ``type`` and ``nested``. How they are counted:

- ``type``: ``direct`` (if there is none) and ``mixed`` count, ``indirect`` does not.
- ``nested``: what is true there does not count; a quotation inside another is its child.
- Marks and edges: a span that fills the space between two marks, with them or without, is the
  quotation. Annotations of discourse units stop in the middle of a quotation, begin with the words
  that report it ("that he …") or cover a part of it: such a span is brought to the words between
  double marks that it overlaps most, and several spans of one quotation become one. What overlaps
  no marks stays as it is if direct, and does not count if mixed.
- Who says it: a unit that begins inside its quotation tells what the speaker attributes to another
  ("I think …"), and a line without ``speaker`` and ``speaker_resolved`` tells nothing. Such a
  quotation counts as one to find and to attribute (``speaker_surface`` and ``speaker_canonical``
  are shares of all judged ones); in ``speaker_precision`` and ``speaker_coverage`` it does not.
- Short ones: quotations under five words do not count, judged or found.
- Lists of sources: a title in marks before a dash and a line that ends in a year is none.
- Found but not judged: counts against ``quote_precision`` and ``quote_f1``, which are lower bounds
  where a file does not list every quotation of its articles; ``quotes_unjudged`` tells how many
  overlap none that is judged, and ``quote_f1_judged`` is F1 without these.

Which spans, names and words are taken for the same: see ``index.quote_scores``.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from corpus.article import BlockKind
from corpus.quotes import extract
from corpus.span import Span
from index.judged_files import naming, rows
from index.quote_scores import JudgedQuote, score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from corpus.article import Article
    from corpus.quotes import Parser, Quote
    from index.judged_files import Documents

_LEAST_WORDS = 5
_TYPES = frozenset({"direct", "mixed", "indirect"})
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_DOUBLE, _SINGLE = '"“”„«»‹›', "'‘’‚"
_CLOSES = {'"': '"', "“": '”"', "„": "“”"}
_TEXT = r"[^\"“”„\n]+"
_MARKED = re.compile(rf"[\"“„]\s?(?=\S)({_TEXT}(?:\n\n{_TEXT}(?=[\"”“]))?)(?:[\"”“]|(?=\n\n)|$)")
_SOURCE_LINE = re.compile(r"[\"”] [—–-] .*\d{4}$")


@dataclass(frozen=True, slots=True)
class JudgedQuotes:
    """An article with the quotations that count in it."""

    article: Article
    quotes: tuple[JudgedQuote, ...]


@dataclass(frozen=True, slots=True)
class Annotation:
    """A line of ``quotes.jsonl``.

    Attributes:
        unit: the judged span in the text that is measured on.
        kind: ``direct`` or ``mixed``.
        speaker: who it is, or ``None``.
        speaker_text: the words that name the speaker, or "".
        pronoun: whether those are a pronoun.
    """

    unit: Span
    kind: str = "direct"
    speaker: str | None = None
    speaker_text: str = ""
    pronoun: bool = False


def read_quotes(path: Path, documents: Documents) -> tuple[JudgedQuotes, ...]:
    """The judged quotations of every article, in canonical text.

    Raises:
        EvaluationError: naming the file and line that does not fit.
    """
    lines: dict[str, list[Annotation]] = defaultdict(list)
    for place, row in rows(path):
        with naming(place):
            _, map_ = documents[row["article_id"]]
            unit = map_.from_source(Span(row["start"], row["end"]))
            if (annotation := annotation_of(row, unit)) is not None:
                lines[row["article_id"]].append(annotation)
    return tuple(
        JudgedQuotes(article, judged_quotes(article.text, lines[id_]))
        for id_, (article, _) in documents.items()
    )


def annotation_of(row: dict[str, Any], unit: Span) -> Annotation | None:
    """What a line says of ``unit``; ``None`` if it does not count.

    Raises:
        ValueError: if its ``type`` is not known.
    """
    kind = row.get("type", "direct")
    if kind not in _TYPES:
        raise ValueError(f"the type {kind!r} is none of {', '.join(sorted(_TYPES))}")
    if kind == "indirect" or row.get("nested"):
        return None
    who, words = row.get("speaker_resolved"), row.get("speaker") or ""
    return Annotation(unit, kind, who, words, bool(row.get("speaker_is_pronoun")))


def judged_quotes(text: str, annotations: Iterable[Annotation]) -> tuple[JudgedQuote, ...]:
    """The quotations of ``text`` that count; see the module's docstring."""
    marked = [Span(*match.span(1)).stripped(text) for match in _MARKED.finditer(text)]
    found: dict[Span, JudgedQuote] = {}
    for one in annotations:
        span = _quotation(text, one, marked)
        if span is None or not is_counted(text, span) or _is_source(text, span):
            continue
        names = bool(one.speaker or one.speaker_text) and one.unit.start <= span.start + 1
        if span not in found or (names and not found[span].attributed):
            found[span] = JudgedQuote(span, one.speaker, one.speaker_text, names, one.pronoun)
    return tuple(found.values())


def _quotation(text: str, one: Annotation, marked: Sequence[Span]) -> Span | None:
    """The words between marks that an annotation is about."""
    words = _without_marks(text, one.unit)
    if _fills_marks(text, words):
        return words
    nearest = max(marked, key=one.unit.shared, default=None)
    if nearest is not None and one.unit.shared(nearest):
        return nearest
    return words if one.kind == "direct" else None


def _without_marks(text: str, unit: Span) -> Span:
    """``unit`` without marks at its ends; a single one may be an apostrophe, so only in pairs."""
    unit = unit.stripped(text)
    words = unit.of(text)
    first, last = words[:1], words[1:][-1:]
    singles = first in set(_SINGLE) and last in set(_SINGLE)
    return Span(
        unit.start + (singles or first in set(_DOUBLE)),
        unit.end - (singles or last in set(_DOUBLE)),
    ).stripped(text)


def _fills_marks(text: str, words: Span) -> bool:
    """Whether ``words`` are all that stands between two marks, or one and a paragraph's end."""
    opening = text[: words.start].rstrip(" ")[-1:]
    closing = text[words.end :].lstrip(" ")[:1]
    inner = next((char for char in words.of(text) if char in _DOUBLE), "")
    opens = opening in set(_DOUBLE + _SINGLE) and inner not in set(_CLOSES.get(opening, ""))
    return opens and closing in {"", "\n", *_DOUBLE, *_SINGLE}


def is_counted(text: str, span: Span) -> bool:
    """Whether a quotation is long enough to count."""
    return len(_WORD.findall(span.of(text))) >= _LEAST_WORDS


def _is_source(text: str, span: Span) -> bool:
    return _SOURCE_LINE.match(text[span.end :].partition("\n")[0]) is not None


@dataclass(frozen=True, slots=True)
class Measured:
    """The quotations that were found, and what finding them took.

    Attributes:
        texts: for each article its text, the judged and the found quotations that count.
        words: of all texts, between white space.
        cpu_seconds: time of this process on all cores, without loading anything.
    """

    texts: tuple[tuple[str, tuple[JudgedQuote, ...], tuple[Quote, ...]], ...]
    words: int
    cpu_seconds: float

    def figures(self) -> dict[str, float | int | None]:
        """What ``evaluate --json`` adds; ``None`` where there is nothing to measure on."""
        scores: dict[str, float] = asdict(score(self.texts))
        scores["quote_f1_judged"] = score(self.judged_only().texts).quote_f1
        judged = sum(len(quotes) for _, quotes, _ in self.texts)
        return {
            "quotes": judged,
            "quotes_found": sum(len(found) for *_, found in self.texts),
            "quotes_unjudged": sum(_unjudged(judged, found) for _, judged, found in self.texts),
            **{name: round(value, 4) if judged else None for name, value in scores.items()},
            "words_per_cpu_second": (
                round(self.words / self.cpu_seconds, 1) if self.cpu_seconds else None
            ),
        }

    def judged_only(self) -> Measured:
        """The same without what was found and overlaps no judged quotation."""
        texts = tuple((*one[:2], _overlapping(*one[1:])) for one in self.texts)
        return replace(self, texts=texts)


def _overlapping(judged: Sequence[JudgedQuote], found: Sequence[Quote]) -> tuple[Quote, ...]:
    return tuple(one for one in found if any(one.span.overlaps(known.span) for known in judged))


def _unjudged(judged: Sequence[JudgedQuote], found: Sequence[Quote]) -> int:
    return len(found) - len(_overlapping(judged, found))


def measure(
    judged: Sequence[JudgedQuotes],
    parser: Parser | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Measured:
    """Find the quotations of all articles, headings left out; see ``index.evaluate.evaluate``."""
    for one in judged[:1]:
        _found(one.article, parser)  # loads what is loaded once
    texts, spent = [], 0.0
    for number, one in enumerate(judged, 1):
        started = time.process_time()
        found = _found(one.article, parser)
        spent += time.process_time() - started
        text = one.article.text
        counted = tuple(quote for quote in found if is_counted(text, quote.span))
        texts.append((text, one.quotes, counted))
        progress("Reading quotations", number, len(judged))
    return Measured(tuple(texts), sum(len(text.split()) for text, *_ in texts), spent)


def _found(article: Article, parser: Parser | None) -> tuple[Quote, ...]:
    paragraphs = [block.span for block in article.blocks if block.kind is BlockKind.PARAGRAPH]
    return extract(article.text, paragraphs, parser)
