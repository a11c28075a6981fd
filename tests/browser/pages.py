"""What a test looks for on the labelling page, and what it does there."""

from playwright.sync_api import Locator, Page

from annotate.records import Entity, Prelabeled
from tests.campaigns import Loop

__all__ = ["chosen", "open_task", "region", "submit", "tick"]


def region(page: Page, entity: Entity) -> Locator:
    """What is highlighted for an entity; its region's id is part of the element's class."""
    return page.locator(f".htx-highlight[class*='{entity.id}']")


def chosen(page: Page) -> Locator:
    """The choice that is ticked."""
    return page.locator("label:has(input:checked)")


def tick(page: Page, key: str, label: str) -> None:
    """Press a key, and wait until the choice it stands for is ticked."""
    page.keyboard.press(key)
    chosen(page).filter(has_text=label).wait_for()


def open_task(page: Page, loop: Loop, project: int, sentence: Prelabeled) -> int:
    """Open the task of a sentence as an annotator does from the list; returns its id."""
    task = loop.task_ids(project, [sentence])[sentence.id]
    page.goto(loop.client.page(project, task))
    page.locator(".ak-sentence").get_by_text(sentence.text[-3:]).first.wait_for()
    return task


def submit(page: Page, task: int) -> None:
    """Submit by key, and wait until the server has it."""
    with page.expect_response(lambda r: f"/tasks/{task}/annotations" in r.url and r.request.method == "POST") as sent:
        page.keyboard.press("Control+Enter")
    assert sent.value.ok
