"""How far annotators agree: entity F1 and Cohen's kappa on stance, for each pair, on the sentences they share."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path

from annotate.check import records
from annotate.labels import DEFAULT, NEUTRAL, LabelSet
from annotate.records import Annotation, Labeled

__all__ = ["Agreement", "PairAgreement", "TopicAgreement", "agreement", "entity_f1", "kappa", "newest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """How far two annotators agree on the sentences that both submitted."""

    first: str
    second: str
    sentences: int
    first_entities: int
    second_entities: int
    both_entities: int  # the same span and type
    entity_f1: float | None  # None when neither marked anything
    stances: int  # stance-bearing entities that both marked
    same_stances: int
    stance_kappa: float | None  # None when there is nothing to compare, or both said one and the same all along


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicAgreement:
    """How far two annotators agree on where whole sentences stand toward a topic, where both said so."""

    topic: str
    first: str
    second: str
    sentences: int
    same: int
    kappa: float | None  # None where both said one and the same all along


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement by pair, ordered by name; sentences that one person alone submitted are counted and not compared."""

    pairs: tuple[PairAgreement, ...]
    sentences: int  # submitted by anyone
    shared: int  # submitted by two or more
    topics: tuple[TopicAgreement, ...] = ()  # by topic and pair; empty where no topic was asked about


def agreement(source: Path, *, labels: LabelSet = DEFAULT) -> Agreement:
    """Measure the agreement of each pair of annotators in a file of annotations.

    Of each annotator the newest version of a sentence counts, if it was submitted.

    Args:
        source: an `annotation` file; `-` is stdin.
        labels: the label set of the campaign; stances are compared on the types that bear one.

    Raises:
        DataError: annotations are broken.
        UsageError: the file cannot be read.
    """
    by_person: dict[str, dict[str, Annotation]] = defaultdict(dict)
    people: Counter[str] = Counter()  # by sentence
    for annotation in newest(records(source, Annotation, labels)):
        if annotation.outcome == "submitted":
            by_person[annotation.annotator][annotation.id] = annotation
            people[annotation.id] += 1
    pairs: list[PairAgreement] = []
    topics: list[TopicAgreement] = []
    for first, second in combinations(sorted(by_person), 2):
        shared = [(one, by_person[second][name]) for name, one in by_person[first].items() if name in by_person[second]]
        if shared:
            pairs.append(_pair(first, second, shared, labels))
            topics += _topics(first, second, shared)
    return Agreement(
        pairs=tuple(pairs),
        sentences=len(people),
        shared=sum(count > 1 for count in people.values()),
        topics=tuple(sorted(topics, key=lambda one: (one.topic, one.first, one.second))),
    )


def newest(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The newest version that each annotator left of each sentence, submitted or not, in order of first occurrence.

    Of versions of one moment the one with the greater annotation id is the newer.
    """
    found: dict[tuple[str, str], Annotation] = {}
    for annotation in annotations:
        before = found.setdefault((annotation.id, annotation.annotator), annotation)
        if _age(annotation) > _age(before):
            found[annotation.id, annotation.annotator] = annotation
    return list(found.values())


def entity_f1(first: int, second: int, both: int) -> float | None:
    """F1 of one annotator's entities against the other's, which is the same in both directions; None without entities.

    Source: Hripcsak and Rothschild 2005: where the number of non-entities is unknown and large, kappa approaches F1.
    """
    return 2 * both / (first + second) if first + second else None


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two annotators: observed agreement, corrected for what their own habits make likely.

    Args:
        pairs: what each of the two said of the same item.

    Returns:
        1 for full agreement, 0 for that of chance, less for worse; None where chance alone gives full agreement.

    Source: Cohen 1960.
    """
    if not pairs:
        return None
    n = len(pairs)
    observed = sum(a == b for a, b in pairs)
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(count * right[label] for label, count in left.items())  # times n², as observed is times n
    return None if chance == n * n else (n * observed - chance) / (n * n - chance)


def _pair(first: str, second: str, shared: Sequence[tuple[Annotation, Annotation]], labels: LabelSet) -> PairAgreement:
    left = sum(len(a.entities) for a, _ in shared)
    right = sum(len(b.entities) for _, b in shared)
    both = 0
    said: list[tuple[str, str]] = []
    for a, b in shared:
        common = {entity.id for entity in a.entities} & {entity.id for entity in b.entities}
        both += len(common)
        bearing = [entity.id for entity in a.entities if entity.id in common and labels.bears_stance(entity.label)]
        said += [(_stance(a, target), _stance(b, target)) for target in bearing]
    return PairAgreement(
        first=first,
        second=second,
        sentences=len(shared),
        first_entities=left,
        second_entities=right,
        both_entities=both,
        entity_f1=entity_f1(left, right, both),
        stances=len(said),
        same_stances=sum(a == b for a, b in said),
        stance_kappa=kappa(said),
    )


def _topics(first: str, second: str, shared: Sequence[tuple[Annotation, Annotation]]) -> Iterator[TopicAgreement]:
    said: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for a, b in shared:
        if a.topic_stance and b.topic_stance and a.topic_stance.topic == b.topic_stance.topic:
            said[a.topic_stance.topic].append((a.topic_stance.label, b.topic_stance.label))
    for topic, both in said.items():
        yield TopicAgreement(
            topic=topic,
            first=first,
            second=second,
            sentences=len(both),
            same=sum(a == b for a, b in both),
            kappa=kappa(both),
        )


def _stance(record: Labeled, target: str) -> str:
    """The stance toward an entity, whoever holds it; NEUTRAL where nothing is said."""
    said = {stance.label for stance in record.stances if stance.target == target}
    return " and ".join(sorted(said)) or NEUTRAL


def _age(annotation: Annotation) -> tuple[datetime, int]:
    return datetime.fromisoformat(annotation.updated_at), annotation.annotation_id
