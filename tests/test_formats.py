"""Which reader a file goes to."""

from __future__ import annotations

import subprocess
import sys

import pytest

from corpus.errors import EmptyArticleError, UnknownFormatError
from corpus.formats import READERS, parse, parse_plain, parse_text
from tests.document_checks import shown

MARKED = {
    "a heading": "# The *title*\n\nText.",
    "a heading at the end": "Text.\n\n## A heading\n",
    "a bold line": "Text.\n\n**A bold line**\n\nMore.",
    "a link": "Text with [a link](https://example.com/a).",
}
UNMARKED = {
    "a number sign": "We are #1\n#hashtag here.",
    "a comment in code": "Write this:\n# a comment\nx = 1",
    "stars": "It has ** two stars ** and *one*.",
    "brackets": "He said [so](as she did).",
}


@pytest.mark.parametrize("source", MARKED.values(), ids=MARKED)
def test_a_text_file_with_clear_signs_of_markdown_is_read_as_markdown(source: str) -> None:
    assert shown(parse_text(source, ".txt")) == shown(parse_text(source, ".md"))


@pytest.mark.parametrize("source", UNMARKED.values(), ids=UNMARKED)
def test_a_text_file_without_them_keeps_its_characters(source: str) -> None:
    assert parse_text(source, ".txt").text == " ".join(source.split())


@pytest.mark.parametrize("source", [*MARKED.values(), "---\na: b\n---\nText.", "<html>Text."])
def test_text_known_to_be_plain_keeps_its_characters(source: str) -> None:
    words = " ".join(source.replace("---", "").split())
    assert " ".join(parse_plain(source).text.split()) == words


def test_text_known_to_be_plain_has_the_title_given_with_it() -> None:
    document = parse_plain("So it ends.\n\nText.", "So it ends.")
    assert document.title == "So it ends."
    assert shown(document) == [(1, "So it ends."), (0, "Text.")]


def test_many_comments_before_a_text_cost_no_more_than_their_length() -> None:
    assert parse_text("<!-- a -->\n" * 2000 + "\nText.", ".md").text == "Text."


@pytest.mark.parametrize("name", ["a.md", "B.MD", "c.markdown", "d.txt", "e.html", "dir.x/f.HTM"])
def test_the_extension_counts_in_any_case(name: str) -> None:
    assert parse(b"Some *text*.", name).text in ("Some text.", "Some *text*.")


@pytest.mark.parametrize(("name", "told"), [("a.pdf", r"\.pdf"), ("a", "no extension")])
def test_a_file_of_another_kind_is_reported_with_the_kinds_that_are_read(
    name: str, told: str
) -> None:
    with pytest.raises(UnknownFormatError, match=rf"{told}.*\.md, .*\.html"):
        parse(b"Text.", name)


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("data", [b"", b" \n\t\n ", b"\xef\xbb\xbf", "\u200b\u00ad".encode()])
def test_a_file_with_nothing_to_see_in_it_is_reported_as_empty(suffix: str, data: bytes) -> None:
    with pytest.raises(EmptyArticleError, match="no text"):
        parse(data, f"x{suffix}")


def test_trafilatura_is_only_imported_for_a_page() -> None:
    code = "import sys, corpus.loader; sys.exit('trafilatura' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
