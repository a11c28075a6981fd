"""`annotate pull`: what people made of the tasks."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from annotate.cli.options import ApiUrl, AsJson, Project, Root, workspace
from annotate.cli.talk import show
from annotate.jsonl import open_in

__all__ = ["pull"]

_LISTED = 10  # annotations that are named at most


def pull(
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="Annotations as JSONL; - is stdout. Default work/annotations.jsonl."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full/--no-full", help="Ask for all tasks, rather than for those that changed.")
    ] = False,
    project: Project = None,
    url: ApiUrl = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Pull the annotations back from Label Studio.

    Only tasks that changed since the last pull are asked for; annotations and tasks that were deleted leave the file.
    What breaks the contract goes to work/quarantine.jsonl with the reason, and comes back when it is mended.
    """
    from annotate.cli import servers
    from annotate.studio.pull import pull as pull_project

    here = workspace(root)
    where = out or here.annotations
    title = project or here.studio.project
    with servers.client(here, url) as client:
        summary = pull_project(
            where, here.quarantine, client, here.ledger, project=title, labels=here.labels, full=full
        )
        page = partial(client.page, summary.project)
    lines = [
        f"{summary.submitted} submitted, {summary.skipped} skipped, {summary.drafts} drafts left out"
        f" (of {summary.tasks} tasks, {summary.read} read) → {where}"
    ]
    if summary.deleted:
        lines.append(f"{summary.deleted} tasks were deleted in Label Studio")
    if summary.reviewed:
        lines.append(f"{summary.reviewed} annotations were changed by another account than their annotator's")
    if summary.quarantined:
        lines.append(f"{summary.quarantined} could not be taken; they are in {here.quarantine} until they are mended:")
        with open_in(here.quarantine) as stream:
            lines += [f"  {_refused(orjson.loads(row), page)}" for row in islice(stream, _LISTED)]
        if summary.quarantined > _LISTED:
            lines.append(f"  and {summary.quarantined - _LISTED} more")
        lines.append("what is mended there comes back with the next annotate pull")
    lines.append("next: annotate resolve" if summary.submitted else "next, when people have annotated: annotate pull")
    show(summary, lines, as_json=as_json, out=where)


def _refused(row: Mapping[str, Any], page: Callable[[int], str]) -> str:
    """What could not be taken, in one line: where to mend it, whose it is, and why."""
    by = row["annotation"].get("completed_by")
    whose = f" of {by['email']}" if isinstance(by, dict) and by.get("email") else ""
    why = "; ".join(f"{one['reason']}: {one['found']}" for one in row["reasons"])
    return (
        f"{page(row['task_id'])}: {row['id'] or 'no sentence of ours'}: annotation {row['annotation_id']}{whose}: {why}"
    )
