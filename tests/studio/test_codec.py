"""Records and Label Studio's JSON, without a server."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotate.errors import Reason
from annotate.labels import DEFAULT, Topic
from annotate.records import Annotation, Engine, Stance, TopicStance
from annotate.schema import Schema
from annotate.studio.codec import Context, alike, annotation, prediction, proposed, result, task, unsendable
from tests.strategies import prelabeleds

PERSON = {"id": 7, "email": "a@example.org"}
TIME = "2026-03-14T10:00:00.000000Z"


def returned(sentence, items, topic=None, **other):
    raw = {"id": 5, "completed_by": PERSON, "created_at": TIME, "updated_at": TIME, "result": items, **other}
    labels = replace(DEFAULT, topic=Topic(topic)) if topic else DEFAULT
    return annotation(raw, 3, sentence, Schema(Annotation, labels), topic=topic)


def test_a_task_carries_the_sentence_and_its_surroundings(sentences):
    """The uid is the sentence's id; the score is that of the least sure entity."""
    made = task(sentences[1], Context("शीर्षक", "https://example.org", "पहले", "बाद"))
    assert made["data"] == {
        "uid": sentences[1].id,
        "text": sentences[1].text,
        "title": "शीर्षक",
        "before": "पहले",
        "after": "बाद",
        "url": "https://example.org",
        "link": '<a href="https://example.org" target="_blank" rel="noopener noreferrer">https://example.org</a>',
        "lang": "hi",
        "kind": "sentence",
        "article_id": "a1",
        "index": 1,
    }
    (shown,) = made["predictions"]
    assert (shown["model_version"], shown["score"]) == ("test/1", 0.8)


def test_a_choice_follows_its_region_and_relations_come_last(sentences):
    """Label Studio drops a choice that stands before its region."""
    items = result(sentences[1])
    assert [(item["type"], item.get("id")) for item in items] == [
        ("labels", sentences[1].entities[0].id),
        ("labels", sentences[1].entities[1].id),
        ("choices", sentences[1].entities[1].id),
        ("relation", None),
    ]


@given(prelabeleds(), st.none() | st.builds(TopicStance, topic=st.just("कानून"), label=st.just("AGAINST")))
def test_a_prediction_is_read_back(record, whole):
    """What it shows is what was sent, whatever the record with which it is compared has now."""
    record = replace(record, topic_stance=whole, engine=Engine(name="transformers:a/b", version="1"))
    assume(not list(unsendable(record)))
    now = replace(record, entities=(), stances=(), topic_stance=None, engine=Engine(name="x", version="2"))
    back = proposed(prediction(record), now, "कानून")
    assert back is not None
    assert alike(back, record)
    assert {entity.id: entity.score for entity in back.entities} == {e.id: e.score for e in record.entities}


@pytest.mark.parametrize("named", ["rules", "", None, "/1", "rules/"])
def test_a_prediction_of_others_is_not_read(sentences, named):
    """Ours name engine and version."""
    assert proposed({"model_version": named, "result": []}, sentences[0], None) is None


def test_a_cue_is_told_by_its_words(sentences):
    """Where they stand in the sentence once; the record of now need not have the stance any more."""
    now = replace(sentences[1], stances=())
    back = proposed(prediction(sentences[1]), now, None)
    assert [stance.cue for stance in back.stances] == [stance.cue for stance in sentences[1].stances]


def test_what_was_sent_is_read_back(sentences):
    """Entities, stance, holder and cue survive."""
    record = returned(sentences[1], result(sentences[1])).record
    assert [e.id for e in record.entities] == [e.id for e in sentences[1].entities]
    (stance,), (sent,) = record.stances, sentences[1].stances
    assert (stance.target, stance.holder, stance.label, stance.cue) == (sent.target, sent.holder, sent.label, sent.cue)


def test_a_cue_goes_with_the_stance_it_gave_rise_to(sentences):
    """A person who turns the stance around has not confirmed the cue."""
    items = [
        {**item, "value": {**item["value"], "choices": ["AGAINST"]}} if item["type"] == "choices" else item
        for item in result(sentences[1])
    ]
    (stance,) = returned(sentences[1], items).record.stances
    assert (stance.label, stance.cue) == ("AGAINST", None)


def test_a_proposed_holder_goes_with_its_stance(sentences):
    """Who picks NEUTRAL need not remove the relation that was proposed with the stance."""
    chosen = {"FAVOR": "NEUTRAL"}
    items = [
        {**item, "value": {**item["value"], "choices": [chosen[c] for c in item["value"]["choices"]]}}
        if item["type"] == "choices"
        else item
        for item in result(sentences[1])
    ]
    (stance,) = returned(sentences[1], items).record.stances
    assert (stance.label, stance.holder, stance.cue) == ("NEUTRAL", None, None)
    without = [item for item in result(sentences[1]) if item["type"] != "choices"]
    assert returned(sentences[1], without).record.stances == ()


def test_the_cue_is_shown_beside_its_target(sentences):
    """The region of a target carries the words that say the stance; no other region does."""
    labels = [item for item in result(sentences[1]) if item["type"] == "labels"]
    assert [item.get("meta") for item in labels] == [None, {"text": ["cue: समर्थन"]}]


def test_a_relation_drawn_the_other_way_is_turned_around(sentences):
    """`left` means that the arrow points to the first region."""
    items = [
        {**item, "direction": "left", "from_id": item["to_id"], "to_id": item["from_id"]}
        if item["type"] == "relation"
        else item
        for item in result(sentences[1])
    ]
    (stance,) = returned(sentences[1], items).record.stances
    assert stance.holder == sentences[1].stances[0].holder


def test_an_annotator_without_address_is_named_by_number(sentences):
    """The account's id is what is left when the export gives no more."""
    assert returned(sentences[3], [], completed_by=9).record.annotator == "9"


REGION = {"id": "r", "from_name": "label", "to_name": "text", "type": "labels"}

ODD = {
    "no-mapping": ["x"],
    "unknown-type": [{"type": "rectangle"}],
    "integer-id": [{**REGION, "id": 7, "value": {"start": 0, "end": 11, "labels": ["PER"]}}],
    "no-value": [REGION],
    "other-control": [{**REGION, "from_name": "tag", "value": {"start": 0, "end": 11, "labels": ["PER"]}}],
    "no-label": [{**REGION, "value": {"start": 0, "end": 11, "labels": []}}],
    "two-labels": [{**REGION, "value": {"start": 0, "end": 11, "labels": ["PER", "LOC"]}}],
    "float-offset": [{**REGION, "value": {"start": 0.0, "end": 11, "labels": ["PER"]}}],
    "negative-offset": [{**REGION, "value": {"start": -1, "end": 11, "labels": ["PER"]}}],
    "region-twice": [{**REGION, "value": {"start": 0, "end": n, "labels": ["PER"]}} for n in (3, 11)],
    "relation-without-ends": [{"type": "relation"}],
    "relation-with-itself": [
        {**REGION, "value": {"start": 0, "end": 11, "labels": ["PER"]}},
        {**REGION, "from_name": "stance", "type": "choices", "value": {"start": 0, "end": 11, "choices": ["FAVOR"]}},
        {"type": "relation", "from_id": "r", "to_id": "r", "labels": ["holds stance toward"]},
    ],
    "holder-of-no-stance": [
        {**REGION, "value": {"start": 0, "end": 11, "labels": ["PER"]}},
        {**REGION, "id": "q", "value": {"start": 15, "end": 20, "labels": ["PER"]}},
        {"type": "relation", "from_id": "r", "to_id": "q", "labels": ["holds stance toward"]},
    ],
}


@pytest.mark.parametrize("items", ODD.values(), ids=ODD)
def test_what_cannot_be_read_is_said(sentences, items):
    """Nothing odd is passed over: there is no record, and a reason."""
    back = returned(sentences[1], items)
    assert back.record is None
    assert {reason for reason, _ in back.complaints} == {Reason.BAD_RESULT}


def test_what_label_studio_cannot_show_is_not_sent(sentences):
    """One stance per region is all the page can hold."""
    target, holder = sentences[1].entities[1].id, sentences[1].entities[0].id
    both = (Stance(target=target, label="FAVOR"), Stance(target=target, holder=holder, label="AGAINST"))
    itself = (Stance(target=target, holder=target, label="FAVOR"),)
    assert [c.reason for c in unsendable(replace(sentences[1], stances=itself))] == [Reason.BAD_RESULT]
    unnamed = (Stance(target=target, label="FAVOR"), Stance(target=target, holder=holder, label="FAVOR"))
    assert [c.reason for c in unsendable(replace(sentences[1], stances=both))] == [Reason.BAD_RESULT] * 2
    assert [c.reason for c in unsendable(replace(sentences[1], stances=unnamed))] == [Reason.BAD_RESULT]
    assert [c.reason for c in unsendable(replace(sentences[3], text="a\0b"))] == [Reason.BAD_RESULT]
    assert list(unsendable(sentences[1])) == []


LAW = "नागरिकता कानून"


@pytest.mark.parametrize("label", DEFAULT.stance_names)
def test_a_stance_toward_the_topic_is_read_back(sentences, label):
    """It is a choice without a place, NEUTRAL too, and stands beside the stances toward entities."""
    sentence = replace(sentences[1], topic_stance=TopicStance(topic=LAW, label=label, score=0.6))
    *regions, about, relation = result(sentence)
    assert [*regions, relation] == result(sentences[1])
    assert about["value"] == {"choices": [label]}
    record = returned(sentence, result(sentence), LAW).record
    assert record.topic_stance == TopicStance(topic=LAW, label=label)
    assert len(record.stances) == 1


def test_nobody_said_where_the_sentence_stands(sentences):
    """That is no stance, not a neutral one."""
    assert returned(sentences[1], result(sentences[1]), LAW).record.topic_stance is None


@pytest.mark.parametrize(
    ("topic", "twice", "found"),
    [
        pytest.param(None, 1, "another topic than the label set", id="no-topic"),
        pytest.param("बजट", 1, "another topic than the label set", id="another-topic"),
        pytest.param(LAW, 2, "two stances toward the topic", id="two"),
    ],
)
def test_an_answer_to_another_question_is_none(sentences, topic, twice, found):
    """What was said about one topic is never taken for what was said about another."""
    about = result(replace(sentences[3], topic_stance=TopicStance(topic=LAW, label="FAVOR")))
    (complaint,) = returned(sentences[3], about * twice, topic).complaints
    assert complaint.reason is Reason.BAD_RESULT
    assert found in complaint.found
