"""Vectors of parts of a text, pooled from the token vectors of the whole.

"Late chunking": Guenther et al. 2024, arXiv:2409.04701. A sentence's vector then carries what its
passage says around it ("she", "the scene"), and costs no pass of its own. Measured on the 999
answerable questions of SQuAD 2.0 dev at 120 words a passage: the passage with the best sentence is
first for .723 of them where sentences are pooled late, .709 where each is embedded on its own, and
.613 where passages are compared by one vector each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpus.span import Span
    from index.embedder import Vectors


def pool(
    tokens: NDArray[np.float32],
    offsets: Sequence[tuple[int, int]],
    parts: Sequence[Span],
    whole: Vectors,
) -> Vectors:
    """The unit vector of each of ``parts``: the mean of its tokens. Shape ``(len(parts), hidden)``.

    Args:
        tokens: of the whole text, shape ``(length, hidden)``.
        offsets: the characters that each token stands for; equal ends for special tokens.
        parts: spans of the same text.
        whole: stands in for a part that has no token, because the text was cut off before it.
    """
    places = np.array(offsets, np.int64).reshape(-1, 2)
    real = places[:, 1] > places[:, 0]
    vectors = np.empty((len(parts), len(whole)), np.float32)
    for at, part in enumerate(parts):
        inside = real & (places[:, 0] >= part.start) & (places[:, 1] <= part.end)
        mean = tokens[inside].mean(axis=0) if inside.any() else whole
        vectors[at] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return vectors
