"""CSV: one row per entity and stance toward it, for spreadsheets and data frames.

An entity with two holders has two rows, one without a stance has one row whose stance is empty.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from annotate.records import Labeled, Stance
from annotate.release.formats.writer import Part, Sample, Writer, annotator_of
from annotate.spans import text_of

__all__ = ["COLUMNS", "CSV", "write"]

COLUMNS = (
    *("sentence_id", "article_id", "annotator", "entity_id", "start", "end", "label", "entity"),
    *("stance", "holder_id", "holder", "cue_start", "cue_end", "cue", "text"),
)


def write(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write a header and the rows, quoted as spreadsheets do; what is not there is an empty cell."""
    out.write(_encoded([COLUMNS]))
    for record, _ in samples:
        out.write(_encoded(_rows(record)))


CSV = Writer(write, lacks=frozenset({Part.ENTITYLESS, Part.TOPIC}))


def _encoded(rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def _rows(record: Labeled) -> Iterator[tuple[object, ...]]:
    by_id = {entity.id: entity for entity in record.entities}
    by_target: dict[str, list[Stance]] = {}
    for said in record.stances:
        by_target.setdefault(said.target, []).append(said)
    for entity in record.entities:
        stances: Sequence[Stance | None] = by_target.get(entity.id) or (None,)
        for stance in stances:
            holder = by_id[stance.holder] if stance and stance.holder else None
            cue = stance.cue if stance else None
            yield (
                *(record.id, record.article_id, annotator_of(record)),
                *(entity.id, entity.start, entity.end, entity.label, text_of(record.text, entity)),
                stance.label if stance else None,
                *((holder.id, text_of(record.text, holder)) if holder else (None, None)),
                *((cue.start, cue.end, text_of(record.text, cue)) if cue else (None, None, None)),
                record.text,
            )
