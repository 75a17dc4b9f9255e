"""Whether a message is for the bot, and what it asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import discord

from bot.asking import whole

if TYPE_CHECKING:
    from bot.settings import Settings

_MENTION = re.compile(r"<(?P<sign>@[!&]?|#)(?P<id>\d+)>")


def is_addressed(message: discord.Message, me: discord.ClientUser, settings: Settings) -> bool:
    """Whether somebody who is to be answered speaks to the bot in ``message``."""
    if message.author.id == me.id or message.type not in _SPOKEN:
        return False
    if (message.author.bot or message.webhook_id) and not settings.discord_answer_bots:
        return False
    return (
        message.guild is None
        or is_mentioned(message, me)
        or replies_to(message, me)
        or (settings.discord_message_content and _goes_on(message, me))
    )


_SPOKEN = (discord.MessageType.default, discord.MessageType.reply)


def is_mentioned(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether a message names the bot or its managed role. ``@everyone`` does not."""
    return me in message.mentions or _own_role(message) in message.role_mentions


def _own_role(message: discord.Message) -> discord.Role | None:
    """The role that Discord made for the bot: people take it for the bot itself."""
    if message.guild is None or message.guild.me is None:
        return None
    return next((role for role in message.guild.me.roles if role.managed), None)


def replies_to(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether a message is a reply to one of the bot's."""
    answered = referenced(message)
    return answered is not None and answered.author.id == me.id


def referenced(message: discord.Message) -> discord.Message | None:
    """The message that another one is a reply to, if Discord sent it along."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None:
        return None
    return reference.resolved if isinstance(reference.resolved, discord.Message) else None


def _goes_on(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether a message goes on in one of the bot's own threads, speaking to nobody else."""
    channel = message.channel
    own = isinstance(channel, discord.Thread) and channel.owner_id == me.id
    others = message.mentions or message.role_mentions or message.reference
    return own and not others and bool(message.content.strip())


def question_of(message: discord.Message, me: discord.ClientUser) -> str:
    """The words that a message asks: its own, or those of the message it points the bot to."""
    own = _words(message, me)
    pointed = referenced(message)
    if own or pointed is None or pointed.author.id == me.id:
        return own
    return _words(pointed, me)


def _words(message: discord.Message, me: discord.ClientUser) -> str:
    """The content without the bot's own mention; other mentions as the names they show."""
    names = {f"@{user.id}": f"@{user.display_name}" for user in message.mentions}
    if message.guild is not None:
        names |= {f"@&{role.id}": f"@{role.name}" for role in message.role_mentions}
        if own := _own_role(message):
            names[f"@&{own.id}"] = " "
    names[f"@{me.id}"] = " "

    def shown(found: re.Match[str]) -> str:
        key = found["sign"].replace("!", "") + found["id"]
        return names.get(key, found.group())

    return " ".join(_MENTION.sub(shown, whole(message.content)).split())
