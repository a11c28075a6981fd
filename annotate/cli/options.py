"""Options that several commands share, so that they read the same everywhere."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.errors import Unfinished, UsageError
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
        Unfinished: a migration of it was cut off.
    """
    found = None if root else Workspace.find()
    return _whole(found or Workspace.load(root or Path.cwd()))


def settings(root: Path | None) -> Workspace:
    """The workspace a command works in, or the defaults where there is none.

    Raises:
        Unfinished: a migration of it was cut off.
    """
    if root:
        return _whole(Workspace.load(root))
    return _whole(Workspace.find() or Workspace(root=Path.cwd()))


def _whole(here: Workspace) -> Workspace:
    """The workspace, unless some of its files have other labels than the rest."""
    if here.migrations.is_dir():
        from annotate.migrate.journal import pending

        if pending(here.migrations):
            raise Unfinished(f"{here.root}: a migration was cut off; the same annotate migrate ends it")
    return here


def made_by(command: str, path: Path) -> Path:
    """A file of the workspace that another command makes.

    Raises:
        UsageError: it is not there yet; the message names the command.
    """
    if not path.exists():
        raise UsageError(f"{path}: is not there yet; make it with: annotate {command}")
    return path
