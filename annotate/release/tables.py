"""A batch of gold as rows of the three configs, column by column."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from annotate.release.features import TOPIC, arrow_schema, configs, features
from annotate.release.sheet import NOBODY, Sheet
from annotate.release.texts import Ints, offsets_of

__all__ = ["batches"]


def batches(sheet: Sheet) -> dict[str, pa.RecordBatch]:
    """The rows of sound records, by config, in the order of the records.

    `ner` has a sentence as tokens with one class each, `stance` an entity of a stance-bearing type with the stance
    toward it (of several holders the one that stands first), `spans` gold itself with each neutral stance written out,
    `topic` a sentence of which it is known where it stands, as a whole, toward the topic of the label set.
    """
    shared = {
        "id": _strings(map(itemgetter("id"), sheet.records)),
        "article_id": _strings(map(itemgetter("article_id"), sheet.records)),
        "text": sheet.texts.whole(),
        "entity": _strings(sheet.entity_ids),
    }
    schemas = {config: arrow_schema(features(config, sheet.labels)) for config in configs(sheet.labels)}
    columns = {
        "ner": _ner(sheet, shared),
        "stance": _stance(sheet, shared),
        "spans": _spans(sheet, shared, schemas["spans"]),
    }
    if TOPIC in schemas:
        columns[TOPIC] = _topic(sheet, shared)
    return {
        config: pa.record_batch([columns[config][name] for name in schema.names], schema=schema)
        for config, schema in schemas.items()
    }


def _ner(sheet: Sheet, shared: Mapping[str, Any]) -> dict[str, Any]:
    base = sheet.texts.borders[sheet.token_of]
    places = np.column_stack([sheet.token_starts - base, sheet.token_ends - base]).ravel()
    pairs = pa.ListArray.from_arrays(_int32(np.arange(0, len(places) + 1, 2)), _int32(places))
    lengths = sheet.counts_of(sheet.token_of)
    return {
        "id": shared["id"],
        "article_id": shared["article_id"],
        "tokens": _lists(lengths, sheet.texts.pieces(sheet.token_starts, sheet.token_ends)),
        "ner_tags": _lists(lengths, pa.array(sheet.tags)),
        "text": shared["text"],
        "offsets": _lists(lengths, pairs),
    }


def _stance(sheet: Sheet, shared: Mapping[str, Any]) -> dict[str, Any]:
    targets = sheet.bearing()
    of = sheet.entity_of[targets]
    said = sheet.chosen()[targets]
    holders, cue = sheet.holders[said], sheet.cue_starts[said]
    base = sheet.texts.borders[of]
    ids = shared["id"].take(pa.array(of))
    starts, ends = sheet.entity_starts, sheet.entity_ends
    unheld, uncued = holders == NOBODY, cue == NOBODY
    named = sheet.texts.cut(*(places[holders] * ~unheld for places in (starts, ends)))
    return {
        "id": pc.binary_join_element_wise(ids, shared["entity"].take(pa.array(targets)), "#"),
        "article_id": shared["article_id"].take(pa.array(of)),
        "text": shared["text"].take(pa.array(of)),
        "target": sheet.texts.cut(starts[targets], ends[targets]),
        "target_start": _int32(starts[targets] - base),
        "target_end": _int32(ends[targets] - base),
        "target_label": _names(sheet.labels.entity_names, sheet.entity_labels[targets]),
        "holder": pc.if_else(pa.array(unheld), pa.scalar(None, pa.string()), named),
        "holder_start": _int32(starts[holders] - base, unheld),
        "holder_end": _int32(ends[holders] - base, unheld),
        "cue_start": _int32(cue - base, uncued),
        "cue_end": _int32(sheet.cue_ends[said] - base, uncued),
        "stance": pa.array(sheet.stance_labels[said]),
    }


def _spans(sheet: Sheet, shared: Mapping[str, Any], schema: pa.Schema) -> dict[str, Any]:
    base = sheet.texts.borders[sheet.entity_of]
    entities = {
        "id": shared["entity"],
        "start": _int32(sheet.entity_starts - base),
        "end": _int32(sheet.entity_ends - base),
        "label": _names(sheet.labels.entity_names, sheet.entity_labels),
    }
    of = sheet.entity_of[sheet.targets]
    unheld, cued = sheet.holders == NOBODY, sheet.cue_starts != NOBODY
    cues = np.column_stack([sheet.cue_starts, sheet.cue_ends]) - sheet.texts.borders[of][:, None]
    lengths = offsets_of(2 * cued)
    stances = {
        "target": shared["entity"].take(pa.array(sheet.targets)),
        "holder": shared["entity"].take(pa.array(sheet.holders, mask=unheld)),
        "label": _names(sheet.labels.stance_names, sheet.stance_labels),
        "cue": pa.ListArray.from_arrays(_int32(lengths), _int32(cues[cued].ravel()), mask=pa.array(~cued)),
    }
    structs = {
        name: pa.StructArray.from_arrays([columns[field.name] for field in kind], fields=list(kind))
        for name, columns, kind in (
            ("entities", entities, schema.field("entities").type.value_type),
            ("stances", stances, schema.field("stances").type.value_type),
        )
    }
    plain = {
        name: pa.array(list(map(itemgetter(name), sheet.records)), schema.field(name).type)
        for name in ("lang", "index", "start", "end", "kind")
    }
    return {
        **{name: shared[name] for name in ("id", "article_id", "text")},
        **plain,
        "entities": _lists(sheet.counts_of(sheet.entity_of), structs["entities"]),
        "stances": _lists(sheet.counts_of(of), structs["stances"]),
        **(_toward_topic(sheet) if sheet.labels.topic else {}),
    }


def _topic(sheet: Sheet, shared: Mapping[str, Any]) -> dict[str, Any]:
    asked = np.flatnonzero(sheet.topic_stances != NOBODY)
    return {
        **{name: shared[name].take(pa.array(asked)) for name in ("id", "article_id", "text")},
        "topic": _strings(sheet.records[at]["topic_stance"]["topic"] for at in asked.tolist()),
        "stance": pa.array(sheet.topic_stances[asked]),
    }


def _toward_topic(sheet: Sheet) -> dict[str, Any]:
    """The columns of `spans` about the topic, null where nobody was asked."""
    said = [record.get("topic_stance") or {} for record in sheet.records]
    return {
        "topic": pa.array([it.get("topic") for it in said], pa.string()),
        "topic_stance": pa.array([it.get("label") for it in said], pa.string()),
    }


def _strings(values: Iterable[str]) -> pa.StringArray:
    return pa.array(list(values), pa.string())


def _names(names: Iterable[str], codes: Ints) -> pa.StringArray:
    return _strings(names).take(pa.array(codes))


def _int32(values: Ints, missing: Any = None) -> pa.Int32Array:
    return pa.array(values.astype(np.int32), mask=missing)


def _lists(lengths: Ints, values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(_int32(offsets_of(lengths)), values)
