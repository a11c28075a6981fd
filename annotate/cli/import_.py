"""`annotate import`: files of other tools into gold."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import AsJson, Root, settings
from annotate.cli.talk import show
from annotate.jsonl import STDIO

__all__ = ["import_"]


def import_(
    source: Annotated[
        Path,
        typer.Argument(metavar="SOURCE", help="The file; of brat a folder or a ZIP archive, of huggingface a folder."),
    ],
    format: Annotated[
        str, typer.Option("--from", "-f", help="One of brat, prodigy, conll, conllu, label-studio, spacy, huggingface.")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="File for gold as JSONL; - is stdout.")] = STDIO,
    lang: Annotated[str, typer.Option(help="Language of texts whose file does not say.")] = "hi",
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Import gold from files of other tools.

    Every record is checked as `annotate validate` does, and with any fault nothing is written. What gold has no place
    for, such as events of brat, is left out and counted.
    """
    from annotate.release.formats import READERS, import_gold

    if format not in READERS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(READERS)}", param_hint="--from")
    summary = import_gold(source, out, format, lang=lang, labels=settings(root).labels)
    lines = [f"left out: {count} {what}, gold holds none" for what, count in summary.left_out.items()]
    lines.append(f"{summary.sentences} sentences, {summary.entities} entities, {summary.stances} stances → {out}")
    show(summary, lines, as_json=as_json, out=out)
