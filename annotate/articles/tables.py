"""Tables, CSV and Parquet: one row is one article, one column holds its text."""

import csv
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from annotate.articles.found import KNOWN_COLUMNS, Columns, Found, undecodable, unreadable
from annotate.errors import Fault, Reason

__all__ = ["read_csv", "read_parquet"]

_BOM = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 64  # articles are long: 64 of them are a few hundred kilobytes


def read_csv(path: Path, columns: Columns) -> Iterator[Found]:
    """Yield each row of a comma-separated file in UTF-8 whose first row names the columns.

    Cells in quotes may hold line breaks. A row that cannot be read is a fault and does not hide the next.
    `line` is the line of the file the row starts on.
    """
    file = str(path)
    with path.open("rb") as stream, _long_cells():
        rows = _rows(stream, file)
        _, header, faults = next(rows, (1, [], []))
        take, wrong = _choose(file, header, columns)
        yield from faults or wrong
        if faults or wrong:
            return
        for line, row, faults in rows:
            if faults:
                yield from faults
            elif len(row) != len(header):
                found = f"{len(row)} cells in a table of {len(header)} columns"
                yield Found(line, {}, Fault(file, line, "", Reason.NOT_A_RECORD, found))
            else:
                yield Found(line, {name: row[at] or None for name, at in take.items()} | {"text": row[take["text"]]})


def read_parquet(path: Path, columns: Columns) -> Iterator[Found]:
    """Yield each row of a Parquet file, read in small batches; `line` is the row's number from 1.

    Numbers are taken as ids by their digits, dates as ISO 8601; a row without text gives an empty article.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = str(path)
    line = 0
    try:
        with path.open("rb") as stream, pq.ParquetFile(stream, pre_buffer=False) as table:
            take, faults = _choose(file, table.schema_arrow.names, columns)
            yield from faults
            if faults:
                return
            names = [table.schema_arrow.names[at] for at in take.values()]
            for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE, columns=names, use_threads=False):
                cells = [batch.column(name) for name in names]
                for row in range(batch.num_rows):
                    line += 1
                    yield _row(file, line, take, [column[row] for column in cells])
    except (pa.ArrowException, OSError) as error:
        yield unreadable(file, line + 1 if line else 0, error)


def _rows(stream: BinaryIO, file: str) -> Iterator[tuple[int, list[str], list[Found]]]:
    """The rows that are not blank: the line each starts on, its cells, and why they cannot be trusted."""
    faults: list[Found] = []
    # Strict, or a quote that is never closed would swallow the rest of the file into one article.
    rows = csv.reader(_lines(stream, file, faults.append), strict=True)
    while True:
        line, row = rows.line_num + 1, []
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(unreadable(file, line, error))
        if row or faults:
            yield line, row, faults.copy()
        faults.clear()


def _lines(stream: BinaryIO, file: str, report: Callable[[Found], None]) -> Iterator[str]:
    """Decode line by line; a line that is not UTF-8 is reported and passed on mended, so that quotes stay paired."""
    offset = 0
    for number, data in enumerate(stream, 1):
        body = data.removeprefix(_BOM) if number == 1 else data
        try:
            yield body.decode("utf-8")
        except UnicodeDecodeError as error:
            report(undecodable(file, number, body, error, offset + len(data) - len(body)))
            yield body.decode("utf-8", "replace")
        offset += len(data)


@contextmanager
def _long_cells() -> Iterator[None]:
    # The csv module's limit of 131,072 characters a cell is process-wide; long articles exceed it.
    before = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _choose(file: str, header: Sequence[str], columns: Columns) -> tuple[dict[str, int], list[Found]]:
    """Field of the article -> position of its column, and what is wrong with the header."""
    wanted = {"text": columns.text, "id": columns.id, **{name: name for name in KNOWN_COLUMNS}}
    needed = {columns.text, columns.id} if columns.id_required else {columns.text}
    there = ", ".join(header) or "none"
    faults = [
        Found(1, {}, Fault(file, 1, "", Reason.MISSING_FIELD, f"no column {name!r} (columns: {there})"))
        for name in sorted(needed.difference(header))
    ] + [
        Found(1, {}, Fault(file, 1, "", Reason.NOT_A_RECORD, f"{header.count(name)} columns are named {name!r}"))
        for name in dict.fromkeys(wanted.values())
        if header.count(name) > 1
    ]
    return {field: header.index(name) for field, name in wanted.items() if name in header}, faults


def _row(file: str, line: int, take: Mapping[str, int], cells: Sequence[Any]) -> Found:
    fields: dict[str, Any] = {}
    for name, cell in zip(take, cells, strict=True):
        try:
            fields[name] = _plain(cell.as_py())
        except UnicodeDecodeError as error:
            found = f"{name}: byte {error.start + 1} of the cell (0x{error.object[error.start]:02x}) is not UTF-8"
            return Found(line, {}, Fault(file, line, "", Reason.WRONG_ENCODING, found))
    fields["text"] = "" if fields["text"] is None else fields["text"]
    if isinstance(fields.get("id"), int):
        fields["id"] = str(fields["id"])
    return Found(line, fields)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
