"""`annotate push`: pre-labelled sentences into Label Studio."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import ApiUrl, AsJson, Project, Root, made_by, workspace
from annotate.cli.talk import progress, show
from annotate.jsonl import open_in

if TYPE_CHECKING:
    from annotate.studio.push import PushSummary

__all__ = ["push"]

_LISTED = 10  # sentences that are named at most


def push(
    source: Annotated[
        Path | None, typer.Argument(metavar="IN", help="Pre-labels as JSONL. Default work/prelabeled.jsonl.")
    ] = None,
    order: Annotated[
        str, typer.Option(help="given, or uncertain: where the engine is least sure comes first.")
    ] = "given",
    sample: Annotated[int | None, typer.Option(min=1, help="Push only so many sentences, drawn by --seed.")] = None,
    seed: Annotated[
        str, typer.Option(help="What --sample is drawn by; the same seed draws the same.")
    ] = "annotate-kit",
    update: Annotated[
        bool,
        typer.Option("--update/--no-update", help="Replace pre-labels of another engine version on idle tasks."),
    ] = False,
    prune: Annotated[
        bool,
        typer.Option("--prune/--no-prune", help="Remove idle tasks whose sentences are no longer in the file."),
    ] = False,
    prune_annotated: Annotated[
        bool,
        typer.Option("--prune-annotated/--no-prune-annotated", help="Remove them also where people have annotated."),
    ] = False,
    restore: Annotated[
        bool, typer.Option("--restore/--no-restore", help="Send again what was deleted in Label Studio.")
    ] = False,
    migrate: Annotated[
        bool,
        typer.Option(
            "--migrate/--no-migrate",
            help="Give the project this label set's interface, if no annotation loses by it, overlap and guideline.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run/--no-dry-run", help="Change nothing, say what would be done.")
    ] = False,
    project: Project = None,
    url: ApiUrl = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Push pre-labelled sentences to Label Studio, each exactly once.

    However often this is run, and whatever it was interrupted by, a sentence is one task.
    A task is idle while nobody has annotated it, skipped it or begun to.
    """
    from annotate.cli import servers
    from annotate.studio.push import PushOptions
    from annotate.studio.push import push as push_file
    from annotate.studio.push.choice import ORDERS

    if order not in ORDERS:
        raise typer.BadParameter(f"{order!r}; there are {', '.join(ORDERS)}", param_hint="--order")
    if sample is not None and (prune or prune_annotated):
        raise typer.BadParameter("a sample cannot say what left the file", param_hint="--prune")

    here = workspace(root)
    source = source or made_by("prelabel", here.prelabeled)
    with open_in(source):
        pass  # a missing file is said before a server is asked
    with servers.client(here, url) as client, progress("sentences") as on_progress:
        summary = push_file(
            source,
            client,
            here.ledger,
            campaign=servers.campaign(here, project),
            articles=here.read_articles,
            options=PushOptions(
                order=order,
                sample=sample,
                seed=seed,
                update=update,
                prune=prune,
                prune_annotated=prune_annotated,
                restore=restore,
                migrate=migrate,
                dry_run=dry_run,
            ),
            on_progress=on_progress,
        )
    show(summary, list(_told(summary, updating=update)), as_json=as_json)


def _told(summary: "PushSummary", *, updating: bool) -> Iterator[str]:
    there = summary.already_there + summary.found_on_server
    where = f"project {summary.project} ({summary.title})" if summary.project else f"a new project {summary.title}"
    if summary.dry_run:
        yield f"would push {summary.pushed} sentences, {there} are there → {where}; nothing was changed"
    else:
        yield f"{summary.pushed} sentences pushed, {there} were there → {where}"
    yield from _settings(summary)
    if summary.updated:
        yield f"{summary.updated} tasks {'would get' if summary.dry_run else 'got'} the new pre-labels"
    if summary.changed:
        keep = "would keep" if summary.dry_run else "keep"
        why = (
            "somebody has worked on them, or the version of the engine is the same"
            if updating
            else "--update replaces those of another engine version, where nobody is at work"
        )
        yield f"{summary.changed} of them have other pre-labels now; their tasks {keep} the former ones ({why})"
    if summary.hidden:
        yield (
            f"warning: {summary.hidden} idle tasks open without pre-labels: Label Studio shows those of one engine"
            " version, and most idle tasks have another (--update gives them all the one in the file)"
        )
    if summary.deleted:
        yield f"{summary.deleted} were deleted in Label Studio and stay away (--restore sends them again)"
    if summary.pruned:
        removed = "would be" if summary.dry_run else "were"
        yield f"{summary.pruned} tasks {removed} removed, since their sentences are no longer in the file"
    if summary.not_in_input:
        idle = "" if summary.pruned else " (--prune removes those that nobody has worked on)"
        yield f"{summary.not_in_input} tasks that were pushed earlier are no longer in the file; they stay{idle}"
    yield from (f"  no longer in the file: {name}" for name in summary.left[:_LISTED])
    if len(summary.left) > _LISTED:
        yield f"  and {len(summary.left) - _LISTED} more; --json names all"
    if summary.copies:
        yield f"{summary.copies} sentences stand on the server twice; somebody has worked on both, or imported them"
    if not summary.dry_run:
        yield f"annotate here: {summary.url}"
        yield "next, when people have annotated: annotate pull"


def _settings(summary: "PushSummary") -> Iterator[str]:
    for line in summary.settings:
        if not summary.settings_changed:
            yield f"warning: {line}; the project keeps its own (--migrate gives it this one)"
        else:
            yield f"the project {'would get' if summary.dry_run else 'got'} this one; {line}"
