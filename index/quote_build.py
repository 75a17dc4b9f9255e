"""From the articles of a version to its quotations: read, merged, embedded and written."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from corpus.article import BlockKind
from corpus.quotes import EXTRACTOR, Reading, read
from corpus.sections import paragraphs
from corpus.sentences import split_sentences
from corpus.span import Span
from corpus.speakers import Speakers
from corpus.wording import keys_of, wording
from index import quote_store
from index.engines import lexical, vectors
from index.engines.lexical import LexicalRow
from index.quote_store import Nested, Quotation
from index.terms import terms
from index.tokens import identify
from index.vector_cache import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.article import Article
    from corpus.library import Library
    from corpus.quotes import Quote
    from corpus.speakers import Speaker
    from index.embedder import PassageVectors

QUOTE_VECTORS = "quotes.faiss"
QUOTE_WORDS = "quote_words"
SHINGLES = "shingles.npy"
OWNERS = "shingle_owners.npy"
TERMS = "quote_terms.npy"
TERM_ENDS = "quote_term_ends.npy"
CONTEXT = np.uint32(1)
"""Mark of a term that stands around a quotation's sentences and not in them."""
SHINGLE = 3
"""Words in a row that two texts must share for one to be looked at as the source of the other."""

_BATCH = 256

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QuoteText:
    """A quotation as it is embedded: its sentences with the speaker's name before.

    Attributes:
        text: what is embedded.
        parts: where the quotation stands in it.
        key: see ``index.vector_cache.key_of``.
    """

    text: str
    parts: tuple[Span, ...]
    key: bytes


def reading_key(article: Article) -> bytes:
    """Names all that decides what is read of ``article``: words, paragraphs, the extractor."""
    borders = ",".join(f"{span.start}-{span.end}" for span in _paragraphs(article))
    return hashlib.sha256(f"{EXTRACTOR}\n{borders}\n{article.content_hash}".encode()).digest()


def _read(article: Article) -> Reading:
    """What ``article`` says; nothing, which is logged, where that fails: it stops no other."""
    try:
        return read(article.text, _paragraphs(article))
    except Exception:  # noqa: BLE001 - whatever an article holds, the others are indexed
        _log.exception("the quotations of %s cannot be read; it has none here", article.source)
        return Reading()


def _paragraphs(article: Article) -> list[Span]:
    return [block.span for block in article.blocks if block.kind is BlockKind.PARAGRAPH]


def write(
    folder: Path,
    library: Library,
    known: Callable[[Sequence[bytes]], Mapping[bytes, Reading]],
    dimension: int,
    embed: Callable[[Sequence[QuoteText]], Mapping[bytes, PassageVectors]],
) -> dict[str, int]:
    """Write the quotations of ``library`` into ``folder``.

    Args:
        folder: of the version.
        library: its articles.
        known: what was read earlier under some keys.
        dimension: of a vector.
        embed: gives the vectors of some texts, by their keys.

    Returns:
        The number of ``quotes`` and of ``speakers``.
    """
    keys = {article.id: reading_key(article) for article in library}
    kept = dict(known(list(keys.values())))
    for article in library:
        if keys[article.id] not in kept:
            kept[keys[article.id]] = _read(article)
    readings = {id_: kept[key] for id_, key in keys.items()}
    speakers = Speakers(readings)
    quotations = list(_quotations(library, readings, speakers))
    articles = {article.id: article for article in library}
    spoken = _spoken(quotations, articles)
    quote_store.write(folder / quote_store.QUOTES, speakers, quotations, spoken, kept)
    texts = [_text(one, articles[one.article_id]) for one in quotations]
    vectors.build(folder / QUOTE_VECTORS, dimension, _vectors(texts, embed))
    lexical.build(
        folder / QUOTE_WORDS, (LexicalRow(row, one.text) for row, one in enumerate(texts))
    )
    _write_terms(folder, quotations, articles)
    _write_shingles(folder, spoken)
    return {"quotes": len(quotations), "speakers": len(speakers)}


def _quotations(
    library: Library, readings: Mapping[str, Reading], speakers: Speakers
) -> Iterator[Quotation]:
    row = 0
    for article in library:
        quotes = readings[article.id].quotes
        sentences = _sentences(article) if quotes else []
        parts = Counter(quote.utterance for quote in quotes)
        firsts: dict[int, int] = {}
        for quote in quotes:
            speaker = speakers.of(article.id, quote.speaker)
            yield Quotation(
                row=row,
                article_id=article.id,
                content_hash=article.content_hash,
                span=quote.span,
                sentence=_holding(quote.span, sentences),
                speaker=speaker.name if speaker else quote.speaker,
                speaker_id=speaker.id if speaker else "",
                candidates=_names(article, quote.candidates, speakers),
                attribution=quote.speaker_span,
                cue=quote.cue,
                addressee=quote.addressee,
                utterance=firsts.setdefault(quote.utterance, row),
                part=quote.part,
                parts=parts[quote.utterance],
                truncated=quote.truncated,
                rule=quote.rule,
                confidence=quote.confidence,
                children=_nested(article, quote.children, speakers),
            )
            row += 1


def _names(article: Article, names: Sequence[str], speakers: Speakers) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(speakers.of(article.id, name), name) for name in names))


def _name(speaker: Speaker | None, name: str) -> str:
    return name if speaker is None else speaker.name


def _nested(article: Article, quotes: Sequence[Quote], speakers: Speakers) -> tuple[Nested, ...]:
    return tuple(
        Nested(
            quote.span,
            _name(speakers.of(article.id, quote.speaker), quote.speaker) if quote.speaker else None,
            quote.cue,
            _nested(article, quote.children, speakers),
        )
        for quote in quotes
    )


def _sentences(article: Article) -> list[Span]:
    return [
        sentence
        for paragraph in _paragraphs(article)
        for sentence in split_sentences(article.text, paragraph)
    ]


def _holding(span: Span, sentences: Sequence[Span]) -> Span:
    """The sentences of which ``span`` holds a character; ``span`` itself where none are."""
    return Span.covering([span, *(one for one in sentences if one.overlaps(span))])


def _text(one: Quotation, article: Article) -> QuoteText:
    before = f"{one.speaker}: " if one.speaker else ""
    text = before + one.sentence.of(article.text)
    part = one.span.shifted(len(before) - one.sentence.start)
    return QuoteText(text, (part,), key_of(text, (part,)))


def _vectors(
    texts: Sequence[QuoteText],
    embed: Callable[[Sequence[QuoteText]], Mapping[bytes, PassageVectors]],
) -> Iterator[NDArray[np.float32]]:
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        found = embed(batch)
        rows = [found[one.key].parts[0] for one in batch]
        yield np.stack(rows).astype(np.float16).astype(np.float32)


def _write_terms(
    folder: Path, quotations: Sequence[Quotation], articles: Mapping[str, Article]
) -> None:
    """The terms of each quotation's sentences and of what is around, to compare with a topic's."""
    around = {id_: _contexts(article) for id_, article in articles.items()}
    found = []
    for one in quotations:
        own = set(terms(one.sentence.of(articles[one.article_id].text)))
        spans = (terms_ for span, terms_ in around[one.article_id] if span.overlaps(one.span))
        others = set().union(*spans) - own
        found.append(np.concatenate([identify(sorted(own)), identify(sorted(others)) | CONTEXT]))
    np.save(folder / TERMS, np.concatenate([np.empty(0, np.uint32), *found]))
    np.save(folder / TERM_ENDS, np.cumsum([len(one) for one in found], dtype=np.int64))


def _contexts(article: Article) -> list[tuple[Span, set[str]]]:
    """Each paragraph with its terms and those of the headings above it."""
    return [
        (one.span, set(terms("\n".join([*one.section.path, one.span.of(article.text)]))))
        for one in paragraphs(article)
    ]


def _spoken(
    quotations: Iterable[Quotation], articles: Mapping[str, Article]
) -> dict[int, list[str]]:
    """The keys of the words of each utterance, by the row of its first part."""
    found: dict[int, list[str]] = defaultdict(list)
    for one in quotations:
        found[one.utterance] += keys_of(wording(articles[one.article_id].text, one.span))
    return found


def _write_shingles(folder: Path, spoken: Mapping[int, Sequence[str]]) -> None:
    counts = {row: shingles(words) for row, words in spoken.items()}
    hashes = np.concatenate([np.empty(0, np.uint32), *counts.values()])
    owners = np.repeat(np.array(list(counts), np.uint32), [len(found) for found in counts.values()])
    order = np.lexsort((owners, hashes))
    np.save(folder / SHINGLES, hashes[order])
    np.save(folder / OWNERS, owners[order])


def shingles(keys: Sequence[str]) -> NDArray[np.uint32]:
    """A number for each run of ``SHINGLE`` words: CRC-32, whose rare collisions cost a look."""
    runs = zip(*(keys[start:] for start in range(SHINGLE)), strict=False)
    return np.array([crc32("\n".join(run).encode()) for run in runs], np.uint32)
