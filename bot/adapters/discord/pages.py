"""The buttons under quotations: their state is in their ids, so they outlive a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import discord

from bot.adapters.discord.buttons import AnswerButton
from bot.rendering.paging import CODE, Place

if TYPE_CHECKING:
    import re

    from bot.adapters.discord.client import OnRecordBot
    from bot.localization import Phrases
    from bot.rendering.paging import Leaf

_LOOKS = {
    "before": ("previous", "◀️"),
    "after": ("next", "▶️"),
    "share": ("share", "📢"),
}


class PageButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=rf"onrecord:page:(?P<answer>[0-9a-f]{{16}}):(?P<action>\w+):(?P<place>{CODE})",
):
    """Turns to a page, or shares it.

    Args:
        action: what it does, one of ``_LOOKS``.
        answer: the id of the lookup in the ledger.
        place: the page.
        phrases: for its label; not needed where it only takes a click.
    """

    def __init__(
        self, action: str, answer: str, place: Place, phrases: Phrases | None = None
    ) -> None:
        name, emoji = _LOOKS[action]
        super().__init__(
            discord.ui.Button(
                label=phrases(name) if phrases else None,
                emoji=emoji,
                custom_id=f"onrecord:page:{answer}:{action}:{place.code}",
            )
        )
        self.action = action
        self.answer = answer
        self.place = place

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, __: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """The button that was clicked, from the id that came back."""
        return cls(match["action"], match["answer"], Place.of(match["place"]))

    async def callback(self, interaction: discord.Interaction[OnRecordBot]) -> None:  # type: ignore[override]
        """Hand the click on."""
        looking = interaction.client.looking
        does = looking.share if self.action == "share" else looking.turn
        await does(interaction, self.answer, self.place)


def private_buttons(
    answer: str, leaf: Leaf, phrases: Phrases, *, shared: bool = False
) -> discord.ui.View:
    """The buttons under a page that only the asker sees.

    Args:
        answer: the id of the lookup in the ledger.
        leaf: the page.
        phrases: for the labels.
        shared: whether it was shared, and is not to be again.
    """
    view = _turning(answer, leaf, phrases)
    if leaf.sources:
        view.add_item(AnswerButton("context", answer, phrases))
    if not shared:
        view.add_item(PageButton("share", answer, leaf.here, phrases))
    return view


def public_buttons(answer: str, leaf: Leaf, phrases: Phrases) -> discord.ui.View:
    """The buttons under a page that all see: those of an answer, and for the asker to turn it."""
    view = _turning(answer, leaf, phrases)
    for action in ("context", "up", "down", "thread"):
        if leaf.sources or action != "context":
            button = AnswerButton(action, answer, phrases)
            button.row = 1
            view.add_item(button)
    return view


def _turning(answer: str, leaf: Leaf, phrases: Phrases) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for action, place in (("before", leaf.before), ("after", leaf.after)):
        if place is not None:
            view.add_item(PageButton(action, answer, place, phrases))
    return view
