"""Figures on judged quotations are computed as the module's docstring says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from corpus.span import Span
from index.errors import EvaluationError
from index.evaluate import JudgedSet
from index.evaluate_quotes import Annotation, annotation_of, judged_quotes, measure

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "“We  are not going to wait,” Ann Doe said. She left that night.\n\n"
    "“There is nothing left to say here,” she added.\n\n"
    "“Go home,” said Bob Roe."
)
WAIT = "I am not going to wait,"
FIGURES = [
    "quotes", "quotes_found", "quotes_unjudged", "quote_precision", "quote_recall", "quote_f1",
    "quote_exact_f1", "speaker_surface", "speaker_canonical", "speaker_precision",
    "speaker_coverage", "quote_f1_judged", "words_per_cpu_second",
]  # fmt: skip


def line(text: str, quote: str, **fields: Any) -> dict[str, Any]:
    start = text.index(quote)
    row = {"article_id": "doe", "start": start, "end": start + len(quote), "quote": quote}
    known = {"speaker": "Ann Doe", "speaker_resolved": "Ann Doe", "type": "direct"}
    return {**row, **known, "speaker_is_pronoun": False, "nested": False, **fields}


def write(folder: Path, text: str, *quotes: Any, questions: bool = False) -> Path:
    rows = {"articles": [{"id": "doe", "title": "Doe", "text": text}], "quotes": quotes}
    if questions:
        rows["questions"] = [{"question": "Who left?", "answerable": False}]
    for name, listed in rows.items():
        lines = (row if isinstance(row, str) else json.dumps(row) for row in listed)
        (folder / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


def counted(text: str, *quotes: dict[str, Any]) -> list[str]:
    """The words of the judged quotations that count."""
    annotations = (annotation_of(row, Span(row["start"], row["end"])) for row in quotes)
    judged = judged_quotes(text, [one for one in annotations if one is not None])
    return [one.span.of(text) for one in judged]


# --- reading ------------------------------------------------------------------------------------


def test_judged_quotations_are_carried_over_to_canonical_text(tmp_path: Path) -> None:
    write(tmp_path, TEXT, line(TEXT, "We  are not going to wait,"))
    (one,) = JudgedSet.read(tmp_path).quoting
    assert [quote.span.of(one.article.text) for quote in one.quotes] == [
        "We are not going to wait,"
    ]


def test_a_folder_may_have_questions_or_quotations_or_both(tmp_path: Path) -> None:
    quote = line(TEXT, "We  are not going to wait,")
    read = JudgedSet.read(write(tmp_path, TEXT, quote))
    assert (len(read.questions), len(read.quoting)) == (0, 1)
    read = JudgedSet.read(write(tmp_path, TEXT, quote, questions=True))
    assert (len(read.questions), len(read.quoting)) == (1, 1)
    (tmp_path / "quotes.jsonl").unlink()
    read = JudgedSet.read(tmp_path)
    assert (len(read.questions), len(read.quoting)) == (1, 0)
    (tmp_path / "questions.jsonl").unlink()
    with pytest.raises(EvaluationError, match=r"questions\.jsonl cannot be read"):
        JudgedSet.read(tmp_path)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "quotes.jsonl, line 1"),
        ({"article_id": "doe", "start": 0}, "'end' is missing"),
        ({"article_id": "roe", "start": 0, "end": 1}, "'roe' is missing"),
        ({"article_id": "doe", "start": 0, "end": 9, "type": "free"}, "'free' is none of"),
        ({"article_id": "doe", "start": "0", "end": 9}, "quotes.jsonl, line 1"),
    ],
)
def test_a_line_that_does_not_fit_is_named(tmp_path: Path, row: Any, told: str) -> None:
    with pytest.raises(EvaluationError, match=told):
        JudgedSet.read(write(tmp_path, TEXT, row))


# --- what counts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        # the quotation itself, in marks of any kind, with or without them
        ("“I am not going to wait,” she said.", "I am not going to wait,", ""),
        ("“I am not going to wait,” she said.", "“I am not going to wait,”", WAIT),
        ("‘I’m not about to wait,’ he said.", "‘I’m not about to wait,’",
         "I’m not about to wait,"),
        ("‘I’m not about to wait,’ he said.", "I’m not about to wait,", ""),
        ("« Je ne veux pas attendre », she said.", "Je ne veux pas attendre", ""),
        ("“He said “no” to me and left,” she said.", "He said “no” to me and left,", ""),
        ("‘He said “Never, oh my dear friend” and left,’ she said.",
         "He said “Never, oh my dear friend” and left,", ""),
        ("“I am not going to wait\n\n“Or am I?”", "I am not going to wait", ""),
        ("She said: “I am not going to wait", "I am not going to wait", ""),
        # a unit that is less or more than the quotation
        ('"I am not going to wait, or am I?" she said.', '"I am not going to wait',
         "I am not going to wait, or am I?"),
        ('She said that "no one is going to wait" here.', 'that "no one is going to wait"',
         "no one is going to wait"),
        ('"I am not going to wait," and "never" then.', '"I am not going to wait," and "never"',
         WAIT),
        # no marks anywhere
        ("– I am not going to wait, she said.", "I am not going to wait,", ""),
        ("'90s songs are all that remain, she said.", "'90s songs are all that remain,", ""),
    ],
)  # fmt: skip
def test_a_judged_span_is_brought_to_the_words_between_the_marks(
    text: str, unit: str, words: str
) -> None:
    assert counted(text, line(text, unit)) == [words or unit]


@pytest.mark.parametrize(
    "fields",
    [{"type": "indirect"}, {"nested": True}, {"end": 12}],
    ids=["indirect", "nested", "short"],
)
def test_indirect_nested_and_short_quotations_do_not_count(fields: dict[str, Any]) -> None:
    text = "“It is not,” she said. “I am not going to wait,” she said."
    row = line(text, "“I am not going to wait,”")
    if "end" in fields:
        row["start"] = 0
    assert counted(text, row | fields) == []


def test_mixed_speech_counts_in_marks_only() -> None:
    text = "She said that nobody is going to wait."
    row = line(text, "that nobody is going to wait")
    assert counted(text, row | {"type": "mixed"}) == []
    assert counted(text, row) == ["that nobody is going to wait"]
    del row["type"]
    assert counted(text, row) == ["that nobody is going to wait"]


def test_a_title_in_a_list_of_sources_does_not_count() -> None:
    text = 'Ann Doe. "A train to the old north" — The Bergen News, May 3, 2019\n\nMore.'
    assert counted(text, line(text, "A train to the old north")) == []


def test_several_spans_of_one_quotation_are_one_and_the_first_with_its_speaker_counts() -> None:
    text = '"I think it is late, and I am not going to wait," Ann Doe said.'
    inside = Annotation(Span.whole(text[10:46]).shifted(10), speaker="I", speaker_text="I")
    whole = Annotation(Span(0, 20), speaker="Ann Doe", speaker_text="Ann Doe")
    for both in ([inside, whole], [whole, inside]):
        (one,) = judged_quotes(text, both)
        assert (one.speaker, one.attributed) == ("Ann Doe", True)
    (one,) = judged_quotes(text, [inside])
    assert not one.attributed


def test_a_line_without_a_speaker_says_nothing_of_who_spoke() -> None:
    text = "“I am not going to wait,” she said."
    row = line(text, "I am not going to wait,")
    unit = Span(row["start"], row["end"])
    for fields, attributed in (
        ({"speaker": None, "speaker_resolved": None}, False),
        ({"speaker": "she", "speaker_resolved": None, "speaker_is_pronoun": True}, True),
        ({"speaker": None}, True),
    ):
        annotation = annotation_of(row | fields, unit)
        assert annotation is not None
        (one,) = judged_quotes(text, [annotation])
        assert one.attributed is attributed
        assert one.pronoun is (fields.get("speaker_is_pronoun") is True)


# --- figures ------------------------------------------------------------------------------------


def test_the_figures_of_judged_quotations(tmp_path: Path) -> None:
    write(
        tmp_path,
        TEXT,
        line(TEXT, "We  are not going to wait,"),
        line(TEXT, "There is nothing left to say here,", speaker="she", speaker_is_pronoun=True),
        line(TEXT, "Go home,", speaker="Bob Roe", speaker_resolved="Bob Roe"),
    )
    told: list[tuple[str, int, int]] = []
    measured = measure(JudgedSet.read(tmp_path).quoting, None, lambda *state: told.append(state))
    figures = measured.figures()
    assert list(figures) == FIGURES
    speed = figures.pop("words_per_cpu_second")
    assert speed is None or speed > 0
    assert figures.pop("quotes") == figures.pop("quotes_found") == 2
    assert figures.pop("quotes_unjudged") == 0
    assert set(figures.values()) == {1.0}
    assert told == [("Reading quotations", 1, 1)]


def test_what_is_found_but_not_judged_lowers_precision_and_is_told(tmp_path: Path) -> None:
    write(
        tmp_path,
        TEXT,
        line(TEXT, "We  are not going to wait,", speaker="Roe", speaker_resolved="Bob Roe"),
    )
    figures = measure(JudgedSet.read(tmp_path).quoting).figures()
    assert (figures["quote_precision"], figures["quote_recall"]) == (0.5, 1.0)
    assert (figures["quotes_found"], figures["quotes_unjudged"]) == (2, 1)
    assert (figures["quote_f1"], figures["quote_f1_judged"]) == (0.6667, 1.0)
    assert (figures["speaker_surface"], figures["speaker_canonical"]) == (0.0, 0.0)


def test_quotations_in_headings_are_not_looked_for(tmp_path: Path) -> None:
    text = "Doe: “We are not going to wait”\n\nAnn Doe left. She came back the next day."
    write(tmp_path, text, line(text, "We are not going to wait"))
    assert measure(JudgedSet.read(tmp_path).quoting).figures()["quotes_found"] == 0


def test_nothing_judged_gives_no_figure(tmp_path: Path) -> None:
    figures = measure(JudgedSet.read(write(tmp_path, TEXT)).quoting).figures()
    assert figures["quotes"] == 0
    assert figures["quote_f1"] is figures["speaker_canonical"] is None
    assert measure(()).figures()["words_per_cpu_second"] is None
