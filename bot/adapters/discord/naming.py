"""Names and descriptions of commands: English ones, with the keys of their translations."""

from __future__ import annotations

from discord import app_commands

from bot.localization import DEFAULT, phrases

_ENGLISH = phrases(DEFAULT).commands


def name_of(key: str) -> app_commands.locale_str:
    """The name of a command or option."""
    return app_commands.locale_str(_ENGLISH[key], key=key)


def text_of(key: str) -> app_commands.locale_str:
    """Its description."""
    return app_commands.locale_str(_ENGLISH[f"{key}_text"], key=f"{key}_text")
