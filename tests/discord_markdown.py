"""Discord's Markdown as its readers see it, written down independently of the renderer.

After https://support.discord.com/hc/articles/210298617 and the regular expressions that
Discord's own client is known to use: a backslash before a sign shows the sign; what is left of
``* _ ~ ` | < @everyone http://`` is markup.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\\(?P<escaped>[^0-9A-Za-z\s])"
    r"|(?<!!)\[(?P<label>(?:\\.|[^\[\]\\])*)\]\(<(?P<url>https?://[^\s<>()]+)>\)"
    r"|(?P<bold>\*\*|~~)"
    r"|(?P<live>[*_~`|<\\]|@everyone|@here|\w+://\S|:[^\s:]+:|\]\()"
)
_LINE = re.compile(r"^(?P<mark>> |>$|-# )?(?P<rest>.*)$", re.DOTALL)
_LIVE_START = re.compile(r"(?:#{1,3}|-|\*|\+|>|\d+\.)\s|-#|>>>")


class LiveMarkupError(AssertionError):
    """Text would be shown as something else than its characters."""


def visible(content: str) -> str:
    """What a reader sees of ``content``, without bars, bold type, struck-out type and links.

    Raises:
        LiveMarkupError: if anything in it would act as markup that the renderer never uses.
    """
    return "\n".join(_line(line) for line in content.split("\n"))


def struck(content: str) -> str:
    """What a reader sees of a correction, ``{`` and ``}`` around what is struck through."""
    marks = iter("{}" * content.count("~~"))
    return visible(re.sub(r"(?<!\\)((?:\\\\)*)~~", lambda one: one[1] + next(marks), content))


def quoted(content: str) -> str:
    """What a reader sees of the quotation blocks of ``content``."""
    lines = [line for line in content.split("\n") if line.startswith(">")]
    return visible("\n".join(lines))


def links(content: str) -> list[str]:
    """The addresses that ``content`` links to."""
    return [found["url"] for found in _TOKEN.finditer(content) if found["url"]]


def _line(line: str) -> str:
    found = _LINE.match(line)
    assert found is not None
    rest = found["rest"]
    if _LIVE_START.match(rest):
        raise LiveMarkupError(rest)
    return _TOKEN.sub(_shown, rest)


def _shown(found: re.Match[str]) -> str:
    if found["live"]:
        raise LiveMarkupError(f"{found['live']!r} in {found.string!r}")
    if found["label"] is not None:
        return _TOKEN.sub(_shown, found["label"])
    return found["escaped"] or ""
