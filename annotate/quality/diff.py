"""The command `diff`: what changed from one gold file or release to another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from annotate.check import records
from annotate.errors import DataError, Fault, Reason
from annotate.jsonl import name_of
from annotate.labels import DEFAULT, NEUTRAL, LabelSet
from annotate.quality.corrections import Corrections, corrections, topic_change
from annotate.quality.lineage import Lineage, lineage
from annotate.records import Gold, Labeled, Sentence
from annotate.spans import text_of

__all__ = ["DiffSummary", "Example", "diff"]


class Example(NamedTuple):
    """One difference: the sentence's id, and what each side says; empty where a side has nothing."""

    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffSummary:
    """What changed. Each sentence is counted once, except that a moved one may be relabelled as well."""

    before: str
    after: str
    sentences_before: int
    sentences_after: int
    added: int
    removed: int
    text_changed: int
    moved: int  # the same text elsewhere in the same article
    relabelled: int  # the same text with other entities or stances, the topic's too
    unchanged: int
    labels: Corrections  # entities and stances of sentences whose text is the same
    examples: Mapping[str, tuple[Example, ...]]  # by the name of the count they belong to
    lineage: Lineage | None  # what the two come from, where both are releases

    @property
    def same(self) -> bool:
        """Whether all sentences are the same."""
        return self.unchanged == self.sentences_before == self.sentences_after


def diff(before: Path, after: Path, *, labels: LabelSet = DEFAULT, examples: int = 3) -> DiffSummary:
    """Compare two gold files or releases.

    A sentence is known by its id, else by its text within its article (then it has moved), else by its index within
    its article (then its text has changed). Entities and stances are compared where the text is the same; a stance
    that nobody wrote down is NEUTRAL. Cues, scores and who annotated are not compared, nor are splits. Of two releases
    it is also compared what they come from.

    Args:
        before: a `gold` file, or a release folder, of which the config `spans` is read; `-` is stdin.
        after: the same.
        labels: the label set of the gold files; a release has its own.
        examples: how many differences of each kind to name.

    Raises:
        DataError: records are broken, or a release cannot be read.
        UsageError: a file cannot be read.
    """
    old, new = _read(before, labels), _read(after, labels)
    counts = dict.fromkeys(("added", "removed", "text_changed", "moved", "relabelled", "unchanged"), 0)
    shown: dict[str, list[Example]] = {}

    def count(what: str, example: Example) -> None:
        counts[what] += 1
        named = shown.setdefault(what, [])
        if len(named) < examples:
            named.append(example)

    changes = Corrections()
    for left, right in _paired(old, new):
        if left is None or right is None:
            what, record = ("added", right) if left is None else ("removed", left)
            if record is not None:
                count(what, Example(record.id, left.text if left else "", right.text if right else ""))
        elif left.text != right.text:
            count("text_changed", Example(right.id, left.text, right.text))
        else:
            found = corrections(left, right)
            changes += found
            relabelled = found.actions or topic_change(left, right) is not None
            if left.id != right.id:
                count("moved", Example(right.id, left.id, right.id))
            if relabelled:
                count("relabelled", Example(right.id, _claims(left, right), _claims(right, left)))
            if left.id == right.id and not relabelled:
                counts["unchanged"] += 1
    return DiffSummary(
        before=name_of(before),
        after=name_of(after),
        sentences_before=len(old),
        sentences_after=len(new),
        labels=changes,
        examples={what: tuple(named) for what, named in shown.items() if named},
        lineage=lineage(before, after) if before.is_dir() and after.is_dir() else None,
        **counts,
    )


def _read(path: Path, labels: LabelSet) -> dict[str, Labeled]:
    """The sentences of a gold file or a release by id, in file order."""
    found = _released(path) if path.is_dir() else records(path, Gold, labels)
    # Scores, cues and engines take most of the memory and are not compared.
    return {record.id: _slim(record) for record in found}


def _released(folder: Path) -> Iterator[Labeled]:
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    from annotate.release.manifest import Manifest

    for table in Manifest.read(folder).of_config("spans"):
        path = folder / table.file
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches():
                    yield from map(_of_row, batch.to_pylist())
        except (OSError, ArrowException) as error:
            raise DataError([Fault(str(path), 0, "", Reason.UNREADABLE, str(error))]) from error


def _of_row(row: dict[str, Any]) -> Labeled:
    """A row of the config `spans`; one of a label set with a topic says in two columns where the sentence stands."""
    if (topic := row.pop("topic", None)) is not None:
        row["topic_stance"] = {"topic": topic, "label": row["topic_stance"]}
    return Labeled.from_dict(row)


def _slim(record: Labeled) -> Labeled:
    return Labeled(
        **{field.name: getattr(record, field.name) for field in fields(Sentence)},
        entities=record.entities,
        stances=tuple(replace(stance, cue=None, score=None) for stance in record.stances),
        topic_stance=record.topic_stance,
    )


def _paired(old: Mapping[str, Labeled], new: Mapping[str, Labeled]) -> Iterator[tuple[Labeled | None, Labeled | None]]:
    """Sentences that belong together, in the order of the new side, then what only the old side has."""
    partner = {name: old[name] for name in new if name in old}
    gone = {name: record for name, record in old.items() if name not in new}
    for key in (_by_text, _by_index):
        waiting: dict[tuple[str, str | int], list[Labeled]] = {}
        for record in gone.values():
            waiting.setdefault(key(record), []).append(record)
        for name, record in new.items():
            if name not in partner and (candidates := waiting.get(key(record))):
                partner[name] = candidates.pop(0)
                del gone[partner[name].id]
    for name, record in new.items():
        yield partner.get(name), record
    for record in gone.values():
        yield record, None


def _by_text(record: Labeled) -> tuple[str, str | int]:
    return record.article_id, record.text


def _by_index(record: Labeled) -> tuple[str, str | int]:
    return record.article_id, record.index


def _claims(record: Labeled, other: Labeled) -> str:
    """What a record says about its sentence and the other does not, in words."""
    return ", ".join(claim for claim in _said(record) if claim not in set(_said(other)))


def _said(record: Labeled) -> Iterator[str]:
    surface = {entity.id: text_of(record.text, entity) for entity in record.entities}
    for entity in record.entities:
        yield f"{surface[entity.id]} {entity.label} {entity.start}-{entity.end}"
    for stance in record.stances:
        if stance.label != NEUTRAL or stance.holder:
            by = f" by {surface[stance.holder]}" if stance.holder else ""
            yield f"{stance.label} toward {surface[stance.target]}{by}"
    if about := record.topic_stance:
        yield f"{about.label} toward the topic {about.topic}"
