"""The tables that corrections are kept in, in the file of the ledger."""

from __future__ import annotations

import sqlalchemy as sa

from bot.ledger import _answer, _tables

revisions = sa.Table(
    "revisions",
    _tables,
    sa.Column("collection", sa.String, primary_key=True),
    sa.Column("article_id", sa.String, primary_key=True),
    sa.Column("content_hash", sa.String, primary_key=True),
    sa.Column("article", sa.Text, nullable=False),
)
compared = sa.Table(
    "compared",
    _tables,
    _answer(primary_key=True),
    sa.Column("platform", sa.String, nullable=False),
    sa.Column("collection", sa.String, nullable=False),
    sa.Column("version", sa.String, nullable=False),
    sa.Index("compared_by_version", "platform", "collection", "version"),
)
as_sent = sa.Table(
    "as_sent",
    _tables,
    _answer(primary_key=False),
    sa.Column("message", sa.String, primary_key=True),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("layout", sa.Text, nullable=False),
    sa.Column("ephemeral", sa.Boolean, nullable=False),
    sa.Index("as_sent_by_answer", "answer"),
)
told = sa.Table(
    "told",
    _tables,
    _answer(primary_key=True),
    sa.Column("message", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("key", sa.String, nullable=False),
)
rounds = sa.Table(
    "rounds",
    _tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("platform", sa.String, nullable=False),
    sa.Column("collection", sa.String, nullable=False),
    sa.Column("version", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
corrections = sa.Table(
    "corrections",
    _tables,
    _answer(primary_key=True),
    sa.Column("message", sa.String, primary_key=True),
    sa.Column("round", sa.Integer, sa.ForeignKey("rounds.id"), primary_key=True),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("changes", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due", sa.DateTime, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index("corrections_by_state", "state", "due"),
)
now_standing = sa.Table(
    "now_standing",
    sa.MetaData(),
    sa.Column("article_id", sa.String, primary_key=True),
    sa.Column("content_hash", sa.String, primary_key=True),
    prefixes=["TEMPORARY"],
)
