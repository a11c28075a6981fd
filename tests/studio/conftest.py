"""A folder for an embedded server of one test."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotate.studio import server
from tests.studio.embedded import processes_in


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A place for a server of one test; whatever runs there at the end is stopped, and down must know of it."""
    place = tmp_path / "studio"
    yield place
    server.down(place)
    left = processes_in(place)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []
