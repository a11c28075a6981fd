"""Which split an article belongs to: never parted from its near-duplicates, never moved by articles that come later."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotate.errors import UsageError
from annotate.release.duplicates import Pair
from annotate.release.stratify import Profile, spread

__all__ = ["ARTICLE", "FRACTIONS", "SEED", "SPLITS", "Assignment", "assign", "check_fractions", "parted"]

SPLITS = ("train", "validation", "test")
FRACTIONS = (0.8, 0.1, 0.1)
SEED = "annotate-kit"
ARTICLE = "article"  # the rule of `assign`; `split_by` has others


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where every article went."""

    splits: Mapping[str, str]  # article id -> split, sorted by id
    left_out: Mapping[str, str]  # article id -> why it is in no split
    clusters: tuple[tuple[str, ...], ...]  # articles that belong together, two and more
    leaks: tuple[Pair, ...]  # pairs that an earlier release parted and that stay where they were
    rule: Mapping[str, str] = field(default_factory=dict)  # what later releases keep to; empty when articles are split


def assign(
    articles: Mapping[str, Profile],
    pairs: Iterable[Pair],
    *,
    seed: str = SEED,
    fractions: Sequence[float] = FRACTIONS,
    earlier: Mapping[str, str] | None = None,
) -> Assignment:
    """Give every article a split.

    An article of an earlier release stays where it was. A newcomer joins the split of the articles it duplicates; one
    that would join articles of two splits is left out. The other newcomers are clustered and spread so that every
    label gets its share of each split, with what the earlier release has taken into account.

    Args:
        articles: what each holds, by its id.
        pairs: articles that may not be parted.
        seed: another seed spreads the articles differently.
        fractions: shares of train, validation and test.
        earlier: the split of every article of an earlier release.

    Raises:
        UsageError: the fractions are not three shares that sum to one.
    """
    check_fractions(fractions)
    pairs = list(pairs)
    known = earlier or {}
    near: dict[str, list[str]] = {}
    for a, b, _ in pairs:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    clusters = _Clusters()
    home: dict[str, str] = {}  # root of a cluster -> the split an earlier release put its articles into
    left_out: dict[str, str] = {}
    for article in sorted(articles, key=lambda article: (article not in known, article)):
        roots = {clusters.root(other) for other in near.get(article, ()) if other in clusters}
        homes = {home[root] for root in roots if root in home}
        if article in known:
            homes = {known[article]}
            roots = {root for root in roots if home[root] == known[article]}
        if len(homes) > 1:
            left_out[article] = f"near-duplicate of articles in {' and '.join(sorted(homes))}"
            continue
        clusters.add(article)
        root = article
        for other in sorted(roots):
            root = clusters.join(other, root)
        home.update((root, split) for split in homes)
    members = clusters.members()
    there: dict[str, Counter[str]] = {}
    for root, split in home.items():
        for article in members.get(root, ()):
            there.setdefault(split, Counter()).update(articles[article])
    new = {min(group): _sum(articles, group) for root, group in members.items() if root not in home}
    chosen = spread(new, SPLITS, fractions, seed, there)
    placed = {
        article: home[root] if root in home else chosen[min(group)]
        for root, group in members.items()
        for article in group
    }
    return Assignment(
        splits=dict(sorted(placed.items())),
        left_out=dict(sorted(left_out.items())),
        clusters=tuple(sorted(tuple(sorted(group)) for group in members.values() if len(group) > 1)),
        leaks=parted(pairs, placed),
    )


def parted(pairs: Iterable[Pair], placed: Mapping[str, str]) -> tuple[Pair, ...]:
    """The pairs whose articles stand in two splits, in order."""
    across = (p for p in set(pairs) if p.first in placed and p.second in placed and placed[p.first] != placed[p.second])
    return tuple(sorted(across, key=str))


def check_fractions(fractions: Sequence[float]) -> None:
    """Refuse fractions that are not three shares of one whole.

    Raises:
        UsageError: they are not.
    """
    if len(fractions) != len(SPLITS) or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise UsageError(f"fractions {tuple(fractions)}: three shares that sum to 1 are needed ({', '.join(SPLITS)})")


def _sum(articles: Mapping[str, Profile], group: Sequence[str]) -> Counter[str]:
    total: Counter[str] = Counter()
    for article in group:
        total.update(articles[article])
    return total


class _Clusters:
    """Disjoint sets of articles (union by walking up, paths halved)."""

    def __init__(self) -> None:
        self._up: dict[str, str] = {}

    def __contains__(self, article: str) -> bool:
        return article in self._up

    def add(self, article: str) -> None:
        self._up[article] = article

    def root(self, article: str) -> str:
        while self._up[article] != article:
            self._up[article] = self._up[self._up[article]]
            article = self._up[article]
        return article

    def join(self, a: str, b: str) -> str:
        """Make one set of two; the root of the first stays the root."""
        root = self.root(a)
        self._up[self.root(b)] = root
        return root

    def members(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for article in self._up:
            found.setdefault(self.root(article), []).append(article)
        return found
