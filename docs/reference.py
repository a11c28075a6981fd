"""Writes cli.md, of the commands' own help, and guidelines-stance.md, of the annotators' guideline.

`--check` exits 1 when a page is not what it is made from.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from annotate.cli import app

PAGE = Path(__file__).with_name("cli.md")
STANCE_PAGE = Path(__file__).with_name("guidelines-stance.md")
GUIDELINE = Path(__file__).parents[1] / "annotate" / "guideline.md"
STANCE = "## रुख · Stance"

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


STANCE_HEAD = """# Stance guideline

What counts as a stance, in Hindi and English, with worked examples.
Annotators read the same text in Label Studio.
It is part of `annotate/guideline.md`, which `annotate init` copies into a workspace and `annotate push` shows to them.
This page is made from that file by `make docs`; the tests compare them.

"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_sections(typer.main.get_command(app), "annotate")])


def stance_page() -> str:
    """The part of the annotators' guideline that is about stance, as a page of its own."""
    _, _, stance = GUIDELINE.read_text("utf-8").partition(STANCE)
    return STANCE_HEAD + STANCE + stance


def _sections(command: typer.core.TyperGroup | typer.core.TyperCommand, name: str) -> Iterator[str]:
    context = command.make_context(name, [], resilient_parsing=True, terminal_width=100)
    yield f"## {name}\n"
    yield f"```text\n{command.get_help(context).strip()}\n```\n"
    for part, below in getattr(command, "commands", {}).items():
        yield from _sections(below, f"{name} {part}")


if __name__ == "__main__":
    pages = {PAGE: page(), STANCE_PAGE: stance_page()}
    if "--check" in sys.argv:
        stale = [path.name for path, wanted in pages.items() if not path.is_file() or path.read_text("utf-8") != wanted]
        sys.exit(f"stale: {', '.join(stale)}; make docs" if stale else 0)
    for path, wanted in pages.items():
        path.write_text(wanted, "utf-8")
