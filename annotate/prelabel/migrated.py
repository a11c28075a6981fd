"""Engines know the labels they were made for; after a migration of the label set, what they say is brought up to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import orjson

from annotate.labels import LabelSet
from annotate.records import Prelabeled
from annotate.relabel import Change, brought_up, labels_ever, retired

__all__ = ["brought", "ever", "least_ever"]


def ever(labels: LabelSet, changes: Sequence[Change]) -> LabelSet:
    """The labels that an engine may say: those of now and those of before the migrations."""
    return labels_ever(labels, changes) if changes else labels


def least_ever(thresholds: Mapping[str, float], labels: LabelSet, changes: Sequence[Change]) -> Mapping[str, float]:
    """Thresholds of all labels that an engine may say; one of before has that of what it became."""
    least = dict(thresholds)
    for name in retired(changes, labels.entity_names, labels.stance_names).entities:
        now = name
        for change in changes:
            now = change.splits[now].otherwise if now in change.splits else change.entities.get(now, now) or ""
        if now in thresholds:
            least[name] = thresholds[now]
    return least


def brought(records: Iterable[Prelabeled], changes: Sequence[Change], *, given: bool = False) -> Iterator[Prelabeled]:
    """Bring what an engine said to the labels of now.

    Args:
        records: what it said, by labels of any time.
        changes: the migrations, oldest first.
        given: the entities have the labels of now already, as those of gold do; a label that was split is not split
            once more.
    """
    for record in records:
        outcome = brought_up(orjson.loads(record.to_json()), changes, len(changes) if given else 0)
        yield Prelabeled.from_dict(outcome.data) if outcome.notes else record
