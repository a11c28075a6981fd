"""Prodigy's JSONL: text, tokens and spans with token indices; `annotate` reads it back, stances and all.

`token_end` is the last token of a span, not the one after it. Stances stand as `stances` at the span they are toward.
Source: https://prodi.gy/docs/api-interfaces.
"""

from collections.abc import Iterable
from typing import Any, BinaryIO

import orjson

from annotate.records import Entity, Labeled, Span
from annotate.release.formats.writer import Sample, Writer, annotator_of
from annotate.spans import text_of

__all__ = ["PRODIGY", "write"]


def write(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write one accepted example per sentence; what Prodigy does not know of a sentence stands in `meta`."""
    for record, tokens in samples:
        text = record.text
        starts = {token.start: number for number, token in enumerate(tokens)}
        ends = {token.end: number for number, token in enumerate(tokens)}
        row: dict[str, Any] = {
            "text": text,
            "tokens": [
                {
                    "text": text_of(text, token),
                    "start": token.start,
                    "end": token.end,
                    "id": number,
                    "ws": text[token.end : token.end + 1].isspace(),
                }
                for number, token in enumerate(tokens)
            ],
            "spans": [
                {
                    "start": entity.start,
                    "end": entity.end,
                    "token_start": starts[entity.start],
                    "token_end": ends[entity.end],
                    "label": entity.label,
                    "id": entity.id,
                    "stances": _stances(record, entity),
                }
                for entity in record.entities
            ],
            "meta": {
                "id": record.id,
                "article_id": record.article_id,
                "lang": record.lang,
                "index": record.index,
                "start": record.start,
                "end": record.end,
                "kind": record.kind,
            },
            "answer": "accept",
        }
        if about := record.topic_stance:
            row["meta"] |= {"topic": about.topic, "topic_stance": about.label}
        if who := annotator_of(record):
            row["_annotator_id"] = who
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


PRODIGY = Writer(write, on_tokens=True)


def _stances(record: Labeled, target: Entity) -> list[dict[str, Any]]:
    def cue(span: Span | None) -> list[int] | None:
        return list(span) if span else None

    return [
        {"label": said.label, "holder": said.holder, "cue": cue(said.cue)}
        for said in record.stances
        if said.target == target.id
    ]
