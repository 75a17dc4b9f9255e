"""Who is at the other end, in the words of ``bot.rights``."""

from __future__ import annotations

from typing import Any

import discord

from bot.limits import refused as refused
from bot.rights import Member

PLATFORM = "discord"


def author_of(message: discord.Message) -> Member:
    """Who wrote a message."""
    return _member(message.author, message.guild, message.channel, manages=False)


def user_of(interaction: discord.Interaction[Any]) -> Member:
    """Who used a command or a button; Discord sends their permissions along."""
    guild = discord.Object(interaction.guild_id) if interaction.guild_id else None
    manages = guild is not None and interaction.permissions.manage_guild
    return _member(interaction.user, guild, interaction.channel, manages=manages)


def _member(
    user: discord.abc.User,
    guild: discord.abc.Snowflake | None,
    channel: object,
    *,
    manages: bool,
) -> Member:
    if isinstance(user, discord.Member):
        manages = manages or user.guild_permissions.manage_guild
    ids = {getattr(channel, name, None) for name in ("id", "parent_id", "category_id")}
    return Member(
        platform=PLATFORM,
        id=str(user.id),
        name=user.display_name,
        server=str(guild.id) if guild else "",
        places=frozenset(str(one) for one in ids if one),
        roles=frozenset(str(role.id) for role in getattr(user, "roles", ())),
        manages=manages,
    )
