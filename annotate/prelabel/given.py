"""The `given` engine for entities: those that the sentences carry already, so that stances are judged by themselves."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from annotate.check import records
from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.jsonl import STDIO, name_of, read
from annotate.labels import LabelSet
from annotate.records import Engine, Entity, Gold, Labeled, Prelabeled, Sentence
from annotate.schema import kind_of

__all__ = ["GivenEntities", "with_entities_of"]


class GivenEntities:
    """Takes the entities of labelled records; a bare sentence has none."""

    engine = Engine(name="given", version="1")

    def __init__(self, labels: LabelSet) -> None:
        self._labels = frozenset(labels.entity_names)

    def entities(self, article: Sequence[Sentence]) -> list[tuple[Entity, ...]]:
        """Give the entities of each sentence of one article, sorted by start, as the protocol says."""
        return [self._sorted(one.entities) if isinstance(one, Labeled) else () for one in article]

    def _sorted(self, entities: Iterable[Entity]) -> tuple[Entity, ...]:
        return tuple(sorted((e for e in entities if e.label in self._labels), key=lambda e: (e.start, e.end)))


def with_entities_of(path: Path, sentences: Iterable[Sentence], source: Path, labels: LabelSet) -> Iterator[Sentence]:
    """Yield the sentences as the labelled records of the same id.

    Args:
        path: `gold` or `prelabeled` records; held in memory.
        sentences: what is asked for, in any order.
        source: the file they are from, for messages.
        labels: the labels that may occur.

    Raises:
        DataError: at the end, with every sentence that has no record there or another text; or records are broken.
        UsageError: the file cannot be read, or holds records of another kind.
    """
    if path == STDIO:
        raise UsageError("given entities are read from a file; - is none")
    kind = next((kind_of(line.data) for line in read(path) if not line.fault), Gold)
    if kind not in (Gold, Prelabeled):
        raise UsageError(f"{path}: {kind.__name__.lower()} records; entities are taken from gold or prelabeled ones")
    known = {record.id: record for record in records(path, kind, labels) if isinstance(record, Labeled)}
    faults: list[Fault] = []
    for sentence in sentences:
        record = known.get(sentence.id)
        if record is None:
            faults.append(Fault(name_of(source), 0, sentence.id, Reason.MISMATCH, f"has no record in {path}"))
        elif record.text != sentence.text:
            faults.append(Fault(name_of(source), 0, sentence.id, Reason.WRONG_TEXT, f"differs from the text in {path}"))
        else:
            yield record
    if faults:
        raise DataError(faults)
