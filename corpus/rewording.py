"""How two wordings differ, word by word: what was kept, left out, put in or replaced."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from corpus.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# A word with what joins its parts (it’s, well-known, 2.5, 1,000), or one other sign; the space
# before goes with it, so that tokens leave nothing out.
_TOKEN = re.compile(r"\s*(?:\w+(?:['’.,-]\w+)*|[^\w\s]|\Z)")
_MOST = 2000
"""Tokens of a wording that are aligned: the time grows with the square. Longer ones are only
compared at their two ends, and what lies between counts as replaced."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of one wording and what stands in its place in the other.

    Attributes:
        before: where it stands in the first; empty if it was put in.
        after: where it stands in the second; empty if it was left out.
        kept: whether the two have the same words there.
    """

    before: Span
    after: Span
    kept: bool


def compare(
    before: str, after: str, key: Callable[[str], str] = lambda word: word
) -> tuple[Step, ...]:
    """The steps from ``before`` to ``after``, in order.

    Their spans cover both texts without a gap. The space before a word goes with it, and
    differing spaces alone are no difference. Kept and changed steps take turns.

    Args:
        before: the first wording.
        after: the second.
        key: what two words must have in common to be the same, the words themselves unless
            told otherwise; ``lambda word: fold(word).text`` overlooks case and kinds of marks.
    """
    old, new = _tokens(before), _tokens(after)
    old_keys = [key(span.of(before).strip()) for span in old]
    new_keys = [key(span.of(after).strip()) for span in new]
    blocks = _without_islands(_aligned(old_keys, new_keys), old_keys, new_keys)
    return tuple(_steps(blocks, old, new))


def similarity(before: str, after: str, key: Callable[[str], str] = lambda word: word) -> float:
    """The share of words that two wordings have in common and in the same order, 0 to 1.

    Twice the kept words over all words (the Dice coefficient); signs do not count.
    """
    steps = compare(before, after, key)
    kept = sum(_words(step.before.of(before)) for step in steps if step.kept)
    total = _words(before) + _words(after)
    return 2 * kept / total if total else float(before.strip() == after.strip())


def at_most_similar(before: Counter[str], after: Counter[str]) -> float:
    """What ``similarity`` cannot exceed, from ``bag`` of each wording; much faster."""
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1.0


def bag(text: str) -> Counter[str]:
    """How often each word stands in ``text``."""
    words = (span.of(text).strip() for span in _tokens(text))
    return Counter(word for word in words if _words(word))


def moved(span: Span, steps: Iterable[Step]) -> Span:
    """Where the characters ``span`` of the first wording stand in the second.

    A border inside of a change takes all of the change in; an empty span if nothing is left.
    """
    touched = [step for step in steps if step.before.overlaps(span)]
    if not touched:
        return Span(0, 0)
    first, last = touched[0], touched[-1]
    start = _moved(span.start, first) if first.kept else first.after.start
    end = _moved(span.end, last) if last.kept else last.after.end
    return Span(start, max(start, end))


def _moved(offset: int, step: Step) -> int:
    # From the end: only the space before the first word may differ in length.
    return max(step.after.start, step.after.end - max(0, step.before.end - offset))


def _tokens(text: str) -> list[Span]:
    """Words and signs, each with the space before it; the last one with the space after it."""
    spans = [Span(*found.span()) for found in _TOKEN.finditer(text) if found.group()]
    if len(spans) > 1 and not spans[-1].of(text).strip():
        spans[-2:] = [Span(spans[-2].start, spans[-1].end)]
    return spans


def _words(text: str) -> int:
    return sum(any(char.isalnum() for char in part) for part in _TOKEN.findall(text))


@dataclass(frozen=True, slots=True)
class _Block:
    """``size`` tokens in a row that stand in both, from ``old`` in the one and ``new`` there."""

    old: int
    new: int
    size: int


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[_Block]:
    """The tokens that stand in both, in order; the last block is the end, of size 0."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [_Block(0, 0, head)]
    if max(len(inner_old), len(inner_new)) <= _MOST:
        matcher = SequenceMatcher(None, inner_old, inner_new, autojunk=False)
        found += [_Block(head + a, head + b, size) for a, b, size in matcher.get_matching_blocks()]
    found += [_Block(len(old) - tail, len(new) - tail, tail), _Block(len(old), len(new), 0)]
    return _joined(found)


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many tokens both begin with."""
    pairs = zip(old, new, strict=False)
    return next(
        (at for at, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new))
    )


def _joined(blocks: Iterable[_Block]) -> list[_Block]:
    """Blocks without empty ones between, those that follow one another made one."""
    joined: list[_Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last and (last.old + last.size, last.new + last.size) == (block.old, block.new):
            joined[-1] = _Block(last.old, last.new, last.size + block.size)
        elif block.size:
            joined.append(block)
    return joined


def _without_islands(
    blocks: Iterable[_Block], old: Sequence[str], new: Sequence[str]
) -> Iterator[_Block]:
    """Blocks without signs that stand alone between two changes: they explain nothing."""
    for block in blocks:
        old_end, new_end = block.old + block.size, block.new + block.size
        first = block.old == block.new == 0
        last = (old_end, new_end) == (len(old), len(new))
        if first or last or any(map(_words, old[block.old : old_end])):
            yield block


def _steps(blocks: Iterable[_Block], old: Sequence[Span], new: Sequence[Span]) -> Iterator[Step]:
    at_old = at_new = 0
    for block in (*blocks, _Block(len(old), len(new), 0)):
        if block.old > at_old or block.new > at_new:
            yield Step(_over(old, at_old, block.old), _over(new, at_new, block.new), kept=False)
        at_old, at_new = block.old + block.size, block.new + block.size
        if block.size:
            yield Step(_over(old, block.old, at_old), _over(new, block.new, at_new), kept=True)


def _over(tokens: Sequence[Span], first: int, end: int) -> Span:
    """The span of the tokens ``[first, end)``; an empty one at their place if there are none."""
    if first < end:
        return Span(tokens[first].start, tokens[end - 1].end)
    at = tokens[first - 1].end if first else 0
    return Span(at, at)
