"""`annotate prelabel`: entities and stances proposed for every sentence."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import AsJson, Jobs, Root, made_by, settings, workspace
from annotate.cli.talk import progress, show

__all__ = ["prelabel"]


def prelabel(
    source: Annotated[
        Path | None,
        typer.Argument(metavar="IN", help="Sentences as JSONL; - is stdin. Default work/sentences.jsonl."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="Pre-labels as JSONL; - is stdout. Default work/prelabeled.jsonl."),
    ] = None,
    backend: Annotated[str | None, typer.Option(help="What finds entities; default in annotate.toml.")] = None,
    stance: Annotated[str | None, typer.Option(help="What finds stances; default in annotate.toml.")] = None,
    entities_from: Annotated[
        Path | None,
        typer.Option(help="Gold or pre-labels of the same sentences: take their entities, look for stances alone."),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="[LABEL=]SCORE", help="Leave out entities below this score, of one label or of all."),
    ] = None,
    jobs: Jobs = 1,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Propose entities and stances for every sentence."""
    from annotate.migrate.journal import applied
    from annotate.prelabel.step import prelabel_file

    here = settings(root) if source and out else workspace(root)
    where = out or here.prelabeled
    with progress("sentences") as on_progress:
        summary = prelabel_file(
            source or made_by("split", here.sentences),
            where,
            backend=backend or here.backend,
            stance=stance or here.stance,
            entities_from=entities_from,
            labels=here.labels,
            thresholds={**here.thresholds, **_thresholds(threshold or (), here.labels.entity_names)},
            changes=applied(here.migrations),
            jobs=jobs,
            on_progress=on_progress,
        )
    found = ", ".join(f"{count} {label}" for label, count in {**summary.entities, **summary.stances}.items())
    lines = [f"{summary.sentences} sentences: {found or 'nothing found'} → {where}"]
    if summary.sentences and not any(summary.entities.values()) and not entities_from:
        lines.append("no entity was found; what the engine calls by labels that the label set has not is left out")
    show(summary, lines, as_json=as_json, out=where)


def _thresholds(given: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
    """Read `PER=0.6` and `0.5`, the later over the earlier.

    Raises:
        BadParameter: a label that there is not, or no number from 0 to 1.
    """
    thresholds: dict[str, float] = {}
    for one in given:
        label, equals, number = one.rpartition("=")
        if equals and label not in labels:
            raise typer.BadParameter(f"{one!r}: no label {label!r} (known: {', '.join(labels)})")
        try:
            score = float(number)
        except ValueError:
            score = -1.0
        if not 0 <= score <= 1:
            raise typer.BadParameter(f"{one!r}: {number!r} is no number from 0 to 1")
        thresholds.update(dict.fromkeys([label] if equals else labels, score))
    return thresholds
