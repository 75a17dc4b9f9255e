"""What is told about keeping a corpus, as plain text for every place where it is shown."""

from __future__ import annotations

from collections import Counter
from math import ceil
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from bot.corrections.model import State
from bot.errors import BuildCancelledError, BuildFailedError, BuildRunningError, RightsError
from bot.localization import phrases
from bot.messages import counted, sentence
from corpus.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.audit import Act
    from bot.corrections.comparing import Touched
    from bot.corrections.model import Fate, Given, Message, Summary, Task
    from bot.localization import Phrases
    from bot.planning import Affected, Plan
    from bot.versioning import Version


def act_line(act: Act) -> str:
    """An administrative act on one line: when, who, what, and what came of it."""
    who = act.name or act.who or act.platform
    where = f" ({act.platform})" if who != act.platform else ""
    what = f"{act.what} {act.details}".rstrip()
    return f"{act.at:%Y-%m-%d %H:%M} UTC  {who}{where}: {what}: {act.result}"


def version_line(version: Version) -> str:
    """A version that is kept, on one line."""
    if not version.created:
        return f"{version.name}  (damaged)"
    now = "  (in use)" if version.current else ""
    held = f"{counted(version.articles, 'article')}, {counted(version.passages, 'passage')}"
    return f"{version.name}  {version.created}  {held}{now}"


_LONGEST_TITLE = 80
_BAR = 20
"""Characters of a progress bar."""


def progress_line(percent: int, words: Phrases) -> str:
    """How far a build is."""
    if not percent:
        return words("build_starts")
    filled = _BAR * percent // 100
    bar = "█" * filled + "░" * (_BAR - filled)
    return words("build_progress", bar=bar, percent=percent)


def built_lines(built: Mapping[str, Any], words: Phrases) -> list[str]:
    """What a build did; ``built`` is what ``corpus_admin.built_as_json`` gives."""
    if not built["changed"]:
        return [words("build_unchanged", version=built["index_version"])]
    told = words(
        "build_done",
        version=built["index_version"],
        articles=built["articles"],
        passages=built["passages"],
        embedded=built["embedded"],
        seconds=f"{built['seconds']:.1f}",
    )
    problems = [(one["source"], one["reason"]) for one in built["problems"]]
    return [told, *_left_out(problems, words)]


def problem_line(error: Exception, words: Phrases) -> str:
    """Why something about the corpus could not be done."""
    match error:
        case RightsError(refusal=refusal):
            return words(refusal.value)
        case BuildRunningError(who=who, percent=percent):
            return words("build_running", who=who or "?", percent=percent)
        case BuildCancelledError(who=who):
            return words("build_cancelled", who=who)
        case BuildFailedError():
            return words("build_failed", reason=str(error))
    return sentence(str(error))


_NAMED = 10
"""Articles that are named of each kind; the others are counted. So with words of answers."""
_LONGEST_WORDS = 200


def plan_lines(plan: Plan, words: Phrases | None = None, *, titled: bool = False) -> list[str]:
    """What a reindex would change, a line each, with a title if that is wanted."""
    words = words or phrases()
    if plan.is_empty:
        return [words("plan_nothing", version=plan.version), *_left_out(plan.problems, words)]
    lines = [words("plan_title", name=plan.collection)] if titled else []
    if plan.rebuilt:
        lines.append(words("plan_rebuilt", reason=plan.rebuilt))
    kinds = {"plan_added": plan.added, "plan_changed": plan.changed, "plan_removed": plan.removed}
    for key, titles in kinds.items():
        lines.append(words(key, count=len(titles), titles=_named(titles)).rstrip(": "))
    lines.append(words("plan_passages", embed=plan.embed, reuse=plan.reuse))
    quotes = {"new": plan.quotes_new, "moved": plan.quotes_moved, "gone": plan.quotes_gone}
    lines.append(words("plan_quotes", **quotes))
    lines += _affected_lines(plan.affected, words)
    lines.append(_how_long(plan.seconds, words))
    return [*lines, *_left_out(plan.problems, words)]


def _affected_lines(affected: Sequence[Affected], words: Phrases) -> list[str]:
    """How many earlier answers would be corrected, and what they would be told."""
    lines = [_answers_line({one.answer: one.state for one in affected}, words)]
    told = Counter(_affected_line(one, words) for one in affected if one.state == State.PENDING)
    for line, count in told.most_common(_NAMED):
        lines.append(f"• {line} ({count}×)")
    if len(told) > _NAMED:
        lines.append(words("plan_affected_more", count=len(told) - _NAMED))
    return lines


def _answers_line(states: Mapping[str, str], words: Phrases) -> str:
    """How many answers, given by id with what would become of their corrections."""
    counted_ = Counter(states.values())
    others = {"count_ephemeral": State.EPHEMERAL, "count_off": State.OFF}
    told = [words(key, count=counted_[one]) for key, one in others.items() if counted_[one]]
    line = words("plan_answers", count=len(states))
    return f"{line} ({', '.join(told)})" if told else line


def _affected_line(one: Affected, words: Phrases) -> str:
    title, reason = _short(one.title, _LONGEST_TITLE), _short(one.reason, _LONGEST_WORDS)
    match Standing(one.standing):
        case Standing.REWORDED:
            told = words("plan_reworded", title=title, now=_short(one.now, _LONGEST_WORDS))
        case Standing.REATTRIBUTED:
            key = "reattributed" if one.speaker else "reattributed_open"
            now = _short(one.now, _LONGEST_WORDS)
            told = f"{words(key, title=title, speaker=one.speaker)} “{now}”"
        case Standing.GONE:
            told = words("no_longer_said", title=title)
        case Standing.ARTICLE_GONE:
            told = words("no_longer_there", title=title)
        case Standing.RETRACTED:
            told = words("retracted_for" if reason else "retracted", title=title, reason=reason)
        case Standing.STANDS:
            told = words("said_again", title=title)
    return f"“{_short(one.was, _LONGEST_WORDS)}” {told}" if one.was else told


def _named(titles: Sequence[str]) -> str:
    shown = ", ".join(_short(title, _LONGEST_TITLE) for title in titles[:_NAMED])
    return f"{shown} …" if len(titles) > _NAMED else shown


def _short(text: str, longest: int) -> str:
    return shorten(text, longest, placeholder=" …")


def _how_long(seconds: float | None, words: Phrases) -> str:
    if seconds is None:
        return words("plan_time_unknown")
    if seconds < 90:
        return words("plan_seconds", count=max(1, ceil(seconds)))
    return words("plan_minutes", count=ceil(seconds / 60))


def _left_out(problems: Sequence[tuple[str, str]], words: Phrases) -> Iterator[str]:
    for source, reason in problems[:_NAMED]:
        yield words("plan_left_out", source=source, reason=reason)
    if len(problems) > _NAMED:
        yield words("plan_left_out_more", count=len(problems) - _NAMED)


def correction_line(task: Task) -> str:
    """The correction of one message, on one line."""
    why = f", {task.reason}" if task.reason else ""
    where = _where(task.given, task.message)
    return f"{task.at:%Y-%m-%d %H:%M} UTC  {where}: {_fates(task.fates)} ({task.state.value}{why})"


def touched_lines(touched: Touched) -> Iterator[str]:
    """An answer that would be corrected, a line a message."""
    for plan in touched.plans:
        why = f" ({plan.reason})" if plan.reason else ""
        yield f"{_where(touched.given, plan.message)}: {_fates(plan.fates)}{why}"


def _where(given: Given, message: Message) -> str:
    server = given.server or "direct message"
    return f"{given.platform} {server}, channel {message.channel}, message {message.id}"


def _fates(fates: Mapping[int, Fate]) -> str:
    return ", ".join(f"[{number}] {fate.standing.value}" for number, fate in sorted(fates.items()))


def summary_as_json(summary: Summary) -> dict[str, Any]:
    """How the corrections after one version stand."""
    counts = {state.value: count for state, count in summary.counts.items()}
    at = f"{summary.at.isoformat(timespec='seconds')}Z"
    return {"version": summary.version, "at": at, "touched": summary.touched, "counts": counts}


def correction_as_json(task: Task) -> dict[str, Any]:
    """The correction of one message."""
    return {
        **_place_as_json(task.given, task.message),
        "version": task.version,
        "at": f"{task.at.isoformat(timespec='seconds')}Z",
        "state": task.state.value,
        "reason": task.reason,
        "tries": task.tries,
        "changes": _fates_as_json(task.fates),
    }


def touched_as_json(touched: Touched) -> dict[str, Any]:
    """An answer that would be corrected."""
    return {
        "answer": touched.given.id,
        "question": touched.given.question,
        "messages": [
            {
                **_place_as_json(touched.given, plan.message),
                "state": plan.state.value,
                "reason": plan.reason,
                "changes": _fates_as_json(plan.fates),
            }
            for plan in touched.plans
        ],
    }


def _place_as_json(given: Given, message: Message) -> dict[str, Any]:
    return {
        "answer": given.id,
        "platform": given.platform,
        "server": given.server,
        "channel": message.channel,
        "message": message.id,
    }


def _fates_as_json(fates: Mapping[int, Fate]) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "standing": fate.standing.value,
            "article_id": fate.now.article_id if fate.now else None,
            "content_hash": fate.now.content_hash if fate.now else None,
            "start": fate.now.span.start if fate.now else None,
            "end": fate.now.span.end if fate.now else None,
            "words": fate.words or None,
            "reason": fate.reason or None,
            "speaker": fate.speaker or None,
        }
        for number, fate in sorted(fates.items())
    ]
