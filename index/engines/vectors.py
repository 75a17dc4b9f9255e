"""Passages by their meaning: inner products of unit vectors, by FAISS.

Vectors are stored as 16 bit floats: half the memory of 32 bit and several times as fast at one
query, recall .9997 of the 50 best, where 8 bit gives .989 (``tests/benchmarks/engine.py``). Up to
``EXACT_UP_TO`` vectors every one is compared; above, only those in the lists nearest to the query
(IVF), as many lists as it takes to find ``_RECALL`` of what comparing all of them finds. At
200,000 HNSW took six times as long to build for the same recall, and a third more disk; 8 bit in
the lists halves the disk and costs .005 recall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from index.errors import DamagedIndexError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Hits = tuple[NDArray[np.int64], Vectors]

EXACT_UP_TO = 100_000
"""Vectors up to which all are compared: about 4 ms, what embedding the question takes."""

# Share of the exact 50 best that the approximate index must find for vectors of its own. Questions
# lie a little farther off: of 16,000 sentences of SQuAD they found .982 where its own found .988.
_RECALL = 0.99
_DEPTH = 50
_PROBES = 256  # vectors of the index that recall is measured with
_PER_LIST = 40  # vectors a list that clustering looks at: FAISS warns below 39
_ROUNDS = 10  # of k-means; more than ten did not raise recall
_BLOCK = 16_384
_CORES = faiss.omp_get_max_threads()


def build(path: Path, dimension: int, blocks: Iterable[Vectors]) -> int:
    """Write an index over the rows of ``blocks``, numbered as they come; returns their count.

    Each block is ``(any, dimension)``, its rows of unit length. Takes ``2 * dimension`` bytes of
    memory a row, twice as many above ``EXACT_UP_TO`` rows.

    Raises:
        StorageError: if ``path`` cannot be written.
    """
    faiss.omp_set_num_threads(_CORES)  # of this thread, which may have searched
    index = faiss.IndexScalarQuantizer(
        dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    for block in blocks:
        index.add(np.ascontiguousarray(block, np.float32))
    count: int = index.ntotal
    if count > EXACT_UP_TO:
        index = _in_lists(index)
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise StorageError(path, error) from error
    return count


def _in_lists(exact: Any) -> Any:
    """The vectors of ``exact`` in lists of neighbours, with the number of lists to look into."""
    count, dimension = exact.ntotal, exact.d
    lists = int(4 * count**0.5)  # FAISS's guideline: between 4 and 16 times the square root
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.niter, index.cp.spherical = _ROUNDS, True
    shuffled = np.random.default_rng(0).permutation(count)
    index.train(exact.reconstruct_batch(shuffled[: lists * _PER_LIST]))
    for start in range(0, count, _BLOCK):
        index.add(exact.reconstruct_n(start, min(_BLOCK, count - start)))
    probes = exact.reconstruct_batch(shuffled[:_PROBES])
    index.nprobe = _enough_lists(index, probes, exact.search(probes, _DEPTH)[1])
    return index


def _enough_lists(index: Any, probes: Vectors, expected: NDArray[np.int64]) -> int:
    """The fewest lists, by doubling, in which ``_RECALL`` of the expected rows are found."""
    looked_into = 8
    while looked_into < index.nlist:
        parameters = faiss.SearchParametersIVF(nprobe=looked_into)
        found = index.search(probes, expected.shape[1], params=parameters)[1]
        pairs = zip(expected, found, strict=True)
        if np.mean([np.isin(wanted, got).mean() for wanted, got in pairs]) >= _RECALL:
            return looked_into
        looked_into *= 2
    return int(index.nlist)


class VectorIndex:
    """An index written by ``build``, memory-mapped; any number of threads may search it."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def open(cls, path: Path) -> VectorIndex:
        """The index in ``path``; under a millisecond, whatever its size.

        Raises:
            DamagedIndexError: if there is none, or it is shorter than or plainly not what was
                written. Whether each byte is as written is what checksums are for.
        """
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise DamagedIndexError(path, _reason(error)) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def exact(self) -> bool:
        """Whether every vector is compared with the query."""
        return not isinstance(self._index, faiss.IndexIVF)

    def close(self) -> None:
        """Let go of the file. The index cannot be searched afterwards."""
        self._index = None

    def search(self, vector: Vectors, k: int, allowed: NDArray[np.int64] | None = None) -> Hits:
        """The at most ``k`` rows nearest to ``vector``, ``(dimension,)``, with inner products.

        Best first, equal ones by row. With ``allowed``, only rows among these are returned.
        """
        k = min(k, len(self) if allowed is None else len(allowed))
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        # Sharing one query out among cores means waiting for the slowest: of 10,000 vectors on two
        # cores with other work to do, .38 ms at the median and 8 at p90, against .23 and .4 so.
        faiss.omp_set_num_threads(1)  # of the calling thread only
        query = np.ascontiguousarray(vector, np.float32)[np.newaxis]
        scores, rows = self._index.search(query, k, params=self._parameters(allowed))
        found = np.flatnonzero(rows[0] >= 0)  # FAISS fills up with -1
        found = found[np.lexsort((rows[0][found], -scores[0][found]))]
        return rows[0][found], scores[0][found]

    def _parameters(self, allowed: NDArray[np.int64] | None) -> Any:
        if allowed is None:
            return None
        chosen = np.zeros(len(self), bool)
        chosen[allowed] = True
        selector = faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
        if self.exact:
            return faiss.SearchParameters(sel=selector)
        # The fewer rows may be found, the more lists it takes to meet as many of them.
        share = len(self) / len(allowed)
        lists = min(self._index.nlist, int(self._index.nprobe * share))
        return faiss.SearchParametersIVF(sel=selector, nprobe=lists)


def _reason(error: RuntimeError) -> str:
    """What FAISS says went wrong, without where in its source it noticed."""
    return str(error).rpartition("Error: ")[2]
