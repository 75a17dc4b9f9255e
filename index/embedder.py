"""What an embedding model is to the rest of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns text into unit vectors whose inner product is their similarity.

    An implementation may be called from several threads at once.
    """

    @property
    def fingerprint(self) -> str:
        """Names the weights and every setting that changes a vector.

        Vectors of equal fingerprints, and only those, may meet in one index.
        """
        ...

    @property
    def name(self) -> str:
        """The model as a person would name it."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """Tokens of one text that the model reads; what comes after is not seen."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question, with the model's query prompt: shape ``(dimension,)``."""
        ...

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """The vectors of passages in the given order: shape ``(len(texts), dimension)``.

        ``progress`` is called with the number of texts done since the last call.
        """
        ...
