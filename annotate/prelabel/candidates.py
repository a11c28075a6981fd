"""What a rule found, in words of the sentence, and how overlapping finds are settled."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Candidate", "settle"]


class Candidate(NamedTuple):
    """Words `first` up to but not including `last` look like a name."""

    first: int
    last: int
    label: str
    score: float
    source: str


def settle(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Keep the longest of those that share a word, the surer one of equally long ones; sorted and disjoint."""
    kept = sorted(candidates)
    if all(before.last <= after.first for before, after in pairwise(kept)):
        return kept
    ranked = sorted(kept, key=lambda c: (c.first - c.last, -c.score, c.first, c.label))
    kept = []
    taken: set[int] = set()
    for candidate in ranked:
        if taken.isdisjoint(range(candidate.first, candidate.last)):
            kept.append(candidate)
            taken.update(range(candidate.first, candidate.last))
    return sorted(kept)
