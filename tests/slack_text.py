"""What a reader sees of Slack's blocks, written down independently of the renderer.

After https://docs.slack.dev/reference/block-kit: text in rich text elements and in plain text
objects is shown as it is; text in ``mrkdwn`` objects is parsed, so that nothing but the bot's own
sentences may stand in one.
"""

from __future__ import annotations

import html
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parent.parent
_SHARED = Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared")) / "specs"
MOST_TEXT = 13_200
"""Characters that all blocks of a message hold together."""


def visible(blocks: Iterable[dict[str, Any]]) -> str:
    """All words of ``blocks`` but those on buttons, in order."""
    return "\n\n".join(filter(None, map(_words, blocks)))


def _words(block: dict[str, Any]) -> str:
    match block["type"]:
        case "rich_text":
            return "\n".join(
                "".join(map(_element, inner["elements"])) for inner in block["elements"]
            )
        case "section":
            return _object(block["text"])
        case "context":
            return " ".join(_object(one) for one in block["elements"])
        case "header":
            return _object(block["text"])
        case "input":
            return _object(block["label"])
    return ""


def _element(element: dict[str, Any]) -> str:
    assert element["type"] in ("text", "link"), element
    return str(element["text"])


def _object(text: dict[str, Any]) -> str:
    if text["type"] == "plain_text":
        assert text.get("emoji") is False, text
        return str(text["text"])
    assert text.get("verbatim") is True, text
    return shown(text["text"])


def shown(text: str) -> str:
    """What a reader sees of a text in which Slack looks for mentions and links only."""
    return html.unescape(re.sub(r"<#(\w+)>", r"#\1", text))


def quoted(blocks: Iterable[dict[str, Any]]) -> str:
    """The words of the quotation blocks."""
    return "\n".join(
        "".join(map(_element, inner["elements"]))
        for block in blocks
        if block["type"] == "rich_text"
        for inner in block["elements"]
        if inner["type"] == "rich_text_quote"
    )


def links(blocks: Iterable[dict[str, Any]]) -> list[str]:
    """The addresses that ``blocks`` link to."""
    return [one["url"] for one in _all(list(blocks)) if one.get("type") == "link"]


def _all(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield from _all(one)


def faults(call: str, body: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a call: blocks and views against the SDK and the schemas."""
    found: list[str] = []
    if blocks := body.get("blocks"):
        found += _block_faults(blocks)
        if not body.get("text"):
            found.append("blocks without a text beside them")
    if len(str(body.get("text", ""))) > (4000 if call == "chat.update" else 40_000):
        found.append("text too long")
    if view := body.get("view"):
        found += _block_faults(view["blocks"], most=100)
        found += _schema_faults("slack-AnyView", view)
        View(**view).validate_json()
    return [f"{call}: {one}" for one in found]


def _block_faults(blocks: list[dict[str, Any]], most: int = 50) -> list[str]:
    found = [] if len(blocks) <= most else [f"{len(blocks)} blocks"]
    texts = [str(one["text"]) for one in _all(blocks) if isinstance(one.get("text"), str)]
    if sum(map(len, texts)) > MOST_TEXT:
        found.append("too much text in all blocks")
    if any(not text for text in texts):
        found.append("an empty text")
    ids = [one["action_id"] for one in _all(blocks) if "action_id" in one]
    if len(ids) != len(set(ids)):
        found.append("two controls with one id")
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.to_dict()
    return found + _schema_faults("slack-Blocks", blocks)


def _schema_faults(name: str, value: Any) -> list[str]:
    validator = _validator(name)
    if validator is None:
        return []
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft7Validator

    path = _SHARED / f"{name}.schema.json"
    return Draft7Validator(json.loads(path.read_text("utf-8"))) if path.exists() else None


def need_schemas() -> None:
    """Skip the running test where the schemas are not there."""
    if _validator("slack-Blocks") is None:
        pytest.skip(f"needs {_SHARED}/slack-Blocks.schema.json, which is not part of the project")
