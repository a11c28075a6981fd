"""Counts what goes into each split, and proves that the splits share nothing they should not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from annotate.labels import LabelSet
from annotate.records import Gold, Span
from annotate.release.splits import SPLITS
from annotate.release.tables import stance_toward
from annotate.spans import text_of

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


@dataclass(frozen=True, slots=True)
class SplitReport:
    """What the splits share; the first two are 0 unless a check was waived."""

    shared_articles: int
    near_duplicate_pairs: int  # across splits
    clusters: int  # of articles that were kept together
    identical_sentences: int  # distinct texts that stand in more than one split: phrases, headings, boilerplate


@dataclass(slots=True)
class _Tally:
    articles: set[str] = field(default_factory=set)
    sentences: int = 0
    tokens: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    stances: Counter[str] = field(default_factory=Counter)


class Census:
    """Takes in every record that is written, with its split."""

    def __init__(self, labels: LabelSet) -> None:
        self._labels = labels
        self._tallies: dict[str, _Tally] = {}
        self._surfaces: dict[tuple[str, str], int] = {}  # (surface, label) -> bits of the splits it stands in
        self._texts: dict[int, int] = {}  # hash of a sentence's text -> bits; 64 bits keep a million texts small
        self.languages: Counter[str] = Counter()
        self.methods: Counter[str] = Counter()
        self.annotators: set[str] = set()
        self.splitters: set[str] = set()

    def add(self, split: str, record: Gold, tokens: Sequence[Span]) -> None:
        """Count one record."""
        tally = self._tallies.setdefault(split, _Tally())
        bit = _BIT[split]
        tally.articles.add(record.article_id)
        tally.sentences += 1
        tally.tokens += len(tokens)
        for entity in record.entities:
            tally.entities[entity.label] += 1
            key = (text_of(record.text, entity), entity.label)
            self._surfaces[key] = self._surfaces.get(key, 0) | bit
            if self._labels.bears_stance(entity.label):
                tally.stances[stance_toward(entity, record).label] += 1
        key_of_text = hash(record.text)
        self._texts[key_of_text] = self._texts.get(key_of_text, 0) | bit
        self.languages[record.lang] += 1
        self.methods[record.resolution.method] += 1
        self.annotators.update(record.resolution.annotators)
        if record.splitter:
            self.splitters.add(record.splitter)

    def counts(self) -> dict[str, SplitCounts]:
        """What each split holds, in the order train, validation, test; splits without a record are absent."""
        return {split: self._counts(split) for split in SPLITS if split in self._tallies}

    def report(self, near_duplicate_pairs: int, clusters: int) -> SplitReport:
        """What the splits share, given the pairs across splits and the clusters that the assignment knows of."""
        places = Counter(article for tally in self._tallies.values() for article in tally.articles)
        return SplitReport(
            shared_articles=sum(1 for count in places.values() if count > 1),
            near_duplicate_pairs=near_duplicate_pairs,
            clusters=clusters,
            identical_sentences=sum(1 for bits in self._texts.values() if bits.bit_count() > 1),
        )

    def _counts(self, split: str) -> SplitCounts:
        tally = self._tallies[split]
        bits = [bits for bits in self._surfaces.values() if bits & _BIT[split]]
        return SplitCounts(
            articles=len(tally.articles),
            sentences=tally.sentences,
            tokens=tally.tokens,
            entities={name: tally.entities[name] for name in self._labels.entity_names},
            stances={name: tally.stances[name] for name in self._labels.stance_names},
            distinct_entities=len(bits),
            entities_in_train=sum(1 for places in bits if places & _BIT[SPLITS[0]]),
        )
