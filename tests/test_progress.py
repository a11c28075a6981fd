"""`stand` says how far a campaign is and which command comes next, from its files alone."""

import os

import pytest

from annotate.progress import Step, stand
from annotate.records import Engine, Prelabeled
from annotate.start import start
from annotate.studio.ledger import Ledger
from annotate.workspace import Workspace


@pytest.fixture
def here(tmp_path):
    """A new workspace."""
    start(tmp_path, "campaign")
    return Workspace.load(tmp_path)


def write(path, records, at):
    """Write a file of so many lines, as of a second of the clock."""
    path.write_bytes(b"{}\n" * records)
    os.utime(path, (at, at))


def pushed(here, count, settled):
    """Note in the ledger that so many sentences were sent, and so many of them arrived."""
    records = [
        Prelabeled(
            id=f"n:{n}-{n + 1}",
            article_id="n",
            lang="hi",
            index=n,
            start=n,
            end=n + 1,
            text="क",
            engine=Engine(name="rules", version="1"),
        )
        for n in range(count)
    ]
    with Ledger.open(here.ledger, 1, "2026-01-01T00:00:00Z", "campaign") as book:
        book.intend(records)
        book.settle({record.id: n for n, record in enumerate(records[:settled], 1)})


def test_a_new_workspace(here):
    """Where nothing was done every step has nothing, and articles come first."""
    found = stand(here)
    assert found.steps == (
        Step("split", 0, "sentences", stale=False),
        Step("prelabel", 0, "sentences", stale=False),
        Step("pull", 0, "annotations", stale=False),
        Step("resolve", 0, "gold sentences", stale=False),
    )
    assert (found.pushed, found.unsure, found.releases) == ({}, 0, ())
    assert found.next == "put articles into articles/, then: annotate split"
    assert not here.ledger.exists()


def test_the_flow_step_by_step(here):
    """After each step the next one is named, until a release stands."""
    write(here.sentences, 3, at=1)
    assert stand(here).next == "annotate prelabel"
    write(here.prelabeled, 3, at=2)
    assert stand(here).next == "annotate push"
    pushed(here, 3, settled=2)
    assert (stand(here).next, stand(here).unsure) == ("annotate push", 1)
    write(here.prelabeled, 5, at=2)
    pushed(here, 3, settled=3)
    assert stand(here).next == (
        "annotate push for the other 2 sentences, or annotate in Label Studio, then: annotate pull"
    )
    write(here.prelabeled, 3, at=2)
    found = stand(here)
    assert (found.pushed, found.unsure) == ({"campaign": 3}, 0)
    assert found.next == "annotate in Label Studio, then: annotate pull"
    write(here.annotations, 2, at=3)
    assert stand(here).next == "annotate resolve"
    write(here.gold, 2, at=4)
    assert stand(here).next == "annotate build"
    (here.releases / "0.1.0").mkdir(parents=True)
    found = stand(here)
    assert found.releases == ("0.1.0",)
    assert found.next == "annotate publish, or annotate pull for what came since"
    assert [step.records for step in found.steps] == [3, 3, 2, 2]
    assert found.quarantined == 0
    write(here.quarantine, 2, at=5)
    assert stand(here).quarantined == 2


@pytest.mark.parametrize(
    ("newer", "stale", "following"),
    [
        pytest.param("sentences", "prelabel", "annotate prelabel", id="split-again"),
        pytest.param("annotations", "resolve", "annotate resolve", id="pulled-again"),
    ],
)
def test_out_of_date(here, newer, stale, following):
    """What is older than the file it was made of is out of date, and its step comes next."""
    for name in ("sentences", "prelabeled", "annotations", "gold"):
        write(getattr(here, name), 1, at=10)
    pushed(here, 1, settled=1)
    assert [step.name for step in stand(here).steps if step.stale] == []
    write(getattr(here, newer), 1, at=11)
    found = stand(here)
    assert [step.name for step in found.steps if step.stale] == [stale]
    assert found.next == following


def test_blank_lines_and_half_made_releases_do_not_count(here):
    """Only lines with something in them are records, and a hidden folder is no release."""
    here.sentences.write_bytes(b"{}\n\n  \n{}")
    (here.releases / ".0.1.0.x7").mkdir(parents=True)
    found = stand(here)
    assert found.steps[0].records == 2
    assert found.releases == ()
