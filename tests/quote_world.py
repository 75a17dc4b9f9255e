"""A Discord in memory whose articles quote people."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tests.discord_markdown import visible
from tests.discord_world import World, app_of, seen, settings_in, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import discord
    from simcord import InteractionResult, MemberActor

    from bot.app import App

TALK = """---
title: Talk at the festival
url: https://example.org/talk
published: "2024-06-02"
---

# Talk at the festival

## On stage

“We never work with more than twelve people,” Lena Ortiz, the coordinator, told Variety. “A closed
set is a *promise*,” she said, “and a promise does not wait.” Ortiz has no lists.

“Nobody may touch the door,” said Émile Roux. “I do not like doors,” he added.
"""

DOORS = """# Doors

“Every door has two sides,” said Émile Roux. “A door is a wall that gave up,” he said. “Doors open
at eight,” Roux told Variety. “Doors close at nine,” said Roux. “I paint \\*\\*doors\\*\\* \\`red\\`
for \\<@&1> and @everyone,” he said.
"""


def app_in(home: Path, **changes: Any) -> App:
    """The parts of a bot whose articles quote people."""
    settings = settings_in(home, **{"member_questions": 100, "server_questions": 100, **changes})
    (settings.articles / "talk.md").write_text(TALK, "utf-8")
    (settings.articles / "doors.md").write_text(DOORS, "utf-8")
    return app_of(settings)


@asynccontextmanager
async def quote_world(home: Path, **changes: Any) -> AsyncIterator[World]:
    """A world with those articles."""
    async with world(home, app_in(home, **changes)) as made:
        yield made


def message_of(result: InteractionResult) -> discord.Message:
    """What a command was answered with."""
    assert result.response is not None
    return result.response.message


def told(result: InteractionResult) -> str:
    """What only the member was told."""
    assert result.ephemeral
    assert result.followups == []
    return seen(message_of(result))


def told_after(result: InteractionResult) -> str:
    """What only the member was told after they pressed a button."""
    (followup,) = result.followups
    assert followup.message.flags.ephemeral
    return followup.content


def ids(message: discord.Message) -> dict[str, str]:
    """The ids of the buttons of a message by what they do."""
    found = {}
    for row in message.components:
        for button in row.children:  # type: ignore[union-attr]
            parts = str(button.custom_id).split(":")  # type: ignore[union-attr]
            found[parts[3] if parts[1] == "page" else parts[1]] = ":".join(parts)
    return found


async def press(
    here: World, message: discord.Message, action: str, who: MemberActor | None = None
) -> InteractionResult:
    """Somebody presses a button."""
    return await (who or here.ann).click(message, custom_id=ids(message)[action])


def blocks(content: str) -> list[str]:
    """The quotation blocks of a message as they are seen, without their numbers."""
    runs = re.findall(r"(?:^>.*\n?)+", content, re.MULTILINE)
    return [re.sub(r" \[\d+\]$", "", visible(run.rstrip("\n"))) for run in runs]
