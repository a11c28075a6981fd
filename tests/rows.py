"""Rows of the three configs made one by one from records: slow and plain, to compare the columns of a release with."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from annotate.errors import DataError, Fault, Reason
from annotate.labels import NEUTRAL, LabelSet
from annotate.records import Entity, Gold, Span, Stance
from annotate.release.bio import bio_tags, tokens_of
from annotate.spans import text_of

__all__ = ["NerRow", "Rows", "SpansRow", "StanceRow", "stance_toward"]


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


class Rows:
    """Turns gold records into rows; class ids follow the frozen order of a label set."""

    def __init__(self, labels: LabelSet) -> None:
        self._labels = labels
        self._tag_ids = {name: number for number, name in enumerate(labels.bio_names)}
        self._stance_ids = {name: number for number, name in enumerate(labels.stance_names)}

    def of(self, record: Gold, tokens: Sequence[Span]) -> dict[str, Sequence[tuple[Any, ...]]]:
        """The rows of one sound record with its tokens, by config.

        Raises:
            DataError: BIO cannot hold the entities, or stances toward one entity differ.
        """
        return {
            "ner": [self.ner(record, tokens)],
            "stance": list(self.stance(record)),
            "spans": [self.spans(record)],
        }

    def ner(self, record: Gold, tokens: Sequence[Span]) -> NerRow:
        """The sentence as tokens and tags."""
        tags = [self._tag_ids[tag] for tag in bio_tags(tokens, record.entities)]
        return NerRow(record.id, record.article_id, tokens_of(record.text, tokens), tags, record.text, list(tokens))

    def stance(self, record: Gold) -> Iterator[StanceRow]:
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

    def spans(self, record: Gold) -> SpansRow:
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


def stance_toward(target: Entity, record: Gold) -> Stance:
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


def _place(entity: Entity) -> tuple[int, int, str]:
    return entity.start, entity.end, entity.label
