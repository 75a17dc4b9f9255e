"""How much a word tells: rare in the corpus, and rare in English."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SHARES = "term_shares.json"
"""Share of the paragraphs of some 440 encyclopedia articles in which each common term stands,
counted by ``tests/benchmarks/calibrate.py``. A term that is not listed stands in fewer."""

_PRIOR = 50
"""Passages that general English counts for: it decides in a corpus of a few passages, where every
word is rare or none is, and hardly matters in one of thousands."""


@cache
def _shares() -> dict[str, float]:
    data: dict[str, float] = json.loads(
        resources.files("index").joinpath(SHARES).read_text("utf-8")
    )
    return data


def weigh(terms: Sequence[str], frequencies: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    """How much each of ``terms`` tells, shape ``(len(terms),)``; always above zero.

    The inverse document frequency of BM25 in a corpus of ``size`` passages, ``frequencies`` of
    which hold each term, and of some imagined passages of general English.
    """
    expected = np.array([_shares().get(term, 0.0) for term in terms]) * _PRIOR
    held, total = frequencies + expected, size + _PRIOR
    return np.asarray(np.log1p((total - held + 0.5) / (held + 0.5)), np.float32)
