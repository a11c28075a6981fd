"""`annotate resolve`: annotations into gold."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import AsJson, Root, made_by, settings, workspace
from annotate.cli.talk import show

__all__ = ["resolve"]


def resolve(
    source: Annotated[
        Path | None,
        typer.Argument(metavar="IN", help="Annotations as JSONL; - is stdin. Default work/annotations.jsonl."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Gold as JSONL; - is stdout. Default work/gold.jsonl.")
    ] = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Turn annotations into gold, and list what people disagree about.

    Sentences that people left differently are left out.
    """
    from annotate.quality.resolve import resolve as resolve_file

    here = settings(root) if source and out else workspace(root)
    where = out or here.gold
    summary = resolve_file(source or made_by("pull", here.annotations), where, labels=here.labels)
    lines = []
    for disagreement in summary.disagreements:
        lines.append(f"left out: {disagreement.id}: {disagreement.text}")
        lines += [f"    {person}: {', '.join(said) or 'nothing of it'}" for person, said in disagreement.said.items()]
    lines.append(
        f"{summary.gold} gold ({summary.single} by one person, {summary.agreement} by agreement),"
        f" {len(summary.disagreements)} disagreements left out, {summary.skipped} skipped → {where}"
    )
    lines.append("next: annotate build" if summary.gold else "next, when people have annotated: annotate pull")
    show(summary, lines, as_json=as_json, out=where)
