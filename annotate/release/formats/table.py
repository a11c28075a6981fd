"""CSV: one row per entity and stance toward it, for spreadsheets and data frames.

An entity with two holders has two rows, one without a stance has one row whose stance is empty.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
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
    out.write(f"{','.join(COLUMNS)}\r\n".encode())
    for batch in batches:
        out.write("".join(chain.from_iterable(map(_lines, batch.records))).encode())


CSV = Writer(write_batches=write, lacks=frozenset({Part.ENTITYLESS, Part.TOPIC}))


def _lines(record: Mapping[str, Any]) -> Iterator[str]:
    text, entities = record["text"], record["entities"]
    said: dict[str, list[Mapping[str, Any]]] = {}
    for stance in record["stances"]:
        said.setdefault(stance["target"], []).append(stance)
    sentence = f"{_cell(record['id'])},{_known(record['article_id'])},{_known(record.get('annotator') or '')}"
    whole = _cell(text)
    cut = str if whole is text else _cell  # what is cut from a text that needs no quotes needs none
    for entity in entities:
        name, start, end = entity["id"], entity["start"], entity["end"]
        mention = f"{_known(name)},{start},{end},{_known(entity['label'])},{cut(text[start:end])}"
        for stance in said.get(name, _NONE):
            yield f"{sentence},{mention},{_about(stance, text, entities)},{whole}\r\n"


def _about(stance: Mapping[str, Any], text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    """Label, holder and cue of a stance: six cells."""
    label, holder, cue = _known(stance.get("label", "")), stance.get("holder"), stance.get("cue")
    if holder is None and cue is None:
        return f"{label},,,,,"
    held = next((_cell(text[it["start"] : it["end"]]) for it in entities if it["id"] == holder), "")
    start, end = cue or ("", "")
    return f"{label},{_known(holder or '')},{held},{start},{end},{_cell(text[slice(*cue)]) if cue else ''}"


def _cell(value: str) -> str:
    """A value as Python's csv writes it: in quotes where it would part cells or rows."""
    if "," in value or '"' in value or "\n" in value or "\r" in value:
        return '"' + value.replace('"', '""') + '"'
    return value


_known = lru_cache(1 << 12)(_cell)  # for what comes again and again
_NONE: Sequence[Mapping[str, Any]] = ({},)  # toward an entity of which nothing is said
