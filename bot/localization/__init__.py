"""The bot's own words in each language that somebody has put them into.

A language is one file here, named by its code: ``en.toml`` has every phrase there is, another
file the same keys with the same ``{placeholders}``. An article's words are never translated.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from bot.conversation import Kind
from bot.corrections.model import State
from bot.errors import (
    BusyError,
    ClosingError,
    LateError,
    NoArticlesError,
    NoQuotationError,
    NoWordsError,
    QuotationTooLongError,
    TooLongError,
)
from bot.localization.lookups import verdict
from index.errors import SearchIndexError

if TYPE_CHECKING:
    from bot.conversation import QuoteReply, Reply, SpeakersReply, WhosaidReply
    from bot.corrections.model import Summary

DEFAULT = "en"

_PROBLEMS: dict[type[Exception] | type[None], str] = {
    NoWordsError: "no_words",
    NoQuotationError: "no_quotation",
    BusyError: "busy",
    ClosingError: "stopping",
    NoArticlesError: "no_articles",
}


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language.

    Attributes:
        language: its code.
        sentences: what the bot says, with placeholders in braces.
        commands: name and description of each command and option, the names as platforms take
            them: small letters, no spaces.
    """

    language: str
    sentences: dict[str, str]
    commands: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence ``key`` with ``values`` put in."""
        return self.sentences[key].format(**values)

    def lead(self, reply: Reply) -> str:
        """What ``reply`` says before the articles' words, in this language."""
        if reply.kind is Kind.PROBLEM:
            return self.problem(reply)
        said = [self("understood", question=reply.understood)] if reply.understood else []
        if reply.answer is not None and reply.answer.examination is not None:
            said.append(verdict(reply.answer.examination, self))
        elif reply.kind is Kind.NOT_FOUND:
            said.append(self("not_found" if reply.sources else "nothing_near"))
        return "\n".join(said)

    def corrections(self, summary: Summary | None) -> str:
        """How the last corrections on a server went."""
        if summary is None:
            return self("corrections_none")
        counts = {
            "count_corrected": summary.corrected,
            "count_pending": summary.pending,
            "count_unreached": summary.unreached,
            "count_deleted": summary.counts.get(State.DELETED, 0),
            "count_ephemeral": summary.counts.get(State.EPHEMERAL, 0),
            "count_off": summary.counts.get(State.OFF, 0),
        }
        return self(
            "corrections_told",
            version=summary.version,
            date=f"{summary.at:%Y-%m-%d}",
            touched=summary.touched,
            counts=", ".join(self(key, count=count) for key, count in counts.items() if count),
        )

    def problem(self, reply: Reply | QuoteReply | WhosaidReply | SpeakersReply) -> str:
        """What went wrong, in the reply's own words where there are none in this language."""
        if plain := _PROBLEMS.get(type(reply.problem)):
            return self(plain)
        match reply.problem:
            case TooLongError(length=length, limit=limit):
                return self("too_long", length=length, limit=limit)
            case QuotationTooLongError(length=length, limit=limit):
                return self("quotation_too_long", length=length, limit=limit)
            case LateError(seconds=seconds):
                return self("late", seconds=f"{seconds:g}")
            case SearchIndexError():  # its own words name folders, and are for who runs the bot
                return self("no_index", id=reply.problem_id)
        if reply.problem_id:
            return self("unexpected", id=reply.problem_id)
        return reply.lead


@cache
def languages() -> tuple[str, ...]:
    """Codes of all languages, English first."""
    names = (one.name for one in resources.files(__name__).iterdir())
    codes = sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
    return (DEFAULT, *(code for code in codes if code != DEFAULT))


def load_all() -> None:
    """Read all languages now, so that the first member of each does not wait for a file."""
    for language in languages():
        _load(language)


def phrases(locale: str = DEFAULT) -> Phrases:
    """The phrases for a locale such as ``es-ES``: its language's, or English ones."""
    code = locale.replace("_", "-").split("-")[0].lower()
    return _load(code if code in languages() else DEFAULT)


@cache
def _load(language: str) -> Phrases:
    text = resources.files(__name__).joinpath(f"{language}.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return Phrases(language, data["sentences"], data["commands"])
