"""`annotate quality`: what people corrected, and how far they agree."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import AsJson, Root, made_by, settings, workspace
from annotate.cli.talk import show

if TYPE_CHECKING:
    from annotate.quality.agreement import Agreement
    from annotate.quality.report import CorrectionsReport, Row

__all__ = ["app"]

app = typer.Typer(help="Look at corrections and agreement.", no_args_is_help=True, rich_markup_mode=None)

Annotations = Annotated[
    Path | None,
    typer.Argument(metavar="IN", help="Annotations as JSONL; - is stdin. Default work/annotations.jsonl."),
]


@app.command()
def corrections(
    source: Annotations = None,
    prelabels: Annotated[
        Path | None, typer.Option(help="Pre-labels as they were pushed. Default what the ledger says was pushed.")
    ] = None,
    log: Annotated[Path | None, typer.Option(help="Write every single correction to this file, as JSONL.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the rates as CSV.")] = False,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Show what people corrected, by label, engine version and annotator."""
    from annotate.check import records
    from annotate.jsonl import open_out
    from annotate.quality import report
    from annotate.records import Annotation, Prelabeled
    from annotate.studio.ledger import Ledger

    if as_csv and as_json:
        raise typer.BadParameter("choose one of --csv and --json", param_hint="--csv")
    here = settings(root) if source and prelabels else workspace(root)
    # With an update of pre-labels, those that count are the ones the annotator saw, and the ledger has them all.
    if prelabels is None and here.ledger.is_file():
        shown = Ledger.prelabels(here.ledger)
    else:
        shown = records(prelabels or made_by("prelabel", here.prelabeled), Prelabeled, here.labels)
    annotations = records(source or made_by("pull", here.annotations), Annotation, here.labels)
    if log is None:
        found = report.compare(shown, annotations)
    else:
        with open_out(log) as out:
            found = report.compare(shown, annotations, lambda *one: out.write(report.as_log(*one) + b"\n"))
    if as_csv:
        typer.echo(report.as_csv(found), nl=False)
    elif as_json:
        show(_with_rates(found), [], as_json=True)
    else:
        typer.echo("\n".join(_corrections(found)))


@app.command()
def agreement(source: Annotations = None, root: Root = None, as_json: AsJson = False) -> None:
    """Show how far annotators agree on the sentences they share.

    F1 counts entities of the same span and type. Kappa is Cohen's, on the stance toward entities that both marked, and
    on that of the whole sentence where the label set has a topic.
    """
    from annotate.quality.agreement import agreement as measure

    here = settings(root) if source else workspace(root)
    found = measure(source or made_by("pull", here.annotations), labels=here.labels)
    if as_json:
        summary = asdict(found)
        if not found.topics:
            del summary["topics"]
        show(summary, [], as_json=True)
    else:
        typer.echo("\n".join(_agreement(found)))


def _corrections(report: "CorrectionsReport") -> Iterator[str]:
    groups = (
        ("", [report.total]),
        ("label ", report.labels),
        ("engine ", report.engines),
        ("annotator ", report.annotators),
        ("topic ", report.topics),
    )
    named = [(f"{by}{row.name}", row) for by, rows in groups for row in rows]
    width = max(len(name) for name, _ in named)
    yield f"{'':{width}} {'sentences':>9} {'proposed':>8}" + "".join(f" {name:>9}" for name in report.total.rates)
    for name, row in named:
        cells = "".join(f" {_percent(rate):>9}" for rate in row.rates.values())
        yield f"{name:{width}} {row.sentences:>9} {row.proposed:>8}{cells}"
    yield "kept, retyped, respanned, removed: of the entities proposed; added, stance, holder: of those people left"
    if report.topics:
        yield "of a topic: stances of whole sentences that were proposed, and that people left"
    if report.not_submitted:
        yield f"left out: {report.not_submitted} annotations that were not submitted"
    if report.without_prelabels:
        yield f"left out: {report.without_prelabels} annotations of sentences without pre-labels"
    if report.other_engine:
        yield f"left out: {report.other_engine} annotations made on another engine's pre-labels"


def _agreement(found: "Agreement") -> Iterator[str]:
    if not found.pairs:
        yield f"no two people submitted the same sentence ({found.sentences} sentences by one person)"
        return
    names = [f"{pair.first} – {pair.second}" for pair in found.pairs]
    width = max(map(len, names))
    yield f"{'':{width}} {'sentences':>9} {'entity F1':>9} {'stances':>7} {'same':>5} {'kappa':>6}"
    for name, pair in zip(names, found.pairs, strict=True):
        f1, kappa = _figure(pair.entity_f1), _figure(pair.stance_kappa)
        yield f"{name:{width}} {pair.sentences:>9} {f1:>9} {pair.stances:>7} {pair.same_stances:>5} {kappa:>6}"
    for one in found.topics:
        kappa = _figure(one.kappa)
        yield f"topic {one.topic}: {one.first} – {one.second}: {one.same} of {one.sentences} the same, kappa {kappa}"
    yield f"{found.shared} of {found.sentences} sentences were submitted by two or more"


def _with_rates(report: "CorrectionsReport") -> dict[str, object]:
    """The report for machines; rates are computed, so that a dataclass alone would not show them."""

    def rows(group: Sequence["Row"]) -> list[dict[str, object]]:
        return [
            {"name": row.name, "sentences": row.sentences, "proposed": row.proposed, "final": row.final}
            | {"counts": asdict(row.counts), "rates": row.rates}
            for row in group
        ]

    return {
        "total": rows([report.total])[0],
        "labels": rows(report.labels),
        "engines": rows(report.engines),
        "annotators": rows(report.annotators),
        **({"topics": rows(report.topics)} if report.topics else {}),
        "not_submitted": report.not_submitted,
        "without_prelabels": report.without_prelabels,
        "other_engine": report.other_engine,
    }


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.1%}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
