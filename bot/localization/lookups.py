"""What became of a request for quotations, in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.conversation import Lookup
from index.comparison import Change, Matter
from index.verdict import Verdict

if TYPE_CHECKING:
    from bot.conversation import QuoteReply, SpeakersReply, WhosaidReply
    from bot.localization import Phrases
    from index.comparison import Difference
    from index.whosaid import Examination

_VERDICTS = {
    Verdict.EXACT: "verdict_exact",
    Verdict.ALTERED: "verdict_altered",
    Verdict.SPLICED: "verdict_spliced",
    Verdict.ANOTHER: "verdict_another",
    Verdict.PARAPHRASE: "verdict_paraphrase",
    Verdict.ABSENT: "verdict_absent",
    Verdict.SCRAP: "verdict_scrap",
}
_CHANGES = {
    Change.ADDED: "difference_added",
    Change.DROPPED: "difference_dropped",
    Change.CHANGED: "difference_changed",
    Change.LEFT_OUT: "difference_left_out",
}
_MATTERS = {Matter.NUMBER: "difference_number", Matter.NEGATION: "difference_negation"}


def quote_lead(reply: QuoteReply, words: Phrases) -> str:
    """What a reply says before the quotations; empty where they speak for themselves."""
    request, near = reply.request, ", ".join(reply.suggestions)
    match reply.kind:
        case Lookup.PROBLEM:
            return words.problem(reply)
        case Lookup.SEVERAL_SPEAKERS:
            return words("several_speakers", name=request.speaker, names=near)
        case Lookup.UNKNOWN_SPEAKER:
            said = words("unknown_speaker", name=request.speaker)
            return f"{said} {words('nearest_names', names=near)}" if near else said
        case Lookup.UNKNOWN_ARTICLE:
            said = words("unknown_article", name=request.article)
            return f"{said} {words('nearest_titles', names=near)}" if near else said
        case Lookup.NO_QUOTES:
            return _nothing(reply, words)
        case Lookup.OFF_TOPIC if reply.speaker:
            return words("off_topic_by", speaker=reply.speaker.name, about=request.about)
        case Lookup.OFF_TOPIC:
            return words("off_topic", about=request.about)
    return ""


def _nothing(reply: QuoteReply, words: Phrases) -> str:
    speaker = reply.speaker.name if reply.speaker else ""
    if speaker and reply.article:
        return words("no_quotes_by_in", speaker=speaker, title=reply.article)
    if reply.article:
        return words("no_quotes_in", title=reply.article)
    return words("no_quotes_by", speaker=speaker) if speaker else words("nobody_quoted")


def speakers_lead(reply: SpeakersReply, words: Phrases) -> str:
    """What a reply says before the speakers; empty where there are some."""
    if reply.kind is Lookup.PROBLEM:
        return words.problem(reply)
    return words("nobody_quoted") if reply.kind is Lookup.NO_QUOTES else ""


def verdict(found: WhosaidReply | Examination, words: Phrases) -> str:
    """The verdict in a few sentences, the first of them the verdict alone."""
    assert found.verdict is not None, "a problem is told by Phrases.problem"
    key = _VERDICTS[found.verdict]
    if found.verdict is Verdict.EXACT and found.elided:
        key = "verdict_elided"
    elif found.verdict is Verdict.PARAPHRASE and found.passages:
        own = found.comparison and not found.differences
        key = "verdict_own_words" if own else "verdict_retold"
    told = [words(key, named=found.named)]
    if found.partial and found.verdict is Verdict.EXACT and not found.elided:
        told.append(words("verdict_partial"))
    if found.inside:
        told.append(words("verdict_inside"))
    if found.misattributed and found.verdict is not Verdict.ANOTHER:
        told.append(words("misattributed", named=found.named))
    return " ".join(told)


def kind_of(difference: Difference, words: Phrases) -> str:
    """What kind of difference it is; that it is of a number or a negation comes first."""
    change = words(_CHANGES[difference.change])
    matter = _MATTERS.get(difference.matter)
    return f"{words(matter)}, {change}" if matter else change
