"""Several people on one task, both kinds of keys, a server behind a private authority's certificate."""

import json
import socket
import ssl
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from annotate.errors import StudioError, UsageError
from annotate.quality.resolve import resolve
from annotate.studio.accounts import invite
from annotate.studio.client import Client
from annotate.studio.codec import result
from tests.faulty_proxy import Fault, proxied


@pytest.fixture(scope="module")
def access_token(studio):
    """A personal access token, made the way the account page does."""
    headers = {"Authorization": f"Token {studio.api_key}"}
    allowed = {"api_tokens_enabled": True, "legacy_api_tokens_enabled": True, "api_token_ttl_days": 30}
    httpx.post(f"{studio.url}/api/jwt/settings", headers=headers, json=allowed, timeout=30).raise_for_status()
    made = httpx.post(f"{studio.url}/api/token/", headers=headers, timeout=30)
    made.raise_for_status()
    return str(made.json()["token"])


@pytest.fixture(params=["legacy", "personal"])
def key(request, studio):
    """A key of either kind."""
    return studio.api_key if request.param == "legacy" else request.getfixturevalue("access_token")


@pytest.fixture
def campaign(cli, tmp_path, sentences, client):
    """A workspace whose pre-labels are ready to push, two people for each sentence."""
    here = tmp_path / "campaign"
    title = f"users {tmp_path.name}"
    assert cli("init", here, "--name", title).code == 0
    config = here / "annotate.toml"
    config.write_text(config.read_text("utf-8").replace("overlap = 1", "overlap = 2"), "utf-8")
    (here / "work" / "prelabeled.jsonl").write_bytes(b"".join(s.to_json() + b"\n" for s in sentences))
    yield here
    if project := client.project(title):
        client.delete_project(project.id)


def test_a_key_is_nowhere_to_be_seen(cli, campaign, studio, key):
    """Push, status and pull with a key of either kind: it stands in no output, no file and no message."""
    env = {"LABEL_STUDIO_API_KEY": key, "LABEL_STUDIO_URL": studio.url}
    ran = [cli(*words, env=env, cwd=campaign) for words in (("push", "--json"), ("studio", "status", "--json"))]
    number = json.loads(ran[0].stdout)["project"]
    ran.append(cli("pull", "--project", number, "--json", env=env, cwd=campaign))  # by number as well as by title
    assert [one.code for one in ran] == [0, 0, 0], [one.stderr for one in ran]
    ran.append(cli("push", "--project", "999999", env=env, cwd=campaign))
    assert ran[-1].code == 3
    assert not [one for one in ran if key in one.stdout + one.stderr]
    assert not [file for file in campaign.rglob("*") if file.is_file() and key.encode() in file.read_bytes()]


@pytest.mark.filterwarnings("ignore:The `parse_obj` method")  # the SDK's own, when it renews an access token
def test_a_key_is_not_in_what_a_failure_shows(studio, access_token):
    """The words, the notes and the causes of an error, and the client itself, hold neither key nor header."""
    for key in (access_token, "a-wrong-key-0815"):
        with Client(studio.url, key, patience_s=0) as client, pytest.raises(StudioError) as caught:
            client.ask("asking", "GET", "/api/projects/999999/")
        shown, error = [repr(client)], caught.value
        while error is not None:
            shown.append(repr(error) + str(error))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        assert key not in "".join(shown)
        assert "Authorization" not in "".join(shown)


@pytest.mark.filterwarnings("ignore:The `parse_obj` method")  # the SDK's own, when it renews an access token
def test_a_key_is_not_logged(studio, key, caplog):
    """Whoever lets every library below log everything finds addresses there, and no key."""
    caplog.set_level("DEBUG")
    with Client(studio.url, key) as client:
        client.whoami()
        client.project("no such project")
        client.ask("asking", "GET", "/api/version")
        sent = client._headers()["Authorization"].split()[-1]  # a personal token is exchanged for another
    assert "/api/version" in caplog.text
    assert not [one for one in (key, sent) if one in caplog.text]


def test_an_invitation_is_not_in_what_a_failure_shows(studio):
    """Whoever has the link of an invitation can make an account, so it is no part of a message."""
    with (
        proxied(studio.url, Fault("502 before", "GET", r"/user/signup")) as proxy,
        pytest.raises(StudioError) as caught,
    ):
        invite(proxy.url, studio.api_key, "somebody@localhost")
    assert "502" in str(caught.value)
    assert "token" not in str(caught.value)


def test_two_people_agree_and_disagree(loop, sentences, studio, new_user, tmp_path):
    """With an overlap of 2 a task waits for the second person; what both left alike becomes gold."""
    loop.write(sentences)
    project = loop.push(overlap=2).project
    tasks = loop.task_ids(project, sentences)
    people = [Client(studio.url, new_user().api_key) for _ in range(2)]
    try:
        for sentence in sentences:
            people[0].annotate(tasks[sentence.id], result(sentence))
        (first,), _ = people[0].page_of_tasks(project, (), include="id,is_labeled")
        assert first["is_labeled"] is False
        people[1].annotate(tasks[sentences[0].id], result(sentences[0]))
        people[1].annotate(tasks[sentences[1].id], [])
        (first,), _ = people[0].page_of_tasks(project, (), include="id,is_labeled")
        assert first["is_labeled"] is True
        names = [person.whoami() for person in people]
    finally:
        for person in people:
            person.close()
    assert loop.pull().submitted == 6
    assert {a.annotator for a in loop.pulled()} == set(names)
    summary = resolve(loop.annotations, tmp_path / "gold.jsonl")
    assert (summary.agreement, summary.single, len(summary.disagreements)) == (1, 2, 1)
    (disagreement,) = summary.disagreements
    assert disagreement.id == sentences[1].id
    assert set(disagreement.said) == set(names)


class Terminator:
    """Ends TLS in front of a server on loopback, and passes on what it carries."""

    def __init__(self, port: int, certificate: Path, key: Path) -> None:
        self._target = port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(plain,), daemon=True).start()

    def _carry(self, plain: socket.socket) -> None:
        # A client that does not trust the certificate hangs up.
        with (
            suppress(OSError),
            plain,
            self._context.wrap_socket(plain, server_side=True) as outer,
            socket.create_connection(("127.0.0.1", self._target)) as inner,
        ):
            back = threading.Thread(target=self._pass, args=(inner, outer), daemon=True)
            back.start()
            self._pass(outer, inner)
            back.join()

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A private authority and a certificate of localhost that it signed: certificate of the one, files of the other."""
    here = tmp_path_factory.mktemp("authority")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=here, check=True, capture_output=True)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    uses = ("-addext", "keyUsage=critical,keyCertSign", "-addext", "subjectAltName=DNS:authority.invalid")
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Private", *uses)
    openssl("req", *new, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (here / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n", "ascii")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    openssl("x509", "-req", "-in", "server.csr", *signed, "-out", "server.pem")
    return here


@pytest.fixture
def secure_url(studio, authority):
    """The server's address behind TLS."""
    door = Terminator(int(studio.url.rpartition(":")[2]), authority / "server.pem", authority / "server.key")
    yield f"https://localhost:{door.port}"
    door.close()


def test_a_private_authority(cli, campaign, secure_url, authority, key):
    """With its certificate named, keys of both kinds work; without, the server is not believed, and gets no key."""
    env = {"LABEL_STUDIO_API_KEY": key, "LABEL_STUDIO_URL": secure_url}
    trusted = env | {"LABEL_STUDIO_CA_FILE": str(authority / "ca.pem")}
    pushed = cli("push", "--json", env=trusted, cwd=campaign)
    assert pushed.code == 0, pushed.stderr
    assert json.loads(pushed.stdout)["pushed"] == 4
    assert cli("pull", env=trusted, cwd=campaign).code == 0
    refused = cli("studio", "status", env=env, cwd=campaign)
    assert refused.code == 3
    assert "CERTIFICATE_VERIFY_FAILED" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_file_without_certificates(tmp_path):
    """A missing file and one that holds something else are said, with their name."""
    other = tmp_path / "other.pem"
    other.write_text("nothing of the kind", "ascii")
    for file in (other, tmp_path / "missing.pem"):
        with pytest.raises(UsageError, match=file.name):
            Client("https://localhost:1", "key", ca_file=file)
