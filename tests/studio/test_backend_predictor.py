"""Tasks become predictions."""

import pytest

from annotate.errors import UsageError
from annotate.labels import DEFAULT, EntityLabel, LabelSet
from annotate.prelabel import prelabel
from annotate.records import Sentence
from annotate.studio import codec
from annotate.studio.backend.predictor import Predictor
from annotate.studio.interface import interface

PAGE = interface(DEFAULT)
TEXTS = ("प्रधानमंत्री नरेंद्र मोदी ने दिल्ली में कहा।", "मोदी ने पाकिस्तान की आलोचना की।", "बैठक कल होगी।")


@pytest.fixture(scope="module")
def predictor():
    return Predictor("rules", "rules")


def sentence(index, text):
    return Sentence(id=f"a:{index}", article_id="a", lang="hi", index=index, start=0, end=len(text), text=text)


def task(index, article="a"):
    return {"id": 100 + index, "data": {"text": TEXTS[index], "index": index, "article_id": article, "lang": "hi"}}


def test_predictions_are_what_prelabel_and_push_make(predictor):
    """Tasks of one article get, in whatever order they come, what `prelabel` gives its sentences."""
    expected = [
        codec.prediction(one) for one in prelabel([sentence(*pair) for pair in enumerate(TEXTS)], "rules", "rules")
    ]
    assert predictor.predict([task(2), task(0), task(1)], PAGE) == [expected[2], expected[0], expected[1]]
    assert any(item["type"] == "choices" for item in expected[1]["result"])
    assert {one["model_version"] for one in expected} == {predictor.model_version}


def test_articles_are_not_mixed(predictor):
    """A name that is clear in one article does not spread to another."""
    apart = predictor.predict([task(0, "a"), task(1, "b"), task(2, "a")], PAGE)
    assert apart[1] == predictor.predict([task(1, "b")], PAGE)[0]


def test_a_text_alone_is_enough(predictor):
    """A task that was not pushed by us needs a text and nothing else."""
    (made,) = predictor.predict([{"id": 1, "data": {"text": TEXTS[0]}}], PAGE)
    assert [item["value"]["text"] for item in made["result"]] == ["नरेंद्र मोदी", "दिल्ली"]


def test_neighbours_help(predictor):
    """A task that comes alone is understood by the sentences that it shows around itself, which are not labelled."""
    alone = {"text": "बैठक में किलपारा भी थे।"}
    before = {"before": "सांसद अरुण किलपारा ने कहा।"}
    after = {"before": "", "after": before["before"]}
    found = [
        [item["value"]["text"] for item in predictor.predict([{"data": alone | shown}], PAGE)[0]["result"]]
        for shown in ({}, before, after)
    ]
    assert found == [[], ["किलपारा"], ["किलपारा"]]


def test_neighbours_among_the_tasks(predictor):
    """What is shown around a task and is a task too is looked at once."""
    first, last = task(0), task(2)
    first["data"]["after"], last["data"]["before"] = TEXTS[1], TEXTS[1]
    apart = predictor.predict([first, last], PAGE)
    assert apart == [predictor.predict([task(0), task(1), task(2)], PAGE)[n] for n in (0, 2)]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(None, id="no-task"),
        pytest.param({"id": 1}, id="no-data"),
        pytest.param({"data": {"text": ""}}, id="empty-text"),
        pytest.param({"data": {"text": 5}}, id="text-is-a-number"),
        pytest.param({"data": {"body": "दिल्ली"}}, id="no-text"),
    ],
)
def test_a_task_without_a_text(predictor, broken):
    """A task that cannot be read gets no prediction, and the others of the request get theirs."""
    none, made = predictor.predict([broken, task(0)], PAGE)
    assert none == []
    assert made["result"]


@pytest.mark.parametrize(
    "data",
    [
        {"text": TEXTS[0], "index": "one", "article_id": 5, "lang": None, "kind": "other"},
        {"text": TEXTS[0], "index": -3, "article_id": "", "lang": "", "kind": 7},
        {"text": TEXTS[0], "index": True, "lang": ["hi"]},
        {"text": TEXTS[0], "lang": "xx", "before": 5, "after": None},
        {"text": TEXTS[0], "lang": "en", "before": "", "after": " \n"},
    ],
)
def test_odd_data_do_no_harm(predictor, data):
    """What stands beside the text may be anything."""
    (made,) = predictor.predict([{"data": data}], PAGE)
    assert made["result"]


def test_the_page_names_the_field(predictor):
    """The field that the page lets people label is the one that is read."""
    page = PAGE.replace('value="$text"', 'value="$body"')
    (made,) = predictor.predict([{"data": {"body": TEXTS[0], "text": TEXTS[2]}}], page)
    assert made["result"][0]["value"]["text"] == "नरेंद्र मोदी"


def test_a_page_with_more_is_as_good(predictor):
    """A page may have more labels and controls than are proposed, and may be styled in any way."""
    more = LabelSet(version="2", entities=(*DEFAULT.entities, EntityLabel(name="DATE")), stances=DEFAULT.stances)
    page = interface(more).replace("</View>", '<TextArea name="note" toName="text" /></View>', 1)
    assert predictor.text_field(page) == "text"


@pytest.mark.parametrize(
    ("page", "lacking"),
    [
        pytest.param("", "no XML", id="empty"),
        pytest.param("<View>", "no XML", id="cut-off"),
        pytest.param("<View/>", "no control <Text> called 'text'", id="nothing"),
        pytest.param(PAGE.replace('value="ORG"', 'value="BODY"'), "label: ORG is not among", id="label-missing"),
        pytest.param(PAGE.replace('value="AGAINST"', 'value="CON"'), "stance: AGAINST is not among", id="stance"),
        pytest.param(PAGE.replace('perRegion="true"', ""), "perRegion is not 'true'", id="stance-of-the-sentence"),
        pytest.param(PAGE.replace('name="label"', 'name="ner"'), "called 'label'", id="other-name"),
        pytest.param(PAGE.replace('value="$text"', 'value="text"'), "names no field", id="fixed-text"),
    ],
)
def test_a_page_that_cannot_show_it(predictor, page, lacking):
    """A project with another interface is refused, and the message says what it lacks."""
    with pytest.raises(UsageError, match="interface") as caught:
        predictor.predict([task(0)], page)
    assert lacking in str(caught.value)


def test_thresholds_count():
    """Entities that are too unsure are left out, as `prelabel --threshold` does."""
    predictor = Predictor("rules", "rules", thresholds=dict.fromkeys(DEFAULT.entity_names, 1.0))
    (made,) = predictor.predict([task(0)], PAGE)
    assert [item for item in made["result"] if item.get("score", 1.0) < 1.0] == []


def test_given_has_nothing_to_give():
    """The engine that takes entities from records is none here."""
    with pytest.raises(UsageError, match="given"):
        Predictor("given")
