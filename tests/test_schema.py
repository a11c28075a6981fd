"""The JSON Schemas are sound, say what every field is, follow the label set, and both validators read them alike."""

import copy
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from annotate.errors import Reason
from annotate.labels import DEFAULT, EntityLabel, LabelSet, StanceLabel, Topic
from annotate.records import Annotation, Article, Gold, Prelabeled, Sentence
from annotate.schema import KINDS, Schema, kind_of, load, shipped
from tests.strategies import annotations, articles, golds, prelabeleds, sentences, texts

RECORDS = {
    Article: articles(),
    Sentence: sentences(),
    Prelabeled: prelabeleds(),
    Annotation: annotations(),
    Gold: golds(),
}
LABELS = LabelSet(
    version="7",
    entities=(EntityLabel("PERSON"), EntityLabel("PARTY"), EntityLabel("EVENT", stance=False)),
    stances=(StanceLabel("NEUTRAL"), StanceLabel("PRO"), StanceLabel("CONTRA")),
)
WITH_TOPIC = replace(DEFAULT, topic=Topic("नागरिकता कानून"))
kinds = pytest.mark.parametrize("kind", [pytest.param(kind, id=name) for name, kind in KINDS.items()])


def fields_of(schema, place=""):
    """Every field of a schema with its place, nested ones too."""
    for name, rule in schema.get("properties", {}).items():
        yield f"{place}.{name}", rule
    for name, part in schema.get("$defs", {}).items():
        yield from fields_of(part, f"{place}.{name}")


def complaints(kind, data, labels=DEFAULT):
    """What the schema has against a record."""
    return list(Schema(kind, labels).complaints(data))


def test_each_record_has_its_file():
    """`schemas/` has one for each record, two for what a service is sent, one for rules of a migration."""
    names = {*KINDS, "backend_request", "backend_response", "migration"}
    assert {path.name for path in shipped("schemas").iterdir()} == {f"{name}.schema.json" for name in names}


@pytest.mark.parametrize("name", ["backend_request", "backend_response", "migration"])
def test_what_is_no_record_is_a_schema(name):
    """It is valid by the rules of draft 2020-12."""
    Draft202012Validator.check_schema(orjson.loads((shipped("schemas") / f"{name}.schema.json").read_bytes()))


@kinds
def test_is_a_schema(kind):
    """A schema is valid by the rules of draft 2020-12 and names that draft."""
    schema = load(kind, DEFAULT)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@kinds
def test_everything_is_described(kind):
    """A schema and each of its fields say in a sentence what they hold; a reference says it where it leads."""
    schema = load(kind, WITH_TOPIC)
    silent = [
        place
        for place, rule in fields_of(schema)
        if not (rule.get("description") or schema["$defs"][rule["$ref"].rpartition("/")[2]]["description"])
    ]
    assert silent == []
    assert schema["title"]
    assert schema["description"].endswith(".")
    assert all(rule["description"].endswith(".") for _, rule in fields_of(schema) if "description" in rule)


@kinds
def test_labels_follow_the_label_set(kind):
    """The enums of a schema are the names of the label set, in its order."""
    schema = load(kind, LABELS)
    if "$defs" in schema:
        assert schema["$defs"]["entityLabel"]["enum"] == ["PERSON", "PARTY", "EVENT"]
        assert schema["$defs"]["stanceLabel"]["enum"] == ["NEUTRAL", "PRO", "CONTRA"]
    shipped_enums = load(kind, DEFAULT).get("$defs", {}).get("entityLabel", {}).get("enum", DEFAULT.entity_names)
    assert shipped_enums == DEFAULT.entity_names


@kinds
def test_shipped_enums_are_the_default_labels(kind):
    """A schema as it lies in `schemas/` is the one of the default label set, with any topic."""
    path = shipped("schemas") / f"{kind.__name__.lower()}.schema.json"
    lies, fitted = orjson.loads(path.read_bytes()), load(kind, WITH_TOPIC)
    if "$defs" in fitted:
        assert fitted["$defs"]["topicStance"]["properties"]["topic"].pop("enum") == ["नागरिकता कानून"]
    assert lies == fitted


def test_without_a_topic_nothing_of_it_is_left():
    """The schema of a label set without a topic does not know the field, so that no record can have it."""
    assert "topic" not in orjson.dumps(load(Gold, DEFAULT)).decode()


TOPIC_STANCE = {"topic": "नागरिकता कानून", "label": "AGAINST"}


@pytest.mark.parametrize(
    ("labels", "said", "reason", "words"),
    [
        pytest.param(DEFAULT, TOPIC_STANCE, Reason.SCHEMA, "'topic_stance'", id="no-topic"),
        pytest.param(
            WITH_TOPIC,
            {**TOPIC_STANCE, "topic": "बजट"},
            Reason.UNKNOWN_LABEL,
            "topic_stance.topic: 'बजट' (known: नागरिकता कानून)",
            id="another-topic",
        ),
        pytest.param(
            WITH_TOPIC, {**TOPIC_STANCE, "label": "LOVE"}, Reason.UNKNOWN_LABEL, "topic_stance.label", id="label"
        ),
        pytest.param(WITH_TOPIC, {"label": "FAVOR"}, Reason.MISSING_FIELD, "'topic'", id="no-name"),
        pytest.param(WITH_TOPIC, "FAVOR", Reason.SCHEMA, "topic_stance: 'FAVOR'", id="no-object"),
    ],
)
def test_a_stance_toward_the_topic(labels, said, reason, words):
    """The topic must be the label set's and the stance one of its stances."""
    assert complaints(Prelabeled, {**PRELABELED, "topic_stance": None}, WITH_TOPIC) == []
    assert complaints(Prelabeled, {**PRELABELED, "topic_stance": TOPIC_STANCE}, WITH_TOPIC) == []
    [complaint] = complaints(Prelabeled, {**PRELABELED, "topic_stance": said}, labels)
    assert complaint.reason is reason
    assert words in complaint.found


@given(data=st.data())
@kinds
def test_what_is_written_fits(kind, data):
    """A record that Python can make as the contract says fits its schema."""
    record = data.draw(RECORDS[kind])
    assert complaints(kind, orjson.loads(record.to_json())) == []


@given(data=st.data())
@kinds
def test_a_line_is_recognised(kind, data):
    """Which record a line is can be told from its fields."""
    assert kind_of(orjson.loads(data.draw(RECORDS[kind]).to_json())) is kind


@cache
def strict(kind):
    """The validator of jsonschema-rs, whose patterns are those of the standard."""
    return jsonschema_rs.validator_for(load(kind, DEFAULT))


@cache
def lax(kind):
    """The validator of jsonschema, whose patterns are Python's."""
    return Draft202012Validator(load(kind, DEFAULT))


NASTY = st.sampled_from(
    [None, True, -1, 0, 1.5, 2.0, 1e30, 2**53, "", " ", "क", "hi\n", "x:1-2\n", "a b:0-1", "PERS", [], [1], [-1, 2], {}]
).map(copy.deepcopy) | texts(max_size=3)


@given(data=st.data())
@kinds
def test_validators_agree(kind, data):
    """Whatever is done to a record, it fits by jsonschema-rs exactly when no complaint is made."""
    mutated = data.draw(_mutated(orjson.loads(data.draw(RECORDS[kind]).to_json())))
    fits = strict(kind).is_valid(mutated)
    assert fits == (complaints(kind, mutated) == [])
    if fits:
        assert lax(kind).is_valid(mutated)


@st.composite
def _mutated(draw, record):
    """The record with one to three values replaced, removed or added, at any depth."""
    record = copy.deepcopy(record)
    for _ in range(draw(st.integers(1, 3))):
        holder = draw(st.sampled_from(list(_holders(record))))
        name = draw(st.sampled_from([*holder, "unheard_of"]) if isinstance(holder, dict) else st.just(0))
        if isinstance(holder, list):
            holder.insert(0, draw(NASTY))
        elif draw(st.booleans()) and name in holder and len(holder) > 1:
            del holder[name]
        else:
            holder[name] = draw(NASTY)
    return record


def _holders(data):
    if isinstance(data, dict | list):
        yield data
        for value in data.values() if isinstance(data, dict) else data:
            yield from _holders(value)


SENTENCE = {
    "id": "n-1:0-5",
    "article_id": "n-1",
    "lang": "hi",
    "index": 0,
    "start": 0,
    "end": 5,
    "text": "वर्षा",
    "kind": "sentence",
}
ENTITY = {"id": "e0-5-PER", "start": 0, "end": 5, "label": "PER"}
STANCE = {"target": "e0-5-PER", "label": "FAVOR"}
PRELABELED = {**SENTENCE, "entities": [ENTITY], "stances": [STANCE], "engine": {"name": "rules", "version": "1"}}
ANNOTATION = {
    **PRELABELED,
    "annotator": "a",
    "annotation_id": 1,
    "task_id": 1,
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "outcome": "submitted",
}


@pytest.mark.parametrize(
    ("kind", "data", "reason", "words"),
    [
        pytest.param(Sentence, {**SENTENCE, "lang": "hi\n"}, Reason.SCHEMA, "lang", id="line-break-at-the-end"),
        pytest.param(Sentence, {**SENTENCE, "kind": "title"}, Reason.SCHEMA, "kind: 'title'", id="unknown-kind"),
        pytest.param(Sentence, {**SENTENCE, "start": "0"}, Reason.SCHEMA, "start: '0'", id="wrong-type"),
        pytest.param(Sentence, {**SENTENCE, "mood": "x"}, Reason.SCHEMA, "'mood'", id="unknown-field"),
        pytest.param(
            Sentence, {k: v for k, v in SENTENCE.items() if k != "text"}, Reason.MISSING_FIELD, "'text'", id="missing"
        ),
        pytest.param(
            Prelabeled,
            {**PRELABELED, "entities": [{**ENTITY, "label": "PERS"}]},
            Reason.UNKNOWN_LABEL,
            "entities[0].label: 'PERS' (known: PER, ORG, LOC)",
            id="entity-label",
        ),
        pytest.param(
            Prelabeled,
            {**PRELABELED, "stances": [{**STANCE, "label": "LOVE"}]},
            Reason.UNKNOWN_LABEL,
            "stances[0].label: 'LOVE' (known: FAVOR, AGAINST, NEUTRAL)",
            id="stance-label",
        ),
        pytest.param(
            Annotation,
            {**ANNOTATION, "created_at": "२०२६-०१-०१T00:00:00Z"},
            Reason.SCHEMA,
            "created_at",
            id="devanagari-digits",
        ),
    ],
)
def test_complaint_says_where_and_what(kind, data, reason, words):
    """A complaint gives the reason, the place in the record and what was found there."""
    [complaint] = complaints(kind, data)
    assert complaint.reason is reason
    assert words in complaint.found


def test_all_complaints_are_made():
    """Everything the schema has against a record is said, not only the first thing."""
    broken = {**PRELABELED, "index": -1, "entities": [{**ENTITY, "label": "X"}, {"id": "e"}], "engine": {}}
    found = [complaint.found.partition(":")[0] for complaint in complaints(Prelabeled, broken)]
    assert {"index", "entities[0].label", "entities[1]", "engine"} == set(found)
    assert len(found) == 1 + 1 + 3 + 2


def test_long_values_are_cut_short():
    """A complaint about a whole article's text does not print the article."""
    [complaint] = complaints(Article, {"id": "a", "text": ["क" * 100_000], "lang": "hi"})
    assert len(complaint.found) < 300


def test_time_stamps_as_python_writes_them_fit():
    """What `datetime.isoformat` gives for a moment with a time zone fits."""
    now = datetime.now(UTC).isoformat()
    assert complaints(Annotation, {**ANNOTATION, "created_at": now, "updated_at": now}) == []
