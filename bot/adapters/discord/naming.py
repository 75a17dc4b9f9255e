"""Names and descriptions of commands and options, in English and with the key to all languages."""

from __future__ import annotations

from discord import app_commands

from bot.localization import DEFAULT, phrases

_ENGLISH = phrases(DEFAULT).commands


def name(key: str) -> app_commands.locale_str:
    """The name of a command or option."""
    return app_commands.locale_str(_ENGLISH[key], key=key)


def text(key: str) -> app_commands.locale_str:
    """Its description."""
    return app_commands.locale_str(_ENGLISH[f"{key}_text"], key=f"{key}_text")
