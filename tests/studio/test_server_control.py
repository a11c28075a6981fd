"""Up, down and status of an embedded Label Studio, started and stopped for real."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata

import httpx
import pytest

from annotate.errors import MissingExtra, StudioError, UsageError
from annotate.studio import server
from tests.eventually import eventually
from tests.studio.embedded import exists, get, may_call_this_machine, processes_in


def test_status_where_there_is_none(tmp_path):
    """A folder that never held a server has a status too, and stays as it is."""
    assert server.status(tmp_path / "studio") == server.Status(running=False)
    assert not (tmp_path / "studio").exists()


def test_down_and_up_again(folder):
    """Down stops it, a second down has nothing to do; data, address and local services are there after the next up."""
    first = server.up(folder, local_services=True)
    assert may_call_this_machine(first)
    made = httpx.post(
        f"{first.server.url}/api/projects/",
        headers={"Authorization": f"Token {server.api_key(folder)}"},
        json={"title": "समाचार"},
        timeout=30,
    )
    assert made.status_code == http.client.CREATED
    assert server.down(folder)
    assert not exists(first.server.pid)
    assert not server.down(folder)
    assert server.status(folder) == server.Status(running=False)

    second = server.up(folder)
    assert (second.server.url, second.already_running, second.password) == (first.server.url, False, None)
    assert may_call_this_machine(second)
    titles = [project["title"] for project in get(second.server.url, "/api/projects/", folder).json()["results"]]
    assert titles == ["समाचार"]


def test_down_where_there_is_none(tmp_path):
    """Down in a folder that never held a server does nothing and leaves nothing."""
    assert not server.down(tmp_path / "studio")
    assert not (tmp_path / "studio").exists()


def test_up_after_a_crash(folder):
    """A server that was killed is no running one; the next up starts another on the same data."""
    first = server.up(folder)
    os.kill(first.server.pid, signal.SIGKILL)
    assert eventually(lambda: not server.status(folder).running, within_s=10)
    second = server.up(folder)
    assert not second.already_running
    assert second.server.pid != first.server.pid
    assert get(second.server.url, "/api/current-user/whoami", folder).status_code == http.client.OK


def test_it_outlives_the_program_that_started_it(folder):
    """The server runs on when its starter has ended, and any other program finds and stops it."""
    code = "import sys; from pathlib import Path; from annotate.studio import server; server.up(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, timeout=180)
    found = server.up(folder)
    assert found.already_running
    assert server.down(folder)
    assert eventually(lambda: not exists(found.server.pid), within_s=10)


def test_two_at_once(folder):
    """Of two programs that say up at the same moment, one starts the server and the other finds it."""
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(server.up, [folder, folder]))
    assert both[0].server == both[1].server
    assert processes_in(folder) == [both[0].server.pid]
    assert sorted(started.already_running for started in both) == [False, True]
    assert [started.password is None for started in both] == [started.already_running for started in both]


def test_label_studio_is_not_installed(tmp_path, monkeypatch):
    """Without label-studio the message says what to install, and nothing is made."""

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(MissingExtra, match=re.escape("pip install 'annotate-kit[studio]'")):
        server.up(tmp_path / "studio")
    assert not (tmp_path / "studio").exists()


def test_interrupted(folder):
    """Ctrl-C while it starts leaves no process behind."""
    pids = []

    def interrupt(passed_s: float) -> None:
        if pid := server.status(folder).pid:
            pids.append(pid)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        server.up(folder, on_progress=interrupt)
    assert len(pids) == 1
    assert processes_in(folder) == []
    assert not server.status(folder).running


def test_no_time_left(folder):
    """A start that takes too long leaves no process; the next one begins anew and shows the password."""
    with pytest.raises(StudioError, match=r"within 0\.5 s"):
        server.up(folder, timeout_s=0.5)
    assert not server.status(folder).running
    assert server.up(folder).password is not None


def test_progress_counts_up(folder):
    """Whoever waits is told the seconds that have passed."""
    seen: list[float] = []
    started = server.up(folder, on_progress=seen.append)
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] <= started.took_s


def test_no_key_before_the_first_start(tmp_path):
    """Asking for a key where no server was ever started says how to start one."""
    with pytest.raises(StudioError, match="annotate studio up"):
        server.api_key(tmp_path / "studio")


def test_lost_credentials(tmp_path):
    """Data without their credentials are never thrown away for a fresh start."""
    database = tmp_path / "data" / "label_studio.sqlite3"
    database.parent.mkdir()
    database.write_bytes(b"somebody's work")
    with pytest.raises(StudioError, match=r"credentials\.json is gone"):
        server.up(tmp_path)
    assert database.read_bytes() == b"somebody's work"


def test_a_key_that_was_reset(folder):
    """A server that refuses our key goes on running, and the message says where the new key belongs."""
    server.up(folder)
    path = folder / "credentials.json"
    values = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(values | {"token": "0" * 40}), "utf-8")
    with pytest.raises(StudioError, match="refuses the key"):
        server.up(folder)
    assert server.status(folder).running


def test_a_file_in_the_way(tmp_path):
    """A folder that cannot be made is a wrong option."""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UsageError, match="Not a directory"):
        server.up(tmp_path / "file" / "studio")


def test_it_listens_where_it_is_told(folder):
    """Another address of this machine than the default, and only that; a second `up` elsewhere is refused."""
    started = server.up(folder, host="127.0.0.2")
    assert started.server.url.startswith("http://127.0.0.2:")
    assert get(started.server.url, "/api/current-user/whoami", folder).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(started.server.url.replace("127.0.0.2", "127.0.0.1") + "/health")
    with pytest.raises(UsageError, match=r"it runs on 127\.0\.0\.2"):
        server.up(folder)


@pytest.mark.parametrize("host", ["localhost", "", "::", "224.0.0.1", "1.2.3"])
def test_a_host_is_an_address(folder, host):
    """A name may mean several addresses, so it is refused."""
    with pytest.raises(UsageError, match="host"):
        server.up(folder, host=host)
    assert not folder.exists()


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_no_such_port(tmp_path, port):
    """A number that no port has is a wrong option, found before anything is made."""
    with pytest.raises(UsageError, match="between 1 and 65535"):
        server.up(tmp_path / "studio", port=port)
    assert not (tmp_path / "studio").exists()
