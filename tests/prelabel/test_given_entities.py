"""Entities that are there already are taken as they are, so that stances can be judged by themselves."""

import orjson
import pytest

from annotate.check import records
from annotate.errors import DataError, Reason, UsageError
from annotate.labels import DEFAULT
from annotate.prelabel import prelabel
from annotate.prelabel.step import prelabel_file
from annotate.records import Engine, Entity, Gold, Prelabeled, Resolution, Sentence

TEXT = "कखग ने घचछ की आलोचना की।"
NAMES = (Entity.at(0, 3, "PER"), Entity.at(7, 10, "ORG"))
PLACE = {"id": "a:0-24", "article_id": "a", "lang": "hi", "index": 0, "start": 0, "end": 24, "text": TEXT}
GOLD = Gold(**PLACE, entities=NAMES, resolution=Resolution(method="single", annotators=("a",)))


@pytest.fixture
def source(tmp_path):
    """A file with one sentence whose names no engine knows."""
    path = tmp_path / "s.jsonl"
    path.write_bytes(Sentence(**PLACE).to_json() + b"\n")
    return path


def write(path, *rows):
    """A file of records."""
    path.write_bytes(b"".join(row.to_json() + b"\n" for row in rows))
    return path


def test_labelled_records_give_their_entities():
    """With the backend `given` the entities of gold come back, and stances toward them."""
    (found,) = prelabel([GOLD], backend="given", stance="rules")
    assert found.entities == NAMES
    assert [(s.target, s.label, s.holder) for s in found.stances] == [("e7-10-ORG", "AGAINST", "e0-3-PER")]
    assert found.engine.name == "given+rules"


@pytest.mark.parametrize("jobs", [1, 2])
def test_entities_from_a_file(source, tmp_path, jobs):
    """`entities_from` takes the entities of gold and of pre-labels, however many processes there are."""
    pre = Prelabeled(**PLACE, entities=NAMES, engine=Engine(name="e", version="1"))
    for known in (write(tmp_path / "gold.jsonl", GOLD), write(tmp_path / "pre.jsonl", pre)):
        prelabel_file(source, tmp_path / "out.jsonl", stance="rules", entities_from=known, jobs=jobs)
        (row,) = records(tmp_path / "out.jsonl", Prelabeled)
        assert row.entities == NAMES
        assert len(row.stances) == 1


def test_a_sentence_without_a_record_is_a_fault(source, tmp_path):
    """Every sentence that is not there, or reads otherwise there, is named; nothing is written."""
    other = orjson.loads(GOLD.to_json()) | {"id": "b:0-24", "article_id": "b"}
    known = tmp_path / "gold.jsonl"
    known.write_bytes(orjson.dumps(other) + b"\n")
    with pytest.raises(DataError) as caught:
        prelabel_file(source, tmp_path / "out.jsonl", entities_from=known)
    assert [(fault.id, fault.reason) for fault in caught.value.faults] == [("a:0-24", Reason.MISMATCH)]
    known.write_bytes(orjson.dumps(orjson.loads(GOLD.to_json()) | {"text": TEXT[:-1] + "."}) + b"\n")
    with pytest.raises(DataError) as caught:
        prelabel_file(source, tmp_path / "out.jsonl", entities_from=known)
    assert [fault.reason for fault in caught.value.faults] == [Reason.WRONG_TEXT]
    assert not (tmp_path / "out.jsonl").exists()


def test_only_labelled_records_have_entities(source, tmp_path):
    """A file of sentences has none to give, and stdin cannot be read again."""
    with pytest.raises(UsageError, match="sentence records"):
        prelabel_file(source, tmp_path / "out.jsonl", entities_from=source)


def test_other_types_stay_out():
    """Entities of a type that the campaign does not know are left out."""
    from annotate.labels import EntityLabel, LabelSet

    labels = LabelSet(entities=(EntityLabel("PER"),), stances=DEFAULT.stances)
    (found,) = prelabel([GOLD], backend="given", stance="rules", labels=labels)
    assert found.entities == NAMES[:1]
