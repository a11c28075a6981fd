"""Every kind of broken task is found before it is sent; the server would take it, and this is what would come of it."""

import json
from dataclasses import replace
from pathlib import Path

import httpx
import orjson
import pytest
from hypothesis import given, settings

from annotate.records import TopicStance
from annotate.studio.codec import Context, task, unsendable
from annotate.studio.ledger import Ledger
from annotate.studio.wire import Wire
from tests.strategies import prelabeleds
from tests.studio.broken_kinds import KINDS, LABELS, broken

WIRE = Wire(LABELS)


def test_what_is_sound_is_sound(sentences):
    """There is nothing to say against what a push sends."""
    about = TopicStance(topic=LABELS.topic.text, label="NEUTRAL")
    told = [*sentences, *(replace(sentence, topic_stance=about) for sentence in sentences)]
    assert [list(WIRE.complaints(task(sentence, Context()))) for sentence in told] == [[]] * 8


@settings(deadline=None)
@given(prelabeleds())
def test_a_sound_record_makes_a_sound_task(record):
    """What the checks of records let through the last look lets through too."""
    if not list(unsendable(record)):
        assert list(WIRE.complaints(task(record, Context("शीर्षक", "", "पहले", "")))) == []


def test_there_are_enough_kinds():
    """At least the twenty-five that Label Studio is known to take."""
    assert len(KINDS) >= 25


def test_the_page_lists_the_kinds():
    """docs/reliability.md has a row for each, with the reason that is given."""
    page = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text("utf-8")
    assert [name for name, kind in KINDS.items() if f"| {name} | `{kind.reason}` |" not in page] == []


@pytest.mark.parametrize("name", KINDS)
def test_it_is_found(sentences, name):
    """The check says what is wrong, by the reason of its kind."""
    assert KINDS[name].reason in {complaint.reason for complaint in WIRE.complaints(broken(name, sentences[1]))}


@pytest.fixture(scope="module")
def came_of_it(studio, client, make_sentences, tmp_path_factory):
    """By kind, what came of a task that was sent past our checks and accepted in Label Studio as it is."""
    from annotate.studio.interface import interface
    from annotate.studio.pull import pull

    record = make_sentences()[1]
    project = client.create_project("broken kinds", interface(LABELS), "", 1)
    place = f"/api/projects/{project.id}/import"
    records = {name: replace(record, id=f"k{n}:21-66", article_id=f"k{n}") for n, name in enumerate(("sound", *KINDS))}
    ids, harms = {}, {}
    for name, one in records.items():
        body = json.dumps([task(one, Context()) if name == "sound" else broken(name, one)]).encode()
        sent = httpx.post(
            studio.url + place, params={"return_task_ids": "true"}, content=body, timeout=60,
            headers={"Authorization": f"Token {studio.api_key}", "Content-Type": "application/json"},
        )  # fmt: skip
        if sent.status_code == 201:
            ids[name] = sent.json()["task_ids"][0]
        else:
            harms[name] = {"refused"}
    shown = {name: client.ask("x", "GET", f"/api/tasks/{number}")["predictions"] for name, number in ids.items()}
    params = {"id": "predictions_to_annotations", "project": project.id}
    client.ask("x", "POST", "/api/dm/actions", params=params, body={"selectedItems": {"all": True, "excluded": []}})
    folder = tmp_path_factory.mktemp("kinds")
    made = client.project(str(project.id))
    with Ledger.open(folder / "ledger", made.id, made.created_at, made.title) as book:
        book.intend(records[name] for name in ids)
        book.settle({records[name].id: number for name, number in ids.items()})
    pull(folder / "a", folder / "q", client, folder / "ledger", project=str(project.id), labels=LABELS)
    refused = {orjson.loads(line)["task_id"] for line in (folder / "q").read_bytes().splitlines()}
    conll = {
        name: httpx.get(
            f"{studio.url}/api/projects/{project.id}/export", params={"exportType": "CONLL2003", "ids[]": number},
            headers={"Authorization": f"Token {studio.api_key}"}, timeout=60,
        )
        for name, number in ids.items()
    }  # fmt: skip
    for name, number in ids.items():
        harms[name] = set()
        if number in refused:
            harms[name].add("quarantined")
        if conll[name].status_code != 200:
            harms[name].add("export fails")
        elif name != "two predictions" and conll[name].content != conll["sound"].content:
            harms[name].add("export differs")
        if len(shown[name]) != 1:
            harms[name].add("shown twice" if shown[name] else "not shown")
    client.delete_project(project.id)
    return harms


@pytest.mark.parametrize("name", KINDS)
def test_what_would_come_of_it(came_of_it, name):
    """Label Studio takes it, and this is the harm."""
    assert came_of_it[name] == KINDS[name].harm


def test_a_sound_task_comes_to_no_harm(came_of_it):
    """What is measured is what was broken."""
    assert came_of_it["sound"] == set()
