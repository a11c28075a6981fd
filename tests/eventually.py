"""Waiting for a condition, rather than for a time."""

import time
from collections.abc import Callable

__all__ = ["eventually"]


def eventually(holds: Callable[[], object], within_s: float = 10) -> bool:
    """Wait until something holds, for so long at most; whether it did."""
    until = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
