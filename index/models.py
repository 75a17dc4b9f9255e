"""Opening an embedding model: the exported graph where there is one, torch where there must be."""

from __future__ import annotations

import json
import logging
import os
import platform
import subprocess
import sys
from collections import deque
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelError
from index.exported_model import BOUNDS, Manifest, folder_for, make_place, read_manifest
from index.model_source import DEFAULT_MODEL, ModelSource, find_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from index.embedder import Embedder

    Status = Callable[[str], None]

logger = logging.getLogger(__name__)

DEVICES = ("cpu", "cuda", "mps", "auto")
PRECISIONS = ("int8", "fp32")

# Device files by which Linux shows a graphics processor: NVIDIA, NVIDIA under Windows, AMD.
_GPU_FILES = ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd")

# Lines of the exporting process kept for the log should it fail.
_LAST_LINES = 30


def prepare(source: ModelSource, home: Path, status: Status = lambda _message: None) -> None:
    """Export ``source`` into ``home`` in another process, which loads torch so that this does not.

    Raises:
        ModelError: The model cannot be loaded or written, or the process was killed.
    """
    make_place(home)
    status(f"Preparing the model {source.name}, once")
    command = [sys.executable, "-P", "-W", "ignore", "-m", "index.model_export"]
    command += [source.name, str(source.folder), source.digest, str(home.absolute())]
    lines: deque[str] = deque(maxlen=_LAST_LINES)
    with subprocess.Popen(  # noqa: S603 - our own module, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=_child_environment(),
    ) as process:
        try:
            assert process.stdout is not None
            error = _follow(process.stdout, lines, status)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        logger.error("preparing %s failed:\n%s", source.name, "".join(lines))
        raise ModelError(error or _unexplained(source, process.returncode))


def _follow(output: Iterable[str], lines: deque[str], status: Status) -> str | None:
    """Pass on what the exporting process reports, keep the rest; returns its error."""
    error = None
    for line in output:
        message = _message(line)
        if "status" in message:
            status(message["status"])
        elif "error" in message:
            error = message["error"]
        else:
            lines.append(line)
    return error


def _message(line: str) -> dict[str, str]:
    """A line of the exporting process's reports; empty for what a library printed."""
    with suppress(ValueError):
        message = json.loads(line)
        if isinstance(message, dict):
            return message
    return {}


def _unexplained(source: ModelSource, code: int) -> str:
    return (
        f"Preparing the model {source.name} ended without a result (code {code}); the machine may "
        "be short of memory. Free some, then try again. The log has the last lines."
    )


def _child_environment() -> dict[str, str]:
    """This process's environment, with this very package importable and the hub out of reach."""
    package = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    return {
        **os.environ,
        "PYTHONPATH": path,
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        # Threads that wait without turning: the machine may be answering questions meanwhile.
        "OMP_WAIT_POLICY": "PASSIVE",
    }


def open_embedder(
    model: str = DEFAULT_MODEL,
    device: str = "cpu",
    *,
    home: Path,
    precision: str = "int8",
    threads: int = 0,
    status: Status = lambda _message: None,
    export: Callable[[ModelSource, Path, Status], object] = prepare,
) -> Embedder:
    """The embedder of a model.

    On the processor a model is exported once, in a process of its own, into ``home``, and run by
    ONNX Runtime from then on. A graph that strays too far from sentence-transformers is not used:
    int8 gives way to fp32, fp32 to sentence-transformers itself. That also runs models that
    cannot be exported, and every model on a GPU.

    Args:
        model: The shipped model's name, a folder, or a name on the Hugging Face hub.
        device: ``cpu``, ``cuda``, ``mps``, or ``auto`` for a GPU if there is one.
        home: The folder in which state is kept (``ONRECORD_HOME``).
        precision: ``int8``, or ``fp32`` for the model's vectors as they are at twice the time.
        threads: Passages embedded at once; 0 for as many as there are processors.
        status: Told in a few words what is going on while a model is prepared.
        export: Prepares a model; the default does so in another process.

    Raises:
        ModelError: There is no such model or device, or the model cannot be prepared in ``home``.
    """
    if device not in DEVICES or precision not in PRECISIONS:
        raise ModelError(
            f"There is no device {device!r} with precision {precision!r}: ONRECORD_DEVICE is one "
            f"of {', '.join(DEVICES)}, the precision one of {', '.join(PRECISIONS)}."
        )
    source = find_source(model, home, status)
    if device == "auto":
        device = _best_device()
    embedder = None
    if device == "cpu":
        folder = folder_for(source, home)
        embedder = _open_exported(folder, precision, threads, lambda: export(source, home, status))
    return embedder or _by_torch(source, device, status)


def _by_torch(source: ModelSource, device: str, status: Status) -> Embedder:
    from index.sentence_embedder import SentenceEmbedder

    status(f"Loading {source.name}")
    return SentenceEmbedder(source, device)


def _best_device() -> str:
    """The device torch would choose; torch is asked only where there are signs of a GPU."""
    if platform.system() == "Darwin":
        likely = platform.machine() == "arm64"
    else:
        likely = not version("torch").endswith("+cpu") and any(map(os.path.exists, _GPU_FILES))
    if not likely:
        return "cpu"
    from index.sentence_embedder import best_device

    return best_device()


def _open_exported(
    folder: Path, precision: str, threads: int, export: Callable[[], object]
) -> Embedder | None:
    """The exported model, exported first if need be; nothing if no graph of it may be used."""
    try:
        return _open_graph(folder, precision, threads)
    except OSError as error:
        # Usually there is nothing yet. Whatever else is wrong, the export will say what to do.
        logger.debug("no prepared model: %s", error)
    except ModelError as error:
        logger.warning("%s It is prepared anew.", error)
    export()
    return _open_graph(folder, precision, threads)


def _open_graph(folder: Path, wanted: str, threads: int) -> Embedder | None:
    from index.onnx_embedder import OnnxEmbedder

    manifest = read_manifest(folder)
    if not manifest.holds():
        raise ModelError(f"{manifest.name} was refused with other releases of its libraries.")
    precision = _choose(manifest, wanted)
    return OnnxEmbedder(folder, precision, threads=threads) if precision else None


def _choose(manifest: Manifest, wanted: str) -> str:
    """The wanted precision or the more exact one that keeps its bound; empty if none does."""
    if manifest.obstacle:
        logger.warning("%s runs on sentence-transformers: %s.", manifest.name, manifest.obstacle)
    for precision in PRECISIONS[PRECISIONS.index(wanted) :]:
        if manifest.usable(precision):
            return precision
        if graph := manifest.graphs.get(precision):
            logger.warning(
                "%s is not used in %s: cosine to sentence-transformers %.4f at the least and "
                "%.4f on average, it must be %.4f and %.4f.",
                *(manifest.name, precision, graph.cosine_minimum, graph.cosine_mean),
                *(BOUNDS[precision].minimum, BOUNDS[precision].mean),
            )
    return ""
