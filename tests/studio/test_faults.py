"""Whatever goes wrong during a push or a pull, after the next one nothing is lost and nothing is there twice.

`make faults` does all of it, with twenty kills each and a server that is restarted.
"""

from dataclasses import replace

import pytest

from tests.fault_table import BEGIN, END, Row, written
from tests.faults import SCENARIOS, Rig


@pytest.fixture(scope="module")
def rig(studio, tmp_path_factory):
    made = Rig(studio.url, studio.api_key, tmp_path_factory.mktemp("faults"))
    yield made
    made.clear()


@pytest.mark.parametrize(
    "scenario",
    [pytest.param(s, id=f"{s.command}: {s.name}") for s in SCENARIOS if not s.needs_own_server],
)
def test_nothing_is_lost_and_nothing_is_there_twice(rig, scenario):
    """The fault really happens, and the next run mends what it left."""
    outcomes = [scenario.run(rig, number) for number in range(2 if scenario.repetitions > 3 else 1)]
    assert [o[:2] for o in outcomes] == [(0, 0)] * len(outcomes)
    assert all(o.struck for o in outcomes), outcomes


class Points:
    """Draws one point, then the beginning each time, and keeps how late each might have been."""

    def __init__(self, first_s):
        self.first_s, self.latest = first_s, []

    def uniform(self, _, latest_s):
        self.latest.append(latest_s)
        return self.first_s if len(self.latest) == 1 else 0


@pytest.mark.parametrize("command", ["push", "pull"])
def test_a_kill_that_comes_too_late_is_done_again(rig, command):
    """A command that has ended before its kill was not struck; an earlier point is drawn, for a campaign of its own."""
    (scenario,) = (s for s in SCENARIOS if s.command == command and s.name.startswith("kill"))
    points, before = Points(599), len(rig.titles)
    outcome = scenario.run(replace(rig, took_s={command: 600}, chance=points), 0)
    assert outcome == (0, 0, True)
    assert points.latest[:2] == [600, 599]
    assert len(rig.titles) == before + len(points.latest)


def test_rows_that_were_not_run_stay():
    """The table takes new rows in the order of the scenarios, and nothing else of the page changes."""
    first, second, third = SCENARIOS[:3]
    page = written(f"above\n{BEGIN}{END}below\n", [Row(third, 3, 0, 0), Row(first, 3, 0, 0)])
    again = written(page, [Row(second, 20, 1, 2), Row(first, 2, 0, 0)])
    rows = [line for line in again.splitlines() if line.startswith(("| push", "| pull"))]
    assert rows == [
        f"| push | {first.name} | 2 | 0 | 0 |",
        f"| push | {second.name} | 20 | 1 | 2 |",
        f"| push | {third.name} | 3 | 0 | 0 |",
    ]
    assert again.startswith(f"above\n{BEGIN}| command | what goes wrong | times | lost | twice |\n|---")
    assert again.endswith(f"\n{END}below\n")


@pytest.mark.parametrize(("struck", "lost", "doubled"), [(2, 0, 0), (3, 1, 0), (3, 0, 1)])
def test_a_row_that_does_not_hold(struck, lost, doubled):
    """What struck too seldom says as little as what lost or doubled something."""
    (scenario,) = (s for s in SCENARIOS if s.name == "time-out after the commit")
    assert Row(scenario, 3, 0, 0).withstood
    assert not Row(scenario, struck, lost, doubled).withstood
