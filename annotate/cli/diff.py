"""`annotate diff`: what changed between two gold files or releases."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import AsJson, Root, settings
from annotate.cli.talk import show

if TYPE_CHECKING:
    from annotate.quality.diff import DiffSummary

__all__ = ["diff"]


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="Gold as JSONL, or a release folder.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Gold as JSONL, or a release folder.")],
    examples: Annotated[int, typer.Option(min=0, help="How many differences of each kind to show.")] = 3,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Say what changed from one gold file or release to another.

    Sentences that came, went, moved or read differently are counted, and so are changed entities and stances.
    Of two releases also what they come from is compared: label set, inputs, versions, how they were split.
    The exit code is 0 whether there are differences or not.
    """
    from annotate.quality.diff import diff as diff_files

    summary = diff_files(before, after, labels=settings(root).labels, examples=examples)
    if as_json:
        show(summary, [], as_json=True)
    else:
        typer.echo("\n".join(_lines(summary)))


def _lines(summary: "DiffSummary") -> Iterator[str]:
    yield f"{summary.before} ({summary.sentences_before} sentences) → {summary.after} ({summary.sentences_after})"
    for what in ("added", "removed", "text_changed", "moved", "relabelled"):
        yield f"{what.replace('_', ' '):14}{getattr(summary, what):>6}"
        for example in summary.examples.get(what, ()):
            yield f"    {example.id}"
            yield from (f"      - {example.before}",) if example.before else ()
            yield from (f"      + {example.after}",) if example.after else ()
    yield f"{'unchanged':14}{summary.unchanged:>6}"
    done = summary.labels
    yield (
        f"entities: {done.kept} kept, {done.added} added, {done.removed} removed,"
        f" {done.respanned} re-spanned, {done.retyped} retyped"
    )
    yield f"stances: {done.stance} changed, {done.holder} holders changed"
    if (origin := summary.lineage) is not None:
        built = f"; {summary.after} was built upon {summary.before}" if origin.follows else ""
        yield f"lineage: {len(origin.differences) or 'no'} differences{built}"
        yield from (f"    {difference.shown}" for difference in origin.differences)
