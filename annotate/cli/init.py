"""`annotate init`: a new workspace."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import AsJson
from annotate.cli.talk import show
from annotate.start import start

__all__ = ["init"]


def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the workspace; made if need be.")] = Path(),
    name: Annotated[str, typer.Option(help="Name of the campaign: title of the project and of the dataset.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a workspace: annotate.toml, guideline.md and a folder for articles.

    Files that are there already stay as they are.
    """
    summary = start(folder, name)
    lines = [f"made {path}" for path in summary.made] + [f"kept {path}" for path in summary.kept]
    lines.append(f"next: put articles into {folder / 'articles'}, then: annotate run")
    show(summary, lines, as_json=as_json)
