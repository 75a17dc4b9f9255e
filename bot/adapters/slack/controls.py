"""The controls of the Home tab for those who may run the corpus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.adapters.slack.corpus import step_buttons
from bot.rendering.slack import plain_text

if TYPE_CHECKING:
    from bot.localization import Phrases

ACT = re.compile(
    r"onrecord:home:(?P<action>add|watch|list|history|watches|article|version|correct|stop_correcting)"
)
"""The id of a control of the Home tab."""
_LABELS = {
    "add": "slack_home_add",
    "watch": "slack_home_watch",
    "list": "slack_home_list",
    "history": "slack_home_history",
    "watches": "slack_home_watches",
    "correct": "slack_home_correct",
    "stop_correcting": "slack_home_stop_correcting",
}
_LONGEST_LABEL = 75


def controls(collection: str, words: Phrases, *, correcting: bool | None) -> list[dict[str, Any]]:
    """The controls for somebody who may run a corpus.

    Args:
        collection: its name.
        words: of their language.
        correcting: whether earlier answers are corrected; ``None`` for those who may not say.
    """
    steps = step_buttons(collection, words, "propose")["elements"]
    switch = [] if correcting is None else ["stop_correcting" if correcting else "correct"]
    return [
        {"type": "actions", "elements": [*steps, _button("add", words), _button("watch", words)]},
        {
            "type": "actions",
            "elements": [_button(one, words) for one in ("list", "history", "watches", *switch)],
        },
        _choice("article", words, "slack_home_article", "slack_home_title"),
        _choice("version", words, "slack_home_version", "slack_home_pick", sure=True),
    ]


def _button(action: str, words: Phrases) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": f"onrecord:home:{action}",
        "text": plain_text(words(_LABELS[action])[:_LONGEST_LABEL]),
    }


def _choice(
    action: str, words: Phrases, told: str, hint: str, *, sure: bool = False
) -> dict[str, Any]:
    """A line with something to choose from, which is fetched while somebody types."""
    select = {
        "type": "external_select",
        "action_id": f"onrecord:home:{action}",
        "min_query_length": 0,
        "placeholder": plain_text(words(hint)),
    }
    if sure:
        select["confirm"] = {
            "title": plain_text(words(told)),
            "text": plain_text(words("slack_home_sure")),
            "confirm": plain_text(words("slack_home_go_back")),
            "deny": plain_text(words("plan_discard")),
        }
    return {"type": "section", "text": plain_text(words(told)), "accessory": select}
