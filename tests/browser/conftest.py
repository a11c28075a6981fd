"""A browser that is logged in: Debian's chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.studio_fixtures import Studio

# Chromium's own background traffic and its sandbox have no place in a test that may run as root without a network.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage")

SHOWN = {"x": 240, "y": 48, "width": 1160, "height": 720}  # the page without the list of tasks and the menu


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


@pytest.fixture
def picture(page: Page, tmp_path: Path) -> Callable[[str], None]:
    """Takes a picture of the page; with ANNOTATE_PICTURES set to a folder, for the documentation to show."""

    def take(name: str) -> None:
        page.screenshot(path=Path(os.environ.get("ANNOTATE_PICTURES", tmp_path)) / f"{name}.png", clip=SHOWN)

    return take
