"""`annotate run`: articles to tasks in one go."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli import prelabel, push, split, studio
from annotate.cli.options import ApiUrl, Project, Root, workspace

__all__ = ["run"]


def run(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(metavar="IN", help="Files or folders of articles; by default the workspace's articles/."),
    ] = None,
    project: Project = None,
    url: ApiUrl = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to use.")] = 1,
    root: Root = None,
) -> None:
    """Split, prelabel and push in one go.

    Starts the workspace's Label Studio when no other is named.
    """
    here = workspace(root)
    split.split(sources, jobs=jobs, root=here.root)
    prelabel.prelabel(jobs=jobs, root=here.root)
    if not url and not here.studio.url:
        studio.up(root=here.root)
    push.push(project=project, url=url, root=here.root)
