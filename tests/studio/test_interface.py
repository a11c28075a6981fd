"""The labelling page's XML follows from the label set."""

from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest

from annotate.labels import DEFAULT, EntityLabel, LabelSet, StanceLabel, Topic
from annotate.studio.interface import HOLDS, interface, source_link, topic_control


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
    assert (label.get("html"), label.get("hint")) == ('PER &lt;b&gt;"&amp;', "a < b")


def test_every_label_has_a_key_and_a_colour_of_its_own():
    """Forty types without settings: no key is a stance's or another type's, and keys that were chosen stay."""
    many = replace(
        DEFAULT, entities=(*(EntityLabel(f"T{n}") for n in range(40)), EntityLabel("Z", hotkey="2", color="#1976d2"))
    )
    page = fromstring(interface(many))
    keys = [e.get("hotkey") for e in page.iter() if e.tag in ("Label", "Choice")]
    assert len(set(keys)) == len(keys) == 44
    assert None not in keys
    assert keys[-4:] == ["2", "f", "a", "n"]
    colors = [e.get("background") for e in page.iter("Label")]
    assert len(set(colors[:15])) == 15
    assert "#1976d2" not in colors[:-1]


def test_stances_without_keys_take_letters_of_their_names():
    """However many types there are, the key of a stance is one that its name suggests; a type has another."""
    names = ("FAVOR", "AGAINST", "NEUTRAL", "FUTURE", "तटस्थ_ही")
    labels = LabelSet(
        entities=tuple(EntityLabel(f"T{n}") for n in range(30)), stances=tuple(StanceLabel(name) for name in names)
    )
    page = fromstring(interface(labels))
    keys = [e.get("hotkey") for e in page.iter() if e.tag in ("Label", "Choice")]
    assert keys[30:34] == ["f", "a", "n", "u"]
    assert len(set(keys)) == len(keys)
    assert None not in keys


def test_labels_beyond_all_keys_have_none():
    """Two hundred types are more than there are keys."""
    page = fromstring(interface(LabelSet(entities=tuple(EntityLabel(f"T{n}") for n in range(200)))))
    keys = [key for e in page.iter("Label") if (key := e.get("hotkey"))]
    assert len(set(keys)) == len(keys) < 200


def test_a_topic_is_asked_of_the_sentence():
    """One more choice that is no region's and must be made, under the topic's own words; the rest stays as it was."""
    labels = replace(DEFAULT, topic=Topic("नागरिकता <कानून>", help="CAA & NRC"))
    page = fromstring(interface(labels))
    of_entity, of_topic = page.iter("Choices")
    assert of_topic.get("name") == topic_control("नागरिकता <कानून>")
    assert (of_topic.get("perRegion"), of_topic.get("required"), of_topic.get("toName")) == (None, "true", "text")
    assert [e.get("value") for e in of_topic] == [e.get("value") for e in of_entity] == ["FAVOR", "AGAINST", "NEUTRAL"]
    assert [e.get("hotkey") for e in of_topic] == ["shift+f", "shift+a", "shift+n"]
    assert [e.get("value") for e in page.iter("Header")] == ["नागरिकता <कानून> — CAA & NRC"]
    (block,) = [e for e in page.iter("View") if e.get("className") == "ak-topic"]
    page.remove(block)
    page.find("Style").text = fromstring(interface(DEFAULT)).find("Style").text
    assert [e.attrib for e in page.iter()] == [e.attrib for e in fromstring(interface(DEFAULT)).iter()]


def test_another_topic_is_another_control():
    """So that an answer about one is never taken for an answer about the other."""
    assert topic_control("बजट") != topic_control("बजट ") != topic_control("आरक्षण")
    assert topic_control("बजट") == "topic_606a5494"


@pytest.mark.parametrize(
    "stances",
    [
        pytest.param(DEFAULT.stances, id="default"),
        pytest.param([StanceLabel("NEUTRAL", hotkey="r"), StanceLabel("PRO", hotkey="R")], id="r-is-label-studios"),
        pytest.param([StanceLabel("NEUTRAL"), StanceLabel("PRO", hotkey="shift+q"), StanceLabel("CON")], id="some"),
        pytest.param([StanceLabel("NEUTRAL"), *(StanceLabel(f"S{n}") for n in range(20))], id="many"),
    ],
)
def test_the_keys_of_a_topic_are_its_own(stances):
    """None is a label's, a stance's or another's of its own, nor one that Label Studio has."""
    page = fromstring(interface(replace(DEFAULT, stances=tuple(stances), topic=Topic("बजट"))))
    keys = [e.get("hotkey").lower() for e in page.iter() if e.tag in ("Label", "Choice") and e.get("hotkey")]
    of_topic = [e.get("hotkey") for e in list(page.iter("Choices"))[1]]
    assert len(of_topic) == len(stances)
    assert None not in of_topic
    assert "shift+r" not in of_topic
    assert not [key for key in of_topic if keys.count(key) > 1]


@pytest.mark.parametrize(("lang", "turned"), [("hi", False), ("ur", True), ("en", False)])
def test_urdu_runs_from_right_to_left(lang, turned):
    """Sentence, neighbours and title are set from the right where the language is written so."""
    assert ("direction: rtl" in interface(DEFAULT, lang)) is turned


@pytest.mark.parametrize(
    ("url", "html"),
    [
        pytest.param("", "", id="none"),
        pytest.param("javascript:alert(1)", "javascript:alert(1)", id="no-web-address"),
        pytest.param("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;", id="script"),
        pytest.param(
            'https://x/"onclick=',
            '<a href="https://x/&quot;onclick=" target="_blank" rel="noopener noreferrer">https://x/&quot;onclick=</a>',
            id="quote",
        ),
    ],
)
def test_a_source_is_a_link_only_where_it_is_an_address(url, html):
    """What the article says of its address cannot become a script."""
    assert source_link(url) == html
