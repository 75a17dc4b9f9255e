"""Opening ONNX graphs: the one place that knows how ONNX Runtime is set up here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import onnxruntime

from index.errors import ModelError
from index.model_source import first_line

if TYPE_CHECKING:
    from pathlib import Path


def open_graph(graph: Path, cure: str, threads: int = 1) -> onnxruntime.InferenceSession:
    """A session over the graph in a file, safe to share between threads.

    Args:
        graph: the file.
        cure: a sentence on what to do where it cannot be loaded.
        threads: inside the graph.

    Raises:
        ModelError: if it cannot be loaded.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Both keep buffers for every length seen: memory would grow with the variety of texts.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(
            f"ONNX Runtime {onnxruntime.__version__} cannot load {graph}: {first_line(error)}. "
            f"{cure}"
        ) from error
