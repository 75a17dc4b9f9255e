"""Answers as JSON: a contract to which fields may be added, never changed or taken away."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.conversation import QuoteReply, SpeakersReply, WhosaidReply
    from index.answer import Answer, Source
    from index.cited_quotes import CitedNested, CitedQuote


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """What ``onrecord ask --json`` prints."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "verdict": str(answer.examination.verdict) if answer.examination else None,
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


def quotes_as_json(reply: QuoteReply) -> dict[str, Any]:
    """What ``onrecord quote --json`` prints."""
    return {
        "found": reply.kind.value,
        "message": reply.lead,
        "speaker": reply.speaker.name if reply.speaker else None,
        "article": reply.article or None,
        "total": reply.total,
        "offset": reply.request.offset,
        "quotes": list(map(_quote, reply.items)),
        "suggestions": list(reply.suggestions),
        "index_version": reply.index_version,
    }


def whosaid_as_json(reply: WhosaidReply) -> dict[str, Any]:
    """What ``onrecord whosaid --json`` prints."""
    shown = reply.items[0] if reply.items else None
    return {
        "verdict": str(reply.verdict),
        "message": reply.lead,
        "asked": reply.asked,
        "named": reply.named or None,
        "quote": shown.source.citation.text if shown else None,
        "speaker": shown.speaker if shown else None,
        "candidates": list(shown.candidates) if shown else [],
        "differences": list(map(asdict, reply.differences)),
        "comparison": list(map(asdict, reply.comparison)),
        "elided": reply.elided,
        "partial": reply.partial,
        "inside": reply.inside,
        "misattributed": reply.misattributed,
        "quotes": list(map(_quote, reply.items)),
        "citations": [_citation(one.source) for one in reply.items]
        + list(map(_citation, reply.passages)),
        "nearest": list(map(_quote, reply.nearest)),
        "unjudged": list(reply.unjudged),
        "index_version": reply.index_version,
    }


def speakers_as_json(reply: SpeakersReply) -> dict[str, Any]:
    """What ``onrecord speakers --json`` prints."""
    return {
        "speakers": [
            {
                "id": one.speaker.id,
                "name": one.speaker.name,
                "aliases": list(one.speaker.aliases),
                "roles": list(one.speaker.roles),
                "quotes": one.speaker.quotes,
                "articles": [{"id": id_, "title": title} for id_, title in one.articles],
            }
            for one in reply.speakers
        ],
        "total": reply.total,
        "message": reply.lead,
        "index_version": reply.index_version,
    }


def _quote(one: CitedQuote) -> dict[str, Any]:
    by = one.attribution
    return {
        **_citation(one.source),
        "speaker": one.speaker,
        "speaker_id": one.speaker_id or None,
        "candidates": list(one.candidates),
        "speaker_text": by.text if by else None,
        "speaker_start": by.span.start if by else None,
        "speaker_end": by.span.end if by else None,
        "cue": one.cue,
        "addressee": one.addressee,
        "sentence_start": one.sentence.span.start,
        "sentence_end": one.sentence.span.end,
        "utterance": one.utterance,
        "part": one.part,
        "parts": one.parts,
        "truncated": one.truncated,
        "rule": one.rule,
        "confidence": one.confidence,
        "outlet": one.outlet,
        "published": one.published,
        "children": list(map(_nested, one.children)),
    }


def _nested(one: CitedNested) -> dict[str, Any]:
    return {
        "text": one.citation.text,
        "start": one.citation.span.start,
        "end": one.citation.span.end,
        "speaker": one.speaker,
        "cue": one.cue,
        "children": list(map(_nested, one.children)),
    }
