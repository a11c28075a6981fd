"""How the memory of push and pull grows with a campaign of up to a million tasks.

    python benchmarks/studio_memory.py [--tasks N …] [--json FILE]

Everything of ours is at work (reading, checking, the ledger, the files); in the place of Label Studio stands what gives
the answers that a push, a pull of everything and a pull after 10 edits get, and makes the exports as Label Studio words
them. Each is a process of its own; memory is what it takes at its peak above what it takes when everything is imported.
Of the times only ours are in here, so they say nothing of a real campaign.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from studio_sync import EDITS, Measured, Place, child, sentence, write

from annotate.studio.client import Client, Project

TITLE = "memory"
MOMENT = "2026-01-01T00:00:00.000000Z"


def main() -> int:
    """Measure and print; the figures go to a file as well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, nargs="+", default=[10_000, 200_000, 1_000_000])
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    figures: dict[str, dict[str, Measured]] = {}
    for size in options.tasks:
        with tempfile.TemporaryDirectory(prefix="annotate-bench-") as name:
            place = Place("", str(size), Path(name))
            write(place.folder / "prelabeled.jsonl", size)
            works = {"push": pushing, "full pull": pulling, f"pull after {EDITS} edits": pulling_edits}
            figures[str(size)] = {title: child(work, place, TITLE) for title, work in works.items()}
            with (place.folder / "annotations.jsonl").open("rb") as lines:
                assert sum(1 for _ in lines) == size
        told = (f"{title} {one.peak_mb:.0f} MB ({one.took_s:.0f} s)" for title, one in figures[str(size)].items())
        print(f"{size} tasks: {', '.join(told)}", flush=True)
    if options.json:
        plain = {size: {title: one._asdict() for title, one in made.items()} for size, made in figures.items()}
        options.json.write_text(json.dumps(plain, indent=1), "utf-8")
    return 0


def pushing(place: Place, title: str) -> Callable[[], None]:
    """A push of everything to an empty project."""
    from annotate.studio.push import Campaign, push

    client = StandIn(0, MOMENT)
    source, ledger = place.folder / "prelabeled.jsonl", place.folder / "ledger.sqlite3"

    def work() -> None:
        assert push(source, client, ledger, campaign=Campaign(project=title)).pushed == int(place.key)

    return work


def pulling(place: Place, title: str, edits: int = 0) -> Callable[[], None]:
    """A pull of everything, every task annotated; with `edits` one that is told of so many changes."""
    from annotate.studio.pull import pull

    client = StandIn(int(place.key), MOMENT, edits)
    out, quarantine = place.folder / "annotations.jsonl", place.folder / "quarantine.jsonl"

    def work() -> None:
        summary = pull(out, quarantine, client, place.folder / "ledger.sqlite3", project=title)
        assert (summary.submitted, summary.read) == (int(place.key), edits or int(place.key))

    return work


pulling_edits = partial(pulling, edits=EDITS)


class StandIn(Client):
    """Answers as a server would that has so many tasks, numbered from 1, each of them annotated."""

    def __init__(self, tasks: int, moment: str, changed: int = 0) -> None:
        super().__init__("http://127.0.0.1:9", "none")
        self._tasks, self._moment, self._changed = tasks, moment, changed
        self._range = (1, tasks)

    def project(self, name: str) -> Project | None:
        """The project, which is there when it has tasks."""
        return Project(1, name, self._moment, "", self._tasks) if self._tasks else None

    def create_project(self, title: str, interface: str, instruction: str, overlap: int) -> Project:
        """The project."""
        return Project(1, title, self._moment, interface, 0, overlap, instruction)

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any] | bytes]) -> list[int]:  # noqa: ARG002
        """Give out the next numbers."""
        before, self._tasks = self._tasks, self._tasks + len(tasks)
        return list(range(before + 1, self._tasks + 1))

    def page_of_tasks(
        self,
        project: int,  # noqa: ARG002
        conditions: Sequence[Mapping[str, Any]],
        *_: Any,
        **__: Any,
    ) -> tuple[list[dict[str, Any]], int]:
        """The last task, and how many there are."""
        low, high = self._within(conditions)
        top = [{"id": high, "data": {"uid": sentence(high - 1).id}}] if low <= high else []
        return top, max(0, high - low + 1)

    def ask(self, action: str, method: str, path: str, **options: Any) -> Any:  # noqa: ARG002
        """What is asked beside; an export is of the tasks of the view that was made before."""
        body = options.get("body") or {}
        if path.endswith("/views/") and method == "POST":
            items = body["data"]["filters"]["items"]
            self._range = (1, self._changed) if len(items) > 1 else self._within(items)
            return {"id": 1}
        if path.endswith("/exports/") and method == "POST":
            if "task_filter_options" not in body:
                self._range = (1, self._tasks)
            return {"id": 1, "status": "completed", "created_at": self._moment}
        return [] if path.endswith(("/views/", "/exports/")) else {}

    def fetch(self, action: str, path: str, into: BinaryIO) -> None:  # noqa: ARG002
        """An export."""
        low, high = self._range
        into.write(b"[")
        for number in range(low, high + 1):
            into.write((b", " if number > low else b"") + orjson.dumps(annotated(number)))
        into.write(b"]")

    def _within(self, conditions: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
        low, high = 1, self._tasks
        for condition in conditions:
            if isinstance(condition["value"], dict):
                low, high = max(low, condition["value"]["min"]), min(high, condition["value"]["max"])
        return low, high


def annotated(number: int) -> dict[str, Any]:
    """A task as an export has it, its pre-labels accepted."""
    from annotate.studio.codec import Context, result, task

    record = sentence(number - 1)
    person = {"id": 1, "email": "annotate@localhost", "first_name": "", "last_name": ""}
    annotation = {
        "id": number, "completed_by": person, "result": result(record), "was_cancelled": False, "ground_truth": False,
        "created_at": MOMENT, "updated_at": MOMENT, "draft_created_at": None, "lead_time": 1.5, "task": number,
        "updated_by": 1, "unique_id": f"{number:032}", "project": 1,
    }  # fmt: skip
    data = task(record, Context(before=record.text, after=record.text))["data"]
    return {"id": number, "annotations": [annotation], "drafts": [], "predictions": [number], "data": data}


if __name__ == "__main__":
    sys.exit(main())
