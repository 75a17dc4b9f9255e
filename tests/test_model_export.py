"""How a model is exported, compared, kept and refused."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
import transformers

from index.errors import ModelError
from index.exported_model import (
    MANIFEST,
    Graph,
    folder_for,
    graph_file,
    read_manifest,
    write_manifest,
)
from index.model_export import export_model, main
from index.model_source import ModelSource, find_source
from index.models import open_embedder, prepare
from index.onnx_embedder import OnnxEmbedder
from index.sentence_embedder import SentenceEmbedder
from tests.fakes import wholes
from tests.tiny_models import HIDDEN, save_tiny_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.embedder import Embedder, Vectors

ROOT = Path(__file__).parent.parent
PROMPTS = {"query": "ask: ", "document": "tell: "}
TEXTS = ["The bridge.", "Who built it, and when was it finished?", "x" * 200, ""]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny"), pooling="cls", prompts=PROMPTS)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    """A tiny model gains nothing from more, and loses much on a busy machine."""
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def exported(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the tiny model is exported; tests that change it copy it."""
    home = tmp_path_factory.mktemp("home")
    export_model(find_source(str(tiny), home), home)
    return home


@pytest.fixture
def home(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "home"))


def open_tiny(tiny: Path, home: Path) -> tuple[Embedder, list[str]]:
    """The tiny model and what was reported while it was opened, exported in this process."""
    told: list[str] = []
    return open_embedder(str(tiny), home=home, export=export_model, status=told.append), told


def folder_of(tiny: Path, home: Path) -> Path:
    return folder_for(find_source(str(tiny), home), home)


def change_graphs(folder: Path, **graphs: tuple[float, float]) -> None:
    """Enter other cosines into the manifest, as a worse export would have."""
    manifest = read_manifest(folder)
    changed = {
        precision: Graph(manifest.graphs[precision].sha256, *cosines)
        for precision, cosines in graphs.items()
    }
    write_manifest(folder, dataclasses.replace(manifest, graphs={**manifest.graphs, **changed}))


def by_hand(model: Path, prompt: str, text: str, pooling: str, length: int) -> Vectors:
    """A text's vector computed with transformers alone."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    bert = transformers.AutoModel.from_pretrained(model)
    batch = tokenizer(prompt + text, truncation=True, max_length=length, return_tensors="pt")
    with torch.no_grad():
        tokens = bert(**batch).last_hidden_state[0]
    vector = {"cls": tokens[0], "mean": tokens.mean(0), "max": tokens.max(0).values}[pooling]
    return np.asarray(vector / vector.norm())


@pytest.mark.parametrize("pooling", ["cls", "mean", "max"])
def test_pooling_prompts_length_and_normalisation_are_the_models_own(
    tmp_path: Path, pooling: str
) -> None:
    model = save_tiny_model(tmp_path, pooling=pooling, prompts=PROMPTS, max_length=20)
    source = find_source(str(model), tmp_path)
    exported = OnnxEmbedder(export_model(source, tmp_path), "fp32")
    for embedder in (exported, SentenceEmbedder(source)):
        assert (embedder.dimension, embedder.max_tokens) == (HIDDEN, 20)
        passages = wholes(embedder, TEXTS)
        for text, passage in zip(TEXTS, passages, strict=True):
            expected = by_hand(model, "tell: ", text, pooling, 20)
            assert np.allclose(passage, expected, atol=1e-5)
            question = embedder.embed_query(text)
            assert np.allclose(question, by_hand(model, "ask: ", text, pooling, 20), atol=1e-5)


def test_a_dense_layer_and_normalisation_are_part_of_the_graph(tmp_path: Path) -> None:
    model = save_tiny_model(tmp_path, dense=8, normalize=True)
    source = find_source(str(model), tmp_path)
    exported = OnnxEmbedder(export_model(source, tmp_path), "fp32")
    assert exported.dimension == 8
    expected = wholes(SentenceEmbedder(source), TEXTS)
    assert np.allclose(wholes(exported, TEXTS), expected, atol=1e-5)


def test_the_graph_offers_the_vectors_of_tokens_in_batches_of_any_size(
    exported: Path, tiny: Path
) -> None:
    import onnxruntime

    graph = folder_of(tiny, exported) / graph_file("fp32")
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    for batch, length in ((1, 3), (5, 17)):
        ids = np.ones((batch, length), dtype=np.int64)
        feed = {each.name: ids for each in session.get_inputs()}
        (tokens,) = session.run(["token_embeddings"], feed)
        assert tokens.shape == (batch, length, HIDDEN)


def test_exporting_says_what_it_does_and_nothing_else(
    tiny: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    told: list[str] = []
    export_model(find_source(str(tiny), tmp_path), tmp_path, told.append)
    assert len(told) == 3
    assert capfd.readouterr() == ("", "")
    assert list(recwarn) == []
    assert transformers.utils.logging.is_progress_bar_enabled()


def test_a_second_opening_prepares_nothing(tiny: Path, home: Path) -> None:
    embedder, told = open_tiny(tiny, home)
    assert isinstance(embedder, OnnxEmbedder)
    assert told == []


def test_fp32_can_be_asked_for(tiny: Path, home: Path) -> None:
    embedder = open_embedder(str(tiny), home=home, precision="fp32")
    assert embedder.fingerprint.endswith("-fp32")


def test_int8_below_its_bound_gives_way_to_fp32(
    tiny: Path, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    change_graphs(folder_of(tiny, home), int8=(0.5, 0.995))
    embedder, _ = open_tiny(tiny, home)
    assert embedder.fingerprint.endswith("-fp32")
    assert "not used in int8: cosine to sentence-transformers 0.5000" in caplog.text


def test_fp32_below_its_bound_gives_way_to_sentence_transformers(
    tiny: Path, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    change_graphs(folder_of(tiny, home), fp32=(0.99, 0.99))
    embedder, told = open_tiny(tiny, home)
    assert isinstance(embedder, SentenceEmbedder)
    assert "not used in fp32" in caplog.text
    assert len(told) == 1, "it is loaded, but not exported once more"


def test_a_model_that_cannot_be_exported_runs_on_sentence_transformers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = save_tiny_model(tmp_path, prompts=PROMPTS, include_prompt=False)
    first, told = open_tiny(model, tmp_path)
    assert isinstance(first, SentenceEmbedder)
    assert "leaves its prompts out when pooling" in caplog.text
    _, told_again = open_tiny(model, tmp_path)
    assert len(told) > len(told_again) == 1, "the refusal is remembered"
    expected = first.model.encode_query("Who?", normalize_embeddings=True)
    assert np.allclose(first.embed_query("Who?"), expected, atol=1e-6)


def test_a_refusal_is_forgotten_when_the_libraries_change(
    tiny: Path, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = folder_of(tiny, home)
    refused = dataclasses.replace(
        read_manifest(folder), graphs={}, obstacle="it was too new", tools={"torch": "1.0"}
    )
    write_manifest(folder, refused)
    embedder, _ = open_tiny(tiny, home)
    assert isinstance(embedder, OnnxEmbedder)
    assert "refused with other releases" in caplog.text


@pytest.mark.parametrize("name", ["int8.onnx", "tokenizer.json", MANIFEST])
@pytest.mark.parametrize("damage", ["cut", "changed", "missing"])
def test_a_damaged_folder_is_prepared_anew(
    tiny: Path, home: Path, name: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = folder_of(tiny, home) / name
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "changed":
        path.write_bytes(b"{}" + content[2:])
    else:
        path.unlink()
    embedder, told = open_tiny(tiny, home)
    assert isinstance(embedder, OnnxEmbedder)
    assert len(told) == 3
    assert path.read_bytes() == content
    assert ("damaged" in caplog.text) == ((name, damage) != (MANIFEST, "missing"))
    assert not list((home / "models").glob(".*"))


def test_what_onnx_runtime_cannot_read_is_said_plainly(tiny: Path, home: Path) -> None:
    folder = folder_of(tiny, home)
    (folder / "int8.onnx").write_bytes(b"no graph")
    manifest = json.loads((folder / MANIFEST).read_text())
    from index.model_source import sha256_of

    manifest["graphs"]["int8"]["sha256"] = sha256_of(folder / "int8.onnx")
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=r"ONNX Runtime .* cannot load .*prepared anew"):
        OnnxEmbedder(folder, "int8")


def test_a_change_of_prompts_is_another_model(tmp_path: Path) -> None:
    one = save_tiny_model(tmp_path / "one", prompts=PROMPTS)
    two = save_tiny_model(tmp_path / "two", prompts={**PROMPTS, "query": "question: "})
    sources = [find_source(str(model), tmp_path) for model in (one, two)]
    assert folder_for(sources[0], tmp_path) != folder_for(sources[1], tmp_path)
    fingerprints = {SentenceEmbedder(source).fingerprint for source in sources}
    fingerprints |= {OnnxEmbedder(export_model(each, tmp_path)).fingerprint for each in sources}
    assert len(fingerprints) == 4


def test_two_processes_may_prepare_the_same_model_at_once(tiny: Path, tmp_path: Path) -> None:
    source = find_source(str(tiny), tmp_path)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: prepare(source, tmp_path), range(2)))
    assert isinstance(OnnxEmbedder(folder_for(source, tmp_path)), OnnxEmbedder)
    assert len(list((tmp_path / "models").iterdir())) == 2, "one folder, and the hashes"


@pytest.mark.parametrize("stage", ["Converting", "Comparing"])
def test_a_killed_export_leaves_nothing_that_is_used(
    tiny: Path, tmp_path: Path, stage: str
) -> None:
    source = find_source(str(tiny), tmp_path)
    arguments = [source.name, str(source.folder), source.digest, str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "index.model_export", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        while stage not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    assert not folder_for(source, tmp_path).exists()
    (abandoned,) = (tmp_path / "models").glob(".*.tmp")
    os.utime(abandoned, (time.time() - 7200,) * 2)
    assert isinstance(open_tiny(tiny, tmp_path)[0], OnnxEmbedder)
    assert not abandoned.exists()


def test_a_younger_unfinished_folder_is_left_to_its_process(tiny: Path, tmp_path: Path) -> None:
    unfinished = tmp_path / "models" / ".0123.tmp"
    unfinished.mkdir(parents=True)
    open_tiny(tiny, tmp_path)
    assert unfinished.exists()


def test_a_home_that_cannot_be_written_is_said_plainly(tiny: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match=r"cannot be kept in .*set ONRECORD_HOME"):
        open_tiny(tiny, home)


def test_a_full_disk_is_said_plainly_and_leaves_nothing(tiny: Path, tmp_path: Path) -> None:
    source = find_source(str(tiny), tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(ModelError, match=r"cannot be kept in .*Make room"):
            export_model(source, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["file-hashes.json"]


def test_the_exporting_process_reports_an_error_in_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["nothing", str(tmp_path), "0", str(tmp_path)]) == 1
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert "could not load the model nothing" in report["error"]


@pytest.fixture
def exporting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModelSource]:
    """Puts a shell script in the place of the exporting process."""

    def put(script: str) -> ModelSource:
        program = tmp_path / "python"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(program))
        return ModelSource("a model", tmp_path, "0")

    return put


def test_what_the_exporting_process_reports_is_passed_on_and_nothing_else(
    exporting: Callable[[str], ModelSource], tmp_path: Path
) -> None:
    told: list[str] = []
    prepare(
        exporting("""echo '{"status": "Half done"}'; echo noise; echo '[1]'"""),
        tmp_path,
        told.append,
    )
    assert told == ["Preparing the model a model, once", "Half done"]


def test_the_error_of_the_exporting_process_is_raised_and_its_output_logged(
    exporting: Callable[[str], ModelSource], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = exporting("""echo '{"error": "It is broken."}'; echo a last word >&2; exit 1""")
    with pytest.raises(ModelError, match=r"^It is broken\.$"):
        prepare(source, tmp_path)
    assert "a last word" in caplog.text


def test_an_exporting_process_that_is_killed_is_explained(
    exporting: Callable[[str], ModelSource], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"without a result \(code -9\).*short of memory"):
        prepare(exporting("kill -9 $$"), tmp_path)


def test_an_interrupted_preparation_ends_its_process(
    exporting: Callable[[str], ModelSource], tmp_path: Path
) -> None:
    def interrupt(message: str) -> None:
        if message == "Loading":
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        prepare(exporting("""echo '{"status": "Loading"}'; exec sleep 60"""), tmp_path, interrupt)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(("device", "precision"), [("tpu", "int8"), ("cpu", "int4")])
def test_an_unknown_device_or_precision_is_refused(
    tmp_path: Path, device: str, precision: str
) -> None:
    with pytest.raises(ModelError, match=f"no device '{device}' with precision '{precision}'"):
        open_embedder(device=device, precision=precision, home=tmp_path)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has the device")
def test_a_device_that_is_not_there_is_said_plainly(tiny: Path, home: Path) -> None:
    with pytest.raises(ModelError, match=r"on device cuda: .*ONRECORD_DEVICE"):
        open_embedder(str(tiny), "cuda", home=home)


def test_auto_opens_the_model_on_any_machine(tiny: Path, home: Path) -> None:
    embedder = open_embedder(str(tiny), "auto", home=home)
    assert embedder.dimension == HIDDEN
    assert SentenceEmbedder(find_source(str(tiny), home), "auto").dimension == HIDDEN


def test_a_log_that_was_loud_is_loud_again_after_an_export(tiny: Path, tmp_path: Path) -> None:
    log = logging.getLogger("torch.onnx")
    before = log.level
    log.setLevel(logging.DEBUG)
    try:
        export_model(find_source(str(tiny), tmp_path), tmp_path)
        assert log.level == logging.DEBUG
    finally:
        log.setLevel(before)
