"""Which articles say the same: near-duplicates by MinHash, checked exactly, and those that share a whole sentence."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from itertools import combinations
from typing import NamedTuple

__all__ = ["METHOD", "Fingerprints", "Pair", "near_duplicates", "shingles"]

METHOD = "minhash-8x256-b64-j0.6+sentence-40/1"  # the parameters below; it changes when a result can change

# Measured on the 24 articles of the shipped corpus: unrelated ones have a similarity of 0.006 in the median and 0.05 at
# most; an article with one word in twenty replaced keeps 0.81, with one in ten 0.67.
_SHINGLE = 8  # code points
_PERMUTATIONS = 256
_BANDS = 64  # of 4 rows: a pair of Jaccard 0.6 is missed once in 7,000 times, one of 0.8 never in practice
_THRESHOLD = 0.6
_SENTENCE = 40  # code points; a shorter sentence that stands in two articles is a phrase, not a copy
_COMMON = 10  # articles; a sentence that stands in more of them is boilerplate, which would chain them all together
_SEED = 1


class Pair(NamedTuple):
    """Two articles that may not be parted, and why: their Jaccard similarity, or None when they share a sentence."""

    first: str
    second: str
    jaccard: float | None


class Fingerprints:
    """Sketches of articles, filled sentence by sentence in any order; about 1 KB an article."""

    def __init__(self) -> None:
        from rensa import RMinHash

        self._new: Callable[[], RMinHash] = partial(RMinHash, num_perm=_PERMUTATIONS, seed=_SEED)
        self._sketches: dict[str, RMinHash] = {}
        self._articles_of: dict[str, set[str]] = {}
        self._first_of: dict[int, str] = {}

    def add(self, article: str, text: str) -> None:
        """Count one sentence into its article."""
        if article not in self._sketches:
            self._sketches[article] = self._new()
        self._sketches[article].update(list(shingles(text)))
        plain = _plain(text)
        if len(plain) < _SENTENCE:
            return
        # Equal hashes of unequal sentences (once in 10^7 corpora of a million) would only put two articles together.
        first = self._first_of.setdefault(hash(plain), article)
        if first != article:
            self._articles_of.setdefault(plain, {first}).add(article)

    def candidates(self) -> set[tuple[str, str]]:
        """Pairs of articles that are worth an exact comparison, each in ascending order."""
        digests = {article: _bytes(sketch.digest()) for article, sketch in self._sketches.items()}
        width = 4 * _PERMUTATIONS // _BANDS
        found: set[tuple[str, str]] = set()
        for at in range(0, 4 * _PERMUTATIONS, width):
            bucket: dict[bytes, list[str]] = defaultdict(list)
            for article, digest in digests.items():
                bucket[digest[at : at + width]].append(article)
            for articles in bucket.values():
                found.update(combinations(sorted(articles), 2))
        return found

    def pairs(self, sentences: Callable[[], Iterable[tuple[str, str]]]) -> list[Pair]:
        """Pairs of articles that belong together: near-duplicates, then those that only share a sentence.

        Args:
            sentences: gives article id and text of every sentence once more; asked only where there are candidates.
        """
        candidates = self.candidates()
        alike = near_duplicates(candidates, sentences()) if candidates else []
        told = {pair[:2] for pair in alike}
        return [*alike, *(pair for pair in self.sharing() if pair[:2] not in told)]

    def sharing(self) -> list[Pair]:
        """Pairs of articles that share a long sentence which is no boilerplate, in order."""
        found: set[tuple[str, str]] = set()
        for articles in self._articles_of.values():
            if len(articles) <= _COMMON:
                found.update(combinations(sorted(articles), 2))
        return [Pair(a, b, None) for a, b in sorted(found)]


def near_duplicates(candidates: Iterable[tuple[str, str]], sentences: Iterable[tuple[str, str]]) -> list[Pair]:
    """Keep the candidates whose shingles really are alike, by exact Jaccard similarity.

    Args:
        candidates: pairs of article ids.
        sentences: article id and text of every sentence, as they went into the fingerprints.

    Returns:
        The pairs of similarity 0.6 and more, in order.

    Source: Broder 1997, *On the resemblance and containment of documents*.
    """
    pairs = sorted(candidates)
    wanted = {article for pair in pairs for article in pair}
    sets: dict[str, set[str]] = {article: set() for article in wanted}
    for article, text in sentences:
        if article in wanted:
            sets[article] |= shingles(text)
    found = []
    for a, b in pairs:
        shared = len(sets[a] & sets[b])
        jaccard = shared / (len(sets[a]) + len(sets[b]) - shared)
        if jaccard >= _THRESHOLD:
            found.append(Pair(a, b, round(jaccard, 3)))
    return found


def shingles(text: str) -> set[str]:
    """Every stretch of 8 code points of a text, NFC and with single spaces; a shorter text is its own shingle."""
    plain = _plain(text)
    return {plain[at : at + _SHINGLE] for at in range(max(1, len(plain) - _SHINGLE + 1))}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _bytes(digest: list[int]) -> bytes:
    return b"".join(value.to_bytes(4, "little") for value in digest)
