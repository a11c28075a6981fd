"""Export snapshots: every task of a project, or some of them, with all annotations as of one moment."""

import codecs
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import Any, BinaryIO

from annotate.errors import StudioError
from annotate.studio.client import Client

__all__ = ["Snapshot", "decoded", "export", "moment", "snapshot", "sweep"]

_TITLE = "annotate pull"  # with the moment it was made, so that what a killed pull left is known
_STALE_S = 900
_PATIENCE_S = 600
_CHUNK = 1 << 20
_NO_TASK = {"filter": "filter:tasks:id", "operator": "equal", "type": "Number", "value": 0}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an export holds: when it was taken by the server's clock, and the tasks, read as they are asked for."""

    taken_at: str
    tasks: Iterator[dict[str, Any]]


@contextmanager
def snapshot(
    client: Client,
    project: int,
    conditions: Sequence[Mapping[str, Any]] = (),
    *,
    either: bool = False,
    predictions: bool = False,
    drafts: bool = False,
) -> Iterator[Snapshot]:
    """Take an export snapshot and open it; on the server nothing of it stays.

    A snapshot has cancelled annotations and who made them, which the server's list of annotations has not.

    Args:
        client: the server.
        project: number of the project.
        conditions: which tasks, as filters of the Data Manager; all when there are none. Label Studio takes them as a
            saved view, which is there for as long as the snapshot is being made.
        either: take tasks that fulfil one of the conditions rather than all.
        predictions: with the predictions in full, rather than their numbers.
        drafts: with the drafts in full, rather than their numbers.

    Raises:
        StudioError: the server failed.
    """
    options = {
        "drafts": {"only_id": not drafts},
        "predictions": {"only_id": not predictions},
        "annotations__completed_by": {"only_id": False},
        "include_annotation_history": False,
    }
    title = f"{_TITLE} {int(time.time())}"
    place = f"/api/projects/{project}/exports/"
    with tempfile.TemporaryFile(prefix="annotate-") as file:
        # The view goes before anything else is asked: while the server makes an export, SQLite lets nobody write.
        with _view(client, project, title, conditions, either) as view:
            body: dict[str, Any] = {"title": title, "serialization_options": options}
            if view is not None:
                body["task_filter_options"] = {"view": view}
            made = client.ask("exporting", "POST", place, body=body)
            try:
                if made.get("status") != "completed":  # without Redis the server answers when it is done
                    _await(client, f"{place}{made['id']}")
                client.fetch("fetching the export", f"{place}{made['id']}/download", file)
            finally:
                with suppress(StudioError):
                    client.ask("removing the export", "DELETE", f"{place}{made['id']}")
        yield Snapshot(made["created_at"], decoded(file))


def moment(client: Client, project: int) -> str:
    """What time it is by the server's clock."""
    with snapshot(client, project, [_NO_TASK]) as taken:
        return taken.taken_at


def export(client: Client, project: int) -> list[dict[str, Any]]:
    """Every task of a project with all its annotations, skipped ones too, as of one moment."""
    with snapshot(client, project) as taken:
        return list(taken.tasks)


def sweep(client: Client, project: int) -> None:
    """Remove the snapshots and views that a killed pull left on the server."""
    places = ((f"/api/projects/{project}/exports/", None), ("/api/dm/views/", {"project": project}))
    for place, params in places:
        found = client.ask("looking at exports", "GET", place, params=params)
        rows: Iterable[Mapping[str, Any]] = found.get("results", ()) if isinstance(found, dict) else found
        for row in rows:
            if _stale(row.get("title") or (row.get("data") or {}).get("title")):
                with suppress(StudioError):
                    client.ask("removing an export", "DELETE", f"{place}{row['id']}")


def decoded(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """Decode the objects of a file that is one JSON array, without holding more than a stretch of it in memory.

    NaN and infinity, which are no JSON and which Label Studio takes and gives all the same, become None.

    Raises:
        StudioError: the file is no such array, or ends too early.
    """
    file.seek(0)
    decode = JSONDecoder(parse_constant=lambda _: None).raw_decode
    text = codecs.getincrementaldecoder("utf-8")()
    rest, at, ended = "", 0, False
    while True:
        while at < len(rest) and rest[at] in "[, \t\r\n":
            at += 1
        if rest[at : at + 1] == "]":
            return
        try:
            found, at = decode(rest, at)
        except JSONDecodeError as error:
            if ended:
                raise StudioError(f"the export breaks off, or is no JSON: {error}") from error
            raw = file.read(_CHUNK)
            ended = not raw
            try:
                rest, at = rest[at:] + text.decode(raw, ended), 0
            except UnicodeDecodeError as wrong:
                raise StudioError(f"the export breaks off, or is no UTF-8: {wrong}") from wrong
            continue
        yield found


@contextmanager
def _view(
    client: Client, project: int, title: str, conditions: Sequence[Mapping[str, Any]], either: bool
) -> Iterator[int | None]:
    if not conditions:
        yield None
        return
    filters = {"conjunction": "or" if either else "and", "items": list(conditions)}
    body = {"project": project, "data": {"title": title, "filters": filters}}
    made = client.ask("making a view", "POST", "/api/dm/views/", body=body)
    try:
        yield int(made["id"])
    finally:
        with suppress(StudioError):
            client.ask("removing the view", "DELETE", f"/api/dm/views/{made['id']}")


def _await(client: Client, place: str) -> None:
    until = time.monotonic() + _PATIENCE_S
    pause = 0.05
    while (status := client.ask("waiting for the export", "GET", place)["status"]) != "completed":
        if status == "failed" or time.monotonic() > until:
            raise StudioError(f"{client.url}: the export is {status}")
        time.sleep(pause)
        pause = min(2.0, pause * 1.5)


def _stale(title: object) -> bool:
    words = title.split() if isinstance(title, str) else []
    return " ".join(words[:-1]) == _TITLE and words[-1].isdecimal() and time.time() - int(words[-1]) > _STALE_S
