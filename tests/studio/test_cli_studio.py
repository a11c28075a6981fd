"""The commands that talk to Label Studio, from the command line, against somebody else's server."""

import json
import os
import re
import subprocess
import sys

import httpx
import pytest

from annotate.studio.client import Client
from annotate.studio.codec import result

KEY = "LABEL_STUDIO_API_KEY"


@pytest.fixture
def campaign(cli, tmp_path, sentences, client, request):
    """A workspace whose pre-labels are ready to push, and a project of its own that goes when the test ends."""
    title = f"cli {tmp_path.name}"
    assert cli("init", tmp_path, "--name", title).code == 0
    (tmp_path / "work" / "prelabeled.jsonl").write_bytes(b"".join(s.to_json() + b"\n" for s in sentences))
    yield tmp_path
    if project := client.project(title):
        client.delete_project(project.id)


def test_push_pull_resolve(cli, campaign, studio, sentences, second_user):
    """A server is named by --url and its key comes from the environment; the summaries are JSON."""
    env = {KEY: studio.api_key}
    pushed = json.loads(cli("push", "--url", studio.url, "--json", env=env).stdout)
    assert (pushed["pushed"], pushed["already_there"]) == (4, 0)
    with Client(studio.url, second_user) as person:
        for uid, number in person.find(pushed["project"], [s.id for s in sentences]).items():
            person.annotate(number, result(next(s for s in sentences if s.id == uid)))
    pulled = json.loads(cli("pull", "--url", studio.url, "--json", env=env).stdout)
    assert (pulled["submitted"], pulled["quarantined"]) == (4, 0)
    resolved = json.loads(cli("resolve", "--json").stdout)
    assert (resolved["gold"], resolved["single"]) == (4, 4)
    assert json.loads(cli("status", "--json").stdout)["next"] == "annotate build"
    assert cli("validate", "work/annotations.jsonl", "work/gold.jsonl").code == 0


def test_what_left_the_file_is_listed(cli, campaign, studio, sentences):
    """A push names the tasks whose sentences are gone and the option that removes them; --json names them too."""
    env = {KEY: studio.api_key, "LABEL_STUDIO_URL": studio.url}
    assert cli("push", env=env).code == 0
    (campaign / "work" / "prelabeled.jsonl").write_bytes(sentences[0].to_json() + b"\n")
    said = cli("push", "--dry-run", env=env).stderr
    assert "3 tasks that were pushed earlier are no longer in the file; they stay (--prune removes" in said
    assert [line.split()[-1] for line in said.splitlines() if line.startswith("  ")] == [s.id for s in sentences[1:]]
    assert json.loads(cli("push", "--json", env=env).stdout)["left"] == [s.id for s in sentences[1:]]


def test_settings_that_the_project_has_otherwise(cli, campaign, studio):
    """A push warns, goes on and ends well; --migrate gives the project what the workspace has."""
    env = {KEY: studio.api_key, "LABEL_STUDIO_URL": studio.url}
    assert "warning" not in cli("push", env=env).stderr
    settings = campaign / "annotate.toml"
    settings.write_text(settings.read_text("utf-8").replace("overlap = 1 ", "overlap = 2 "), "utf-8")
    differs = "overlap: 1 in the project, 2 here"
    ran = cli("push", env=env)
    assert ran.code == 0
    warned = [line for line in ran.stderr.splitlines() if line.startswith("warning")]
    assert warned == [f"warning: {differs}; the project keeps its own (--migrate gives it this one)"]
    assert f"the project would get this one; {differs}" in cli("push", "--migrate", "--dry-run", env=env).stderr
    assert f"the project got this one; {differs}" in cli("push", "--migrate", env=env).stderr


def test_what_a_pull_could_not_take_is_said(cli, campaign, studio, sentences, client):
    """Each annotation that breaks the contract is named with its page, who made it and why; mended, it is taken."""
    env = {KEY: studio.api_key, "LABEL_STUDIO_URL": studio.url}
    project = json.loads(cli("push", "--json", env=env).stdout)["project"]
    ran = cli("pull", env=env)
    assert ran.stderr.splitlines()[-1] == "next, when people have annotated: annotate pull"
    task = client.find(project, [sentences[0].id])[sentences[0].id]
    value = {"start": 0, "end": 9999, "text": "", "labels": ["PER"]}
    number = client.annotate(
        task, [{"id": "a", "from_name": "label", "to_name": "text", "type": "labels", "value": value}]
    )
    said = cli("pull", env=env).stderr
    (line,) = [line for line in said.splitlines() if line.startswith("  ")]
    page = client.page(project, task)
    assert line.startswith(
        f"  {page}: {sentences[0].id}: annotation {number} of {studio.username}: offset-out-of-text: "
    )
    assert "what is mended there comes back with the next annotate pull" in said
    assert "quarantine          1 annotations" in cli("status").stdout
    client.ask("x", "PATCH", f"/api/annotations/{number}/", body={"result": []})
    assert cli("pull", env=env).stderr.splitlines()[-1] == "next: annotate resolve"
    assert "quarantine" not in cli("status").stdout
    brought = {"data": {"text": "बैठक हुई।", "title": "", "before": "", "after": "", "link": ""}}
    client.ask("x", "POST", f"/api/projects/{project}/import", body=[brought])
    (row,) = client.page_of_tasks(project, (), descending=True)[0]
    client.annotate(row["id"], [])
    said = cli("pull", env=env).stderr
    assert ": no sentence of ours: annotation" in said
    assert "unknown-task: its task has no uid, so it was not pushed" in said


@pytest.mark.parametrize(
    ("name", "said"),
    [("999999", "there is no project 999999"), ("nowhere", "there is no project 'nowhere'; annotate push makes it")],
)
def test_a_project_that_is_not_there(cli, campaign, studio, name, said):
    """A pull says so; a number is none that a push would make."""
    ran = cli("pull", "--project", name, env={KEY: studio.api_key, "LABEL_STUDIO_URL": studio.url})
    assert (ran.code, ran.stderr) == (3, f"{studio.url}: {said}\n")


def test_annotators_get_accounts(cli, campaign, studio, client):
    """Each gets an account on the workspace's own server and a password that is shown once, and in no summary."""
    home = studio.folder.parent
    assert cli("init", home, "--name", "Invited").code == 0
    ran = cli("studio", "invite", "asha@example.org", "ravi@example.org", "-w", home, "--json")
    assert ran.code == 0, ran.stderr
    assert json.loads(ran.stdout) == {"url": studio.url, "accounts": ["asha@example.org", "ravi@example.org"]}
    there = {person["email"] for person in client.ask("x", "GET", "/api/users/")}
    assert {"asha@example.org", "ravi@example.org"} <= there
    passwords = [line.split()[3] for line in ran.stderr.splitlines() if line.startswith("account:")]
    assert len(set(passwords)) == 2
    assert all(len(one) >= 20 and one not in ran.stdout for one in passwords)
    with httpx.Client(base_url=studio.url, follow_redirects=True) as browser:
        page = browser.get("/user/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        form = {"email": "ravi@example.org", "password": passwords[1], "csrfmiddlewaretoken": token}
        browser.post("/user/login/", data=form, headers={"Referer": str(page.url)}).raise_for_status()
        assert browser.get("/api/current-user/whoami").json()["email"] == "ravi@example.org"
    again = cli("studio", "invite", "asha@example.org", "-w", home)
    assert (again.code, "is the address taken?" in again.stderr) == (3, True)
    assert cli("studio", "invite", "asha", "-w", home).code == 2
    assert cli("studio", "invite", "neha@example.org").stderr == (
        "Label Studio is not running; start it with: annotate studio up\n"
    )
    settings = campaign / "annotate.toml"
    settings.write_text(settings.read_text("utf-8").replace("# url =", "url ="), "utf-8")
    assert "is somebody else's" in cli("studio", "invite", "neha@example.org").stderr


def test_the_address_from_the_environment(cli, campaign, studio):
    """LABEL_STUDIO_URL is what --url would be."""
    env = {KEY: studio.api_key, "LABEL_STUDIO_URL": studio.url}
    assert json.loads(cli("studio", "status", "--json", env=env).stdout)["account"] == studio.username


@pytest.mark.parametrize("command", [("push",), ("pull",), ("studio", "status")], ids=" ".join)
def test_a_wrong_key(cli, campaign, studio, command):
    """The server's refusal is one line, exit 3, and the key is not in it."""
    ran = cli(*command, env={KEY: "wrong-key-0815", "LABEL_STUDIO_URL": studio.url})
    assert ran.code == 3
    assert "refuses the key" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert "wrong-key-0815" not in ran.stdout + ran.stderr


def test_pull_before_push(cli, campaign, studio):
    """There is no project yet, and the message says what makes it."""
    ran = cli("pull", env={KEY: studio.api_key, "LABEL_STUDIO_URL": studio.url})
    assert ran.code == 3
    assert "push makes it" in ran.stderr
    assert not (campaign / "work" / "annotations.jsonl").exists()


def test_no_server_of_its_own(cli, campaign):
    """Without --url the workspace's own server is meant, and the message says how to start it."""
    ran = cli("push")
    assert (ran.code, ran.stderr.splitlines()) == (
        3,
        ["Label Studio is not running; start it with: annotate studio up"],
    )


def test_a_defect_shows_no_key(campaign, studio):
    """What nobody expected ends in a traceback of lines of code, without what variables hold."""
    code = (
        "from annotate.studio.client import Client\n"
        "def fails(client):\n"
        "    key = client._headers()['Authorization']\n"
        "    raise RuntimeError('nobody expected this')\n"
        "Client.whoami = fails\n"
        "from annotate.cli import main\n"
        "main()\n"
    )
    env = {**os.environ, KEY: studio.api_key, "LABEL_STUDIO_URL": studio.url}
    line = [sys.executable, "-c", code, "pull"]
    ran = subprocess.run(line, env=env, cwd=campaign, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "nobody expected this" in ran.stderr
    assert studio.api_key not in ran.stderr + ran.stdout
