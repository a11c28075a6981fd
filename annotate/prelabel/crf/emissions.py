"""How much each tag is spoken for at each word: the weights of the features of a sentence, added up.

A part of the features depends on little, such as a word and what is known of it, and comes again and again; the sum of
its weights is made once. So a sentence costs a look-up per part and word instead of some seventy strings per word.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from annotate.prelabel.crf.features import PARTS, keys
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.crf.weights import Weights
from annotate.prelabel.entity_rules.patterns import Patterns
from annotate.prelabel.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Emissions"]

_MOST = 200_000
_NOTHING = 0  # the row of what no weight speaks of


class Emissions:
    """Adds up the weights of a model's features, and remembers the sums."""

    def __init__(self, weights: Weights, most: int = _MOST) -> None:
        """Take a model's weights; `most` sums are remembered, so that text without end takes no memory without end."""
        import numpy as np

        self._weights, self._most = weights, most
        self._sums = np.zeros((1024, len(weights.tags)))
        self._used = _NOTHING + 1
        self._parts = [_Part(self._row, part) for _, part in PARTS]

    def of(self, words: Words, patterns: Patterns, learnt: Learnt) -> "NDArray[np.float64]":
        """The sums for a sentence: as many rows as words, a column per tag."""
        import numpy as np

        if self._used > self._most:
            self._forget()
        asked = keys(words, patterns, learnt)
        rows = [list(map(part.__getitem__, some)) for part, some in zip(self._parts, asked, strict=True)]
        sums: NDArray[np.float64] = self._sums[np.array(rows)].sum(0)
        return sums

    def _row(self, strings: Iterable[str]) -> int:
        known = self._weights.features
        found = [known[string] for string in strings if string in known]
        if not found:
            return _NOTHING
        row = self._used
        if row == len(self._sums):
            self._sums.resize((2 * row, self._sums.shape[1]), refcheck=False)
        self._sums[row] = self._weights.rows[found].sum(0)
        self._used += 1
        return row

    def _forget(self) -> None:
        for part in self._parts:
            part.clear()
        self._used = _NOTHING + 1


class _Part(dict[tuple[Any, ...], int]):
    """The row of each key that was asked for."""

    def __init__(self, row: Callable[[Iterable[str]], int], strings: Callable[..., Iterable[str]]) -> None:
        super().__init__()
        self._row, self._strings = row, strings

    def __missing__(self, key: tuple[Any, ...]) -> int:
        row = self[key] = self._row(self._strings(*key))
        return row
