"""`annotate evaluate`: how good pre-labels are, against gold."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import AsJson, Root, made_by, settings, workspace
from annotate.cli.talk import show

if TYPE_CHECKING:
    from annotate.quality.evaluate import Cost, Evaluation, TopicScores
    from annotate.quality.scores import Score

__all__ = ["evaluate"]


def evaluate(
    predicted: Annotated[
        Path | None,
        typer.Argument(metavar="PREDICTED", help="Pre-labels as JSONL; - is stdin. Default work/prelabeled.jsonl."),
    ] = None,
    gold: Annotated[Path | None, typer.Argument(metavar="GOLD", help="Gold as JSONL. Default work/gold.jsonl.")] = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Compare pre-labels with gold: entities, stances, calibration, and the work they leave.

    Where gold knows where whole sentences stand toward a topic, that is compared as well.
    Strict means same span and type (seqeval), relaxed means overlapping and of the same type (nervaluate's ent_type).
    """
    from annotate.quality.evaluate import evaluate as evaluate_files

    here = settings(root) if predicted and gold else workspace(root)
    found = evaluate_files(
        predicted or made_by("prelabel", here.prelabeled), gold or made_by("resolve", here.gold), labels=here.labels
    )
    summary = asdict(found)
    if found.topic is None:
        del summary["topic"]
    show(summary, list(_lines(found)), as_json=as_json)


def _lines(found: "Evaluation") -> Iterator[str]:
    yield f"{found.sentences} sentences"
    yield from _table("entities, strict", found.strict)
    yield from _table("entities, relaxed", found.relaxed)
    yield from _confusion(found.confusion)
    if found.calibration:
        yield f"expected calibration error {found.calibration.error:.3f}"
        for one in found.calibration.bins:
            yield f"    score {one.low:.1f}+{one.count:8,}{one.mean_score:8.1%} said{one.right:8.1%} right"
    stances = found.stances
    yield from _table("stances", {"targets": stances.targets, "with holder": stances.with_holder, **stances.by_label})
    yield f"    on the entities of the gold: accuracy {stances.accuracy:.1%}, macro F1 {stances.macro_f1:.1%}"
    yield f"    all NEUTRAL: accuracy {stances.baseline_accuracy:.1%}, macro F1 {stances.baseline_macro_f1:.1%}"
    yield f"    holders right in {stances.holders_right:.1%} of the right targets"
    if found.topic:
        yield from _topic(found.topic)
    yield from _cost(found.cost)
    if found.topic:
        left, alone = found.topic.actions, found.topic.sentences
        share = f"{left / alone:.0%}"
        yield f"    answers about the topic: {left} to give or to change instead of {alone} from nothing ({share})"


def _topic(topic: "TopicScores") -> Iterator[str]:
    yield from _table("topic", topic.by_label)
    yield f"    {topic.proposed} of {topic.sentences} sentences had a proposal"
    yield f"    accuracy {topic.accuracy:.1%}, macro F1 {topic.macro_f1:.1%}"
    baseline = f"accuracy {topic.baseline_accuracy:.1%}, macro F1 {topic.baseline_macro_f1:.1%}"
    yield f"    all {topic.baseline}: {baseline}"


def _table(title: str, scores: "Mapping[str, Score]") -> Iterator[str]:
    yield f"{title:20}{'gold':>8}{'predicted':>11}{'precision':>11}{'recall':>8}{'F1':>8}"
    for label, score in scores.items():
        yield (
            f"    {label:16}{score.gold:8,}{score.predicted:11,}"
            f"{score.precision:11.1%}{score.recall:8.1%}{score.f1:8.1%}"
        )


def _confusion(confusion: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    columns = list(next(iter(confusion.values())))
    yield f"{'gold, predicted':20}" + "".join(f"{column:>8}" for column in columns)
    for row, counts in confusion.items():
        yield f"    {row:16}" + "".join(f"{counts[column]:8,}" for column in columns)


def _cost(cost: "Cost") -> Iterator[str]:
    counts = cost.corrections
    yield (
        f"work left: {counts.added} to add, {counts.removed} to remove, {counts.retyped} to retype,"
        f" {counts.respanned} to re-span, {counts.stance} stances, {counts.holder} holders"
    )
    for what, left, alone in (
        ("entities", cost.entity_actions, cost.entity_actions_from_nothing),
        ("entities and stances", cost.actions, cost.actions_from_nothing),
    ):
        share = f" ({left / alone:.0%})" if alone else ""
        yield f"    {what}: {left} actions instead of {alone} from nothing{share}"
