"""A sentence with its entities as the argument rules read it: who stands at which word, and where clauses end."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from annotate.prelabel.lexicon import lexicon
from annotate.prelabel.stance_rules.cues import Grammar
from annotate.prelabel.words import BREAK, Words
from annotate.records import Entity

__all__ = ["LONGEST_CLAUSE", "Reading", "quoted"]

# Words looked at on either side, so that a text without any border stays linear; news sentences stay below it.
LONGEST_CLAUSE = 80

_OPENING, _CLOSING = "“‘«", "”’»"
_LONGEST_QUOTATION = 6  # sentences; a newspaper's quotations are shorter, and a closing mark may be missing

_LEAST_SAID = 4  # words; a name in quotes is no speech
_LONGEST_TELLER = 4  # words of who says it, behind what is said: …, नेगी ने कहा
_SAID_REACH = 8  # words between "कहा" and "कि"

_DASHES = ("-", "–", "—")
_STRONG_MARKS = frozenset("।|?!;:…‘’“”\"'")


class Reading:
    """Words of a sentence, the entity at each of them, and the borders between clauses."""

    def __init__(self, words: Words, entities: Sequence[Entity], grammar: Grammar, *, quoted: bool = False) -> None:
        """Read a sentence.

        Args:
            words: its words.
            entities: its entities, in code points of its text.
            grammar: the function words.
            quoted: whether a quotation that an earlier sentence opened goes on in it.
        """
        self.grammar = grammar
        self.quoted = quoted
        self.words = words
        self.entities = entities
        self.fold = words.fold
        self.traits = lexicon().traits(words.fold)
        self.entity_at: list[int] = [-1] * len(words.fold)
        self.first: list[int] = []
        self.last: list[int] = []
        for number, entity in enumerate(entities):
            first = bisect_left(words.end, entity.start + 1)
            last = bisect_left(words.start, entity.end)
            self.first.append(first)
            self.last.append(last)
            self.entity_at[first:last] = [number] * (last - first)
        self._borders = [at for at in range(1, len(words.fold)) if self._border(at)]

    def clause(self, at: int) -> tuple[int, int]:
        """The words of the clause that word `at` is in: the first, and the one after the last."""
        after = bisect_right(self._borders, at)
        start = self._borders[after - 1] if after else 0
        end = self._borders[after] if after < len(self._borders) else len(self.fold)
        return max(start, at - LONGEST_CLAUSE), min(end, at + LONGEST_CLAUSE)

    def mark_before(self, at: int) -> str:
        """The punctuation between word `at` and the one before it, without white space."""
        start = self.words.end[at - 1] if at else 0
        return self.words.text[start : self.words.start[at]].strip()

    def is_comma(self, at: int) -> bool:
        """Tell whether just a comma stands between word `at` and the one before it."""
        return at > 0 and self.mark_before(at) == ","

    def close(self, at: int) -> bool:
        """Tell whether word `at` follows the one before it without punctuation."""
        return at > 0 and self.words.gap[at] != BREAK

    def reported(self, start: int, end: int) -> bool:
        """Tell whether somebody says the clause: it follows "कि" or a verb of speech with a dash, or stands in quotes.

        In a headline it stands on either side of a colon (आरोप, …; …: X); in a report X ने कहा may follow it.
        """
        if self.quoted:
            return True
        if start and self.fold[start - 1] in self.grammar.that:
            said = self.fold[max(0, start - _SAID_REACH) : start]
            return any(word in self.grammar.reporting or word in self.grammar.agent for word in said)
        if start and self.fold[start] in self.grammar.conjunction and self.reported(*self.clause(start - 1)):
            return True
        if any(word in self.grammar.according for word in self.fold[start : min(end, start + _SAID_REACH)]):
            return True
        return end - start >= _LEAST_SAID and self._spoken(start, end)

    def _spoken(self, start: int, end: int) -> bool:
        """Tell whether the marks around a clause, or who speaks before or behind it, make it speech."""
        before = self.words.text[: self.words.start[start]].rstrip()
        after = self.words.text[self.words.end[end - 1] :].lstrip("।!?, ")
        if before.endswith(("“", "‘", '"', "'", ":")) or after.startswith(("”", "’", '"')) or self._dashed(start):
            return True
        if start and self.fold[start - 1] in self.grammar.sayings and self.is_comma(start):
            return True
        told = self.fold[end : end + _LONGEST_TELLER + 1]
        short = 0 < len(told) <= _LONGEST_TELLER
        return short and (after.startswith(":") or any(word in self.grammar.reporting for word in told[1:]))

    def _dashed(self, at: int) -> bool:
        """Tell whether a dash between a verb of speech and word `at` begins what is said: कहा- …"""
        return at > 0 and self.fold[at - 1] in self.grammar.speech and self.mark_before(at) in _DASHES

    def entity_ending_at(self, at: int) -> int | None:
        """The entity that word `at` belongs to, if any."""
        return self.entity_at[at] if at >= 0 and self.entity_at[at] >= 0 else None

    def _border(self, at: int) -> bool:
        grammar, before, word = self.grammar, self.fold[at - 1], self.fold[at]
        if self.words.gap[at] == BREAK:
            mark = self.mark_before(at)
            # A word in quotes is no clause; quoted speech comes with a comma, a colon or a full stop.
            if not _STRONG_MARKS.isdisjoint(mark) or self._dashed(at):
                return True
            if before in grammar.sayings and self.is_comma(at):
                return True  # X का आरोप, …
            return word in grammar.openers or before in grammar.finite
        if before in grammar.that or (word in grammar.openers and word not in grammar.that):
            return before not in grammar.agent  # X ने हालांकि Y को …
        return word in grammar.conjunction and before in grammar.finite


def quoted(texts: Iterable[str]) -> Iterator[bool]:
    """Yield for each sentence of an article, in reading order, whether a quotation goes on that an earlier one opened.

    A quotation that no mark closes ends after a few sentences.
    """
    going_on = 0
    for text in texts:
        yield going_on > 0
        opened = max(text.rfind(mark) for mark in _OPENING)
        closed = max(text.rfind(mark) for mark in _CLOSING)
        left = 0 if closed >= 0 else max(0, going_on - 1)
        going_on = _LONGEST_QUOTATION if opened > closed else left
