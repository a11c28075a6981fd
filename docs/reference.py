"""Writes docs/cli.md from the commands' own help. `--check` exits 1 when the page is not what the commands say."""

import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from annotate.cli import app

PAGE = Path(__file__).with_name("cli.md")

HEAD = """# Command line reference

This page is made from the commands' own help by `make docs`; the tests compare it.
[The guide](guide.md) shows every command at work.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | the data is invalid; each fault is named with file, line, id and reason |
| 2 | usage: a missing file, an unknown option or name, no workspace, an extra that is not installed |
| 3 | a server or the network failed |
| 4 | stopped part-way; run the same command again to go on |

Data goes to stdout or to `-o`, talk and progress to stderr.
With `--json` the summary is one JSON object on stdout, or on stderr when the data itself goes to stdout.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_sections(typer.main.get_command(app), "annotate")])


def _sections(command: typer.core.TyperGroup | typer.core.TyperCommand, name: str) -> Iterator[str]:
    context = command.make_context(name, [], resilient_parsing=True, terminal_width=100)
    yield f"## {name}\n"
    yield f"```text\n{command.get_help(context).strip()}\n```\n"
    for part, below in getattr(command, "commands", {}).items():
        yield from _sections(below, f"{name} {part}")


if __name__ == "__main__":
    wanted = page()
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.is_file() and PAGE.read_text("utf-8") == wanted else "docs/cli.md is stale: make docs")
    PAGE.write_text(wanted, "utf-8")
