"""The judge weighs signals as its file says, and one good sentence is enough."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evidence import SIGNALS
from index.judge import WEIGHTS, Network, SignalJudge
from index.question import QuestionForm
from tests.making import article, snapshot_of

if TYPE_CHECKING:
    from pathlib import Path

LINE = Network(
    hidden=np.array([[1.0]], np.float32),
    hidden_bias=np.zeros(1, np.float32),
    outputs=np.array([[2.0, 1.0]], np.float32),
    output_bias=np.array([0.5, -0.5], np.float32),
)


def test_a_network_computes_what_its_layers_say() -> None:
    scores, belief = LINE(np.array([[0.0], [1.0]], np.float32))
    hidden = np.tanh([0.0, 1.0])
    assert scores == pytest.approx(2 * hidden + 0.5, abs=1e-6)
    assert belief == pytest.approx(np.log(np.exp(hidden - 0.5).sum()), abs=1e-6)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30))
def test_the_order_of_sentences_does_not_matter(values: list[float]) -> None:
    inputs = np.array(values, np.float32)[:, None]
    backwards = LINE(inputs[::-1])
    assert backwards[1] == pytest.approx(LINE(inputs)[1], abs=1e-5)
    assert backwards[0][::-1] == pytest.approx(LINE(inputs)[0], abs=1e-6)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.floats(-5, 5))
def test_a_further_sentence_never_lowers_the_belief(values: list[float], more: float) -> None:
    inputs = np.array(values, np.float32)[:, None]
    longer = np.array([*values, more], np.float32)[:, None]
    assert LINE(longer)[1] >= LINE(inputs)[1] - 1e-5


def test_several_networks_are_averaged_and_calibrated() -> None:
    judge = SignalJudge(
        mean=np.array([1.0], np.float32),
        scale=np.array([2.0], np.float32),
        networks=(LINE, LINE),
        slope=2.0,
        offset=-1.0,
        threshold=0.5,
    )
    judgement = judge.weigh(np.array([[3.0]], np.float32))
    scores, belief = LINE(np.array([[1.0]], np.float32))
    assert judgement.scores == pytest.approx(1 / (1 + np.exp(-scores)), abs=1e-6)
    assert judgement.confidence == pytest.approx(1 / (1 + np.exp(1 - 2 * belief)), abs=1e-6)


def test_the_shipped_judge_knows_each_signal_and_only_these() -> None:
    data = json.loads(resources.files("index").joinpath(WEIGHTS).read_text("utf-8"))
    assert data["signals"] == list(SIGNALS)
    judge = SignalJudge.load()
    assert judge.mean.shape == judge.scale.shape == (len(SIGNALS),)
    assert all(network.hidden.shape[0] == len(SIGNALS) for network in judge.networks)
    assert (judge.scale > 0).all()
    assert 0 < judge.threshold < 1


def test_a_question_without_words_is_never_answered(tmp_path: Path) -> None:
    snapshot, embedder = snapshot_of(tmp_path, article("a", "Storks nest on chimneys."))
    form = QuestionForm.of("?! 😀")
    vectors = embedder.embed_question(form.text, form.spans)
    ranked = snapshot.searcher.search(form.text, vectors.whole)
    judgement = SignalJudge.load().judge(form, vectors, ranked, snapshot)
    assert judgement.confidence == 0
    assert len(judgement.scores) == len(ranked.similarities)
