"""`annotate build`: gold into a release."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import AsJson, Root, settings, workspace
from annotate.cli.talk import show

__all__ = ["build"]


def build(
    source: Annotated[
        Path | None, typer.Argument(metavar="IN", help="Gold as JSONL; - is stdin. Default work/gold.jsonl.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="Folder of releases; the release is OUT/VERSION. Default releases/."),
    ] = None,
    version: Annotated[str, typer.Option("--version", help="Version of the release.")] = "0.1.0",
    name: Annotated[str | None, typer.Option(help="Name of the dataset; default in annotate.toml.")] = None,
    snap: Annotated[bool, typer.Option("--snap", help="Widen entities that end inside a token to its border.")] = False,
    allow: Annotated[
        list[str] | None, typer.Option(help="A check to waive, by the reason it gives; the card records it.")
    ] = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Build a release that datasets.load_dataset loads.

    It has the configs ner, stance and spans, and a card. It is loaded back in a fresh process before it is called
    done. A release that stands already is never overwritten with other content. Articles keep the split that the
    release before gave them.
    """
    from annotate.release.build import build as build_release
    from annotate.release.build import latest

    here = settings(root) if source and out else workspace(root)
    releases = out or here.releases
    summary = build_release(
        source or here.gold,
        releases,
        version,
        labels=here.labels,
        name=name or here.release.name,
        license=here.release.license,
        seed=here.release.seed,
        fractions=here.release.fractions,
        snap=snap,
        allow=allow or (),
        earlier=latest(releases, version),
    )
    lines = [f"warning: {warning}" for warning in summary.warnings]
    lines += [f"{split:12} {c.articles} articles, {c.sentences} sentences" for split, c in summary.counts.items()]
    lines.append(
        f"{summary.name} {summary.version} {'stood there already' if summary.unchanged else 'built'} → {summary.path}"
    )
    lines.append(f'load it: datasets.load_dataset("{summary.path}", "{summary.configs[0]}")')
    show(summary, lines, as_json=as_json)
