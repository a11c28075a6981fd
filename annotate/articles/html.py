"""HTML pages: the article's text without menus, comments and advertisements, as trafilatura finds it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotate.articles.found import Found
from annotate.articles.text import decode
from annotate.errors import MissingExtra

__all__ = ["read_html", "require"]


def read_html(path: Path) -> Iterator[Found]:
    """Yield the one article of a page, with the title, url, publisher and date that the page gives.

    A page in which no article is found gives an empty text.

    Raises:
        MissingExtra: trafilatura is not installed.
    """
    bare_extraction = require()
    page = decode(path)
    if isinstance(page, Found):
        yield page
        return
    # Dates only from the page's own metadata: the extensive search guesses from the running text.
    found: Any = bare_extraction(
        page, include_comments=False, with_metadata=True, date_extraction_params=_DATES, deduplicate=False
    )
    if found is None:
        yield Found(0, {"text": ""})
        return
    fields = {"title": found.title, "url": found.url, "source": found.sitename, "published": found.date}
    yield Found(0, {"text": found.text or "", **{name: value or None for name, value in fields.items()}})


def require() -> Any:
    """The function that finds the article in a page.

    Raises:
        MissingExtra: trafilatura is not installed.
    """
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise MissingExtra("trafilatura", "html") from error
    return bare_extraction


_DATES = {"original_date": True, "extensive_search": False, "max_date": "9999-12-31"}
