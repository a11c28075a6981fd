"""Where the sentence as a whole stands toward a topic, in a real browser: asked, answered by key, and pulled."""

from dataclasses import replace

import pytest

from annotate.check import records
from annotate.labels import DEFAULT, Topic
from annotate.records import Annotation, TopicStance
from annotate.studio.pull import pull
from tests.browser.pages import open_task, region, submit
from tests.campaigns import Loop

pytestmark = pytest.mark.browser

LAW = "नागरिकता कानून"
LABELS = replace(DEFAULT, topic=Topic(LAW, help="2019 का संशोधन और उसके नियम"))


def pulled(loop: Loop) -> list[Annotation]:
    """What comes back of the campaign, and nothing in the quarantine."""
    pull(loop.annotations, loop.quarantine, loop.client, loop.ledger, project=loop.title, labels=LABELS)
    assert loop.quarantine.read_bytes() == b""
    return list(records(loop.annotations, Annotation, LABELS))


def test_the_topic_is_answered_by_key(page, loop: Loop, sentences, picture):
    """The page asks under the topic's own words; Shift and a letter answer, also while a name is selected."""
    loop.write(sentences)
    project = loop.push(labels=LABELS).project
    sentence = sentences[1]
    person, target = sentence.entities
    task = open_task(page, loop, project, sentence)
    region(page, target).wait_for()
    asked = page.locator(".ak-topic")
    asked.get_by_text(LAW).wait_for()
    assert asked.locator("label:has(input:checked)").count() == 0

    page.keyboard.press("Shift+F")
    asked.locator("label:has(input:checked)").filter(has_text="FAVOR").wait_for()
    region(page, target).click()
    page.locator(".ak-stance label:has(input:checked)").filter(has_text="FAVOR").wait_for()
    page.keyboard.press("Shift+A")
    asked.locator("label:has(input:checked)").filter(has_text="AGAINST").wait_for()
    # The stance toward the name is another question, and keeps its answer.
    page.locator(".ak-stance label:has(input:checked)").filter(has_text="FAVOR").wait_for()
    picture("topic")
    submit(page, task)

    (annotation,) = pulled(loop)
    assert annotation.topic_stance == TopicStance(topic=LAW, label="AGAINST")
    assert [(s.target, s.holder, s.label) for s in annotation.stances] == [(target.id, person.id, "FAVOR")]


def test_an_answer_is_needed(page, loop: Loop, sentences):
    """A sentence cannot be submitted before the question is answered; NEUTRAL is an answer."""
    loop.write(sentences)
    project = loop.push(labels=LABELS).project
    task = open_task(page, loop, project, sentences[3])
    page.locator(".ak-topic").get_by_text(LAW).wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_text(f"{LAW}: ?").first.wait_for()
    assert pulled(loop) == []
    page.keyboard.press("Escape")
    page.get_by_text(f"{LAW}: ?").first.wait_for(state="hidden")
    page.keyboard.press("Shift+N")
    page.locator(".ak-topic label:has(input:checked)").filter(has_text="NEUTRAL").wait_for()
    submit(page, task)
    (annotation,) = pulled(loop)
    assert annotation.topic_stance == TopicStance(topic=LAW, label="NEUTRAL")
    assert annotation.stances == ()


def test_a_proposal_takes_one_key(page, loop: Loop, sentences):
    """What is proposed about the topic is ticked when the page opens, and is submitted as it is."""
    proposed = [replace(one, topic_stance=TopicStance(topic=LAW, label="AGAINST", score=0.7)) for one in sentences]
    loop.write(proposed)
    project = loop.push(labels=LABELS).project
    task = open_task(page, loop, project, proposed[1])
    page.locator(".ak-topic label:has(input:checked)").filter(has_text="AGAINST").wait_for()
    submit(page, task)
    (annotation,) = pulled(loop)
    assert annotation.topic_stance == TopicStance(topic=LAW, label="AGAINST")


def test_a_topic_from_right_to_left(page, loop: Loop, sentences):
    """In an Urdu campaign the question runs as its sentences do."""
    labels = replace(DEFAULT, topic=Topic("BBC اور شہریت کا قانون"))
    record = replace(sentences[3], lang="ur", text="اجلاس اگلے ہفتے ہو گا۔")
    record = replace(record, id=f"{record.article_id}:0-{len(record.text)}", start=0, end=len(record.text))
    loop.write([record])
    project = loop.push(labels=labels, lang="ur").project
    open_task(page, loop, project, record)
    asked = page.locator(".ak-topic").get_by_text("BBC").first
    asked.wait_for()
    assert asked.evaluate("e => getComputedStyle(e).direction") == "rtl"
