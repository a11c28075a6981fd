"""How far a campaign is: what each step has written, whether it is older than its input, and what comes next."""

from dataclasses import dataclass
from pathlib import Path

from annotate.jsonl import open_in
from annotate.studio.ledger import Ledger
from annotate.workspace import Workspace

__all__ = ["Stand", "Step", "stand"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one step has written; it is stale when the step before it wrote later."""

    name: str
    records: int
    unit: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a campaign stands."""

    steps: tuple[Step, ...]
    pushed: dict[str, int]  # sentences by project title
    unsure: int  # sentences whose push was cut off
    quarantined: int  # annotations that the last pull could not take
    releases: tuple[str, ...]
    next: str


def stand(here: Workspace) -> Stand:
    """Look at the files of a workspace; nothing is changed and no server asked."""
    steps = (
        _step("split", here.sentences, "sentences", None),
        _step("prelabel", here.prelabeled, "sentences", here.sentences),
        _step("pull", here.annotations, "annotations", None),
        _step("resolve", here.gold, "gold sentences", here.annotations),
    )
    counts = Ledger.summary(here.ledger)
    unsure = sum(count.intended for count in counts.values())
    # A hidden folder is a release that is being built, or was when its building was cut off.
    releases = tuple(sorted(p.name for p in here.releases.glob("[!.]*") if p.is_dir()))
    pushed = {title: count.done for title, count in counts.items()}
    sent = sum(count.done + count.gone for count in counts.values())  # what people deleted is not sent again
    quarantined = _step("quarantine", here.quarantine, "annotations", None).records
    return Stand(steps, pushed, unsure, quarantined, releases, _next(steps, sent, unsure, bool(releases)))


def _step(name: str, path: Path, unit: str, before: Path | None) -> Step:
    if not path.is_file():
        return Step(name, 0, unit, stale=False)
    with open_in(path) as stream:
        records = sum(1 for line in stream if line.strip())
    stale = before is not None and before.is_file() and before.stat().st_mtime_ns > path.stat().st_mtime_ns
    return Step(name, records, unit, stale)


def _next(steps: tuple[Step, ...], pushed: int, unsure: int, released: bool) -> str:
    split, prelabel, pull, resolve = steps
    if not split.records and not prelabel.records:  # pre-labels may come from elsewhere
        return "put articles into articles/, then: annotate split"
    if not prelabel.records or prelabel.stale:
        return "annotate prelabel"
    if unsure or not pushed:
        return "annotate push"
    following = _after_push(pull, resolve, released=released)
    if (rest := prelabel.records - pushed) > 0:  # a sample was pushed, or sentences came since
        return f"annotate push for the other {rest} sentences, or {following}"
    return following


def _after_push(pull: Step, resolve: Step, *, released: bool) -> str:
    if not pull.records:
        return "annotate in Label Studio, then: annotate pull"
    if not resolve.records or resolve.stale:
        return "annotate resolve"
    return "annotate publish, or annotate pull for what came since" if released else "annotate build"
