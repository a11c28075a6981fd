"""An export is read as it stands on the disk, a stretch at a time."""

import json
from io import BytesIO

import pytest

from annotate.errors import StudioError
from annotate.studio import snapshot
from annotate.studio.snapshot import decoded

TASKS = [
    {"id": 1, "annotations": [{"result": [{"value": {"text": "दिल्ली 😀 ], }{", "start": 10**30}}]}]},
    {"id": 2, "annotations": [], "data": {"odd": '\\", {"id": 3, "annotations": ['}},
]


@pytest.mark.parametrize("stretch", [1, 2, 3, 7, 64, 4096])
def test_tasks_come_whole(monkeypatch, stretch):
    """Wherever a stretch ends, also within a letter, the tasks are what the standard library reads of the whole."""
    monkeypatch.setattr(snapshot, "_CHUNK", stretch)
    assert list(decoded(BytesIO(json.dumps(TASKS, ensure_ascii=False).encode()))) == TASKS
    assert list(decoded(BytesIO(json.dumps(TASKS, indent=1).encode()))) == TASKS


def test_what_is_no_number_is_nothing():
    """NaN and infinity, which the server writes and no JSON has, become None."""
    assert list(decoded(BytesIO(b'[{"score": NaN, "other": -Infinity}]'))) == [{"score": None, "other": None}]


def test_an_export_that_breaks_off():
    """Wherever the file ends too early, also within a letter, that is said; the tasks before are given."""
    whole = json.dumps(TASKS, ensure_ascii=False).encode()
    for end in range(len(whole) - 1):
        tasks = decoded(BytesIO(whole[:end]))
        with pytest.raises(StudioError, match="breaks off"):
            assert [next(tasks), next(tasks), next(tasks)] == []
