"""How Label Studio is brought up: on which port, and what is said when it does not come."""

import http.client
import json
import re
import socket
from pathlib import Path

import pytest

from annotate.errors import StudioError
from annotate.studio import server
from annotate.studio.server import starting
from tests.studio.embedded import get, processes_in


@pytest.mark.parametrize("noticed", ["before", "after"])
def test_a_port_that_is_taken(folder, monkeypatch, noticed):
    """A port asked for by number is never silently exchanged for another, also when it is taken at the last moment."""
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        if noticed == "after":
            monkeypatch.setattr(starting, "reason_taken", lambda port, host: None)
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
        given.append(server.api_key(folder).encode() in Path(f"/proc/{started.server.pid}/environ").read_bytes())
        server.down(folder)
    assert given == [True, False]
