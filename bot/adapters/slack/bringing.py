"""The windows in which articles are brought: files and a link, or a feed to read regularly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rendering.order import shortened
from bot.rendering.slack import plain_text

if TYPE_CHECKING:
    from bot.localization import Phrases

BRINGING, READING = "onrecord:bringing", "onrecord:reading"
"""The ids of the windows."""
_URL, _FILES, _HOURS = "onrecord:url", "onrecord:files", "onrecord:hours"
_MOST_FILES = 10
"""Files that Slack takes in one field."""
_USUAL_HOURS = "6"
_LONGEST_TITLE = 24


def adding_window(words: Phrases) -> dict[str, Any]:
    """The window for files and a link, either of which may be left out."""
    files = {"type": "file_input", "action_id": _FILES, "max_files": _MOST_FILES}
    url = {"type": "url_text_input", "action_id": _URL}
    fields = [
        _field(_URL, words("slack_home_link"), url, optional=True),
        _field(_FILES, words("slack_home_files"), files, optional=True),
    ]
    return _window(BRINGING, words("slack_home_add"), fields, words)


def watching_window(words: Phrases) -> dict[str, Any]:
    """The window for a feed or sitemap, and how often it is to be read."""
    url = {"type": "url_text_input", "action_id": _URL}
    hours = {
        "type": "number_input",
        "action_id": _HOURS,
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": "744",
        "initial_value": _USUAL_HOURS,
    }
    fields = [
        _field(_URL, words("slack_home_link"), url, optional=False),
        _field(_HOURS, words("slack_home_hours"), hours, optional=False),
    ]
    return _window(READING, words("slack_home_watch"), fields, words)


def brought(view: dict[str, Any]) -> tuple[str, tuple[dict[str, Any], ...]]:
    """The link and the files in a window that was sent."""
    files = _value(view, _FILES).get("files") or ()
    return str(_value(view, _URL).get("value") or ""), tuple(files)


def feed_in(view: dict[str, Any]) -> tuple[str, str]:
    """The address and the hours in a window that was sent."""
    hours = _value(view, _HOURS).get("value") or _USUAL_HOURS
    return str(_value(view, _URL).get("value") or ""), str(hours)


def _value(view: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = view.get("state", {}).get("values", {}).get(name, {}).get(name, {})
    return found


def _field(name: str, label: str, element: dict[str, Any], *, optional: bool) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": name,
        "optional": optional,
        "label": plain_text(label),
        "element": element,
    }


def _window(name: str, title: str, fields: list[dict[str, Any]], words: Phrases) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": name,
        "title": plain_text(shortened(title, _LONGEST_TITLE)),
        "submit": plain_text(words("slack_send")[:_LONGEST_TITLE]),
        "close": plain_text(words("slack_close")[:_LONGEST_TITLE]),
        "blocks": fields,
    }
