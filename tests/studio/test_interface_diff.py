"""Two interfaces are compared control by control."""

from dataclasses import replace

import pytest

from annotate.labels import DEFAULT, EntityLabel
from annotate.studio.interface import interface
from annotate.studio.interface_diff import controls, differences, same

OURS = interface(DEFAULT)
DATE = EntityLabel("DATE", stance=False, hotkey="4", color="#000000")


def test_what_is_the_same_has_no_differences():
    """White space and the order of attributes say nothing."""
    other = OURS.replace(">\n  <", ">\n\n<").replace('name="label" toName="text"', 'toName="text" name="label"')
    assert other != OURS
    assert same(other, OURS)
    assert differences(other, OURS) == []


CHANGES = {
    "label-here": (
        OURS,
        interface(replace(DEFAULT, entities=(*DEFAULT.entities, DATE))),
        "label: label DATE is not in",
    ),
    "label-there": (interface(replace(DEFAULT, entities=(*DEFAULT.entities, DATE))), OURS, "label: label DATE is only"),
    "hotkey": (
        OURS.replace('hotkey="f"', 'hotkey="g"'),
        OURS,
        "stance: choice FAVOR: hotkey is 'g' in the project, 'f' here",
    ),
    "no-hint": (
        OURS.replace(' hint="न पक्ष, न विरोध"', ""),
        OURS,
        "stance: choice NEUTRAL: hint is nothing in the project, 'न पक्ष, न विरोध' here",
    ),
    "order": (
        OURS,
        interface(replace(DEFAULT, entities=DEFAULT.entities[::-1])),
        "label: the order is PER, ORG, LOC in the project, LOC, ORG, PER here",
    ),
    "setting": (
        OURS.replace('granularity="symbol"', 'granularity="word"'),
        OURS,
        "text: granularity is 'word' in the project, 'symbol' here",
    ),
    "control": (
        OURS.replace('<Text name="after" value="$after" />', ""),
        OURS,
        "after: the control <Text> is not in the project",
    ),
    "tag": (
        OURS.replace('<Text name="title"', '<Header name="title"'),
        OURS,
        "title: <Header> in the project, <Text> h",
    ),
    "layout": (OURS.replace("font-size: 18px", "font-size: 2em"), OURS, "only how the page is laid out or styled"),
    "broken": ("<View>", OURS, "the project's interface is no XML"),
}


@pytest.mark.parametrize(("theirs", "ours", "line"), CHANGES.values(), ids=CHANGES)
def test_one_change_is_one_line(theirs, ours, line):
    """Each line names the control, the label and both values."""
    assert theirs != ours
    (said,) = (one for one in differences(theirs, ours) if one.startswith(line))
    assert said
    if line.startswith(("label: label", "stance", "text", "after", "only", "the")):
        others = [one for one in differences(theirs, ours) if one != said]
        assert all("whenLabelValue" in one for one in others)


def test_controls_know_their_options():
    """A control is found by its name, its options in their order."""
    found = controls(OURS)
    assert list(found["label"].options) == ["PER", "ORG", "LOC"]
    assert found["stance"].settings["whenLabelValue"] == "PER,ORG,LOC"
    assert found["text"].settings == {"value": "$text", "granularity": "symbol"}
