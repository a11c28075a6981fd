"""`annotate publish`: a release to where it is loaded from."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import AsJson, Root, workspace
from annotate.cli.talk import say, show

__all__ = ["publish"]


def publish(
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="FOLDER|hub:OWNER/NAME",
            help="Folder that will hold the release and nothing else, or a dataset on the Hugging Face Hub.",
        ),
    ],
    release: Annotated[
        Path | None, typer.Argument(metavar="RELEASE", help="A release folder; by default the newest in releases/.")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private/--public", help="Whether a dataset that is new on the Hub is private.")
    ] = True,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Publish a release to a folder or to the Hugging Face Hub.

    It is loaded back from there in a fresh process before it is called done. On the Hub it becomes one commit and the
    tag vVERSION; HF_TOKEN in the environment must hold a token that may write.
    """
    from annotate.release.build import newest
    from annotate.release.hub import SCHEME
    from annotate.release.publish import publish as publish_to_folder
    from annotate.release.publish_hub import is_hub, publish_to_hub

    found = release or newest(workspace(root).releases)
    if is_hub(to):
        summary = publish_to_hub(found, to.removeprefix(SCHEME), private=private)
        place = f"{to}, tag {summary.revision}, commit {(summary.commit or '')[:12]}"
        load = f'"{summary.address}", "{summary.configs[0]}", revision="{summary.revision}"'
    else:
        summary = publish_to_folder(found, Path(to))
        place, load = summary.address, f'"{summary.address}", "{summary.configs[0]}"'
    if summary.replaced:
        say(f"{summary.version} takes the place of {summary.replaced}")
    if summary.kept:
        say(f"warning: {', '.join(summary.kept)}: others stood there and stay; another version takes these along")
    lines = [
        f"{summary.name} {summary.version} {'stood there already' if summary.unchanged else 'published'} → {place}",
        f"loaded back and compared with the manifest: {summary.rows} rows in {', '.join(summary.configs)},"
        f" columns, class names, content {summary.content[:16]}",
        f"load it: datasets.load_dataset({load})",
    ]
    show(summary, lines, as_json=as_json)
