"""Patience and locks."""

import pytest

from annotate.errors import StudioError
from annotate.studio.waiting import Deadline, locked


def test_a_lock_is_held_once(tmp_path):
    """While one holds it, another waits until its time is over; afterwards it may have it."""
    path = tmp_path / "lock"
    refused = pytest.raises(StudioError, match="held by another annotate command")
    with locked(path, Deadline(5)), refused, locked(path, Deadline(0.1)):
        pass
    with locked(path, Deadline(0.1)):
        pass


def test_a_deadline():
    """It tells the seconds that have passed until there are none left, and then says what did not happen."""
    seen: list[float] = []
    deadline = Deadline(0.12, seen.append)
    with pytest.raises(StudioError, match=r"it did not ring within 0\.12 s"):
        while True:
            deadline.wait("it did not ring")
    assert seen == sorted(seen)
    assert 1 <= len(seen) <= 3
