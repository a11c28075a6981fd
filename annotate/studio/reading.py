"""What people made of a task, as Label Studio tells it, becomes lines of `annotations.jsonl` and of the quarantine."""

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from annotate import check, records, relabel
from annotate.errors import Reason
from annotate.labels import LabelSet
from annotate.records import Annotation, Prelabeled
from annotate.schema import Complaint, Schema, load
from annotate.studio import codec
from annotate.studio.ledger import Ledger, Passed, Pushed, Returned

__all__ = ["Reader", "Reading", "reading"]

Reading = codec.Returned


def reading(labels: LabelSet, passed: Sequence[Passed] = ()) -> str:
    """A name for how annotations are read: another one when labels, migrations or the code that reads them change."""
    digest = sha256(orjson.dumps(load(Annotation, labels)))
    for module in (codec.__file__, check.__file__, records.__file__, relabel.__file__, __file__):
        digest.update(Path(module).read_bytes())
    for one in passed:
        digest.update(orjson.dumps([one.change.digest, one.since]))
    return digest.hexdigest()


class Reader:
    """Reads tasks for one pull."""

    def __init__(self, book: Ledger, labels: LabelSet, people: Callable[[], Mapping[int, str]]) -> None:
        """Make a reader.

        Args:
            book: what was pushed.
            labels: the label set of the campaign.
            people: asks for e-mail addresses by account number; called when somebody changed another's annotation.
        """
        self._book = book
        self._schema = Schema(Annotation, labels)
        self._as_saved = self._schema
        if book.passed:
            self._as_saved = Schema(Annotation, relabel.labels_ever(labels, [one.change for one in book.passed]))
        self._topic = labels.topic.text if labels.topic else None
        self._ask_people = people
        self._people: Mapping[int, str] | None = None
        self._has_former = book.has_former

    def read(self, tasks: Sequence[Mapping[str, Any]]) -> list[Returned]:
        """What the ledger is to keep of tasks that have annotations, in the order given; the others are passed over."""
        return self._read(
            (task["id"], *_packed(task["data"].get("uid"), task["data"].get("text"), task["annotations"]))
            for task in tasks
            if task.get("annotations")
        )

    def again(self, rows: Iterable[Returned]) -> list[Returned]:
        """Read again what was read before, since the ledger may know more by now."""
        return self._read((row.task_id, row.raw, orjson.loads(zlib.decompress(row.raw))) for row in rows)

    def _read(self, tasks: Iterable[tuple[int, bytes, Mapping[str, Any]]]) -> list[Returned]:
        tasks = list(tasks)
        rows = self._book.rows([told["uid"] for _, _, told in tasks if isinstance(told["uid"], str)])
        return [self._task(number, raw, told, rows.get(str(told["uid"]))) for number, raw, told in tasks]

    def _task(self, number: int, raw: bytes, told: Mapping[str, Any], row: Pushed | None) -> Returned:
        accepted, refused = [], []
        counts = {"submitted": 0, "skipped": 0, "reviewed": 0, "quarantined": 0}
        gone = 0
        for annotation in sorted(told["annotations"], key=lambda one: int(one["id"])):
            # Label Studio does not tell deleted accounts apart; of one sentence, each may be another person's.
            gone += annotation.get("completed_by") is None
            made = self._annotation(number, told, annotation, row, f"deleted account {gone}")
            if made.record is None:
                counts["quarantined"] += 1
                refused.append(_refusal(number, told["uid"], annotation, made.complaints))
            else:
                counts[made.record.outcome] += 1
                counts["reviewed"] += made.record.reviewer is not None
                accepted.append(made.record.to_json())
        return Returned(number, raw, _lines(accepted), _lines(refused), counts)

    def _annotation(
        self, number: int, told: Mapping[str, Any], raw: Mapping[str, Any], row: Pushed | None, nobody: str
    ) -> codec.Returned:
        if row is None:
            uid = told["uid"]
            found = (
                f"the ledger never pushed {uid!r} to this project"
                if uid
                else "its task has no uid, so it was not pushed"
            )
            return codec.Returned(None, (Complaint(Reason.UNKNOWN_TASK, found),))
        pushed = self._seen(told["uid"], raw, row)
        if told["text"] != pushed.text:
            wrong = Complaint(Reason.WRONG_TEXT, "the task's text is not the one that was pushed")
            return codec.Returned(None, (wrong,))
        made = codec.annotation(
            raw, number, pushed, self._as_saved, reviewer=self._reviewer(raw), topic=self._topic, nobody=nobody
        )
        return self._brought_up(made.record) if made.record and self._book.passed else made

    def _brought_up(self, record: Annotation) -> codec.Returned:
        """An annotation by the labels of now; what it was saved with is told by when it was saved."""
        saved_at = datetime.fromisoformat(record.updated_at)
        passed = self._book.passed
        epoch = sum(one.since is not None and datetime.fromisoformat(one.since) <= saved_at for one in passed)
        outcome = relabel.brought_up(orjson.loads(record.to_json()), [one.change for one in passed], epoch)
        wrong = outcome.complaints or tuple(self._schema.complaints(outcome.data))
        wrong = wrong or tuple(check.complaints(outcome.data, Annotation, {}))
        return codec.Returned(None if wrong else Annotation.from_dict(outcome.data), wrong)

    def _seen(self, uid: str, raw: Mapping[str, Any], row: Pushed) -> Prelabeled:
        """The pre-labels that the annotator saw: those that were shown when the task was opened."""
        opened = _opened(raw)
        for until, record in self._book.former(uid) if self._has_former else ():
            if opened is not None and opened < datetime.fromisoformat(until):
                return record
        return Prelabeled.from_dict(orjson.loads(row.record))

    def _reviewer(self, raw: Mapping[str, Any]) -> str | None:
        """Who changed an annotation last, if it was somebody other than its annotator."""
        person, last = raw.get("completed_by"), raw.get("updated_by")
        number = person.get("id") if isinstance(person, Mapping) else person
        if not isinstance(last, int) or last == number:
            return None
        if self._people is None:
            self._people = self._ask_people()
        return self._people.get(last, str(last))


def _opened(raw: Mapping[str, Any]) -> datetime | None:
    """When the annotator opened the task: before the annotation by the time that they spent on it."""
    try:
        made = datetime.fromisoformat(raw.get("draft_created_at") or raw["created_at"])
        return made - timedelta(seconds=float(raw.get("lead_time") or 0))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _packed(uid: Any, text: Any, annotations: Any) -> tuple[bytes, Mapping[str, Any]]:
    """What is told of a task: compressed, and as it will be when it is unpacked."""
    told = {"uid": uid, "text": text, "annotations": annotations}
    try:
        plain = orjson.dumps(told)
    except orjson.JSONEncodeError:  # a number of more than 64 bits, or nested deeply
        plain = json.dumps(told).encode()
        told = orjson.loads(plain)
    return zlib.compress(plain, 1), told


def _refusal(number: int, uid: Any, raw: Mapping[str, Any], complaints: Iterable[Complaint]) -> bytes:
    refusal = {
        "id": uid,
        "task_id": number,
        "annotation_id": raw["id"],
        "reasons": [{"reason": reason.value, "found": found} for reason, found in complaints],
        "annotation": raw,
    }
    return orjson.dumps(refusal)


def _lines(records: Iterable[bytes]) -> bytes:
    return b"".join(record + b"\n" for record in records)
