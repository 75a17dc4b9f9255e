"""YAML front matter: what a file says about its article between two lines of ``---``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from corpus.article import Metadata
from corpus.errors import FrontMatterError
from corpus.formats.document import About
from corpus.text import canonicalize_block

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPENING = re.compile(r"---[ \t]*(?:\r\n?|\n)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.MULTILINE)
# Two rules with prose between them are no front matter; a first line `word:` is meant as some.
_FIELD = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n))*[\"']?\w[\w-]*[\"']?[ \t]*:(?:\s|\Z)")
_ID = re.compile(r"[\w./:-]{1,200}")

_METADATA = (
    "url",
    "outlet",
    "author",
    "published",
    "retrieved",
    "language",
    "note",
    "status",
    "retraction_reason",
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter says, and where in the source the article itself begins."""

    about: About
    body_start: int


@dataclass(frozen=True, slots=True)
class Fields:
    """All that the front matter says, as written, and where in the source the article begins."""

    values: dict[object, object]
    body_start: int


class _Loader(yaml.SafeLoader):
    """Safe YAML in which every scalar but ``null`` is the string that was written.

    So a date stays as written, ``language: no`` is Norwegian and ``title: 1984`` a title.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - the name and the type are PyYAML's
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def split(source: str) -> FrontMatter:
    """Read the front matter of ``source``, if it has any.

    Raises:
        FrontMatterError: if it is not closed, is not YAML, or a field has the wrong type.
    """
    fields = read_fields(source)
    return FrontMatter(_about(fields.values), fields.body_start)


def read_fields(source: str) -> Fields:
    """The fields of the front matter of ``source``, those included that mean nothing here.

    Raises:
        FrontMatterError: if it is not closed or is not YAML.
    """
    opening = _OPENING.match(source)
    if opening is None:
        return Fields({}, 0)
    closing = _CLOSING.search(source, opening.end())
    if closing is None or not source[opening.end() : closing.start()].strip():
        if closing is None and _FIELD.match(source, opening.end()):
            raise FrontMatterError("the line `---` that ends it is missing")
        return Fields({}, closing.end() if closing else 0)
    if not _FIELD.match(source, opening.end()):
        return Fields({}, 0)
    return Fields(_load(source[opening.end() : closing.start()]), closing.end())


def write_fields(values: Mapping[str, object]) -> str:
    """Front matter of the ``values`` that say something, in their order, line ends being LF."""
    given = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    text = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=2**20)
    return f"---\n{text}---\n"


def _load(text: str) -> dict[object, object]:
    try:
        fields = yaml.load(text, _Loader)  # noqa: S506 - derived from SafeLoader
    except RecursionError:
        raise FrontMatterError("it is nested too deeply; write `field: text` lines") from None
    except yaml.MarkedYAMLError as error:
        # The opening `---` is line 1 of the file, and YAML counts from 0.
        line = f" in line {error.problem_mark.line + 2}" if error.problem_mark else ""
        raise FrontMatterError(
            f"{error.problem}{line}; text that holds a colon or opens with a quotation mark "
            "must stand in quotation marks"
        ) from None
    except yaml.YAMLError as error:
        raise FrontMatterError(f"it holds a character that YAML does not allow ({error})") from None
    if not isinstance(fields, dict):
        raise FrontMatterError("it must consist of lines of the form `field: text`")
    return fields


def _about(fields: dict[object, object]) -> About:
    texts = {name: _text(name, fields.get(name)) for name in ("title", "id", *_METADATA)}
    texts["retraction_reason"] = texts["retraction_reason"] or _text("reason", fields.get("reason"))
    return About(
        title=texts["title"],
        article_id=_checked_id(texts["id"]),
        metadata=Metadata(**{name: texts[name] for name in _METADATA} | _checked_url(texts["url"])),
    )


def _text(name: str, value: object) -> str | None:
    if name == "author" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        value = ", ".join(value)
    if value is None:
        return None
    if not isinstance(value, str):
        found = "a list" if isinstance(value, list) else "several fields"
        raise FrontMatterError(f"`{name}` must be one line of text, but is {found}")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise FrontMatterError(f"`{name}` holds half of a character (a lone surrogate)")
    return canonicalize_block(value).text or None


def _checked_id(value: str | None) -> str | None:
    if value is not None and not _ID.fullmatch(value):
        raise FrontMatterError(
            "`id` may only hold letters, digits and the characters - _ . / : (200 at most)"
        )
    return value


def _checked_url(value: str | None) -> dict[str, str | None]:
    if value is not None and not re.fullmatch(r"https?://[^\s<>\"]+", value, re.IGNORECASE):
        raise FrontMatterError("`url` must be one address that begins with https:// or http://")
    return {"url": value}
