"""The buttons under an answer and the window for a reason. Their state is in their ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.rendering.slack import plain_text

if TYPE_CHECKING:
    from bot.localization import Phrases

_LOOKS = {
    "context": ("show_context", "🔎 {}"),
    "more": ("more_button", "➕ {}"),
    "up": ("helpful", "👍"),
    "down": ("unhelpful", "👎"),
}
_LONGEST_LABEL = 75
_LONGEST_TITLE = 24
_LONGEST_REASON = 1000
BUTTON = re.compile(r"onrecord:(?P<action>context|more|up|down):(?P<answer>[0-9a-f]{16})")
"""The id of a button under an answer."""
WHY = "onrecord:why"
"""The id of the window that asks for a reason."""
_REASON = "onrecord:reason"


def buttons(answer: str, phrases: Phrases, *, shown: bool, more: bool) -> dict[str, Any]:
    """The buttons under an answer.

    Args:
        answer: its id in the ledger.
        phrases: for the labels.
        shown: whether it shows words of articles.
        more: whether it found words that it does not show.
    """
    wanted = {"context": shown, "more": more}
    return {
        "type": "actions",
        "elements": [
            button(f"onrecord:{action}:{answer}", *look, phrases)
            for action, look in _LOOKS.items()
            if wanted.get(action, True)
        ],
    }


def button(id_: str, name: str, look: str, phrases: Phrases) -> dict[str, Any]:
    """A button.

    Args:
        id_: of what it does.
        name: key of the phrase that says what it does.
        look: what stands on it, with that phrase in the place of the braces.
        phrases: for the label.
    """
    label = look.format(phrases(name))[:_LONGEST_LABEL]
    return {
        "type": "button",
        "action_id": id_,
        "text": {"type": "plain_text", "text": label, "emoji": True},
        "accessibility_label": phrases(name)[:_LONGEST_LABEL],
    }


def reason_window(answer: str, phrases: Phrases) -> dict[str, Any]:
    """The window that asks why an answer was not helpful."""
    field = {
        "type": "plain_text_input",
        "action_id": _REASON,
        "multiline": True,
        "max_length": _LONGEST_REASON,
        "placeholder": plain_text(phrases("why_hint")),
    }
    return {
        **_window(phrases),
        "callback_id": WHY,
        "private_metadata": answer,
        "submit": plain_text(phrases("slack_send")[:_LONGEST_TITLE]),
        "blocks": [
            {
                "type": "input",
                "block_id": _REASON,
                "optional": True,
                "label": plain_text(phrases("why_title")),
                "element": field,
            }
        ],
    }


def told_window(text: str, phrases: Phrases) -> dict[str, Any]:
    """The same window when it has been sent."""
    return {
        **_window(phrases),
        "blocks": [{"type": "section", "text": plain_text(text)}],
    }


def _window(phrases: Phrases) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain_text(phrases("why_label")[:_LONGEST_TITLE]),
        "close": plain_text(phrases("slack_close")[:_LONGEST_TITLE]),
    }


def reason_in(view: dict[str, Any]) -> str:
    """The reason in a window that was sent."""
    field = view.get("state", {}).get("values", {}).get(_REASON, {}).get(_REASON, {})
    return str(field.get("value") or "").strip()
