"""What a site lets programs read (RFC 9309), and how long to wait between two of its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from corpus.errors import FetchError
from corpus.web.fetching import USER_AGENT

if TYPE_CHECKING:
    from corpus.web.fetching import Fetcher

LEAST_DELAY = 1.0
"""Seconds between two pages of one site."""
MOST_DELAY = 30.0
_MOST_BYTES = 500 * 2**10
"""As RFC 9309 has it, section 2.5."""


@dataclass(slots=True)
class Robots:
    """The rules of the sites asked about so far, each read once."""

    fetcher: Fetcher
    _rules: dict[str, Protego | None] = field(default_factory=dict)

    def allow(self, url: str) -> bool:
        """Whether the rules of its site let ``url`` be read."""
        rules = self._of(url)
        return rules is None or bool(rules.can_fetch(url, USER_AGENT))

    def delay(self, url: str) -> float:
        """Seconds to wait between two pages of the site of ``url``."""
        rules = self._of(url)
        asked = rules.crawl_delay(USER_AGENT) if rules is not None else None
        return min(MOST_DELAY, max(LEAST_DELAY, asked or 0.0))

    def _of(self, url: str) -> Protego | None:
        """The rules for a site; ``None`` where it has none, or does not tell them."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._read(f"{site}/robots.txt")
        return self._rules[site]

    def _read(self, url: str) -> Protego | None:
        try:
            found = self.fetcher.fetch(url)
        except FetchError as error:
            known = error.status is not None and 400 <= error.status < 500
            # RFC 9309, section 2.3.1: without an answer, everything is to be left alone.
            return None if known else Protego.parse("User-agent: *\nDisallow: /")
        return Protego.parse(found.data[:_MOST_BYTES].decode("utf-8", "replace"))
