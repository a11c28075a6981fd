"""The arrow `pull`: what people made of the tasks comes back as `annotation` records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from annotate.errors import Reason, StudioError, UsageError
from annotate.jsonl import open_out
from annotate.labels import DEFAULT, LabelSet
from annotate.records import Annotation
from annotate.schema import Complaint, Schema
from annotate.studio.client import Client
from annotate.studio.codec import Returned, annotation
from annotate.studio.ledger import Ledger

__all__ = ["PullSummary", "pull"]


@dataclass(frozen=True, slots=True)
class PullSummary:
    """What a pull brought back."""

    project: int
    tasks: int
    submitted: int
    skipped: int
    drafts: int
    quarantined: int


def pull(
    out: Path, quarantine: Path, client: Client, ledger: Path, *, project: str, labels: LabelSet = DEFAULT
) -> PullSummary:
    """Write every annotation of a project, in the order of its tasks; texts are recomputed from offsets.

    Args:
        out: where `annotation` records go; `-` is stdout.
        quarantine: where annotations go that break the contract, with the reasons and as the server gave them. The
            file holds what is wrong now: what was mended in Label Studio leaves it at the next pull.
        client: the server.
        ledger: what was pushed.
        project: title or id of the project.
        labels: the label set of the campaign.

    Raises:
        StudioError: the server failed or has no such project. The files are as they were.
        UsageError: a file cannot be written, or the ledger knows nothing of the project. The files are as they were.
    """
    found = client.project(project)
    if found is None:
        raise StudioError(f"{client.url}: there is no project {project!r}; push makes it", status=404)
    tasks = sorted(client.export(found.id), key=lambda task: int(task["id"]))
    drafts = sum(len(task.get("drafts") or ()) for task in tasks)
    counted = {"submitted": 0, "skipped": 0}
    quarantined = 0
    with (
        Ledger.open(ledger, found.id, found.created_at, found.title) as book,
        open_out(quarantine) as refused,
        open_out(out) as accepted,
    ):
        if not book.counts().done and any(task.get("annotations") for task in tasks):
            raise UsageError(
                f"{ledger}: knows none of the tasks of project {found.id} ({found.title!r}); annotate push finds them"
            )
        for task, raw, returned in _returned(tasks, book, labels):
            if returned.record is None:
                quarantined += 1
                refused.write(_refusal(task, raw, returned) + b"\n")
            else:
                counted[returned.record.outcome] += 1
                accepted.write(returned.record.to_json() + b"\n")
    return PullSummary(found.id, len(tasks), counted["submitted"], counted["skipped"], drafts, quarantined)


def _returned(
    tasks: list[dict[str, Any]], book: Ledger, labels: LabelSet
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Returned]]:
    schema = Schema(Annotation, labels)
    for task in tasks:
        annotations = sorted(task.get("annotations") or (), key=lambda raw: int(raw["id"]))
        if not annotations:
            continue
        uid, text = task["data"].get("uid"), task["data"].get("text")
        pushed = book.pushed(uid) if isinstance(uid, str) else None
        for raw in annotations:
            if pushed is None:
                wrong = Complaint(Reason.UNKNOWN_TASK, f"the ledger never pushed {uid!r} to this project")
                returned = Returned(None, (wrong,))
            elif text != pushed.text:
                wrong = Complaint(Reason.WRONG_TEXT, "the task's text is not the one that was pushed")
                returned = Returned(None, (wrong,))
            else:
                returned = annotation(raw, task["id"], pushed, schema)
            yield task, raw, returned


def _refusal(task: Mapping[str, Any], raw: Mapping[str, Any], returned: Returned) -> bytes:
    refusal = {
        "id": task["data"].get("uid"),
        "task_id": task["id"],
        "annotation_id": raw["id"],
        "reasons": [{"reason": reason.value, "found": found} for reason, found in returned.complaints],
        "annotation": raw,
    }
    return orjson.dumps(refusal)
