"""Markdown: what is shown of it, and where in the source each word stands."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import EmptyArticleError
from corpus.formats import parse, parse_text
from corpus.span import Span
from tests.document_checks import check, shown

SHARED = Path(os.environ.get("ONRECORD_SHARED") or Path(__file__).parents[2] / "shared")
REST = "\n\nA sentence that ends."

MARKS = """
*|**|***|_|`|``|~~|~~~|[|](|](http://a.b)|]|![|<b>|</b>|<br>|<div>|</div>|<script>|</script>|&amp;
&copy;|&#32;|&x|\\|\\*|# |## |===|---|- |1. |> |```|<http://x.y/%20z>|<!-- c -->|[r]|…|“Q”|word
two words|e\u0301|é|\u200b|\u2028|\u2029|\u00a0|\x0c|👩‍👩‍👧|ﬁ|<td>|</p>|Å
"""
BREAKS = ["|", "\\|", "\n", "\r\n", "\r", "\n\n", "    ", "\t"]
TABLE = "\n| a | b |\n|---|---|\n| c | d\\|e |\n"
DEFINITIONS = ["\n[r]: http://x\n", "[^1]", "---\ntitle: T\n---\n"]
PIECES = st.sampled_from([*MARKS.replace("\n", "|").split("|"), *BREAKS, TABLE, *DEFINITIONS])


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_text_is_canonical_and_every_letter_stands_where_the_map_says(source: str) -> None:
    try:
        document = parse_text(source, ".md")
    except EmptyArticleError:
        return
    check(document, source)


WORDS = st.lists(
    st.sampled_from(["sun", "moon", "star", "Ærø", "naïve", "don’t", "1.5", "U.S."]), min_size=1
)
WRAPPERS = st.sampled_from(
    ["{}", "*{}*", "**{}**", "`{}`", "~~{}~~", "[{}](http://a.b/c 'd')", "<b>{}</b>", "![x](y){}"]
)
OPENINGS = st.sampled_from(["", "> ", "- ", "2. ", "> > ", "- > ", "   "])


@given(st.lists(st.tuples(OPENINGS, WRAPPERS, WORDS), min_size=1, max_size=6))
def test_words_in_any_markup_are_shown_without_it_and_found_in_the_source(
    parts: list[tuple[str, str, list[str]]],
) -> None:
    phrases = [f"{number} {' '.join(words)}." for number, (_, _, words) in enumerate(parts)]
    source = "---\nid: x\n---\n" + "\n\n<!-- -->\n\n".join(
        opening + wrapper.format(phrase)
        for (opening, wrapper, _), phrase in zip(parts, phrases, strict=True)
    )
    document = parse_text(source, ".md")
    assert document.text == "\n\n".join(phrases)
    for phrase, block in zip(phrases, document.blocks, strict=True):
        assert document.map.to_source(block.span).of(source) == phrase


CASES = {
    "emphasis": (
        "An *ill* and **very ill** and ***both*** and _this_.",
        "An ill and very ill and both and this.",
    ),
    "emphasis marks that mark nothing stay": (
        "2 * 3 * 4 and snake_case_name.",
        "2 * 3 * 4 and snake_case_name.",
    ),
    "link": ("See [the *report*](https://a.b/c) now.", "See the report now."),
    "reference link": ("See [it][r] and [r].\n\n[r]: http://a.b", "See it and r."),
    "unresolved reference": ("He said [sic] and ![so].", "He said [sic] and ![so]."),
    "autolink": ("At <https://a.b/%20c> today.", "At https://a.b/%20c today."),
    "image": ("Before ![the alt *text*](x.png) after.", "Before after."),
    "code": ("Call `f(*x*)` or `` a`b `` or `c\nd` now.", "Call f(*x*) or a`b or c d now."),
    "unclosed code": ("A `lone mark.", "A `lone mark."),
    "strikethrough": ("It is ~~two~~ three.", "It is two three."),
    "odd strikethrough": ("It is ~~~two~~~~~ three.", "It is ~two~~~ three."),
    "entities": ("AT&amp;T &copy; &#8220;q&#x201D; &nosuch; &.", "AT&T © “q” &nosuch; &."),
    "escapes": (r"\*not\* \a \\ \&amp;.", r"*not* \a \ &amp;."),
    "inline tags": ("A <b>bold</b> <a href='x'>link</a><br>line<!-- no -->.", "A bold link line."),
    "inline script": ("A <script>x()</script>word.", "A word."),
    "line breaks": ("One  \ntwo\\\nthree\nfour.", "One two three four."),
    "a backslash before a space": ("One \\ \ntwo.", "One \\ two."),
    "footnotes": (
        "He said[^1]: [yes](http://a.b)[^two] [^ no].\n\n[^1]: A note: of words.",
        "He said: yes [^ no].\n\nA note: of words.",
    ),
    "a footnote in brackets": ("He [he says[^a] so] left.", "He [he says so] left."),
    "normal form": ("Cafe\u0301 zu\u200brich.", "Café zurich."),
}


@pytest.mark.parametrize(("source", "text"), CASES.values(), ids=CASES)
def test_inline_markup_is_removed(source: str, text: str) -> None:
    document = parse_text(source, ".md")
    assert document.text == text
    check(document, source)


BLOCKS = {
    "atx heading": ("A.\n\n## Two ##\n\nB.", [(0, "A."), (2, "Two"), (0, "B.")]),
    "atx heading in a quotation": (
        "A.\n\n> # *One* # 1\n> B.",
        [(0, "A."), (1, "One # 1"), (0, "B.")],
    ),
    "setext headings": (
        "A.\n\nOne\n===\n\nTwo\nlines\n---\nB.",
        [(0, "A."), (1, "One"), (2, "Two lines"), (0, "B.")],
    ),
    "a paragraph right above a rule": (
        f"A.\n\n{'word ' * 30}\nend.\n---\nB.",
        [(0, "A."), (0, "word " * 30 + "end."), (0, "B.")],
    ),
    "empty heading": ("A.\n\n#\n\nB.", [(0, "A."), (0, "B.")]),
    "list": (
        "A.\n\n- one\n- two\n  more\n\n  para\n  1. deep",
        [(0, "A."), (0, "one"), (0, "two more"), (0, "para"), (0, "deep")],
    ),
    "quotation": ("A.\n\n> one\ntwo\n>\n> three", [(0, "A."), (0, "one two"), (0, "three")]),
    "rule": ("A.\n\n***\n\nB.", [(0, "A."), (0, "B.")]),
    "table": (
        "A.\n\n| *H* | I |\n|--|:-:|\n| a \\| b | |\n| c",
        [(0, "A."), (0, "H | I"), (0, "a | b"), (0, "c")],
    ),
    "table without outer borders": ("> H | I\n> -|-\n> a | b", [(0, "H | I"), (0, "a | b")]),
    "table in a quotation": ("> | H | I |\n> |-|-|\n> | | b |", [(0, "H | I"), (0, "b")]),
    "table in a list": ("A.\n\n- | H |\n  |-|\n  | a |\n", [(0, "A."), (0, "H"), (0, "a")]),
    "fenced code": (
        "A.\n\n```py\nx = 1\n\n\ny = 2\n  z\n```\nB.",
        [(0, "A."), (0, "x = 1"), (0, "y = 2 z"), (0, "B.")],
    ),
    "indented code": ("A.\n\n    x\n\n    y\n", [(0, "A."), (0, "x"), (0, "y")]),
    "html": (
        "A.\n\n<div>\n<h2>Head</h2><p>Text &amp; <i>more</i></p>\n</div>\n\nB.",
        [(0, "A."), (2, "Head"), (0, "Text & more"), (0, "B.")],
    ),
    "html comment and script": (
        "A.\n\n<!-- c\n\nd -->\n\n<script>\nx\n</script>\n\nB.",
        [(0, "A."), (0, "B.")],
    ),
    "windows line ends": ("A b\r\nc.\r\n\r\n> d\r\n> e.\r\n", [(0, "A b c."), (0, "d e.")]),
    "image alone": ("A.\n\n![x](y)\n\nB.", [(0, "A."), (0, "B.")]),
}


@pytest.mark.parametrize(("source", "blocks"), BLOCKS.values(), ids=BLOCKS)
def test_blocks_are_headings_and_paragraphs(source: str, blocks: list[tuple[int, str]]) -> None:
    document = parse_text(source, ".md")
    assert shown(document) == blocks
    check(document, source)


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("**A Bold Line**", 6),
        ("  __A *Bold* Line__ ", 6),
        ("**A Bold Line** ![](x.png)", 6),
        ("**Background:**", 6),
        ("**A bold sentence.**", 0),
        ("**A bold question?**", 0),
        ("**“A bold quotation.”**", 0),
        ("**Note** this", 0),
        ("So **bold**", 0),
        ("**One** and **two**", 0),
        ("- **An item**", 0),
        ("> **A quotation**", 0),
        ("**" + "word " * 30 + "end**", 0),
        ("****", 0),
    ],
)
def test_a_short_bold_paragraph_that_is_no_sentence_is_a_heading(line: str, level: int) -> None:
    document = parse_text(f"First.\n\n{line}{REST}", ".md")
    assert document.blocks[1].level == level


TITLES = {
    "a heading of level 1": ("# A Title.", "A Title.", 1),
    "a short first line": ("A title line", "A title line", 1),
    "a question in title case": ("Who Directed It?", "Who Directed It?", 1),
    "a first heading of another level": ("## Two", "Two", 1),
    "no sentence": ("It is raining.", None, 0),
    "no question in sentence case": ("Who is it?", None, 0),
    "no item of a list": ("- An item", None, 0),
    "no date": ("Paris, March 3, 2024", None, 0),
    "no byline": ("By Jane Doe", None, 0),
    "no long line": ("word " * 40, None, 0),
    "no line of two": ("A line\nand another", "A line and another", 1),
}


@pytest.mark.parametrize(("first", "title", "level"), TITLES.values(), ids=TITLES)
def test_the_first_block_is_the_title_if_it_reads_like_one(
    first: str, title: str | None, level: int
) -> None:
    document = parse_text(first + REST, ".md")
    assert (document.title, document.blocks[0].level) == (title, level)


def test_a_rubric_above_the_heading_is_not_the_title() -> None:
    document = parse_text("Opinion\n\n# The Title" + REST, ".md")
    assert document.title == "The Title"
    assert shown(document)[:2] == [(0, "Opinion"), (1, "The Title")]


def test_the_title_of_the_front_matter_is_found_as_first_block_whatever_it_looks_like() -> None:
    source = '---\ntitle: It\'s “over”.\n---\n\nIt’s "over".' + REST
    document = parse_text(source, ".md")
    assert document.title == "It's “over”."
    assert document.blocks[0].level == 1


def test_a_first_heading_that_is_not_the_given_title_keeps_its_level() -> None:
    document = parse_text("---\ntitle: T\n---\n## Section" + REST, ".md")
    assert document.title == "T"
    assert document.blocks[0].level == 2


def test_a_text_of_one_line_is_a_paragraph() -> None:
    assert shown(parse_text("Just one line", ".md")) == [(0, "Just one line")]


@pytest.mark.parametrize(
    ("source", "reason"),
    [("", "no text"), (" \n\n ", "no text"), ("![a](b)", "no text"), ("# Only", "headings")],
)
def test_an_article_without_a_paragraph_is_reported(source: str, reason: str) -> None:
    with pytest.raises(EmptyArticleError, match=reason):
        parse_text(source, ".md")


def test_evidence_in_raw_markdown_offsets_carries_over_to_the_right_words() -> None:
    folder = SHARED / "data" / "seed"
    if not folder.is_dir():
        pytest.skip("the judged data (../shared or ONRECORD_SHARED) is not here")
    [file] = (SHARED / "seeds").glob("*.txt")
    document = parse(file.read_bytes(), "seed.md")
    lines = (folder / "questions.jsonl").read_text("utf-8").splitlines()
    pairs = [
        (span, words)
        for line in map(json.loads, lines)
        for span, words in zip(line.get("evidence_spans", []), line["evidence"], strict=True)
    ]
    assert pairs
    for (start, end), words in pairs:
        span = document.map.from_source(Span(start, end))
        assert span.of(document.text) == words.replace("*", "")


def test_a_heading_may_hold_what_the_parser_replaces() -> None:
    document = parse_text(f"# A \x00heading{REST}", ".md")
    assert [block.level for block in document.blocks] == [1, 0]
