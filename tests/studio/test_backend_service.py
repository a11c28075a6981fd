"""`annotate studio backend` as a process: who is answered, what with, and how it ends."""

import base64
import hashlib
import hmac
import json
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import httpx
import pytest

from annotate.labels import DEFAULT
from annotate.studio.interface import interface
from tests.studio.backend_service import SECRET, USER, running

PAGE = interface(DEFAULT)
TASK = {"id": 1, "data": {"text": "नरेंद्र मोदी दिल्ली गए।"}}
KEY = "0123456789-a-key-of-label-studio-abcdef"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One service for the tests that leave it running."""
    with running(tmp_path_factory.mktemp("service"), "--backend", "rules", "--stance", "rules") as started:
        yield started


def test_it_listens_on_this_machine(service):
    """By default the address is a loopback one, and the summary says which engine answers."""
    assert urlsplit(service.url).hostname == "127.0.0.1"
    assert service.told["model_version"].startswith("rules/")
    assert service.told["connection"] is None


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/health"), ("GET", "/versions"), ("POST", "/setup"), ("POST", "/predict")]
)
def test_the_secret_is_asked_for(service, method, path):
    """Without the secret nothing is answered, not even before a body is read."""
    for headers in ({}, {"X-Annotate-Secret": "wrong"}, {"Authorization": "Basic d3Jvbmc6d3Jvbmc="}):
        answer = httpx.request(method, service.url + path, content=b"no JSON", headers=headers)
        assert answer.status_code == 401
        assert "www-authenticate" in answer.headers


def test_health(service):
    """Label Studio and monitors learn that it is up."""
    answer = service.ask("GET", "/health")
    assert answer.json() == {"status": "UP", "model_version": service.told["model_version"]}
    assert httpx.get(service.url + "/health", headers={"X-Annotate-Secret": SECRET}).status_code == 200


def test_setup_and_predict(service):
    """/setup names the version that /predict's predictions bear, by which Label Studio knows what it has."""
    version = service.told["model_version"]
    told = {"project": "1.1", "schema": PAGE, "hostname": "", "access_token": KEY, "extra_params": None}
    assert service.ask("POST", "/setup", told).json() == {"model_version": version}
    answer = service.ask("POST", "/predict", {"tasks": [TASK, {}], "label_config": PAGE, "params": {}}).json()
    assert answer["model_version"] == version
    made, none = answer["results"]
    assert made["model_version"] == version
    assert [item["value"]["text"] for item in made["result"]] == ["नरेंद्र मोदी", "दिल्ली"]
    assert none == []
    assert service.ask("GET", "/versions").json() == {"versions": [version]}


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        pytest.param("/setup", {"schema": "<View/>", "access_token": KEY}, "cannot show", id="other-page"),
        pytest.param("/setup", {"schema": [KEY], "access_token": KEY}, "no XML", id="no-page"),
        pytest.param("/setup", [KEY], "no JSON object", id="a-list"),
        pytest.param("/predict", {"tasks": [TASK], "label_config": "<View/>"}, "cannot show", id="predict-other-page"),
        pytest.param("/predict", {"tasks": {}, "label_config": PAGE}, "tasks must be", id="tasks-are-no-list"),
        pytest.param("/predict", {"tasks": [TASK]}, "label_config", id="no-label-config"),
    ],
)
def test_what_cannot_be_answered(service, path, body, says):
    """A request that makes no sense is refused with the reason, and a key in it is not repeated."""
    answer = service.ask("POST", path, body)
    assert answer.status_code == 400
    assert says in answer.text
    assert KEY not in answer.text


def test_broken_json(service):
    """A body that is no JSON is refused, and not repeated."""
    answer = httpx.post(service.url + "/setup", content=f'{{"access_token": "{KEY}"', auth=(USER, SECRET))
    assert answer.status_code == 400
    assert KEY not in answer.text


def test_the_key_of_setup_stays_nowhere(service):
    """What Label Studio tells in /setup is in no file of the service's folder and in nothing that it said."""
    service.ask("POST", "/setup", {"schema": PAGE, "access_token": KEY, "hostname": "http://somewhere"})
    folder = service.log.parent
    assert [path for path in folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()] == []


def test_no_webhook_unless_asked_for(service):
    """A service that cannot pull has no address for webhooks."""
    assert service.ask("POST", "/webhook/1", {}).status_code == 404


def test_no_page_about_itself(service):
    """There is no documentation page that says what the service is made of."""
    assert {service.ask("GET", path).status_code for path in ("/docs", "/redoc", "/openapi.json", "/")} == {404}
    assert "server" not in service.ask("GET", "/health").headers


def test_what_is_under_way_is_finished(tmp_path):
    """A request that has begun when SIGTERM comes is answered; then the service ends, and that is no failure."""
    with running(tmp_path, "--backend", "rules", "--stance", "rules") as started:
        body = json.dumps({"tasks": [TASK] * 50, "label_config": PAGE}).encode()
        address = urlsplit(started.url)
        token = base64.b64encode(f"{USER}:{SECRET}".encode())
        with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
            head = b"POST /predict HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/json\r\n"
            head += b"Authorization: Basic %s\r\nContent-Length: %d\r\n\r\n" % (token, len(body))
            connection.sendall(head)
            assert connection.recv(100).startswith(b"HTTP/1.1 100")  # it waits for the body
            started.process.send_signal(signal.SIGTERM)
            connection.sendall(body)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert len(json.loads(answer.partition(b"\r\n\r\n")[2])["results"]) == 50
        assert started.process.wait(30) == 0
        assert started.log.read_text("utf-8") == "stopped\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told(tmp_path, number):
    """Ctrl-C and SIGTERM end the service at once when nothing is under way, with exit code 0."""
    with running(tmp_path, "--backend", "rules", "--stance", "rules") as started:
        started.process.send_signal(number)
        assert started.process.wait(15) == 0


def said(folder, *args, **env):
    """Run the command where it must fail at once."""
    done = subprocess.run(
        [sys.executable, "-m", "annotate", "studio", "backend", *args],
        cwd=folder,
        env={"PATH": "", **env},
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr.decode()


def test_usage(tmp_path):
    """What cannot be is said in a line, with exit code 2."""
    enough = {"ANNOTATE_BACKEND_SECRET": SECRET}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for args, env, says in (
            ((), {}, "ANNOTATE_BACKEND_SECRET is not set"),
            ((), {"ANNOTATE_BACKEND_SECRET": "short"}, "16 or more characters"),
            (("--connect",), enough, "is no workspace"),
            (("--port", port), enough, f"port {port} of 127.0.0.1 cannot be used"),
            (("--port", "0", "--backend", "nothing"), enough, "nothing: no such backend"),
        ):
            code, stderr = said(tmp_path, *args, **env)
            assert (code, stderr.count("\n")) == (2, 1), stderr
            assert says in stderr
    (tmp_path / "annotate.toml").write_text("", "utf-8")
    code, stderr = said(tmp_path, "--connect", "--host", "0.0.0.0", **enough)
    assert code == 2
    assert "--reached-at" in stderr


def test_a_signed_webhook(tmp_path, studio, loop):
    """A webhook must bear its project's ticket or a signature of its body; the secret alone is not enough."""
    loop.write([])
    project = loop.client.create_project(loop.title, PAGE, "", 1)
    (tmp_path / "annotate.toml").write_text(f'[studio]\nproject = "{project.id}"\n', "utf-8")
    env = {"LABEL_STUDIO_URL": studio.url, "LABEL_STUDIO_API_KEY": studio.api_key}
    with running(tmp_path, "--backend", "rules", "--stance", "rules", "--webhook", **env) as started:
        body = b'{"action": "ANNOTATION_CREATED"}'
        right = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()

        def send(headers, place=f"/webhook/{project.id}", auth=None):
            return httpx.post(started.url + place, content=body, headers=headers, auth=auth).status_code

        assert send({}) == 401
        assert send({}, auth=(USER, SECRET)) == 401
        assert send({"X-Annotate-Signature": right[:-1] + ("0" if right[-1] != "0" else "1")}) == 401
        assert send({"X-Annotate-Ticket": "0" * 64}) == 401
        assert send({"X-Annotate-Signature": right}, "/webhook/one") == 422
        assert send({"X-Annotate-Signature": right}) == 202
