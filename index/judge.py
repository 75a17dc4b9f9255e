"""Which sentences answer, and whether any does: signals weighed by a small trained model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.evidence import SIGNALS, signals
from index.rarity import weigh

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embedder import PassageVectors
    from index.question import QuestionForm
    from index.search import Ranked
    from index.snapshot import Snapshot

    Floats = NDArray[np.float32]

WEIGHTS = "judge.json"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge says of the sentences that were found.

    Attributes:
        scores: how surely each sentence answers, in [0, 1], shape ``(m,)``; comparable within
            one question.
        confidence: how surely any of them does, in [0, 1], calibrated on judged questions.
    """

    scores: Floats
    confidence: float


class Judge(Protocol):
    """Reads a question and what was found. A trained reader may take the place of signals."""

    @property
    def threshold(self) -> float:
        """The confidence from which on the question counts as answered."""
        ...

    def judge(
        self, form: QuestionForm, vectors: PassageVectors, ranked: Ranked, snapshot: Snapshot
    ) -> Judgement:
        """Judge the sentences of ``ranked`` (at least one), which come from ``snapshot``.

        ``vectors`` are the question's, with those of ``form.spans`` as parts.
        """
        ...


@dataclass(frozen=True, slots=True)
class Network:
    """A network with one hidden layer and two outputs for each sentence.

    The first output says whether the sentence is evidence. The second is what it adds to the
    belief that the question is answered at all: these are summed over the sentences as
    log-sum-exp, a soft maximum, so that one good sentence is enough (multiple-instance learning).

    Attributes:
        hidden: weights ``(inputs, units)``.
        hidden_bias: ``(units,)``.
        outputs: weights ``(units, 2)``.
        output_bias: ``(2,)``.
    """

    hidden: Floats
    hidden_bias: Floats
    outputs: Floats
    output_bias: Floats

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Network:
        """The network that ``data``, read from JSON, describes."""
        return cls(*(np.array(data[name], np.float32) for name in cls.__slots__))

    def __call__(self, inputs: Floats) -> tuple[Floats, float]:
        """The evidence logit of each row of standardised ``inputs``, and that of the question."""
        values = np.tanh(inputs @ self.hidden + self.hidden_bias) @ self.outputs + self.output_bias
        beliefs = values[:, 1]
        highest = beliefs.max()
        return values[:, 0], float(highest + np.log(np.exp(beliefs - highest).sum()))


@dataclass(frozen=True, slots=True)
class SignalJudge:
    """Weighs the signals of ``index.evidence`` by the mean of a few networks.

    Networks, calibration and threshold are made by ``tests/benchmarks/calibrate.py``, which says
    on what and with what result.

    Attributes:
        mean: of each signal on the training data, shape ``(signals,)``.
        scale: its standard deviation there, shape ``(signals,)``.
        networks: their outputs are averaged.
        slope: of the line from the mean question logit to the logit of the confidence.
        offset: where that line starts.
        threshold: see ``Judge``.
    """

    mean: Floats
    scale: Floats
    networks: tuple[Network, ...]
    slope: float
    offset: float
    threshold: float

    @classmethod
    def load(cls) -> SignalJudge:
        """The judge that comes with this package."""
        return _shipped()

    def judge(
        self, form: QuestionForm, vectors: PassageVectors, ranked: Ranked, snapshot: Snapshot
    ) -> Judgement:
        """Judge the sentences of ``ranked``. A question without words is never answered."""
        if not form.terms:
            return Judgement(ranked.similarities.clip(0, 1), 0.0)
        return self.weigh(measure(form, vectors, ranked, snapshot))

    def weigh(self, measured: Floats) -> Judgement:
        """The judgement on sentences with these signals."""
        inputs = (measured - self.mean) / self.scale
        outputs = [network(inputs) for network in self.networks]
        scores = np.mean([_logistic(scores) for scores, _ in outputs], axis=0)
        belief = float(np.mean([belief for _, belief in outputs]))
        return Judgement(scores, float(_logistic(np.float32(self.slope * belief + self.offset))))


def _logistic(logits: Floats | np.float32) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


@cache
def _shipped() -> SignalJudge:
    data = json.loads(resources.files("index").joinpath(WEIGHTS).read_text("utf-8"))
    if data["signals"] != list(SIGNALS):
        raise RuntimeError(f"{WEIGHTS} was trained on other signals; run the calibration again")
    return SignalJudge(
        mean=np.array(data["mean"], np.float32),
        scale=np.array(data["scale"], np.float32),
        networks=tuple(map(Network.from_data, data["networks"])),
        slope=data["slope"],
        offset=data["offset"],
        threshold=data["threshold"],
    )


def measure(
    form: QuestionForm, vectors: PassageVectors, ranked: Ranked, snapshot: Snapshot
) -> Floats:
    """The signals of each sentence of ``ranked``, shape ``(m, len(SIGNALS))``."""
    engine = snapshot.searcher.engine
    frequencies = engine.document_frequencies(form.terms)
    weights = weigh(form.terms, frequencies, engine.size)
    return signals(form, vectors, weights, frequencies > 0, ranked)
