"""The labelling page in a real browser: what an annotator sees and does, on Debian's chromium."""

from dataclasses import replace
from itertools import pairwise

import orjson
import pytest

from annotate import prelabel
from annotate.check import records
from annotate.labels import DEFAULT, EntityLabel, LabelSet, Topic
from annotate.records import Annotation, Article, Engine, Entity, Prelabeled, Stance, sentence_id
from annotate.relabel import Change
from annotate.split import sentences as article_sentences
from annotate.studio.codec import result
from annotate.studio.ledger import migrated
from annotate.studio.pull import pull
from annotate.studio.push import PushOptions
from tests.browser.pages import chosen, open_task, region, submit, tick
from tests.campaigns import Loop

pytestmark = pytest.mark.browser


def sentence_of(text: str, *names: tuple[str, str], lang: str = "hi", stances: tuple[Stance, ...] = ()) -> Prelabeled:
    """A sentence with the first mention of each of the names as an entity."""
    entities = tuple(Entity.at(text.index(name), text.index(name) + len(name), label) for name, label in names)
    return Prelabeled(
        id=sentence_id("a1", 0, len(text)),
        article_id="a1",
        lang=lang,
        index=0,
        start=0,
        end=len(text),
        text=text,
        entities=entities,
        stances=stances,
        engine=Engine(name="test", version="1"),
    )


def test_a_stance_is_changed_by_hotkey(page, studio, loop: Loop, sentences):
    """A Hindi span is highlighted on its characters; its stance is changed by key, and only that changes."""
    loop.write(sentences)
    project = loop.push().project
    sentence = sentences[1]
    person, target = sentence.entities
    task = open_task(page, loop, project, sentence)

    region(page, target).wait_for()
    assert region(page, person).text_content() == "किम जोंग उन"
    assert region(page, target).text_content() == "पुतिन"
    assert page.get_by_text(sentences[0].text).first.is_visible()

    region(page, target).click()
    chosen(page).filter(has_text="FAVOR").wait_for()
    tick(page, "a", "AGAINST")
    submit(page, task)

    assert loop.pull().submitted == 1
    (annotation,) = records(loop.annotations, Annotation)
    assert [e.id for e in annotation.entities] == [person.id, target.id]
    assert [(s.target, s.holder, s.label) for s in annotation.stances] == [(target.id, person.id, "AGAINST")]
    assert annotation.annotator == studio.username


def test_a_holder_is_changed(page, studio, loop: Loop, sentences):
    """The cue stands beside the selected target; its proposed holder is taken away and another one drawn by key."""
    first = sentences[1]
    other = Entity.at(first.text.index("फैसले"), first.text.index("फैसले") + len("फैसले"), "ORG", 0.6, "test")
    sentence = replace(first, entities=(*first.entities, other))
    target = sentence.entities[1]
    loop.write([sentences[0], sentence, *sentences[2:]])
    project = loop.push().project
    task = open_task(page, loop, project, sentence)
    region(page, target).wait_for()
    region(page, target).click()
    page.get_by_text("cue: समर्थन").first.wait_for()
    page.get_by_text("Relations").first.click()
    drawn = page.locator(".lsf-relations__item")
    drawn.hover()
    drawn.locator("button").last.click()
    drawn.wait_for(state="detached")
    region(page, other).click()
    page.get_by_label("Create Relation").click()
    region(page, target).click()
    drawn.wait_for()
    with page.expect_response(lambda r: f"/tasks/{task}/annotations" in r.url and r.request.method == "POST") as sent:
        page.keyboard.press("Control+Enter")
    assert sent.value.ok

    assert loop.pull().submitted == 1
    (annotation,) = records(loop.annotations, Annotation)
    (stance,) = annotation.stances
    assert (stance.target, stance.holder, stance.label) == (target.id, other.id, "FAVOR")
    assert stance.cue == sentence.stances[0].cue


def test_the_page_as_the_readme_shows_it(page, loop: Loop, corpus, picture):
    """Pre-labels of the shipped corpus: names and their neighbours are seen, and the stance proposed for the target."""
    articles = records(corpus.articles, Article)
    proposed = [record for article in articles for record in prelabel(article_sentences(article))]
    loop.write(proposed)
    project = loop.push(articles=corpus.articles).project
    telling = (
        r
        for r, after in pairwise(proposed)
        if len({e.label for e in r.entities}) == 3 and any(s.holder for s in r.stances) and after.index > r.index > 1
    )
    sentence = next(telling)
    stance = next(s for s in sentence.stances if s.holder)
    target = next(e for e in sentence.entities if e.id == stance.target)

    open_task(page, loop, project, sentence)
    region(page, target).wait_for()
    shown = {e.id: region(page, e).text_content() for e in sentence.entities}
    assert shown == {e.id: sentence.text[e.start : e.end] for e in sentence.entities}
    region(page, target).click()
    chosen(page).filter(has_text=stance.label).wait_for()
    assert page.get_by_text("predictions").count() == 0  # an empty control shows the whole task as JSON
    picture("page")


def test_a_sentence_is_checked_without_the_mouse(page, loop: Loop, sentences, picture):
    """Alt+. goes from name to name, a letter changes the stance, a digit the type, Ctrl+Enter submits."""
    loop.write(sentences)
    project = loop.push().project
    person, target = sentences[1].entities
    task = open_task(page, loop, project, sentences[1])
    region(page, target).wait_for()
    page.keyboard.press("Alt+.")
    page.locator(".ak-stance label").first.wait_for()
    tick(page, "f", "FAVOR")
    page.keyboard.press("Alt+.")
    chosen(page).filter(has_text="FAVOR").wait_for()
    tick(page, "a", "AGAINST")
    page.keyboard.press("2")
    picture("keys")
    submit(page, task)
    loop.pull()
    (annotation,) = loop.pulled()
    assert [(e.start, e.label) for e in annotation.entities] == [(person.start, "PER"), (target.start, "ORG")]
    assert [s.label for s in annotation.stances] == ["FAVOR", "AGAINST"]


HOSTILE = "<script>document.title='x'</script> {{ 7*7 }} $text $uid <b>राव</b> &amp; ]]> <View/> ने कहा।"


def test_text_is_shown_as_text(page, loop: Loop, tmp_path):
    """Markup, templates and the names of fields in an article do nothing; offsets count in what is shown."""
    record = sentence_of(HOSTILE, ("राव", "PER"))
    after = replace(record, id=sentence_id("a1", 500, 500 + len(HOSTILE)), index=1, start=500, end=500 + len(HOSTILE))
    articles = tmp_path / "articles.jsonl"
    link = "https://example.org/?a=1&b=<script>"
    articles.write_bytes(Article(id="a1", text=HOSTILE, lang="hi", title=HOSTILE, url=link).to_json() + b"\n")
    loop.write([record, after])
    project = loop.push(articles=articles).project
    open_task(page, loop, project, record)
    region(page, record.entities[0]).wait_for()
    assert region(page, record.entities[0]).text_content() == "राव"
    for place in (".ak-title", ".ak-sentence", ".ak-context"):
        assert HOSTILE in [text.strip() for text in page.locator(place).all_text_contents()]
    assert page.locator(".ak-sentence b, .ak-title b, .ak-context b, .ak-source script").count() == 0
    assert page.title() != "x"
    source = page.locator(".ak-source a")
    assert (source.get_attribute("href"), source.text_content()) == (link, link)


def test_words_of_the_configuration_are_shown_as_text(page, loop: Loop, sentences):
    """Names, help and topic of annotate.toml are words on the page, whatever signs they hold."""
    words = "<script>document.title='x'</script> <b>राव</b> {{ 7*7 }} &amp;"
    entities = tuple(replace(one, title=words, help=f"{words} $text, $5") for one in DEFAULT.entities)
    stances = tuple(replace(one, title=words, help=f"{words} $text, $5") for one in DEFAULT.stances)
    labels = LabelSet("1", entities, stances, Topic(words, help=f"{words} $text, $5"))
    loop.write(sentences)
    project = loop.push(labels=labels).project
    open_task(page, loop, project, sentences[1])
    region(page, sentences[1].entities[1]).click()
    for place in (".ak-topic", ".ak-stance"):
        page.locator(place).get_by_text(f"FAVOR {words}").wait_for()
    shown = page.locator(".ak-topic").inner_text().replace("\N{WORD JOINER}", "")
    assert shown.splitlines()[0] == f"{words} — {words} $text, $5"
    page.get_by_text(f"PER {words}").hover()
    page.get_by_text(f"{words} $text, $5", exact=True).wait_for()
    assert page.locator(".lsf-main-view b, .lsf-main-view script").count() == 0
    assert page.title() != "x"


def test_names_inside_names(page, loop: Loop, picture):
    """A place inside an organisation, and two names that overlap, each on its own characters and pulled back."""
    record = sentence_of(
        "दिल्ली उच्च न्यायालय बार संघ ने कहा।",
        ("दिल्ली उच्च न्यायालय", "ORG"),
        ("दिल्ली", "LOC"),
        ("न्यायालय बार संघ", "PER"),
    )
    loop.write([record])
    project = loop.push().project
    task = open_task(page, loop, project, record)
    for entity in record.entities:
        region(page, entity).first.wait_for()
        shown = "".join(region(page, entity).all_text_contents())
        assert record.text[entity.start : entity.end] in shown
    picture("nested")
    submit(page, task)
    assert loop.pull().submitted == 1
    (annotation,) = loop.pulled()
    assert {e.id for e in annotation.entities} == {e.id for e in record.entities}


EDGE = 4  # pixels of a word's box that hold no ink, whatever the font

# Where the words of the sentence and what is written on arrows stand on the page, as [left, top, right, bottom].
WORDS = """() => [...document.querySelectorAll(".ak-sentence .htx-highlight")].flatMap(
  e => [...e.getClientRects()].map(r => [r.left, r.top, r.right, r.bottom]))"""
ARROWS = """() => [...document.querySelectorAll("svg.relations-overlay g g rect")].map(
  e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; })"""


def test_arrows_cover_no_words(page, loop: Loop, picture):
    """In a sentence of several lines, what is written on an arrow stands between the lines."""
    last = ("मेहता", "श्रीवास्तव", "राणा", "सूद", "भार्गव", "कुलकर्णी", "देशपांडे", "माथुर")
    names = [(f"{first} {family}", "PER") for first in ("अरुण", "इंदु", "कृष्णा", "रेखा") for family in last]
    text = f"सभा में {', '.join(name for name, _ in names)} मौजूद थे।"
    people = sentence_of(text, *names).entities
    stances = tuple(Stance(target=b.id, label="AGAINST", holder=a.id) for a, b in pairwise(people[8:]))
    record = sentence_of(text, *names, stances=stances)
    loop.write([record])
    open_task(page, loop, loop.push().project, record)
    region(page, record.entities[-1]).wait_for()
    # What is written is measured by Label Studio after it is drawn, and only then has its width.
    page.wait_for_function(
        f"n => ({ARROWS})().filter(([left, , right]) => right - left > 60).length === n", arg=len(stances)
    )
    picture("long")
    words, arrows = page.evaluate(WORDS), page.evaluate(ARROWS)
    assert len({top for _, top, _, _ in words}) >= 3
    covered = [
        (arrow, word)
        for arrow in arrows
        for word in words
        if arrow[0] < word[2] and word[0] < arrow[2] and arrow[1] + EDGE < word[3] and word[1] + EDGE < arrow[3]
    ]
    assert covered == []


def test_a_sentence_is_skipped_by_key(page, loop: Loop, sentences):
    """One after the other, as "Label All Tasks" gives them, Ctrl+Space leaves a sentence out, which a pull counts."""
    loop.write(sentences)
    page.goto(loop.client.page(loop.push().project))
    page.get_by_text("Label All Tasks").click()
    page.locator(".ak-sentence").get_by_text(sentences[0].text).wait_for()
    page.get_by_role("button", name="Skip").wait_for()
    with page.expect_response(lambda r: "/annotations" in r.url and r.request.method == "POST") as sent:
        page.keyboard.press("Control+Space")
    assert sent.value.ok
    assert loop.pull().skipped == 1


def test_urdu_runs_from_right_to_left(page, loop: Loop, picture):
    """Also where a sentence begins with a Latin word; the names are on their characters."""
    record = sentence_of(
        "BBC کے مطابق وزیر اعظم نریندر مودی نے دہلی میں کہا۔", ("نریندر مودی", "PER"), ("دہلی", "LOC"), lang="ur"
    )
    loop.write([record])
    project = loop.push(lang="ur").project
    open_task(page, loop, project, record)
    person, place = record.entities
    region(page, place).wait_for()
    assert region(page, person).text_content() == "نریندر مودی"
    right, left = region(page, person).bounding_box(), region(page, place).bounding_box()
    assert left["x"] < right["x"]
    frame, latin = page.locator(".ak-sentence").bounding_box(), page.locator(".ak-sentence").get_by_text("BBC").first
    assert latin.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert right["x"] > frame["x"] + frame["width"] / 2
    picture("urdu")


def test_many_types_have_keys(page, loop: Loop, picture):
    """Twelve types: the eleventh is set by a letter that no stance has."""
    many = replace(DEFAULT, entities=(*DEFAULT.entities, *(EntityLabel(f"TYPE{n}") for n in range(4, 13))))
    record = sentence_of("राव ने कहा।", ("राव", "PER"))
    loop.write([record])
    project = loop.push(labels=many).project
    task = open_task(page, loop, project, record)
    region(page, record.entities[0]).click()
    page.locator(".ak-stance label").first.wait_for()
    page.keyboard.press("q")
    picture("many")
    with page.expect_response(lambda r: f"/tasks/{task}/annotations" in r.url and r.request.method == "POST") as sent:
        page.keyboard.press("Control+Enter")
    (item,) = sent.value.json()["result"]
    assert item["value"]["labels"] == ["TYPE11"]


def test_a_new_name(page, loop: Loop, picture):
    """A digit, a word marked with the mouse, Alt+. to come to it, a letter for its stance."""
    record = sentence_of("नेता राव ने मेहता की आलोचना की।", ("राव", "PER"))
    loop.write([record])
    project = loop.push().project
    task = open_task(page, loop, project, record)
    region(page, record.entities[0]).wait_for()
    page.keyboard.press("1")
    page.locator(".lsf-label_selected", has_text="PER").wait_for()
    x, y = page.evaluate(WHERE, "मेहता")
    page.mouse.dblclick(x, y)
    page.locator(".htx-highlight", has_text="मेहता").wait_for()
    # The browser setting "select region after creating it" is off at first, so the new name is not selected.
    assert page.locator(".ak-stance label:visible").count() == 0
    page.keyboard.press("Alt+.")
    page.locator(".ak-stance label").first.wait_for()
    page.keyboard.press("Alt+.")
    tick(page, "a", "AGAINST")
    picture("new")
    submit(page, task)
    loop.pull()
    (annotation,) = loop.pulled()
    assert [annotation.text[e.start : e.end] for e in annotation.entities] == ["राव", "मेहता"]
    assert [(s.target, s.label) for s in annotation.stances] == [(annotation.entities[1].id, "AGAINST")]


# Where a word of the sentence stands on the page: its middle.
WHERE = """word => {
  const walker = document.createTreeWalker(document.querySelector(".ak-sentence"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const at = node.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    const box = range.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
}"""


def test_a_name_is_removed_and_another_becomes_the_holder(page, loop: Loop):
    """Backspace removes the selected name, Ctrl+Z brings it back; Alt+R and a click draw the arrow to the target."""
    record = sentence_of("राव ने मेहता की दिल्ली में आलोचना की।", ("राव", "PER"), ("मेहता", "PER"), ("दिल्ली", "LOC"))
    loop.write([record])
    project = loop.push().project
    task = open_task(page, loop, project, record)
    holder, target, place = record.entities
    region(page, place).click()
    page.keyboard.press("Backspace")
    region(page, place).wait_for(state="detached")
    page.keyboard.press("Control+z")
    region(page, place).wait_for()
    region(page, place).click()
    page.keyboard.press("Backspace")
    region(page, place).wait_for(state="detached")
    region(page, target).click()
    tick(page, "a", "AGAINST")
    region(page, holder).click()
    chosen(page).filter(has_text="AGAINST").wait_for(state="hidden")
    page.keyboard.press("Alt+r")
    region(page, target).click()
    submit(page, task)
    loop.pull()
    assert loop.quarantine.read_text("utf-8") == ""
    (annotation,) = loop.pulled()
    assert [e.id for e in annotation.entities] == [holder.id, target.id]
    assert [(s.holder, s.target, s.label) for s in annotation.stances] == [(holder.id, target.id, "AGAINST")]


def test_the_setting_that_annotators_are_told_of(page, loop: Loop):
    """Label Studio has, behind the sliders, the setting that docs/annotators.md names."""
    record = sentence_of("नेता राव ने मेहता की आलोचना की।", ("राव", "PER"))
    loop.write([record])
    open_task(page, loop, loop.push().project, record)
    page.locator("button[aria-label='Settings']").click()
    page.get_by_text("Select region after creating it").wait_for()
    page.keyboard.press("Escape")


def test_an_annotation_of_before_a_migration(page, loop: Loop, sentences, picture):
    """It opens with its regions under their former labels, which nobody is offered, and can be saved with others."""
    sentence = sentences[1]
    loop.write([sentence])
    project = loop.push().project
    task = loop.task_ids(project, [sentence])[sentence.id]
    annotation = loop.client.annotate(task, result(sentence))
    entities = (replace(DEFAULT.entities[0], name="PERSON"), *DEFAULT.entities[1:])
    stances = (replace(DEFAULT.stances[0], name="PRO"), *DEFAULT.stances[1:])
    labels = replace(DEFAULT, version="2", entities=entities, stances=stances)
    change = Change(
        versions=("1", "2"),
        before={e.name: e.stance for e in DEFAULT.entities},
        after={e.name: e.stance for e in entities},
        entities={"PER": "PERSON"},
        stances_before=tuple(DEFAULT.stance_names),
        stances_after=tuple(labels.stance_names),
        stances={"FAVOR": "PRO"},
    )
    migrated(loop.ledger, change)
    loop.write([Prelabeled.from_dict(change.apply(orjson.loads(sentence.to_json())).data)])
    loop.push(labels=labels, options=PushOptions(migrate=True))

    open_task(page, loop, project, sentence)
    target = sentence.entities[1]
    region(page, target).wait_for()
    assert page.locator(".lsf-label").filter(has_text="PERSON").first.is_visible()
    assert [
        it
        for it in page.locator(".lsf-label").filter(has_text="PER").all()
        if it.text_content() == "PER" and it.is_visible()
    ] == []
    region(page, target).click()
    page.locator(".ak-stance label", has_text="PRO").wait_for()
    chosen(page).filter(has_text="FAVOR").wait_for(state="attached")
    assert not page.locator(".ak-stance").get_by_text("FAVOR").is_visible()
    picture("after-a-migration")
    tick(page, "a", "AGAINST")
    place = f"/annotations/{annotation}"
    with page.expect_response(lambda r: place in r.url and r.request.method == "PATCH") as sent:
        page.keyboard.press("Control+Enter")
    assert sent.value.ok

    pull(loop.annotations, loop.quarantine, loop.client, loop.ledger, project=loop.title, labels=labels)
    (record,) = records(loop.annotations, Annotation, labels)
    assert [e.label for e in record.entities] == ["PERSON", "PERSON"]
    (stance,) = record.stances
    assert (stance.label, stance.target, stance.holder) == ("AGAINST", record.entities[1].id, record.entities[0].id)
