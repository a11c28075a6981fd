"""The command `quality corrections`: rates of what people corrected, per label, engine and annotator."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import orjson

from annotate.check import records
from annotate.labels import DEFAULT, LabelSet
from annotate.quality.agreement import newest
from annotate.quality.corrections import (
    Change,
    Corrections,
    changes,
    corrections,
    pairs,
    topic_change,
    topic_corrections,
)
from annotate.records import Annotation, Engine, Entity, Labeled, Prelabeled, Stance

__all__ = ["CorrectionsReport", "Row", "as_csv", "as_log", "by_label", "compare", "corrections_report"]


@dataclass(frozen=True, slots=True)
class Row:
    """Corrections of one label, engine version or annotator; rates are shares, None where there is nothing to share."""

    name: str
    sentences: int  # compared sentences, each as often as it was submitted; for a label those where it stands
    counts: Corrections

    @property
    def proposed(self) -> int:
        """How many entities the engine proposed."""
        return self.counts.kept + self.counts.retyped + self.counts.respanned + self.counts.removed

    @property
    def final(self) -> int:
        """How many entities people left."""
        return self.counts.kept + self.counts.retyped + self.counts.respanned + self.counts.added

    @property
    def rates(self) -> dict[str, float | None]:
        """Kept, retyped, re-spanned and removed of what was proposed; added, stance and holder of what was left."""
        return {
            field.name: _share(
                getattr(self.counts, field.name), self.final if field.name in _OF_FINAL else self.proposed
            )
            for field in fields(Corrections)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsReport:
    """What people made of pre-labels, in total and by group; groups are ordered by name."""

    total: Row
    labels: tuple[Row, ...]  # under the proposed label; what was added, under its own
    engines: tuple[Row, ...]
    annotators: tuple[Row, ...]
    topics: tuple[Row, ...]  # stances of whole sentences, by topic; empty where none was proposed or given
    not_submitted: int  # skipped in Label Studio
    without_prelabels: int  # the sentence is not among the pre-labels
    other_engine: int  # annotated on pre-labels of another engine or version than those given


def corrections_report(prelabels: Path, annotations: Path, *, labels: LabelSet = DEFAULT) -> CorrectionsReport:
    """Compare pre-labels with what people made of them.

    Of each annotator the newest version of a sentence counts, if it was submitted. An annotation that names another
    engine than the pre-label is left out and counted: the annotator saw something else.

    Args:
        prelabels: a `prelabeled` file, as it was pushed.
        annotations: an `annotation` file; `-` is stdin.
        labels: the label set of the campaign.

    Raises:
        DataError: records are broken.
        UsageError: a file cannot be read.
    """
    return compare(records(prelabels, Prelabeled, labels), records(annotations, Annotation, labels))


def compare(
    prelabels: Iterable[Prelabeled],
    annotations: Iterable[Annotation],
    on_change: Callable[[Annotation, Change], object] | None = None,
) -> CorrectionsReport:
    """Compare pre-labels with what people made of them, as `corrections_report` does.

    Args:
        prelabels: what annotators were shown; a sentence may stand there once for each engine version.
        annotations: what they made of it.
        on_change: called with each change and the annotation that has it, sentence by sentence.
    """
    last = newest(annotations)
    chosen: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in last:
        if annotation.outcome == "submitted":
            chosen[annotation.id].append(annotation)
    submitted = sum(map(len, chosen.values()))
    groups: dict[str, dict[str, list[Corrections]]] = {"labels": {}, "engines": {}, "annotators": {}, "topics": {}}
    total: list[Corrections] = []
    strangers: dict[str, int] = {}  # by sentence, how many wait for the version they were made on
    for before in prelabels:
        if before.id not in chosen:
            continue
        matching = [after for after in chosen[before.id] if after.engine in (None, before.engine)]
        chosen[before.id] = [after for after in chosen[before.id] if after.engine not in (None, before.engine)]
        strangers[before.id] = len(chosen[before.id])
        for after in matching:
            counts = corrections(before, after)
            total.append(counts)
            groups["engines"].setdefault(_version(before.engine), []).append(counts)
            groups["annotators"].setdefault(after.annotator, []).append(counts)
            for label, part in by_label(before, after).items():
                groups["labels"].setdefault(label, []).append(part)
            if about := after.topic_stance or before.topic_stance:
                groups["topics"].setdefault(about.topic, []).append(topic_corrections(before, after))
            if on_change:
                for change in changes(before, after):
                    on_change(after, change)
                if whole := topic_change(before, after):
                    on_change(after, whole)
    other_engine = sum(strangers.values())
    return CorrectionsReport(
        total=_row("all", total),
        **{group: tuple(_row(name, found[name]) for name in sorted(found)) for group, found in groups.items()},
        not_submitted=len(last) - submitted,
        without_prelabels=submitted - len(total) - other_engine,
        other_engine=other_engine,
    )


def as_log(annotation: Annotation, change: Change) -> bytes:
    """One change as a line of the correction log, without the line break."""
    entity = change.entity
    line = {
        "id": annotation.id,
        "annotation_id": annotation.annotation_id,
        "annotator": annotation.annotator,
        "engine": annotation.engine and _version(annotation.engine),
        "action": change.action,
        "entity": entity.id if entity else None,
        "text": annotation.text[entity.start : entity.end] if entity else annotation.text,
        "before": change.before,
        "after": change.after,
    }
    return orjson.dumps(line)


def by_label(before: Labeled, after: Labeled) -> dict[str, Corrections]:
    """Divide the corrections of one sentence by label: the proposed one, and for what was added its own."""
    paired = pairs(before.entities, after.entities)
    renamed = {old.id: new.id for old, new in paired}
    # A holder that was retyped or re-spanned is the same holder.
    stood = [replace(s, holder=renamed.get(s.holder, s.holder)) if s.holder else s for s in before.stances]
    found: dict[str, Corrections] = defaultdict(Corrections)
    for old, new in paired:
        found[old.label] += corrections(_alone(before, old, stood), _alone(after, new, after.stances))
    for old in before.entities:
        if old.id not in renamed:
            found[old.label] += Corrections(removed=1)
    partners = set(renamed.values())
    for new in after.entities:
        if new.id not in partners:
            found[new.label] += corrections(replace(before, entities=(), stances=()), _alone(after, new, after.stances))
    return dict(found)


def as_csv(report: CorrectionsReport) -> str:
    """The report as CSV: one row per group and name, with counts and rates; an empty cell where there is no rate."""
    buffer = io.StringIO(newline="")
    names = [field.name for field in fields(Corrections)]
    rows = csv.writer(buffer, lineterminator="\n")
    rows.writerow(["by", "name", "sentences", "proposed", "final", *names, *(f"{name}_rate" for name in names)])
    for by, group in _groups(report):
        for row in group:
            rates = ["" if rate is None else f"{rate:.4f}" for rate in row.rates.values()]
            counts = asdict(row.counts).values()
            rows.writerow([by, row.name, row.sentences, row.proposed, row.final, *counts, *rates])
    return buffer.getvalue()


_OF_FINAL = ("added", "stance", "holder")


def _groups(report: CorrectionsReport) -> list[tuple[str, Sequence[Row]]]:
    return [
        ("total", [report.total]),
        ("label", report.labels),
        ("engine", report.engines),
        ("annotator", report.annotators),
        ("topic", report.topics),
    ]


def _row(name: str, counts: Sequence[Corrections]) -> Row:
    return Row(name, len(counts), sum(counts, Corrections()))


def _version(engine: Engine) -> str:
    return f"{engine.name}/{engine.version}"


def _share(count: int, of: int) -> float | None:
    return count / of if of else None


def _alone(record: Labeled, entity: Entity, stances: Sequence[Stance]) -> Labeled:
    """The sentence as if it held this entity only, and what is said about it."""
    about = tuple(stance for stance in stances if stance.target == entity.id)
    return replace(record, entities=(entity,), stances=about)
