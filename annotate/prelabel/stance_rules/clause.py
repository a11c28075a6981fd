"""A sentence with its entities as the argument rules read it: who stands at which word, and where clauses end."""

from bisect import bisect_left
from collections.abc import Sequence

from annotate.prelabel.words import BREAK, Words
from annotate.records import Entity

__all__ = ["Reading"]

# A finite verb before "और" or a comma ends a clause; these close most verb groups of news Hindi.
_FINITE = frozenset(
    "है हैं था थे थी थीं गा गी गे दिया दी दिए किया की किए लिया ली लिए गया गई गए हुआ हुई हुए कहा बताया करेंगे करेगा करेगी "
    "रहे रही रहा करता करते करती चाहिए पड़ा पूछा".replace("ड़", "ड").split()
)
_OPENERS = frozenset("कि लेकिन जबकि मगर बल्कि क्योंकि ताकि परंतु किंतु हालांकि इधर उधर वहीं".split())
_AND = frozenset("और एवं व तथा".split())
_STRONG_MARKS = frozenset("।|?!;:‘’“”\"'–—…")


class Reading:
    """Words of a sentence, the entity at each of them, and the borders between clauses."""

    def __init__(self, words: Words, entities: Sequence[Entity]) -> None:
        self.words = words
        self.entities = entities
        self.fold = words.fold
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
        """The words of the clause that word `at` is in, from the first to before the last."""
        start = max((border for border in self._borders if border <= at), default=0)
        end = min((border for border in self._borders if border > at), default=len(self.fold))
        return start, end

    def mark_before(self, at: int) -> str:
        """The punctuation between word `at` and the one before it, without white space."""
        start = self.words.end[at - 1] if at else 0
        return self.words.text[start : self.words.start[at]].strip()

    def listed_before(self, at: int) -> bool:
        """Tell whether a comma or "और" joins word `at` to the one before."""
        return at > 0 and (self.mark_before(at) == "," or (self.words.gap[at] != BREAK and self.fold[at - 1] in _AND))

    def _border(self, at: int) -> bool:
        before = self.fold[at - 1]
        if self.words.gap[at] == BREAK:
            mark = self.mark_before(at)
            if mark and not _STRONG_MARKS.isdisjoint(mark):
                return not self._only_quotes(mark)
            return self.fold[at] in _OPENERS or self.fold[at] in _FINITE or before in _FINITE
        if before == "कि" or (self.fold[at] in _OPENERS and self.fold[at] != "कि"):
            return True
        return self.fold[at] in _AND and before in _FINITE

    @staticmethod
    def _only_quotes(mark: str) -> bool:
        """A word in quotes is no clause of its own; quoted speech comes with a comma, a colon or a full stop."""
        return not set(mark) - set("‘’“”\"'")
