"""Trains the judge of ``index.judge`` and writes its weights and threshold.

    python -m tests.benchmarks.calibrate count FOLDER           # writes index/term_shares.json
    python -m tests.benchmarks.calibrate collect FOLDER DATASET.npz  # some 20 minutes, once
    python -m tests.benchmarks.calibrate train DATASET.npz           # writes index/judge.json

``FOLDER`` holds ``squad_train.jsonl.gz`` (one JSON object an article paragraph: ``group``,
``context``, ``questions`` with ``question``, ``answerable``, ``answers``). Each question is asked
of an index over some dozens of whole articles, so that what is learnt is what a bot meets: the
passages that come nearest, of which at most one answers.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

import index
from corpus.article import Article
from corpus.formats import parse_plain
from corpus.library import Library
from corpus.loader import Loaded
from corpus.span import Span
from index.answer import PASSAGES
from index.build import Builder
from index.evaluate import JudgedQuestion, area_under_curve
from index.evidence import SIGNALS
from index.judge import WEIGHTS, Network, measure
from index.models import open_embedder
from index.question import QuestionForm
from index.rarity import SHARES
from index.snapshot import open_current
from index.terms import terms
from index.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from index.embedder import Embedder

    Floats = NDArray[np.float32]

_INDEX_SIZES = (20, 1, 8, 1, 1, 25, 1, 3, 1, 12, 1, 2, 1)
"""Articles that share an index, in turn: a server has one article, or dozens."""
_ALONE, _CUT = 2, 0.7
"""Of up to so many articles in an index, this share is cut down to the size of a news article."""
_QUESTIONS_A_GROUP = 85
_GROUPS = 300
_COMMON = 0.001
"""Share of the paragraphs from which on a term is listed."""
_UNITS = 64
_NETWORKS = 3
_EPOCHS = 8
_HELD_OUT = 7
"""Every so many-th article is kept out of the training, and the confidence calibrated on it."""
_ANSWERED = 0.8
"""Share of the answerable questions that the threshold lets through. Of the two mistakes the worse
is to show sentences as an answer that are none: "Who directed the film?" is not answered by one
that mentions it. A refusal is never empty, its nearest passages often hold the answer."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Signals of the sentences found for some questions.

    Attributes:
        signals: shape ``(sentences, signals)``.
        labels: whether each sentence overlaps evidence, ``(sentences,)``.
        owners: the question of each sentence, ascending, ``(sentences,)``.
        answerable: ``(questions,)``.
        groups: the article that each question was written for, ``(questions,)``.
    """

    signals: Floats
    labels: NDArray[np.bool_]
    owners: NDArray[np.int64]
    answerable: NDArray[np.bool_]
    groups: NDArray[np.int64]

    @classmethod
    def load(cls, path: Path) -> Examples:
        stored = np.load(path)
        return cls(
            stored["signals"].astype(np.float32),
            *(stored[name] for name in ("labels", "owners", "answerable", "groups")),
        )


def _groups(path: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found.setdefault(row["group"], []).append(row)
    return found


def _made(
    group: str, rows: list[dict[str, Any]], alone: bool, chooser: random.Random
) -> tuple[Article, list[JudgedQuestion]]:
    """An article, of all its paragraphs or of a few in a row, with questions on these."""
    if alone and chooser.random() < _CUT:
        size = chooser.randint(4, 12)
        first = chooser.randrange(max(1, len(rows) - size))
        rows = rows[first : first + size]
    contexts = [" ".join(row["context"].split("\n")) for row in rows]
    document = parse_plain("\n\n".join(contexts), group)
    article = Article(group, group.replace("_", " "), document.text, document.blocks)
    questions, start = [], 0
    for row in rows:
        for asked in row["questions"]:
            places = [(start + one["start"], len(one["text"])) for one in asked["answers"]]
            spans = [document.map.from_source(Span(at, at + size)) for at, size in places]
            evidence = tuple((group, span) for span in spans)
            words = " ".join(asked["question"].split())
            questions.append(JudgedQuestion({}, words, asked["answerable"], evidence))
        start += len(row["context"]) + 2
    return article, chooser.sample(questions, min(len(questions), _QUESTIONS_A_GROUP))


def collect(folder: Path, target: Path, groups: int, seed: int = 0) -> None:
    """Ask the questions of ``groups`` articles and keep the signals."""
    by_group = _groups(folder / "squad_train.jsonl.gz")
    names = sorted(by_group)
    chooser = random.Random(seed)
    chooser.shuffle(names)
    home = Path(tempfile.gettempdir()) / "onrecord-calibration"
    embedder = open_embedder(home=home, status=print)
    parts: list[tuple[Floats, NDArray[np.bool_], bool, int]] = []
    start = 0
    for size in cycle(_INDEX_SIZES):
        chosen = names[start : min(start + size, groups)]
        if not chosen:
            break
        made = [_made(name, by_group[name], size <= _ALONE, chooser) for name in chosen]
        with tempfile.TemporaryDirectory() as place:
            parts += _ask(made, embedder, Path(place), start)
        start += len(chosen)
        print(f"{start} articles, {len(parts)} questions", flush=True)
    np.savez(
        target,
        signals=np.concatenate([part[0] for part in parts]).astype(np.float16),
        labels=np.concatenate([part[1] for part in parts]),
        owners=np.repeat(np.arange(len(parts)), [len(part[1]) for part in parts]),
        answerable=np.array([part[2] for part in parts]),
        groups=np.array([part[3] for part in parts]),
    )


def _ask(
    made: list[tuple[Article, list[JudgedQuestion]]],
    embedder: Embedder,
    place: Path,
    start: int,
) -> Iterator[tuple[Floats, NDArray[np.bool_], bool, int]]:
    versions = Versions(place)
    library = Library.of(article for article, _ in made)
    Builder(versions, embedder).build(Loaded(library, ()), place)
    snapshot = open_current(versions)
    ids = snapshot.searcher.engine.article_ids
    for group, (_, questions) in enumerate(made, start):
        for question in questions:
            form = QuestionForm.of(question.text)
            vectors = embedder.embed_question(question.text, form.spans)
            ranked = snapshot.searcher.search(question.text, vectors.whole, PASSAGES)
            found = ranked.candidates
            labels = [
                question.is_shown_by(ids[found.articles[owner]], Span(int(a), int(b)))
                for owner, (a, b) in zip(found.owners, found.sentence_spans, strict=True)
            ]
            signals = measure(form, vectors, ranked, snapshot)
            yield signals, np.array(labels, np.bool_), question.answerable, group
    snapshot.close()


@dataclass(frozen=True, slots=True)
class _Padded:
    """Examples as tensors, a row a question, its sentences padded to the same number."""

    signals: torch.Tensor
    real: torch.Tensor
    labels: torch.Tensor
    answerable: torch.Tensor

    @classmethod
    def of(cls, examples: Examples, mean: Floats, scale: Floats) -> _Padded:
        counts = np.bincount(examples.owners, minlength=len(examples.answerable))
        places = np.arange(len(examples.owners)) - np.repeat(np.cumsum(counts) - counts, counts)
        shape = (len(counts), int(counts.max()))
        inputs = np.zeros((*shape, examples.signals.shape[1]), np.float32)
        inputs[examples.owners, places] = (examples.signals - mean) / scale
        real, labels = np.zeros(shape, np.bool_), np.zeros(shape, np.float32)
        real[examples.owners, places] = True
        labels[examples.owners, places] = examples.labels
        return cls(
            signals=torch.from_numpy(inputs),
            real=torch.from_numpy(real),
            labels=torch.from_numpy(labels),
            answerable=torch.from_numpy(examples.answerable.astype(np.float32)),
        )


class _Net(torch.nn.Module):
    """``index.judge.Network`` as it is trained."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.hidden = torch.nn.Linear(inputs, _UNITS)
        self.outputs = torch.nn.Linear(_UNITS, 2)
        self.dropout = torch.nn.Dropout(0.1)

    def forward(self, signals: torch.Tensor, real: torch.Tensor) -> tuple[torch.Tensor, ...]:
        values = self.outputs(self.dropout(torch.tanh(self.hidden(signals))))
        return values[..., 0], values[..., 1].masked_fill(~real, -1e4).logsumexp(1)

    def as_data(self) -> dict[str, Any]:
        layers = (self.hidden, self.outputs)
        weights = [part for layer in layers for part in (layer.weight.T, layer.bias)]
        rounded = [np.round(part.detach().numpy().astype(float), 5).tolist() for part in weights]
        return dict(zip(Network.__slots__, rounded, strict=True))


def _train(data: _Padded, chosen: torch.Tensor, seed: int) -> _Net:
    torch.manual_seed(seed)
    net = _Net(data.signals.shape[2])
    optimizer = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=3e-2)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.75)
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits
    for _ in range(_EPOCHS):
        shuffled = chosen[torch.randperm(len(chosen))]
        for batch in torch.split(shuffled, 128):
            real = data.real[batch]
            evidence, belief = net(data.signals[batch], real)
            sentences = loss_of(evidence[real], data.labels[batch][real])
            questions = loss_of(belief, data.answerable[batch])
            optimizer.zero_grad()
            loss = 4 * sentences + questions
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        schedule.step()
    return net.eval()


def count(folder: Path, target: Path) -> None:
    """Write in which share of all paragraphs each common term stands, for ``index.rarity``."""
    rows = [row for rows in _groups(folder / "squad_train.jsonl.gz").values() for row in rows]
    held = Counter(term for row in rows for term in set(terms(row["context"])))
    shares = {
        term: round(number / len(rows), 4)
        for term, number in sorted(held.items())
        if number >= _COMMON * len(rows)
    }
    target.write_text(json.dumps(shares, ensure_ascii=False, indent=0) + "\n", "utf-8")


def train(dataset: Path, target: Path) -> None:
    """Train the networks, calibrate their confidence on held-out articles, write them all."""
    examples = Examples.load(dataset)
    mean, scale = examples.signals.mean(axis=0), examples.signals.std(axis=0) + 1e-3
    data = _Padded.of(examples, mean, scale)
    held_out = examples.groups % _HELD_OUT == 0
    chosen = torch.from_numpy(np.flatnonzero(~held_out))
    nets = [_train(data, chosen, seed) for seed in range(_NETWORKS)]
    with torch.no_grad():
        outputs = [net(data.signals, data.real) for net in nets]
    belief = np.mean([belief.numpy() for _, belief in outputs], axis=0)
    slope, offset = _calibrate(belief[held_out], examples.answerable[held_out])
    confidence = 1 / (1 + np.exp(-(slope * belief + offset)))
    yes, no = (confidence[held_out & kind] for kind in (examples.answerable, ~examples.answerable))
    threshold = float(np.quantile(yes, 1 - _ANSWERED))
    auc = area_under_curve(yes.tolist(), no.tolist())
    print(f"held out: {len(yes)} answerable, {len(no)} not; AUC {auc}")
    print(f"threshold {threshold:.4f} answers {(no >= threshold).mean():.3f} of the unanswerable")
    stored = {
        "signals": list(SIGNALS),
        "threshold": round(threshold, 4),
        "slope": round(slope, 5),
        "offset": round(offset, 5),
        "mean": np.round(mean.astype(float), 5).tolist(),
        "scale": np.round(scale.astype(float), 5).tolist(),
        "networks": [net.as_data() for net in nets],
    }
    target.write_text(json.dumps(stored) + "\n", "utf-8")


def _calibrate(belief: NDArray[np.float64], answerable: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset that make a logistic curve of ``belief`` fit best (Platt, 1999)."""
    line = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    inputs = torch.from_numpy(belief.astype(np.float64))
    wanted = torch.from_numpy(answerable.astype(np.float64))
    optimizer = torch.optim.LBFGS([line], max_iter=200)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        logits = line[0] * inputs + line[1]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    slope, offset = line.detach().tolist()
    return slope, offset


def main() -> None:
    match sys.argv[1:]:
        case ["collect", folder, dataset, *rest]:
            collect(Path(folder), Path(dataset), int(rest[0]) if rest else _GROUPS)
        case ["count", folder]:
            count(Path(folder), Path(index.__file__).parent / SHARES)
        case ["train", dataset]:
            train(Path(dataset), Path(index.__file__).parent / WEIGHTS)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
