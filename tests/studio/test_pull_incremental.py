"""A pull asks for what changed, and the files say the same as if it had asked for everything."""

import json
import random

import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from annotate.studio import pull as pull_module
from annotate.studio.client import Client
from annotate.studio.codec import Context, result, task
from annotate.studio.ledger import Ledger


@pytest.fixture(autouse=True)
def _no_margin(monkeypatch):
    """Ask for nothing twice, so that a test sees what an incremental pull reads."""
    monkeypatch.setattr(pull_module, "MARGIN_S", 0)


def files(loop):
    return loop.annotations.read_bytes(), loop.quarantine.read_bytes()


def same_as_full(loop):
    """What the incremental pull left is what a full one leaves."""
    before = files(loop)
    loop.pull(full=True)
    return files(loop) == before


@pytest.fixture
def pushed(loop, sentences):
    """Four tasks, two of them annotated, pulled once; ids by index."""
    loop.write(sentences)
    project = loop.push().project
    found = loop.task_ids(project, sentences)
    ids = [found[sentence.id] for sentence in sentences]
    for index in (1, 2):
        loop.client.annotate(ids[index], result(sentences[index]))
    assert loop.pull().full
    return ids


def test_only_what_changed_is_read(loop, sentences, pushed, second_user, studio):
    """An edit, a new annotation, a skip and a second annotator's version are seen; the rest is not asked for."""
    loop.client._sdk.annotations.update(loop.pulled()[0].annotation_id, result=[])
    loop.client.annotate(pushed[3], None)
    with Client(studio.url, second_user) as person:
        person.annotate(pushed[1], result(sentences[1]))
    summary = loop.pull()
    assert (summary.full, summary.read, summary.submitted, summary.skipped) == (False, 2, 3, 1)
    assert [(a.id, len(a.entities), a.outcome) for a in loop.pulled()] == [
        (sentences[1].id, 0, "submitted"),
        (sentences[1].id, 2, "submitted"),
        (sentences[2].id, 1, "submitted"),
        (sentences[3].id, 0, "skipped"),
    ]
    assert same_as_full(loop)


def test_nothing_changed(loop, pushed):
    """A second pull reads nothing and leaves the same bytes; so does a full one."""
    before = files(loop)
    summary = loop.pull()
    assert (summary.read, summary.submitted, files(loop)) == (0, 2, before)
    assert same_as_full(loop)


def test_a_deleted_annotation_leaves_the_file(loop, sentences, pushed):
    """It is gone from the server, so it is no annotation."""
    loop.client.ask("x", "DELETE", f"/api/annotations/{loop.pulled()[0].annotation_id}/")
    assert loop.pull().submitted == 1
    assert [a.id for a in loop.pulled()] == [sentences[2].id]
    assert same_as_full(loop)


@pytest.mark.parametrize("full", [False, True], ids=["incremental", "full"])
def test_a_deleted_task_leaves_the_file_and_a_tombstone(loop, sentences, pushed, full):
    """Label Studio does not tell of deleted tasks; they are missed all the same, and the ledger keeps that."""
    loop.client.ask("x", "DELETE", f"/api/tasks/{pushed[1]}")
    summary = loop.pull(full=full)
    assert (summary.deleted, summary.tasks, summary.submitted) == (1, 3, 1)
    assert [a.id for a in loop.pulled()] == [sentences[2].id]
    assert [tuple(counts) for counts in Ledger.summary(loop.ledger).values()] == [(3, 0, 1)]
    assert (loop.pull().deleted, same_as_full(loop)) == (0, True)


def test_an_id_that_was_given_out_again(loop, sentences, pushed):
    """On SQLite the id of the last task that was deleted goes to the next one, which is another task."""
    loop.client.annotate(pushed[3], [])
    loop.pull()
    loop.client.ask("x", "DELETE", f"/api/tasks/{pushed[3]}")
    data = task(sentences[0], Context())["data"] | {"uid": "somebody-else", "text": "और कुछ"}
    project = int(loop.client.project(loop.title).id)
    (reused,) = loop.client.import_tasks(project, [{"data": data}])
    assert reused == pushed[3], "Label Studio no longer gives ids out again"
    summary = loop.pull()
    assert (summary.submitted, summary.quarantined) == (2, 0)
    assert same_as_full(loop)


def test_drafts_are_counted_whenever_they_were_made(loop, pushed):
    """A draft does not change its task; it is counted all the same, and not when it is gone."""
    place = f"/api/tasks/{pushed[0]}/drafts"
    draft = loop.client.ask("x", "POST", place, body={"result": [], "lead_time": 1})
    assert [loop.pull().drafts, loop.pull().drafts, loop.pull(full=True).drafts] == [1, 1, 1]
    loop.client.ask("x", "DELETE", f"/api/drafts/{draft['id']}/")
    assert loop.pull().drafts == 0


def test_a_review_is_seen(loop, sentences, pushed, second_user, studio):
    """Whoever changed an annotation after its annotator is named; without such a change nobody is."""
    assert {a.reviewer for a in loop.pulled()} == {None}
    number = loop.pulled()[0].annotation_id
    with Client(studio.url, second_user) as person:
        person.ask("x", "PATCH", f"/api/annotations/{number}/", body={"result": []})
        email = person.whoami()
    assert loop.pull().reviewed == 1
    assert [(a.annotator, a.reviewer) for a in loop.pulled()] == [(studio.username, email), (studio.username, None)]
    assert same_as_full(loop)


def test_equal_moments_at_the_border(loop, sentences, pushed, monkeypatch):
    """What was stamped at the very moment from which on a pull asks is asked for."""
    loop.client.annotate(pushed[0], [])
    stamp = loop.client.ask("x", "GET", f"/api/tasks/{pushed[0]}")["updated_at"]
    found = loop.client.project(loop.title)
    with Ledger.open(loop.ledger, found.id, found.created_at, found.title) as book:
        _, name = book._db.execute("SELECT since, reading FROM project").fetchone()
        book.pulled(stamp, name)
    assert loop.pull().submitted == 3


def test_a_clock_that_was_set_back(loop, pushed):
    """When the server's clock stands before the last pull, nothing can be left out; everything is asked for."""
    loop.client.annotate(pushed[0], [])
    found = loop.client.project(loop.title)
    with Ledger.open(loop.ledger, found.id, found.created_at, found.title) as book:
        _, name = book._db.execute("SELECT since, reading FROM project").fetchone()
        book.pulled("2999-01-01T00:00:00.000000Z", name)
    summary = loop.pull()
    assert (summary.full, summary.submitted) == (True, 3)
    assert not loop.pull().full


def test_our_clock_does_not_matter(loop, pushed, monkeypatch):
    """Only the server's moments are compared with one another."""
    monkeypatch.setattr("time.time", lambda: 4e9)
    loop.client.annotate(pushed[0], [])
    assert loop.pull().submitted == 3
    monkeypatch.setattr("time.time", lambda: 1.0)
    loop.client.annotate(pushed[3], [])
    assert loop.pull().submitted == 4


def test_files_that_were_lost_come_back(loop, pushed):
    """The ledger has what was pulled, so that no file is needed for the next."""
    before = files(loop)
    loop.annotations.unlink()
    loop.quarantine.unlink()
    assert loop.pull().read == 0
    assert files(loop) == before


def test_other_labels_are_read_anew(loop, pushed):
    """What was pulled with other labels may be right or wrong now."""
    from annotate.labels import EntityLabel, LabelSet
    from annotate.studio.pull import pull

    found = loop.client.project(loop.title)
    labels = LabelSet(entities=(EntityLabel("LOC"),), stances=pull.__kwdefaults__["labels"].stances)
    summary = pull(loop.annotations, loop.quarantine, loop.client, loop.ledger, project=str(found.id), labels=labels)
    assert (summary.full, summary.submitted, summary.quarantined) == (True, 0, 2)
    assert (loop.pull().full, same_as_full(loop)) == (True, True)


def test_a_project_of_several_snapshots(loop, sentences, pushed, monkeypatch):
    """A project that one snapshot cannot hold is read in ranges of ids, and deletions in each are seen."""
    before = files(loop)
    monkeypatch.setattr(pull_module, "SNAPSHOT", 1)
    assert loop.pull(full=True).tasks == 4
    assert files(loop) == before
    loop.client.ask("x", "DELETE", f"/api/tasks/{pushed[2]}")
    assert loop.pull(full=True).deleted == 1
    project = loop.client.project(loop.title)
    others = [{**task(sentences[0], Context()), "annotations": [{"result": []}]} for _ in range(3)]
    for number, other in enumerate(others):
        other["data"]["uid"] = f"other-{number}"
    loop.client.import_tasks(project.id, others)
    summary = loop.pull(full=True)  # of tasks that the ledger knows, and others above them
    assert (summary.tasks, summary.read, summary.quarantined) == (6, 6, 3)
    assert loop.pull(full=True) == summary  # now it knows all of them


def test_what_a_killed_pull_left_is_swept(loop, pushed, monkeypatch):
    """Views and snapshots of a pull that died long ago are removed; those of others stay."""
    project = loop.client.project(loop.title).id
    for title in ("annotate pull 1000", "mine"):
        loop.client.ask("x", "POST", "/api/dm/views/", body={"project": project, "data": {"title": title}})
        loop.client.ask("x", "POST", f"/api/projects/{project}/exports/", body={"title": title})
    loop.pull()
    views = loop.client.ask("x", "GET", "/api/dm/views/", params={"project": project})
    exports = loop.client.ask("x", "GET", f"/api/projects/{project}/exports/")
    assert [view["data"]["title"] for view in views] == ["mine"]
    assert [one["title"] for one in exports] == ["mine"]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"start": 0, "end": 10**30, "labels": ["PER"]}, id="more-than-64-bits"),
        pytest.param(
            {"start": 0, "end": 3, "labels": ["PER"], "deep": orjson.loads(b"[" * 300 + b"]" * 300)}, id="deep"
        ),
    ],
)
def test_what_json_cannot_hold_is_no_reason_to_fail(loop, sentences, pushed, odd):
    """One annotation that no strict parser takes is put aside or taken, and the others are pulled."""
    item = {"id": "r", "from_name": "label", "to_name": "text", "type": "labels", "value": odd}
    body = json.dumps({"result": [item]}).encode()
    loop.client.ask("x", "POST", f"/api/tasks/{pushed[0]}/annotations/", body=body)
    summary = loop.pull()
    assert summary.submitted + summary.quarantined == 3
    assert same_as_full(loop)


def test_any_order_of_events(make_loop, sentences):
    """Whatever people and pushes do in whatever order, an incremental pull says what a full one says."""

    class Campaign(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.loop = make_loop()
            self.loop.write(sentences)
            self.project = self.loop.push().project
            self.chance = random.Random(0)
            self.live = {}

        def task(self, index):
            found = self.loop.task_ids(self.project, [sentences[index]])
            return found.get(sentences[index].id)

        @rule(index=st.integers(0, 3), skipped=st.booleans())
        def annotate(self, index, skipped):
            if task := self.task(index):
                number = self.loop.client.annotate(task, None if skipped else result(sentences[index]))
                self.live[number] = task

        @precondition(lambda self: self.live)
        @rule(pick=st.randoms(use_true_random=False), items=st.booleans())
        def edit(self, pick, items):
            number = pick.choice(sorted(self.live))
            body = {"result": result(sentences[0]) if items else []}
            self.loop.client.ask("x", "PATCH", f"/api/annotations/{number}/", body=body)

        @precondition(lambda self: self.live)
        @rule(pick=st.randoms(use_true_random=False))
        def delete_annotation(self, pick):
            number = pick.choice(sorted(self.live))
            self.loop.client.ask("x", "DELETE", f"/api/annotations/{number}/")
            del self.live[number]

        @rule(index=st.integers(0, 3))
        def delete_task(self, index):
            if task := self.task(index):
                self.loop.client.ask("x", "DELETE", f"/api/tasks/{task}")
                self.live = {number: of for number, of in self.live.items() if of != task}

        @rule(restore=st.booleans())
        def push(self, restore):
            from annotate.studio.push import PushOptions

            self.loop.push(options=PushOptions(restore=restore))

        @rule()
        def pull(self):
            self.loop.pull()

        @invariant()
        def nothing_is_lost(self):
            summary = self.loop.pull()
            assert summary.submitted + summary.skipped + summary.quarantined == len(self.live)

        def teardown(self):
            assert same_as_full(self.loop)

    few = settings(
        max_examples=2, stateful_step_count=5, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(Campaign, settings=few)
