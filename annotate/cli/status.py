"""`annotate status`: where a campaign stands and what comes next."""

from annotate.cli.options import AsJson, Root, workspace
from annotate.cli.talk import show

__all__ = ["status"]


def status(root: Root = None, as_json: AsJson = False) -> None:
    """Say how far the campaign is and what comes next."""
    from annotate.progress import stand

    here = workspace(root)
    found = stand(here)
    lines = [
        f"{step.name:12} {step.records:>8} {step.unit}{' (out of date)' if step.stale else ''}" for step in found.steps
    ]
    pushed = [f"pushed       {done:>8} sentences to {title}" for title, done in found.pushed.items()]
    if found.unsure:
        pushed.append(f"pushed       {found.unsure:>8} sentences perhaps; the next push asks the server")
    aside = [f"quarantine   {found.quarantined:>8} annotations; annotate pull says why"] if found.quarantined else []
    names = [step.name for step in found.steps]
    lines[names.index("pull") : names.index("resolve")] = [*pushed, lines[names.index("pull")], *aside]
    lines += [f"release      {version:>8}" for version in found.releases]
    lines.append(f"next: {found.next}")
    show(found, lines, as_json=as_json, asked_for=True)
