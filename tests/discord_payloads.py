"""What Discord sends, as small as discord.py takes it."""

from __future__ import annotations

from typing import Any

BOT = {"id": "100", "username": "On Record", "discriminator": "0", "avatar": None, "bot": True}
ANN = {"id": "200", "username": "ann", "discriminator": "0", "avatar": None}
DIRECT = "500"
"""Id of the channel in which Ann and the bot talk alone."""
_RIGHTS = str(1 << 10 | 1 << 11 | 1 << 16 | 1 << 35 | 1 << 38)
"""View channels, send messages, read the history, open threads and write in them."""
_EPOCH = 1420070400000
"""Milliseconds from 1970 to Discord's first id."""


def snowflake(milliseconds: float) -> int:
    """The id of what happened at some time, in milliseconds since 1970."""
    return (int(milliseconds) - _EPOCH) << 22


def guild_id(shard: int) -> str:
    """The id of the server that a shard has."""
    return str((shard << 22) + 300)


def channel_id(shard: int) -> str:
    """The id of that server's channel."""
    return str(400 + shard)


def application() -> dict[str, Any]:
    """The bot as its owner sees it."""
    nothing = {"description": "", "icon": None, "summary": "", "team": None, "verify_key": ""}
    switches = {"bot_public": True, "bot_require_code_grant": False}
    return {**BOT, "name": "On Record", "rpc_origins": [], "flags": 0, "owner": ANN} | (
        nothing | switches
    )


def ready(session: str, shard: int, shards: int, gateway: str) -> dict[str, Any]:
    """The first event of a session."""
    return {
        "v": 10,
        "user": BOT,
        "session_id": session,
        "resume_gateway_url": gateway,
        "shard": [shard, shards],
        "application": {"id": BOT["id"], "flags": 0},
        "guilds": [{"id": guild_id(shard), "unavailable": True}],
        "private_channels": [],
    }


def guild(shard: int, last_message: str) -> dict[str, Any]:
    """A server with one channel."""
    everyone = {"id": guild_id(shard), "name": "@everyone", "permissions": _RIGHTS}
    channel = {
        "id": channel_id(shard),
        "type": 0,
        "name": "general",
        "position": 0,
        "guild_id": guild_id(shard),
        "permission_overwrites": [],
        "last_message_id": last_message,
        "nsfw": False,
    }
    me = {"user": BOT, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}
    lists = ("emojis", "features", "threads", "presences", "voice_states", "stickers")
    more = ("stage_instances", "guild_scheduled_events", "soundboard_sounds")
    levels = ("verification_level", "default_message_notifications", "explicit_content_filter")
    rest = ("mfa_level", "nsfw_level", "premium_tier", "system_channel_flags")
    return {
        "id": guild_id(shard),
        "name": "Server",
        "owner_id": ANN["id"],
        "roles": [{**everyone, **dict.fromkeys(("position", "color", "flags"), 0), **_ROLE}],
        "channels": [channel],
        "members": [{**me, "deaf": False, "mute": False}],
        "member_count": 2,
        "preferred_locale": "en-US",
        "joined_at": me["joined_at"],
        "large": False,
        "afk_timeout": 300,
        "premium_progress_bar_enabled": False,
        **{name: [] for name in (*lists, *more)},
        **dict.fromkeys((*levels, *rest), 0),
    }


_ROLE = dict.fromkeys(("hoist", "managed", "mentionable"), False)


def message(
    message_id: int, content: str, author: dict[str, Any], channel: str, **more: Any
) -> dict[str, Any]:
    """Something that was said."""
    mentions = [BOT] if f"<@{BOT['id']}>" in content else []
    return {
        "id": str(message_id),
        "channel_id": channel,
        "author": author,
        "content": content,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "mentions": mentions,
        "type": 0,
        "flags": 0,
        **{name: [] for name in ("mention_roles", "attachments", "embeds", "components")},
        **dict.fromkeys(("tts", "mention_everyone", "pinned"), False),
        **more,
    }


def thread(starter: str, shard: int) -> dict[str, Any]:
    """A thread that the bot opened under a message."""
    times = {"archive_timestamp": "2026-01-01T00:00:00+00:00", "auto_archive_duration": 1440}
    return {
        "id": starter,
        "guild_id": guild_id(shard),
        "parent_id": channel_id(shard),
        "owner_id": BOT["id"],
        "type": 11,
        "name": "A question",
        "thread_metadata": {**times, "archived": False, "locked": False},
        "message_count": 1,
        "member_count": 1,
    }


def command(interaction: int, question: str, shard: int) -> dict[str, Any]:
    """Ann uses ``/ask``."""
    option = {"name": "question", "type": 3, "value": question}
    member: dict[str, Any] = {
        "user": ANN,
        "roles": [],
        "joined_at": None,
        "permissions": _RIGHTS,
        "flags": 0,
    }
    return {
        "id": str(interaction),
        "application_id": BOT["id"],
        "type": 2,
        "data": {"id": "1", "name": "ask", "type": 1, "options": [option]},
        "guild_id": guild_id(shard),
        "channel_id": channel_id(shard),
        "channel": {"id": channel_id(shard), "type": 0},
        "member": {**member, "deaf": False, "mute": False},
        "token": "interaction",
        "version": 1,
        "locale": "en-US",
        "app_permissions": _RIGHTS,
        "entitlements": [],
        "authorizing_integration_owners": {},
        "attachment_size_limit": 10485760,
        "context": 0,
    }
