"""Gold records as rows of the three configs, streamed into one Parquet file per config and split."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from annotate.errors import DataError, Fault, Reason
from annotate.labels import NEUTRAL, LabelSet
from annotate.records import Entity, Labeled, Span, Stance
from annotate.release.bio import bio_tags, tokens_of
from annotate.release.content import ContentHash
from annotate.release.features import TOPIC, Features, arrow_schema, features
from annotate.spans import text_of

if TYPE_CHECKING:
    import pyarrow.parquet as pq

__all__ = ["NerRow", "Rows", "SpansRow", "StanceRow", "Table", "Tables", "TopicRow", "content_of", "stance_toward"]

_BATCH = 5_000  # rows, also of a row group: 1 to 5 MB in memory


class NerRow(NamedTuple):
    """A sentence as tokens with one class id each; `offsets` are [start, end] of every token in `text`."""

    id: str
    article_id: str
    tokens: list[str]
    ner_tags: list[int]
    text: str
    offsets: list[Span]


class StanceRow(NamedTuple):
    """One entity of a stance-bearing type and the stance toward it; `holder` is who takes it, null when unnamed."""

    id: str
    article_id: str
    text: str
    target: str
    target_start: int
    target_end: int
    target_label: str
    holder: str | None
    holder_start: int | None
    holder_end: int | None
    cue_start: int | None
    cue_end: int | None
    stance: int


class SpansRow(NamedTuple):
    """A sentence with its entities and stances as offsets: gold itself, each neutral stance written out."""

    id: str
    article_id: str
    lang: str
    index: int  # type: ignore[assignment] # the column's name; nobody asks a row for tuple.index
    start: int
    end: int
    kind: str
    text: str
    entities: list[dict[str, Any]]
    stances: list[dict[str, Any]]


class TopicRow(NamedTuple):
    """A sentence and where it stands, as a whole, toward the topic of the label set."""

    id: str
    article_id: str
    text: str
    topic: str
    stance: int


@dataclass(frozen=True, slots=True)
class Table:
    """One Parquet file of a release."""

    config: str
    split: str
    file: str  # within the release
    rows: int
    content: str  # ContentHash of the rows
    arrow_bytes: int


class Tables(AbstractContextManager["Tables"]):
    """Writes gold records into `<config>/<split>.parquet` under a folder; memory holds one batch a file.

    A file appears with its first row, so a split without rows has none (`datasets` cannot load an empty one).
    """

    def __init__(self, folder: Path, labels: LabelSet) -> None:
        self._folder = folder
        self._labels = labels
        self._rows = Rows(labels)
        self._writers: dict[tuple[str, str], _Writer] = {}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers.values():
            writer.close(keep=kind is None)

    def add(self, split: str, record: Labeled, tokens: Sequence[Span]) -> None:
        """Write the rows that one record gives each config."""
        for config, rows in self._rows.of(record, tokens).items():
            for row in rows:
                self._writer(config, split).add(row)

    def tables(self) -> list[Table]:
        """What was written, by config and split in their order; complete once the block has ended."""
        return [writer.table for writer in self._writers.values()]

    def _writer(self, config: str, split: str) -> "_Writer":
        writer = self._writers.get((config, split))
        if writer is None:
            writer = _Writer(self._folder, config, split, features(config, self._labels))
            self._writers[config, split] = writer
        return writer


class Rows:
    """Turns gold records into rows; class ids follow the frozen order of a label set."""

    def __init__(self, labels: LabelSet) -> None:
        self._labels = labels
        self._tag_ids = {name: number for number, name in enumerate(labels.bio_names)}
        self._stance_ids = {name: number for number, name in enumerate(labels.stance_names)}

    def of(self, record: Labeled, tokens: Sequence[Span]) -> dict[str, Sequence[tuple[Any, ...]]]:
        """The rows of one sound record with its tokens, by config.

        Raises:
            DataError: BIO cannot hold the entities, or stances toward one entity differ.
        """
        return {
            "ner": [self.ner(record, tokens)],
            "stance": list(self.stance(record)),
            "spans": [self._spans_row(record)],
            TOPIC: list(self.topic(record)),
        }

    def ner(self, record: Labeled, tokens: Sequence[Span]) -> NerRow:
        """The sentence as tokens and tags."""
        tags = [self._tag_ids[tag] for tag in bio_tags(tokens, record.entities)]
        return NerRow(record.id, record.article_id, tokens_of(record.text, tokens), tags, record.text, list(tokens))

    def stance(self, record: Labeled) -> Iterator[StanceRow]:
        """One row per entity of a stance-bearing type, in order."""
        by_id = {entity.id: entity for entity in record.entities}
        for target in sorted(record.entities, key=_place):
            if not self._labels.bears_stance(target.label):
                continue
            stance = stance_toward(target, record)
            holder = by_id[stance.holder] if stance.holder else None
            yield StanceRow(
                id=f"{record.id}#{target.id}",
                article_id=record.article_id,
                text=record.text,
                target=text_of(record.text, target),
                target_start=target.start,
                target_end=target.end,
                target_label=target.label,
                holder=text_of(record.text, holder) if holder else None,
                holder_start=holder.start if holder else None,
                holder_end=holder.end if holder else None,
                cue_start=stance.cue.start if stance.cue else None,
                cue_end=stance.cue.end if stance.cue else None,
                stance=self._stance_ids[stance.label],
            )

    def topic(self, record: Labeled) -> Iterator[TopicRow]:
        """One row where it is known how the sentence as a whole stands, else none."""
        if said := record.topic_stance:
            stance = self._stance_ids[said.label]
            yield TopicRow(record.id, record.article_id, record.text, said.topic, stance)

    def _spans_row(self, record: Labeled) -> tuple[Any, ...]:
        """The row with the columns that a label set with a topic has besides."""
        row = self.spans(record)
        if self._labels.topic is None:
            return row
        said = record.topic_stance
        return (*row, said.topic if said else None, said.label if said else None)

    def spans(self, record: Labeled) -> SpansRow:
        """The sentence with offsets; entities by place, stances by target, then holder."""
        entities = sorted(record.entities, key=_place)
        said = {stance.target for stance in record.stances}
        silent = [
            Stance(target=entity.id, label=NEUTRAL)
            for entity in entities
            if self._labels.bears_stance(entity.label) and entity.id not in said
        ]
        order = {entity.id: number for number, entity in enumerate(entities)}
        stances = sorted(
            [*record.stances, *silent],
            key=lambda stance: (order[stance.target], order[stance.holder] if stance.holder else -1),
        )
        return SpansRow(
            id=record.id,
            article_id=record.article_id,
            lang=record.lang,
            index=record.index,
            start=record.start,
            end=record.end,
            kind=record.kind,
            text=record.text,
            entities=[{"id": e.id, "start": e.start, "end": e.end, "label": e.label} for e in entities],
            stances=[{"target": s.target, "holder": s.holder, "label": s.label, "cue": s.cue} for s in stances],
        )


def stance_toward(target: Entity, record: Labeled) -> Stance:
    """The stance toward an entity: of several holders the one named first; NEUTRAL where gold is silent.

    Raises:
        DataError: holders differ, for and against, which one row cannot say.
    """
    found = [stance for stance in record.stances if stance.target == target.id]
    if not found:
        return Stance(target=target.id, label=NEUTRAL)
    if len(said := sorted({stance.label for stance in found})) > 1:
        raise DataError([Fault("", 0, record.id, Reason.DUPLICATE_STANCE, f"{target.id} is {' and '.join(said)}")])
    place = {entity.id: (entity.start, entity.end) for entity in record.entities}
    last = (len(record.text) + 1, 0)
    return min(found, key=lambda stance: place[stance.holder] if stance.holder else last)


def content_of(config: str, labels: LabelSet, tables: Iterable[Table]) -> str:
    """A SHA-256 of the columns and rows of a config, over those of the tables that are its."""
    told = [(table.split, table.rows, table.content) for table in tables if table.config == config]
    return sha256(orjson.dumps([features(config, labels), told])).hexdigest()


def _place(entity: Entity) -> tuple[int, int, str]:
    return entity.start, entity.end, entity.label


class _Writer:
    """One Parquet file, written batch by batch."""

    def __init__(self, folder: Path, config: str, split: str, columns: Features) -> None:
        self._config, self._split = config, split
        self._file = f"{config}/{split}.parquet"
        self._path = folder / self._file
        self._schema = arrow_schema(columns)
        self._rows: list[tuple[Any, ...]] = []
        self._count = 0
        self._arrow_bytes = 0
        self._content = ContentHash()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = self._open()

    @property
    def table(self) -> Table:
        return Table(self._config, self._split, self._file, self._count, self._content.hexdigest(), self._arrow_bytes)

    def add(self, row: tuple[Any, ...]) -> None:
        self._rows.append(row)
        if len(self._rows) == _BATCH:
            self._flush()

    def close(self, *, keep: bool) -> None:
        if keep:
            self._flush()
        self._stream.close()

    def _open(self) -> "pq.ParquetWriter":
        import pyarrow.parquet as pq

        return pq.ParquetWriter(self._path, self._schema, compression="zstd")

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._rows:
            return
        columns = zip(*self._rows, strict=True)
        batch = pa.record_batch(
            [pa.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)],
            schema=self._schema,
        )
        self._stream.write_batch(batch)
        self._content.add(batch)
        self._count += batch.num_rows
        self._arrow_bytes += batch.nbytes
        self._rows.clear()
