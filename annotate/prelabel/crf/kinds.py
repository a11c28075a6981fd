"""Which of the training data a text is most like: kinds of text follow conventions of their own in what is a name."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Any

__all__ = ["NO_KIND", "OF_KIND", "Kinds", "for_kind", "kind_of"]

NO_KIND = -1
OF_KIND = "@"  # starts the copy of a feature that is for texts of one kind, and no other feature

_LEAST = 2  # sentences that a word must stand in
_SMOOTHED = 0.1  # sentences that each word is taken to stand in besides
_MOST = 60  # that one word says for or against a kind, in tenths of a natural logarithm


def for_kind(kind: int, feature: str) -> str:
    """The feature's copy for texts of one kind."""
    return f"{OF_KIND}{kind} {feature}"


def kind_of(copy: str) -> tuple[int, str]:
    """The kind and the feature that `for_kind` made a copy of."""
    kind, _, feature = copy.removeprefix(OF_KIND).partition(" ")
    return int(kind), feature


class Kinds:
    """Tells kinds of text apart by their words as they stand between spaces, so spelling and spacing count too."""

    def __init__(self, names: Sequence[str], words: Mapping[str, Sequence[int]]) -> None:
        """Take what was counted.

        Args:
            names: what the kinds are called, by number.
            words: how much each word speaks for each kind, in tenths of a natural logarithm.
        """
        self.names = tuple(names)
        self._words = words

    @classmethod
    def of(cls, sentences: Iterable[tuple[str, int]], names: Sequence[str]) -> "Kinds":
        """Count in which kinds of text the words stand, as naive Bayes does.

        Args:
            sentences: text and number of the kind of each.
            names: what the kinds are called, by number; of fewer than two nothing is told apart.
        """
        seen: list[Counter[str]] = [Counter() for _ in names]
        for text, kind in sentences:
            seen[kind].update(set(text.split()))
        together = sum(seen, Counter[str]())
        words = sorted(word for word, count in together.items() if count >= _LEAST) if len(names) > 1 else []
        totals = [sum(counts[word] for word in words) + _SMOOTHED * len(words) for counts in seen]
        said: dict[str, list[int]] = {}
        for word in words:
            logs = [log((counts[word] + _SMOOTHED) / total) for counts, total in zip(seen, totals, strict=True)]
            mean = sum(logs) / len(logs)
            said[word] = [min(max(round(10 * (each - mean)), -_MOST), _MOST) for each in logs]
        return cls(names, said)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Kinds":
        """Make it of what `to_dict` gave."""
        return cls(data["names"], data["words"])

    def to_dict(self) -> dict[str, Any]:
        """Everything, ready to be written as JSON."""
        return {"names": self.names, "words": self._words}

    def kind(self, texts: Iterable[str]) -> int:
        """The number of the kind that an article's sentences are most like, `NO_KIND` with fewer than two kinds."""
        if len(self.names) < 2:
            return NO_KIND
        said = [found for text in texts for word in set(text.split()) if (found := self._words.get(word))]
        sums = list(map(sum, zip(*said, strict=True))) or [0] * len(self.names)
        return sums.index(max(sums))
