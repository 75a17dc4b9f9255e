"""Many members at once: each gets the answer to their own question, once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.discord_world import app_of, seen, settings_in, world

if TYPE_CHECKING:
    from pathlib import Path

_MEMBERS, _EACH, _CHANNELS = 50, 4, 5


def _articles(folder: Path) -> None:
    """An article for each question that will be asked, each with a word of its own."""
    facts = [
        f"## Part {number}\n\nThe quorbel{number} was filmed on stage {number}."
        for number in range(_MEMBERS * _EACH)
    ]
    (folder / "facts.md").write_text("# Facts\n\n" + "\n\n".join(facts) + "\n", "utf-8")


async def test_two_hundred_questions_at_once_are_answered_once_each_and_none_mixed_up(
    tmp_path: Path,
) -> None:
    settings = settings_in(tmp_path)
    _articles(settings.articles)
    async with world(tmp_path, app_of(settings)) as here:
        here.env.settle_timeout = 60
        channels = [here.guild.create_text_channel(f"c{at}") for at in range(_CHANNELS)]
        members = [here.member(f"member{at}") for at in range(_MEMBERS)]
        asked: dict[int, int] = {}
        for number in range(_MEMBERS * _EACH):
            channel = channels[number % _CHANNELS]
            question = f"{here.me} Where was the quorbel{number} filmed?"
            member = members[number % _MEMBERS]
            message = here.env.backend.create_message(channel.id, member.id, question)
            asked[message.id] = number
        await here.env.settle(timeout=60)
        answered: dict[int, int] = {}
        for channel in channels:
            for reply in here.replies(channel):
                assert reply.reference is not None
                found = re.search(r"The quorbel(\d+) was filmed on stage \1\.", seen(reply))
                assert found is not None, seen(reply)
                assert reply.reference.message_id not in answered
                answered[reply.reference.message_id or 0] = int(found[1])
        assert answered == asked
