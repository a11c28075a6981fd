"""The engines `http:URL`, asking a service that the test runs on loopback."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jsonschema
import orjson
import pytest

from annotate.errors import BackendError, Unfinished
from annotate.labels import DEFAULT
from annotate.prelabel import entity_backend, prelabel, stance_backend, step
from annotate.prelabel.outside import http_service
from annotate.prelabel.step import prelabel_file
from annotate.records import Entity
from annotate.schema import shipped
from tests.prelabel.marked import sentence

ENGINE = {"name": "mine", "version": "7"}
REQUEST = orjson.loads((shipped("schemas") / "backend_request.schema.json").read_bytes())


class Service:
    """Finds every मोदी and, with stances, is against the first entity; `answers` come first, one a request."""

    def __init__(self):
        self.asked, self.answers = [], []

    def answer(self, raw):
        """Status and body for a request."""
        request = orjson.loads(raw)
        jsonschema.validate(request, REQUEST)
        self.asked.append(request)
        if self.answers:
            return self.answers.pop(0)
        said = [self.judged(one) if request["task"] == "stances" else self.read(one) for one in request["sentences"]]
        return 200, orjson.dumps({"engine": ENGINE, "sentences": said})

    def read(self, one):
        at = one["text"].find("मोदी")
        found = [{"start": at, "end": at + 4, "label": "PERSON", "score": 0.9}] if at >= 0 else []
        return {"id": one["id"], "entities": found}

    def judged(self, one):
        return {
            "id": one["id"],
            "stances": [{"target": e["id"], "label": "AGAINST", "cue": [0, 2]} for e in one["entities"][:1]],
        }


@contextmanager
def serving(service):
    """Run the service on a free port of loopback; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            status, body = service.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/predict"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def service(monkeypatch):
    """A service that answers, and waits between tries that take no time."""
    monkeypatch.setattr(http_service, "_FIRST_WAIT_S", 0.001)
    return Service()


def test_entities_and_stances(service):
    """Both come from one service; the engine is named as the service names itself."""
    article = [sentence("मोदी ने कहा।"), sentence("बारिश हुई।", index=1, start=20)]
    with serving(service) as url:
        labelled = list(prelabel(article, f"http:{url}", f"http:{url}"))
    assert [[(e.id, e.score) for e in one.entities] for one in labelled] == [[("e0-4-PER", 0.9)], []]
    assert [[(s.target, s.label, tuple(s.cue)) for s in one.stances] for one in labelled] == [
        [("e0-4-PER", "AGAINST", (0, 2))],
        [],
    ]
    assert {one.engine.name for one in labelled} == {"http:mine"}


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_service_that_stumbles_is_asked_again(service, status):
    """An error that may pass is no error."""
    service.answers = [(status, b""), (status, b"")]
    with serving(service) as url:
        assert entity_backend(f"http:{url}", DEFAULT).engine.version == "7"
    assert len(service.asked) == 3


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param((403, b""), "HTTP 403", id="refused"),
        pytest.param((200, b"<html>"), "no JSON", id="no-json"),
        pytest.param((200, b'{"sentences": []}'), "breaks its schema", id="no-engine"),
        pytest.param(
            (200, orjson.dumps({"engine": ENGINE, "sentences": [{"id": "other"}]})), "instead of", id="other-sentences"
        ),
    ],
)
def test_a_service_that_cannot_be_used(service, answer, message):
    """It is said at once what is wrong with it."""
    service.answers = [answer]
    with serving(service) as url, pytest.raises(BackendError, match=message):
        entity_backend(f"http:{url}", DEFAULT)
    assert len(service.asked) == 1


def test_no_service(service):
    """Where nobody listens there are some tries, then exit 3."""
    with serving(service) as url:
        pass
    with pytest.raises(BackendError) as failure:
        stance_backend(f"http:{url}", DEFAULT)
    assert failure.value.exit_code == 3


def test_a_stance_toward_nobody(service):
    """A target that the sentence does not have is refused."""
    with serving(service) as url:
        engine = stance_backend(f"http:{url}", DEFAULT)
        one = sentence("मोदी ने कहा।")
        said = {"id": one.id, "stances": [{"target": "e9-11-PER", "label": "AGAINST"}]}
        service.answers = [(200, orjson.dumps({"engine": ENGINE, "sentences": [said]}))]
        with pytest.raises(BackendError, match="does not have"):
            engine.stances([one], [(Entity.at(0, 4, "PER"),)])


def test_a_run_that_stopped_goes_on(service, tmp_path, monkeypatch):
    """What was done before the service failed is not asked for again, and nothing half-written is left."""
    monkeypatch.setattr(step, "_CHUNK", 1)
    source, out = tmp_path / "sentences.jsonl", tmp_path / "prelabeled.jsonl"
    articles = [sentence(f"मोदी ने {n} कहा।", article=f"a{n}") for n in range(4)]
    source.write_bytes(b"".join(one.to_json() + b"\n" for one in articles))
    gone = [(500, b"")] * http_service._TRIES
    with serving(service) as url:
        whole = prelabel_file(source, out, backend=f"http:{url}", stance="rules")
        expected = out.read_bytes()
        out.unlink()
        service.asked.clear()
        ask = service.answer
        service.answer = lambda raw: ask(raw) if "2 कहा" not in raw.decode() else gone[0]
        with pytest.raises(Unfinished, match="the same command goes on"):
            prelabel_file(source, out, backend=f"http:{url}", stance="rules")
        assert not out.exists()
        service.answer = ask
        service.asked.clear()
        assert prelabel_file(source, out, backend=f"http:{url}", stance="rules").entities == whole.entities
    texts = [one["text"] for request in service.asked for one in request["sentences"]]
    assert texts == [one.text for one in articles[2:]]
    assert out.read_bytes() == expected
    assert [Path(path).name for path in sorted(tmp_path.iterdir())] == ["prelabeled.jsonl", "sentences.jsonl"]


def test_a_password_in_the_address_is_not_told(service):
    """Who may ask is between the command and the service: no message repeats it."""
    service.answers = [(403, b"")]
    with serving(service) as url, pytest.raises(BackendError) as told:
        entity_backend(f"http:{url.replace('//', '//me:geheim@')}", DEFAULT)
    assert url in str(told.value) and "geheim" not in str(told.value)
