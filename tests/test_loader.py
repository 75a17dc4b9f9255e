"""Loading a folder: every good file is there, and every bad one is told with its reason."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus import formats
from corpus.errors import FolderError
from corpus.loader import MAX_BYTES, Loaded, load_folder, readable, slug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.formats import Document

GOOD = "# Good\n\nA good article.\n"


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def reasons(loaded: Loaded) -> dict[str, str]:
    return {problem.source: problem.reason for problem in loaded.problems}


def test_articles_of_all_formats_are_found_below_the_folder(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "b.md": GOOD,
            "a.txt": "Plain words.",
            "Deep/er/My Page.HTM": "<p>Page words.</p>",
            "deep/c.markdown": "---\nid: given\ntitle: Given\n---\nWords.",
        },
    )
    loaded = load_folder(tmp_path)
    assert loaded.problems == ()
    assert [(article.id, article.title, article.source) for article in loaded.library] == [
        ("a", "A", "a.txt"),
        ("b", "Good", "b.md"),
        ("deep/er/my-page", "My Page", "Deep/er/My Page.HTM"),
        ("given", "Given", "deep/c.markdown"),
    ]


def test_hidden_files_and_files_of_other_kinds_are_skipped_silently(tmp_path: Path) -> None:
    write(
        tmp_path,
        {".hidden.md": GOOD, ".git/a.md": GOOD, "a.png": b"\0", "b.py": "x", "LICENSE": "MIT"},
    )
    loaded = load_folder(tmp_path)
    assert len(loaded.library) == 0
    assert loaded.problems == ()


BAD: dict[str, tuple[str, str | bytes, str]] = {
    "empty": ("x.md", "", "has no text in it; write"),
    "white space": ("x.txt", " \n\t\n", "has no text in it"),
    "only front matter": ("x.md", "---\ntitle: T\n---\n", "has no text in it"),
    "only headings": ("x.md", "# One\n\n## Two", "has headings but no text"),
    "binary": ("x.txt", b"text\0text", "is not a text file .* save"),
    "a PDF with another name": ("x.html", b"%PDF-1.7", "it is a PDF"),
    "wrongly encoded": ("x.md", "é".encode("latin-1"), "is not in UTF-8 .*save it as UTF-8"),
    "broken front matter": ("x.md", "---\ntitle: [a\n---\nText.", "has broken front matter: "),
    "same text": ("x.md", "Good\n====\n\nA *good* article.", "same text as good.md; remove"),
    "same id": ("x.md", "---\nid: good\n---\nOther.", "has the id 'good', as good.md has; rename"),
    "same name": ("good?.txt", "Other words.", "has the id 'good'"),
    "enormous": ("x.txt", b"a" * (MAX_BYTES + 1), "larger than 4 MB.*split"),
    "a format that is not read": ("x.pdf", b"%PDF-1.7", r"end in \.pdf are not read; save"),
}


@pytest.mark.parametrize(("name", "content", "reason"), BAD.values(), ids=BAD)
def test_a_bad_file_is_reported_and_the_rest_loads(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    write(tmp_path, {"good.md": GOOD, name: content, "z/last.md": "The last one."})
    loaded = load_folder(tmp_path)
    assert [article.id for article in loaded.library] == ["good", "z/last"]
    [problem] = loaded.problems
    assert re.search(reason, problem.reason)
    assert str(problem) == f"{name} {problem.reason}"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that an unprivileged user may enter, with the test running as such a user."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write(folder, {"good.md": GOOD})
        privileged = os.geteuid() == 0
        try:
            yield folder
        finally:
            if privileged:
                os.seteuid(0)


def drop_privileges() -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)


def test_a_file_that_may_not_be_read_is_reported(open_folder: Path) -> None:
    write(open_folder, {"secret.md": "Text.", "closed/a.md": "Text."})
    (open_folder / "secret.md").chmod(0)
    (open_folder / "closed").chmod(0)
    drop_privileges()
    loaded = load_folder(open_folder)
    assert [article.id for article in loaded.library] == ["good"]
    assert set(reasons(loaded)) == {"closed", "secret.md"}
    assert all("check its permissions" in reason for reason in reasons(loaded).values())


def test_a_folder_that_may_not_be_listed_is_an_error(open_folder: Path) -> None:
    open_folder.chmod(0)
    drop_privileges()
    with pytest.raises(FolderError, match="cannot be read"):
        load_folder(open_folder)


def test_a_missing_folder_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"nowhere does not exist; create it"):
        load_folder(tmp_path / "nowhere")


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": GOOD})
    with pytest.raises(FolderError, match=r"a\.md is not a folder"):
        load_folder(tmp_path / "a.md")


def test_a_pipe_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert "not a regular file" in reasons(load_folder(tmp_path))["pipe.md"]


def test_links_that_leave_the_folder_are_reported_and_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"in/good.md": GOOD, "out/a.md": "Secret.", "out/b.png": b"\0"})
    inside = tmp_path / "in"
    (inside / "file.md").symlink_to(tmp_path / "out" / "a.md")
    (inside / "folder").symlink_to(tmp_path / "out")
    (inside / "image.png").symlink_to(tmp_path / "out" / "b.png")
    (inside / "nowhere.md").symlink_to(tmp_path / "nothing")
    loaded = load_folder(inside)
    assert [article.id for article in loaded.library] == ["good"]
    assert set(reasons(loaded)) == {"file.md", "folder", "nowhere.md"}
    assert all("was not followed" in reason for reason in reasons(loaded).values())


def test_links_within_the_folder_are_one_more_name(tmp_path: Path) -> None:
    write(tmp_path, {"a/good.md": GOOD, "a/.kept.md": "Kept elsewhere.", "a/c.png": b"\0"})
    (tmp_path / "again.md").symlink_to(tmp_path / "a" / "good.md")
    (tmp_path / "kept.md").symlink_to(tmp_path / "a" / ".kept.md")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "c.png").symlink_to(tmp_path / "a" / "c.png")
    (tmp_path / "broken.md").symlink_to(tmp_path / "a" / "nothing.md")
    loaded = load_folder(tmp_path)
    assert [article.id for article in loaded.library] == ["again", "kept"]
    assert reasons(loaded)["a/good.md"].startswith("has the same text as again.md")
    assert reasons(loaded)["broken.md"].startswith("cannot be read")


def test_a_fault_in_a_reader_does_not_stop_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty(data: bytes) -> Document:
        raise AssertionError(data)

    monkeypatch.setitem(formats.READERS, ".new", faulty)
    write(tmp_path, {"good.md": GOOD, "a.new": b"x"})
    loaded = load_folder(tmp_path)
    assert len(loaded.library) == 1
    assert "cannot be understood" in reasons(loaded)["a.new"]
    assert "cannot parse a.new" in caplog.text


def test_a_name_that_is_not_utf_8_can_be_shown(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("Text.")
    [article] = load_folder(tmp_path).library
    assert article.source == "caf\ufffd.md"
    assert article.id == "caf"
    assert article.title.encode() == b"Caf"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("My Article", "my-article"),
        ("News/2024_05/The “End”…", "news/2024-05/the-end"),
        ("Cafe\u0301/ÜBER", "café/über"),
        ("___/статья", "-/статья"),
    ],
)
def test_an_id_is_a_slug_of_the_path(path: str, expected: str) -> None:
    assert slug(path) == expected


@pytest.mark.parametrize(
    ("stem", "title"),
    [("on-the_coast", "On the coast"), ("NASA  at 60", "NASA at 60"), ("---", "---")],
)
def test_a_file_name_is_made_readable_as_title(stem: str, title: str) -> None:
    assert readable(stem) == title
