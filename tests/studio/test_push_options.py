"""What a push sends and in which order, and what it does about tasks that are there already."""

from dataclasses import replace

import pytest

from annotate.errors import UsageError
from annotate.labels import DEFAULT
from annotate.records import Engine, Entity
from annotate.studio.codec import Context, result, task
from annotate.studio.ledger import Ledger
from annotate.studio.push import PushOptions
from annotate.studio.push.choice import chosen, shown
from annotate.studio.snapshot import snapshot


def second(sentences):
    """The same sentences with pre-labels of the engine's second version: one entity more in the last."""
    newer = [replace(s, engine=Engine(name="test", version="2")) for s in sentences]
    newer[3] = replace(newer[3], entities=(Entity.at(0, 4, "ORG", 0.6),))
    return newer


def tasks(loop, project):
    """What the server has, by uid, with predictions in full."""
    with snapshot(loop.client, project, predictions=True) as taken:
        return {task["data"]["uid"]: task for task in taken.tasks}


def at_work(loop, ids, sentences):
    """Somebody annotates the first sentence, skips the second and begins with the third."""
    loop.client.annotate(ids[sentences[0].id], result(sentences[0]))
    loop.client.annotate(ids[sentences[1].id], None)
    loop.client.ask("x", "POST", f"/api/tasks/{ids[sentences[2].id]}/drafts", body={"result": [], "lead_time": 1})


def test_update_replaces_the_pre_labels_of_idle_tasks(loop, sentences):
    """Nobody's task gets the new ones, somebody's keeps those they saw; no task ever has two predictions."""
    loop.write(sentences)
    project = loop.push().project
    ids = loop.task_ids(project, sentences)
    at_work(loop, ids, sentences)
    loop.write(second(sentences))
    kept = loop.push()
    assert (kept.updated, kept.changed) == (0, 4)
    summary = loop.push(options=PushOptions(update=True))
    assert (summary.pushed, summary.already_there, summary.updated, summary.changed) == (0, 4, 1, 3)
    found = tasks(loop, project)
    assert [[p["model_version"] for p in found[s.id]["predictions"]] for s in sentences] == [
        ["test/1"],
        ["test/1"],
        ["test/1"],
        ["test/2"],
    ]
    (prediction,) = found[sentences[3].id]["predictions"]
    assert [item["id"] for item in prediction["result"]] == ["e0-4-ORG"]
    again = loop.push(options=PushOptions(update=True))
    assert (again.updated, again.changed) == (0, 3)


def test_what_is_shown_is_of_the_version_that_most_tasks_wait_with(loop, sentences):
    """Label Studio shows predictions of one version only; a few new tasks do not take theirs from all the others."""
    place = "/api/projects/{}/{}"

    def offered(project):
        task = loop.client.ask("x", "GET", place.format(project, "next"))
        return [p["model_version"] for p in task["predictions"]]

    loop.write(sentences[:3])
    project = loop.push().project
    loop.write([*sentences[:3], second(sentences)[3]])
    assert loop.push(options=PushOptions(dry_run=True)).hidden == 1
    summary = loop.push()
    assert (summary.pushed, summary.hidden, offered(project)) == (1, 1, ["test/1"])
    assert loop.push().hidden == 1
    ids = loop.task_ids(project, sentences)
    for sentence in sentences[:3]:
        loop.client.annotate(ids[sentence.id], [])
    assert loop.push(options=PushOptions(dry_run=True)).hidden == 0
    assert (loop.push().hidden, offered(project)) == (0, ["test/2"])


def test_versions_with_names_within_one_another(loop, sentences):
    """Each is counted by itself; an update gives all idle tasks the newest, which is shown then."""
    longer = [replace(s, engine=Engine(name="test", version="11")) for s in sentences]
    loop.write(longer[:3])
    project = loop.push().project
    loop.write([*longer[:3], sentences[3]])
    assert loop.push().hidden == 1
    loop.write(second(sentences))
    would, does = (loop.push(options=PushOptions(update=True, dry_run=dry)) for dry in (True, False))
    assert (does.updated, does.hidden, replace(would, dry_run=False)) == (4, 0, does)
    assert loop.client.ask("x", "GET", f"/api/projects/{project}/")["model_version"] == "test/2"


def test_what_is_shown_is_of_the_version_pushed_last(loop, sentences):
    """Once all tasks that wait have it."""
    loop.write(sentences)
    project = loop.push().project
    loop.write(second(sentences))
    loop.push(options=PushOptions(update=True))
    assert loop.client.ask("x", "GET", f"/api/projects/{project}/")["model_version"] == "test/2"
    loop.client.ask("x", "PATCH", f"/api/projects/{project}/", body={"model_version": ""})
    assert loop.push().pushed == 0


def test_an_update_that_was_cut_off_goes_on(loop, sentences, monkeypatch):
    """The second run does what is missing; a prediction that was deleted meanwhile is made again, once."""
    loop.write(sentences)
    project = loop.push().project
    loop.write(second(sentences))
    ask, patched = type(loop.client).ask, []

    def break_off(self, action, method, path, **other):
        if method == "PATCH" and "predictions" in path:
            patched.append(path)
            if len(patched) == 3:
                raise KeyboardInterrupt
        return ask(self, action, method, path, **other)

    monkeypatch.setattr(type(loop.client), "ask", break_off)
    with pytest.raises(KeyboardInterrupt):
        loop.push(options=PushOptions(update=True))
    monkeypatch.undo()
    lost = tasks(loop, project)[sentences[2].id]["predictions"][0]["id"]
    loop.client.ask("x", "DELETE", f"/api/predictions/{lost}/")
    loop.push(options=PushOptions(update=True))
    found = tasks(loop, project)
    assert [[p["model_version"] for p in found[s.id]["predictions"]] for s in sentences] == [["test/2"]] * 4


def test_the_pre_labels_an_annotator_saw_are_those_that_count(loop, sentences):
    """Who opened the task before the update and submitted after it has seen the former ones."""
    loop.write(sentences)
    project = loop.push().project
    ids = loop.task_ids(project, sentences)
    loop.write(second(sentences))
    loop.push(options=PushOptions(update=True))
    for sentence, spent in ((sentences[0], 3600), (sentences[3], 0)):
        body = {"result": [], "lead_time": spent}
        loop.client.ask("x", "POST", f"/api/tasks/{ids[sentence.id]}/annotations/", body=body)
    loop.pull()
    assert {a.id: a.engine.version for a in loop.pulled()} == {sentences[0].id: "1", sentences[3].id: "2"}


def test_prune_removes_what_left_the_input(loop, sentences):
    """A task that somebody has worked on stays unless that is asked for, and then its annotations leave the file."""
    loop.write(sentences)
    project = loop.push().project
    ids = loop.task_ids(project, sentences)
    loop.client.annotate(ids[sentences[1].id], [])
    loop.client.annotate(ids[sentences[2].id], None)
    loop.write(sentences[:1])
    would = loop.push(options=PushOptions(dry_run=True, prune=True))
    assert (loop.push().not_in_input, would.pruned, would.not_in_input) == (3, 1, 2)
    assert would.left == tuple(s.id for s in sentences[1:3])
    summary = loop.push(options=PushOptions(prune=True))
    assert (summary.pruned, summary.not_in_input) == (1, 2)
    assert tasks(loop, project).keys() == {s.id for s in sentences[:3]}
    assert loop.pull().submitted == 1
    summary = loop.push(options=PushOptions(prune_annotated=True))
    assert (summary.pruned, summary.not_in_input) == (2, 0)
    assert tasks(loop, project).keys() == {sentences[0].id}
    pulled = loop.pull()
    assert (pulled.submitted, pulled.skipped, pulled.deleted) == (0, 0, 0)
    loop.write(sentences)
    assert loop.push().pushed == 3


def test_prune_and_sample_do_not_go_together(loop, sentences):
    """What was not drawn did not leave the input."""
    loop.write(sentences)
    with pytest.raises(UsageError, match="sample"):
        loop.push(options=PushOptions(prune=True, sample=1))


def test_what_was_deleted_in_label_studio_stays_away(loop, sentences):
    """A person deleted it; a push says so, and sends it again only when asked to."""
    loop.write(sentences)
    project = loop.push().project
    for sentence in (sentences[1], sentences[3]):
        loop.client.ask("x", "DELETE", f"/api/tasks/{loop.task_ids(project, [sentence])[sentence.id]}")
    summary = loop.push()
    assert (summary.pushed, summary.already_there, summary.deleted) == (0, 2, 2)
    assert loop.push(options=PushOptions(restore=True)).pushed == 2
    assert tasks(loop, project).keys() == {s.id for s in sentences}


def test_a_dry_run_changes_nothing(loop, sentences):
    """It says what would be done, makes neither project nor ledger, and leaves those that are there as they are."""
    loop.write(sentences[:2])
    first = loop.push(options=PushOptions(dry_run=True))
    assert (first.pushed, first.project, first.dry_run) == (2, 0, True)
    assert loop.client.project(loop.title) is None
    assert not loop.ledger.exists()
    project = loop.push().project
    before = loop.ledger.read_bytes()
    loop.write(second(sentences))
    would = loop.push(options=PushOptions(dry_run=True, update=True))
    assert (would.pushed, would.already_there, would.updated) == (2, 2, 2)
    assert loop.ledger.read_bytes() == before
    assert len(tasks(loop, project)) == 2


def test_a_dry_run_knows_who_is_at_work(loop, sentences):
    """It counts what the same call does without it: tasks that somebody has worked on are not updated nor removed."""
    loop.write(sentences)
    project = loop.push().project
    ids = loop.task_ids(project, sentences)
    at_work(loop, ids, sentences)
    loop.write(second(sentences))
    would, does = (loop.push(options=PushOptions(update=True, dry_run=dry)) for dry in (True, False))
    assert (would.updated, would.changed) == (1, 3)
    assert replace(would, dry_run=False) == does

    loop.write(second(sentences)[:1])
    for options in (PushOptions(), PushOptions(prune=True), PushOptions(prune_annotated=True)):
        would, does = (loop.push(options=replace(options, dry_run=dry)) for dry in (True, False))
        assert replace(would, dry_run=False) == does
    assert (does.pruned, does.not_in_input) == (2, 0)


def test_a_dry_run_knows_which_copies_go(loop, sentences):
    """The second task of a late sending goes if nobody has worked on it; one that was brought otherwise stays."""
    loop.write(sentences)
    pushed = loop.push()
    made = [task(one, Context()) for one in sentences[:3]]
    numbers = loop.client.import_tasks(pushed.project, made)
    loop.client.annotate(numbers[0], [])
    at = loop.client.project(loop.title)
    with Ledger.open(loop.ledger, at.id, at.created_at, at.title) as book:
        book.doubt([one.id for one in sentences[:2]])
    would, does = (loop.push(options=PushOptions(dry_run=dry)) for dry in (True, False))
    assert (would.copies, replace(would, dry_run=False)) == (2, does)
    ids = {row["id"] for row in loop.client.tasks(pushed.project, ())}
    assert (len(ids), ids & set(numbers)) == (6, {numbers[0], numbers[2]})


def test_the_uncertain_come_first(loop, sentences):
    """Tasks are given out in the order of their ids, so the least sure sentence gets the lowest."""
    loop.write(sentences)
    project = loop.push(options=PushOptions(order="uncertain")).project
    ids = loop.task_ids(project, sentences)
    assert sorted(ids, key=ids.__getitem__) == [sentences[n].id for n in (0, 1, 2, 3)]
    doubtful = replace(sentences[2], entities=(replace(sentences[2].entities[0], score=0.1),))
    order = [
        one.record.id for one in chosen(_shown(loop, [*sentences[:2], doubtful, sentences[3]]), "uncertain", None, "")
    ]
    assert order == [sentences[n].id for n in (2, 0, 1, 3)]


def _shown(loop, records):
    loop.write(records)
    return shown(loop.source, None, DEFAULT, 2)


def test_a_sample_is_the_same_again_and_grows(loop, sentences):
    """The seed draws it; a larger sample holds the smaller; the surroundings are those of the whole file."""
    many = [replace(s, article_id=f"b{n}", id=s.id.replace("a1:", f"b{n}:")) for n in range(6) for s in sentences]

    def draw(size, seed="x"):
        return [(one.record.id, one.context) for one in chosen(_shown(loop, many), "given", size, seed)]

    assert draw(5) == draw(5)
    assert set(draw(5)) < set(draw(9))
    assert draw(9) != draw(9, "y")
    everything = {one.record.id: one.context for one in _shown(loop, many)}
    assert [(uid, everything[uid]) for uid, _ in draw(9)] == draw(9)
    order = [record.id for record in many]
    assert [order.index(uid) for uid, _ in draw(9)] == sorted(order.index(uid) for uid, _ in draw(9))
    loop.write(many)
    assert [loop.push(options=PushOptions(sample=n, seed="x")).pushed for n in (5, 9, 9)] == [5, 4, 0]


@pytest.mark.parametrize(("options", "words"), [(("random", None), "given, uncertain"), (("given", 0), "at least one")])
def test_an_order_that_is_none(sentences, options, words):
    """The message says what there is."""
    with pytest.raises(UsageError, match=words):
        chosen(iter(()), *options, "")
