"""How much each tag is spoken for at each word: the weights of the features of a sentence, added up.

A part of the features depends on little, such as a word and what is known of it, and comes again and again; the sum of
its weights is made once. Pairs of words are mostly new and mostly without a weight, so of them nothing is remembered:
each is one look-up among the pairs that have a weight. So a sentence costs a look-up per part and word instead of some
seventy strings per word.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, repeat
from typing import TYPE_CHECKING, Any

from annotate.prelabel.crf.features import JOINT, PARTS, Joined, keys
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.crf.weights import Weights
from annotate.prelabel.entity_rules.patterns import Patterns
from annotate.prelabel.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Emissions"]

_MOST = 200_000  # sums
_NOTHING = 0  # the row of what no weight speaks of


class Emissions:
    """Adds up the weights of a model's features, and remembers the sums."""

    def __init__(self, weights: Weights, most: int = _MOST) -> None:
        """Take a model's weights; `most` sums are remembered, so that text without end takes no memory without end."""
        import numpy as np

        # Rows are nothing, then what the model has, then the sums.
        self._features = {name: row for row, name in enumerate(weights.features, 1)}
        self._most = most
        self._sums = np.vstack([np.zeros((1, len(weights.tags))), weights.rows])
        self._used = self._own = len(self._sums)
        self._due: list[list[int]] = []  # what the last rows are the sums of, while they are not yet added up
        self._parts: list[_Sums | _Pairs] = [
            _Pairs(self._features, part.prefix) if isinstance(part, Joined) else _Sums(self._row, part)
            for _, part in PARTS
        ]

    def of(self, words: Words, patterns: Patterns, learnt: Learnt) -> "NDArray[np.float64]":
        """The sums for a sentence: as many rows as words, a column per tag."""
        import numpy as np

        if self._used - self._own > self._most:
            self._forget()
        asked = keys(words, patterns, learnt)
        rows = [part.rows(some) for part, some in zip(self._parts, asked, strict=True)]
        if self._due:
            self._add_up()
        sums: NDArray[np.float64] = self._sums[np.array(rows)].sum(0)
        return sums

    def _row(self, strings: Iterable[str]) -> int:
        found = list(filter(None, map(self._features.get, strings)))
        if len(found) <= 1:
            return found[0] if found else _NOTHING
        self._due.append(found)
        self._used += 1
        return self._used - 1

    def _add_up(self) -> None:
        """Fill the rows that were given out since the last time; all at once, as numpy is slow to begin."""
        import numpy as np

        if self._used > len(self._sums):
            self._sums.resize((2 * self._used, self._sums.shape[1]), refcheck=False)
        starts = list(accumulate(map(len, self._due[:-1]), initial=0))
        summands = self._sums[list(chain.from_iterable(self._due))]
        self._sums[self._used - len(self._due) : self._used] = np.add.reduceat(summands, starts)
        self._due.clear()

    def _forget(self) -> None:
        for part in self._parts:
            if isinstance(part, _Sums):
                part.clear()
        self._used = self._own


class _Sums(dict[tuple[Any, ...], int]):
    """The row of each key that was asked for."""

    def __init__(self, row: Callable[[Iterable[str]], int], strings: Callable[..., Iterable[str]]) -> None:
        super().__init__()
        self._row, self._strings = row, strings

    def rows(self, keys: Sequence[tuple[Any, ...]]) -> list[int]:
        """The row of each of these."""
        return list(map(self.__getitem__, keys))

    def __missing__(self, key: tuple[Any, ...]) -> int:
        row = self[key] = self._row(self._strings(*key))
        return row


class _Pairs:
    """The row of each pair of words that has a weight."""

    def __init__(self, features: Mapping[str, int], prefix: str) -> None:
        self._rows = {
            key: row
            for name, row in features.items()
            if name.startswith(prefix)
            for key in _read_as(name.removeprefix(prefix))
        }

    def rows(self, keys: Sequence[tuple[str, ...]]) -> list[int]:
        """The row of each of these."""
        return list(map(self._rows.get, keys, repeat(_NOTHING)))


def _read_as(joined: str) -> Iterator[tuple[str, ...]]:
    """All keys of up to two words that are joined to this; a joint may also be part of a word."""
    yield (joined,)
    at = joined.find(JOINT)
    while at >= 0:
        yield joined[:at], joined[at + len(JOINT) :]
        at = joined.find(JOINT, at + 1)
