"""The passages of an article as the engine keeps them, but for their vectors: made once.

Cutting sentences and taking words apart costs several times what writing them down does. So what
comes of it is kept by the article's content and by the code that made it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.revision import code_revision
from index.tokens import mark, traits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from corpus.article import Article
    from corpus.passages import Passage
    from index.engine import IndexedPassage
    from index.prepare import Prepared

PASSAGE = np.dtype(
    [
        ("article", "<u4"),
        ("start", "<u4"),
        ("end", "<u4"),
        ("first_sentence", "<u4"),
        ("sentences", "<u4"),
        ("first_context", "<u8"),
        ("contexts", "<u4"),
    ]
)
SENTENCE = np.dtype(
    [
        ("start", "<u4"),
        ("end", "<u4"),
        ("paragraph", "<u4"),
        ("traits", "<u4"),
        ("first_token", "<u8"),
        ("tokens", "<u4"),
    ]
)
TOKEN = np.dtype("<u4")
_FORMS = {"passages": PASSAGE, "sentences": SENTENCE, "tokens": TOKEN, "contexts": TOKEN}


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """Some passages of one article in columns; all places count from the beginning of each.

    Attributes:
        passages: of form ``PASSAGE``, the number of the article left 0.
        sentences: of form ``SENTENCE``.
        tokens: marked terms of the sentences.
        contexts: marked terms of the title and headings above each passage.
        texts: the words of each passage and its context, for the lexical leg; empty where
            ``words`` has them.
        words: the same taken apart, see ``index.terms.terms``, with spaces between.
        keys: of the vectors of each passage, see ``index.vector_cache.key_of``.
    """

    passages: NDArray[Any]
    sentences: NDArray[Any]
    tokens: NDArray[np.uint32]
    contexts: NDArray[np.uint32]
    texts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    keys: tuple[bytes, ...] = ()

    def to_bytes(self) -> bytes:
        """All of it as it is kept; ``texts`` are not."""
        counts = {name: len(getattr(self, name)) for name in _FORMS}
        about = {"counts": counts, "words": self.words, "keys": [key.hex() for key in self.keys]}
        columns = (getattr(self, name).tobytes() for name in _FORMS)
        return b"\n".join((json.dumps(about).encode(), b"".join(columns)))

    @classmethod
    def from_bytes(cls, kept: bytes) -> Packed:
        """What ``to_bytes`` gave."""
        head, _, body = kept.partition(b"\n")
        about = json.loads(head)
        columns: dict[str, Any] = {}
        at = 0
        for name, form in _FORMS.items():
            count = about["counts"][name]
            columns[name] = np.frombuffer(body, form, count, at)
            at += count * form.itemsize
        keys = tuple(map(bytes.fromhex, about["keys"]))
        return cls(**columns, words=tuple(about["words"]), keys=keys)


def key_of_article(article: Article) -> bytes:
    """Names all that decides what ``pack`` makes of the passages of ``article``."""
    blocks = [(block.span.start, block.span.end, block.level) for block in article.blocks]
    facts = (code_revision("corpus", "index"), article.title, article.content_hash, blocks)
    return hashlib.sha256(json.dumps(facts).encode()).digest()


def pack(prepared: Iterable[Prepared], words: Sequence[str] = ()) -> Packed:
    """Passages in columns, from those of one article; ``words`` are theirs taken apart."""
    columns = _Columns()
    found = list(prepared)
    for one in found:
        sentences = [sentence.span.of(one.article.text) for sentence in one.passage.sentences]
        columns.add(
            one.passage,
            mark(one.context),
            [mark(sentence) for sentence in sentences],
            [int(traits(sentence)) for sentence in sentences],
        )
    return columns.packed(words=tuple(words), keys=tuple(one.key for one in found))


def pack_indexed(passages: Iterable[IndexedPassage]) -> Packed:
    """Passages in columns, from those that have all they need already."""
    columns = _Columns()
    found = list(passages)
    for one in found:
        columns.add(one.passage, one.context, one.tokens, one.traits)
    return columns.packed(texts=tuple(one.text for one in found))


class _Columns:
    """Columns that grow passage by passage."""

    def __init__(self) -> None:
        self._passages: list[tuple[int, ...]] = []
        self._sentences: list[tuple[int, ...]] = []
        self._tokens: list[NDArray[np.uint32]] = []
        self._contexts: list[NDArray[np.uint32]] = []
        self._token_count = self._context_count = 0

    def add(
        self,
        passage: Passage,
        context: NDArray[np.uint32],
        tokens: Sequence[NDArray[np.uint32]],
        traits_: Sequence[int],
    ) -> None:
        places = (len(self._sentences), len(passage.sentences), self._context_count, len(context))
        self._passages.append((0, passage.span.start, passage.span.end, *places))
        self._contexts.append(context)
        self._context_count += len(context)
        for sentence, found, own in zip(passage.sentences, traits_, tokens, strict=True):
            where = (sentence.span.start, sentence.span.end, sentence.paragraph)
            self._sentences.append((*where, found, self._token_count, len(own)))
            self._tokens.append(own)
            self._token_count += len(own)

    def packed(self, **more: Any) -> Packed:
        return Packed(
            np.array(self._passages, PASSAGE),
            np.array(self._sentences, SENTENCE),
            _joined(self._tokens),
            _joined(self._contexts),
            **more,
        )


def _joined(parts: list[NDArray[np.uint32]]) -> NDArray[np.uint32]:
    return np.concatenate([np.empty(0, TOKEN), *parts]).astype(TOKEN, copy=False)
