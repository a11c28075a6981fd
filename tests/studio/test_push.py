"""A push brings every sentence to the server once, whatever happens on the way."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from annotate.errors import DataError, Reason, StudioError, Unfinished, UsageError
from annotate.labels import DEFAULT, EntityLabel
from annotate.records import Prelabeled, Stance
from annotate.studio.client import Client
from annotate.studio.instruction import instruction
from annotate.studio.interface import interface
from annotate.studio.push import PushOptions, delivery, step
from annotate.studio.snapshot import export


class Interrupted(Client):
    """A client on the real server whose imports fail a number of times, before or after the server has committed."""

    def __init__(self, real: Client, *, error: Exception, times: int = 1, committed: bool) -> None:
        self.__dict__.update(real.__dict__)
        self._error, self._left, self._committed = error, times, committed

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any] | bytes]) -> list[int]:
        if self._left == 0:
            return super().import_tasks(project, tasks)
        self._left -= 1
        if self._committed:
            super().import_tasks(project, tasks)
        raise self._error


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(delivery, "SETTLE_S", 0.5)


def uids(loop, project):
    """Uids of all tasks the server has, with repetitions."""
    return sorted(task["data"]["uid"] for task in export(loop.client, project))


def test_pushing_twice_leaves_what_pushing_once_left(loop, sentences):
    """The second push sends nothing and the server has each sentence once."""
    loop.write(sentences)
    first, second = loop.push(), loop.push()
    assert (first.pushed, second.pushed, second.already_there) == (4, 0, 4)
    assert uids(loop, first.project) == sorted(s.id for s in sentences)


def test_push_adds_what_is_new(loop, sentences):
    """A sentence that was not there the first time is the only one the second push sends."""
    loop.write(sentences[:3])
    loop.push()
    loop.write(sentences)
    assert loop.push().pushed == 1


@pytest.mark.parametrize("committed", [False, True], ids=["before-commit", "after-commit"])
def test_push_survives_a_failure_without_an_answer(loop, sentences, committed):
    """An import that got no answer is asked about before it is repeated: nothing is lost, nothing twice."""
    loop.write(sentences)
    summary = loop.push(Interrupted(loop.client, error=StudioError("no answer"), committed=committed))
    assert uids(loop, summary.project) == sorted(s.id for s in sentences)


@pytest.mark.parametrize("committed", [False, True], ids=["before-commit", "after-commit"])
def test_push_goes_on_after_being_killed(loop, sentences, committed):
    """A push that died around its import leaves intentions; the next one settles them on the server's word."""
    loop.write(sentences)
    with pytest.raises(KeyboardInterrupt):
        loop.push(Interrupted(loop.client, error=KeyboardInterrupt(), committed=committed))
    summary = loop.push()
    assert (summary.pushed, summary.found_on_server) == ((0, 4) if committed else (4, 0))
    assert uids(loop, summary.project) == sorted(s.id for s in sentences)


def test_push_recovers_a_lost_ledger(loop, sentences):
    """Without its ledger a push finds its sentences on the server and writes them down again."""
    loop.write(sentences)
    project = loop.push().project
    loop.ledger.unlink()
    summary = loop.push()
    assert (summary.pushed, summary.found_on_server) == (0, 4)
    assert uids(loop, project) == sorted(s.id for s in sentences)


def test_push_stops_part_way(loop, sentences, monkeypatch):
    """A server that fails after some batches ends the push as unfinished; the same push goes on."""
    monkeypatch.setattr(step, "BATCH", 2)
    loop.write(sentences[:2])
    loop.push()
    loop.write(sentences)
    with pytest.raises(Unfinished, match="2 sentences are pushed"):
        loop.push(Interrupted(loop.client, error=StudioError("gone"), times=99, committed=False))
    assert loop.push().pushed == 2


def test_a_refusal_is_not_repeated(loop, sentences):
    """What the server refuses is sent once, and the refusal is what the user sees."""
    loop.write(sentences)
    refusing = Interrupted(loop.client, error=StudioError("status 400: no", 400), times=2, committed=False)
    with pytest.raises(StudioError, match="status 400"):
        loop.push(refusing)


def test_a_deleted_task_does_not_stop_the_push(loop, sentences):
    """The task that questions are checked by may be gone; another one takes its place."""
    loop.write(sentences[:3])
    project = loop.push().project
    canary = sqlite3.connect(loop.ledger).execute("SELECT uid FROM task WHERE state = 'done' LIMIT 1").fetchone()[0]
    loop.client._sdk.tasks.delete(str(loop.client.find(project, [canary])[canary]))
    loop.write(sentences)
    assert loop.push().pushed == 1


def test_push_sends_nothing_when_a_record_is_broken(loop, sentences):
    """All faults are named, and no project is made."""
    person = sentences[1].entities[0]
    both = tuple(
        Stance(target=person.id, label=label, holder=holder)
        for label, holder in (("FAVOR", None), ("AGAINST", sentences[1].entities[1].id))
    )
    loop.write([replace(sentences[0], end=99), replace(sentences[1], stances=both)])
    with pytest.raises(DataError) as caught:
        loop.push()
    assert {fault.reason for fault in caught.value.faults} == {
        Reason.WRONG_ID,
        Reason.WRONG_TEXT,
        Reason.BAD_RESULT,
    }
    loop.write([replace(sentences[1], stances=both)])
    with pytest.raises(DataError) as caught:
        loop.push()
    assert {fault.reason for fault in caught.value.faults} == {Reason.BAD_RESULT}
    assert loop.client.project(loop.title) is None


def test_push_refuses_another_interface(loop, sentences):
    """A project whose labels are others is left alone."""
    loop.write(sentences)
    loop.push()
    more = replace(DEFAULT, entities=(*DEFAULT.entities, EntityLabel("EVENT")))
    with pytest.raises(UsageError, match="labelling interface"):
        loop.push(labels=more)


def test_the_server_keeps_the_interface(loop, sentences):
    """What the label set makes is what the project has, and the guideline is shown as its instructions."""
    loop.write(sentences)
    guideline = "# निर्देश\n\nनाम **पहचानें**।"
    project = loop.push(guideline=guideline).project
    raw = loop.client._sdk.projects.get(project)
    assert raw.label_config == interface(DEFAULT)
    assert raw.expert_instruction == instruction(guideline)
    assert raw.show_instruction


def test_a_task_shows_the_neighbouring_sentences(loop, sentences):
    """The sentences on either side are shown, as many as the campaign says, and end at the article's border."""
    other = [replace(s, article_id="a2", id=s.id.replace("a1:", "a2:")) for s in sentences]
    loop.write([*sentences, *other])
    project = loop.push(context=2).project
    data = {task["data"]["uid"]: task["data"] for task in export(loop.client, project)}
    first, last = data[sentences[0].id], data[sentences[3].id]
    assert (first["before"], first["after"]) == ("", f"{sentences[1].text} {sentences[2].text}")
    assert (last["before"], last["after"]) == (f"{sentences[1].text} {sentences[2].text}", "")


def test_a_project_is_named_by_its_id(loop, sentences):
    """A number names the project of that id, and one that is not there is an error."""
    loop.write(sentences)
    project = loop.push()
    found = loop.client.project(str(project.project))
    assert found is not None
    assert found.title == loop.title
    assert loop.client.project("99999999") is None


def test_numbers_of_sentences_beyond_a_batch(loop, sentences: list[Prelabeled], monkeypatch):
    """Batches do not change what arrives."""
    monkeypatch.setattr(step, "BATCH", 3)
    many = [replace(s, article_id=f"b{n}", id=s.id.replace("a1:", f"b{n}:")) for n in range(5) for s in sentences]
    loop.write(many)
    assert uids(loop, loop.push().project) == sorted(s.id for s in many)


def test_other_pre_labels_are_counted(loop, sentences):
    """A task keeps the pre-labels it was pushed with, and the push says how many have others now."""
    loop.write(sentences)
    loop.push()
    loop.write([replace(sentences[0], entities=()), *sentences[1:]])
    assert loop.push().changed == 1


def test_what_left_the_input_is_named(loop, sentences):
    """Tasks of sentences that are no longer in the file stay, and are counted and named."""
    loop.write(sentences)
    assert loop.push().left == ()
    loop.write(sentences[:1])
    summary = loop.push()
    assert (summary.not_in_input, summary.left) == (3, tuple(s.id for s in sentences[1:]))


def test_another_text_under_the_same_id_is_a_fault(loop, sentences):
    """An article that changed under its id is named; what is new is pushed all the same."""
    loop.write(sentences[:2])
    project = loop.push().project
    other = sentences[0].text.replace("14", "15")
    loop.write([replace(sentences[0], text=other), *sentences[1:]])
    with pytest.raises(DataError) as caught:
        loop.push()
    faults = [(fault.line, fault.id, fault.reason) for fault in caught.value.faults]
    assert faults == [(1, sentences[0].id, Reason.WRONG_TEXT)]
    assert uids(loop, project) == sorted(s.id for s in sentences)


def test_all_faults_are_said_with_their_lines(loop, sentences):
    """What Label Studio cannot show is said beside what the contract forbids, each on its line, by a dry run too."""
    _, target = sentences[1].entities
    itself = replace(sentences[1], stances=(replace(sentences[1].stances[0], holder=target.id),))
    broken = replace(sentences[2], text=f"{sentences[2].text} ")
    loop.write([sentences[0], itself, broken])
    for dry_run in (True, False):
        with pytest.raises(DataError) as caught:
            loop.push(options=PushOptions(dry_run=dry_run))
        found = [(fault.line, fault.reason) for fault in caught.value.faults]
        assert found == [(2, Reason.BAD_RESULT), (3, Reason.WRONG_TEXT)]
    assert (
        str(caught.value)
        .splitlines()[0]
        .endswith(f":2: {itself.id}: bad-result: {target.id} holds a stance toward itself")
    )


def test_nothing_to_push(loop):
    """An empty file makes no project."""
    loop.write([])
    with pytest.raises(UsageError, match="no sentence"):
        loop.push()
    assert loop.client.project(loop.title) is None


def test_a_title_that_label_studio_refuses(loop, sentences):
    """The limits of a title are said before the server is asked."""
    loop.write(sentences)
    with pytest.raises(UsageError, match="3 to 50"):
        replace(loop, title="ab").push()
