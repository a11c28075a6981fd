"""`annotate export`: gold or annotations in the formats of other tools."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import AsJson, Root, made_by, settings, workspace
from annotate.cli.talk import show
from annotate.jsonl import STDIO

__all__ = ["export"]


def export(
    source: Annotated[
        Path | None,
        typer.Argument(metavar="IN", help="Gold or annotations as JSONL; - is stdin. Default work/gold.jsonl."),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="One of conll2003, conllu, bio, bioes, csv, spans, brat, prodigy, spacy, label-studio, parquet,"
            " huggingface.",
        ),
    ] = "spans",
    out: Annotated[
        Path, typer.Option("-o", "--out", help="File for the result, or folder for huggingface; - is stdout.")
    ] = STDIO,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Export gold or annotations for other tools.

    What a format has no place for, such as stances in CoNLL-2003, is left out and counted. What it would garble, such
    as overlapping entities in BIO, is a fault, and nothing is written then. Of annotations only submitted ones count.
    """
    from annotate.release.formats import WRITERS
    from annotate.release.formats import export as export_file

    if format not in WRITERS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(WRITERS)}", param_hint="--format")
    here = settings(root) if source else workspace(root)
    summary = export_file(source or made_by("resolve", here.gold), out, format, labels=here.labels)
    lines = [f"left out: {count} {part}, {format} holds none" for part, count in summary.left_out.items()]
    if summary.not_submitted:
        lines.append(f"left out: {summary.not_submitted} annotations that were not submitted")
    if summary.superseded:
        lines.append(f"left out: {summary.superseded} older versions of annotations")
    lines.append(f"{summary.sentences} sentences, {summary.entities} entities as {format} → {out}")
    show(summary, lines, as_json=as_json, out=out)
