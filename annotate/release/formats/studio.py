"""Label Studio's JSON: an array of tasks, each with an annotation, that its import takes again.

Regions, choices and relations are those of a push. Data, too, is what a push sends; nothing is known of the article
around the sentence, so `title`, `before`, `after` and `url` are empty.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, BinaryIO

import orjson

from annotate.records import Engine, Labeled, Prelabeled
from annotate.release.formats.writer import Part, Sample, Writer
from annotate.studio.codec import Context, result, task, unsendable

__all__ = ["STUDIO", "write"]


def write(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write the array, one task per line."""
    before = b"[\n"
    for record, _ in samples:
        out.write(before + orjson.dumps(_task(record)))
        before = b",\n"
    out.write(b"[]\n" if before == b"[\n" else b"\n]\n")


STUDIO = Writer(write, lacks=frozenset({Part.CUES, Part.NEUTRAL, Part.ANNOTATORS}), refuses=unsendable)


def _task(record: Labeled) -> dict[str, Any]:
    labeled = {f.name: getattr(record, f.name) for f in fields(Labeled)}
    data = task(Prelabeled(**labeled, engine=Engine(name="export", version="1")), Context())["data"]
    marks = [{**mark, "origin": "manual"} if "origin" in mark else mark for mark in result(record)]
    return {"data": data, "annotations": [{"result": marks, "was_cancelled": False}]}
