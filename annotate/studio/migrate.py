"""A project's labelling interface is replaced by the label set's, unless an annotation would lose something by it."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotate.errors import UsageError
from annotate.studio.client import Client, Project
from annotate.studio.interface_diff import Control, controls
from annotate.studio.snapshot import snapshot

__all__ = ["losses", "migrate"]

_SHOWN = 20
_KINDS = {"labels": "Labels", "choices": "Choices"}


def migrate(client: Client, project: Project, wanted: str, *, dry_run: bool = False) -> None:
    """Give a project another labelling interface.

    Looks at every annotation and draft before the change, and once more after it: somebody may have submitted one in
    between, and then the old interface is put back.

    Args:
        client: the server.
        project: the project as it is.
        wanted: XML of the new interface.
        dry_run: look, and change nothing.

    Raises:
        UsageError: annotations hold what the new interface has no place for; nothing was changed.
        StudioError: the server failed, or refuses the interface.
    """
    _refuse(client, project, wanted, "nothing was changed")
    if dry_run:
        return
    _put(client, project.id, wanted)
    try:
        _refuse(client, project, wanted, "the old interface was put back")
    except UsageError:
        _put(client, project.id, project.interface)
        raise


def losses(task: Mapping[str, Any], known: Mapping[str, Control]) -> Iterator[str]:
    """Yield what of a task's annotations and drafts an interface has no place for.

    Args:
        task: as the export has it, with annotations and drafts in full.
        known: the controls of the interface by name.
    """
    for kind in ("annotations", "drafts"):
        for row in task.get(kind) or ():
            if isinstance(row, Mapping):
                place = f"task {task['id']}, {kind[:-1]} {row.get('id')}"
                yield from (f"{place}: {loss}" for loss in _of_results(row.get("result") or (), known))


def _of_results(results: Any, known: Mapping[str, Control]) -> Iterator[str]:
    marks = {
        item.get("id"): _names(item, "labels")
        for item in results
        if isinstance(item, Mapping) and item.get("type") == "labels"
    }
    relations = [control for control in known.values() if control.tag == "Relations"]
    for item in results:
        if not isinstance(item, Mapping):
            continue
        kind = item.get("type")
        if kind == "relation":
            for name in item.get("labels") or ():
                if not any(name in control.options for control in relations):
                    yield f"relation {name!r}"
            if not relations:
                yield "a relation"
            continue
        control = known.get(str(item.get("from_name")))
        if control is None or control.tag != _KINDS.get(str(kind)) or control.settings.get("toName") != item["to_name"]:
            yield f"{kind} of the control {item.get('from_name')!r} on {item.get('to_name')!r}"
            continue
        for name in _names(item, str(kind)):
            if name not in control.options:
                yield f"{kind} {name!r}"
        asked_of = control.settings.get("whenLabelValue")
        if control.settings.get("perRegion") == "true" and asked_of is not None:
            for label in marks.get(item.get("id"), ()):
                if label not in asked_of.split(","):
                    yield f"{kind} on an entity {label!r}, of which it is not asked"


def _names(item: Mapping[str, Any], kind: str) -> list[str]:
    value = item.get("value")
    names = value.get(kind) if isinstance(value, Mapping) else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _refuse(client: Client, project: Project, wanted: str, outcome: str) -> None:
    known = controls(wanted)
    found: list[str] = []
    count = 0
    with snapshot(client, project.id, drafts=True) as taken:
        for task in taken.tasks:
            for loss in losses(task, known):
                count += 1
                if count <= _SHOWN:
                    found.append(loss)
    if count:
        more = [f"and {count - _SHOWN} more"] if count > _SHOWN else []
        lines = "\n  ".join([*found, *more])
        raise UsageError(
            f"project {project.id} ({project.title!r}): the interface of this label set has no place for what people"
            f" annotated; {outcome}:\n  {lines}"
        )


def _put(client: Client, project: int, wanted: str) -> None:
    client.ask("changing the interface", "PATCH", f"/api/projects/{project}/", body={"label_config": wanted})
