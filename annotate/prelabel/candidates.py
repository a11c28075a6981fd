"""What a rule found, in words of the sentence, and how overlapping finds are settled."""

from collections.abc import Iterable
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
    kept: list[Candidate] = []
    taken: set[int] = set()
    for candidate in sorted(candidates, key=lambda c: (c.first - c.last, -c.score, c.first, c.label)):
        if taken.isdisjoint(range(candidate.first, candidate.last)):
            kept.append(candidate)
            taken.update(range(candidate.first, candidate.last))
    return sorted(kept)
