"""Where the sentences of a paragraph begin and end.

A quotation or a bracket is kept whole: ends inside it count only where the sentence around it
would pass ``LONGEST_WHOLE`` characters, and then as few as will do, the outer quotation's first.
A citation shows sentences, and one that opens a quotation without closing it, or the reverse,
reads as if words were missing; but a statement of 300 words answers nothing. What is said after
the quotation ("Why?" she asked) belongs to its sentence; the next quotation begins a new one.

Why rules of our own: of 90 hard news cases written to be unseen these had 84 right, sentencex
75, pysbd 66, blingfire and nupunkt 65, syntok 60, spaCy's sentencizer 43; with our keeping
quotations whole on top, 75, 68, 73, 72, 67 and 49. Of the shipped article's 36 sentences ours
have all, the libraries 34 at most, or all with that rule. Of SQuAD's evidence sentences ours have
96.9 %, the libraries 94.5 to 97.2 % (many of the rest are cut wrongly there). 8 to 14 MB/s, and
nothing to import. ``tests/benchmarks/sentences.py`` measures it again.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from corpus.enclosures import enclosed
from corpus.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A sentence is not cut inside a quotation up to this length in characters: 99 of 100 sentences
# of SQuAD's articles are shorter than 380.
LONGEST_WHOLE = 400
# Quotations nested further are cut as if they stood at this depth, so that recursion has an end.
DEEPEST = 3

_ENDINGS = ".!?…。！？؟۔।"
# Marks that end a sentence with what closes after them and notes ("left.[2]"). Matches wherever
# there is a mark and never gives back, so that no text takes more than linear time.
_STOP = re.compile(
    rf"(?P<marks>[{_ENDINGS}]++(?:[ \u00a0]\.++(?!\d))*+)"
    r"""(?P<closers>["'”’“»›」』)\]}*_]*+)(?:\[[^\[\]\n]{1,40}\])*+"""
)
_BREAK = re.compile(
    # Looked for at the start of white space only, or long runs of it would be read many times.
    r"(?<!\s)(?:\s*\n\s*\n\s*|\s*\n(?=\s*(?:[-*•‣▪–—]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s))"
)
_LETTER = re.compile(r"\w")
# Bounded, so that long runs of signs are not read again and again.
_NEXT = re.compile(r"\W{0,12}(?P<word>\w[\w’'.&-]{0,40})")
_BEFORE = re.compile(r"[\w.&’'-]+\Z")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Words that seldom follow an abbreviation inside a sentence but often begin one.
_STARTERS = _words(
    "A About According Additionally After Again All Also Although Among An And Another Any Are "
    "As At Because Before Besides Between Both But By Can Could Despite Did Do Does During Each "
    "Earlier Either Even Every Few Finally For From Further Furthermore He Hence Her Here His How "
    "However I If In Indeed Instead Is It Its Just Last Later Like Many Meanwhile More Moreover "
    "Most Much My Neither Nevertheless Next Nobody None Nonetheless Nor Not Nothing Now Of Often "
    "On Once One Only Or Other Others Our Over People Perhaps Rather She Should Since So Some "
    "Sometimes Soon Still Such Than That The Their Then There Therefore These They This Those "
    "Though Through Throughout Thus To Today Together Under Unlike Until Upon Was We Were What "
    "When Whenever Where Whereas Whether Which While Who Why Will With Within Without Would Yes "
    "Yet You Your"
)
# Followed by a name or a term, so never the end of a sentence.
_NEVER_LAST = _words(
    "Mr Mrs Ms Mx Dr Prof Rev Fr Msgr Messrs Mme Mlle Hon Gen Col Lt Maj Sgt Capt Cmdr Cpl Pvt "
    "Adm Brig Gov Sen Sens Rep Reps Pres Supt Insp Det Amb Atty Assoc Asst Rt Gens Cols Drs Profs "
    "vs v cf viz e.g i.e eg ie approx ca"
)
# Followed by a number within a sentence; otherwise ordinary words or ends of sentences.
_BEFORE_NUMBER = _words(
    "No Nos no nos Nr p pp Vol Vols vol vols Fig Figs fig figs Eq eq Sec sec Art Ch ch Par "
    "para Op op Pt Bk Rm Apt Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon "
    "Tue Tues Wed Thu Thur Thurs Fri Sat Sun c circa ca b d r fl ft sq § Ps Cor Matt"
)
# Abbreviations that may close a sentence: they do where a starter follows.
_MAYBE_LAST = _words(
    "Inc Corp Co Cos Ltd Bros Jr Sr Esq St Ste Ave Blvd Rd Hwy Mt Ft Mfg Dept Univ Assn Natl Intl "
    "Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb "
    "Nev Okla Ont Ore Pa Penn Que Tenn Tex Va Vt Wash Wis Wyo Jan Feb Mar Apr Jun Jul Aug Sept "
    "Oct Nov Dec al ed eds est Ed Eds Est repr trans incl Bldg Ph Nos Vol PhD Op Gov't Dist Div"
)
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}|[A-ZÀ-Þ]")
_CLOCK = re.compile(r"[ap]\.?m", re.IGNORECASE)
_AFTER_CLOCK = re.compile(
    r"[A-Z]{2,4}\b|Eastern|Pacific|Central|Mountain|Greenwich|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|"
    r"Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber"
)
_ITEM = re.compile(r"[a-z0-9]\)\s")
_NUMBERING = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})")
# As in "WASHINGTON, D.C. — The House voted."
_DASH = re.compile(r"\A\s*[—–-]")
_SHOUTED = _words("Yahoo Jeopardy Yum")
# “Why?” Anna Paltrow, 52, then asked.
_ATTRIBUTION = re.compile(
    r"(?:[^\W\d_a-z][\w’'.-]*\s+|(?:de|la|van|von|der|bin|al|of|the)\s+){0,6}?"
    r"(?:[^\W\d_a-z][\w’'.-]*|(?<=[’']s )\w+)(?:,[^,.!?“”\"]{1,60},)?\s+"
    r"(?:(?:then|later|also|once|has|had|\w{2,12}ly)\s+)?"
    r"(?:said|says|asked|asks|added|adds|replied|replies|told|tells|wrote|writes|quipped|shouted|"
    r"cried|exclaimed|yelled|screamed|wondered|demanded|recalled|joked|continued|answered|"
    r"tweeted|responded|declared|called|snapped|laughed|mused|inquired|noted|remarked|posted|"
    r"chanted|whispered|insisted|sang|concluded|read)\b"
)


def split_sentences(text: str, within: Span | None = None) -> tuple[Span, ...]:
    """The sentences of one paragraph, or of the part ``within`` of it.

    Spans of ``text``, in order, disjoint, without white space at their ends; together they cover
    each character that is not white space. A blank line or a new list item ends a sentence too.
    """
    start = within.start if within else 0
    part = within.of(text) if within else text
    return tuple(span.shifted(start) for block in _blocks(part) for span in _split(part, block))


def _blocks(text: str) -> Iterator[Span]:
    """The parts of ``text`` between blank lines and before list items."""
    start = 0
    if "\n" in text:
        for gap in _BREAK.finditer(text):
            yield Span(start, gap.start())
            start = gap.end()
    yield Span(start, len(text))


def _split(text: str, block: Span) -> Iterator[Span]:
    """The sentences of a block, quotations kept whole where that does not make them too long."""
    ends = list(_ends(text, block.start, block.end))
    opened, closed = enclosed(text, block)
    nested = (bisect_left(opened, end) - bisect_left(closed, end) for end in ends)
    depths = [min(depth, DEEPEST) for depth in nested]
    whole = [end for end, depth in zip(ends, depths, strict=True) if not depth]
    for start, end in pairwise([block.start, *whole, block.end]):
        inner = range(bisect_left(ends, start + 1), bisect_left(ends, end))
        cuts = [(depths[at], ends[at]) for at in inner]
        for piece in _pack(Span(start, end), cuts):
            stripped = piece.stripped(text)
            if len(stripped):
                yield stripped


def _pack(sentence: Span, cuts: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """``sentence``, cut at the fewest ends inside its quotations that keep the pieces short.

    The ends of an outer quotation are tried before those of a quotation within it.
    """
    if len(sentence) <= LONGEST_WHOLE or not cuts:
        yield sentence
        return
    outermost = min(depth for depth, _ in cuts)
    start = last = sentence.start
    for end in [*(end for depth, end in cuts if depth == outermost), sentence.end]:
        if last > start and end - start > LONGEST_WHOLE:
            yield from _pack(Span(start, last), _deeper(cuts, outermost, start, last))
            start = last
        last = end
    yield from _pack(Span(start, last), _deeper(cuts, outermost, start, last))


_END = itemgetter(1)


def _deeper(
    cuts: Sequence[tuple[int, int]], depth: int, start: int, end: int
) -> list[tuple[int, int]]:
    first = bisect_right(cuts, start, key=_END)
    inside = cuts[first : bisect_left(cuts, end, lo=first, key=_END)]
    return [cut for cut in inside if cut[0] > depth]


def _ends(text: str, start: int, limit: int) -> Iterator[int]:
    """Where a sentence ends in ``text[start:limit]`` and another begins, quoted ones included."""
    for stop in _STOP.finditer(text, start, limit):
        end = stop.end()
        following = _NEXT.match(text, end, limit)
        if (
            following
            and _parted(text, stop, following)
            and _ends_here(text, start, stop, following)
        ):
            yield end
            start = end


def _parted(text: str, stop: re.Match[str], following: re.Match[str]) -> bool:
    """Whether the two words stand apart, or would had nobody lost the space: "home.The"."""
    marks, at = stop["marks"], stop.start()
    if text[stop.end()].isspace() or marks[-1] in "。！？":
        return True
    return len(marks) == 1 and text[at - 2 : at].islower() and following["word"] in _STARTERS


def _ends_here(text: str, start: int, stop: re.Match[str], following: re.Match[str]) -> bool:
    """Whether the sentence that began at ``start`` ends with ``stop``."""
    marks, word = stop["marks"], following["word"]
    if not (_begins(word) or _ITEM.match(text, following.start("word"))):
        return False
    if not _LETTER.search(text, start, stop.start()):
        return False
    if marks == ".":
        return _full_stop(text, start, stop.start(), following)
    if stop["closers"] and word not in _STARTERS - {"I"}:
        return not _ATTRIBUTION.match(text, following.start("word"))
    if marks[-1] in "….":
        return marks[0] not in "…." or not _is_i(word)
    return marks != "!" or _word_before(text, start, stop.start()) not in _SHOUTED


def _begins(word: str) -> bool:
    """Whether a sentence may begin with ``word``: a capital, a figure, "iPhone", a Han sign."""
    return not word[0].islower() or (word[1:2].isupper() and len(word) > 3)


def _is_i(word: str) -> bool:
    return word == "I" or word.startswith(("I’", "I'"))


def _word_before(text: str, start: int, at: int) -> str:
    found = _BEFORE.search(text[max(start, at - 24) : at])
    return found.group().lstrip("’'-.") if found else ""


def _full_stop(text: str, start: int, at: int, following: re.Match[str]) -> bool:
    """Whether the full stop at ``at`` ends a sentence rather than an abbreviation or a number."""
    word, after = _word_before(text, start, at), following["word"]
    if word in _NEVER_LAST or (word in _BEFORE_NUMBER and after[0].isdecimal()):
        return False
    if at - start < 16 and _NUMBERING.fullmatch(text[start:at].strip()):
        return False
    if _CLOCK.fullmatch(word):
        return not (after[0].isdecimal() or _AFTER_CLOCK.match(after))
    if word in _MAYBE_LAST or _DOTTED.fullmatch(word):
        return re.split("[.’']", after)[0] in _STARTERS and not _DASH.search(following.group())
    return True
