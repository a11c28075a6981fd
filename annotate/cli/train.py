"""`annotate train`: models learnt from labelled data."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import AsJson, Root, settings
from annotate.cli.talk import progress, show
from annotate.errors import UsageError
from annotate.train.settings import Settings, StanceSettings

__all__ = ["app"]

_DEFAULT, _STANCE = Settings(), StanceSettings()

app = typer.Typer(help="Learn models from labelled data.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def ner(
    data: Annotated[
        list[Path],
        typer.Argument(metavar="DATA", help="CoNLL files (.conll, .conll.gz), gold files, folders of releases."),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the model goes; its card goes beside it.")],
    dev: Annotated[
        list[Path] | None, typer.Option(help="Data to measure the model on; may be given several times.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Which sentences fall into which fold.")] = 1,
    c1: Annotated[float, typer.Option(min=0, help="Weight of the L1 penalty; more: smaller.")] = _DEFAULT.c1,
    c2: Annotated[float, typer.Option(min=0, help="Weight of the L2 penalty.")] = _DEFAULT.c2,
    minfreq: Annotated[int, typer.Option(min=0, help="How often a feature must occur.")] = _DEFAULT.minfreq,
    iterations: Annotated[int, typer.Option(min=1, help="Iterations at most.")] = _DEFAULT.iterations,
    as_annotated: Annotated[
        bool, typer.Option(help="Train on the entities of CoNLL files as they are, instead of by our definition.")
    ] = _DEFAULT.as_annotated,
    notes: Annotated[
        Path | None, typer.Option(help="Markdown for the card: where the data is from, under which licences.")
    ] = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Train the model of the backend `crf`.

    The same data, seed and settings give the same bytes. A few minutes for 20,000 sentences.
    """
    from annotate.train.ner import train_ner

    with progress("sentences") as on_progress:
        summary = train_ner(
            data,
            out,
            dev=dev or (),
            seed=seed,
            labels=settings(root).labels,
            settings=Settings(c1=c1, c2=c2, minfreq=minfreq, iterations=iterations, as_annotated=as_annotated),
            notes=_text(notes) if notes else "",
            on_progress=on_progress,
        )
    lines = []
    if summary.dev is not None:
        lines = [f"{'':5}{'gold':>8}{'precision':>11}{'recall':>8}{'F1':>8}"]
        lines += [
            f"{label:5}{score.gold:8,}{score.precision:11.1%}{score.recall:8.1%}{score.f1:8.1%}"
            for label, score in summary.dev.items()
        ]
        lines.append(f"{summary.dev_sentences} sentences, expected calibration error {summary.calibration_error:.3f}")
    sentences = sum(part.sentences for part in summary.data)
    lines.append(
        f"{sentences} sentences in {summary.seconds:.0f} s → {summary.model} ({summary.size_bytes / 1e6:.1f} MB,"
        f" sha256 {summary.sha256[:12]}…), {summary.card}"
    )
    show(summary, lines, as_json=as_json)


@app.command()
def stance(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help="Gold files, folders of releases.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the model goes; its card goes beside it.")],
    dev: Annotated[
        list[Path] | None,
        typer.Option(help="Data to measure the model on, and to calibrate it with; may be given several times."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Which articles fall into which fold.")] = 1,
    c1: Annotated[float, typer.Option(min=0, help="Weight of the L1 penalty; more: smaller.")] = _STANCE.c1,
    c2: Annotated[float, typer.Option(min=0, help="Weight of the L2 penalty.")] = _STANCE.c2,
    minfreq: Annotated[int, typer.Option(min=0, help="How often a feature must occur.")] = _STANCE.minfreq,
    iterations: Annotated[int, typer.Option(min=1, help="Iterations at most.")] = _STANCE.iterations,
    notes: Annotated[
        Path | None, typer.Option(help="Markdown for the card: where the data is from, under which licences.")
    ] = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Train the model of the stance engine `classifier`.

    The same data, seed and settings give the same bytes. A few seconds for 2,000 sentences.
    """
    from annotate.train.stance import train_stance

    summary = train_stance(
        data,
        out,
        dev=dev or (),
        seed=seed,
        labels=settings(root).labels,
        settings=StanceSettings(c1=c1, c2=c2, minfreq=minfreq, iterations=iterations),
        notes=_text(notes) if notes else "",
    )
    lines = []
    if summary.dev is not None:
        rows = {"targets": summary.dev.targets, "with holder": summary.dev.with_holder}
        lines = [f"{'':12}{'gold':>8}{'precision':>11}{'recall':>8}{'F1':>8}"]
        lines += [
            f"{name:12}{score.gold:8,}{score.precision:11.1%}{score.recall:8.1%}{score.f1:8.1%}"
            for name, score in rows.items()
        ]
        lines.append(
            f"macro F1 {summary.dev.macro_f1:.1%} (all NEUTRAL {summary.dev.baseline_macro_f1:.1%})"
            f" on {summary.dev_sentences} sentences whose entities are given"
        )
    sentences = sum(part.sentences for part in summary.data)
    lines.append(
        f"{sentences} sentences in {summary.seconds:.0f} s → {summary.model} ({summary.size_bytes / 1e6:.2f} MB,"
        f" sha256 {summary.sha256[:12]}…), {summary.card}"
    )
    show(summary, lines, as_json=as_json)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
