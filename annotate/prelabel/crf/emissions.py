"""How much each tag is spoken for at each word: the weights of the features of an article's sentences, added up.

What a group of features says depends on little, such as a word and what is known of it, and comes again and again; the
sum of its weights is made once. Pairs of words are mostly new and mostly without a weight, so of them nothing is
remembered: each is one look-up among the pairs that have a weight. So a sentence costs a look-up per group and word
instead of some seventy strings per word, and an article a few additions of arrays.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain, islice, repeat, takewhile
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from annotate.prelabel.crf.features import GROUPS, JOINT, REACH, Group, Joined, Part, keys
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.crf.weights import Weights, by_kind
from annotate.prelabel.entity_rules.patterns import Patterns
from annotate.prelabel.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Emissions"]

_MOST = 100_000  # sums of one kind of text
_NOTHING = 0  # the row of what no weight speaks of


class Emissions:
    """Adds up the weights of a model's features, and remembers the sums."""

    def __init__(self, weights: Weights, most: int = _MOST) -> None:
        """Take a model's weights; `most` sums are remembered, so that text without end takes no memory without end."""
        self._features, self._rows_of = by_kind(weights)
        self._most = most
        general = self._rows_of[0]
        self._shared: list[_Pairs | _Sums | None] = [
            None if group.by_kind else _table(self._features, general, group) for group in GROUPS
        ]
        self._tables: dict[int, list[_Pairs | _Sums]] = {}

    def of(
        self, read: Sequence[Words], seen: Sequence[Patterns], learnt: Learnt, kind: int
    ) -> "list[NDArray[np.float64]]":
        """The sums for the sentences of an article: of each as many rows as words, a column per tag.

        Args:
            read: the sentences.
            seen: what the rules know and see of each.
            learnt: names and words of the training data.
            kind: the kind of text that the article is taken for.
        """
        import numpy as np

        tables = self._of_kind(kind)
        rows: list[list[int]] = [[] for _ in tables]
        for words, patterns in zip(read, seen, strict=True):
            for so_far, table, asked in zip(rows, tables, keys(words, patterns, learnt), strict=True):
                so_far.extend(table.rows(asked))
        sums = np.zeros((len(rows[0]), self._rows_of[0].shape[1]))
        for group, table, those in zip(GROUPS, tables, rows, strict=True):
            said = table.sums(those)
            for at, (_, of, _) in enumerate(group.parts):
                if of > 0:
                    sums[of:] += said[:-of, at]
                elif of < 0:
                    sums[:of] += said[-of:, at]
                else:
                    sums += said[:, at]
        ends = accumulate(len(words.fold) + 2 * REACH for words in read)
        return [sums[end - REACH - len(words.fold) : end - REACH] for words, end in zip(read, ends, strict=True)]

    def _of_kind(self, kind: int) -> "list[_Pairs | _Sums]":
        tables = self._tables.get(kind)
        if tables and sum(map(len, tables)) > self._most:
            for table in tables:
                table.clear()
        if tables is None:
            rows = self._rows_of[kind + 1]
            tables = self._tables[kind] = [
                _table(self._features, rows, group) if table is None else table
                for group, table in zip(GROUPS, self._shared, strict=True)
            ]
        return tables


def _table(features: Mapping[str, int], rows: "NDArray[np.float64]", group: Group) -> "_Pairs | _Sums":
    if isinstance(group.parts[0].strings, Joined):
        return _Pairs(features, rows, group.parts)
    return _Sums(features, rows, group.parts)


class _Sums(dict[tuple[Any, ...] | None, int]):
    """The row of each key that was asked for: of each part the sum of its strings' weights."""

    def __init__(self, features: Mapping[str, int], rows: "NDArray[np.float64]", parts: Sequence[Part]) -> None:
        import numpy as np

        super().__init__({None: _NOTHING})
        self._features, self._rows, self._parts = features, rows, parts
        self._wide = np.zeros((1024, len(parts), rows.shape[1]))
        self._due: list[list[int]] = []  # what the last rows are the sums of, by part, while they are not yet added up

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self[None] = _NOTHING

    def rows(self, keys: Sequence[tuple[Any, ...] | None]) -> list[int]:
        """The row of each of these."""
        return list(map(self.__getitem__, keys))

    def __missing__(self, key: tuple[Any, ...]) -> int:
        row = self[key] = len(self)
        get = self._features.get
        for _, _, strings in self._parts:
            self._due.append([_NOTHING, *filter(None, map(get, strings(*key)))])
        return row

    def sums(self, rows: Sequence[int]) -> "NDArray[np.float64]":
        """Of each row, for each part, the sum by tag."""
        import numpy as np

        if self._due:
            if len(self) > len(self._wide):
                self._wide.resize((2 * len(self), *self._wide.shape[1:]), refcheck=False)
            # All at once, as numpy is slow to begin.
            starts = list(accumulate(map(len, self._due[:-1]), initial=0))
            summands = self._rows[list(chain.from_iterable(self._due))]
            added = np.add.reduceat(summands, starts).reshape(-1, *self._wide.shape[1:])
            self._wide[len(self) - len(added) : len(self)] = added
            self._due.clear()
        taken: NDArray[np.float64] = self._wide[rows]
        return taken


class _Pairs:
    """The row of each pair of words that has a weight."""

    def __init__(self, features: Mapping[str, int], rows: "NDArray[np.float64]", parts: Sequence[Part]) -> None:
        import numpy as np

        self._row_of: dict[tuple[str, ...] | None, int] = {}
        found: list[tuple[int, int, int]] = []
        names = sorted(features)
        for at, part in enumerate(parts):
            prefix = part.strings.prefix if isinstance(part.strings, Joined) else ""
            for name in takewhile(methodcaller("startswith", prefix), islice(names, bisect_left(names, prefix), None)):
                for key in _read_as(name.removeprefix(prefix)):
                    found.append((self._row_of.setdefault(key, len(self._row_of) + 1), at, features[name]))
        self._wide = np.zeros((len(self._row_of) + 1, len(parts), rows.shape[1]))
        if found:
            own, part_of, weights = zip(*found, strict=True)
            self._wide[list(own), list(part_of)] = rows[list(weights)]

    def __len__(self) -> int:
        return 0  # nothing is remembered

    def clear(self) -> None:
        """Forget nothing: there are no more pairs than the model has."""

    def rows(self, keys: Sequence[tuple[str, ...] | None]) -> list[int]:
        """The row of each of these."""
        return list(map(self._row_of.get, keys, repeat(_NOTHING)))

    def sums(self, rows: Sequence[int]) -> "NDArray[np.float64]":
        """Of each row, for each part, the weight by tag."""
        taken: NDArray[np.float64] = self._wide[rows]
        return taken


def _read_as(joined: str) -> Iterator[tuple[str, ...]]:
    """All keys of two words that are joined to this; a joint may also be part of a word."""
    at = joined.find(JOINT)
    while at >= 0:
        yield joined[:at], joined[at + len(JOINT) :]
        at = joined.find(JOINT, at + 1)
