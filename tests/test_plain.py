"""Plain text: where its paragraphs end, and which of its lines are headings."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import EmptyArticleError
from corpus.formats import parse_text
from corpus.formats.headings import is_heading_line
from tests.document_checks import check, shown

LONG = "This paragraph is on one line that is far too long for anyone to have wrapped it by hand, "
LONG += "and so each line beside it must be a paragraph of its own."
TITLE = "A title which is as long as titles of articles often are"
ADDRESS = f"https://a.b/{'x' * 120}"

SENTENCE = st.lists(
    st.sampled_from(["rain", "Spain", "4,000", "naïve", "on", "the", "plain"]), min_size=3
).map(lambda words: "The " + " ".join(words) + ".")
PARAGRAPHS = st.lists(
    st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=5
)


@given(PARAGRAPHS, st.integers(20, 100), st.sampled_from(["\n", "\r\n", "\r"]))
def test_wrapped_lines_are_joined_at_any_width(
    paragraphs: list[str], width: int, newline: str
) -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in paragraphs)
    source = wrapped.replace("\n", newline)
    document = parse_text(source, ".txt")
    check(document, source)
    # A sentence that ends short of the margin may end the paragraph: no sentence is cut.
    assert document.text.replace("\n\n", " ") == " ".join(paragraphs)
    assert all(words.endswith(".") for _, words in shown(document))


@given(st.text(st.sampled_from('aB1 .,?“”"\n\r\t-*é\u0301\u200b\u2028\x0c\u00a0#>'), max_size=80))
def test_any_text_is_canonical_and_every_letter_stands_where_the_map_says(source: str) -> None:
    try:
        document = parse_text(source, ".txt")
    except EmptyArticleError:
        return
    check(document, source)


CASES = {
    "blank lines part paragraphs": ("One.\n \t\nTwo.", [(0, "One."), (0, "Two.")]),
    "rules part paragraphs": ("One.\n* * *\nTwo.\n-----", [(0, "One."), (0, "Two.")]),
    "one paragraph a line": (
        f"The Title\n{LONG}\nA short one.\nA Heading\n{LONG}",
        [(1, "The Title"), (0, LONG), (0, "A short one."), (2, "A Heading"), (0, LONG)],
    ),
    "a line that goes on in lower case": (f"{LONG}\nand on.", [(0, f"{LONG} and on.")]),
    "title without a blank line": (
        f"{TITLE}\nThe text begins here, and it is wrapped at its margin, which\nis farther out.",
        [
            (1, TITLE),
            (0, "The text begins here, and it is wrapped at its margin, which is farther out."),
        ],
    ),
    "heading without a blank line": (
        "One.\n\nWhat she saw\nThe text begins here, and it is wrapped at its own\nmargin.",
        [
            (0, "One."),
            (2, "What she saw"),
            (0, "The text begins here, and it is wrapped at its own margin."),
        ],
    ),
    "items of a list": (
        "One:\n- first\n- second, which is\n  wrapped\n2. third\nb) fourth",
        [
            (0, "One:"),
            (0, "- first"),
            (0, "- second, which is wrapped"),
            (0, "2. third"),
            (0, "b) fourth"),
        ],
    ),
    "a long address": (
        f"It is wrapped at the President of\nFrance and has an address\n{ADDRESS}\nin it.",
        [(0, f"It is wrapped at the President of France and has an address {ADDRESS} in it.")],
    ),
    "nothing but addresses": ("https://a.b/c\nhttps://d.e", [(0, "https://a.b/c https://d.e")]),
}


@pytest.mark.parametrize(("source", "blocks"), CASES.values(), ids=CASES)
def test_paragraphs_end_where_a_reader_sees_it(source: str, blocks: list[tuple[int, str]]) -> None:
    assert shown(parse_text(source, ".txt")) == blocks


@pytest.mark.parametrize(
    "line",
    [
        "What the harbour master saw",
        "DAMAGE",
        "A Much Longer Heading, in Title Case, of at Most Twelve Words",
        "By the numbers",
        "What happens in May",
        "It Takes a Village",
        "“Stifled” artists",
        "2024 in review",
        "Защита артистов",
    ],
)
def test_a_short_line_alone_is_a_heading(line: str) -> None:
    document = parse_text(f"One.\n\n{line}\n\nTwo.", ".txt")
    assert shown(document)[1] == (2, line)


@pytest.mark.parametrize(
    "line",
    [
        "It is a sentence.",
        "Is it a question?",
        "It breaks off here, and",
        "It breaks off here,",
        "PARIS —",
        "WASHINGTON (AP)",
        "LONDON (Reuters)",
        "March 3, 2024",
        "Paris, 3 March 2024",
        "3. März 2024",
        "12 de mayo de 2024",
        "2024-03-03",
        "Tuesday",
        "Monday, 10:30 GMT",
        "By Jane Doe",
        "BY JANE DOE",
        "Photo: Jane Doe",
        "Photo courtesy of Jane Doe",
        "Updated 5 hours ago",
        "Last updated: today",
        "Source: Company reports",
        "“I have never",
        'She said "never',
        "He went on",
        "and then the lights",
        "– a dash opens it",
        "• An item",
        "(a) An item",
        "3) An item",
        "#!?",
        "So she said he would come back to the city and then",
        "Word " * 13 + "End",
        "Extraordinarily Long Words " * 4 + "End",
    ],
)
def test_a_line_that_may_be_something_else_is_no_heading(line: str) -> None:
    assert not is_heading_line(line)


def test_the_unfinished_last_sentence_of_a_text_is_no_heading() -> None:
    document = parse_text("A Title\n\nOne.\n\nThere’s a lot", ".txt")
    assert shown(document)[-1] == (0, "There’s a lot")


def test_two_headings_in_a_row_are_headings_and_three_are_a_list() -> None:
    two = parse_text("One.\n\nPart\n\nChapter\n\nTwo.", ".txt")
    assert [level for level, _ in shown(two)] == [0, 2, 2, 0]
    three = parse_text("One.\n\nApples\n\nPears\n\nPlums\n\nTwo.", ".txt")
    assert [level for level, _ in shown(three)] == [0, 0, 0, 0, 0]


def test_a_wrapped_paragraph_of_two_lines_is_no_heading() -> None:
    document = parse_text("One.\n\nWhat she\nsaw\n\nTwo.", ".txt")
    assert shown(document)[1] == (0, "What she saw")
