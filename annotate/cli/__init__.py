"""The command `annotate`: one file per command, and the one place that turns errors into lines and exit codes."""

import os
import signal
import sys
from contextlib import suppress
from typing import Annotated, NoReturn

import typer

from annotate.cli import (
    build,
    demo,
    diff,
    evaluate,
    export,
    import_,
    init,
    migrate,
    prelabel,
    publish,
    pull,
    push,
    quality,
    resolve,
    run,
    split,
    status,
    studio,
    train,
    validate,
)
from annotate.cli.talk import say
from annotate.collecting import collect_seldom
from annotate.errors import AnnotateError, Unfinished, UsageError

__all__ = ["app", "main"]

_INTERRUPTED = 130  # how typer leaves after Ctrl-C

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

for _module in (
    init,
    split,
    prelabel,
    push,
    pull,
    resolve,
    build,
    publish,
    run,
    demo,
    validate,
    status,
    evaluate,
    export,
    diff,
    migrate,
):
    app.command()(getattr(_module, _module.__name__.rpartition(".")[2]))
app.command("import")(import_.import_)
app.add_typer(studio.app, name="studio")
app.add_typer(quality.app, name="quality")
app.add_typer(train.app, name="train")


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
    signal.signal(signal.SIGTERM, _interrupt)
    collect_seldom()
    try:
        app(prog_name="annotate")
    except AnnotateError as error:
        _leave(str(error), error.exit_code)
    except OSError as error:
        # What the rooms know how to say they have said; this is a full disk under stdout, a vanished folder.
        _leave(str(error), UsageError.exit_code)
    except SystemExit as leaving:
        if leaving.code != _INTERRUPTED:
            raise
        _leave("interrupted; the same command goes on", Unfinished.exit_code)


def _leave(message: str, code: int) -> NoReturn:
    with suppress(OSError):
        if message:
            say(message)
    # What stdout still holds cannot be written if that is what went wrong; Python would complain at exit.
    try:
        sys.stdout.flush()
    except (OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


def _interrupt(*_: object) -> NoReturn:
    """End as with Ctrl-C, so that temporary files go too."""
    raise KeyboardInterrupt
