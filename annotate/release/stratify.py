"""Spreads groups of articles over splits so that every label gets its share of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import accumulate
from math import log2

__all__ = ["Profile", "place_of", "spread"]

Profile = Mapping[str, int]  # how often something is in an article: sentences, each label


def spread(
    groups: Mapping[str, Profile],
    splits: Sequence[str],
    shares: Sequence[float],
    seed: str,
    there: Mapping[str, Profile],
) -> dict[str, str]:
    """Give every group a split.

    Groups come one after the other, those that hold much of something rare first, and each goes where it brings the
    counts of all splits nearest to their shares. Nearness is that of a chi-square statistic, so that a label that is
    rare, or a split that is small, counts as much as any other.

    Args:
        groups: what each group holds, by its name.
        splits: their names.
        shares: of each split, summing to 1; a split whose share is 0 gets nothing.
        seed: decides the order of groups that hold about as much.
        there: what the splits hold already.

    Source: the greedy search of scikit-learn's StratifiedGroupKFold, with the shares of unequal folds as goals, as in
    Sechidis, Tsoumakas and Vlahavas 2011, *On the stratification of multi-label data*.
    """
    total: Counter[str] = Counter()
    for profile in (*groups.values(), *there.values()):
        total.update(profile)
    kinds = sorted(kind for kind, count in total.items() if count)
    open_splits = [(split, share) for split, share in zip(splits, shares, strict=True) if share > 0]
    # What a split lacks of each kind, and how much a unit of it weighs there.
    lacks = {split: [share * total[k] - there.get(split, {}).get(k, 0) for k in kinds] for split, share in open_splits}
    weights = {split: [1 / (share * total[k]) for k in kinds] for split, share in open_splits}

    def rarity(name: str) -> int:
        held = max((groups[name].get(kind, 0) / total[kind] for kind in kinds), default=0)
        return round(log2(held)) if held else -64  # steps of a factor of two: within one, the seed decides

    chosen: dict[str, str] = {}
    for name in sorted(groups, key=lambda name: (-rarity(name), _hash(seed, name))):
        counts = [groups[name].get(kind, 0) for kind in kinds]
        best, least = "", float("inf")
        for split, _ in _rotated(open_splits, seed, name):
            # (lack - count)² - lack², weighed: how much farther from its share the split gets.
            cost = sum(c * (c - 2 * la) * w for c, la, w in zip(counts, lacks[split], weights[split], strict=True))
            if cost < least - 1e-12:
                best, least = split, cost
        chosen[name] = best
        lacks[best] = [lack - count for lack, count in zip(lacks[best], counts, strict=True)]
    return chosen


def place_of(seed: str, name: str) -> float:
    """A number in [0, 1) that follows from seed and name."""
    return int.from_bytes(_hash(seed, name)[:8], "big") / 2**64


def _rotated(splits: list[tuple[str, float]], seed: str, name: str) -> list[tuple[str, float]]:
    """The splits, first the one that a hash would give the group: it wins where all are as good."""
    place = place_of(seed, name)
    passed = sum(place >= end for end in accumulate(share for _, share in splits))
    return splits[passed:] + splits[:passed]


def _hash(seed: str, name: str) -> bytes:
    return sha256(f"{seed}\0{name}".encode()).digest()
