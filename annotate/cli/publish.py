"""`annotate publish`: a release to where it is loaded from."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import AsJson, Root, workspace
from annotate.cli.talk import show

__all__ = ["publish"]


def publish(
    to: Annotated[Path, typer.Option("--to", help="Folder that will hold the release and nothing else.")],
    release: Annotated[
        Path | None, typer.Argument(metavar="RELEASE", help="A release folder; by default the newest in releases/.")
    ] = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Publish a release to a folder.

    It is loaded back from there in a fresh process before it is called done.
    """
    from annotate.release.build import newest
    from annotate.release.publish import publish as publish_release

    summary = publish_release(release or newest(workspace(root).releases), to)
    state = "stood there already" if summary.unchanged else "published"
    lines = [
        f"{summary.name} {summary.version} {state} → {summary.address}",
        f"loaded back: {summary.rows} rows in {', '.join(summary.configs)}; content {summary.content[:16]}",
    ]
    show(summary, lines, as_json=as_json)
