"""CSV: one row per entity and stance toward it, for spreadsheets and data frames.

An entity with two holders has two rows, one without a stance has one row whose stance is empty.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, BinaryIO

from annotate.release.formats.writer import Batch, Part, Writer

__all__ = ["COLUMNS", "CSV", "write"]

COLUMNS = (
    *("sentence_id", "article_id", "annotator", "entity_id", "start", "end", "label", "entity"),
    *("stance", "holder_id", "holder", "cue_start", "cue_end", "cue", "text"),
)


def write(batches: Iterable[Batch], out: BinaryIO) -> None:
    """Write a header and the rows, quoted as spreadsheets do; what is not there is an empty cell."""
    out.write(_encoded([COLUMNS]))
    for batch in batches:
        out.write(_encoded(chain.from_iterable(map(_rows, batch.records))))


CSV = Writer(write_batches=write, lacks=frozenset({Part.ENTITYLESS, Part.TOPIC}))


def _encoded(rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def _rows(record: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    text, entities = record["text"], record["entities"]
    said: dict[str, list[Mapping[str, Any]]] = {}
    for stance in record["stances"]:
        said.setdefault(stance["target"], []).append(stance)
    sentence = record["id"], record["article_id"], record.get("annotator")
    for entity in entities:
        name, start, end = entity["id"], entity["start"], entity["end"]
        mention = name, start, end, entity["label"], text[start:end]
        for stance in said.get(name, _NONE):
            yield (*sentence, *mention, *_about(stance, text, entities), text)


def _about(stance: Mapping[str, Any], text: str, entities: Iterable[Mapping[str, Any]]) -> tuple[object, ...]:
    """Label, holder and cue of a stance."""
    holder, cue = stance.get("holder"), stance.get("cue")
    held: tuple[object, object] = (None, None)
    if holder is not None:
        held = holder, next(text[it["start"] : it["end"]] for it in entities if it["id"] == holder)
    return (stance.get("label"), *held, *((*cue, text[slice(*cue)]) if cue else (None, None, None)))


_NONE: Sequence[Mapping[str, Any]] = ({},)  # toward an entity of which nothing is said
