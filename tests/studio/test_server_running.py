"""An embedded Label Studio that runs: who it answers, where it listens, what shows of its secrets."""

import http.client
import re
import socket
import stat
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import httpx
import pytest

from annotate.errors import StudioError
from annotate.labels import DEFAULT
from annotate.studio import server
from annotate.studio.backend.connection import connect
from annotate.studio.backend.guard import Guard
from annotate.studio.client import Client
from annotate.studio.interface import interface
from tests.studio.embedded import everything_on_command_lines, get, may_call_this_machine

MINE = "not-for-label-studio"


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


def test_up_leaves_a_server_that_takes_the_key(running):
    """The key in the folder is good for API calls as the account that was made."""
    answer = get(running.server.url, "/api/current-user/whoami", running.server.folder)
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
    again = server.up(running.server.folder)
    assert again.server == running.server
    assert (again.already_running, again.password) == (True, None)


def test_local_services_are_a_choice(running):
    """By default it calls nothing on this machine, and one that runs so says how to start it otherwise."""
    assert not may_call_this_machine(running)
    assert server.up(running.server.folder, local_services=False).already_running
    with pytest.raises(StudioError, match=r"runs without --local-services.*annotate studio down"):
        server.up(running.server.folder, local_services=True)


def test_without_local_services_nothing_is_connected(running):
    """A server that calls nothing on this machine refuses an ML backend there, and the message says what to do."""
    with Client(running.server.url, server.api_key(running.server.folder)) as client:
        project = client.create_project("no backend", interface(DEFAULT), "", 1)
        with pytest.raises(StudioError, match=r"127\.0\.0\.1:9.*annotate studio up --local-services"):
            connect(client, project, "http://127.0.0.1:9", Guard(), webhook=True)
        client.delete_project(project.id)


def test_status_of_a_running_one(running):
    """Status names where it answers, how fast, and which version it is."""
    now = server.status(running.server.folder)
    assert (now.running, now.url, now.pid) == (True, running.server.url, running.server.pid)
    assert now.version == metadata.version("label-studio")
    assert now.answered_s is not None
    assert 0 < now.answered_s < 5


def test_it_listens_on_loopback_alone(running):
    """Another address of the same machine, even a loopback one, gets no connection."""
    port = int(running.server.url.rpartition(":")[2])
    assert running.server.url == f"http://127.0.0.1:{port}"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5).close()


def test_its_files_are_for_the_owner_alone(running):
    """Nobody else may read anything in the folder, and it is kept out of git."""
    place = running.server.folder
    names = {str(path.relative_to(place)) for path in place.rglob("*")}
    assert names >= {"credentials.json", "server.json", "server.log", "data/label_studio.sqlite3", "data/.env"}
    open_to_others = {name for name in names if (place / name).stat().st_mode & 0o077}
    assert open_to_others == {".gitignore"}
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert (place / ".gitignore").read_text("utf-8") == "*\n"


def test_no_secret_shows_outside_its_file(running):
    """Neither password nor key is on a command line, in the log, in the state file or in what gets printed."""
    place = running.server.folder
    secrets = [running.password, server.api_key(place)]
    shown = [everything_on_command_lines(), repr(running), str(running)]
    shown += [(place / name).read_text("utf-8") for name in ("server.log", "server.json")]
    assert str(running.server.pid) in shown[-1]
    assert not [secret for secret in secrets for text in shown if secret in text]


def test_it_inherits_no_secret(running):
    """Keys in our environment do not reach the server's."""
    assert MINE.encode() not in Path(f"/proc/{running.server.pid}/environ").read_bytes()


def test_a_second_account(studio, second_user):
    """The fixture's other account is another person on the same server."""
    keys = [studio.api_key, second_user]
    url = f"{studio.url}/api/current-user/whoami"
    emails = [httpx.get(url, headers={"Authorization": f"Token {key}"}, timeout=30).json()["email"] for key in keys]
    assert emails == [studio.username, "annotator-1@localhost"]
