"""Counts of right and wrong finds, and what they come to: precision, recall, F1, confusion, calibration."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from annotate.records import Entity
from annotate.spans import overlaps

__all__ = ["ALL", "NONE", "Bin", "Calibration", "Counted", "Score", "calibration", "counted", "pairs"]

ALL = "all"  # the row of all types together
NONE = "none"  # in a confusion: no entity there
_BINS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """How many there are, how many were proposed, how many of these are right; shares are 0 where nothing was."""

    gold: int
    predicted: int
    correct: int
    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, gold: int, predicted: int, correct: int) -> "Score":
        """Work the shares out."""
        return cls(
            gold,
            predicted,
            correct,
            correct / predicted if predicted else 0.0,
            correct / gold if gold else 0.0,
            2 * correct / (gold + predicted) if gold + predicted else 0.0,
        )


class Counted(NamedTuple):
    """What comparing sentences came to."""

    strict: Mapping[str, Score]  # by label, and `ALL`
    relaxed: Mapping[str, Score]
    confusion: Mapping[str, Mapping[str, int]]  # gold label (or NONE) -> predicted label (or NONE) -> count
    judged: tuple[tuple[float, bool], ...]  # score of each proposed entity that has one, and whether it is right


@dataclass(frozen=True, slots=True)
class Bin:
    """Proposals whose scores lie close together: how sure they were on average, and how many of them were right."""

    low: float
    count: int
    mean_score: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far scores can be taken for probabilities; the error is the mean distance, weighted by count."""

    error: float
    bins: tuple[Bin, ...]


def counted(sentences: Iterable[tuple[Sequence[Entity], Sequence[Entity]]], labels: Sequence[str]) -> Counted:
    """Compare proposed with gold entities, sentence by sentence.

    Strict: same start, end and type, which is what seqeval counts over BIO tags and nervaluate calls `strict`.
    Relaxed: same type and at least one shared code point, nervaluate's `ent_type`; each gold entity is found at most
    once, so one that was proposed in two halves counts one right and one wrong.

    Args:
        sentences: proposed and gold entities of each sentence.
        labels: the types, in the order of the tables.
    """
    gold_count, predicted_count = Counter[str](), Counter[str]()
    strict, relaxed = Counter[str](), Counter[str]()
    confusion: defaultdict[str, Counter[str]] = defaultdict(Counter)
    judged: list[tuple[float, bool]] = []
    for predicted, gold in sentences:
        gold_count.update(entity.label for entity in gold)
        predicted_count.update(entity.label for entity in predicted)
        right = {(e.start, e.end, e.label) for e in gold}
        for entity in predicted:
            correct = (entity.start, entity.end, entity.label) in right
            strict[entity.label] += correct
            if entity.score is not None:
                judged.append((entity.score, correct))
        for label in labels:
            same = [[e for e in side if e.label == label] for side in (predicted, gold)]
            relaxed[label] += len(pairs(same[0], same[1]))
        met = pairs(predicted, gold)
        for old, new in met:
            confusion[new.label][old.label] += 1
        missed, spurious = Counter(e.label for e in gold), Counter(e.label for e in predicted)
        missed.subtract(new.label for _, new in met)
        spurious.subtract(old.label for old, _ in met)
        for label, count in missed.items():
            confusion[label][NONE] += count
        for label, count in spurious.items():
            confusion[NONE][label] += count
    return Counted(
        _scores(labels, gold_count, predicted_count, strict),
        _scores(labels, gold_count, predicted_count, relaxed),
        {row: {column: confusion[row][column] for column in (*labels, NONE)} for row in (*labels, NONE)},
        tuple(judged),
    )


def pairs(predicted: Sequence[Entity], gold: Sequence[Entity]) -> list[tuple[Entity, Entity]]:
    """Proposed and gold entities that belong together, each once: those of the same span first, then overlapping."""
    left, right = list(predicted), list(gold)
    met: list[tuple[Entity, Entity]] = []
    for belongs in (_same_span, overlaps):
        for old in tuple(left):
            new = next((candidate for candidate in right if belongs(old, candidate)), None)
            if new is not None:
                met.append((old, new))
                left.remove(old)
                right.remove(new)
    return met


def calibration(judged: Sequence[tuple[float, bool]]) -> Calibration | None:
    """Compare scores with the share of right ones, in ten bins of equal width; None without scores.

    Source: expected calibration error, Naeini, Cooper and Hauskrecht 2015.
    """
    if not judged:
        return None
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for score, right in judged:
        bins[min(int(score * _BINS), _BINS - 1)].append((score, right))
    filled = tuple(
        Bin(
            number / _BINS,
            len(inside),
            sum(score for score, _ in inside) / len(inside),
            sum(right for _, right in inside) / len(inside),
        )
        for number, inside in enumerate(bins)
        if inside
    )
    error = sum(one.count * abs(one.mean_score - one.right) for one in filled) / len(judged)
    return Calibration(error, filled)


def _same_span(old: Entity, new: Entity) -> bool:
    return (old.start, old.end) == (new.start, new.end)


def _scores(
    labels: Sequence[str], gold: Counter[str], predicted: Counter[str], correct: Counter[str]
) -> dict[str, Score]:
    scores = {label: Score.of(gold[label], predicted[label], correct[label]) for label in labels}
    scores[ALL] = Score.of(*(sum(counts[label] for label in labels) for counts in (gold, predicted, correct)))
    return scores
