"""What an embedding model is to the rest of the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from corpus.span import Span

    Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of one passage or question.

    Attributes:
        whole: of all its text, shape ``(dimension,)``.
        parts: of each of its parts in the light of the whole, shape ``(parts, dimension)``.
    """

    whole: Vectors
    parts: Vectors


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

    def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        """The vector of a question, and of the given spans of it, as ``embed_passages`` does it."""
        ...

    def embed_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        progress: Callable[[int], None] | None = None,
    ) -> list[PassageVectors]:
        """The vectors of passages, and of the given spans of each, in the given order.

        A part's vector is pooled from the passage's own tokens ("late chunking", Guenther et al.
        2024, arXiv:2409.04701), so that it carries what surrounds it, at no cost, where the model
        pools by mean; otherwise the part is embedded on its own. A part beyond ``max_tokens``
        gets the vector of the whole.

        ``progress`` is called with the number of texts done since the last call.
        """
        ...


def well_formed(text: str) -> str:
    """``text`` with lone surrogates, which no tokenizer accepts, replaced by question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
