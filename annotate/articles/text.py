"""Plain text: one file is one article, from its first character to its last."""

from collections.abc import Iterator
from pathlib import Path

from annotate.articles.found import Found, undecodable

__all__ = ["decode", "read_text"]

_BOM = b"\xef\xbb\xbf"


def read_text(path: Path) -> Iterator[Found]:
    """Yield the one article of a text file in UTF-8.

    Line breaks stay as they are. A byte order mark says how the file is written and is no part of the text.
    """
    text = decode(path)
    yield text if isinstance(text, Found) else Found(0, {"text": text})


def decode(path: Path) -> str | Found:
    """The text of a file, or the fault that says which byte of it is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        # Once more with the mark in place, so that the position counts in the file.
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return undecodable(str(path), data.count(b"\n", 0, error.start) + 1, data, error)
