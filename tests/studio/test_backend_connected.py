"""The service beside a real Label Studio, which asks it for predictions and tells it of annotations."""

import json
import re

import pytest

from annotate.check import records
from annotate.labels import DEFAULT
from annotate.records import Annotation, Prelabeled
from annotate.studio import codec
from annotate.studio.backend.connection import disconnect
from annotate.studio.backend.guard import TICKET_HEADER
from annotate.studio.backend.predictor import Predictor
from annotate.studio.client import Client
from annotate.studio.interface import interface
from annotate.studio.push import Campaign, push
from tests.campaigns import TEXTS
from tests.eventually import eventually
from tests.faulty_proxy import Fault, proxied
from tests.studio.backend_service import SECRET, running
from tests.studio.embedded import everything_on_command_lines

RULES = ("--backend", "rules", "--stance", "rules")
PATIENCE_S = 60

# What the page shows around the sentence; Label Studio wants every field that a page names.
AROUND = dict.fromkeys(set(re.findall(r"\$(\w+)", interface(DEFAULT))) - {"text"}, "")


@pytest.fixture
def place(tmp_path, studio, loop):
    """A workspace whose project is the test's, and the environment that leads to the run's server."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "annotate.toml").write_text(f'[studio]\nproject = "{loop.title}"\n', "utf-8")
    return folder, {"LABEL_STUDIO_URL": studio.url, "LABEL_STUDIO_API_KEY": studio.api_key}


def backends(client, project):
    return client.ask("listing", "GET", "/api/ml", params={"project": project})


def webhooks(client, project):
    return client.ask("listing", "GET", "/api/webhooks/", params={"project": project})


def predictions(client, task):
    return client.ask("reading", "GET", f"/api/tasks/{task}")["predictions"]


def test_label_studio_asks_and_shows(place, loop, studio):
    """Once connected, Label Studio fetches predictions: when a task is opened, and for all tasks at once."""
    folder, env = place
    client = loop.client
    project = client.create_project(loop.title, interface(DEFAULT), "", 1)
    tasks = client.import_tasks(project.id, [{"data": {"text": text, **AROUND}} for text in TEXTS])
    expected = Predictor("rules", "rules").predict([{"data": {"text": text}} for text in TEXTS], interface(DEFAULT))
    with running(folder, *RULES, "--connect", **env) as service:
        (backend,) = backends(client, project.id)
        assert service.told["connection"] == {
            "project": project.id,
            "title": loop.title,
            "backend": backend["id"],
            "webhook": None,
        }
        assert (backend["readable_state"], backend["url"], backend["auth_method"]) == (
            "Connected",
            service.url,
            "BASIC_AUTH",
        )
        assert backend["model_version"] == service.told["model_version"]
        assert "basic_auth_pass" not in backend

        (opened,) = predictions(client, tasks[1])
        assert {key: opened[key] for key in expected[1]} == expected[1]
        assert opened["result"]

        selected = {"selectedItems": {"all": True, "excluded": []}}
        action = {"id": "retrieve_tasks_predictions", "project": project.id}
        client.ask("retrieving", "POST", "/api/dm/actions", params=action, body=selected)
        shown = [[one["result"] for one in predictions(client, task)] for task in tasks]
        assert shown == [[one["result"]] for one in expected]

        assert not [one for one in (SECRET, studio.api_key) if one in everything_on_command_lines()]
        assert SECRET not in json.dumps(service.told)
    files = [*(path for path in folder.rglob("*") if path.is_file()), studio.folder / "server.log"]
    assert service.log in files
    assert [path for path in files for one in (SECRET, studio.api_key) if one.encode() in path.read_bytes()] == []


def test_what_was_pushed_is_not_predicted_again(place, loop):
    """A task that was pushed with pre-labels of this very version keeps its one prediction."""
    folder, env = place
    client = loop.client
    project = client.create_project(loop.title, interface(DEFAULT), "", 1)
    predictor = Predictor("rules", "rules")
    data = {"text": TEXTS[1], **AROUND}
    (made,) = predictor.predict([{"data": data}], interface(DEFAULT))
    (task,) = client.import_tasks(project.id, [{"data": data, "predictions": [made]}])
    with running(folder, *RULES, "--connect", **env):
        action = {"id": "retrieve_tasks_predictions", "project": project.id}
        selected = {"selectedItems": {"all": True, "excluded": []}}
        client.ask("retrieving", "POST", "/api/dm/actions", params=action, body=selected)
        assert len(predictions(client, task)) == 1


def test_connecting_again_moves_the_connection(place, loop):
    """A service that comes back on another port takes the place of the former one, and its webhook too.

    Label Studio's own webhook, which would send each annotation unsigned to every backend, is not left there.
    """
    folder, env = place
    client = loop.client
    project = client.create_project(loop.title, interface(DEFAULT), "", 1)
    connect = (*RULES, "--connect", "--webhook")
    with running(folder, *connect, **env) as first, running(folder, *connect, **env) as second:
        assert first.url != second.url
        assert first.told["connection"] == second.told["connection"]
        (backend,) = backends(client, project.id)
        (hook,) = webhooks(client, project.id)
        assert (backend["url"], hook["url"]) == (second.url, f"{second.url}/webhook/{project.id}")
        assert not hook["send_payload"]
        assert SECRET not in str(hook)
    with running(folder, *RULES, "--connect", **env) as third:
        assert third.told["connection"]["webhook"] is None
        assert webhooks(client, project.id) == []


def test_disconnecting_takes_back_what_connecting_added(place, loop, cli):
    """The backend, its signed webhook and Label Studio's unsigned one go, what others added stays; twice is no harm."""
    folder, env = place
    client = loop.client
    project = client.create_project(loop.title, interface(DEFAULT), "", 1)
    theirs = {"project": project.id, "url": "http://127.0.0.1:9/theirs", "send_for_all_actions": True}
    kept = client.ask("adding", "POST", "/api/webhooks/", body=theirs)["id"]
    with running(folder, *RULES, "--connect", "--webhook", **env) as service:
        connection = service.told["connection"]
        unsigned = {**theirs, "url": f"{service.url}/webhook"}
        unsigned = client.ask("adding", "POST", "/api/webhooks/", body=unsigned)["id"]

    first = cli("studio", "backend", "--disconnect", "--json", cwd=folder, env=env)
    assert first.code == 0, first.stderr
    assert json.loads(first.stdout) == {
        "project": project.id,
        "title": loop.title,
        "backends": [connection["backend"]],
        "webhooks": sorted([connection["webhook"], unsigned]),
    }
    assert backends(client, project.id) == []
    assert [hook["id"] for hook in webhooks(client, project.id)] == [kept]

    again = cli("studio", "backend", "--disconnect", cwd=folder, env=env)
    assert (again.code, again.stdout) == (0, "")
    assert again.stderr == f"there was nothing to remove: project {project.id} ({loop.title}) is not connected\n"
    assert [hook["id"] for hook in webhooks(client, project.id)] == [kept]


def test_what_is_removed_is_named(place, loop, cli):
    """Without --json a line tells of each backend and webhook that went."""
    folder, env = place
    client = loop.client
    project = client.create_project(loop.title, interface(DEFAULT), "", 1)
    with running(folder, *RULES, "--connect", "--webhook", **env) as service:
        connection = service.told["connection"]
    ran = cli("studio", "backend", "--disconnect", cwd=folder, env=env)
    assert ran.stderr.splitlines() == [
        f"removed ML backend {connection['backend']} of project {project.id} ({loop.title})",
        f"removed webhook {connection['webhook']} of project {project.id} ({loop.title})",
    ]


def test_a_removal_whose_answer_is_lost(studio, loop):
    """The request is sent again and finds nothing there any more, which is what was wanted."""
    project = loop.client.create_project(loop.title, interface(DEFAULT), "", 1)
    hook = {
        "project": project.id,
        "url": "http://127.0.0.1:9/webhook/1",
        "send_for_all_actions": True,
        "headers": {TICKET_HEADER.title(): "a ticket"},
    }
    number = loop.client.ask("adding", "POST", "/api/webhooks/", body=hook)["id"]
    lost = Fault("502 after", "DELETE", r"/api/webhooks/")
    with proxied(studio.url, lost) as proxy, Client(proxy.url, studio.api_key) as client:
        assert disconnect(client, project).webhooks == (number,)
        assert proxy.struck == 1
    assert webhooks(loop.client, project.id) == []


@pytest.mark.parametrize("other", ["--connect", "--webhook"])
def test_connecting_and_disconnecting_at_once(place, cli, other):
    """Nobody can mean both, so it is refused before anything is asked."""
    folder, _ = place
    ran = cli("studio", "backend", "--disconnect", other, cwd=folder, env={"LABEL_STUDIO_URL": "http://127.0.0.1:9"})
    assert ran.code == 2
    assert ran.stderr == "--disconnect takes away what --connect and --webhook add; name one or the other\n"


def test_an_annotation_is_pulled(place, loop, sentences):
    """Submitting in Label Studio changes annotations.jsonl without a command; so does deleting."""
    folder, env = place
    client = loop.client
    source, ledger = folder / "work" / "prelabeled.jsonl", folder / "work" / "ledger.sqlite3"
    source.parent.mkdir()
    source.write_bytes(b"".join(record.to_json() + b"\n" for record in sentences))
    pushed = push(source, client, ledger, campaign=Campaign(project=loop.title))
    tasks = client.find(pushed.project, [record.id for record in sentences])
    out = folder / "work" / "annotations.jsonl"

    def pulled():
        return [one.id for one in records(out, Annotation)] if out.exists() else None

    with running(folder, *RULES, "--connect", "--webhook", **env) as service:
        assert service.told["connection"]["webhook"] is not None
        record: Prelabeled = sentences[1]
        number = client.annotate(tasks[record.id], codec.result(record))
        assert eventually(lambda: pulled() == [record.id], PATIENCE_S), service.log.read_text("utf-8")
        client.ask("deleting", "DELETE", f"/api/annotations/{number}/")
        assert eventually(lambda: pulled() == [], PATIENCE_S), service.log.read_text("utf-8")
    said = service.log.read_text("utf-8").splitlines()
    assert said[0].startswith("pulled: 1 submitted")
    assert said[-1] == "stopped"


def test_a_project_with_another_page_is_refused(place, loop):
    """Label Studio will not connect a project whose page cannot show the pre-labels; the command ends and says so."""
    folder, env = place
    page = interface(DEFAULT).replace('value="ORG"', 'value="BODY"')
    loop.client.create_project(loop.title, page, "", 1)
    with pytest.raises(AssertionError, match="ML backend"), running(folder, *RULES, "--connect", **env):
        pass


def test_a_project_that_is_not_there(place):
    """Without the project there is nothing to connect to, and the message says what makes it."""
    folder, env = place
    with pytest.raises(AssertionError, match="push makes it"), running(folder, *RULES, "--connect", **env):
        pass
