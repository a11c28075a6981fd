"""What a migration does to a sentence: labels, ids, targets and holders together, and nothing else."""

from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import check
from annotate.labels import DEFAULT, EntityLabel
from annotate.records import Entity, Gold, Resolution, Stance, TopicStance, sentence_id
from annotate.relabel import Change, Note, Rule, Split, brought_up, folded, retired
from annotate.schema import Schema
from tests.strategies import annotations, golds

TEXT = "भाजपा ने कांग्रेस की आलोचना की, दिल्ली में मोदी बोले।"
BEARING = dict.fromkeys(("PER", "ORG", "LOC"), True)
STANCES = ("FAVOR", "AGAINST", "NEUTRAL")


def change(after=None, stances_after=STANCES, **rules):
    """A migration from the default label set."""
    return Change(
        versions=("1", "2"),
        before=BEARING,
        after=after or BEARING,
        stances_before=STANCES,
        stances_after=stances_after,
        **rules,
    )


def gold(*entities, stances=()):
    return Gold(
        id=sentence_id("a", 0, len(TEXT)),
        article_id="a",
        lang="hi",
        index=0,
        start=0,
        end=len(TEXT),
        text=TEXT,
        entities=entities,
        stances=stances,
        resolution=Resolution(method="single"),
    )


def mention(surface, label):
    start = TEXT.index(surface)
    return Entity.at(start, start + len(surface), label)


def plain(record):
    return orjson.loads(record.to_json())


def changed(record, rules, **options):
    """A record after a migration, with what was noted."""
    outcome = rules.apply(plain(record), **options)
    return type(record).from_dict(outcome.data), outcome


RENAME = change({"PERSON": True, "ORG": True, "LOC": True}, entities={"PER": "PERSON"})
BACK = Change(
    versions=("2", "1"),
    before=RENAME.after,
    after=BEARING,
    entities={"PERSON": "PER"},
    stances_before=STANCES,
    stances_after=STANCES,
)


@given(golds() | annotations())
def test_there_and_back(record):
    """A rename and its reverse give the same bytes, and in between the record is sound by the new labels."""
    first = RENAME.apply(plain(record))
    labels = replace(DEFAULT, entities=(EntityLabel("PERSON"), *DEFAULT.entities[1:]))
    assert list(Schema(type(record), labels).complaints(first.data)) == []
    assert list(check.complaints(first.data, type(record), {})) == []
    assert all(entity["label"] != "PER" for entity in first.data["entities"])
    assert len(first.notes) == sum(entity.label == "PER" for entity in record.entities)
    second = BACK.apply(first.data)
    assert orjson.dumps(second.data) == record.to_json()


@given(golds(), st.sampled_from(["PER", "ORG", "LOC"]))
def test_what_is_dropped_leaves_nothing_dangling(record, label):
    """Stances toward what is dropped go, its stances are nobody's, and everything that went is noted."""
    after = {name: True for name in BEARING if name != label}
    new, outcome = changed(record, change(after, entities={label: None}), gold=True)
    assert list(check.complaints(plain(new), Gold, {})) == []
    assert [e for e in record.entities if e.label != label] == list(new.entities)
    gone = {e.id for e in record.entities if e.label == label}
    lost = [note for note in outcome.notes if (note.what, note.action) == ("stance", "dropped")]
    assert len(lost) == sum(stance.target in gone for stance in record.stances)


@given(golds())
def test_what_no_rule_names_is_the_same_object(record):
    """So that its line can stay as it is, to the byte."""
    data = plain(record)
    outcome = change({**BEARING, "EVENT": True}).apply(data, gold=True)
    assert outcome.data is data
    assert outcome.notes == ()


def test_a_rename_takes_targets_and_holders_along():
    """An id has the label in it, so every place that names the entity changes."""
    person, place = mention("मोदी", "PER"), mention("दिल्ली", "LOC")
    record = gold(person, place, stances=(Stance(target=place.id, holder=person.id, label="FAVOR"),))
    new, outcome = changed(record, RENAME)
    assert new.entities[0] == mention("मोदी", "PERSON")
    assert new.stances == (Stance(target=place.id, holder=mention("मोदी", "PERSON").id, label="FAVOR"),)
    assert outcome.notes == (Note("entity", "relabelled", person.id, new.entities[0].id),)


def test_a_merge_makes_one_of_what_stands_twice():
    """Two types on the same words become one entity, and a stance beats NEUTRAL."""
    one, two = mention("दिल्ली", "ORG"), mention("दिल्ली", "LOC")
    said = (Stance(target=one.id, label="NEUTRAL"), Stance(target=two.id, label="AGAINST"))
    merge = change({"PER": True, "THING": True}, entities={"ORG": "THING", "LOC": "THING"})
    new, outcome = changed(gold(one, two, stances=said), merge)
    thing = mention("दिल्ली", "THING")
    assert new.entities == (thing,)
    assert new.stances == (Stance(target=thing.id, label="AGAINST"),)
    assert [(note.what, note.action) for note in outcome.notes].count(("entity", "merged")) == 1
    assert outcome.complaints == ()


def test_a_merge_does_not_choose_between_stances():
    """For and against what becomes one entity is a fault that a person decides."""
    one, two = mention("दिल्ली", "ORG"), mention("दिल्ली", "LOC")
    said = (Stance(target=one.id, label="FAVOR"), Stance(target=two.id, label="AGAINST"))
    merge = change({"PER": True, "THING": True}, entities={"ORG": "THING", "LOC": "THING"})
    (complaint,) = changed(gold(one, two, stances=said), merge)[1].complaints
    assert complaint.reason == "duplicate-stance"
    assert "FAVOR toward" in complaint.found
    assert "AGAINST toward" in complaint.found


def test_a_holder_that_becomes_the_target_is_nobody():
    """Nobody holds a stance toward themselves."""
    one, two = mention("दिल्ली", "ORG"), mention("दिल्ली", "LOC")
    merge = change({"PER": True, "THING": True}, entities={"ORG": "THING", "LOC": "THING"})
    new, _ = changed(gold(one, two, stances=(Stance(target=one.id, holder=two.id, label="FAVOR"),)), merge)
    assert new.stances == (Stance(target=mention("दिल्ली", "THING").id, label="FAVOR"),)


CONDITIONS = {
    "surface": ({"surfaces": ("भाजपा",)}, "भाजपा"),
    "regex": ({"regex": "ग्रेस$"}, "कांग्रेस"),
    "before": ({"before": r"^भाजपा ने\s$"}, "कांग्रेस"),
    "after": ({"after": "^ ने"}, "भाजपा"),
    "all-must-hold": ({"regex": ".", "after": "^ की"}, "कांग्रेस"),
}


@pytest.mark.parametrize(("conditions", "taken"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_split_follows_its_rules(conditions, taken):
    """By surface, by pattern, by what stands before or after; the rest is what `otherwise` says."""
    split = Split(into=(Rule(label="PARTY", **conditions),), otherwise="ORG")
    rules = change({"PER": True, "ORG": True, "PARTY": True, "LOC": True}, splits={"ORG": split})
    new, _ = changed(gold(mention("भाजपा", "ORG"), mention("कांग्रेस", "ORG")), rules)
    assert [TEXT[e.start : e.end] for e in new.entities if e.label == "PARTY"] == [taken]


def test_a_mention_is_found_in_a_list_however_it_is_composed():
    """Nukta letters as one sign or two, and any white space."""
    assert folded("ढ़ाका  नगर") == folded("ढ\u093cाका\u00a0नगर")


def test_a_type_that_bears_no_stance_takes_none_along():
    """And one that begins to bear it is NEUTRAL in gold, where nobody said anything."""
    target = mention("दिल्ली", "LOC")
    silent = change({"PER": True, "ORG": True, "AREA": False}, entities={"LOC": "AREA"})
    new, outcome = changed(gold(target, stances=(Stance(target=target.id, label="FAVOR"),)), silent, gold=True)
    assert new.stances == ()
    assert outcome.notes[-1].why == "AREA bears no stance"
    speaking = Change(versions=("2", "3"), before=silent.after, after=BEARING, entities={"AREA": "LOC"})
    again, _ = changed(new, speaking, gold=True)
    assert again.stances == (Stance(target=target.id, label="NEUTRAL"),)
    assert changed(new, speaking)[0].stances == ()


def test_a_stance_that_is_dropped_leaves_neutral_in_gold():
    """Gold says NEUTRAL of what nothing else is said of."""
    target = mention("दिल्ली", "LOC")
    rules = change(stances_after=("FAVOR", "NEUTRAL"), stances={"AGAINST": None})
    record = gold(target, stances=(Stance(target=target.id, label="AGAINST"),))
    assert changed(record, rules, gold=True)[0].stances == (Stance(target=target.id, label="NEUTRAL"),)
    assert changed(record, rules)[0].stances == ()


def test_a_stance_that_becomes_neutral_is_nobodys():
    """NEUTRAL has neither holder nor cue."""
    person, target = mention("मोदी", "PER"), mention("दिल्ली", "LOC")
    rules = change(stances_after=("FAVOR", "NEUTRAL"), stances={"AGAINST": "NEUTRAL"})
    said = Stance(target=target.id, holder=person.id, label="AGAINST", cue=(0, 5))
    new, _ = changed(gold(person, target, stances=(said,)), rules)
    assert new.stances == (Stance(target=target.id, label="NEUTRAL"),)


@pytest.mark.parametrize(
    ("new", "label"),
    [
        pytest.param("PRO", "PRO", id="renamed"),
        pytest.param("NEUTRAL", "NEUTRAL", id="merged"),
        pytest.param(None, None, id="dropped"),
    ],
)
def test_a_stance_toward_the_topic_goes_by_its_label(new, label):
    """Topic and score stay; where the label is dropped, the record is as one of which nobody was asked."""
    after = ("PRO", "AGAINST", "NEUTRAL") if new == "PRO" else ("AGAINST", "NEUTRAL")
    rules = change(stances_after=after, stances={"FAVOR": new})
    asked = replace(gold(), topic_stance=TopicStance(topic="कानून", label="FAVOR", score=0.5))
    got, outcome = changed(asked, rules, gold=True)
    wanted = TopicStance(topic="कानून", label=label, score=0.5) if label else None
    assert got == replace(asked, topic_stance=wanted)
    assert orjson.dumps(outcome.data) == got.to_json()
    assert [(note.what, note.before) for note in outcome.notes] == [("topic", "FAVOR toward the topic")]
    other = replace(asked, topic_stance=TopicStance(topic="कानून", label="AGAINST"))
    assert changed(other, rules)[1] == (plain(other), (), ())
    later = change(stances_after=(*after, "FAVOR"))
    assert rules.apply(plain(asked), saved_with=later).notes == ()


SPLIT = change(
    {"PER": True, "ORG": True, "PARTY": True, "LOC": True},
    splits={"ORG": Split(into=(Rule(label="PARTY", surfaces=("भाजपा",)),), otherwise="ORG")},
)


def test_what_was_saved_before_is_brought_up_and_later_is_taken_at_its_word():
    """ORG of an annotation from before a split is split; ORG of one that was saved with PARTY on the page is meant."""
    record = plain(gold(mention("भाजपा", "ORG")))
    assert brought_up(record, [SPLIT], 0).data["entities"][0]["label"] == "PARTY"
    assert brought_up(record, [SPLIT], 1).data["entities"][0]["label"] == "ORG"


def test_what_a_former_page_left_is_brought_up():
    """An annotation that was saved again has labels of two pages; the former ones are translated."""
    record = plain(gold(mention("भाजपा", "PARTY"), mention("मोदी", "PER")))
    then = Change(
        versions=("2", "3"),
        before={"PERSON": True, "ORG": True, "LOC": True},
        after={"HUMAN": True, "ORG": True, "LOC": True, "PARTY": True},
        entities={"PERSON": "HUMAN"},
    )
    labels = [e["label"] for e in brought_up(record, [RENAME, then], 2).data["entities"]]
    assert labels == ["PARTY", "HUMAN"]


def test_retired():
    """Labels of before that are none of now, with whether they bore a stance."""
    assert retired([RENAME, BACK], BEARING, STANCES).entities == {"PERSON": True}
    drop = change({"PER": True, "ORG": True}, ("FAVOR", "NEUTRAL"), entities={"LOC": None}, stances={"AGAINST": None})
    assert retired([drop], drop.after, drop.stances_after) == ({"LOC": True}, ("AGAINST",))


@pytest.mark.parametrize("rules", [RENAME, SPLIT], ids=["rename", "split"])
def test_a_change_is_written_and_read(rules):
    """What it is written as is all that is needed to do it again."""
    assert Change.from_json(rules.to_json()) == rules
    assert Change.from_json(rules.to_json()).digest == rules.digest
