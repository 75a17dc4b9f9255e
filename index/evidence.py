"""How well each sentence near the top fits a question: the signals, before they are weighed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.question import Asks
from index.tokens import NAME, NUMBER, Trait, bare

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embedder import PassageVectors
    from index.engine import Candidates
    from index.question import QuestionForm
    from index.search import Ranked

    Floats = NDArray[np.float32]

# Forms that ask for a kind of thing. No training data has questions for yes or no, and what is
# asked by "what" or "how" may be anything: these are told by the other signals alone.
_ASKS = tuple(asks for asks in Asks if asks not in (Asks.HOW, Asks.WHETHER, Asks.WHAT))

_NONE_MISSING = 0.7
"""Similarity in place of that of missing terms where none is: about that of a term that stands
in its sentence."""

SIGNALS = (
    "similarity",
    "similarity_to_best",
    "similarity_of_passage",
    "score_of_passage",
    "rank_of_passage",
    "coverage",
    "coverage_near",
    "coverage_of_passage",
    "coverage_of_context",
    "names",
    "names_near",
    "names_of_passage",
    "numbers",
    "numbers_of_passage",
    "heaviest_missing",
    "heaviest_missing_near",
    "heaviest_missing_of_passage",
    "pairs_adjacent",
    "pairs_together",
    "new_name",
    "new_number",
    "fits_form",
    "fits_form_near",
    "length",
    "dependent",
    "quotation",
    "speech",
    "terms",
    "has_names",
    "coverage_of_known",
    "known",
    "density",
    "term_similarity",
    "term_similarity_mean",
    "term_similarity_least",
    "term_similarity_heaviest",
    "term_similarity_missing",
    "term_similarity_missing_least",
    "term_similarity_to_best",
    "term_similarity_to_best_least",
    *(
        f"{name}_{part}"
        for name in ("similarity", "coverage", "coverage_near")
        for part in ("standardised", "spread", "mean", "best")
    ),
    *(f"asks_{asks.name.lower()}" for asks in _ASKS),
    *(f"fits_{asks.name.lower()}" for asks in _ASKS),
)
"""Name of each column that ``signals`` returns."""


def signals(
    form: QuestionForm,
    vectors: PassageVectors,
    weights: Floats,
    known: NDArray[np.bool_],
    ranked: Ranked,
) -> Floats:
    """The signals of each sentence of ``ranked``, shape ``(m, len(SIGNALS))``.

    Args:
        form: the question, of at least one term.
        vectors: of the question and of each of ``form.terms``.
        weights: of the terms, see ``index.rarity.weigh``.
        known: which of them stand in any passage at all.
        ranked: at least one passage.
    """
    found = ranked.candidates
    words = _Words(form, found)
    best = np.maximum.reduceat(ranked.similarities, words.first_sentences)
    places = [
        ranked.similarities,
        ranked.similarities - ranked.similarities.max(),
        best[found.owners],
        ranked.scores[found.owners],
        1 / (1 + found.owners),
    ]
    coverages = [_share(table, weights) for table in (words.sentence, words.near)]
    columns = [
        *places,
        *_word_signals(form, weights, words),
        *_form_signals(form, words),
        *_known_signals(weights, weights * known, words),
        *_term_signals(weights, found.vectors @ vectors.parts.T, words),
        *_standing(ranked.similarities),
        *_standing(coverages[0]),
        *_standing(coverages[1]),
        *_asks_signals(form, words),
    ]
    return np.stack(columns, axis=1, dtype=np.float32)


class _Words:
    """Which terms of a question stand where, as tables of sentences or passages by terms."""

    def __init__(self, form: QuestionForm, found: Candidates) -> None:
        self.found = found
        sentences, passages = len(found.sentence_spans), len(found.rows)
        self.matches = _matches(found.tokens, form)
        self.first_sentences = np.searchsorted(found.owners, np.arange(passages))
        self.sentence = _table(self.matches, found.token_owners, sentences, len(form.ids))
        contexts = _matches(found.contexts, form)
        self.context = _table(contexts, found.context_owners, passages, len(form.ids))
        inside = np.logical_or.reduceat(self.sentence, self.first_sentences)
        self.passage = (inside | self.context)[found.owners]
        self.near = _with_neighbours(self.sentence, found.owners) | self.context[found.owners]
        self.new_name, self.new_number = self._holds(NAME), self._holds(NUMBER)
        self.fits = _fits(form.asks, found.traits, self.new_name, self.new_number)

    def _holds(self, marked: np.uint32) -> NDArray[np.bool_]:
        """Whether each sentence has a token with this mark that the question does not have."""
        new = (self.matches < 0) & (self.found.tokens & marked > 0)
        counts = np.bincount(self.found.token_owners[new], minlength=len(self.sentence))
        return counts > 0


def _matches(tokens: NDArray[np.uint32], form: QuestionForm) -> NDArray[np.int64]:
    """For each token the position of the question's term that it is, or -1."""
    order = np.argsort(form.ids)
    ids = form.ids[order]
    found = np.searchsorted(ids, bare(tokens)).clip(max=len(ids) - 1)
    return np.where(ids[found] == bare(tokens), order[found], -1)


def _table(
    matches: NDArray[np.int64], owners: NDArray[np.int64], rows: int, terms: int
) -> NDArray[np.bool_]:
    table = np.zeros((rows, terms), np.bool_)
    hit = matches >= 0
    table[owners[hit], matches[hit]] = True
    return table


def _with_neighbours(table: NDArray[np.bool_], owners: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Each row joined with the rows before and after it that have the same owner."""
    same = (owners[1:] == owners[:-1])[:, None]
    near = table.copy()
    near[1:] |= table[:-1] & same
    near[:-1] |= table[1:] & same
    return near


def _word_signals(form: QuestionForm, weights: Floats, words: _Words) -> list[Floats]:
    tables = (words.sentence, words.near, words.passage)
    context = words.context[words.found.owners]
    return [
        *(_share(table, weights) for table in (*tables, context)),
        *(_share(table, weights * form.names) for table in tables),
        *(_share(table, weights * form.numbers) for table in (words.sentence, words.passage)),
        *(_heaviest_missing(table, weights) for table in tables),
        *_pairs(weights, words),
    ]


def _share(table: NDArray[np.bool_], weights: Floats) -> Floats:
    """The share of the weight that each row covers; all of it where nothing has weight."""
    total = weights.sum()
    return np.asarray(table @ weights / total if total > 0 else np.ones(len(table)), np.float32)


def _heaviest_missing(table: NDArray[np.bool_], weights: Floats) -> Floats:
    return np.asarray((~table * weights).max(axis=1) / weights.max(), np.float32)


def _pairs(weights: Floats, words: _Words) -> tuple[Floats, Floats]:
    """How much of the question's neighbouring terms stand as neighbours, and in one sentence."""
    joint = np.minimum(weights[1:], weights[:-1])
    together = words.sentence[:, 1:] & words.sentence[:, :-1]
    adjacent = np.zeros_like(together)
    matches, owners = words.matches, words.found.token_owners
    for gap in (1, 2):  # a word of grammar may stand between
        first, second = matches[:-gap], matches[gap:]
        hit = (first >= 0) & (second == first + 1) & (owners[:-gap] == owners[gap:])
        adjacent[owners[:-gap][hit], first[hit]] = True
    return _share(adjacent, joint), _share(together, joint)


def _known_signals(weights: Floats, known: Floats, words: _Words) -> tuple[Floats, ...]:
    """Signals that tell words which the sentence lacks from words which no passage has."""
    share = np.full(len(words.sentence), known.sum() / weights.sum(), np.float32)
    return _share(words.near, known), share, _density(words)


def _density(words: _Words) -> Floats:
    """Different terms of the question, by the length of the stretch of a sentence they stand in."""
    count = len(words.sentence)
    hits = np.flatnonzero(words.matches >= 0)
    owners = words.found.token_owners[hits]
    first, last = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(first, owners, hits)
    np.maximum.at(last, owners, hits)
    length = np.where(last < 0, 1, last - first + 1)
    return np.asarray(words.sentence.sum(axis=1) / length, np.float32)


def _term_signals(weights: Floats, similarities: Floats, words: _Words) -> list[Floats]:
    """How near each sentence comes in meaning to the single terms of the question.

    ``similarities`` has shape ``(sentences, terms)``. A term that a sentence means in other words
    is near it; one that it leaves out is not.
    """
    share = weights / weights.sum()
    missing = ~words.near * weights
    lacking = missing.sum(axis=1)
    lacked = (similarities * missing).sum(axis=1) / np.maximum(lacking, 1e-6)
    least_lacked = np.where(missing > 0, similarities, np.inf).min(axis=1)
    to_best = similarities - similarities.max(axis=0)
    return [
        similarities @ share,
        similarities.mean(axis=1),
        similarities.min(axis=1),
        similarities[:, int(weights.argmax())],
        np.where(lacking > 0, lacked, _NONE_MISSING),
        np.where(lacking > 0, least_lacked, _NONE_MISSING),
        to_best @ share,
        to_best.min(axis=1),
    ]


def _standing(values: Floats) -> list[Floats]:
    """How each value stands among all of one question, and what these are like."""
    mean, best = values.mean(), values.max()
    standardised = (values - mean) / max(float(values.std()), 1e-3)
    return [standardised, *(np.full_like(values, one) for one in (best - mean, mean, best))]


def _form_signals(form: QuestionForm, words: _Words) -> list[Floats]:
    traits = words.found.traits
    near = _with_neighbours(words.fits[:, None], words.found.owners)[:, 0]
    count = np.bincount(words.found.token_owners, minlength=len(traits))
    columns = [
        words.new_name,
        words.new_number,
        words.fits,
        near,
        np.log1p(count) / 4,  # about 1 for a long sentence
        traits & Trait.DEPENDENT > 0,
        traits & Trait.QUOTATION > 0,
        traits & Trait.SPEECH > 0,
        np.full(len(traits), min(len(form.ids), 12) / 12),
        np.full(len(traits), form.names.any()),
    ]
    return [np.asarray(column, np.float32) for column in columns]


def _asks_signals(form: QuestionForm, words: _Words) -> list[Floats]:
    asks = [np.full(len(words.fits), form.asks == kind) for kind in _ASKS]
    return [np.asarray(one, np.float32) for one in (*asks, *(mask & words.fits for mask in asks))]


def _fits(
    asks: Asks,
    traits: NDArray[np.int64],
    new_name: NDArray[np.bool_],
    new_number: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Whether each sentence holds what the form of the question calls for."""

    def has(trait: Trait) -> NDArray[np.bool_]:
        return np.asarray(traits & trait > 0)

    match asks:
        case Asks.WHO:
            return new_name
        case Asks.WHEN:
            return has(Trait.DATE)
        case Asks.WHERE:
            return has(Trait.PLACE) & new_name
        case Asks.HOW_MANY:
            return has(Trait.NUMBER)
        case Asks.HOW_MUCH:
            return has(Trait.AMOUNT) | (has(Trait.NUMBER) & new_number)
        case Asks.WHY:
            return has(Trait.REASON)
        case Asks.SAID:
            return has(Trait.QUOTATION) | has(Trait.SPEECH)
    # How, whether and what ask for no kind of thing.
    return np.ones(len(traits), np.bool_)
