"""The `classifier` engine proposes what its model is sure of, keeps the contract, refuses what is no model."""

from dataclasses import replace

import orjson
import pytest
from hypothesis import given

from annotate.errors import UsageError
from annotate.labels import DEFAULT, EntityLabel, LabelSet
from annotate.prelabel import entity_backend, prelabel, stance_backend
from annotate.prelabel.stance_classifier import ClassifierStances, model
from annotate.prelabel.stance_classifier.features import speaks_or_hears
from annotate.prelabel.stance_classifier.model import load, shipped, unpack
from annotate.prelabel.stance_rules import readings
from tests.prelabel.marked import marked, sentence
from tests.strategies import texts

BLAMED = "[राव|PER] ने [सपा|ORG] की कड़ी आलोचना की।"


def stances(engine, text):
    """The stances of a marked sentence as (holder, label, target) by surface text."""
    bare, entities = marked(text)
    (found,) = engine.stances([sentence(bare)], [entities])
    name = {entity.id: bare[entity.start : entity.end] for entity in entities}
    return [(name.get(stance.holder or ""), stance.label, name[stance.target]) for stance in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(BLAMED, [("राव", "AGAINST", "सपा")], id="blame"),
        pytest.param("[राव|PER] ने [नेगी|PER] को जीत पर बधाई दी।", [("राव", "FAVOR", "नेगी")], id="praise"),
        pytest.param("उन्होंने [सपा|ORG] पर आरोप लगाए।", [(None, "AGAINST", "सपा")], id="nobody-named"),
        pytest.param("[राव|PER] ने [नेगी|PER] से मुलाकात की।", [], id="meeting"),
        pytest.param("[पटना|LOC] में [सपा|ORG] की बैठक हुई।", [], id="place"),
        pytest.param("[किम|PER] ने कहा कि हम [पुतिन|PER] का हमेशा समर्थन करेंगे।", [("किम", "FAVOR", "पुतिन")], id="promise"),
    ],
)
def test_shipped_model(text, expected):
    """The model that comes with the package knows the plain cases."""
    assert stances(ClassifierStances(DEFAULT), text) == expected


def test_what_it_says_of_a_stance():
    """A stance carries a probability, the cue in code points of the sentence, and what pointed to it."""
    bare, entities = marked(BLAMED)
    ((stance,),) = ClassifierStances(DEFAULT).stances([sentence(bare)], [entities])
    assert 0.5 < stance.score < 1
    assert bare[stance.cue.start : stance.cue.end] == "आलोचना की"
    assert stance.source == "classifier:blame"


def test_unsure_is_neutral():
    """Nothing is proposed below the model's threshold."""
    unsure = replace(load(shipped()), threshold=1.1, bare_threshold=1.1)
    assert stances(ClassifierStances(DEFAULT, unsure), BLAMED) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[राव|PER] ने आरोप लगाया कि सब ठीक है।", [True], id="says"),
        pytest.param("उन्होंने [बीबीसी|ORG] को बताया कि सब ठीक है।", [True], id="is-told"),
        pytest.param("[राव|PER] ने [सपा|ORG] को कोसा।", [False, False], id="neither"),
    ],
)
def test_who_speaks_or_hears(text, expected):
    """Who says something, and who is told it, are not whom it is about."""
    bare, entities = marked(text)
    (reading,) = readings([sentence(bare)], [entities])
    assert [speaks_or_hears(reading, number) for number in range(len(entities))] == expected


def test_types_without_stance_are_no_targets():
    """A campaign may say that a type bears no stance; then none is proposed toward it."""
    labels = LabelSet(entities=(EntityLabel("PER"), EntityLabel("ORG", stance=False)), stances=DEFAULT.stances)
    assert stances(ClassifierStances(labels), BLAMED) == []


@given(texts(max_size=40))
def test_stances_fit_the_contract(text):
    """On any text targets and holders are entities of the sentence, cues lie inside it, and a target has one label."""
    one = [sentence(text)]
    entities = entity_backend("rules", DEFAULT).entities(one)
    (found,) = stance_backend("classifier", DEFAULT).stances(one, entities)
    known = {entity.id for entity in entities[0]}
    assert all(stance.target in known and (stance.holder is None or stance.holder in known) for stance in found)
    assert all(stance.cue is None or 0 <= stance.cue.start < stance.cue.end <= len(text) for stance in found)
    assert all(0 <= stance.score <= 1 for stance in found)
    assert len({(stance.target, stance.holder) for stance in found}) == len(found)
    assert len({(stance.target, stance.label) for stance in found}) == len({stance.target for stance in found})


def test_it_is_the_default():
    """Pre-labels come from the classifier unless another engine is named, and their engine holds the model's hash."""
    (found,) = prelabel([sentence("कांग्रेस ने भाजपा की आलोचना की।")])
    assert found.engine.name.endswith("classifier")
    assert load(shipped()).hash[:8] in found.engine.version


def test_without_its_model_the_rules_stand_in(monkeypatch, tmp_path):
    """An installation without the model proposes what the rules find, and says so."""
    monkeypatch.setattr(model, "shipped", lambda: tmp_path / "absent.model")
    assert stance_backend("classifier", DEFAULT).engine.name == "rules"


def head(**changes):
    """The shipped model with changes in its first line."""
    first, rest = shipped().read_bytes().split(b"\n", 1)
    return orjson.dumps(orjson.loads(first) | changes) + b"\n" + rest


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "no model that", id="empty"),
        pytest.param(b"{}\n", "no model that", id="other-json"),
        pytest.param(head(kind="annotate-kit crf"), "no model that", id="of-another-engine"),
        pytest.param(head(features="0"), "features of version 0", id="old-features"),
        pytest.param(shipped().read_bytes()[:-1], "cut off", id="cut-off"),
    ],
)
def test_files_that_are_no_model(data, words):
    """The message names the file and what is wrong with it."""
    with pytest.raises(UsageError, match=rf"x\.model: .*{words}"):
        unpack(data, "x.model")


def test_an_absent_file(tmp_path):
    """A model that is not there is a usage error."""
    with pytest.raises(UsageError, match="absent"):
        ClassifierStances(DEFAULT, tmp_path / "absent.model")
