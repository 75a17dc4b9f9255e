"""The three rooms import in one direction, and what is heavy only where it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {"corpus": {"corpus"}, "index": {"index", "corpus"}, "bot": {"bot", "index", "corpus"}}
MODULES = sorted(path for room in ALLOWED for path in (ROOT / room).rglob("*.py"))


def _imports(path: Path, *, at_runtime_only: bool = False) -> set[str]:
    found: set[str] = set()
    tree = ast.parse(path.read_text("utf-8"))
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if (
            at_runtime_only
            and isinstance(node, ast.If)
            and ast.unparse(node.test) == "TYPE_CHECKING"
        ):
            skipped.update(inner for part in node.body for inner in ast.walk(part))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and at_runtime_only:
            skipped.update(inner for part in node.body for inner in ast.walk(part))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_room_imports_only_from_itself_and_the_rooms_below(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    rooms = {name.split(".")[0] for name in _imports(path)} & {*ALLOWED, "tests"}
    assert rooms <= ALLOWED[room]


def test_no_module_imports_itself_by_way_of_others() -> None:
    names = {_name(path): path for path in MODULES}
    graph = {
        name: (_imports(path, at_runtime_only=True) & names.keys()) - {name}
        for name, path in names.items()
    }
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"import cycle: {' -> '.join([*above, name])}"
        if name not in done:
            for imported in graph[name]:
                visit(imported, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("faiss", {"index/engines/vectors.py"}),
        ("tantivy", {"index/engines/lexical.py"}),
        # Quantising is a tool of its own that the package carries.
        ("onnxruntime", {"index/graph.py", "index/model_export.py"}),
        ("spacy", {"corpus/quotes/parser.py"}),
        ("trafilatura", {"corpus/formats/html.py"}),
        ("markdown_it", {"corpus/formats/markdown.py"}),
        ("pypdf", {"corpus/formats/pdf.py"}),
        ("mammoth", {"corpus/formats/docx.py"}),
        ("defusedxml", {"corpus/formats/xml.py"}),
        # Slack's own library runs on it, and hands out its errors and requests.
        (
            "aiohttp",
            {
                "corpus/web/fetching.py",
                "bot/adapters/slack/calls.py",
                "bot/adapters/slack/http.py",
                "bot/adapters/slack/intake.py",
            },
        ),
        ("feedparser", {"corpus/web/feeds.py"}),
        ("protego", {"corpus/web/robots.py"}),
        ("py3langid", {"corpus/intake/language.py"}),
        ("cronsim", {"bot/collection_settings.py"}),
        # Each concept that is kept in the database has its own tables.
        (
            "sqlalchemy",
            {
                "bot/database.py",
                "bot/ledger.py",
                "bot/audit.py",
                "bot/corrections/ledger.py",
                "bot/corrections/stored.py",
                "bot/corrections/tables.py",
            },
        ),
    ],
)
def test_a_third_party_library_is_imported_in_one_file_only(library: str, home: set[str]) -> None:
    using = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if any(name.split(".")[0] == library for name in _imports(path))
    }
    assert using == home


def test_discord_py_is_imported_in_its_adapter_only() -> None:
    using = [path for path in MODULES if any(n.split(".")[0] == "discord" for n in _imports(path))]
    assert using
    assert all(path.is_relative_to(ROOT / "bot/adapters/discord") for path in using)


@pytest.mark.parametrize("library", ["slack_bolt", "slack_sdk"])
def test_what_talks_to_slack_is_imported_in_its_adapter_only(library: str) -> None:
    using = [
        path
        for path in MODULES
        if any(n.split(".")[0] == library for n in _imports(path, at_runtime_only=True))
    ]
    assert using
    assert all(path.is_relative_to(ROOT / "bot/adapters/slack") for path in using)


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        (
            "bot.cli",
            (
                "torch",
                "sentence_transformers",
                "onnxruntime",
                "faiss",
                "numpy",
                "trafilatura",
                "discord",
                "slack_bolt",
                "sqlalchemy",
                "aiohttp",
            ),
        ),
        ("bot.app", ("torch", "sentence_transformers", "transformers", "trafilatura")),
        ("corpus.loader", ("torch", "numpy", "trafilatura")),
    ],
)
def test_importing_a_room_does_not_load_what_is_heavy(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*[name for name in {absent!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
