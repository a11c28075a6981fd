"""`annotate demo`: the whole loop on the shipped corpus."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import AsJson
from annotate.cli.talk import say, show

__all__ = ["demo"]


def demo(
    folder: Annotated[
        Path, typer.Argument(help="Folder for the demo's workspace; an earlier demo there is cleared.")
    ] = (Path("demo")),
    keep: Annotated[bool, typer.Option("--keep", help="Leave Label Studio up to look at.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run the whole loop on the shipped corpus, without a question asked.

    Label Studio is embedded and real; the corrections come from the corpus's gold file.
    """
    from annotate.demo import demo as run_demo

    summary = run_demo(folder, keep=keep, on_step=lambda step: say(f"· {step}"))
    done = summary.corrections
    rows = [
        ("articles", f"{summary.articles}"),
        ("sentences", f"{summary.sentences}"),
        ("entities proposed", f"{summary.entities}"),
        ("stances proposed", f"{summary.stances}"),
        ("submitted, skipped", f"{summary.submitted}, {summary.skipped}"),
        ("sentences corrected", f"{summary.corrected}"),
        (
            "  entities",
            f"{done.kept} kept, {done.added} added, {done.removed} removed, "
            f"{done.respanned} re-spanned, {done.retyped} retyped",
        ),
        ("  stances", f"{done.stance} changed, {done.holder} holders changed"),
        ("gold sentences", f"{summary.gold}"),
        *((f"  {split}", f"{count}") for split, count in summary.splits.items()),
        ("rows loaded back", f"{summary.rows}"),
    ]
    lines = [f"{name:20} {value}" for name, value in rows]
    lines.append(
        "the corrections come from the corpus's gold file, entered through Label Studio's API by a second account"
    )
    up = "" if summary.studio_left_up else f"annotate studio up -w {folder}, then "
    lines.append(f"look: {up}{summary.project_url}")
    lines.append(f"      as {summary.account}, password in {folder / 'studio' / 'credentials.json'}")
    if summary.studio_left_up:
        lines.append(f"stop: annotate studio down -w {folder}")
    lines.append(f'load: datasets.load_dataset("{summary.release}", "ner")')
    show(summary, lines, as_json=as_json)
