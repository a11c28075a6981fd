"""What the training data says of names and of words, counted, so that the model can learn how far to trust it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.crf.tags import OUTSIDE
from annotate.prelabel.words import QUOTE, Words

__all__ = ["Counts", "Learnt"]

_OFTEN = 5
_NEW: tuple[str, ...] = ("L=new",)

Counts = dict[str, dict[str, int]]  # of a word, or of a name's words joined by spaces: how often under which label


class Learnt:
    """Names and words with how often they stand under each label.

    A model that sees the counts of the very sentences it is trained on trusts them far too much, so the training
    describes each sentence with the counts of the other folds.
    """

    def __init__(self, names: Counts, words: Counts) -> None:
        self._names, self._words = names, words
        self._said: dict[str, tuple[str, ...]] = {}
        self._said_of_names: dict[str, tuple[str, str]] = {}
        self._longest: dict[str, int] = {}
        for name in names:
            first, *rest = name.split(" ")
            self._longest[first] = max(self._longest.get(first, 0), len(rest) + 1)

    @classmethod
    def of(cls, sentences: Iterable[tuple[Words, Sequence[Candidate]]]) -> "Learnt":
        """Count the names and words of labelled sentences; a name also counts where it stands unlabelled."""
        read = list(sentences)
        names: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        words: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        for sentence, finds in read:
            labels = [OUTSIDE] * len(sentence.fold)
            for find in finds:
                names[" ".join(sentence.fold[find.first : find.last])][find.label] += 1
                labels[find.first : find.last] = [find.label] * (find.last - find.first)
            for word, label in zip(sentence.fold, labels, strict=True):
                words[word][label] += 1
        learnt = cls({name: dict(counts) for name, counts in names.items()}, {w: dict(c) for w, c in words.items()})
        learnt._count_unlabelled(read)
        return learnt

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Learnt":
        """Make it of what `to_dict` gave."""
        return cls(data["names"], data["words"])

    def to_dict(self) -> dict[str, Counts]:
        """Everything, sorted, ready to be written as JSON."""
        return {"names": _sorted(self._names), "words": _sorted(self._words)}

    def words(self, folds: Sequence[str]) -> list[tuple[str, ...]]:
        """Say of each folded word how often it was seen, its commonest label and how common that is, as a feature."""
        said = self._said
        return [said.get(word) or self._say(word) for word in folds]

    def _say(self, word: str) -> tuple[str, ...]:
        counts = self._words.get(word)
        if not counts:
            return _NEW
        said = self._said[word] = (f"L={_summary(counts)}",)
        return said

    def names(self, words: Words) -> Iterator[Candidate]:
        """Yield the longest learnt name that starts at each word; the source says how far it can be trusted."""
        for first, last, name in self._matches(words):
            said = self._said_of_names.get(name)
            if said is None:
                counts = self._names[name]
                label = max(sorted(label for label in counts if label != OUTSIDE), key=counts.__getitem__)
                said = self._said_of_names[name] = (label, "learnt:" + _summary(counts))
            label, source = said
            yield Candidate(first, last, label, 0.0, source)

    def _matches(self, words: Words) -> Iterator[tuple[int, int, str]]:
        folds, gaps, count = words.fold, words.gap, len(words.fold)
        longest, names = self._longest, self._names
        for first in [at for at, word in enumerate(folds) if word in longest]:
            reach = longest[folds[first]]
            last = first + 1
            while last < min(count, first + reach) and gaps[last] < QUOTE:
                last += 1
            for end in range(last, first, -1):
                name = " ".join(folds[first:end])
                if name in names:
                    yield first, end, name
                    break

    def _count_unlabelled(self, read: Iterable[tuple[Words, Sequence[Candidate]]]) -> None:
        for sentence, finds in read:
            taken = {at for find in finds for at in range(find.first, find.last)}
            for first, last, name in self._matches(sentence):
                if taken.isdisjoint(range(first, last)):
                    counts = self._names[name]
                    counts[OUTSIDE] = counts.get(OUTSIDE, 0) + 1


def _summary(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    label = max(sorted(counts), key=counts.__getitem__)
    share = counts[label] / total
    trust = "=" if share > 0.98 else "+" if share >= 0.8 else "~" if share >= 0.5 else "-"
    often = "1" if total == 1 else "few" if total < _OFTEN else "often"
    return f"{label}{trust}{often}"


def _sorted(counts: Counts) -> Counts:
    return {key: dict(sorted(counts[key].items())) for key in sorted(counts)}
