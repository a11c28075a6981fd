"""The labelling page's XML follows from the label set."""

from dataclasses import replace
from xml.etree.ElementTree import fromstring

from annotate.labels import DEFAULT, EntityLabel, LabelSet
from annotate.studio.interface import HOLDS, interface


def test_labels_and_stances_stand_in_their_order():
    """Names, colours and hotkeys are those of the label set."""
    page = fromstring(interface(DEFAULT))
    labels = [(e.get("value"), e.get("background"), e.get("hotkey")) for e in page.iter("Label")]
    choices = [(e.get("value"), e.get("hotkey")) for e in page.iter("Choice")]
    assert labels == [("PER", "#d32f2f", "1"), ("ORG", "#1976d2", "2"), ("LOC", "#388e3c", "3")]
    assert choices == [("FAVOR", "f"), ("AGAINST", "a"), ("NEUTRAL", "n")]
    assert [e.get("value") for e in page.iter("Relation")] == [HOLDS]


def test_only_the_sentence_can_be_labelled():
    """Title and neighbours are shown by texts that no control points to."""
    page = fromstring(interface(DEFAULT))
    assert [e.get("value") for e in page.iter("Text")] == ["$title", "$before", "$text", "$after"]
    assert {e.get("toName") for e in page.iter() if e.get("toName")} == {"text"}


def test_stance_is_asked_of_the_types_that_bear_one():
    """A type without stance does not open the choice; without any such type there is no choice and no relation."""
    mixed = replace(DEFAULT, entities=(*DEFAULT.entities, EntityLabel("DATE", stance=False)))
    (choices,) = fromstring(interface(mixed)).iter("Choices")
    assert choices.get("whenLabelValue") == "PER,ORG,LOC"
    plain = LabelSet(entities=(EntityLabel("DATE", stance=False),), stances=DEFAULT.stances)
    assert not [e for e in fromstring(interface(plain)).iter() if e.tag in ("Choices", "Relations")]


def test_names_and_help_are_escaped():
    """What the configuration says cannot break the XML."""
    odd = replace(DEFAULT, entities=(EntityLabel("PER", '<b>"&', help="a < b"),))
    (label,) = fromstring(interface(odd)).iter("Label")
    assert (label.get("html"), label.get("hint")) == ('PER <b>"&', "a < b")
