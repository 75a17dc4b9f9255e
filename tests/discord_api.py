"""Requests held against Discord's own OpenAPI description, where that is at hand."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcord.types import HttpLogEntry

_SHARED = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[2] / "shared"))
SPECIFICATION = _SHARED / "specs" / "discord-openapi.json"


def faults(requests: Iterable[HttpLogEntry]) -> list[str]:
    """What is wrong with the bodies of ``requests``; only our own rules without the description."""
    found = []
    for request in requests:
        body = request.json
        if body is None or request.method == "GET":
            continue
        found += [f"{request.method} {request.path}: {fault}" for fault in _own_rules(body)]
        if SPECIFICATION.exists():
            found += _described(request.method, request.path, body)
    return found


def _own_rules(body: Any) -> Iterable[str]:
    """What the description does not say."""
    message = body.get("data") or body if isinstance(body, dict) else {}
    content = message.get("content")
    if content is None:
        return
    if not content.strip() or len(content) > 2000:
        yield f"a message of {len(content)} characters"
    allowed = message.get("allowed_mentions")
    if allowed is None or allowed.get("parse") != [] or allowed.get("replied_user"):
        yield f"may ping: {allowed}"


def _described(method: str, path: str, body: Any) -> list[str]:
    validator = _validator(method.lower(), path)
    if validator is None:
        return [f"{method} {path}: not described"]
    errors = validator.iter_errors(_as_sent(body))
    return [f"{method} {path}: {error.message[:300]}" for error in errors]


def _as_sent(body: Any) -> Any:
    """discord.py writes some ids as numbers, which Discord takes too."""
    if isinstance(body, dict):
        return {
            key: str(value) if key.endswith("_id") and value is not None else _as_sent(value)
            for key, value in body.items()
        }
    return body


@cache
def _description() -> dict[str, Any]:
    description: dict[str, Any] = json.loads(SPECIFICATION.read_text("utf-8"))
    return description


@cache
def _registry() -> Registry[Any]:
    resource = Resource.from_contents(_description(), DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:discord", resource)
    return registry


def _validator(method: str, path: str) -> jsonschema.Draft202012Validator | None:
    for template in _description()["paths"]:
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method in _description()["paths"][template]:
            return _validator_of(method, template)
    return None


@cache
def _validator_of(method: str, template: str) -> jsonschema.Draft202012Validator:
    keys = (template, method, "requestBody", "content", "application/json", "schema")
    pointer = "/".join(key.replace("~", "~0").replace("/", "~1") for key in keys)
    schema = {"$ref": f"urn:discord#/paths/{pointer}"}
    return jsonschema.Draft202012Validator(schema, registry=_registry())
