"""What the embedded engine keeps of each passage and sentence: flat files, read where needed."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from index.engine import Candidates
from index.errors import DamagedIndexError
from index.packed import PASSAGE, SENTENCE, TOKEN, pack_indexed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from index.engine import IndexedPassage
    from index.packed import Packed

# Half precision: the similarities of a sentence change in the fourth digit, and 100,000 passages
# take some 270 MB of disk instead of twice that. Only what a question touches is read.
_VECTOR = np.dtype("<f2")

_FILES = {
    "passages": PASSAGE,
    "sentences": SENTENCE,
    "tokens": TOKEN,
    "contexts": TOKEN,
    "sentence_vectors": _VECTOR,
}


class ColumnWriter:
    """Writes the columns of passages one after another into an empty folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {}
        self._counts = dict.fromkeys(_FILES, 0)

    def write(self, passages: Iterable[tuple[int, IndexedPassage]]) -> Iterator[IndexedPassage]:
        """Write each passage (with the index of its article), then hand it on."""
        with self.opened():
            for article, indexed in passages:
                self.add(article, pack_indexed([indexed]), indexed.sentence_vectors)
                yield indexed

    @contextmanager
    def opened(self) -> Iterator[None]:
        """The files are open meanwhile."""
        with ExitStack() as stack:
            for name in _FILES:
                file = (self._folder / f"{name}.bin").open("xb")
                self._files[name] = stack.enter_context(file)
            yield

    def add(self, article: int, packed: Packed, sentence_vectors: NDArray[np.float32]) -> None:
        """Write some passages of the article with this index, and the vectors of their sentences.

        ``sentence_vectors`` has the shape ``(len(packed.sentences), dimension)``.
        """
        passages, sentences = packed.passages.copy(), packed.sentences.copy()
        passages["article"] = article
        passages["first_sentence"] += self._counts["sentences"]
        passages["first_context"] += self._counts["contexts"]
        sentences["first_token"] += self._counts["tokens"]
        self._put("passages", passages)
        self._put("sentences", sentences)
        self._put("tokens", packed.tokens)
        self._put("contexts", packed.contexts)
        self._put("sentence_vectors", sentence_vectors)

    def _put(self, name: str, values: Any) -> None:
        self._files[name].write(np.asarray(values, dtype=_FILES[name]).tobytes())
        self._counts[name] += len(values)


@dataclass(frozen=True, slots=True)
class Columns:
    """The written columns, mapped into memory: pages are read when they are touched."""

    passages: NDArray[Any]
    sentences: NDArray[Any]
    tokens: NDArray[np.uint32]
    contexts: NDArray[np.uint32]
    vectors: NDArray[np.float16]

    @classmethod
    def open(cls, folder: Path, dimension: int) -> Columns:
        """Open what a ``ColumnWriter`` wrote.

        Raises:
            DamagedIndexError: if a file is missing or cut off.
        """
        loaded = [_map(folder / f"{name}.bin", dtype) for name, dtype in _FILES.items()]
        passages, sentences, tokens, contexts, flat = loaded
        if len(flat) != len(sentences) * dimension:
            raise DamagedIndexError(folder, "its sentence vectors do not fit its sentences")
        return cls(passages, sentences, tokens, contexts, flat.reshape(-1, dimension))

    def rows_of(self, articles: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of all passages of the articles with these indexes, ascending."""
        return np.flatnonzero(np.isin(self.passages["article"], articles))

    def nearness(self, rows: NDArray[np.int64], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The greatest inner product of ``vector`` with a sentence of each passage at ``rows``."""
        if not len(rows):
            return np.empty(0, np.float32)
        passages = self.passages[rows]
        counts = passages["sentences"].astype(np.int64)
        places, _ = _runs(passages["first_sentence"], counts)
        similarities = _widened(self.vectors[places]) @ vector
        return np.maximum.reduceat(similarities, np.cumsum(counts) - counts)

    def fetch(self, rows: NDArray[np.int64]) -> Candidates:
        """The passages at ``rows`` with all that belongs to them."""
        passages = self.passages[rows]
        places, owners = _runs(passages["first_sentence"], passages["sentences"])
        sentences = self.sentences[places]
        token_places, token_owners = _runs(sentences["first_token"], sentences["tokens"])
        context_places, context_owners = _runs(passages["first_context"], passages["contexts"])
        return Candidates(
            rows=rows,
            articles=passages["article"].astype(np.int64),
            spans=_pairs(passages),
            owners=owners,
            sentence_spans=_pairs(sentences),
            paragraphs=sentences["paragraph"].astype(np.int64),
            traits=sentences["traits"].astype(np.int64),
            vectors=_widened(self.vectors[places]),
            tokens=self.tokens[token_places],
            token_owners=token_owners,
            contexts=self.contexts[context_places],
            context_owners=context_owners,
        )


def _map(path: Path, dtype: np.dtype[Any]) -> NDArray[Any]:
    try:
        size = path.stat().st_size
        if size % dtype.itemsize:
            raise DamagedIndexError(path, "it is cut off")
        # An empty file cannot be mapped. A plain view of the mapping is quicker to index.
        return np.asarray(np.memmap(path, dtype, "r")) if size else np.empty(0, dtype)
    except OSError as error:
        raise DamagedIndexError(path, f"it cannot be read ({error.strerror})") from error


def _widened(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """The same finite numbers in single precision, in a third of the time numpy's cast takes.

    Exponent and fraction move to their places and the exponent's bias is made up for by a
    multiplication, which is exact, for numbers below the normal range too.
    """
    bits = halves.view(np.uint16).astype(np.uint32)
    signs = (bits & 0x8000) << 16
    bits &= 0x7FFF
    bits <<= 13
    bits |= signs
    numbers = bits.view(np.float32)
    numbers *= np.float32(2.0**112)
    return numbers


def _pairs(records: NDArray[Any]) -> NDArray[np.int64]:
    return np.stack([records["start"], records["end"]], axis=1).astype(np.int64)


def _runs(
    firsts: NDArray[Any], counts: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places ``first, first + 1, ...`` of several runs in a row, and the run each belongs to."""
    counts = counts.astype(np.int64)
    owners = np.repeat(np.arange(len(counts)), counts)
    skipped = np.cumsum(counts) - counts
    places = np.arange(len(owners)) + (firsts.astype(np.int64) - skipped)[owners]
    return places, owners
