"""Which split an article belongs to: never parted from its near-duplicates, never moved by articles that come later."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from annotate.errors import UsageError
from annotate.release.duplicates import Pair

__all__ = ["FRACTIONS", "SEED", "SPLITS", "Assignment", "assign", "check_fractions", "split_of"]

SPLITS = ("train", "validation", "test")
FRACTIONS = (0.8, 0.1, 0.1)
SEED = "annotate-kit"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where every article went."""

    splits: Mapping[str, str]  # article id -> split, sorted by id
    left_out: Mapping[str, str]  # article id -> why it is in no split
    clusters: tuple[tuple[str, ...], ...]  # articles that belong together, two and more
    leaks: tuple[Pair, ...]  # pairs that an earlier release parted and that stay where they were


def assign(
    articles: Iterable[str],
    pairs: Iterable[Pair],
    *,
    seed: str = SEED,
    fractions: Sequence[float] = FRACTIONS,
    earlier: Mapping[str, str] | None = None,
) -> Assignment:
    """Give every article a split.

    An article of an earlier release stays where it was. A newcomer joins the split of the articles it duplicates; one
    that would join articles of two splits is left out. The rest is spread by a seeded hash of the id, for a cluster of
    newcomers by that of its smallest id, so that an article goes where it goes whatever else there is.

    Args:
        articles: ids, in any order.
        pairs: articles that may not be parted.
        seed: another seed spreads the articles differently.
        fractions: expected shares of train, validation and test.
        earlier: the split of every article of an earlier release.

    Raises:
        UsageError: the fractions are not three shares that sum to one.
    """
    check_fractions(fractions)
    pairs = list(pairs)
    known = earlier or {}
    ordered = sorted(set(articles), key=lambda article: (article not in known, article))
    near: dict[str, list[str]] = {}
    for a, b, _ in pairs:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    clusters = _Clusters()
    home: dict[str, str] = {}  # root of a cluster -> the split an earlier release put its articles into
    left_out: dict[str, str] = {}
    for article in ordered:
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
    placed = {
        article: home.get(root) or split_of(min(group), seed, fractions)
        for root, group in members.items()
        for article in group
    }
    return Assignment(
        splits=dict(sorted(placed.items())),
        left_out=dict(sorted(left_out.items())),
        clusters=tuple(sorted(tuple(sorted(group)) for group in members.values() if len(group) > 1)),
        leaks=tuple(sorted((pair for pair in set(pairs) if _parted(pair, placed)), key=str)),
    )


def split_of(article: str, seed: str = SEED, fractions: Sequence[float] = FRACTIONS) -> str:
    """The split that a hash of seed and id gives an article; each split gets its share of the ids."""
    digest = sha256(f"{seed}\0{article}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    for split, share in zip(SPLITS, fractions, strict=True):
        place -= share
        if place < 0:
            return split
    return SPLITS[0]  # fractions that miss 1 by a rounding error


def check_fractions(fractions: Sequence[float]) -> None:
    """Refuse fractions that are not three shares of one whole.

    Raises:
        UsageError: they are not.
    """
    if len(fractions) != len(SPLITS) or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise UsageError(f"fractions {tuple(fractions)}: three shares that sum to 1 are needed ({', '.join(SPLITS)})")


def _parted(pair: Pair, placed: Mapping[str, str]) -> bool:
    first, second = placed.get(pair.first), placed.get(pair.second)
    return first is not None and second is not None and first != second


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
