"""`annotate push`: pre-labelled sentences into Label Studio."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import ApiUrl, AsJson, Project, Root, workspace
from annotate.cli.talk import progress, show
from annotate.jsonl import open_in

__all__ = ["push"]


def push(
    source: Annotated[
        Path | None, typer.Argument(metavar="IN", help="Pre-labels as JSONL. Default work/prelabeled.jsonl.")
    ] = None,
    project: Project = None,
    url: ApiUrl = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Push pre-labelled sentences to Label Studio, each exactly once.

    However often this is run, and whatever it was interrupted by, a sentence is one task.
    """
    from annotate.cli import servers
    from annotate.studio.push import push as push_file

    here = workspace(root)
    with open_in(source or here.prelabeled):
        pass  # a missing file is said before a server is asked
    with servers.client(here, url) as client, progress("sentences") as on_progress:
        summary = push_file(
            source or here.prelabeled,
            client,
            here.ledger,
            campaign=servers.campaign(here, project),
            articles=here.read_articles,
            on_progress=on_progress,
        )
    there = summary.already_there + summary.found_on_server
    lines = [f"{summary.pushed} sentences pushed, {there} were there → project {summary.project} ({summary.title})"]
    if summary.changed:
        lines.append(
            f"{summary.changed} of them have other pre-labels now; their tasks keep those they were pushed with"
        )
    if summary.not_in_input:
        lines.append(f"{summary.not_in_input} tasks that were pushed earlier are no longer in the file; they stay")
    lines += [
        f"annotate here: {summary.url}",
        "next, when people have annotated: annotate pull",
    ]
    show(summary, lines, as_json=as_json)
