"""How commands talk: summaries, progress and warnings. Data goes to stdout, talk to stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import typer

from annotate.jsonl import STDIO, name_of

__all__ = ["progress", "say", "show"]


def say(message: str) -> None:
    """Print a line of talk; that nobody can hear it is no reason to fail."""
    with suppress(OSError):
        typer.echo(message, err=True)


def show(summary: Any, lines: list[str], *, as_json: bool, out: Path | None = None, asked_for: bool = False) -> None:
    """Print what a command did.

    Args:
        summary: a dataclass; with `as_json` it is printed as one JSON object.
        lines: the same in words.
        as_json: whether a machine reads it.
        out: where the data went; when that is stdout, the summary goes to stderr.
        asked_for: whether the lines are what the command is called for, and so belong on stdout.
    """
    text = orjson.dumps(summary, default=_plain).decode() if as_json else "\n".join(lines)
    if out != STDIO and (as_json or asked_for):
        typer.echo(text)
    else:
        say(text)


@contextmanager
def progress(what: str) -> Iterator[Callable[[float], None]]:
    """Show how far the work is, on a terminal only; the block calls what it is given with the amount done so far."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:.0f}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda amount: bar.update(task, completed=amount)


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return name_of(value)
    return value._asdict() if hasattr(value, "_asdict") else tuple(value)
