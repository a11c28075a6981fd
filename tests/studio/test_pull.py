"""A pull brings back what people did, offsets and all, and puts aside what cannot be right."""

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotate.check import faults
from annotate.errors import StudioError, UsageError
from annotate.labels import NEUTRAL
from annotate.quality.agreement import newest
from annotate.records import Engine, Stance
from annotate.studio.client import Client
from annotate.studio.codec import Context, result, task, unsendable
from tests.strategies import prelabeleds


def test_an_accepted_prelabel_comes_back_as_it_was(loop, sentences, second_user, studio):
    """Spans, types, stance, holder and cue survive; the annotator is the account that submitted."""
    loop.write(sentences)
    project = loop.push().project
    tasks = loop.task_ids(project, sentences)
    with Client(studio.url, second_user) as person:
        for sentence in sentences:
            person.annotate(tasks[sentence.id], result(sentence))
        email = person.whoami()
    summary = loop.pull()
    assert (summary.submitted, summary.skipped, summary.quarantined) == (4, 0, 0)
    back = {a.id: a for a in loop.pulled()}
    for sentence in sentences:
        annotation = back[sentence.id]
        assert annotation.sentence() == sentence.sentence()
        assert [e.id for e in annotation.entities] == [e.id for e in sentence.entities]
        assert [(s.target, s.holder, s.label, s.cue) for s in annotation.stances] == [
            (s.target, s.holder, s.label, s.cue) for s in sentence.stances
        ]
        assert annotation.annotator == email
        assert annotation.engine == Engine(name="test", version="1")


def test_accounts_that_were_deleted(loop, sentences, studio, new_user):
    """What their people annotated stays, each a version of its own, so that nothing of it is taken for outdated."""
    loop.write(sentences)
    task = loop.task_ids(loop.push(overlap=2).project, sentences)[sentences[2].id]
    for items in (result(sentences[2]), []):
        with Client(studio.url, new_user().api_key) as person:
            person.annotate(task, items)
            number = person.ask("x", "GET", "/api/current-user/whoami")["id"]
        loop.client.ask("deleting the account", "DELETE", f"/api/users/{number}/")
    loop.pull()
    assert [(a.annotator, len(a.entities)) for a in loop.pulled()] == [
        ("deleted account 1", 1),
        ("deleted account 2", 0),
    ]
    assert len(newest(loop.pulled())) == 2


def test_a_skipped_task_is_marked(loop, sentences):
    """Skipping is an outcome of its own."""
    loop.write(sentences)
    project = loop.push().project
    loop.client.annotate(loop.task_ids(project, sentences)[sentences[0].id], None)
    assert loop.pull().skipped == 1
    assert [(a.id, a.outcome) for a in loop.pulled()] == [(sentences[0].id, "skipped")]


def test_texts_are_recomputed(loop, sentences):
    """What the server says a region's text is does not matter: offsets do."""
    loop.write(sentences)
    project = loop.push().project
    items = result(sentences[1])
    for item in items:
        if "value" in item:
            item["value"]["text"] = "something else"
    loop.client.annotate(loop.task_ids(project, sentences)[sentences[1].id], items)
    loop.pull()
    (annotation,) = loop.pulled()
    assert [annotation.text[e.start : e.end] for e in annotation.entities] == ["किम जोंग उन", "पुतिन"]


def region(start, end, label="PER", region_id="r1", **other):
    value = {"start": start, "end": end, "labels": [label]}
    return {"id": region_id, "from_name": "label", "to_name": "text", "type": "labels", "value": value, **other}


def choice(name="FAVOR", region_id="r1"):
    value = {"start": 0, "end": 11, "choices": [name]}
    return {"id": region_id, "from_name": "stance", "to_name": "text", "type": "choices", "value": value}


BROKEN = {
    "beyond-the-text": ([region(0, 999)], "offset-out-of-text"),
    "inverted": ([region(11, 0)], "empty-span"),
    "empty": ([region(4, 4)], "empty-span"),
    "inside-an-akshara": ([region(0, 1)], "splits-akshara"),
    "unknown-label": ([region(0, 11, "PERS")], "unknown-label"),
    "two-regions-alike": ([region(0, 11), region(0, 11, region_id="r2")], "duplicate-id"),
    "stance-without-entity": ([choice()], "bad-result"),
    "unknown-stance": ([region(0, 11), choice("LIKES")], "unknown-label"),
    "relation-to-nothing": (
        [region(0, 11), {"type": "relation", "from_id": "r1", "to_id": "r9", "direction": "right", "labels": []}],
        "bad-result",
    ),
}


@pytest.mark.parametrize(("items", "reason"), BROKEN.values(), ids=BROKEN)
def test_what_breaks_the_contract_is_quarantined(loop, sentences, items, reason):
    """The server takes it; the pull keeps it aside with the reason and the annotation as it came."""
    loop.write(sentences)
    project = loop.push().project
    loop.client.annotate(loop.task_ids(project, sentences)[sentences[1].id], items)
    assert loop.pull().quarantined == 1
    assert loop.pulled() == []
    (refusal,) = map(orjson.loads, loop.quarantine.read_bytes().splitlines())
    assert (refusal["id"], refusal["reasons"][0]["reason"]) == (sentences[1].id, reason)
    assert len(refusal["annotation"]["result"]) == len(items)


def test_what_is_mended_comes_back(loop, sentences):
    """An annotation that was corrected in Label Studio leaves the quarantine."""
    loop.write(sentences)
    project = loop.push().project
    number = loop.client.annotate(loop.task_ids(project, sentences)[sentences[1].id], [region(0, 1)])
    loop.pull()
    loop.client._sdk.annotations.update(number, result=[region(0, 11)])
    assert loop.pull().quarantined == 0
    assert loop.quarantine.read_bytes() == b""
    assert [a.entities[0].id for a in loop.pulled()] == ["e0-11-PER"]


def test_a_task_that_was_never_pushed_is_quarantined(loop, sentences):
    """Annotations of other people's tasks in the project are kept aside, not lost."""
    loop.write(sentences)
    project = loop.push().project
    data = task(sentences[0], Context())["data"] | {"text": "और कुछ"}
    del data["uid"]
    (number,) = loop.client.import_tasks(project, [{"data": data}])
    loop.client.annotate(number, [])
    loop.pull()
    assert b"unknown-task" in loop.quarantine.read_bytes()


def test_pulling_twice_gives_the_same_bytes(loop, sentences):
    """Without a change on the server nothing changes in the file."""
    loop.write(sentences)
    project = loop.push().project
    for number in loop.task_ids(project, sentences).values():
        loop.client.annotate(number, [region(0, 3)] if number % 2 else None)
    loop.pull()
    first = loop.annotations.read_bytes(), loop.quarantine.read_bytes()
    loop.pull()
    assert (loop.annotations.read_bytes(), loop.quarantine.read_bytes()) == first


def test_pull_without_a_project(loop):
    """A project that nobody made is an error that says what makes it, and no file appears."""
    with pytest.raises(StudioError, match="push makes it"):
        loop.pull()
    assert not loop.annotations.exists()


# Label Studio keeps one stance per region, and PostgreSQL no NUL; push refuses both, so they are not drawn.
SENDABLE = prelabeleds().filter(lambda record: not list(unsendable(record)))


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(drawn=st.lists(SENDABLE, min_size=1, max_size=25, unique_by=lambda record: record.id))
def test_offsets_survive_push_and_pull(make_loop, drawn):
    """Texts, entities, stances and holders come back from the server code point for code point."""
    loop = make_loop()
    loop.write(drawn)
    assert list(faults(loop.source)) == []
    project = loop.push().project
    tasks = loop.task_ids(project, drawn)
    for record in drawn:
        loop.client.annotate(tasks[record.id], result(record))
    assert loop.pull().quarantined == 0
    back = {a.id: a for a in loop.pulled()}
    for record in drawn:
        assert back[record.id].text == record.text
        assert {e.id for e in back[record.id].entities} == {e.id for e in record.entities}
        assert _said(back[record.id].stances) == _said(record.stances)


def _said(stances: tuple[Stance, ...]) -> set[tuple[str, str, str | None]]:
    return {(s.target, s.label, s.holder) for s in stances if s.label != NEUTRAL}


def test_pull_without_its_ledger(loop, sentences):
    """A lost ledger is said before anything is overwritten; the next push finds the tasks again."""
    loop.write(sentences)
    project = loop.push().project
    loop.client.annotate(loop.task_ids(project, sentences)[sentences[1].id], result(sentences[1]))
    loop.pull()
    before = loop.annotations.read_bytes()
    loop.ledger.unlink()
    with pytest.raises(UsageError, match="annotate push finds them"):
        loop.pull()
    assert loop.annotations.read_bytes() == before
    loop.push()
    assert loop.pull().submitted == 1
