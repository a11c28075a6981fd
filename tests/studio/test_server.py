"""An embedded Label Studio, started and stopped for real."""

import http.client
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import httpx
import pytest

from annotate.errors import MissingExtra, StudioError, UsageError
from annotate.labels import DEFAULT
from annotate.studio import server
from annotate.studio.backend.connection import connect
from annotate.studio.backend.guard import Guard
from annotate.studio.client import Client
from annotate.studio.interface import interface

MINE = "not-for-label-studio"


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


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Started]:
    """A server that the tests look at and leave as it is, started among secrets that are none of its business."""
    place = tmp_path_factory.mktemp("running") / "studio"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HF_TOKEN", "LABEL_STUDIO_API_KEY", "SECRET_KEY"):
            patch.setenv(name, MINE)
        started = server.up(place)
    yield started
    server.down(place)


def place_of(started: server.Started) -> Path:
    """The folder of an embedded server."""
    assert started.server.folder is not None
    return started.server.folder


def pid_of(started: server.Started) -> int:
    """The process id of an embedded server."""
    assert started.server.pid is not None
    return started.server.pid


def get(url: str, path: str, folder: Path) -> httpx.Response:
    """Ask the API with the key that belongs to a folder."""
    return httpx.get(f"{url}{path}", headers={"Authorization": f"Token {server.api_key(folder)}"}, timeout=30)


def exists(pid: int) -> bool:
    """Tell whether a process runs (a dead one that nobody waited for does not)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] not in "ZX"


def processes_in(folder: Path) -> list[int]:
    """The running processes that have a folder as their current one, as every server has its own."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if path.readlink() == folder and exists(int(path.parent.name)):
                found.append(int(path.parent.name))
    return found


def eventually(claim: Callable[[], bool], within_s: float) -> bool:
    """Wait for a claim to become true."""
    until = time.monotonic() + within_s
    while not claim():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def everything_on_command_lines() -> str:
    """What `ps` shows of all processes to everybody on the machine."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
    return "\n".join(lines)


def may_call_this_machine(started: server.Started) -> bool:
    """Whether its process was told so."""
    told = Path(f"/proc/{pid_of(started)}/environ").read_bytes().split(b"\0")
    return {b"ML_BLOCK_LOCAL_IP=false", b"SSRF_PROTECTION_ENABLED=false"} <= set(told)


def test_up_leaves_a_server_that_takes_the_key(running):
    """The key in the folder is good for API calls as the account that was made."""
    answer = get(running.server.url, "/api/current-user/whoami", place_of(running))
    assert (200, running.server.username) == (answer.status_code, answer.json()["email"])


def test_up_gives_a_password_that_logs_in(running):
    """The password that is shown once opens the login page."""
    with httpx.Client(base_url=running.server.url, follow_redirects=True, timeout=30) as browser:
        page = browser.get("/user/login/").text
        (csrf,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"email": running.server.username, "password": running.password, "csrfmiddlewaretoken": csrf}
        browser.post("/user/login/", data=form, headers={"Referer": running.server.url})
        assert running.server.username == browser.get("/api/current-user/whoami").json()["email"]


def test_nobody_signs_up_without_an_invitation(running):
    """The page for new accounts is closed to whoever has no invitation."""
    with httpx.Client(base_url=running.server.url, timeout=30) as browser:
        (csrf,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get("/user/signup/").text)
        form = {"email": "x@localhost", "password": "a long password", "csrfmiddlewaretoken": csrf}
        answer = browser.post("/user/signup/", data=form, headers={"Referer": running.server.url})
    assert answer.status_code == http.client.FORBIDDEN


def test_up_again_finds_it(running):
    """A second `up` starts nothing, and shows no password."""
    again = server.up(place_of(running))
    assert again.server == running.server
    assert (again.already_running, again.password) == (True, None)


def test_local_services_are_a_choice(running):
    """By default it calls nothing on this machine, and one that runs so says how to start it otherwise."""
    assert not may_call_this_machine(running)
    assert server.up(place_of(running), local_services=False).already_running
    with pytest.raises(StudioError, match=r"runs without --local-services.*annotate studio down"):
        server.up(place_of(running), local_services=True)


def test_without_local_services_nothing_is_connected(running):
    """A server that calls nothing on this machine refuses an ML backend there, and the message says what to do."""
    with Client(running.server.url, server.api_key(place_of(running))) as client:
        project = client.create_project("no backend", interface(DEFAULT), "", 1)
        with pytest.raises(StudioError, match=r"127\.0\.0\.1:9.*annotate studio up --local-services"):
            connect(client, project, "http://127.0.0.1:9", Guard(), webhook=True)
        client.delete_project(project.id)


def test_status_of_a_running_one(running):
    """Status names where it answers, how fast, and which version it is."""
    now = server.status(place_of(running))
    assert (now.running, now.url, now.pid) == (True, running.server.url, running.server.pid)
    assert now.version == metadata.version("label-studio")
    assert now.answered_s is not None
    assert 0 < now.answered_s < 5


def test_status_where_there_is_none(tmp_path):
    """A folder that never held a server has a status too, and stays as it is."""
    assert server.status(tmp_path / "studio") == server.Status(running=False)
    assert not (tmp_path / "studio").exists()


def test_it_listens_on_loopback_alone(running):
    """Another address of the same machine, even a loopback one, gets no connection."""
    port = int(running.server.url.rpartition(":")[2])
    assert running.server.url == f"http://127.0.0.1:{port}"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5).close()


def test_its_files_are_for_the_owner_alone(running):
    """Nobody else may read anything in the folder, and it is kept out of git."""
    place = place_of(running)
    names = {str(path.relative_to(place)) for path in place.rglob("*")}
    assert names >= {"credentials.json", "server.json", "server.log", "data/label_studio.sqlite3", "data/.env"}
    open_to_others = {name for name in names if (place / name).stat().st_mode & 0o077}
    assert open_to_others == {".gitignore"}
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert (place / ".gitignore").read_text("utf-8") == "*\n"


def test_no_secret_shows_outside_its_file(running):
    """Neither password nor key is on a command line, in the log, in the state file or in what gets printed."""
    place = place_of(running)
    secrets = [running.password, server.api_key(place)]
    shown = [everything_on_command_lines(), repr(running), str(running)]
    shown += [(place / name).read_text("utf-8") for name in ("server.log", "server.json")]
    assert str(pid_of(running)) in shown[-1]
    assert not [secret for secret in secrets for text in shown if secret in text]


def test_it_inherits_no_secret(running):
    """Keys in our environment do not reach the server's."""
    assert MINE.encode() not in Path(f"/proc/{pid_of(running)}/environ").read_bytes()


def test_a_second_account(studio, second_user):
    """The fixture's other account is another person on the same server."""
    keys = [studio.api_key, second_user]
    url = f"{studio.url}/api/current-user/whoami"
    emails = [httpx.get(url, headers={"Authorization": f"Token {key}"}, timeout=30).json()["email"] for key in keys]
    assert emails == [studio.username, "annotator-1@localhost"]


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
    assert not exists(pid_of(first))
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
    os.kill(pid_of(first), signal.SIGKILL)
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
    assert eventually(lambda: not exists(pid_of(found)), within_s=10)


def test_two_at_once(folder):
    """Of two programs that say up at the same moment, one starts the server and the other finds it."""
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(server.up, [folder, folder]))
    assert both[0].server == both[1].server
    assert processes_in(folder) == [both[0].server.pid]
    assert sorted(started.already_running for started in both) == [False, True]
    assert [started.password is None for started in both] == [started.already_running for started in both]


@pytest.mark.parametrize("noticed", ["before", "after"])
def test_a_port_that_is_taken(folder, monkeypatch, noticed):
    """A port asked for by number is never silently exchanged for another, also when it is taken at the last moment."""
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        if noticed == "after":
            monkeypatch.setattr(server, "reason_taken", lambda port, host: None)
        with pytest.raises(StudioError, match=f"port {port} of 127.0.0.1"):
            server.up(folder, port=port)
    assert not server.status(folder).running
    assert processes_in(folder) == []


def test_the_port_from_before_is_taken(folder):
    """Without a port asked for, a server whose old port is in use moves to another and says so."""
    first = server.up(folder)
    server.down(folder)
    with socket.create_server(("127.0.0.1", int(first.server.url.rpartition(":")[2]))):
        second = server.up(folder)
    assert second.server.url != first.server.url
    assert get(second.server.url, "/api/current-user/whoami", folder).status_code == http.client.OK


def test_a_port_asked_for(folder):
    """A free port asked for by number is the one it gets."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert server.up(folder, port=port).server.url == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_no_such_port(tmp_path, port):
    """A number that no port has is a wrong option, found before anything is made."""
    with pytest.raises(UsageError, match="between 1 and 65535"):
        server.up(tmp_path / "studio", port=port)
    assert not (tmp_path / "studio").exists()


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


def test_label_studio_is_not_installed(tmp_path, monkeypatch):
    """Without label-studio the message says what to install, and nothing is made."""

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(MissingExtra, match=re.escape("pip install 'annotate-kit[studio]'")):
        server.up(tmp_path / "studio")
    assert not (tmp_path / "studio").exists()


def test_a_start_that_fails(folder):
    """The message names the log and its last lines; the secrets stay out of it."""
    server.up(folder)
    server.down(folder)
    (folder / "data" / "label_studio.sqlite3").write_bytes(b"no database " * 500)
    with pytest.raises(StudioError, match="file is not a database") as caught:
        server.up(folder)
    message = str(caught.value)
    assert str(folder / "server.log") in message
    assert server.api_key(folder) not in message
    assert not server.status(folder).running


def test_a_log_line_with_a_secret_is_blotted(folder):
    """Should Label Studio ever print what it was given, the message does not repeat it."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "label_studio.sqlite3").write_bytes(b"no database " * 500)
    # What Label Studio says of such a file is taken for the password here, so that its log does hold a secret.
    secret = "file is not a database"
    credentials = {"username": "a@localhost", "password": secret, "token": "0" * 40, "confirmed": True}
    (folder / "credentials.json").write_text(json.dumps(credentials), "utf-8")
    with pytest.raises(StudioError, match=re.escape("***")) as caught:
        server.up(folder)
    assert secret in (folder / "server.log").read_text("utf-8")
    assert secret not in str(caught.value)


def test_no_time_left(folder):
    """A start that takes too long leaves no process; the next one begins anew and shows the password."""
    with pytest.raises(StudioError, match=r"within 0\.5 s"):
        server.up(folder, timeout_s=0.5)
    assert not server.status(folder).running
    assert server.up(folder).password is not None


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


@pytest.mark.parametrize("content", ["", "{}", '{"username": "a", "password": "b"}'])
def test_damaged_credentials(tmp_path, content):
    """A credentials file without the credentials is an error that names it."""
    (tmp_path / "credentials.json").write_text(content, "utf-8")
    with pytest.raises(StudioError, match=r"credentials\.json is damaged"):
        server.api_key(tmp_path)


def test_lost_credentials(tmp_path):
    """Data without their credentials are never thrown away for a fresh start."""
    database = tmp_path / "data" / "label_studio.sqlite3"
    database.parent.mkdir()
    database.write_bytes(b"somebody's work")
    with pytest.raises(StudioError, match=r"credentials\.json is gone"):
        server.up(tmp_path)
    assert database.read_bytes() == b"somebody's work"


def test_a_link_in_the_place_of_the_data(folder, tmp_path):
    """Beginning anew after an interrupted start never reaches through a link."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "work").write_text("somebody's", "utf-8")
    folder.mkdir()
    (folder / "data").symlink_to(elsewhere)
    with pytest.raises(StudioError, match="cannot be removed"):
        server.up(folder)
    assert (elsewhere / "work").read_text("utf-8") == "somebody's"


def test_credentials_are_handed_over_once(folder):
    """The server gets password and key when its account is made, and not again at later starts."""
    given = []
    for _ in range(2):
        started = server.up(folder)
        given.append(server.api_key(folder).encode() in Path(f"/proc/{pid_of(started)}/environ").read_bytes())
        server.down(folder)
    assert given == [True, False]


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


@pytest.mark.parametrize("password", ["admin", "annotate-annotate", "aaaaaaaaaaaaaaaaaa", "password"])
@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.2"])
def test_a_weak_password_is_for_this_machine_alone(folder, host, password):
    """Nothing is started on another address while the account's password can be guessed."""
    folder.mkdir()
    account = {"username": "annotate@localhost", "password": password, "token": "0" * 40, "confirmed": True}
    (folder / "credentials.json").write_text(json.dumps(account), "utf-8")
    with pytest.raises(UsageError, match="too weak") as caught:
        server.up(folder, host=host)
    assert f"password {password}" not in str(caught.value)
    assert processes_in(folder) == []


@pytest.mark.parametrize("host", ["localhost", "", "::", "224.0.0.1", "1.2.3"])
def test_a_host_is_an_address(folder, host):
    """A name may mean several addresses, so it is refused."""
    with pytest.raises(UsageError, match="host"):
        server.up(folder, host=host)
    assert not folder.exists()
