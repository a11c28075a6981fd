"""Cuts sources into portions: pieces of reading that can be done here or in another process, in any order."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from annotate.articles.found import Columns, Found, unreadable
from annotate.articles.html import read_html, require
from annotate.articles.records_jsonl import read_lines
from annotate.articles.sources import Source
from annotate.articles.tables import read_csv, read_parquet
from annotate.articles.text import read_text
from annotate.jsonl import STDIO, open_in

__all__ = ["Files", "Lines", "Portion", "Rows", "cut", "find"]

_BYTES = 1 << 19  # of a portion, roughly: a hundred articles or more, so that handing it over costs little
_ROWS = 64

_ONE_A_FILE: dict[str, Callable[[Path], Iterator[Found]]] = {
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
}
_TABLES: dict[str, Callable[[Path, Columns], Iterator[Found]]] = {".csv": read_csv, ".parquet": read_parquet}


class Files(NamedTuple):
    """Files with one article each."""

    sources: tuple[Source, ...]


class Lines(NamedTuple):
    """Whole lines of a JSONL file from the given line (1-based) and byte; `data` is None if they can be read again."""

    source: Source
    line: int
    offset: int
    size: int
    data: bytes | None


class Rows(NamedTuple):
    """Rows of a table, which only its parser can tell apart."""

    source: Source
    rows: tuple[Found, ...]


Portion = Files | Lines | Rows


def cut(sources: Iterable[Source], columns: Columns, carry: bool) -> Iterator[Portion]:
    """Yield the portions of the sources, in order.

    Args:
        sources: the files.
        columns: of the tables among them.
        carry: whether lines come with their bytes; without, a file's are read again, which is cheaper than
            sending them to another process.

    Raises:
        MissingExtra: there is an HTML page among them and trafilatura is not installed.
    """
    files: list[Source] = []
    size = 0
    for source in sources:
        if _ONE_A_FILE.get(source.suffix) is read_html:
            require()  # said here, so that no other process has to
        if source.suffix in _ONE_A_FILE:
            files.append(source)
            size += _size(source.path)
        if files and (size >= _BYTES or source.suffix not in _ONE_A_FILE):
            yield Files(tuple(files))
            files, size = [], 0
        if source.suffix in _TABLES:
            rows = _guarded(source, _TABLES[source.suffix](source.path, columns))
            while some := tuple(islice(rows, _ROWS)):
                yield Rows(source, some)
        elif source.suffix == ".jsonl":
            yield from _cut_lines(source, carry or not source.path.is_file())
    if files:
        yield Files(tuple(files))


def find(portion: Portion) -> Iterator[tuple[Source, Found]]:
    """Read a portion: the raw fields of each article, or what kept it from being read, with its file."""
    match portion:
        case Files(sources):
            for source in sources:
                for found in _guarded(source, _ONE_A_FILE[source.suffix](source.path)):
                    yield source, found
        case Rows(source, rows):
            for found in rows:
                yield source, found
        case Lines(source, line, offset, size, data):
            if data is None:
                with source.path.open("rb") as stream:
                    stream.seek(offset)
                    data = stream.read(size)
            for found in read_lines(source.file, data, line, offset):
                yield source, found


def _cut_lines(source: Source, carry: bool) -> Iterator[Portion]:
    line, offset = 1, 0
    try:
        with open_in(STDIO) if source.path == STDIO else source.path.open("rb") as stream:
            while data := stream.read(_BYTES):
                data += stream.readline()
                yield Lines(source, line, offset, len(data), data if carry else None)
                line += data.count(b"\n")
                offset += len(data)
    except OSError as error:
        yield Rows(source, (unreadable(source.file, 0, error),))


def _guarded(source: Source, found: Iterator[Found]) -> Iterator[Found]:
    try:
        yield from found
    except OSError as error:
        yield unreadable(source.file, 0, error)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading it will say what is wrong
