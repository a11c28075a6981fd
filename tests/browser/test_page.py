"""The labelling page in a real browser: what an annotator sees and does, on Debian's chromium."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from annotate import prelabel
from annotate.check import records
from annotate.records import Annotation, Article, Entity
from annotate.split import sentences as article_sentences
from tests.campaigns import Loop
from tests.studio_fixtures import Studio

pytestmark = pytest.mark.browser

# Chromium's own background traffic and its sandbox have no place in a test that may run as root without a network.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage")


@pytest.fixture(scope="module")
def page(studio: Studio) -> Iterator[Page]:
    """A page of a browser that is logged in as the server's first account."""
    chromium = shutil.which("chromium")
    assert chromium, "the browser tests need Debian's package chromium; make test installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, *QUIET])
        opened = browser.new_page(viewport={"width": 1400, "height": 900})
        opened.set_default_timeout(60_000)
        opened.goto(f"{studio.url}/user/login/")
        opened.fill("input[name=email]", studio.username)
        opened.fill("input[name=password]", studio.password)
        opened.click("button[type=submit]")
        opened.wait_for_url(f"{studio.url}/**")
        opened.wait_for_load_state("networkidle")
        yield opened
        browser.close()


SHOWN = {"x": 240, "y": 48, "width": 1160, "height": 720}  # the page without the list of tasks and the menu


def region(page: Page, entity: Entity):
    """What is highlighted for an entity; its region's id is part of the element's class."""
    return page.locator(f".htx-highlight[class*='{entity.id}']")


def test_a_stance_is_changed_by_hotkey(page, studio, loop: Loop, sentences):
    """A Hindi span is highlighted on its characters; its stance is changed by key, and only that changes."""
    loop.write(sentences)
    project = loop.push().project
    sentence = sentences[1]
    person, target = sentence.entities
    task = loop.task_ids(project, sentences)[sentence.id]
    page.goto(f"{studio.url}/projects/{project}/data?task={task}")

    region(page, target).wait_for()
    assert region(page, person).text_content() == "किम जोंग उन"
    assert region(page, target).text_content() == "पुतिन"
    assert page.get_by_text(sentences[0].text).first.is_visible()

    region(page, target).click()
    against = page.locator("label", has_text="AGAINST")
    against.wait_for()
    page.keyboard.press("a")
    page.wait_for_function(
        "() => [...document.querySelectorAll('label:has(input:checked)')].some(l => /AGAINST/.test(l.innerText))"
    )
    with page.expect_response(lambda r: f"/tasks/{task}/annotations" in r.url and r.request.method == "POST") as sent:
        page.keyboard.press("Control+Enter")
    assert sent.value.ok

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
    task = loop.task_ids(project, [sentence])[sentence.id]
    page.goto(f"{studio.url}/projects/{project}/data?task={task}")

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


def test_the_page_as_the_readme_shows_it(page, studio, loop: Loop, corpus, tmp_path):
    """Pre-labels of the shipped corpus: names and their neighbours are seen, and the stance proposed for the target.

    With ANNOTATE_PICTURES set to a folder, the picture for the documentation is left there.
    """
    articles = records(corpus.articles, Article)
    proposed = [record for article in articles for record in prelabel(article_sentences(article))]
    loop.write(proposed)
    project = loop.push(articles=corpus.articles).project
    telling = (r for r in proposed if len({e.label for e in r.entities}) == 3 and any(s.holder for s in r.stances))
    sentence = next(telling)
    stance = next(s for s in sentence.stances if s.holder)
    target = next(e for e in sentence.entities if e.id == stance.target)
    task = loop.task_ids(project, [sentence])[sentence.id]

    page.goto(f"{studio.url}/projects/{project}/data?task={task}")
    region(page, target).wait_for()
    shown = {e.id: region(page, e).text_content() for e in sentence.entities}
    assert shown == {e.id: sentence.text[e.start : e.end] for e in sentence.entities}
    region(page, target).click()
    chosen = page.locator("label:has(input:checked)", has_text=stance.label)
    chosen.wait_for()
    page.screenshot(path=Path(os.environ.get("ANNOTATE_PICTURES", tmp_path)) / "page.png", clip=SHOWN)
