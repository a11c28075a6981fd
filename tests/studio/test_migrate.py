"""A project gets another interface, or keeps its own when an annotation would lose by the change."""

from dataclasses import replace

import pytest

from annotate.errors import UsageError
from annotate.labels import DEFAULT, EntityLabel, Topic
from annotate.records import TopicStance
from annotate.studio import migrate
from annotate.studio.codec import result
from annotate.studio.interface import interface
from annotate.studio.push import PushOptions

MIGRATE = PushOptions(migrate=True)
MORE = replace(DEFAULT, entities=(*DEFAULT.entities, EntityLabel("EVENT")))
NO_LOC = replace(DEFAULT, version="2", entities=DEFAULT.entities[:2])
LOC_WITHOUT_STANCE = replace(DEFAULT, entities=(*DEFAULT.entities[:2], replace(DEFAULT.entities[2], stance=False)))
NO_STANCE = replace(DEFAULT, entities=tuple(replace(e, stance=False) for e in DEFAULT.entities))


def kept(loop):
    """The interface that the project has now."""
    return loop.client.project(loop.title).interface


def test_push_says_what_differs(loop, sentences):
    """Label by label; the project stays as it is."""
    loop.write(sentences)
    loop.push()
    with pytest.raises(UsageError) as refused:
        loop.push(labels=MORE)
    assert "label: label EVENT is not in the project" in str(refused.value)
    assert "<" not in str(refused.value)
    assert kept(loop) == interface(DEFAULT)


def test_a_label_is_added_under_annotations(loop, sentences):
    """What people annotated has its place in the larger interface, and is pulled as before."""
    loop.write(sentences)
    project = loop.push().project
    loop.client.annotate(loop.task_ids(project, sentences)[sentences[1].id], result(sentences[1]))
    assert loop.push(labels=MORE, options=replace(MIGRATE, dry_run=True)).dry_run
    assert kept(loop) == interface(DEFAULT)
    assert loop.push(labels=MORE, options=MIGRATE).already_there == 4
    assert kept(loop) == interface(MORE)
    assert loop.pull().submitted == 1


def test_a_label_that_nobody_used_is_removed(loop, sentences):
    """Pre-labels alone hold nothing of a person's."""
    plain = [replace(s, entities=(), stances=()) for s in sentences]
    loop.write(plain)
    project = loop.push().project
    loop.client.annotate(loop.task_ids(project, plain)[plain[0].id], [])
    loop.push(labels=NO_LOC, options=MIGRATE)
    assert kept(loop) == interface(NO_LOC)


def choices_on_place(sentence):
    """A stance toward the place in the first of the sentences."""
    (region,) = result(sentence)
    choice = {**region, "from_name": "stance", "type": "choices"}
    choice["value"] = {**{k: v for k, v in region["value"].items() if k != "labels"}, "choices": ["FAVOR"]}
    return [region, choice]


CASES = {
    "label": (0, result, NO_LOC, "labels 'LOC'"),
    "stance-of-a-type": (0, choices_on_place, LOC_WITHOUT_STANCE, "choices on an entity 'LOC'"),
    "stance-and-holder": (1, result, NO_STANCE, "choices of the control 'stance'"),
}


@pytest.mark.parametrize(("at", "made", "labels", "loss"), CASES.values(), ids=CASES)
def test_nothing_that_people_did_is_lost(loop, sentences, at, made, labels, loss):
    """The interface stays, and the message names task, annotation and what has no place."""
    plain = [replace(s, entities=(), stances=()) for s in sentences]
    loop.write(plain)
    project = loop.push().project
    task = loop.task_ids(project, plain)[plain[at].id]
    annotation = loop.client.annotate(task, made(sentences[at]))
    with pytest.raises(UsageError) as refused:
        loop.push(labels=labels, options=MIGRATE)
    assert f"task {task}, annotation {annotation}: {loss}" in str(refused.value)
    assert kept(loop) == interface(DEFAULT)


def test_what_was_said_about_a_topic_stays_about_it(loop, sentences):
    """Another topic, or none, has no place for it; the message names the control, and the page keeps its topic."""
    law, budget = (replace(DEFAULT, topic=Topic(text)) for text in ("नागरिकता कानून", "बजट"))
    plain = [replace(s, entities=(), stances=()) for s in sentences]
    loop.write(plain)
    project = loop.push(labels=law).project
    said = replace(plain[0], topic_stance=TopicStance(topic="नागरिकता कानून", label="AGAINST"))
    loop.client.annotate(loop.task_ids(project, plain)[plain[0].id], result(said))
    for labels in (budget, DEFAULT):
        with pytest.raises(UsageError, match="choices of the control 'topic_"):
            loop.push(labels=labels, options=MIGRATE)
        assert kept(loop) == interface(law)
    with pytest.raises(UsageError, match=r"<Choices> .*is not in the project"):
        loop.push(labels=budget)


def test_a_draft_counts(loop, sentences):
    """What somebody has begun and not yet submitted is not lost either."""
    plain = [replace(s, entities=(), stances=()) for s in sentences]
    loop.write(plain)
    project = loop.push().project
    task = loop.task_ids(project, plain)[plain[0].id]
    body = {"result": result(sentences[0]), "lead_time": 1, "project": project}
    loop.client.ask("drafting", "POST", f"/api/tasks/{task}/drafts", body=body)
    with pytest.raises(UsageError, match=r"draft .*labels 'LOC'"):
        loop.push(labels=NO_LOC, options=MIGRATE)
    assert kept(loop) == interface(DEFAULT)


def test_what_comes_in_between_puts_the_old_interface_back(loop, sentences, monkeypatch):
    """An annotation submitted between the look and the change still counts."""
    plain = [replace(s, entities=(), stances=()) for s in sentences]
    loop.write(plain)
    project = loop.push().project
    task = loop.task_ids(project, plain)[plain[0].id]
    put = migrate._put

    def late(client, number, wanted):
        put(client, number, wanted)
        if wanted != interface(DEFAULT):
            client.annotate(task, result(sentences[0]))

    monkeypatch.setattr(migrate, "_put", late)
    with pytest.raises(UsageError, match="put back"):
        loop.push(labels=NO_LOC, options=MIGRATE)
    assert kept(loop) == interface(DEFAULT)
