"""A project is read in several snapshots, cut where the ledger knows tasks to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.studio import pull as pull_module


@given(
    ids=st.lists(st.integers(1, 400), unique=True, max_size=60).map(sorted),
    above=st.integers(0, 3),
    most=st.integers(1, 12),
)
def test_ranges_of_several_snapshots(ids, above, most):
    """Every id up to the highest is in one range; none has more known tasks than fit, the last a quarter of that."""
    top = max(ids, default=1) + above
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pull_module, "SNAPSHOT", most)
        ranges = list(pull_module._cut(iter(ids), len(ids), top))
    assert [number for low, high in ranges for number in range(low, high + 1)] == list(range(top + 1))
    held = [sum(low <= number <= high for number in ids) for low, high in ranges]
    assert max(held) <= most
    assert held[-1] == most // 4 or most < 4 or len(ranges) == 1
