"""A model run by sentence-transformers: the definition of what its vectors are."""

from __future__ import annotations

import contextlib
import logging
import warnings
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.util import get_device_name

from index.embedder import PassageVectors, well_formed
from index.errors import ModelError
from index.late_pooling import pool
from index.model_source import first_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from corpus.span import Span
    from index.embedder import Vectors
    from index.model_source import ModelSource

# Texts between two reports of progress; sentence-transformers sorts them by length and runs them
# in batches of 32, its default.
_BLOCK = 128


class SentenceEmbedder:
    """The ``Embedder`` that defines a model's vectors; needed only where no exported graph is.

    Pooling, maximal length and prompts are the model's own, as ``encode_query`` and
    ``encode_document`` apply them. Vectors are scaled to length one even where the model leaves
    that out, so that inner product is cosine similarity for every model.

    Importing this module imports torch.
    """

    def __init__(self, source: ModelSource, device: str = "cpu") -> None:
        """Load the model; ``device`` is ``cpu``, ``cuda``, ``mps`` or ``auto``.

        Raises:
            ModelError: The files are no sentence-transformers model, or the device is not there.
        """
        self.name = source.name
        self.model = _load(source, best_device() if device == "auto" else device)
        self.fingerprint = f"{source.digest[:32]}-torch"
        # Hugging Face's tokenizers are set up anew at each call and fail when two threads do so
        # at once ("Already borrowed").
        self._lock = Lock()
        self.max_tokens = int(self.model.max_seq_length or self.model.tokenizer.model_max_length)
        self.dimension = len(self.embed_query(""))
        self.pools_by_mean = _pools_by_mean(self.model)
        self._prompts = prompts(self.model)

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question, with the model's query prompt: shape ``(dimension,)``."""
        vector: Vectors = self._encode(self.model.encode_query, [text])[0]
        return vector

    def embed_question(self, text: str, parts: Sequence[Span]) -> PassageVectors:
        """The vector of a question, and of the given spans of it."""
        encode, prompt = self.model.encode_query, self._prompts[0]
        pooled = self._late if self.pools_by_mean else self._alone
        return pooled(encode, prompt, [(text, parts)])[0]

    def embed_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        progress: Callable[[int], None] | None = None,
    ) -> list[PassageVectors]:
        """The vectors of passages and of the given spans of each, in the given order."""
        passages = list(zip(texts, parts, strict=True))
        vectors: list[PassageVectors] = []
        for start in range(0, len(passages), _BLOCK):
            block = passages[start : start + _BLOCK]
            pooled = self._late if self.pools_by_mean else self._alone
            vectors += pooled(self.model.encode_document, self._prompts[1], block)
            if progress:
                progress(len(block))
        return vectors

    def _late(
        self,
        encode: Callable[..., Any],
        prompt: str,
        passages: Sequence[tuple[str, Sequence[Span]]],
    ) -> list[PassageVectors]:
        """Parts pooled from the tokens of their passages."""
        texts = [well_formed(text) for text, _ in passages]
        with self._lock:
            found = encode(
                texts, output_value=None, convert_to_numpy=False, show_progress_bar=False
            )
            places = [self._offsets(prompt + text) for text in texts]
        vectors = []
        for (_, parts), features, offsets in zip(passages, found, places, strict=True):
            whole = _unit(features["sentence_embedding"].float().cpu().numpy())
            kept = features["attention_mask"].bool()
            tokens = features["token_embeddings"][kept].float().cpu().numpy()
            shifted = [part.shifted(len(prompt)) for part in parts]
            vectors.append(PassageVectors(whole, pool(tokens, offsets, shifted, whole)))
        return vectors

    def _offsets(self, text: str) -> list[tuple[int, int]]:
        tokenizer = self.model.tokenizer
        encoding = tokenizer(
            text, truncation=True, max_length=self.max_tokens, return_offsets_mapping=True
        )
        offsets: list[tuple[int, int]] = encoding["offset_mapping"]
        return offsets

    def _alone(
        self,
        encode: Callable[..., Any],
        prompt: str,  # noqa: ARG002 - encode puts it before each text
        passages: Sequence[tuple[str, Sequence[Span]]],
    ) -> list[PassageVectors]:
        """Each part embedded as a text of its own."""
        texts = [text for text, _ in passages]
        alone = [part.of(text) for text, parts in passages for part in parts]
        vectors = self._encode(encode, [*texts, *alone])
        wholes, own = vectors[: len(texts)], vectors[len(texts) :]
        borders = np.cumsum([len(parts) for _, parts in passages])[:-1]
        return list(map(PassageVectors, wholes, np.split(own, borders)))

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        with self._lock:
            vectors = encode([well_formed(text) for text in texts], show_progress_bar=False)
        return _unit(vectors)


def _unit(vectors: Vectors) -> Vectors:
    # After truncation to fewer dimensions sentence-transformers does not normalise again.
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _pools_by_mean(model: SentenceTransformer) -> bool:
    """Whether a text's vector is the mean of its tokens' vectors, and these can be placed in it."""
    kinds = [type(module).__name__ for module in model]
    plain = kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
    if not plain or model.truncate_dim or not getattr(model.tokenizer, "is_fast", False):
        return False
    return bool(model[1].pooling_mode == "mean" and model[1].include_prompt)


def prompts(model: SentenceTransformer) -> tuple[str, str]:
    """The query and the passage prompt that ``encode_query`` and ``encode_document`` use."""
    known = model.prompts
    default = known.get(model.default_prompt_name, "")
    passage = next(
        (known[name] for name in ("document", "passage", "corpus") if name in known), default
    )
    return known.get("query", default), passage


def best_device() -> str:
    """The device that sentence-transformers would choose: a GPU if torch can use one."""
    return str(get_device_name())


def _load(source: ModelSource, device: str) -> SentenceTransformer:
    try:
        with quiet():
            return SentenceTransformer(str(source.folder), device=device, local_files_only=True)
    except Exception as error:
        raise ModelError(
            f"sentence-transformers could not load the model {source.name} from {source.folder} "
            f"on device {device}: {first_line(error)}. Set ONRECORD_MODEL to a "
            "sentence-transformers model and ONRECORD_DEVICE to a device of this machine."
        ) from error


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Holds back the progress bars, log lines and warnings of transformers and torch."""
    library: Any = transformers.utils.logging
    bars, verbosity = library.is_progress_bar_enabled(), library.get_verbosity()
    library.disable_progress_bar()
    library.set_verbosity_error()
    torch_log = logging.getLogger("torch.onnx")
    torch_level = torch_log.level
    torch_log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        torch_log.setLevel(torch_level)
        library.set_verbosity(verbosity)
        if bars:
            library.enable_progress_bar()
