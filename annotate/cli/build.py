"""`annotate build`: gold into a release."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import AsJson, Root, made_by, settings, workspace
from annotate.cli.talk import show
from annotate.workspace import CONFIG, Workspace

if TYPE_CHECKING:
    from annotate.release.sources import Sources

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
    split_by: Annotated[
        str, typer.Option("--split-by", help="What one split has whole: article, source, or date (newest in test).")
    ] = "article",
    articles: Annotated[
        Path | None, typer.Option(help="Articles as JSONL: texts to compare with, sources and dates.")
    ] = None,
    annotations: Annotated[
        Path | None, typer.Option(help="Annotations as JSONL: people, agreement, what is unresolved.")
    ] = None,
    prelabeled: Annotated[Path | None, typer.Option(help="Pre-labels as JSONL: what people corrected.")] = None,
    guideline: Annotated[Path | None, typer.Option(help="What annotators read, as Markdown, for the card.")] = None,
    earlier: Annotated[
        Path | None, typer.Option(help="A release whose articles keep their splits; default the one before in OUT.")
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
    from annotate.release.manifest import Credit
    from annotate.release.sources import Sources

    here = settings(root) if source and out else workspace(root)
    releases = out or here.releases
    given = Sources(articles=articles, annotations=annotations, prelabeled=prelabeled, guideline=guideline)
    before = earlier or latest(releases, version)
    summary = build_release(
        source or made_by("resolve", here.gold),
        releases,
        version,
        labels=here.labels,
        name=name or here.release.name,
        license=here.release.license,
        seed=here.release.seed,
        fractions=here.release.fractions,
        snap=snap,
        allow=allow or (),
        split_by=split_by,
        earlier=before,
        sources=_of_workspace(given, here) if _is_own(source, here) else given,
        credit=Credit(
            authors=here.release.authors,
            citation=here.release.citation,
            annotations_creators=here.release.annotations_creators,
            description=here.release.description.strip(),
            limits=here.release.limits,
        ),
    )
    lines = [f"warning: {warning}" for warning in summary.warnings]
    if before:
        lines.append(f"articles of {before} keep the splits that they had there")
    if summary.snapped:
        lines.append(f"{summary.snapped} entities were widened to the borders of tokens")
    lines += [f"{split:12} {c.articles} articles, {c.sentences} sentences" for split, c in summary.counts.items()]
    lines.append(
        f"{summary.name} {summary.version} {'stood there already' if summary.unchanged else 'built'} → {summary.path}"
    )
    lines.append(f'load it: datasets.load_dataset("{summary.path}", "{summary.configs[0]}")')
    show(summary, lines, as_json=as_json)


def _is_own(source: Path | None, here: Workspace) -> bool:
    """Tell whether gold is that of the workspace, named or not."""
    own = here.gold.exists() and (here.root / CONFIG).is_file()
    return source is None or (own and source.exists() and source.samefile(here.gold))


def _of_workspace(given: "Sources", here: Workspace) -> "Sources":
    """What was named, and what the workspace has of the rest."""
    places = {
        "articles": here.read_articles,
        "annotations": here.annotations,
        "prelabeled": here.prelabeled,
        "ledger": here.ledger,
        "guideline": here.root / "guideline.md",
    }
    found = {name: path for name, path in places.items() if getattr(given, name) is None and path.is_file()}
    return replace(given, **found)
