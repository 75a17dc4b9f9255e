"""Words that say what an article says: its own words, or a quotation in other words.

Whether two texts say the same is told by how near they are in meaning and by the words they
share, weighed by rarity: of 30 quotations of the shipped articles restated by hand 23 are told, and
2 at most of 30 made-up statements on the same topics (``tests/benchmarks/whosaid.py``); by
similarity alone, 4 at the cost of 1. Opposites are
near in meaning: where one side has a negation and the other none, or numbers differ, it is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.citation import Citation, verify
from corpus.span import Span
from corpus.wording import keys_of, wording
from index.comparison import Spoken, compare, may_be_like
from index.rarity import weigh
from index.terms import content_terms, terms
from index.verdict import ALTERED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from corpus.article import Article
    from corpus.wording import Word
    from index.asked import Asked
    from index.comparison import Match
    from index.quote_store import Quotation
    from index.search import Ranked
    from index.snapshot import Snapshot

    #: How much each term tells.
    Weigher = Callable[[Sequence[str]], NDArray[np.float32]]

RESTATES = 1.05
"""Similarity plus the mean share of common words, from which on one text restates another."""
LOOKED_AT = 4
"""Texts, the nearest in meaning, that the words asked are laid beside."""
_PASSAGES = 8


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article that was found.

    Attributes:
        article: where it stands.
        span: its characters there.
        similarity: with the words asked about.
        match: the words asked about beside it; ``None`` where too few are the same.
    """

    article: Article
    span: Span
    similarity: float
    match: Match | None


def sentences_like(asked: Asked, vector: NDArray[np.float32], snapshot: Snapshot) -> list[Sentence]:
    """The sentences of articles that are nearest to the words asked, the likest in words first."""
    ranked = snapshot.searcher.search(asked.text, vector, _PASSAGES)
    nearest = np.argsort(-ranked.similarities, kind="stable")[:LOOKED_AT]
    found = [_sentence(int(at), asked, ranked, snapshot) for at in nearest]
    return sorted(found, key=lambda one: -one.match.likeness if one.match else 0.0)


def _sentence(at: int, asked: Asked, ranked: Ranked, snapshot: Snapshot) -> Sentence:
    found, engine = ranked.candidates, snapshot.searcher.engine
    article = snapshot.article(engine.article_ids[int(found.articles[found.owners[at]])])
    span = Span(*map(int, found.sentence_spans[at]))
    words = wording(article.text, span)
    spoken = Spoken(-1, " ".join(keys_of(words)), lambda: (article.text, words))
    is_like = may_be_like(asked.words, spoken, ALTERED)
    match = compare(asked.text, asked.words, spoken) if is_like else None
    return Sentence(article, span, float(ranked.similarities[at]), match)


def own_words(sentence: Sentence) -> Match | None:
    """The words asked beside those of the article, if they are these with few changes."""
    match = sentence.match
    return match if match and match.likeness >= ALTERED else None


def restated_sentence(
    asked: Asked, sentences: Sequence[Sentence], snapshot: Snapshot
) -> Sentence | None:
    """The sentence that the words asked say in other words, if one does."""
    engine = snapshot.searcher.engine

    def weights(found: Sequence[str]) -> NDArray[np.float32]:
        return weigh(found, engine.document_frequencies(found), engine.size)

    claim = _Claim(asked, weights)
    scored = [
        (claim.score(one.span.of(one.article.text), one.similarity), number)
        for number, one in enumerate(sentences)
    ]
    best = max(scored, default=(0.0, 0))
    return sentences[best[1]] if best[0] >= RESTATES else None


def restated_quotation(
    asked: Asked, quotations: Sequence[tuple[Quotation, float]], snapshot: Snapshot
) -> Quotation | None:
    """The one of ``quotations``, each with its similarity, that the words asked restate, if any."""
    claim = _Claim(asked, snapshot.quotes.weigh)
    scored = []
    for number, (one, similarity) in enumerate(quotations[:LOOKED_AT]):
        words = one.span.of(snapshot.article(one.article_id).text)
        scored.append((claim.score(words, similarity), -number))
    best = max(scored, default=(0.0, 0))
    return quotations[-best[1]][0] if best[0] >= RESTATES else None


class _Claim:
    """Words asked, to be scored against texts that they may restate."""

    def __init__(self, asked: Asked, weights: Weigher) -> None:
        self._asked = asked
        self._weights = weights
        self._terms = content_terms(terms(asked.text))
        self._weighed = weights(self._terms)

    def score(self, text: str, similarity: float) -> float:
        """How surely the words asked restate ``text``; 0 where it says something else."""
        other = content_terms(terms(text))
        shared = set(self._terms) & set(other)
        of_these = _share(self._terms, shared, self._weighed)
        if similarity + (of_these + 1) / 2 < RESTATES:
            return 0.0  # whatever the share of the other words
        of_those = _share(other, shared, self._weights(other))
        score = similarity + (of_these + of_those) / 2
        # Reading the words takes longer than all the rest: only where it may matter.
        return score if score >= RESTATES and _agree(self._asked.words, wording(text)) else 0.0


def _share(found: Sequence[str], shared: set[str], weighed: NDArray[np.float32]) -> float:
    return float(weighed[[term in shared for term in found]].sum() / weighed.sum())


def _agree(asked: Sequence[Word], words: Sequence[Word]) -> bool:
    """Whether both have a negation or neither, and all numbers asked stand in ``words``."""
    negated = any(word.is_negation for word in asked), any(word.is_negation for word in words)
    known = {word.amount for word in words}
    return negated[0] == negated[1] and all(
        word.amount in known for word in asked if word.amount is not None
    )


def cited(sentence: Sentence) -> Citation | None:
    """The citation of a sentence, if it verifies."""
    citation = Citation.of(sentence.article, sentence.span)
    return citation if verify(citation, sentence.article) else None
