"""The check of requests finds what Discord would refuse, so that its silence means something."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.types import HttpLogEntry

from tests.discord_api import SPECIFICATION, faults

_NO_PINGS = {"parse": [], "replied_user": False}


def _request(body: Any) -> HttpLogEntry:
    return HttpLogEntry("POST", "/channels/1/messages", {}, body, None)


def test_a_good_message_has_no_faults() -> None:
    reference = {"message_id": 1, "channel_id": 2, "fail_if_not_exists": False}
    body = {"content": "x", "allowed_mentions": _NO_PINGS, "message_reference": reference}
    assert faults([_request(body)]) == []


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x"},
        {"content": " ", "allowed_mentions": _NO_PINGS},
        {"content": "x" * 2001, "allowed_mentions": _NO_PINGS},
        {"content": "x", "allowed_mentions": {"parse": ["everyone"]}},
        {"content": "x", "allowed_mentions": {**_NO_PINGS, "replied_user": True}},
    ],
    ids=["may ping", "empty", "too long", "everyone", "replied"],
)
def test_what_our_own_rules_forbid_is_found(body: dict[str, Any]) -> None:
    assert faults([_request(body)])


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="no ../shared/specs/discord-openapi.json")
@pytest.mark.parametrize(
    "body",
    [
        {"content": "x", "allowed_mentions": _NO_PINGS, "tts": "loud"},
        {"content": "x", "allowed_mentions": _NO_PINGS, "components": [{"type": 99}]},
        {"content": "x", "allowed_mentions": _NO_PINGS, "nonce": "x" * 30},
    ],
    ids=["not a switch", "no such component", "long nonce"],
)
def test_what_discord_s_description_forbids_is_found(body: dict[str, Any]) -> None:
    assert faults([_request(body)])
