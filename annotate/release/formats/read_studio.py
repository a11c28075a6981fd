"""Reads Label Studio's JSON: tasks with annotations of our labelling page, as `export` or Label Studio wrote them."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from annotate.errors import Fault, Reason
from annotate.jsonl import name_of, open_in
from annotate.records import Annotation, Engine, Prelabeled
from annotate.release.formats.reader import Draft, Job, draft, place
from annotate.schema import Schema
from annotate.studio.codec import annotation

__all__ = ["read_studio"]

_UNKNOWN = "1970-01-01T00:00:00Z"  # when nobody says; gold has no moments


def read_studio(job: Job) -> Iterator[Draft | Fault]:
    """Yield a record per task that one person annotated, or every reason why it cannot be one.

    Messages give the number of the task in the array where they would give a line.
    """
    file = name_of(job.source)
    with open_in(job.source) as stream:
        try:
            tasks = orjson.loads(stream.read())
        except orjson.JSONDecodeError as error:
            yield Fault(file, 0, "", Reason.BROKEN_JSON, str(error))
            return
    if not isinstance(tasks, list):
        yield Fault(file, 0, "", Reason.NOT_A_RECORD, "an array of tasks is needed")
        return
    schema = Schema(Annotation, job.labels)
    for number, task in enumerate(tasks, 1):
        try:
            yield from _task(job, (file, number), task, schema)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            yield Fault(file, number, "", Reason.SCHEMA, f"not a task of Label Studio: {error!r}")


def _task(job: Job, at: tuple[str, int], task: Mapping[str, Any], schema: Schema) -> Iterator[Draft | Fault]:
    sentence = _sentence(task["data"], job.lang)
    there = [it for it in task.get("annotations") or () if not it.get("was_cancelled")]
    job.lost["predictions"] += len(task.get("predictions") or ())
    job.lost["skipped annotations"] += len(task.get("annotations") or ()) - len(there)
    if not there:
        job.lost["tasks without an annotation"] += 1
        return
    if len(there) > 1:
        found = f"{len(there)} annotations, and gold has one; annotate pull and annotate resolve decide"
        yield Fault(*at, sentence["id"], Reason.UNRESOLVED, found)
        return
    pushed = Prelabeled(**sentence, engine=Engine(name="import", version="1"))
    raw = {"id": 1, "created_at": _UNKNOWN, "updated_at": _UNKNOWN, **there[0]}
    named = raw.get("completed_by") is not None
    if not named:
        raw["completed_by"] = "nobody"
    topic = job.labels.topic.text if job.labels.topic else None
    record, complaints = (back := annotation(raw, 1, pushed, schema, topic=topic)).record, back.complaints
    yield from (Fault(*at, sentence["id"], reason, found) for reason, found in complaints)
    if record:
        who = [record.annotator] if named else []
        yield draft(at, sentence, record.entities, record.stances, who, topic_stance=record.topic_stance)


def _sentence(data: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The sentence of a task; `data.uid` of a pushed one says where it stands."""
    text = data["text"]
    if "uid" not in data:
        return {**place(text, lang), "text": text}
    start, _, end = str(data["uid"]).rpartition(":")[2].partition("-")
    return {
        "id": data["uid"],
        **{field: data[field] for field in ("article_id", "lang", "index", "kind", "text")},
        "start": int(start),
        "end": int(end),
    }
