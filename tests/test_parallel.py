"""Work in several processes keeps the order of the stream."""

import os

import pytest

from annotate.errors import Unfinished
from annotate.parallel import in_order


def test_in_order_takes_only_a_few_at_a_time():
    """Results come in the order of the items, and items are taken as results are used up, not all at once."""
    taken = []

    def items():
        for n in range(40):
            taken.append(n)
            yield n

    results = in_order(str, items(), jobs=2)
    assert next(results) == "0"
    assert len(taken) < 12
    assert list(results) == [str(n) for n in range(1, 40)]


def test_a_killed_worker_is_said():
    """A worker that dies ends the run with exit code 4, not with a hang."""
    with pytest.raises(Unfinished, match="killed"):
        list(in_order(os._exit, [1, 1, 1], jobs=2))
