"""Whether quoted words are speech, and not a title, scare quotes, a nickname or a headline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
from corpus.quotes.names import is_name_word

if TYPE_CHECKING:
    from corpus.quotes.clauses import Clause
    from corpus.quotes.marks import Quoted
    from corpus.quotes.tokens import Narration
    from corpus.span import Span

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SMALL = lexicon.PREPOSITIONS | lexicon.ARTICLES | lexicon.CONJUNCTIONS
_TERMINAL = re.compile(r"[.!?…][\"'”’»*_)\]]*$")
_COMMA_END = re.compile(r"[,.!?…—–-][\"'”’»*_)\]]*$")
_PASSED_OVER = lexicon.words(", : the a it him her them this that as")
_TO_READER = lexicon.words("you yourself yourselves repeat imagine suppose")
_HEADING_WORDS = 22
_TITLE_WORDS = 12
_PARTIAL_WORDS = 3


def word_count(text: str) -> int:
    """How many words ``text`` has."""
    return len(_WORD.findall(text))


def is_title_case(text: str) -> bool:
    """Whether each word of ``text`` but the small ones begins with a capital."""
    found = _WORD.findall(text)
    return (
        bool(found)
        and found[0][0].isupper() | found[0][0].isdigit()
        and all(word[0].isupper() or word[0].isdigit() or word.lower() in _SMALL for word in found)
    )


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends with the mark that ends a sentence."""
    return _TERMINAL.search(text) is not None


def is_heading(
    text: str, paragraph: Span, quotes: tuple[Quoted, ...], *, opens: bool = False
) -> bool:
    """Whether a paragraph of plain text is a headline or caption rather than prose.

    Such a paragraph is short, ends without a mark, and is more than a quotation. ``opens`` says
    that it opens a text of several paragraphs, as a headline does: “I did it,” says killer.
    """
    line = paragraph.of(text).strip(" *_")
    if line.startswith("#"):
        return True
    if not quotes or quotes[-1].truncated or quotes[-1].continues:
        return False
    if quotes[0].outer.start - paragraph.start <= 2 and paragraph.end - quotes[-1].outer.end <= 2:
        return False
    after = text[quotes[0].outer.end : paragraph.end].lstrip(" *_")
    if quotes[0].outer.start - paragraph.start <= 2 and after[:1] in "—–-":
        return False  # “Best night of my life” — Jenny Holt, 41
    if not opens and any(_is_set_as_speech(text, item) for item in quotes):
        return False
    return word_count(line) <= _HEADING_WORDS and line[-1:] not in ".!?…:,;)"


def _is_set_as_speech(text: str, item: Quoted) -> bool:
    """Whether a stretch ends with a full stop or comma, or is a sentence: no headline has it."""
    words = item.span.of(text)
    comma = words[-1] in ",." or text[item.outer.end : item.outer.end + 1] == ","
    return comma or (ends_sentence(words) and word_count(words) > _PARTIAL_WORDS)


def is_speech(
    text: str, item: Quoted, index: int, clause: Clause | None, narration: Narration
) -> bool:
    """Whether ``item``, token ``index`` of ``narration``, is something somebody said or wrote.

    ``clause`` is the clause that reports it, if one was found.
    """
    words = item.span.of(text)
    count = word_count(words)
    if not count or _is_nickname(narration, index, count):
        return False
    if clause is not None and not clause.asserted:
        return False
    beside = clause is not None and clause.manner == "direct"
    before = _before(narration, index)
    if before and before[-1] in lexicon.HEDGES:
        return False
    follows = beside and clause is not None and clause.cue[0] > index
    if follows and before and _is_title_after_noun(before, words):
        return False
    named = clause is not None and clause.rule == "according-to"  # "in Brandt's words"
    named |= clause is not None and clause.addressee is not None and before[-1:] == [":"]
    if not follows and not named and _is_named_thing(narration, index, words, count):
        return False
    if beside:
        return count > 1 or _COMMA_END.search(words) is not None or words[:1].isupper()
    if clause is not None:
        return _is_partial(narration, index, words, count)
    return _stands_alone(item, index, words, narration)


def _is_nickname(narration: Narration, index: int, count: int) -> bool:
    tokens = narration.tokens
    if count > 3 or index == 0 or index + 1 >= len(tokens):
        return False
    before, after = tokens[index - 1], tokens[index + 1]
    return (
        is_name_word(before)
        and is_name_word(after)
        and before.low not in lexicon.SPEECH
        and not narration.starts_sentence(index)
        and not narration.starts_sentence(index + 1)
    )


def _is_named_thing(narration: Narration, index: int, words: str, count: int) -> bool:
    """Whether the words before say that the quoted ones are a title, a name or a word."""
    before = _before(narration, index)
    if not before:
        return False
    nearest = before[-1] if before[-1] not in _PASSED_OVER else " ".join(before[-2:-1])
    sentence = ends_sentence(words) and count > _PARTIAL_WORDS and not is_title_case(words)
    if nearest in lexicon.NAMING and nearest not in lexicon.JUDGING:
        return not sentence
    if nearest in lexicon.NAMING and count <= _PARTIAL_WORDS:
        return True
    if before[-1] in lexicon.PREPOSITIONS and count > 1 and is_title_case(words):
        return True  # "on “The Internet Explorer 6 Countdown”"
    if nearest in lexicon.WORK_NOUNS and (words[0].islower() or words[0] == "["):
        return False
    if nearest in lexicon.WORK_NOUNS | lexicon.WORD_NOUNS:
        return is_title_case(words) or (count <= _TITLE_WORDS and not sentence)
    return False


def _is_title_after_noun(before: list[str], words: str) -> bool:
    """Whether a title stands where speech might: "In her memoir, “Not Me,” Viola Bell writes"."""
    nearest = before[-1] if before[-1] not in _PASSED_OVER else " ".join(before[-2:-1])
    if nearest in lexicon.WORD_NOUNS and words[-1] not in ",.?!":
        return True
    return nearest in lexicon.WORK_NOUNS | lexicon.WORD_NOUNS and is_title_case(words)


def _before(narration: Narration, index: int) -> list[str]:
    first, _ = narration.sentence(narration.sentence_of(index))
    return [token.low for token in narration.tokens[max(first, index - 3) : index]]


def _is_partial(narration: Narration, index: int, words: str, count: int) -> bool:
    """Whether quoted words inside a reported sentence are the speaker's own, not scare quotes."""
    if ends_sentence(words) and count > 1:
        return True
    if count < _PARTIAL_WORDS or is_title_case(words):
        return _completes(narration, index, words, count)
    return True


def _completes(narration: Narration, index: int, words: str, count: int) -> bool:
    """Whether a short fragment completes its sentence as a predicate: "said it was “too late”"."""
    tokens = narration.tokens
    if count < 2 or index == 0 or (is_title_case(words) and count > 1):
        return False
    before = tokens[index - 1].low
    return before not in lexicon.ARTICLES | lexicon.POSSESSIVES and (
        before in lexicon.COMMON_VERBS or before in ("as", "a", "too", "so", "it")
    )


def _stands_alone(item: Quoted, index: int, words: str, narration: Narration) -> bool:
    """Whether words that nothing reports read as a sentence of their own."""
    tokens = narration.tokens
    first, last = narration.sentence(narration.sentence_of(index))
    before = tokens[index - 1] if index > first else None
    if before is not None and any(token.low in _TO_READER for token in tokens[first:index]):
        return False  # "Ask yourself: “Do I need it?”"
    if before is not None and not (before.is_quote or before.text in ":—–,-"):
        return False
    following = tokens[index + 1] if index + 1 < last else None
    if item.truncated or item.continues or not item.closed:
        return True
    closed = ends_sentence(words) or (following is not None and following.text in ".!?")
    if following is not None and following.is_word and not following.is_capital:
        # “The Long Road” was published: the quoted words are a part of the sentence.
        return words.rstrip("\"'”’")[-1:] in ",?!" and not is_title_case(words)
    if before is not None and before.text in ",-—–":
        return ends_sentence(words) and word_count(words) > _PARTIAL_WORDS
    if not closed:
        return words[-1] == "," and word_count(words) > 1 and not is_title_case(words)
    if is_title_case(words) and not ends_sentence(words):
        return False
    return word_count(words) >= 2 or ends_sentence(words)
