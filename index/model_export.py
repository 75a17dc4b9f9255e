"""Export of a sentence-transformers model to one ONNX graph, in full precision and in int8.

Runs in a process of its own (``python -m index.model_export``), so that the process that asked
for it never loads torch, and nothing a library prints, warns about or changes gets into it.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from index.errors import ModelError
from index.exported_model import (
    BOUNDS,
    TOKENIZER,
    Graph,
    Manifest,
    current_tools,
    folder_for,
    graph_file,
    write_manifest,
    written_aside,
)
from index.model_source import ModelSource, first_line, sha256_of
from index.onnx_embedder import OnnxEmbedder
from index.sentence_embedder import SentenceEmbedder, prompts, quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sentence_transformers import SentenceTransformer

    from index.embedder import Embedder, Vectors

SAMPLES = "model_samples.json"

# The newest operator set that the tracing exporter writes without conversion; ONNX Runtime has
# read it since 1.14.
_OPSET = 17

# Protocol buffers end at 2 GiB. A larger model is for a GPU anyway.
_LARGEST_PARAMETERS = 1_900_000_000 // 4

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")

# Settings of newer releases of sentence-transformers for models that treat questions differently.
_LENGTHS_BY_TASK = ("query_length", "document_length", "query_expansion")

# sentence-transformers' modules that only compute on the tensors they are given.
_PLAIN_MODULES = frozenset({"Dense", "LayerNorm", "Normalize", "Pooling"})


class _Sentences(torch.nn.Module):
    """A model's modules in sequence, ending in a vector of length one and the tokens' vectors."""

    def __init__(self, model: SentenceTransformer, inputs: list[str]) -> None:
        super().__init__()
        self.steps = torch.nn.ModuleList(model)
        self.inputs = inputs
        self.dimensions = model.truncate_dim

    def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features: dict[str, Any] = dict(zip(self.inputs, tensors, strict=True))
        for step in self.steps:
            features = step(features)
        vectors = features["sentence_embedding"][:, : self.dimensions]
        return torch.nn.functional.normalize(vectors, p=2, dim=1), features["token_embeddings"]


def export_model(
    source: ModelSource, home: Path, status: Callable[[str], None] = lambda _message: None
) -> Path:
    """Export ``source`` into ``<home>/models/<hash>/`` and return that folder.

    A model that cannot be exported leaves a folder whose manifest says so. The graph's second
    output, ``token_embeddings``, has shape ``(batch, length, hidden)`` and costs nothing where it
    is not asked for.

    Raises:
        ModelError: The model cannot be loaded, or the folder cannot be written.
    """
    status(f"Loading {source.name}")
    reference = SentenceEmbedder(source)
    expected = _embed_samples(reference)
    folder = folder_for(source, home)
    with quiet(), written_aside(folder) as aside:
        status(f"Converting {source.name}")
        obstacle = _obstacle(reference.model) or _write_graphs(reference, aside)
        manifest = _describe(source, reference, aside, obstacle)
        write_manifest(aside, manifest)
        status(f"Comparing {source.name} with the original")
        write_manifest(aside, _compared(manifest, aside, expected))
    return folder


def _obstacle(model: SentenceTransformer) -> str:
    """Why the model is more than one graph over one tokenizer's output; empty if it is not."""
    first, *others = model
    kinds = {type(module).__name__ for module in others}
    if type(first).__name__ != "Transformer" or not kinds <= _PLAIN_MODULES:
        return f"it has modules that are not exported: {sorted({type(first).__name__} | kinds)}"
    if not getattr(model.tokenizer, "is_fast", False):
        return "its tokenizer does not exist in the tokenizers library"
    if any(getattr(first, name, None) for name in _LENGTHS_BY_TASK):
        return "it reads questions and passages at different lengths"
    if any(prompts(model)) and not all(getattr(m, "include_prompt", True) for m in others):
        return "it leaves its prompts out when pooling"
    if sum(parameter.numel() for parameter in model.parameters()) > _LARGEST_PARAMETERS:
        return "it is too large for one graph"
    return ""


def _write_graphs(embedder: SentenceEmbedder, folder: Path) -> str:
    """Write both graphs; returns why that failed, or nothing."""
    full, small = folder / graph_file("fp32"), folder / graph_file("int8")
    try:
        _export(embedder.model, full)
        quantize_dynamic(
            full,
            small,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
    except (AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        return f"the export failed: {first_line(error)}"
    return ""


def _export(model: SentenceTransformer, path: Path) -> None:
    """Trace the model and write it.

    The tracing exporter takes 2.3 s where the newer one (``dynamo=True``) takes 7.8 s, for graphs
    of equal speed and equal results; what tracing cannot follow shows in the comparison. Eager
    attention is the form in which ONNX Runtime recognises what it can fuse (110 passages a second
    against 90 in int8).
    """
    model[0].auto_model.set_attn_implementation("eager")
    batch = model.tokenizer(["One text.", "And a longer one."], padding=True, return_tensors="pt")
    inputs = [name for name in _INPUTS if name in batch]
    axes = {0: "batch", 1: "length"}
    with torch.no_grad():
        torch.onnx.export(
            _Sentences(model, inputs).eval(),
            tuple(batch[name] for name in inputs),
            path,
            input_names=inputs,
            output_names=["sentence_embedding", "token_embeddings"],
            dynamic_axes={
                **dict.fromkeys([*inputs, "token_embeddings"], axes),
                "sentence_embedding": {0: "batch"},
            },
            opset_version=_OPSET,
            dynamo=False,
        )


def _describe(
    source: ModelSource, embedder: SentenceEmbedder, folder: Path, obstacle: str
) -> Manifest:
    """Write the tokenizer, and the manifest of graphs not yet compared."""
    _write_tokenizer(embedder, folder / TOKENIZER)
    query_prompt, passage_prompt = prompts(embedder.model)
    written = [] if obstacle else [name for name in BOUNDS if (folder / graph_file(name)).is_file()]
    return Manifest(
        name=source.name,
        source=source.digest,
        dimension=embedder.dimension,
        max_tokens=embedder.max_tokens,
        query_prompt=query_prompt,
        passage_prompt=passage_prompt,
        pools_by_mean=embedder.pools_by_mean,
        tokenizer_sha256=sha256_of(folder / TOKENIZER),
        graphs={name: Graph(sha256_of(folder / graph_file(name)), 0.0, 0.0) for name in written},
        obstacle=obstacle,
        tools=current_tools(),
    )


def _write_tokenizer(embedder: SentenceEmbedder, path: Path) -> None:
    """The tokenizer with the model's own length; texts are run alone, so without padding."""
    tokenizer = embedder.model.tokenizer
    data = json.loads(tokenizer.backend_tokenizer.to_str())
    data["padding"] = None
    data["truncation"] = {
        "max_length": embedder.max_tokens,
        "strategy": "LongestFirst",
        "stride": 0,
        "direction": tokenizer.truncation_side.capitalize(),
    }
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _compared(manifest: Manifest, folder: Path, expected: Vectors) -> Manifest:
    """The manifest with what the graphs' vectors have in common with the expected ones."""
    graphs = {}
    for precision, graph in manifest.graphs.items():
        cosines = np.sum(_embed_samples(OnnxEmbedder(folder, precision)) * expected, axis=1)
        graphs[precision] = dataclasses.replace(
            graph, cosine_minimum=float(cosines.min()), cosine_mean=float(cosines.mean())
        )
    return dataclasses.replace(manifest, graphs=graphs)


def _embed_samples(embedder: Embedder) -> Vectors:
    """The vectors of the samples, first those of the questions, then those of the passages."""
    samples = json.loads(resources.files("index").joinpath(SAMPLES).read_text(encoding="utf-8"))
    questions = [embedder.embed_query(text) for text in samples["questions"]]
    passages = embedder.embed_passages(samples["passages"], [()] * len(samples["passages"]))
    return np.stack([*questions, *(one.whole for one in passages)])


def main(arguments: Sequence[str]) -> int:
    """Export the model that the arguments name: its name, folder, digest, and the home.

    Writes one JSON object a line to standard output: ``{"status": ...}`` or ``{"error": ...}``.
    """
    name, folder, digest, home = arguments
    source = ModelSource(name, Path(folder), digest)
    try:
        export_model(source, Path(home), lambda message: _say(status=message))
    except ModelError as error:
        _say(error=str(error))
        return 1
    return 0


def _say(**message: str) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
