"""Counts what goes into each split, and proves that the splits share nothing they should not."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotate.labels import LabelSet
from annotate.release.splits import SPLITS
from annotate.release.spool import Spool
from annotate.release.survey import Made, Survey

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Census", "SplitCounts", "SplitReport"]

_BIT = {split: 1 << at for at, split in enumerate(SPLITS)}


@dataclass(frozen=True, slots=True)
class SplitCounts:
    """What one split holds; entities and stances by label, in the order of the label set."""

    articles: int
    sentences: int
    tokens: int
    entities: Mapping[str, int]
    stances: Mapping[str, int]
    distinct_entities: int  # by surface text and label
    entities_in_train: int  # of the distinct ones, how many train holds too
    topics: Mapping[str, int] = field(default_factory=dict)  # stances toward the topic; empty without one


@dataclass(frozen=True, slots=True)
class SplitReport:
    """What the splits share; the first two are 0 unless a check was waived."""

    shared_articles: int
    near_duplicate_pairs: int  # across splits
    clusters: int  # of articles that were kept together
    identical_sentences: int  # distinct texts that stand in more than one split: phrases, headings, boilerplate


@dataclass(slots=True)
class _Tally:
    articles: int = 0
    tokens: int = 0
    held: Counter[str] = field(default_factory=Counter)


class Census:
    """Counts what was surveyed, by the split of its article, and looks through the rows for what splits share."""

    def __init__(self, found: Survey, splits: Mapping[str, str], spool: Spool, labels: LabelSet) -> None:
        self._labels = labels
        self._tallies: dict[str, _Tally] = {}
        # Hashes of 64 bits keep a million texts small.
        self._surfaces: dict[int, int] = {}  # hash of label and surface -> bits of the splits it stands in
        self._texts: dict[int, int] = {}  # hash of a sentence's text -> bits
        self._articles: dict[int, int] = {}  # hash of an article's id -> bits
        self.languages: Counter[str] = Counter()
        self.methods: Counter[str] = Counter()
        self.annotators: set[str] = set()
        self.splitters: set[str] = set()
        for article, held in found.articles.items():
            if article in splits:
                tally = self._tallies.setdefault(splits[article], _Tally())
                tally.articles += 1
                tally.tokens += found.tokens[article]
                tally.held.update(held)
        for made, count in found.made.items():
            if made.article in splits:
                self._add(made, count)
        for split, rows in spool.parts("spans", splits):
            self._look(_BIT[split], rows)

    def counts(self) -> dict[str, SplitCounts]:
        """What each split holds, in the order train, validation, test; splits without a record are absent."""
        return {split: self._counts(split) for split in SPLITS if split in self._tallies}

    def report(self, near_duplicate_pairs: int, clusters: int) -> SplitReport:
        """What the splits share, given the pairs across splits and the clusters that the assignment knows of."""
        return SplitReport(
            shared_articles=_in_several(self._articles),
            near_duplicate_pairs=near_duplicate_pairs,
            clusters=clusters,
            identical_sentences=_in_several(self._texts),
        )

    def _add(self, made: Made, count: int) -> None:
        self.languages[made.lang] += count
        self.methods[made.method] += count
        self.annotators.update(made.annotators)
        if made.splitter:
            self.splitters.add(made.splitter)

    def _look(self, bit: int, rows: "pa.RecordBatch") -> None:
        import pyarrow.compute as pc

        from annotate.release.texts import Texts

        sentences = rows.column("text").to_pylist()
        texts, lists = Texts(sentences), rows.column("entities")
        entities = lists.flatten()
        base = texts.borders[pc.list_parent_indices(lists).to_numpy()]
        places = (entities.field(name).to_numpy() + base for name in ("start", "end"))
        named = pc.binary_join_element_wise(entities.field("label"), texts.cut(*places), "\0")
        for values, seen in (
            (sentences, self._texts),
            (pc.unique(named).to_pylist(), self._surfaces),
            (pc.unique(rows.column("article_id")).to_pylist(), self._articles),
        ):
            for key in map(hash, values):
                seen[key] = seen.get(key, 0) | bit

    def _counts(self, split: str) -> SplitCounts:
        tally = self._tallies[split]
        bits = [bits for bits in self._surfaces.values() if bits & _BIT[split]]
        return SplitCounts(
            articles=tally.articles,
            sentences=tally.held["sentences"],
            tokens=tally.tokens,
            entities={name: tally.held[f"entity {name}"] for name in self._labels.entity_names},
            stances={name: tally.held[f"stance {name}"] for name in self._labels.stance_names},
            distinct_entities=len(bits),
            entities_in_train=sum(1 for places in bits if places & _BIT[SPLITS[0]]),
            topics={name: tally.held[f"topic {name}"] for name in self._labels.stance_names if self._labels.topic},
        )


def _in_several(seen: Mapping[int, int]) -> int:
    return sum(1 for bits in seen.values() if bits.bit_count() > 1)
