"""An exported model on disk: its graphs, its tokenizer and the record of how near they come."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from index.errors import ModelError
from index.model_source import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from index.model_source import ModelSource

MANIFEST = "manifest.json"
TOKENIZER = "tokenizer.json"

# Part of the folder's name: raise it when what is exported, or how, changes.
FORMAT = 2

# What decides whether a model can be exported.
_TOOLS = ("torch", "transformers", "sentence-transformers", "onnxruntime")

# No export takes this long; what is older was left by a process that was killed.
_ABANDONED_AFTER_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Bound:
    """The least cosine similarity to sentence-transformers that a graph must keep."""

    minimum: float
    mean: float


# Measured over `model_samples.json` with all-MiniLM-L6-v2: fp32 1.0000 at the least. int8 .9925 on
# average, at which hits@k on judged questions do not change; .986 at the least for sentences, and
# .971 for texts without content (a lone emoji, "Yes."), which set the lower bound. A mistake of the
# export (mask, prompt, pooling, length) costs far more than that, and so does the saturation of
# int8 products on processors without VNNI instructions.
BOUNDS = {"fp32": Bound(0.9999, 0.9999), "int8": Bound(0.96, 0.99)}


@dataclass(frozen=True, slots=True)
class Graph:
    """One exported graph, and its cosine similarity to sentence-transformers over the samples."""

    sha256: str
    cosine_minimum: float
    cosine_mean: float

    def within(self, bound: Bound) -> bool:
        """Whether the graph is near enough to be used."""
        return self.cosine_minimum >= bound.minimum and self.cosine_mean >= bound.mean


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lies in an exported model's folder, and how it is to be run.

    ``graphs`` has an entry for each precision; it is empty where the model could not be exported,
    and ``obstacle`` then says why. ``pools_by_mean`` tells whether a text's vector is the mean of
    its tokens', so that parts of it can be pooled from them. ``bounds`` are those in force at the
    export, for the reader.
    """

    name: str
    source: str
    dimension: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    pools_by_mean: bool
    tokenizer_sha256: str
    graphs: Mapping[str, Graph]
    obstacle: str
    tools: Mapping[str, str]
    bounds: Mapping[str, Bound] = dataclasses.field(default_factory=lambda: dict(BOUNDS))

    def usable(self, precision: str) -> bool:
        """Whether there is a graph of this precision that keeps its bound.

        int8 is made from fp32: where that is wrong, int8 is, however near it happens to come.
        """
        graphs = self.graphs
        return all(
            name in graphs and graphs[name].within(BOUNDS[name]) for name in ("fp32", precision)
        )

    def holds(self) -> bool:
        """Whether there is nothing to gain from another export.

        A refusal holds for the releases it was met with; others may manage what these could not.
        """
        return any(map(self.usable, self.graphs)) or self.tools == current_tools()

    def fingerprint(self, precision: str) -> str:
        """Names the graph, the tokenizer, the prompts and the length: all that makes a vector."""
        parts = [
            self.graphs[precision].sha256,
            self.tokenizer_sha256,
            self.query_prompt,
            self.passage_prompt,
            self.max_tokens,
        ]
        return f"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}-{precision}"


def graph_file(precision: str) -> str:
    """The file name of a graph."""
    return f"{precision}.onnx"


def folder_for(source: ModelSource, home: Path) -> Path:
    """Where the exported form of ``source`` lies: ``<home>/models/<hash>``."""
    key = hashlib.sha256(f"{FORMAT}:{source.digest}".encode()).hexdigest()[:32]
    return home / "models" / key


def current_tools() -> dict[str, str]:
    """Versions of what the export depends on, read without importing any of it."""
    return {tool: version(tool) for tool in _TOOLS}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest`` into ``folder``."""
    text = json.dumps(dataclasses.asdict(manifest), indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest in ``folder``.

    Raises:
        ModelError: It is damaged.
        FileNotFoundError: There is none.
    """
    text = (folder / MANIFEST).read_bytes()
    try:
        return _manifest(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(f"The prepared model in {folder} is damaged: {MANIFEST}.") from error


def _manifest(data: dict[str, Any]) -> Manifest:
    graphs = {precision: Graph(**graph) for precision, graph in data["graphs"].items()}
    bounds = {precision: Bound(**bound) for precision, bound in data["bounds"].items()}
    return Manifest(**{**data, "graphs": graphs, "bounds": bounds})


def check_files(folder: Path, manifest: Manifest, precision: str) -> None:
    """Compare the tokenizer and one graph with the manifest.

    Raises:
        ModelError: A file is missing or its content is another.
    """
    expected = {
        TOKENIZER: manifest.tokenizer_sha256,
        graph_file(precision): manifest.graphs[precision].sha256,
    }
    for name, sha256 in expected.items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != sha256:
            raise ModelError(f"The prepared model in {folder} is damaged: {name}.")


@contextmanager
def written_aside(folder: Path) -> Iterator[Path]:
    """A new folder beside ``folder`` that takes its place, in one rename, when the block ends well.

    Killed at any moment, or failing, this leaves ``folder`` as it was. What another process has
    completed there in the meantime stays; what is damaged is replaced.

    Raises:
        ModelError: The folder cannot be written.
    """
    _clear_abandoned(folder.parent)
    aside = folder.parent / f".{folder.name}.{secrets.token_hex(4)}.tmp"
    try:
        aside.mkdir(parents=True)
        yield aside
        for path in [*aside.iterdir(), aside]:
            _sync(path)
        _put_in_place(aside, folder)
        _sync(folder.parent)
    except OSError as error:
        raise _cannot_keep(folder.parent, error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def make_place(home: Path) -> None:
    """Make the folder for exported models, so that a home without room for it is told at once.

    Raises:
        ModelError: It cannot be made.
    """
    try:
        (home / "models").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_keep(home / "models", error) from error


def _cannot_keep(folder: Path, error: OSError) -> ModelError:
    return ModelError(
        f"The prepared model cannot be kept in {folder}: {error.strerror or error}. "
        "Make room or make the folder writable, or set ONRECORD_HOME to another one."
    )


def _put_in_place(aside: Path, folder: Path) -> None:
    if _complete(folder):
        return
    old = aside.with_suffix(".old.tmp")
    with suppress(FileNotFoundError):
        folder.rename(old)
    try:
        aside.rename(folder)
    except OSError:
        # Another process put its own there between the two renames.
        if not _complete(folder):
            raise
    shutil.rmtree(old, ignore_errors=True)


def _complete(folder: Path) -> bool:
    try:
        manifest = read_manifest(folder)
        for precision in manifest.graphs:
            check_files(folder, manifest, precision)
    except (ModelError, OSError):
        return False
    return manifest.holds()


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_abandoned(models: Path) -> None:
    for path in models.glob(".*.tmp"):
        with suppress(FileNotFoundError):
            age = time.time() - path.stat().st_mtime
            if path.is_dir() and age > _ABANDONED_AFTER_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
