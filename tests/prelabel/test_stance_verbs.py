"""The verb that closes a clause: its stem, and how it tells what happens, by table."""

import pytest

from annotate.prelabel.stance_classifier.verbs import closing_verb, is_auxiliary
from annotate.prelabel.stance_rules import readings
from tests.prelabel.marked import marked, sentence


@pytest.mark.parametrize(
    ("text", "aspect", "stem"),
    [
        pytest.param("[राव|PER] ने भाषण पढ़ा।", "done", "पढा", id="done"),
        pytest.param("[राव|PER] भाषण पढ़ रहे हैं।", "going-on", "पढ", id="going-on"),
        pytest.param("[राव|PER] भाषण पढ़ते हैं।", "habit", "पढते", id="habit"),
        pytest.param("[राव|PER] भाषण पढ़ेंगे।", "future", "पढें", id="future"),
        pytest.param("[राव|PER] को भाषण पढ़ना चाहिए।", "wish", "चाहि", id="wish"),
        pytest.param("[राव|PER] घर पर हैं।", "present", "पर", id="present"),
        pytest.param("[राव|PER] घर पर थे।", "past", "पर", id="past"),
        pytest.param("[राव|PER]", "none", "राव", id="no-verb"),
    ],
)
def test_closing_verb(text, aspect, stem):
    """Auxiliaries tell the aspect and are no part of the stem."""
    bare, entities = marked(text)
    (reading,) = readings([sentence(bare)], [entities])
    assert closing_verb(reading, *reading.clause(0)) == (aspect, stem)


def test_what_comes_before_ki():
    """The word कि opens the next clause and closes no verb; an empty clause has none."""
    bare, entities = marked("[राव|PER] ने कहा कि सब ठीक है।")
    (reading,) = readings([sentence(bare)], [entities])
    assert closing_verb(reading, 0, 4) == ("done", "कहा")
    assert closing_verb(reading, 2, 2) == ("none", "")
    assert is_auxiliary("है")
    assert not is_auxiliary("पढा")
