"""Pages, feeds and sitemaps: fetched safely, politely, each under one address."""

from corpus.web.fetching import Fetched, Fetcher, Limits
from corpus.web.links import canonical, declared_canonical, without_tracking

__all__ = ["Fetched", "Fetcher", "Limits", "canonical", "declared_canonical", "without_tracking"]
