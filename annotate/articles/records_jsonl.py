"""JSON Lines: one `article` record a line; its id may be missing."""

from collections.abc import Iterator

import orjson

from annotate.articles.found import Found, undecodable
from annotate.errors import Fault, Reason
from annotate.records import Article
from annotate.schema import kind_of

__all__ = ["read_lines"]

_BOM = b"\xef\xbb\xbf"


def read_lines(file: str, block: bytes, line: int, offset: int) -> Iterator[Found]:
    """Yield each non-blank line's article, or its fault.

    A line that is a later record of the flow, such as a sentence, is a fault: it is not an article to be split again.

    Args:
        file: how messages name the file.
        block: whole lines of it.
        line: number of the first of them, from 1.
        offset: how many bytes of the file stand before the block.
    """
    for number, raw in enumerate(block.split(b"\n"), line):
        body = raw.removeprefix(_BOM) if number == 1 else raw
        if body.strip():
            yield _decode(file, number, body, offset + len(raw) - len(body))
        offset += len(raw) + 1


def _decode(file: str, line: int, raw: bytes, offset: int) -> Found:
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as broken:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            return undecodable(file, line, raw, error, offset)
        return Found(line, {}, Fault(file, line, "", Reason.BROKEN_JSON, str(broken)))
    if not isinstance(data, dict):
        return Found(line, {}, Fault(file, line, "", Reason.NOT_A_RECORD, f"a JSON {type(data).__name__}"))
    if (kind := kind_of(data)) is not Article:
        found = f"an article is needed, this is a record of the kind {kind.__name__.lower()}"
        return Found(line, {}, Fault(file, line, "", Reason.NOT_A_RECORD, found))
    return Found(line, data)
