"""After a migration of the label set, engines that know the former labels are understood."""

from dataclasses import replace

import orjson

import annotate
from annotate.labels import DEFAULT, EntityLabel, StanceLabel
from annotate.records import Article
from annotate.relabel import Change, Rule, Split
from annotate.split import sentences
from annotate.studio.backend.predictor import Predictor
from annotate.studio.interface import interface

TEXT = "कांग्रेस ने नरेंद्र मोदी के फैसले का विरोध किया।"
PER, ORG, LOC = DEFAULT.entities
FAVOR, AGAINST, NEUTRAL = DEFAULT.stances
LABELS = replace(
    DEFAULT,
    version="2",
    entities=(replace(PER, name="HUMAN"), ORG, EntityLabel("PARTY"), LOC),
    stances=(FAVOR, StanceLabel("CONTRA"), NEUTRAL),
)
CHANGE = Change(
    versions=("1", "2"),
    before={label.name: label.stance for label in DEFAULT.entities},
    after={label.name: label.stance for label in LABELS.entities},
    entities={"PER": "HUMAN"},
    splits={"ORG": Split(into=(Rule(label="PARTY", surfaces=("कांग्रेस",)),), otherwise="ORG")},
    stances_before=tuple(DEFAULT.stance_names),
    stances_after=tuple(LABELS.stance_names),
    stances={"AGAINST": "CONTRA"},
)


def proposed(**options):
    article = sentences(Article(id="n", text=TEXT, lang="hi"))
    (record,) = annotate.prelabel(article, backend="rules", stance="rules", **options)
    return record


def test_what_an_engine_says_is_brought_up():
    """Names, parties by the rule of the split, and who is against whom, by the labels of now."""
    before, now = proposed(), proposed(labels=LABELS, changes=[CHANGE])
    assert now == type(before).from_dict(CHANGE.apply(orjson.loads(before.to_json())).data)
    assert {e.label for e in now.entities} == {"PARTY", "HUMAN"}
    assert [stance.label for stance in now.stances] == ["CONTRA"]


def test_thresholds_have_the_names_of_now():
    """What is said of HUMAN counts for what the engine calls PER."""
    least = {"HUMAN": 1.0}
    found = proposed(labels=LABELS, changes=[CHANGE], thresholds=least)
    assert {e.label for e in found.entities} == {"PARTY"}


def test_given_entities_are_taken_as_they_are():
    """Gold of after the migration says ORG where people left it so."""
    now = proposed(labels=LABELS, changes=[CHANGE])
    party = next(e for e in now.entities if e.label == "PARTY")
    org = type(party).at(party.start, party.end, "ORG")
    others = tuple(e for e in now.entities if e is not party)
    gold = replace(now, entities=(org, *others), stances=())
    (found,) = annotate.prelabel([gold], backend="given", stance="rules", labels=LABELS, changes=[CHANGE])
    assert [e.label for e in found.entities] == ["ORG", "HUMAN"]
    assert [stance.label for stance in found.stances] == ["CONTRA"]


def test_the_service_too():
    """What Label Studio asks for has the labels of the project's page."""
    predictor = Predictor("rules", "rules", LABELS, changes=[CHANGE])
    (made,) = predictor.predict([{"id": 1, "data": {"text": TEXT}}], interface(LABELS))
    assert {name for item in made["result"] for name in item.get("value", {}).get("labels", ())} == {"PARTY", "HUMAN"}
