"""HTML pages: the article's text as trafilatura finds it, without menus and advertisements, a line for each block."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from annotate.articles.found import Found
from annotate.articles.text import decode
from annotate.errors import MissingExtra

__all__ = ["read_html", "require"]

# What stands on lines of its own in a page, then what trafilatura makes of it.
# fmt: off
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr",
    "html", "li", "main", "nav", "ol", "option", "p", "pre", "script", "section", "select", "style", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
    "cell", "graphic", "item", "lb", "list", "quote", "row",
])
# fmt: on
_DATES = {"original_date": True, "extensive_search": False, "max_date": "9999-12-31"}
_SPACE = re.compile(r"[ \t\n\f\r]+")  # what HTML counts as white space; a no-break space is a character


def read_html(path: Path) -> Iterator[Found]:
    """Yield the one article of a page, with the title, url, publisher and date that the page gives.

    The text has one line for each heading, paragraph, list item and table cell; white space within them is one space,
    as a browser shows it. A page in which no article is found gives an empty text.

    Raises:
        MissingExtra: trafilatura is not installed.
    """
    trafilatura = require()
    page = decode(path)
    if isinstance(page, Found):
        yield page
        return
    tree: Any = trafilatura.load_html(page)
    if tree is None:
        yield Found(0, {"text": ""})
        return
    _part(tree)
    blocks = [(_plain(line), line) for line in _lines(tree)]
    # Dates only from the page's own metadata: the extensive search guesses from the running text.
    found: Any = trafilatura.bare_extraction(
        tree, include_comments=False, with_metadata=True, date_extraction_params=_DATES, deduplicate=False
    )
    if found is None:
        yield Found(0, {"text": ""})
        return
    whole = dict(blocks)
    lines: list[str] = []
    for line in _lines(found.body):
        same = whole.get(_plain(line))
        lines += [same] if same else _parts(line, blocks)
    fields = {"title": found.title, "url": found.url, "source": found.sitename, "published": found.date}
    yield Found(0, {"text": "\n".join(lines), **{name: value or None for name, value in fields.items()}})


def require() -> Any:
    """The package that finds the article in a page.

    Raises:
        MissingExtra: trafilatura is not installed.
    """
    try:
        import trafilatura
    except ImportError as error:
        raise MissingExtra("trafilatura", "html") from error
    return trafilatura


def _part(tree: Any) -> None:
    """Put a line break on either side of every block, so that no two words become one when the tags are gone."""
    for element in tree.iter(*_BLOCKS):
        element.text = f"\n{element.text or ''}"
        element.tail = f"\n{element.tail or ''}"


def _lines(tree: Any) -> list[str]:
    """The text of each block, in order, without the blocks that have none."""
    from lxml.etree import iterwalk  # type: ignore[import-untyped]  # lxml comes without types

    lines: list[list[str]] = [[]]
    for event, node in iterwalk(tree, events=("start", "end", "comment", "pi")):
        if node.tag in _BLOCKS:
            lines.append([])
        lines[-1].append((node.text if event == "start" else node.tail) or "")
    texts = (_SPACE.sub(" ", "".join(line)).strip(" ") for line in lines)
    return [text for text in texts if text]


def _plain(line: str) -> str:
    """A line as trafilatura may hand it back: no joiners, every white space one space."""
    return " ".join("".join(sign for sign in line if sign.isprintable() or sign.isspace()).split())


def _parts(line: str, blocks: Sequence[tuple[str, str]]) -> list[str]:
    """Part a line into the page's blocks that it was made of; whole, if it was not made of them.

    Of a short page trafilatura gives all text in one paragraph, some blocks left out, a space between the others.
    """
    everything = f"{_plain(line)} "
    for first, (start, _) in enumerate(blocks):
        if start and everything.startswith(f"{start} "):
            parts, rest = [], everything
            for plain, block in blocks[first:]:
                if plain and rest.startswith(f"{plain} "):
                    parts.append(block)
                    rest = rest[len(plain) + 1 :]
            if not rest:
                return parts
    return [line]
