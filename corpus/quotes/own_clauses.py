"""Which clause, if any, reports a quotation: the one beside it, before or after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
from corpus.quotes.after import any_clause_after, clause_after
from corpus.quotes.before import clause_before
from corpus.quotes.speech import is_title_case, word_count

if TYPE_CHECKING:
    from corpus.quotes.clauses import Clause
    from corpus.quotes.tokens import Narration
    from corpus.quotes.turns import Turn


_LEAST_UNMARKED = 3  # words of a quotation that no mark parts from its reporting clause


class ClauseFinder:
    """Finds the clauses that report the quotations of one article."""

    def __init__(self, narration: Narration) -> None:
        self._narration = narration
        self._tokens = narration.tokens
        self._text = narration.text

    def of(self, turn: Turn) -> Clause | None:
        """The clause that reports ``turn``: the one after it, else the one before."""
        after = self._after(turn)
        own_sentence = not self._narration.starts_sentence(turn.index + 1)
        if after is not None and after.asserted and own_sentence:
            return after
        first, _ = self.sentence(turn.index)
        before = clause_before(self._tokens, first, turn.index)
        if after is not None and own_sentence:
            # “Who is there?”, nobody answered: unless somebody asked it before.
            return before if before is not None and before.manner == "direct" else after
        if after is not None:
            # The quotation ended its sentence: words before it bind closer than the next one.
            said = before is not None and before.subject is not None and before.cue[0] >= first
            direct = before is not None and before.manner == "direct" and before.cue[0] >= first
            return before if direct or (said and turn.index > first) else after
        if before is None and first == turn.index:
            before = self._from_paragraph_before(turn)
        return before

    def sentence(self, index: int) -> tuple[int, int]:
        """The tokens ``[first, last)`` of the sentence in which token ``index`` stands."""
        return self._narration.sentence(self._narration.sentence_of(index))

    def _after(self, turn: Turn) -> Clause | None:
        start = turn.index + 1
        if start >= len(self._tokens) or self.paragraph_end(turn) <= self._tokens[start].start:
            return None
        _, end = self.sentence(start)
        quote = next((i for i in range(start, end) if self._tokens[i].is_quote), end)
        clause = clause_after(self._tokens, start, quote)
        if clause is None and self._waits_for_clause(turn):
            clause = any_clause_after(self._tokens, start, quote)
        if clause is None or not self._is_set_off(turn):
            return None
        new_sentence = self._narration.starts_sentence(start)
        if new_sentence and not self._is_tag(turn, clause, end):
            return None
        return clause

    def _waits_for_clause(self, turn: Turn) -> bool:
        """Whether the quotation is a sentence that a comma ends: someone is to be named."""
        words = turn.item.span.of(self._text)
        return words.endswith(",") and word_count(words) > 1 and not is_title_case(words)

    def _is_set_off(self, turn: Turn) -> bool:
        """Whether a mark parts the quotation from the words after it, or it could do without.

        “Cats” star Judi Moon said: the first words are a part of what follows them.
        """
        words = turn.item.span.of(self._text).rstrip("\"'”’»*_)")
        following = self._tokens[turn.index + 1].text
        if words[-1:] in ",.?!…—–-" or following in ",—–-)(;" or following == "--":
            return True
        first, _ = self.sentence(turn.index)
        return first == turn.index and word_count(words) >= _LEAST_UNMARKED

    def _is_tag(self, turn: Turn, clause: Clause, end: int) -> bool:
        """Whether the sentence after a quotation that ended its own only says who spoke."""
        if self._tokens[turn.index + 1].low in lexicon.CONJUNCTIONS or self._leads_on(turn, end):
            return False
        last = clause.cue[1]
        if clause.subject is not None:
            last = max(last, clause.subject.last)
        following = self._tokens[last] if last < end else None
        if (
            following is not None
            and (
                following.low in lexicon.SUBJECT_PRONOUNS | lexicon.DETERMINERS | {"that", "there"}
            )
            and self._tokens[clause.cue[0]].low not in lexicon.ADDRESSING
        ):
            return False
        words = turn.item.span.of(self._text).rstrip("\"'”’»*_")
        asks_next = clause.subject is not None and clause.subject.head in ("i", "we")
        if asks_next and words[-1:] == ".":
            return False  # the interviewer goes on: I ask her about the film.
        return (
            words[-1:] in "?!…"
            or end - last <= 5
            or (following is not None and following.text in ".,")
        )

    def _leads_on(self, turn: Turn, end: int) -> bool:
        """Whether the sentence leads up to the next quotation, as in “Yes.” Roe replied: “No.”."""
        words = turn.item.span.of(self._text).rstrip("\"'”’»*_")
        following = next((i for i in range(turn.index + 1, end) if self._tokens[i].is_quote), None)
        if following is None:
            return False
        joint = self._tokens[following - 1].text
        return joint == ":" or (joint == "," and words[-1:] == ".")

    def paragraph_end(self, turn: Turn) -> int:
        """Where the paragraph ends in which ``turn`` does."""
        spans = self._narration.paragraphs
        number = turn.paragraph
        while number + 1 < len(spans) and spans[number].end < turn.item.outer.end:
            number += 1
        return spans[number].end

    def _from_paragraph_before(self, turn: Turn) -> Clause | None:
        """The clause that ends the paragraph before with a colon or comma: "She stated,"."""
        paragraph = self._narration.paragraphs[turn.paragraph]
        opens = turn.item.outer.start - paragraph.start <= 2
        if not opens or turn.index == 0 or self._tokens[turn.index - 1].text not in ":,":
            return None
        first, _ = self.sentence(turn.index - 1)
        return clause_before(self._tokens, first, turn.index)
