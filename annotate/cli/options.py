"""Options that several commands share, so that they read the same everywhere."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.errors import UsageError
from annotate.workspace import Workspace

__all__ = ["ApiUrl", "AsJson", "Jobs", "Project", "Root", "made_by", "settings", "workspace"]

AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to use; the order of the output stays.")]
Root = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="Folder with annotate.toml; by default the one the command is called in."),
]
ApiUrl = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="LABEL_STUDIO_URL",
        help="A Label Studio that runs elsewhere; its key is read from LABEL_STUDIO_API_KEY, certificates of a private"
        " authority from the file that LABEL_STUDIO_CA_FILE names.",
    ),
]
Project = Annotated[str | None, typer.Option("--project", help="Title or id of the project; default in annotate.toml.")]


def workspace(root: Path | None) -> Workspace:
    """The workspace a command works in.

    Raises:
        UsageError: there is none here.
    """
    found = None if root else Workspace.find()
    return found or Workspace.load(root or Path.cwd())


def settings(root: Path | None) -> Workspace:
    """The workspace a command works in, or the defaults where there is none."""
    if root:
        return Workspace.load(root)
    return Workspace.find() or Workspace(root=Path.cwd())


def made_by(command: str, path: Path) -> Path:
    """A file of the workspace that another command makes.

    Raises:
        UsageError: it is not there yet; the message names the command.
    """
    if not path.exists():
        raise UsageError(f"{path}: is not there yet; make it with: annotate {command}")
    return path
