"""JSON Lines: one `article` record a line; its id may be missing."""

from collections.abc import Iterator

from annotate.articles.found import Found
from annotate.errors import Fault, Reason
from annotate.jsonl import decode
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
            yield _article(file, number, body, offset + len(raw) - len(body))
        offset += len(raw) + 1


def _article(file: str, line: int, raw: bytes, offset: int) -> Found:
    _, data, fault = decode(file, line, raw, offset)
    if fault is None and (kind := kind_of(data)) is not Article:
        found = f"an article is needed, this is a record of the kind {kind.__name__.lower()}"
        fault = Fault(file, line, "", Reason.NOT_A_RECORD, found)
    return Found(line, {} if fault else data, fault)
