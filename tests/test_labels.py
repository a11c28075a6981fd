"""A label set keeps its order, since class ids follow it."""

from dataclasses import FrozenInstanceError

import pytest

from annotate.labels import DEFAULT, EntityLabel, LabelSet, StanceLabel, is_name

CAMPAIGN = LabelSet(
    version="3",
    entities=(EntityLabel("PARTY"), EntityLabel("EVENT", stance=False)),
    stances=(StanceLabel("NEUTRAL"), StanceLabel("PRO")),
)


def test_default_labels_are_those_of_the_contract():
    """Entities PER, ORG, LOC and stances FAVOR, AGAINST, NEUTRAL, in this order."""
    assert DEFAULT.entity_names == ["PER", "ORG", "LOC"]
    assert DEFAULT.stance_names == ["FAVOR", "AGAINST", "NEUTRAL"]


def test_default_labels_can_be_shown():
    """Every default label has a Hindi title, help, and a hotkey that no other has; entities have a colour each."""
    labels = [*DEFAULT.entities, *DEFAULT.stances]
    assert all(label.title and label.help and label.hotkey for label in labels)
    assert len({label.hotkey for label in labels}) == len(labels)
    assert len({label.color for label in DEFAULT.entities}) == len(DEFAULT.entities)


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        pytest.param(DEFAULT, ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"], id="default"),
        pytest.param(CAMPAIGN, ["O", "B-PARTY", "I-PARTY", "B-EVENT", "I-EVENT"], id="campaign"),
        pytest.param(LabelSet(), ["O"], id="empty"),
    ],
)
def test_bio_names(labels, names):
    """O comes first, then beginning and inside of each type in the set's order."""
    assert labels.bio_names == names


@pytest.mark.parametrize(("label", "bears"), [("PARTY", True), ("EVENT", False), ("UNKNOWN", False)])
def test_bears_stance(label, bears):
    """A stance is taken toward entities of the types that say so, and of no others."""
    assert CAMPAIGN.bears_stance(label) is bears


def test_label_sets_do_not_change():
    """A label set cannot be changed and can be compared and hashed."""
    with pytest.raises(FrozenInstanceError):
        DEFAULT.version = "2"
    assert LabelSet(entities=(EntityLabel("A"),)) == LabelSet(entities=(EntityLabel("A"),))
    assert hash(CAMPAIGN) != hash(DEFAULT)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("PER", True), ("WORK_OF_ART", True), ("T1", True), ("व्यक्ति", True), ("संगठन", True), ("شخص", True),
        ("", False), ("A B", False), ("A-B", False), ("ि", False), ("A\n", False), ("A\u200d", False), ("🎉", False),
    ],
)  # fmt: skip
def test_what_a_label_may_be_called(name, may):
    """Words of any script, with the vowel signs that make them words; nothing that a tag or a line could end at."""
    assert is_name(name) is may
