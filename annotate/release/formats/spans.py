"""Spans as JSONL: the sentence with entities and stances as offsets, the columns of a release's `spans` config.

`annotator` stands beside them; it is null for gold. `topic` and `topic_stance` stand where the sentence as a whole was
asked about.
"""

from collections.abc import Iterable
from typing import Any, BinaryIO

import orjson

from annotate.records import Labeled
from annotate.release.formats.writer import Sample, Writer, annotator_of

__all__ = ["SPANS", "row_of", "write"]


def write(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write one object per sentence; overlapping entities, holders and cues are kept."""
    for record, _ in samples:
        out.write(orjson.dumps(row_of(record), option=orjson.OPT_APPEND_NEWLINE))


def row_of(record: Labeled) -> dict[str, Any]:
    """The sentence as a row of JSON values; a cue is [start, end]."""
    about = record.topic_stance
    return {
        "id": record.id,
        "article_id": record.article_id,
        "lang": record.lang,
        "index": record.index,
        "start": record.start,
        "end": record.end,
        "kind": record.kind,
        "text": record.text,
        "annotator": annotator_of(record),
        "entities": [{"id": e.id, "start": e.start, "end": e.end, "label": e.label} for e in record.entities],
        "stances": [
            {"target": s.target, "holder": s.holder, "label": s.label, "cue": list(s.cue) if s.cue else None}
            for s in record.stances
        ],
        **({"topic": about.topic, "topic_stance": about.label} if about else {}),
    }


SPANS = Writer(write)
