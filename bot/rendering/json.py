"""Answers as JSON: a contract to which fields may be added, never changed or taken away."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.answer import Answer, Source


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """What ``onrecord ask --json`` prints."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "sentences": [_sentence(source) for source in answer.sentences],
        "citations": [_citation(source) for source in answer.sentences],
        "nearest": [_citation(source) for source in answer.nearest],
        "index_version": answer.index_version,
        "timings_ms": asdict(answer.timings),
    }


def _sentence(source: Source) -> dict[str, Any]:
    citation = source.citation
    return {
        "text": citation.text,
        "citation": source.number,
        "start": citation.span.start,
        "end": citation.span.end,
        "article_id": citation.article_id,
        "context": source.context,
    }


def _citation(source: Source) -> dict[str, Any]:
    citation = source.citation
    return {
        "number": source.number,
        "article_id": citation.article_id,
        "title": source.title,
        "section": source.section,
        "paragraph": source.paragraph,
        "start": citation.span.start,
        "end": citation.span.end,
        "text": citation.text,
        "content_hash": citation.content_hash,
        "url": source.url,
        "link": source.link,
        "similarity": round(source.similarity, 4),
    }
