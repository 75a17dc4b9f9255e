"""The buttons under an answer. Their state is in their ids, so they outlive a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import discord

if TYPE_CHECKING:
    import re

    from bot.adapters.discord.client import OnRecordBot
    from bot.localization import Phrases

_LOOKS = {
    "context": ("show_context", "🔎"),
    "more": ("more_button", "➕"),
    "up": ("helpful", "👍"),
    "down": ("unhelpful", "👎"),
    "thread": ("follow_up", "💬"),
}
WHY = "onrecord:why:"
"""What the id of a modal that asks for a reason begins with; the answer's id follows."""
_REASON = "onrecord:reason"
_LONGEST_REASON = 1000


class AnswerButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"onrecord:(?P<action>context|more|up|down|thread):(?P<answer>[0-9a-f]{16})",
):
    """One of the buttons under an answer.

    Args:
        action: what it does, one of ``_LOOKS``.
        answer: the id of the answer in the ledger.
        phrases: for its label; not needed where it only takes a click.
    """

    def __init__(self, action: str, answer: str, phrases: Phrases | None = None) -> None:
        name, emoji = _LOOKS[action]
        thumb = action in ("up", "down")
        super().__init__(
            discord.ui.Button(
                label=phrases(name) if phrases and not thumb else None,
                emoji=emoji,
                custom_id=f"onrecord:{action}:{answer}",
            )
        )
        self.action = action
        self.answer = answer

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, __: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """The button that was clicked, from the id that came back."""
        return cls(match["action"], match["answer"])

    async def callback(self, interaction: discord.Interaction[OnRecordBot]) -> None:  # type: ignore[override]
        """Hand the click on."""
        await interaction.client.clicks.take(interaction, self.action, self.answer)


def buttons(answer: str, phrases: Phrases, *, shown: bool, more: bool) -> discord.ui.View:
    """The buttons under an answer.

    Args:
        answer: its id in the ledger.
        phrases: for the labels.
        shown: whether it shows words of articles.
        more: whether it found words that it does not show.
    """
    view = discord.ui.View(timeout=None)
    wanted = {"context": shown, "more": more}
    for action in _LOOKS:
        if wanted.get(action, True):
            view.add_item(AnswerButton(action, answer, phrases))
    return view


def reason_modal(answer: str, phrases: Phrases) -> discord.ui.Modal:
    """The window that asks why an answer was not helpful."""
    modal = discord.ui.Modal(
        title=phrases("why_title")[:45], timeout=None, custom_id=f"{WHY}{answer}"
    )
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        style=discord.TextStyle.paragraph,
        custom_id=_REASON,
        placeholder=phrases("why_hint")[:100],
        required=False,
        max_length=_LONGEST_REASON,
    )
    modal.add_item(discord.ui.Label(text=phrases("why_label")[:45], component=field))
    return modal


def custom_id(interaction: discord.Interaction) -> str:
    """The id of what was used in an interaction, empty for a command."""
    data: Any = interaction.data or {}
    return str(data.get("custom_id", ""))


def reason_in(data: Any) -> str:
    """The reason in a submitted window: the value of its one field, wherever it is nested."""
    if isinstance(data, dict):
        if data.get("custom_id") == _REASON:
            return str(data.get("value", ""))
        return "".join(reason_in(value) for value in data.values())
    return "".join(map(reason_in, data)) if isinstance(data, list) else ""
