"""The controls for quotations: buttons under pages, and the windows that ask what to look up."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bot.adapters.slack.buttons import button, buttons
from bot.adapters.slack.delivery import Spot
from bot.quoting import LONGEST_TOPIC
from bot.rendering.order import shortened
from bot.rendering.paging import CODE
from bot.rendering.slack import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.localization import Phrases
    from bot.rendering.paging import Leaf, Place

PAGE = re.compile(
    rf"onrecord:page:(?P<answer>[0-9a-f]{{16}}):(?P<action>before|after|share):(?P<place>{CODE})"
)
"""The id of a button under a page."""
QUOTE, WHOSAID = "onrecord:quote", "onrecord:whosaid"
"""The ids of the windows that ask what to look up."""
SPEAKER, ABOUT, SAID = "onrecord:speaker", "onrecord:about", "onrecord:said"
_LOOKS = {"before": ("previous", "◀️ {}"), "after": ("next", "▶️ {}"), "share": ("share", "📢 {}")}
_LONGEST_CHOICE = 75
_LONGEST_TITLE = 24
_LONGEST_SAID = 3000
_MOST_CHOICES = 100


def private_buttons(
    answer: str, leaf: Leaf, phrases: Phrases, *, shared: bool = False
) -> dict[str, Any]:
    """The buttons under a page that only the asker sees.

    Args:
        answer: the id of the lookup in the ledger.
        leaf: the page.
        phrases: for the labels.
        shared: whether it was shared, and is not to be again.
    """
    under = _turning(answer, leaf, phrases)
    if leaf.sources:
        under.append(button(f"onrecord:context:{answer}", "show_context", "🔎 {}", phrases))
    if not shared:
        under.append(_page("share", answer, leaf.here, phrases))
    return {"type": "actions", "elements": under}


def public_buttons(answer: str, leaf: Leaf, phrases: Phrases) -> dict[str, Any]:
    """The buttons under a page that all see: those of an answer, and for the asker to turn it."""
    under = buttons(answer, phrases, shown=bool(leaf.sources), more=False)
    return {**under, "elements": [*_turning(answer, leaf, phrases), *under["elements"]]}


def _turning(answer: str, leaf: Leaf, phrases: Phrases) -> list[dict[str, Any]]:
    places = (("before", leaf.before), ("after", leaf.after))
    return [_page(action, answer, place, phrases) for action, place in places if place is not None]


def _page(action: str, answer: str, place: Place, phrases: Phrases) -> dict[str, Any]:
    return button(f"onrecord:page:{answer}:{action}:{place.code}", *_LOOKS[action], phrases)


def quote_window(spot: Spot, url: str, phrases: Phrases) -> dict[str, Any]:
    """The window that asks who said it and what it is about."""
    speaker = {
        "type": "external_select",
        "action_id": SPEAKER,
        "min_query_length": 0,
        "placeholder": plain_text(phrases("slack_type_name")),
    }
    about = {"type": "plain_text_input", "action_id": ABOUT, "max_length": LONGEST_TOPIC}
    fields = [
        _field(SPEAKER, phrases("slack_speaker"), speaker),
        _field(ABOUT, phrases("slack_about"), about),
    ]
    return _window(QUOTE, spot, url, phrases("quotations"), fields, phrases)


def whosaid_window(spot: Spot, url: str, phrases: Phrases) -> dict[str, Any]:
    """The window that asks for words that may be a quotation."""
    said = {
        "type": "plain_text_input",
        "action_id": SAID,
        "multiline": True,
        "max_length": _LONGEST_SAID,
    }
    field = {**_field(SAID, phrases("slack_said"), said), "optional": False}
    return _window(WHOSAID, spot, url, phrases.commands["who_said"], [field], phrases)


def _field(name: str, label: str, element: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": plain_text(label),
        "element": element,
    }


def _window(
    name: str,
    spot: Spot,
    url: str,
    title: str,
    fields: list[dict[str, Any]],
    phrases: Phrases,
) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": name,
        "private_metadata": json.dumps([spot.channel, spot.thread, url]),
        "title": plain_text(shortened(title, _LONGEST_TITLE)),
        "submit": plain_text(phrases("slack_look_up")[:_LONGEST_TITLE]),
        "close": plain_text(phrases("slack_close")[:_LONGEST_TITLE]),
        "blocks": fields,
    }


def opened_at(view: dict[str, Any]) -> tuple[Spot, str]:
    """Where a window was opened, and the address to answer at."""
    channel, thread, url = json.loads(str(view.get("private_metadata")))
    return Spot(str(channel), str(thread)), str(url)


def filled_in(view: dict[str, Any], name: str) -> str:
    """What somebody typed into a field of a window, or chose there."""
    field = view.get("state", {}).get("values", {}).get(name, {}).get(name, {})
    return str(field.get("value") or (field.get("selected_option") or {}).get("value") or "")


def choices(speakers: Iterable[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """The speakers to choose from: id, name and number of quotations of each."""
    made = []
    for id_, name, quotes in speakers:
        value = id_ if len(id_) <= _LONGEST_CHOICE else name[:_LONGEST_CHOICE].strip()
        label = f"{shortened(name, _LONGEST_CHOICE - 8)} ({quotes})"
        made.append({"text": plain_text(label), "value": value})
    return made[:_MOST_CHOICES]
