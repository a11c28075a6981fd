"""What the folder of a server remembers: a note is believed only if it fits exactly what runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from annotate.studio import server


@pytest.mark.parametrize(
    "note",
    [
        pytest.param({"born": 1}, id="other-birth"),
        pytest.param({"boot": "another"}, id="before-a-reboot"),
        pytest.param({"pid": "1"}, id="not-a-number"),
        pytest.param({"pid": 0}, id="whole-group"),
        pytest.param({"pid": -1}, id="everybody"),
    ],
)
def test_a_stranger_with_the_same_pid_is_left_alone(tmp_path, note):
    """A note that does not fit the process exactly stops nothing: a pid may have been given to somebody else."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        born = int(Path(f"/proc/{stranger.pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19])
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        true = {"pid": stranger.pid, "born": born, "boot": boot, "url": "http://127.0.0.1:1"}
        (tmp_path / "server.json").write_text(json.dumps(true | note), "utf-8")
        try:
            assert not server.status(tmp_path).running
            assert not server.down(tmp_path)
            assert stranger.poll() is None
        finally:
            stranger.kill()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "\x00"])
def test_a_damaged_note(tmp_path, content):
    """A state file that cannot be read means that nothing of ours runs."""
    (tmp_path / "server.json").write_text(content, "utf-8")
    assert not server.status(tmp_path).running
    assert not server.down(tmp_path)
