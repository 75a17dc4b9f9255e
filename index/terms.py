"""The words of a text as they are compared: the one analyzer of the project."""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING

import Stemmer

from corpus.span import Span
from corpus.text import fold, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ANALYZER = "1:fold+words+snowball-english"
"""Changes whenever ``terms`` may answer differently; an index made under another is stale."""

_LONGEST = 64
"""Characters of a term that count: what is longer is not a word, and engines refuse it."""

# Scripts written without spaces between words: kana, Han, then Thai, Lao, Burmese and Khmer.
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
# Vowel signs of the scripts of India belong to the word, but are not letters to `\w`.
_LETTER = rf"(?:[^\W_{_UNSPACED}]|[\u0900-\u0963\u0970-\u0de5\u0df0-\u0dff])"
_NUMBER = rf"(?<![\w.,])(?:\d{{1,3}}(?:,\d{{3}})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)+){_LETTER}*"
_INITIALS = rf"(?<!{_LETTER})[^\W\d_](?:\.[^\W\d_])+(?!{_LETTER})(?:\.?'s(?!{_LETTER}))?"
_JOINED = rf"(?<!{_LETTER})[^\W\d_]{{1,2}}&[^\W\d_]{{1,2}}(?!{_LETTER})"
_PLAIN = r"[a-z]{3,}(?![\w'\u0900-\u0dff])"  # nearly every word: the rest need not be tried
_WORD = re.compile(
    rf"{_PLAIN}|{_NUMBER}|{_INITIALS}|{_JOINED}|{_LETTER}+(?:'{_LETTER}+)*|[{_UNSPACED}]+"
)
_UNSEPARATED = re.compile(f"[{_UNSPACED}]")
_ELIDED = re.compile(r"\A(?:[cdjlmns]|qu)'(?=[aeiouh])")  # not t', which begins T'ang and the like
_CONTRACTED = re.compile(r"'(?:s|d|m|re|ve|ll)$")
_DROPPED = str.maketrans("", "", "',")


class _Terms(dict[str, tuple[str, ...]]):
    """The terms of each word met so far: text repeats its words, and stemming is the slow part."""

    _MOST = 1 << 18  # some 50 MB; few corpora have as many distinct words

    def __init__(self) -> None:
        super().__init__()
        self._stemmer = Stemmer.Stemmer("english", 0)
        self._lock = Lock()  # a stemmer works in one buffer

    def __missing__(self, word: str) -> tuple[str, ...]:
        if _UNSEPARATED.match(word):
            return tuple(_pairs(word))
        with self._lock:
            if len(self) >= self._MOST:
                self.clear()
            found = (self._stemmer.stemWord(_bare(word))[:_LONGEST],)
            if len(word) <= _LONGEST:
                self[word] = found
        return found


def _pairs(run: str) -> Iterator[str]:
    """Every two neighbouring characters: words of a script that does not mark where they end."""
    yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))


def _bare(word: str) -> str:
    """``word`` without what grammar and typography add: it's, l'amour, O'Neill, 1,500, U.S."""
    if word[0].isdigit():
        return word.translate(_DROPPED)
    whole = _CONTRACTED.sub("", _ELIDED.sub("", word))
    return whole.translate(_DROPPED).replace(".", "")


_TERMS = _Terms()


def terms(text: str) -> list[str]:
    """The terms of ``text`` in reading order, as they are compared and indexed.

    Folded (case, accents, kinds of dash and apostrophe) and stemmed as English; other languages
    keep their words, and pairs of characters where words are not separated. ``1,500`` and ``2.5``
    are one term each, ``U.S.`` is ``us``, ``Barry's`` is ``barri``, ``well-known`` is two terms.
    Function words stay, for they belong to the length of a text; see ``content_terms``.

    Stemming is Snowball's English ("Porter2") stemmer, https://snowballstem.org.
    """
    return [term for word in _WORD.findall(folded(text)) for term in _TERMS[word]]


# The commonest of each kind only: rarer ones (between, after, during) help to find a passage.
_FUNCTION_WORDS = """
    a an the this that these those such no not there then and or but if
    i you he she it we they your his her its our their
    who whom whose what which when where why how
    am is are was were be been being has have had do does did will
    about as at by for from in into of on to with
"""
_FUNCTION_TERMS = frozenset(terms(_FUNCTION_WORDS))


def content_terms(found: Iterable[str]) -> list[str]:
    """The distinct terms that say what a text is about, in order; all where none does.

    Leaves out the commonest function words of English. On the 999 answerable questions of
    SQuAD 2.0 dev, BM25 gains .009 MRR and .008 hits@50 by leaving them out of the question, and
    searches 200,000 passages in a twelfth of the time. They stay in the passages: without them
    there, MRR is .005 lower; a longer list costs .005 as well.
    """
    distinct = dict.fromkeys(found)
    return [term for term in distinct if term not in _FUNCTION_TERMS] or list(distinct)


def term_spans(text: str) -> list[tuple[str, Span]]:
    """The terms of ``text``, each with the characters of ``text`` that it was made from."""
    plain = fold(text)
    return [
        (term, plain.map.to_source(span))
        for word in _WORD.finditer(plain.text)
        for term, span in _placed(word.group(), word.start())
    ]


def _placed(word: str, start: int) -> Iterator[tuple[str, Span]]:
    found = _TERMS[word]
    if len(found) == 1:
        yield found[0], Span(start, start + len(word))
        return
    for at, term in enumerate(found, start):
        yield term, Span(at, at + len(term))
