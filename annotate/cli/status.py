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
    lines += [f"pushed       {done:>8} sentences to {title}" for title, done in found.pushed.items()]
    lines += [f"release      {version:>8}" for version in found.releases]
    lines.append(f"next: {found.next}")
    show(found, lines, as_json=as_json, asked_for=True)
