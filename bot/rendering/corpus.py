"""What is told about keeping a corpus, as plain text for every place where it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.audit import Act


def act_line(act: Act) -> str:
    """An administrative act on one line: when, who, what, and what came of it."""
    who = act.name or act.who or act.platform
    where = f" ({act.platform})" if who != act.platform else ""
    what = f"{act.what} {act.details}".rstrip()
    return f"{act.at:%Y-%m-%d %H:%M} UTC  {who}{where}: {what}: {act.result}"
