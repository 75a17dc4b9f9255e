"""Registering the commands with Discord, only when they are not there as they should be.

Discord takes 200 new commands a day for a server; a bot that registers on every start runs into
that while it is being worked on.
"""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any

import discord

if TYPE_CHECKING:
    from bot.desk import Desk

_log = logging.getLogger(__name__)


async def sync_changed(
    tree: discord.app_commands.CommandTree[Any], desk: Desk, server: int
) -> bool:
    """Register the commands of ``tree`` if they differ from those registered last.

    Args:
        tree: all commands.
        desk: where the hash of the last registration is kept.
        server: id of the server to register on, 0 for all.

    Returns:
        Whether they were registered.
    """
    guild = discord.Object(server) if server else None
    if guild is not None:
        tree.copy_global_to(guild=guild)
    fact = f"commands.{tree.client.application_id}.{server}"
    wanted = await _hash(tree, guild)
    if await desk.fact(fact) == wanted and await _is_there(tree, guild):
        return False
    try:
        await tree.sync(guild=guild)
    except discord.HTTPException as error:
        # Questions in messages work without commands; the next start tries again.
        _log.error("the commands could not be registered: %s", error)
        return False
    await desk.note(fact, wanted)
    return True


async def _hash(tree: discord.app_commands.CommandTree[Any], guild: discord.Object | None) -> str:
    assert tree.translator is not None
    commands = [
        await command.get_translated_payload(tree, tree.translator)
        for command in tree.get_commands(guild=guild)
    ]
    ordered = sorted(commands, key=lambda command: (command["type"], command["name"]))
    return hashlib.sha256(json.dumps(ordered, sort_keys=True).encode()).hexdigest()


async def _is_there(
    tree: discord.app_commands.CommandTree[Any], guild: discord.Object | None
) -> bool:
    """Whether Discord has the commands: somebody else may have registered others since."""
    wanted = {(command.name, _type(command)) for command in tree.get_commands(guild=guild)}
    try:
        found = await tree.fetch_commands(guild=guild)
    except discord.HTTPException:
        return True  # registering would fail alike
    return {(command.name, command.type) for command in found} == wanted


def _type(command: object) -> discord.AppCommandType:
    if isinstance(command, discord.app_commands.ContextMenu):
        return command.type
    return discord.AppCommandType.chat_input
