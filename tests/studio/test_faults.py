"""Whatever goes wrong during a push or a pull, after the next one nothing is lost and nothing is there twice.

`make faults` does all of it, with twenty kills each and a server that is restarted.
"""

import pytest

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
    assert any(o.struck for o in outcomes), outcomes
