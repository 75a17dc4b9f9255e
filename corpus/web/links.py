"""One address for one page: which parts of a URL say what is shown, and which only who asks."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

# Names of parameters that serve counting readers, as their makers and the lists of ClearURLs and
# of AdGuard give them; what is not listed may choose the article (`?id=7`, `?p=12`) and stays.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|igshid|igsh"
    r"|mc_[ce]id|_hs(?:enc|mi)|hsa_\w+|mkt_tok|oly_(?:anon|enc)_id|vero_(?:id|conv)|wickedid"
    r"|s_cid|ncid|cmpid|cmp|ocid|icid|ito|ref_?(?:src|url)?|referrer|_ga|_gl|gaa_\w+|spm|scm"
    r"|at_(?:campaign|medium|custom\d)|ns_\w+|xtor|smid|smtyp"
    r"|share(?:token|d|_?id)?|guccounter|guce_referrer(?:_sig)?|soc_(?:src|trk)|taid|amp|outputtype",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
# Bounded, since a page may open a thousand tags and close none.
_CANONICAL = re.compile(r"<link\b[^>]{0,1000}>", re.IGNORECASE)
_HEAD = 300_000
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")


def canonical(url: str) -> str:
    """The address by which a page is known: no tracking, no fragment, one spelling.

    RFC 3986, section 6: the scheme and the host in lower case, no default port, an empty path as
    ``/``, percent-encoding only where it must be. And beyond it, for comparing alone: https for
    http, no ``www.``, no slash at the end, parameters in order.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:  # no address at all, written by hand
        return url.strip()
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    if port is not None and port not in _PORTS.values():
        host = f"{host}:{port}"
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._") or "/"
    path = re.sub(r"/(?:amp/?)?$", "", path) or "/"
    return urlunsplit(("https", host, path, _query(parts.query), ""))


def without_tracking(url: str) -> str:
    """``url`` as it can be opened and shown, without fragment and tracking parameters."""
    parts = urlsplit(url.strip())
    kept = _kept(parts.query)
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path, urlencode(kept), ""))


def declared_canonical(page: str, base: str) -> str | None:
    """What the page says its address is (``rel=canonical``), if it is one of the same site.

    A link to the front page is a common mistake and counts for nothing.
    """
    for tag in _CANONICAL.findall(page[:_HEAD]):
        attributes = {name.lower(): _first(values) for name, *values in _ATTRIBUTE.findall(tag)}
        if "canonical" in attributes.get("rel", "").lower().split() and attributes.get("href"):
            found = urljoin(base, unescape(attributes["href"]).strip())
            return found if _same_site(found, base) and not _is_front(found, base) else None
    return None


def _is_front(found: str, base: str) -> bool:
    parts = urlsplit(found)
    return parts.path in ("", "/") and not parts.query and urlsplit(base).path not in ("", "/")


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _same_site(one: str, other: str) -> bool:
    """Whether two hosts are of one site: equal but for ``m.`` or ``amp.``, or one in the other."""
    shorter, longer = sorted((_site(one), _site(other)), key=len)
    related = shorter == longer or ("." in shorter and longer.endswith(f".{shorter}"))
    return related and urlsplit(one).scheme in _PORTS


def _site(url: str) -> str:
    return re.sub(r"^(?:www|m|amp|mobile)\.", "", urlsplit(url).hostname or "")


def _query(query: str) -> str:
    return urlencode(sorted(_kept(query)))


def _kept(query: str) -> list[tuple[str, str]]:
    pairs = parse_qsl(query, keep_blank_values=True)
    return [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
