"""How good pre-labels are: proposed entities and stances against gold, and the work they leave to a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from annotate.check import records
from annotate.errors import DataError, Fault, Reason
from annotate.jsonl import name_of
from annotate.labels import DEFAULT, NEUTRAL, LabelSet
from annotate.quality.corrections import Corrections, corrections, total
from annotate.quality.scores import Calibration, Score, calibration, counted
from annotate.records import Gold, Labeled, Prelabeled

__all__ = ["Cost", "Evaluation", "StanceScores", "TopicScores", "evaluate", "evaluate_records"]


Claim = TypeVar("Claim")


@dataclass(frozen=True, slots=True)
class StanceScores:
    """How well stances were found; a stance counts only where its target is the very entity of the gold.

    `targets` are pairs of target and stance other than NEUTRAL, `with_holder` triples with the holder, which may be
    none. `holders_right` is the share of the right targets that have just the holders of the gold. `by_label` asks of
    each gold entity what was said of it, NEUTRAL where nothing was or the entity is missing. The baseline says NEUTRAL
    of everything, which is the majority.
    """

    targets: Score
    with_holder: Score
    holders_right: float
    by_label: Mapping[str, Score]
    accuracy: float
    macro_f1: float
    baseline_accuracy: float
    baseline_macro_f1: float


@dataclass(frozen=True, slots=True)
class TopicScores:
    """How well it was found where whole sentences stand toward the topic, on those of which gold knows it.

    `by_label` asks of each what was proposed, which may be nothing; `accuracy` counts nothing as wrong. The baseline
    says of every one what most of them are, the first label of the label set where several are as many.
    """

    sentences: int  # of which gold knows where they stand
    proposed: int  # of these, how many had a proposal
    by_label: Mapping[str, Score]
    accuracy: float
    macro_f1: float
    baseline: str
    baseline_accuracy: float
    baseline_macro_f1: float
    actions: int  # answers that a person gives or changes, to get from the proposals to gold


@dataclass(frozen=True, slots=True)
class Cost:
    """Actions that a person needs to get from pre-labels to gold, and from nothing to gold."""

    corrections: Corrections
    entity_actions: int
    entity_actions_from_nothing: int
    actions: int  # stances and holders included
    actions_from_nothing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What an evaluation came to; tables are by label, and `all`."""

    sentences: int
    strict: Mapping[str, Score]
    relaxed: Mapping[str, Score]
    macro_f1: float  # strict, mean of the types that the gold has
    confusion: Mapping[str, Mapping[str, int]]
    calibration: Calibration | None
    stances: StanceScores
    topic: TopicScores | None  # None where gold knows of no sentence where it stands toward a topic
    cost: Cost


def evaluate(predicted: Path, gold: Path, *, labels: LabelSet = DEFAULT) -> Evaluation:
    """Compare a file of pre-labels with a file of gold.

    Sentences are matched by id; those that have no gold are passed over.

    Args:
        predicted: `prelabeled` records; `-` is stdin.
        gold: `gold` records.
        labels: the label set of the campaign.

    Raises:
        DataError: records are broken, or a gold sentence has no pre-labels or another text there; every one is a fault.
        UsageError: a file cannot be read.
    """
    wanted = {record.id: record for record in records(gold, Gold, labels)}
    found = {record.id: record for record in records(predicted, Prelabeled, labels) if record.id in wanted}
    file = name_of(predicted)
    missing = [Fault(file, 0, name, Reason.MISMATCH, "has no pre-labels") for name in wanted if name not in found]
    others = [
        Fault(file, 0, name, Reason.WRONG_TEXT, f"differs from the text in {name_of(gold)}")
        for name, record in found.items()
        if record.text != wanted[name].text
    ]
    if missing or others:
        raise DataError([*missing, *others])
    return evaluate_records([(found[name], record) for name, record in wanted.items()], labels)


def evaluate_records(sentences: Sequence[tuple[Labeled, Labeled]], labels: LabelSet = DEFAULT) -> Evaluation:
    """Compare two labellings of the same sentences, the proposed one first."""
    counts = counted([(one.entities, other.entities) for one, other in sentences], labels.entity_names)
    present = [counts.strict[label].f1 for label in labels.entity_names if counts.strict[label].gold]
    return Evaluation(
        sentences=len(sentences),
        strict=counts.strict,
        relaxed=counts.relaxed,
        macro_f1=sum(present) / len(present) if present else 0.0,
        confusion=counts.confusion,
        calibration=calibration(counts.judged),
        stances=_stances(sentences, labels),
        topic=_topic(sentences, labels),
        cost=_cost(sentences),
    )


def _stances(sentences: Sequence[tuple[Labeled, Labeled]], labels: LabelSet) -> StanceScores:
    targets, held = Counter[str](), Counter[str]()
    gold, predicted, correct = Counter[str](), Counter[str](), Counter[str]()
    held_alike = 0
    for one, other in sentences:
        said, true = ({s.target: s.label for s in side.stances if s.label != NEUTRAL} for side in (one, other))
        _tally(targets, set(said.items()), set(true.items()))
        claimed, facts = _held(one), _held(other)
        _tally(held, claimed, facts)
        held_alike += sum(
            {claim for claim in claimed if claim[:2] == right} == {fact for fact in facts if fact[:2] == right}
            for right in said.items() & true.items()
        )
        for entity in other.entities:
            if labels.bears_stance(entity.label):
                is_, was = true.get(entity.id, NEUTRAL), said.get(entity.id, NEUTRAL)
                gold[is_] += 1
                predicted[was] += 1
                correct[is_] += is_ == was
    by_label = {name: Score.of(gold[name], predicted[name], correct[name]) for name in labels.stance_names}
    entities = gold.total()
    baseline_accuracy, baseline_macro_f1 = _always(NEUTRAL, gold)
    return StanceScores(
        targets=Score.of(targets["gold"], targets["predicted"], targets["correct"]),
        with_holder=Score.of(held["gold"], held["predicted"], held["correct"]),
        holders_right=held_alike / targets["correct"] if targets["correct"] else 0.0,
        by_label=by_label,
        accuracy=correct.total() / entities if entities else 0.0,
        macro_f1=_macro(by_label),
        baseline_accuracy=baseline_accuracy,
        baseline_macro_f1=baseline_macro_f1,
    )


def _topic(sentences: Sequence[tuple[Labeled, Labeled]], labels: LabelSet) -> TopicScores | None:
    gold, predicted, correct = Counter[str](), Counter[str](), Counter[str]()
    for one, other in sentences:
        if (true := other.topic_stance) is None:
            continue
        gold[true.label] += 1
        if (said := one.topic_stance) and said.topic == true.topic:
            predicted[said.label] += 1
            correct[true.label] += said.label == true.label
    if not gold:
        return None
    by_label = {name: Score.of(gold[name], predicted[name], correct[name]) for name in labels.stance_names}
    most = max(labels.stance_names, key=gold.__getitem__)
    baseline_accuracy, baseline_macro_f1 = _always(most, gold)
    return TopicScores(
        sentences=gold.total(),
        proposed=predicted.total(),
        by_label=by_label,
        accuracy=correct.total() / gold.total(),
        macro_f1=_macro(by_label),
        baseline=most,
        baseline_accuracy=baseline_accuracy,
        baseline_macro_f1=baseline_macro_f1,
        actions=gold.total() - correct.total(),
    )


def _always(label: str, gold: Counter[str]) -> tuple[float, float]:
    """Accuracy and macro F1 of saying one label of everything."""
    every, right = gold.total(), gold[label]
    scores = {name: Score.of(gold[name], every if name == label else 0, right if name == label else 0) for name in gold}
    return right / every if every else 0.0, _macro(scores)


def _macro(by_label: Mapping[str, Score]) -> float:
    """Mean F1 of the labels that the gold has."""
    present = [score.f1 for score in by_label.values() if score.gold]
    return sum(present) / len(present) if present else 0.0


def _held(record: Labeled) -> set[tuple[str, str, str | None]]:
    return {(s.target, s.label, s.holder) for s in record.stances if s.label != NEUTRAL}


def _tally(counts: Counter[str], predicted: AbstractSet[Claim], gold: AbstractSet[Claim]) -> None:
    counts.update(gold=len(gold), predicted=len(predicted), correct=len(gold & predicted))


def _cost(sentences: Sequence[tuple[Labeled, Labeled]]) -> Cost:
    with_help = total(corrections(one, other) for one, other in sentences)
    alone = total(corrections(replace(other, entities=(), stances=()), other) for _, other in sentences)
    return Cost(with_help, _on_entities(with_help), _on_entities(alone), with_help.actions, alone.actions)


def _on_entities(counts: Corrections) -> int:
    return counts.retyped + counts.respanned + counts.removed + counts.added
