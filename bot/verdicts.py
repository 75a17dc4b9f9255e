"""The verdict on words that may be a quotation, in the bot's own English sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.messages import speaker_not_named
from index.comparison import Change, Matter
from index.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.cited_quotes import CitedQuote
    from index.comparison import Difference
    from index.whosaid import Examination

_MOST = 6
"""Differences told in a sentence; all of them are shown beside the words."""


def verdict_on(found: Examination) -> str:
    """The verdict with its reasons, in a few sentences."""
    told = [_TOLD[found.verdict](found)]
    if found.misattributed and found.verdict is not Verdict.ANOTHER:
        told.append(f"Nor is it by {found.named}.")
    if found.unjudged:
        told.append("Only the longest quotation in this text was looked at.")
    return " ".join(told)


def _exact(found: Examination) -> str:
    but = ", but for the words left out at the ellipsis" if found.elided else ""
    said = f"Exact{but}: {_who(found.quotes)}."
    if found.partial and not found.elided:
        said += " It is a part of what was said, which is shown whole."
    if found.inside:
        return f"{said} They repeat there what somebody else said."
    return said


def _altered(found: Examination) -> str:
    told = [_difference(one) for one in found.differences if one.change is not Change.LEFT_OUT]
    more = f"; and {len(told) - _MOST} more" if len(told) > _MOST else ""
    listed = "; ".join(told[:_MOST])
    return f"Altered: {_who(found.quotes)}, but not so. {listed[:1].upper()}{listed[1:]}{more}."


def _spliced(found: Examination) -> str:
    names = list(dict.fromkeys(_name(one) for one in found.quotes))
    of = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Spliced: put together from parts of several quotations, of {of}."


def _another(found: Examination) -> str:
    return f"Real, but said by another: {_who(found.quotes)}, not {found.named}."


def _paraphrase(found: Examination) -> str:
    if found.quotes:
        return f"A paraphrase of a quotation: {_who(found.quotes)}, in other words."
    if found.comparison and not found.differences:
        return "Words of the article, not a quotation: nobody is quoted as saying them."
    return "A paraphrase of words of the article, which are not a quotation."


def _absent(found: Examination) -> str:
    near = " The nearest quotations:" if found.nearest else ""
    return f"Not in this corpus; whether it was said elsewhere, the articles do not tell.{near}"


def _scrap(_: Examination) -> str:
    return "Fewer than four words are not judged: anybody may have said them."


_TOLD = {
    Verdict.EXACT: _exact,
    Verdict.ALTERED: _altered,
    Verdict.SPLICED: _spliced,
    Verdict.ANOTHER: _another,
    Verdict.PARAPHRASE: _paraphrase,
    Verdict.ABSENT: _absent,
    Verdict.SCRAP: _scrap,
}


def _who(quotes: Sequence[CitedQuote]) -> str:
    names = list(dict.fromkeys(_name(one) for one in quotes))
    return f"{' and '.join(names)} said this"


def _name(quote: CitedQuote) -> str:
    return quote.speaker or f"somebody ({speaker_not_named(quote.candidates)})"


def _difference(one: Difference) -> str:
    what = {Matter.NEGATION: "negation ", Matter.NUMBER: "number "}.get(one.matter, "")
    if one.change is Change.ADDED:
        return f"{what}added: “{one.asked}”"
    if one.change is Change.DROPPED:
        return f"{what}dropped: “{one.original}”"
    return f"{what}changed: “{one.original}” to “{one.asked}”"
