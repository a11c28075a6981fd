"""`annotate pull`: what people made of the tasks."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import ApiUrl, AsJson, Project, Root, workspace
from annotate.cli.talk import show

__all__ = ["pull"]


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
    lines = [
        f"{summary.submitted} submitted, {summary.skipped} skipped, {summary.drafts} drafts left out"
        f" (of {summary.tasks} tasks, {summary.read} read) → {where}"
    ]
    if summary.deleted:
        lines.append(f"{summary.deleted} tasks were deleted in Label Studio")
    if summary.reviewed:
        lines.append(f"{summary.reviewed} annotations were changed by another account than their annotator's")
    if summary.quarantined:
        lines.append(f"{summary.quarantined} could not be taken; the reasons are in {here.quarantine}")
    lines.append("next: annotate resolve")
    show(summary, lines, as_json=as_json, out=where)
