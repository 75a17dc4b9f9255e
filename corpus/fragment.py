"""Links that open a page at the cited words: URL text fragments.

Source: "URL Fragment Text Directives", https://wicg.github.io/scroll-to-text-fragment/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urldefrag

from corpus.span import Span
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.article import Article

_LONGEST_EXACT = 120
"""Characters. A longer passage is named by its first and last words, so that links stay short."""
_EDGE_WORDS = 5
_MOST_CONTEXT = 16
"""Words of the text before that may be needed to tell a sentence from its repetitions."""


def link_to(article: Article, span: Span) -> str | None:
    """The article's address with a text fragment that leads to ``span`` and nowhere else.

    ``None`` if the article has no address; the bare address if the same words stand in the
    article again with the same words before them. Browsers look for a fragment without regard to
    case and to how white space runs, so what is unique is judged alike.
    """
    url = article.metadata.url
    if url is None:
        return None
    base, anchor = urldefrag(url)
    found = next(_unique_directives(article, span), None)
    return url if found is None else f"{base}#{anchor}:~:text={found}"


def _unique_directives(article: Article, span: Span) -> Iterator[str]:
    """Text directives that match ``span`` only, the shortest first."""
    page = _plain(article.text)
    words = span.of(article.text).split()
    edges = _edges(words)
    before = _words_before(article, span)
    for count in range(min(len(before), _MOST_CONTEXT) + 1):
        prefix = before[len(before) - count :]
        if _stands_once(page, _plain(" ".join([*prefix, edges[0]]))):
            lead = [f"{_encode(' '.join(prefix))}-"] if prefix else []
            yield ",".join([*lead, *map(_encode, edges)])


def _stands_once(page: str, words: str) -> bool:
    first = page.find(words)
    return first >= 0 and page.find(words, first + 1) < 0


def _edges(words: list[str]) -> list[str]:
    """All of ``words``; or the first few and the last few, if these lead to all of them."""
    whole = " ".join(words)
    first, last = (" ".join(edge) for edge in (words[:_EDGE_WORDS], words[-_EDGE_WORDS:]))
    if len(whole) <= _LONGEST_EXACT or len(words) < 2 * _EDGE_WORDS:
        return [whole]
    rest, end = _plain(whole)[len(_plain(first)) :], _plain(last)
    # A browser stops at the first place where the last words stand.
    return [first, last] if rest.find(end) == len(rest) - len(end) else [whole]


def _words_before(article: Article, span: Span) -> list[str]:
    """The words before ``span`` in its block, or in the one before if it opens its block."""
    before = [block.span for block in article.blocks if block.span.start < span.start]
    if not before:
        return []
    return Span(before[-1].start, min(before[-1].end, span.start)).of(article.text).split()


def _plain(text: str) -> str:
    return " ".join(folded(text).split())


def _encode(words: str) -> str:
    """Percent-encoded; the hyphen too, which has a meaning of its own in a text directive."""
    return quote(words, safe="").replace("-", "%2D")
