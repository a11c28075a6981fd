"""What a test looks for on the labelling page, and what it does there."""

from playwright.sync_api import Locator, Page, Route

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
    """Open the task of a sentence by its address, and wait until the page has come to rest; returns the task's id.

    Label Studio fetches an addressed task twice, and the second answer builds the whole page anew: what was selected
    on the first one is lost.  So the second answer is held back until the first is shown, and waited for.
    """
    task = loop.task_ids(project, [sentence])[sentence.id]
    fetched: list[Route] = []

    def fetch(route: Route) -> None:
        fetched.append(route)
        if len(fetched) == 1:
            route.continue_()

    address = f"**/api/tasks/{task}?*"
    page.route(address, fetch)
    page.goto(loop.client.page(project, task))
    shown = page.locator(".ak-sentence")
    shown.get_by_text(sentence.text[-3:]).first.wait_for()
    if fetched[1:]:
        shown.evaluate("element => { element.first = true }")
        for route in fetched[1:]:
            route.continue_()
        page.wait_for_function("() => document.querySelector('.ak-sentence')?.first === undefined")
        shown.get_by_text(sentence.text[-3:]).first.wait_for()
    page.unroute(address, fetch)
    return task


def submit(page: Page, task: int) -> None:
    """Submit by key, and wait until the server has it."""
    with page.expect_response(lambda r: f"/tasks/{task}/annotations" in r.url and r.request.method == "POST") as sent:
        page.keyboard.press("Control+Enter")
    assert sent.value.ok
