"""The command `annotate`: one file per command, and the one place that turns errors into lines and exit codes."""

import sys
from typing import Annotated

import typer

from annotate.cli import (
    build,
    demo,
    init,
    prelabel,
    publish,
    pull,
    push,
    resolve,
    run,
    split,
    status,
    studio,
    validate,
)
from annotate.errors import AnnotateError

__all__ = ["app", "main"]

app = typer.Typer(
    name="annotate",
    help="Turn news articles into validated NER and stance datasets, through Label Studio.",
    epilog=(
        "Exit codes: 0 done; 1 the data is invalid; 2 usage; 3 a server or the network failed; "
        "4 stopped part-way, run the same command again to go on."
    ),
    no_args_is_help=True,
    # Plain help takes half the time of formatted help.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

for _module in (init, split, prelabel, push, pull, resolve, build, publish, run, demo, validate, status):
    app.command()(getattr(_module, _module.__name__.rpartition(".")[2]))
app.add_typer(studio.app, name="studio")


def _print_version(wanted: bool) -> None:
    if wanted:
        from annotate import __version__

        typer.echo(__version__)
        raise typer.Exit


# Printed by the option's own callback: the command's would be called only once a command is named.
_VERSION = typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")


@app.callback()
def _annotate(version: Annotated[bool, _VERSION] = False) -> None:
    pass


def main() -> None:
    """Run the command line; an error of ours becomes its message on stderr and its exit code."""
    try:
        app(prog_name="annotate")
    except AnnotateError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
