"""The project that a campaign is pushed to: found by title or number, or made."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from annotate.errors import StudioError, UsageError
from annotate.relabel import Change, retired
from annotate.studio.client import Client, Project
from annotate.studio.instruction import instruction
from annotate.studio.interface import interface
from annotate.studio.interface_diff import controls, differences, same
from annotate.studio.ledger import Ledger
from annotate.studio.migrate import migrate
from annotate.studio.push.campaign import Campaign
from annotate.studio.push.settings import adjust, told

__all__ = ["opened", "unknown"]


def opened(
    client: Client, campaign: Campaign, ledger: Path, *, dry_run: bool = False, migrating: bool = False
) -> Project:
    """The project of a campaign, made when there is none of its title; a dry run gets one without a number instead.

    Args:
        client: the server.
        campaign: names the project and says what annotators see.
        ledger: knows which labels the project had before migrations of the label set, if it had any.
        dry_run: change nothing.
        migrating: give a project with another labelling interface the one of the label set, if nothing is lost by it,
            and with another overlap or guideline the campaign's. What comes back has those that it had.

    Raises:
        UsageError: the title is none that Label Studio takes, or the project has another labelling interface.
        StudioError: the server failed, or there is no project of that number.
    """
    wanted = interface(campaign.labels, campaign.lang)
    found = client.project(campaign.project)
    if found is None:
        if not 3 <= len(campaign.project) <= 50 and not campaign.project.isdecimal():
            raise UsageError(f"project {campaign.project!r}: Label Studio wants a title of 3 to 50 characters")
        if campaign.project.isdecimal():
            raise StudioError(f"{client.url}: there is no project {campaign.project}", status=404)
        guideline = instruction(campaign.guideline, campaign.labels.topic)
        if dry_run:
            return Project(0, campaign.project, "", wanted, 0, campaign.overlap, guideline)
        return client.create_project(campaign.project, wanted, guideline, campaign.overlap)
    seen = Ledger.seen(ledger, found.id, found.created_at)
    if changes := unknown(found, campaign) if seen is None else [one.change for one in seen]:
        former = retired(changes, campaign.labels.entity_names, campaign.labels.stance_names)
        wanted = interface(campaign.labels, campaign.lang, former)
    if migrating:
        if not same(found.interface, wanted):
            migrate(client, found, wanted, dry_run=dry_run)
        if not dry_run:
            adjust(client, found, campaign)
        return replace(found, interface=wanted)
    if same(found.interface, wanted):
        return found
    raise UsageError(
        "\n  ".join(
            [
                f"project {found.id} ({found.title!r}) has another labelling interface than the label set makes"
                " (push --migrate changes it, if no annotation loses by it):",
                *differences(found.interface, wanted),
                *told(found, campaign),
            ]
        )
    )


def unknown(project: Project, campaign: Campaign) -> Sequence[Change]:
    """The migrations that concern a project which the ledger does not know: all, if its page has former labels.

    A ledger that was lost is made anew; a project that was made after the migrations has nothing of before.
    """
    former = retired(campaign.changes, campaign.labels.entity_names, campaign.labels.stance_names)
    try:
        there = {option for control in controls(project.interface).values() for option in control.options}
    except ValueError:
        return ()
    return campaign.changes if there & {*former.entities, *former.stances} else ()
