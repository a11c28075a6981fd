"""What a project has otherwise than its campaign, besides the labelling interface: overlap and guideline."""

from typing import Any

from annotate.studio.client import Client, Project
from annotate.studio.instruction import difference, instruction
from annotate.studio.push.campaign import Campaign

__all__ = ["adjust", "told"]


def told(project: Project, campaign: Campaign) -> tuple[str, ...]:
    """Say what differs, a line for each; empty when nothing does.

    A campaign without a guideline asks for none, so that one that somebody wrote in Label Studio is not taken away.
    """
    return tuple(line for line, _ in _differing(project, campaign))


def adjust(client: Client, project: Project, campaign: Campaign) -> None:
    """Give the project the campaign's overlap and guideline, if it has others.

    Label Studio gives another overlap to all tasks that are there, and reopens those that want another annotator.
    """
    if changes := {key: value for _, change in _differing(project, campaign) for key, value in change.items()}:
        client.ask("changing the project", "PATCH", f"/api/projects/{project.id}/", body=changes)


def _differing(project: Project, campaign: Campaign) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if project.overlap != campaign.overlap:
        line = f"overlap: {project.overlap} in the project, {campaign.overlap} here"
        found.append((line, {"maximum_annotations": campaign.overlap}))
    wanted = instruction(campaign.guideline, campaign.labels.topic)
    if wanted.strip() and (what := difference(project.instruction, wanted)):
        change: dict[str, Any] = {"expert_instruction": wanted}
        if not project.instruction.strip():
            change["show_instruction"] = True  # where there is one already, somebody may have switched it off
        found.append((f"guideline: {what}", change))
    return found
