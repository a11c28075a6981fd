"""The records are what `schemas/` says, and come back from a line of JSON as they were written."""

from dataclasses import MISSING, FrozenInstanceError, fields, replace
from hashlib import sha256
from typing import get_args, get_type_hints

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.labels import DEFAULT, Topic
from annotate.records import (
    Annotation,
    Article,
    Engine,
    Entity,
    Gold,
    Prelabeled,
    Resolution,
    Sentence,
    Stance,
    TopicStance,
    article_id,
    entity_id,
    sentence_id,
)
from annotate.schema import KINDS, load
from tests.strategies import annotations, articles, golds, prelabeleds, sentences, texts

NESTED = {
    "entity": Entity,
    "stance": Stance,
    "topicStance": TopicStance,
    "engine": Engine,
    "resolution": Resolution,
}
WITH_TOPIC = replace(DEFAULT, topic=Topic("नागरिकता कानून"))
# Whether there are any is said on every line, so that a file cannot lose them unnoticed.
ALWAYS_WRITTEN = {"kind", "outcome", "entities", "stances"}


def _schemas():
    """Every record type with its schema, nested ones once for each schema that holds them."""
    for name, kind in KINDS.items():
        schema = load(kind, WITH_TOPIC)
        yield pytest.param(kind, schema, id=name)
        for part, nested in NESTED.items():
            if part in schema.get("$defs", {}):
                yield pytest.param(nested, schema["$defs"][part], id=f"{name}-{part}")


SCHEMAS = list(_schemas())


@pytest.mark.parametrize(("kind", "schema"), SCHEMAS)
def test_fields_are_those_of_the_schema(kind, schema):
    """A record and its schema name the same fields, in the same order."""
    assert list(schema["properties"]) == [field.name for field in fields(kind)]


@pytest.mark.parametrize(("kind", "schema"), SCHEMAS)
def test_required_fields_are_those_without_default(kind, schema):
    """What the schema requires has no default; what may be left out has one."""
    without = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    assert without <= set(schema["required"])
    assert set(schema["required"]) - without <= ALWAYS_WRITTEN | {"annotators"}


@pytest.mark.parametrize(("kind", "schema"), SCHEMAS)
def test_what_may_be_none_may_be_null(kind, schema):
    """A field takes null in the schema exactly when it takes None in Python."""
    hints = get_type_hints(kind)
    nullable = {name for name in schema["properties"] if type(None) in get_args(hints[name])}
    assert nullable == {name for name, rule in schema["properties"].items() if _takes_null(rule)}


def _takes_null(rule):
    return "null" in rule.get("type", ()) or any(_takes_null(option) for option in rule.get("oneOf", ()))


@pytest.mark.parametrize(
    "records",
    [
        pytest.param(articles(), id="article"),
        pytest.param(sentences(), id="sentence"),
        pytest.param(prelabeleds(), id="prelabeled"),
        pytest.param(annotations(), id="annotation"),
        pytest.param(golds(), id="gold"),
    ],
)
@given(data=st.data())
def test_round_trip(records, data):
    """A record written as a line and read again is equal, is one line, and writes the same bytes."""
    record = data.draw(records)
    line = record.to_json()
    again = type(record).from_dict(orjson.loads(line))
    assert again == record
    assert again.to_json() == line
    assert b"\n" not in line
    assert list(orjson.loads(line)) == [field.name for field in fields(record) if field.name != "topic_stance"]


@given(data=st.data())
def test_round_trip_with_a_topic(data):
    """Where it is known how the sentence as a whole stands, that is written and read too, whatever its words are."""
    record = data.draw(prelabeleds() | annotations() | golds())
    said = TopicStance(
        topic=data.draw(texts(min_size=1)), label="AGAINST", score=data.draw(st.none() | st.floats(0, 1))
    )
    record = replace(record, topic_stance=said)
    line = record.to_json()
    assert type(record).from_dict(orjson.loads(line)) == record
    assert list(orjson.loads(line)) == [field.name for field in fields(record)]


def test_words_that_look_like_a_field_stay():
    """What is left out where there is no topic is the field, not a text that reads like it."""
    text = ',"topic_stance":null'
    record = Gold(
        id="a:0-20", article_id=text, lang="hi", index=0, start=0, end=20, text=text, resolution=Resolution(method=text)
    )
    assert Gold.from_dict(orjson.loads(record.to_json())) == record
    assert "topic_stance" not in orjson.loads(record.to_json())


@given(data=st.data())
def test_absent_fields_take_their_default(data):
    """A line without the optional fields makes the same record as a line in which they are null."""
    for kind, records in ((Article, articles()), (Sentence, sentences()), (Annotation, annotations())):
        line = orjson.loads(data.draw(records).to_json())
        optional = {f.name for f in fields(kind) if f.default is None}
        nulls = kind.from_dict({**line, **dict.fromkeys(optional)})
        assert kind.from_dict({name: value for name, value in line.items() if name not in optional}) == nulls


def test_fields_of_others_are_ignored():
    """An article may carry fields that are not ours; they are left behind."""
    assert Article.from_dict({"id": "a", "text": "क", "lang": "hi", "author": "x"}) == Article(
        id="a", text="क", lang="hi"
    )


def test_records_do_not_change():
    """A record cannot be changed, nor can it take another field."""
    entity = Entity.at(0, 4, "PER")
    with pytest.raises(FrozenInstanceError):
        entity.start = 1
    with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
        entity.color = "red"


@given(texts(), st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(DEFAULT.entity_names))
def test_ids_are_those_of_the_contract(text, start, length, label):
    """Ids follow from content and place alone."""
    end = start + length
    assert article_id(text) == sha256(text.encode("utf-8")).hexdigest()[:16]
    assert sentence_id("n-1", start, end) == f"n-1:{start}-{end}"
    assert entity_id(start, end, label) == f"e{start}-{end}-{label}" == Entity.at(start, end, label).id


@given(prelabeleds())
def test_sentence_of_a_labelled_record(record):
    """The sentence alone has the sentence's fields and nothing that was said about it."""
    alone = record.sentence()
    assert type(alone) is Sentence
    assert orjson.loads(alone.to_json()).items() <= orjson.loads(record.to_json()).items()


def test_kinds_are_the_five_of_the_contract():
    """Every record of the contract has its name, in the order of the flow."""
    assert list(KINDS.items()) == [
        ("article", Article),
        ("sentence", Sentence),
        ("prelabeled", Prelabeled),
        ("annotation", Annotation),
        ("gold", Gold),
    ]
