"""Processes: which one it is, where it listens, how it ends."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotate.errors import StudioError
from annotate.studio.server import process as server_process
from annotate.studio.server.process import Process, is_alive, listening_ports, spawn, stop
from tests.eventually import eventually

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Process]]:
    """Runs Python code as a process of ours; ended after the test."""
    started = []

    def run(code: str) -> Process:
        started.append(spawn([sys.executable, "-c", code], {}, tmp_path, tmp_path / "log"))
        return started[-1]

    yield run
    for process in started:
        stop(process, grace_s=0)


def test_spawn_keeps_what_was_said(start, tmp_path):
    """Both output streams are in the log, which is the owner's alone."""
    process = start("import sys; print('one', flush=True); print('two', file=sys.stderr)")
    assert eventually(lambda: not is_alive(process))
    assert (tmp_path / "log").read_text("utf-8") == "one\ntwo\n"
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


def test_spawn_detaches(start):
    """The process leads a session of its own: closing the terminal or Ctrl-C in it does not reach it."""
    process = start("import time; time.sleep(60)")
    assert os.getsid(process.pid) == process.pid != os.getsid(0)


def test_spawn_of_nothing(tmp_path):
    """A program that is not there is an error that names it."""
    with pytest.raises(StudioError, match="cannot start /no/such/program"):
        spawn(["/no/such/program"], {}, tmp_path, tmp_path / "log")


def test_a_process_with_the_same_pid_is_another(start):
    """Pid, birth and boot together make a process; each alone does not."""
    process = start("import time; time.sleep(60)")
    others = [process._replace(born=process.born + 1), process._replace(boot="another")]
    assert is_alive(process)
    assert [is_alive(other) for other in others] == [False, False]
    assert [stop(other, grace_s=0) for other in others] == [False, False]
    assert is_alive(process)


def test_stop_asks_first(start):
    """A process that ends when asked is not forced."""
    process = start("import time; time.sleep(60)")
    assert stop(process, grace_s=30)
    assert server_process.exit_status(process) == -signal.SIGTERM
    assert not stop(process, grace_s=30)


def test_stop_forces_in_the_end(start, tmp_path):
    """A process that does not listen is ended all the same."""
    process = start(DEAF)
    assert eventually(lambda: "deaf" in (tmp_path / "log").read_text("utf-8"))
    assert stop(process, grace_s=0.1)
    assert server_process.exit_status(process) == -signal.SIGKILL


def test_a_process_of_another_program(tmp_path):
    """What another program started is recognised and stopped as well, and its zombie does not count as alive."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        stat = Path(f"/proc/{child.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        process = Process(child.pid, int(stat[19]), boot)
        assert is_alive(process)
        assert stop(process, grace_s=30)
        assert Path(f"/proc/{child.pid}").exists()  # a zombie until its parent waits for it
        assert server_process.exit_status(process) is None


def test_listening_ports_are_its_own(start):
    """Ports are told apart by who listens on them, and only those of 127.0.0.1 count."""
    code = (
        "import socket, time\n"
        "mine = socket.create_server(('127.0.0.1', 0))\n"
        "other = socket.create_server(('127.0.0.2', 0))\n"
        "print(mine.getsockname()[1], flush=True)\n"
        "time.sleep(60)"
    )
    first, second = start(code), start(code)
    assert eventually(lambda: len(listening_ports(first)) == len(listening_ports(second)) == 1)
    assert listening_ports(first) != listening_ports(second)
    with socket.create_connection(("127.0.0.1", listening_ports(first)[0]), timeout=5):
        pass


def test_reason_taken():
    """A port is taken while somebody listens on it, on this address or on all."""
    for address in ("127.0.0.1", "0.0.0.0"):
        with socket.create_server((address, 0)) as stranger:
            port = stranger.getsockname()[1]
            assert server_process.reason_taken(port) == "Address already in use"
        assert server_process.reason_taken(port) is None


def test_label_studio_gets_little_of_our_environment(monkeypatch, tmp_path):
    """It gets what a program needs to run and its settings, whatever else is set here."""
    for name in ("HF_TOKEN", "LABEL_STUDIO_API_KEY", "SECRET_KEY", "HOST", "DEBUG", "DATABASE_NAME", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "ours")
    env = server_process.environment(tmp_path)
    assert "ours" not in env.values()
    assert env["PATH"] == os.environ["PATH"]
    assert env["LABEL_STUDIO_BASE_DATA_DIR"] == str(tmp_path)
