"""A ledger that was lost: the tasks are found, and the pre-labels they show are those that people have corrected."""

from dataclasses import replace

import pytest

from annotate.errors import DataError
from annotate.quality.report import compare
from annotate.records import Engine, Entity
from annotate.studio.codec import result
from annotate.studio.ledger import Ledger
from annotate.studio.push import PushOptions
from annotate.studio.snapshot import snapshot


def newer(sentences):
    """The same sentences with pre-labels of the engine's second version: one entity less, one more."""
    made = [replace(s, engine=Engine(name="test", version="2")) for s in sentences]
    made[2] = replace(made[2], entities=())
    made[3] = replace(made[3], entities=(Entity.at(0, 4, "ORG", 0.6),))
    return made


def versions(loop, project):
    """By uid, which engine each task's predictions are of."""
    with snapshot(loop.client, project, predictions=True) as taken:
        return {task["data"]["uid"]: [p["model_version"] for p in task["predictions"]] for task in taken.tasks}


def test_what_people_saw_is_what_the_tasks_show(loop, sentences):
    """Pre-labels that were made anew since are not taken for those that somebody corrected."""
    loop.write(sentences)
    project = loop.push().project
    ids = loop.task_ids(project, sentences)
    loop.client.annotate(ids[sentences[1].id], result(sentences[1]))
    loop.client.annotate(ids[sentences[2].id], [])
    loop.ledger.unlink()
    loop.write(newer(sentences))
    would = loop.push(options=PushOptions(dry_run=True))
    found = loop.push()
    assert (found.pushed, found.found_on_server, found.changed) == (0, 4, 4)
    assert replace(would, dry_run=False) == found
    loop.pull()
    assert {a.id: a.engine.version for a in loop.pulled()} == {sentences[1].id: "1", sentences[2].id: "1"}
    (kept,) = [a for a in loop.pulled() if a.id == sentences[1].id]
    assert kept.stances[0].cue == sentences[1].stances[0].cue
    counts = compare(Ledger.prelabels(loop.ledger), loop.pulled()).total.counts
    assert (counts.kept, counts.removed, counts.added) == (2, 1, 0)


def test_an_update_after_it(loop, sentences):
    """Tasks that nobody has worked on get the new pre-labels, at once or by a later push."""
    loop.write(sentences)
    project = loop.push().project
    loop.client.annotate(loop.task_ids(project, sentences)[sentences[1].id], [])
    loop.ledger.unlink()
    loop.write(newer(sentences))
    update = PushOptions(update=True)
    assert loop.push(options=replace(update, dry_run=True)).updated == 3
    done = loop.push(options=update)
    assert (done.found_on_server, done.updated, done.changed) == (4, 3, 1)
    shown = {sentence.id: ["test/1" if n == 1 else "test/2"] for n, sentence in enumerate(sentences)}
    assert versions(loop, project) == shown
    again = loop.push(options=update)
    assert (again.already_there, again.updated, again.changed) == (4, 0, 1)


def test_pre_labels_that_did_not_change(loop, sentences):
    """They are what the tasks show; nothing is read into them, and nothing is done."""
    loop.write(sentences)
    loop.push()
    before = {s.id: s for s in Ledger.prelabels(loop.ledger)}
    loop.ledger.unlink()
    found = loop.push(options=PushOptions(update=True))
    assert (found.found_on_server, found.updated, found.changed) == (4, 0, 0)
    assert {s.id: s for s in Ledger.prelabels(loop.ledger)} == before


def test_a_task_without_a_prediction(loop, sentences):
    """Somebody deleted it; then what is in the file is all that is known."""
    loop.write(sentences)
    project = loop.push().project
    with snapshot(loop.client, project, predictions=True) as taken:
        for task in taken.tasks:
            for one in task["predictions"]:
                loop.client.ask("x", "DELETE", f"/api/predictions/{one['id']}/")
    loop.ledger.unlink()
    assert (loop.push().found_on_server, loop.push().already_there) == (4, 4)


def test_a_text_that_changed(loop, sentences):
    """It is said as it would be with the ledger, and what was annotated on the former text is pulled."""
    loop.write(sentences)
    project = loop.push().project
    loop.client.annotate(loop.task_ids(project, sentences)[sentences[3].id], [])
    loop.ledger.unlink()
    other = replace(sentences[3], text=sentences[3].text.replace("बैठक", "बैठका"[:4]).replace("अगले", "पिछले"[:4]))
    assert other.text != sentences[3].text
    assert len(other.text) == len(sentences[3].text)
    loop.write([*sentences[:3], other])
    for _ in range(2):
        with pytest.raises(DataError, match="another text"):
            loop.push()
    assert (loop.pull().submitted, loop.pulled()[0].text) == (1, sentences[3].text)
