"""`annotate migrate`: another label set for a campaign that is under way."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import AsJson, Root
from annotate.cli.talk import show
from annotate.workspace import Workspace

if TYPE_CHECKING:
    from annotate.migrate.step import MigrateSummary

__all__ = ["migrate"]


def migrate(
    rules: Annotated[
        Path | None, typer.Argument(metavar="RULES", help="What becomes of which label, as TOML or JSON.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run/--no-dry-run", help="Change nothing, say what would be changed.")
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo/--no-undo", help="Put back what was there before the last migration.")
    ] = False,
    examples: Annotated[int, typer.Option(min=0, help="How many changes of each kind to show.")] = 3,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Change the label set of a workspace: rename, merge, split, add and drop labels.

    Pre-labels, annotations, gold, ledger and annotate.toml change together or not at all; work/migrations keeps what
    was there before, and a log of every change.
    """
    from annotate.migrate import step

    if undo == (rules is not None):
        raise typer.BadParameter("name the rules, or --undo and no rules", param_hint="RULES")
    if undo and dry_run:
        raise typer.BadParameter("--undo puts back the last migration or says why it cannot", param_hint="--dry-run")
    # Not by `workspace`, which refuses one whose migration was cut off: that is ended here.
    found = None if root else Workspace.find()
    here = found or Workspace.load(root or Path.cwd())
    if rules is None:
        number = step.undo(here.root)
        show({"undone": number}, [f"migration {number} undone: all files are as they were before it"], as_json=as_json)
        return
    summary = step.migrate(here.root, rules, dry_run=dry_run, examples=examples)
    if as_json:
        show(summary, [], as_json=True)
    else:
        show(summary, list(_told(summary)), as_json=False, asked_for=dry_run)


def _told(summary: "MigrateSummary") -> Iterator[str]:
    old, new = summary.versions
    if summary.unchanged:
        yield f"label set {new} already: these rules were followed by migration {summary.number}"
        return
    for name, file in summary.files.items():
        yield f"{name}: {file.changed} of {file.records} records change"
        yield from (f"  {count:>7}  {kind}" for kind, count in sorted(file.counts.items()))
    for title, tasks in summary.tasks.items():
        yield f"{title}: {tasks} tasks were pushed with labels of before; pull translates them"
    shown = ""
    for example in summary.examples:
        if example.kind != shown:
            shown = example.kind
            yield f"for example, {shown}"
        change = " → ".join(told for told in (example.before, example.after) if told)
        yield f"    {example.file}: {example.id}: {example.mention}: {change}"
    yield from (f"warning: {warning}" for warning in summary.warnings)
    yield f"labels: {', '.join(summary.labels['entities'])}; {', '.join(summary.labels['stances'])}"
    done = "would go" if summary.dry_run else "went"
    yield f"label set {done} from {old} to {new}" + ("" if summary.dry_run else f" by migration {summary.number}")
