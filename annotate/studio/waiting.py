"""Patience: for how long something is waited for, and a lock that is waited for."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from annotate.errors import StudioError

__all__ = ["Deadline", "locked"]


class Deadline:
    """Patience for one operation: counts, tells whoever wants to know, and ends."""

    def __init__(self, timeout_s: float, on_progress: Callable[[float], None] | None = None) -> None:
        self._timeout_s = timeout_s
        self._on_progress = on_progress
        self._began = time.monotonic()

    @property
    def passed_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def wait(self, what: str) -> None:
        """Pause for a moment.

        Raises:
            StudioError: no time is left; `what` says in the message what did not happen.
        """
        if self.passed_s >= self._timeout_s:
            raise StudioError(f"{what} within {self._timeout_s:g} s")
        if self._on_progress:
            self._on_progress(self.passed_s)
        time.sleep(0.05)


@contextmanager
def locked(path: Path, deadline: Deadline) -> Iterator[None]:
    """Hold the lock file at `path`, so that a second caller waits; a crash of the holder lets go of it.

    Raises:
        StudioError: somebody else holds it until the deadline.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                deadline.wait(f"{path} is held by another annotate command, which did not finish")
        yield
    finally:
        os.close(handle)
