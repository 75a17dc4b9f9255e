"""The people that a short text speaks of, as far as its wording tells.

For follow-up questions: "she" must be somebody, and a film or a magazine is not. Names are
recognised by their capitals, people among them by what stands around the name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.question import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = r"(?:[A-ZÀ-Þ][\w.-]*(?:[’'][A-ZÀ-Þa-z][\w-]+)?)"
# One to four words that begin with a capital; small words of names may stand between.
_NAME = rf"{_WORD}(?:\s+(?:(?:de|la|le|van|von|der|den|bin|al|el|of)\s+)?{_WORD}){{0,3}}"
_RUN = re.compile(rf"(?<![\w’'-]){_NAME}")
_POSSESSIVE = re.compile(r"[’']s?$")
_INITIALISM = re.compile(r"\b[A-Z][A-Z0-9]+\b|\d")

_SAYS = (
    "said|says|noted|notes|remarked|added|adds|explained|explains|replied|argued|argues|stated|"
    "clarified|confessed|claimed|admitted|insisted|acknowledged|believes|believed|contended|"
    "recalled|disclosed|highlighted|recognized|recognised|speculated|joked|thinks|thought|felt|"
    "feels|spoke|shared|estimated|defended|criticised|criticized"
)
_ASKED = (
    "say|think|feel|tell|ask|mean|reply|respond|want|claim|argue|call|describe|believe|complain|"
    "apologi[sz]e|explain|criticise|criticize|mention|regret|suggest|recommend|answer|write"
)
_ROLE = (
    "actor|actress|artist|author|choreographer|coach|colleague|coordinator|co-ordinator|co-star|"
    "critic|director|founder|host|journalist|performer|producer|professor|star|singer|teacher|"
    "writer|Mr\\.?|Mrs\\.?|Ms\\.?|Dr\\.?"
)
_BEFORE_PERSON = re.compile(
    rf"(?:\b(?:{_ROLE}|alongside|opposite|starring|like|told|tells|asked)"
    rf"|\b(?:{_SAYS})(?=\s$)|\bwho(?:\s+(?:is|was)|[’']s)|\baccording to)\s+$",
    re.IGNORECASE,
)
_AFTER_PERSON = re.compile(
    rf"^(?:\s+(?:\w+ly\s+)?(?:{_SAYS}|told|tells|asked|{_ASKED})\b|,\s+who\b"
    rf"|\s+(?:is|was)\s+(?:an?|the)\s+(?:\w+\s+){{0,2}}(?:{_ROLE})\b)",
    re.IGNORECASE,
)
_AFTER_TOLD = re.compile(r"\b(?:told|tells|asked)\s+$", re.IGNORECASE)
_BEFORE_THING = re.compile(
    r"\b(?:the|a|an|in|on|at|during|outside|films?|movies?|series|show|magazine|newspaper|drama|"
    r"comedy|season|such as|(?:set|cast|stars?|director|makers|scenes?|season|premiere) of)\s+$",
    re.IGNORECASE,
)
_NOT_NAMES = words(
    """
    A About After All Also An And Any Are As At Because Before Besides But By Can Could Did Do Does
    During Each Every Explain Find Following For From Give Had Has Have He Her His How However I If
    In Instead Is It Its List Many May Might More Most Must My Name Nobody Not Of On One Only Or Our
    Quote She Should Show Since So Some Tell Than That The Their Them Then There These They This
    Those Though To Under Until Was We Were What When Where Which While Who Whom Whose Why Will With
    Without Would You Your
    January February March April May June July August September October November December
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    """
)


def names(text: str) -> list[str]:
    """The capitalised runs of ``text`` that are not just words at the start of a sentence."""
    return list(dict.fromkeys(name for name, _, _ in _placed(text)))


def people(question: str, shown: Sequence[str]) -> list[str]:
    """The people of whom ``question`` speaks, in its order, judged by ``shown`` as well.

    A name is a person's unless it is written in capitals, or stands like a title or a place
    ("in Marty Supreme") and nothing shown says otherwise. A name in small letters counts if it
    was shown in capitals. Of two forms of a name the longer one is given.
    """
    heard = speakers(shown)
    found = [
        (start, _longest(name, heard))
        for name, start, end in _placed(question)
        if any(same_person(name, one) for one in heard)
        or _acts(name, question, start, end)
        or not (_BEFORE_THING.search(question[:start]) or is_thing(name, shown))
    ]
    lowered = question.lower()
    for name in heard:
        last = name.split()[-1].lower()
        written = re.search(rf"\b{re.escape(last)}\b", lowered)
        if written and lowered == question:
            found.append((written.start(), name))
    return _merged(name for _, name in sorted(found))


def speakers(shown: Iterable[str]) -> list[str]:
    """The people that ``shown`` lets speak or act, in reading order."""
    return _merged(
        name
        for text in shown
        for name, start, end in _placed(text)
        if _acts(name, text, start, end)
    )


def is_thing(name: str, texts: Iterable[str]) -> bool:
    """Whether ``name`` is written or placed in ``texts`` as no person's is, and never like one."""
    if _is_no_person(name):
        return True
    places = [
        (text, start, end) for text in texts for one, start, end in _placed(text) if one == name
    ]
    acting = any(_acts(name, *place) for place in places)
    return not acting and any(_BEFORE_THING.search(text[:start]) for text, start, _ in places)


def same_person(one: str, other: str) -> bool:
    """Whether one name is a part of the other: Paltrow and Gwyneth Paltrow."""
    mine, theirs = set(one.lower().split()), set(other.lower().split())
    return mine <= theirs or theirs <= mine


def _placed(text: str) -> list[tuple[str, int, int]]:
    """Each name with its place, without the possessive."""
    found = []
    for run in _RUN.finditer(text):
        start, parts = run.start(), run.group().split()
        while parts and _bare(parts[0]) in _NOT_NAMES:
            start = text.index(parts[0], start) + len(parts[0])
            start += len(text[start : run.end()]) - len(text[start : run.end()].lstrip())
            parts = parts[1:]
        name = _POSSESSIVE.sub("", text[start : run.end()]).rstrip(".")
        if parts and len(name) > 1:
            found.append((name, start, start + len(name)))
    return found


def _bare(word: str) -> str:
    return re.split("[’'.]", word)[0]


def _acts(name: str, text: str, start: int, end: int) -> bool:
    """Whether the words around a name speak of a person."""
    before, after = text[:start], text[end:]
    if _is_no_person(name) or re.search(r"\b(?:the|The)\s+$", before):
        return False
    if _AFTER_TOLD.search(before) and not _AFTER_PERSON.search(after):
        return False  # "told Vanity Fair"
    return bool(_AFTER_PERSON.search(after) or _BEFORE_PERSON.search(before))


def _is_no_person(name: str) -> bool:
    """Whether a name is written as no person's is: HBO, Die My Love."""
    return bool(_INITIALISM.search(name)) or any(word in _NOT_NAMES for word in name.split()[1:])


def _longest(name: str, heard: list[str]) -> str:
    return max([name, *(one for one in heard if same_person(name, one))], key=len)


def _merged(found: Iterable[str]) -> list[str]:
    """``found`` without repetitions, the longest form of each name in its first place."""
    merged: list[str] = []
    for name in found:
        at = next((i for i, other in enumerate(merged) if same_person(name, other)), None)
        if at is None:
            merged.append(name)
        elif len(name) > len(merged[at]):
            merged[at] = name
    return merged
