"""Who said each quotation: sieves from the surest pattern to the weakest, first hit wins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import corpus.quotes.lexicon as lexicon
from corpus.quotes.after import clause_after
from corpus.quotes.before import clause_before
from corpus.quotes.clauses import main_subject
from corpus.quotes.given_names import is_given_name
from corpus.quotes.mentions import Mention
from corpus.quotes.names import person_part, runs
from corpus.quotes.own_clauses import ClauseFinder
from corpus.quotes.resolve import Resolution, Resolver
from corpus.quotes.roles import looks_like_verb
from corpus.quotes.speech import ends_sentence, is_heading, is_speech, is_title_case, word_count
from corpus.quotes.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotes.marks import Quoted
    from corpus.quotes.tokens import Narration, Token

_DASHES = frozenset("—–-") | {"--"}
_SIGNATURE_TOKENS = 10
_WEAK_SUBJECT = 0.85  # certainty of the subject of a sentence that reports nothing


class Attributor:
    """Finds the speakers of an article's quotations, in reading order."""

    def __init__(
        self,
        narration: Narration,
        resolver: Resolver,
        stretches: Sequence[tuple[Quoted, ...]],
    ) -> None:
        self._narration = narration
        self._tokens = narration.tokens
        self._text = narration.text
        self._resolver = resolver
        self._clauses = ClauseFinder(narration)
        self._headings = {
            number for number, items in enumerate(stretches) if self._is_heading(number, items)
        }
        self.turns = [
            Turn(item, number, narration.index_at(item.outer.start))
            for number, items in enumerate(stretches)
            for item in items
        ]

    def _is_heading(self, number: int, items: tuple[Quoted, ...]) -> bool:
        spans = self._narration.paragraphs
        opens = number == 0 and len(spans) > 1
        return is_heading(self._text, spans[number], items, opens=opens)

    def run(self) -> list[Turn]:
        """The turns that are speech, each with its speaker where that is clear."""
        for turn in self.turns:
            turn.clause = self._clauses.of(turn)
        done: list[Turn] = []
        for turn in self.turns:
            turn.speech = turn.paragraph not in self._headings and self._is_speech(turn, done)
            if turn.speech:
                self._attribute(turn, done)
                self._resolver.spoke(turn.speaker, turn.index)
                done.append(turn)
        self._look_ahead(done)
        return done

    def _is_speech(self, turn: Turn, done: Sequence[Turn]) -> bool:
        if is_speech(self._text, turn.item, turn.index, turn.clause, self._narration):
            return True
        if turn.clause is not None and turn.clause.subject is not None:
            return False
        if self._line(turn) is not None:
            return True
        return bool(done) and self._is_second_half(done[-1], turn)

    def _is_second_half(self, before: Turn, turn: Turn) -> bool:
        """Whether only the clause that reports ``before`` stands between the two."""
        if before.paragraph != turn.paragraph or before.clause is None:
            return False
        first = before.clause.cue[0]
        gap = self._tokens[before.index + 1 : turn.index]
        words = turn.item.span.of(self._text)
        if is_title_case(words) and not ends_sentence(words):
            return False
        return (
            before.index < first < turn.index
            and len(gap) < 40
            and (
                gap[-1].text in ",—–:"
                or gap[-1].is_quote
                or self._narration.sentence_of(before.index)
                == self._narration.sentence_of(turn.index)
            )
            and word_count(words) > 2
        )

    # Sieves

    def _attribute(self, turn: Turn, done: Sequence[Turn]) -> None:
        previous = done[-1] if done else None
        if previous is not None and self._goes_on(previous, turn):
            return
        if turn.clause is not None and turn.clause.subject is not None:
            partial = turn.clause.rule == "before" and turn.clause.manner == "loose"
            rule = "partial" if partial else turn.clause.rule
            self._take(turn, rule, turn.clause.subject, turn.clause.cue)
            return
        if turn.clause is not None and turn.clause.rule == "passive":
            turn.speaker = Resolution(None, candidates=self._resolver.candidates_at(turn.index))
            turn.cue = turn.clause.cue
            return
        for sieve in (self._from_line, self._in_paragraph, self._sentence_before):
            if sieve(turn, previous):
                return
        following = self._sentence_after(turn)
        if self._from_other_paragraph(turn, done):
            if following is None or following.speaker.name == turn.speaker.name:
                return
            names = (turn.speaker.name, following.speaker.name)
            turn.rule, turn.mention, turn.cue, turn.before = "open", None, None, None
            turn.speaker = Resolution(None, candidates=tuple(name for name in names if name))
            return
        if following is not None:
            self._inherit(turn, following, "sentence-after")
            return
        turn.speaker = Resolution(None, candidates=self._resolver.candidates_at(turn.index))

    def _take(self, turn: Turn, rule: str, subject: Mention, cue: tuple[int, int] | None) -> None:
        turn.rule, turn.mention, turn.cue = rule, subject, cue
        turn.speaker = self._resolver.resolve(subject)

    def _inherit(self, turn: Turn, source: Turn, rule: str, *, part: bool = False) -> bool:
        turn.rule, turn.mention, turn.cue = rule, source.mention, source.cue
        turn.speaker = source.speaker
        turn.before = source if part else None
        return True

    def _goes_on(self, previous: Turn, turn: Turn) -> bool:
        """Continued paragraphs, and the second half after a clause in between."""
        if previous.item.continues and turn.paragraph > previous.paragraph:
            if turn.clause is None or turn.clause.cue[0] < turn.index:
                return self._inherit(turn, previous, "continued", part=True)
            self._take_back(previous, turn)
            turn.before = previous
            return False
        if previous.paragraph != turn.paragraph or previous.clause is None:
            return False
        if previous.clause.rule == "passive":
            return False  # who was asked answers
        cue = previous.clause.cue
        if not previous.index < cue[0] < turn.index:
            return False
        own = turn.clause
        if own is not None and own.cue != cue and own.subject is not None:
            return False
        if self._sentences_between(cue[0], turn.index) <= 1:
            return self._inherit(turn, previous, "split", part=True)
        return False

    def _take_back(self, previous: Turn, turn: Turn) -> None:
        """Give a paragraph that goes on here the speaker who is named only now."""
        clause = turn.clause
        if previous.rule == "open" and clause is not None and clause.subject is not None:
            self._take(previous, "continued", clause.subject, clause.cue)
            turn.before = previous

    def _sentences_between(self, first: int, last: int) -> int:
        return self._narration.sentence_of(last) - self._narration.sentence_of(first)

    def _from_line(self, turn: Turn, _previous: Turn | None) -> bool:
        mention = self._line(turn)
        if mention is None:
            return False
        self._take(turn, "line", mention, None)
        return True

    def _line(self, turn: Turn) -> Mention | None:
        """The name after a dash that follows the quotation, on its line or the next."""
        at = turn.index + 1
        if at + 1 >= len(self._tokens):
            return None
        if self._tokens[at].text not in _DASHES:
            return self._signature(turn, at)
        found = next(runs(self._tokens, at + 1, min(at + 12, len(self._tokens))), None)
        if found is None or any(
            token.low not in lexicon.ROLES | lexicon.TITLES | lexicon.ARTICLES
            for token in self._tokens[at + 1 : found[0]]
        ):
            return None
        part = person_part(self._tokens, *found)
        words = turn.item.span.of(self._text)
        person = part is not None and (
            is_given_name(self._tokens[part[0]].text)
            or (part[1] < len(self._tokens) - 1 and self._tokens[part[1] + 1].text.isdigit())
        )
        if part is None or not (ends_sentence(words) or person):
            return None
        return Mention(part[0], part[1], "name", part, self._tokens[part[1] - 1].low)

    def _signature(self, turn: Turn, at: int) -> Mention | None:
        """A paragraph of its own with a name, an age or role, and no verb: "Ola Berg, captain"."""
        number = turn.paragraph + 1
        spans = self._narration.paragraphs
        if number >= len(spans) or self._tokens[at].start != spans[number].start:
            return None
        if not self._opens_paragraph(turn):
            return None
        line = self._tokens[at : self._narration.index_at(spans[number].end)]
        named = next(runs(line, 0, len(line)), None)
        if named is None or named[0] or len(line) > _SIGNATURE_TOKENS or line[-1].text in ".!?:":
            return None
        part = person_part(self._tokens, at, at + named[1])
        described = named[1] + 1 < len(line) and line[named[1]].text == ","
        if part is None or not described or any(looks_like_verb(token) for token in line):
            return None
        return Mention(part[0], part[1], "name", part, self._tokens[part[1] - 1].low)

    def _in_paragraph(self, turn: Turn, previous: Turn | None) -> bool:
        """The speaker of the quotation before in the same paragraph, if nobody else came up."""
        if previous is None or previous.paragraph != turn.paragraph or previous.rule == "open":
            return False
        if previous.index + 1 == turn.index:
            return False  # side by side, each may be of another
        start = max(previous.index, previous.cue[1] if previous.cue else 0)
        if self._others_named(start, turn.index, previous.speaker):
            return False
        return self._inherit(turn, previous, "same-paragraph")

    def _others_named(self, start: int, end: int, speaker: Resolution) -> bool:
        """Whether somebody but the speaker is the subject of something in between."""
        for index in range(start, end):
            entity = self._resolver.people.at(index)
            if (
                entity is not None
                and entity is not speaker.entity
                and any(
                    sighting.token == index and sighting.subject for sighting in entity.sightings
                )
            ):
                return True
            if self._tokens[index].low in ("he", "she") and speaker.entity is not None:
                gender = speaker.entity.gender
                if gender and gender != ("f" if self._tokens[index].low == "she" else "m"):
                    return True
        return False

    def _sentence_before(self, turn: Turn, _previous: Turn | None) -> bool:
        """The subject of the sentence before, in the same paragraph."""
        first, _ = self._clauses.sentence(turn.index)
        paragraph = self._narration.paragraphs[turn.paragraph]
        if first == 0 or self._tokens[first - 1].start < paragraph.start:
            return False
        return self._reporter_in(turn, first - 1, "sentence-before")

    def _sentence_after(self, turn: Turn) -> Turn | None:
        """Who reports something in the sentence after the quotation, in the same paragraph."""
        after = turn.index + 1
        if after >= len(self._tokens) or self._tokens[after].start >= self._clauses.paragraph_end(
            turn
        ):
            return None
        begin, end = self._clauses.sentence(after)
        end = next((i for i in range(after, end) if self._tokens[i].is_quote), end)
        clause = clause_after(self._tokens, after, end) if begin == after else None
        if clause is None or clause.subject is None or not clause.asserted:
            return None
        who = self._resolver.resolve(clause.subject)
        found = Turn(turn.item, turn.paragraph, turn.index)
        found.mention, found.cue, found.speaker = clause.subject, clause.cue, who
        return found if who.name is not None else None

    def _reporter_in(self, turn: Turn, index: int, rule: str) -> bool:
        """Take the subject of the sentence of token ``index``, best that of a verb of speech."""
        begin, end = self._clauses.sentence(index)
        clause = clause_before(self._tokens, begin, end)
        subject = clause.subject if clause is not None and clause.asserted else None
        cue = clause.cue if subject is not None and clause is not None else None
        weight = 1.0
        if subject is None:
            if rule == "paragraph-before":
                return False
            subject = main_subject(self._tokens, begin, end)
            weight = _WEAK_SUBJECT
        if subject is None:
            return False
        who = self._resolver.resolve(subject)
        if who.name is None or (weight < 1 and (who.entity is None or who.entity.person is False)):
            return False
        self._take(turn, rule, subject, cue)
        turn.speaker = replace(who, certainty=who.certainty * weight)
        return True

    def _from_other_paragraph(self, turn: Turn, done: Sequence[Turn]) -> bool:
        """A quotation that opens a paragraph: whoever spoke at the end of the one before."""
        paragraph = self._narration.paragraphs[turn.paragraph]
        if turn.item.outer.start - paragraph.start > 2 or not turn.index:
            return False
        previous = done[-1] if done else None
        if (
            previous is not None
            and previous.paragraph < turn.paragraph
            and (self._ends_paragraph(previous, turn))
        ):
            return self._next_turn(turn, previous, done)
        return self._reporter_in(turn, turn.index - 1, "paragraph-before")

    def _next_turn(self, turn: Turn, previous: Turn, done: Sequence[Turn]) -> bool:
        other = done[-2] if len(done) > 1 else None
        if other is not None and self._is_dialogue(other, previous):
            turn.rule, turn.speaker = "alternating", other.speaker
            return True
        partial = previous.clause is not None and previous.clause.manner == "loose"
        if previous.speaker.name is None or partial or not self._fills_paragraph(turn):
            return False
        return self._inherit(turn, previous, "following-paragraph")

    def _fills_paragraph(self, turn: Turn) -> bool:
        """Whether what stands after ``turn`` in its paragraph is a sentence of its own."""
        after = turn.index + 1
        end = self._clauses.paragraph_end(turn)
        if after >= len(self._tokens) or self._tokens[after].start >= end:
            return True
        begin, last = self._clauses.sentence(after)
        rest = self._tokens[max(begin, after) : last]
        return not rest or looks_like_sentence(rest)

    def _is_dialogue(self, first: Turn, second: Turn) -> bool:
        """Whether two speakers took turns, a paragraph each, with nothing told in between."""
        return (
            first.paragraph + 1 == second.paragraph
            and first.speaker.name is not None
            and second.speaker.name is not None
            and first.speaker.name != second.speaker.name
            and self._opens_paragraph(first)
            and self._opens_paragraph(second)
            and self._ends_paragraph(first, second)
        )

    def _opens_paragraph(self, turn: Turn) -> bool:
        return turn.item.outer.start - self._narration.paragraphs[turn.paragraph].start <= 2

    def _ends_paragraph(self, previous: Turn, turn: Turn) -> bool:
        """Whether only the clause that reports ``previous`` stands before the paragraph's end."""
        if turn.paragraph - previous.paragraph > 1 + bool(previous.item.continues):
            last = self._narration.paragraphs[turn.paragraph - 1].start
            if previous.item.outer.end < last:
                return False
        tail = self._tokens[previous.index + 1 : turn.index]
        if not any(token.is_word for token in tail):
            return True
        clause = previous.clause
        if clause is None or clause.cue[0] < previous.index:
            return False
        return self._sentences_between(clause.cue[0], turn.index - 1) == 0

    def _look_ahead(self, done: Sequence[Turn]) -> None:
        """Give a quotation without a speaker that of the next one in its paragraph."""
        for turn, following in zip(reversed(done[:-1]), reversed(done[1:]), strict=True):
            if turn.rule != "open" or turn.cue is not None:
                continue
            if turn.paragraph != following.paragraph or turn.index + 1 == following.index:
                continue
            if following.rule in ("open", "sentence-before"):
                continue
            if not self._others_named(turn.index, following.index, following.speaker):
                self._inherit(turn, following, "next-in-paragraph")


def looks_like_sentence(tokens: Sequence[Token]) -> bool:
    """Whether narration after a quotation is a sentence of its own, or no words at all."""
    spoken = [token for token in tokens if token.is_word]
    return not spoken or any(looks_like_verb(token) for token in spoken)


def tokens_text(tokens: Sequence[Token], text: str, part: tuple[int, int] | None) -> str:
    """The words of a token range, or "" for none."""
    if part is None or part[0] >= part[1]:
        return ""
    return text[tokens[part[0]].start : tokens[part[1] - 1].end]
