"""Puts pre-labels of another engine version in the place of those that a task was pushed with."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from annotate.records import Prelabeled
from annotate.studio.client import Client, Project
from annotate.studio.codec import model_version, prediction
from annotate.studio.ledger import Ledger, Pushed
from annotate.studio.push.removal import IDLE, listed, touched
from annotate.studio.snapshot import snapshot

__all__ = ["refresh", "refreshable", "show_version"]

_SETTLED_AT_ONCE = 25


def refresh(client: Client, project: Project, book: Ledger, records: Iterable[Prelabeled]) -> set[str]:
    """Replace the prediction of each sentence's task, unless somebody has worked on the task.

    A prediction is changed in place, so that repeating it changes nothing and no task ever has two. What is about to be
    shown is in the ledger before, so that a refresh that was cut off is known.

    Returns:
        The sentences whose tasks show the new pre-labels.

    Raises:
        StudioError: the server failed; the same call goes on.
    """
    wanted = {record.id: record for record in records}
    rows = book.rows(wanted)
    uids = _tasks(rows)
    if not uids:
        return set()
    with snapshot(client, project.id, [listed(sorted(uids))], predictions=True) as taken:
        tasks = {uids[task["id"]]: task for task in taken.tasks if task["id"] in uids}
    # One that somebody is at work on keeps what they see; if a refresh was cut off before, that may be the new one.
    idle = {uid: task for uid, task in tasks.items() if not task["annotations"] and not task["drafts"]}
    for uid, task in tasks.items():
        if (planned := rows[uid].next) is not None and uid not in idle:
            _conclude(book, uid, task, planned)
    book.plan(wanted[uid] for uid in idle)
    done: dict[str, str] = {}
    for uid, task in idle.items():
        done[uid] = _replace(client, task, wanted[uid], _versions(rows[uid]))
        if len(done) == _SETTLED_AT_ONCE:
            book.replaced(done)
            done = {}
    book.replaced(done)
    return set(idle)


def refreshable(client: Client, project: Project, book: Ledger, records: Iterable[Prelabeled]) -> set[str]:
    """The sentences whose tasks `refresh` would give the new pre-labels; nothing is changed."""
    uids = _tasks(book.rows(record.id for record in records))
    busy = touched(client, project.id, uids)
    return {uid for number, uid in uids.items() if number not in busy}


def show_version(
    client: Client, project: Project, book: Ledger, sent: str | None, coming: Mapping[str, int] | None = None
) -> int:
    """Let annotators see the pre-labels that most idle tasks have: Label Studio shows those of one version alone.

    A version that is none of ours belongs to an ML backend and is left alone.

    Args:
        client: the server.
        project: where the tasks are.
        book: the ledger.
        sent: the version of what was sent or replaced last, which wins where others have as many; None if nothing was.
        coming: in a dry run, how many idle tasks more of each version there would be; nothing is changed then.

    Returns:
        How many idle tasks have pre-labels that are not shown.
    """
    place = f"/api/projects/{project.id}/"
    versions = book.versions() | (coming or {}).keys()
    if not versions or not project.id or (not sent and len(versions) == 1):
        return 0
    now = client.ask("reading the project", "GET", place).get("model_version") or ""
    if now not in versions and (now or not sent):
        return 0
    idle = _idle(client, project.id, versions) if len(versions) > 1 else {}
    for version, more in (coming or {}).items():
        idle[version] = idle.get(version, 0) + more
    best = max(sorted(versions), key=lambda version: (idle.get(version, 0), version == sent, version == now))
    if now != best and coming is None:
        client.ask("choosing what is shown", "PATCH", place, body={"model_version": best})
    return sum(count for version, count in idle.items() if version != best)


def _idle(client: Client, project: int, versions: Iterable[str]) -> dict[str, int]:
    """How many tasks that nobody has worked on have predictions of each version."""
    found: dict[str, int] = {}
    for version in sorted(versions, key=len, reverse=True):
        # The server looks for the version within the names of versions.
        wanted = {"filter": "filter:tasks:predictions_model_versions", "operator": "contains", "type": "List"}
        count = client.page_of_tasks(project, [*IDLE, {**wanted, "value": [version]}])[1]
        found[version] = count - sum(of for other, of in found.items() if version in other)
    return found


def _tasks(rows: Mapping[str, Pushed]) -> dict[int, str]:
    """Uids by the ids of the tasks that are on the server."""
    return {row.task_id: uid for uid, row in rows.items() if row.state == "done" and row.task_id is not None}


def _replace(client: Client, task: Mapping[str, Any], record: Prelabeled, ours: set[str]) -> str:
    """Change the prediction of a task, and return since when by the server's clock the new one is shown."""
    wanted = {"task": task["id"], **prediction(record)}
    mine = [p for p in task["predictions"] if p["model_version"] in ours | {wanted["model_version"]}]
    if not mine:
        # Somebody deleted it. Should the answer be lost, the next refresh finds what this one made.
        made = client.ask("making a prediction", "POST", "/api/predictions", body=wanted, once=True)
        return str(made["created_at"])
    first, *others = sorted(mine, key=lambda p: int(p["id"]))
    place = "/api/predictions/{}/"
    changed = client.ask("changing a prediction", "PATCH", place.format(first["id"]), body=wanted)
    for other in others:
        client.ask("removing a prediction", "DELETE", place.format(other["id"]))
    return str(changed["updated_at"])


def _conclude(book: Ledger, uid: str, task: Mapping[str, Any], planned: bytes) -> None:
    """Write down whether a refresh that was cut off had reached the task that somebody has worked on since."""
    wanted = prediction(Prelabeled.from_dict(orjson.loads(planned)))
    shown = [
        p
        for p in task["predictions"]
        # After a migration the labels alone differ, and with them the ids of the regions.
        if p["model_version"] == wanted["model_version"] and _regions(p) == _regions(wanted)
    ]
    if shown:
        book.replaced({uid: shown[0]["updated_at"]})
    else:
        book.drop_plan(uid)


def _regions(prediction: Mapping[str, Any]) -> set[str | None]:
    return {item.get("id") for item in prediction["result"]}


def _versions(row: Pushed) -> set[str]:
    records = [row.record, *([row.next] if row.next else [])]
    return {model_version(Prelabeled.from_dict(orjson.loads(record)).engine) for record in records}
