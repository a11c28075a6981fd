"""`annotate split`: articles into sentences."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import AsJson, Jobs, Root, settings, workspace
from annotate.cli.talk import progress, show

if TYPE_CHECKING:
    from annotate.split.step import SplitSummary

__all__ = ["split"]


def split(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="IN",
            help="Files or folders of .txt, .jsonl, .csv, .parquet or .html; - is JSONL on stdin. "
            "By default the workspace's articles/.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Sentences as JSONL; - is stdout. Default work/sentences.jsonl.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language of articles that name none; default hi.")] = None,
    text_column: Annotated[str, typer.Option(help="Column of CSV and Parquet that holds the text.")] = "text",
    id_column: Annotated[str, typer.Option(help="Column of CSV and Parquet that holds the id.")] = "id",
    wrapped: Annotated[
        bool, typer.Option("--wrapped", help="Lines are hard-wrapped: only an empty line ends a paragraph.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="An empty article is an error.")] = False,
    jobs: Jobs = 1,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Split articles into sentences, headings and datelines.

    In a workspace, the articles as they were read are kept beside the sentences, for titles and for validation.
    """
    from annotate.split.step import split_files

    # Input and output both named need no workspace, and settings of one are taken all the same.
    here = settings(root) if sources and out else workspace(root)
    with progress("articles") as on_progress:
        summary = split_files(
            sources or [here.articles],
            out or here.sentences,
            articles_out=None if out else here.read_articles,
            lang=lang or here.lang,
            wrapped=wrapped,
            strict=strict,
            jobs=jobs,
            text_column=text_column,
            id_column=id_column,
            on_progress=on_progress,
        )
    where = out or here.sentences
    show(summary, [*_remarks(summary), _total(summary, where)], as_json=as_json, out=where)


def _remarks(summary: "SplitSummary") -> Iterator[str]:
    for duplicate in summary.duplicates:
        yield f"{duplicate.where}: the same article as {duplicate.kept}; kept once"
    for where in summary.empty:
        yield f"{where}: empty article, left out"
    for suffix, count in summary.skipped_files.items():
        yield f"{count} files ending in {suffix or 'nothing'} left alone"


def _total(summary: "SplitSummary", out: Path) -> str:
    kinds = f"{summary.headings} headings and {summary.datelines} datelines among them"
    return f"{summary.articles} articles, {summary.sentences} sentences ({kinds}) → {out}"
