"""Removes tasks from the server, and keeps its hands off those that somebody has worked on."""

from collections.abc import Iterable, Iterator
from typing import Any

from annotate.studio.census import census
from annotate.studio.client import Client, Project
from annotate.studio.ledger import Ledger
from annotate.studio.snapshot import snapshot

__all__ = ["IDLE", "listed", "portions", "prune", "remove", "remove_copies", "touched"]

_AT_ONCE = 1000

_UNTOUCHED = tuple(
    {"filter": f"filter:tasks:{field}", "operator": "equal", "type": "Number", "value": 0}
    for field in ("total_annotations", "cancelled_annotations")
)

# The filters for tasks that nobody has worked on.
IDLE = (*_UNTOUCHED, {"filter": "filter:tasks:draft_exists", "operator": "equal", "type": "Boolean", "value": False})


def listed(ids: list[int]) -> dict[str, Any]:
    """The filter for tasks with one of these ids."""
    return {"filter": "filter:tasks:id", "operator": "in_list", "type": "List", "value": ids}


def portions(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in lists that one request takes."""
    every = sorted(ids)
    for at in range(0, len(every), _AT_ONCE):
        yield every[at : at + _AT_ONCE]


def touched(client: Client, project: int, ids: Iterable[int]) -> set[int]:
    """Those of the tasks that somebody has annotated, skipped or begun to annotate."""
    found: set[int] = set()
    for part in portions(ids):
        with snapshot(client, project, [listed(part)]) as taken:
            found |= {task["id"] for task in taken.tasks if task["annotations"] or task["drafts"]}
    return found


def remove(client: Client, project: int, ids: Iterable[int], *, annotated: bool = False) -> None:
    """Delete tasks; one that was annotated a moment ago is only deleted where `annotated` says so."""
    for part in portions(ids):
        body: dict[str, Any] = {"selectedItems": {"all": False, "included": part}}
        if not annotated:
            body["filters"] = {"conjunction": "and", "items": list(_UNTOUCHED)}
        params = {"id": "delete_tasks", "project": project}
        client.ask(f"removing {len(part)} tasks", "POST", "/api/dm/actions", params=params, body=body)


def remove_copies(client: Client, project: Project, book: Ledger, *, dry_run: bool = False) -> int:
    """Remove the second copies that an earlier sending of ours left, when it was carried out after all.

    A copy that somebody has worked on stays.

    Returns:
        How many were removed, or would be.
    """
    copies = book.copies(ours=True)
    if not copies:
        return 0
    idle = copies.keys() - touched(client, project.id, copies)
    if dry_run:
        return len(idle)
    remove(client, project.id, idle)
    census(client, project.id, book)
    return len(copies) - len(book.copies(ours=True))


def prune(
    client: Client, project: Project, book: Ledger, *, annotated: bool = False, dry_run: bool = False
) -> set[str]:
    """Remove the tasks of sentences that are not in the input of this push.

    Args:
        client: the server.
        project: where the tasks are.
        book: the ledger, which was given what is in the input.
        annotated: also those that somebody has worked on; what they did goes with them.
        dry_run: look, and change nothing.

    Returns:
        Ids of the sentences whose tasks were removed, or would be.
    """
    left = book.left()
    kept = set() if annotated else touched(client, project.id, left.values())
    if dry_run:
        return {uid for uid, number in left.items() if number not in kept}
    remove(client, project.id, set(left.values()) - kept, annotated=annotated)
    census(client, project.id, book)
    removed = left.keys() - book.left().keys()
    book.forget(removed)
    return removed
